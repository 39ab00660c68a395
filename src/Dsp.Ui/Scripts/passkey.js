// Passkeys: asks the browser's authenticator and sends its answer with the form. Shown only where it can work.
const able = typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

/** The question, made by the server for this form. */
async function question(form) {
  const body = new FormData();
  body.append('__RequestVerificationToken', form.querySelector('[name=__RequestVerificationToken]').value);
  const answer = await fetch(form.dataset.options, { method: 'POST', body });
  if (!answer.ok) throw new Error(String(answer.status));
  const json = await answer.json();
  return form.dataset.dspPasskey === 'create' ? PublicKeyCredential.parseCreationOptionsFromJSON(json) : PublicKeyCredential.parseRequestOptionsFromJSON(json);
}

function send(form, credential) {
  form.querySelector('[name=credential]').value = JSON.stringify(credential.toJSON());
  form.submit();
}

function offer(form) {
  const failed = form.querySelector('[data-dsp-passkey-failed]');
  let waiting = null;
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.hidden = true;
    waiting?.abort();
    try {
      const publicKey = await question(form);
      const credential = form.dataset.dspPasskey === 'create' ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      send(form, credential);
    } catch {
      // Refused on the device, no key there, or no connection: the other ways are on the page.
      failed.hidden = false;
    }
  });
  // Offered in the name field's own list, where the browser can.
  if (form.dataset.conditional !== 'yes' || typeof PublicKeyCredential.isConditionalMediationAvailable !== 'function') return;
  PublicKeyCredential.isConditionalMediationAvailable().then(async (can) => {
    if (!can) return;
    waiting = new AbortController();
    const publicKey = await question(form);
    if (waiting.signal.aborted) return;
    send(form, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: waiting.signal }));
  }).catch(() => {});
}

if (able) document.querySelectorAll('form[data-dsp-passkey]').forEach(offer);
