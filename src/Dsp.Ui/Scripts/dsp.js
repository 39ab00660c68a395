// Improves pages that already work without it. Builds no markup from text: trusted types are required.
import { initAll } from './govuk-frontend.min.js';

initAll();

/** Shows how much of a file has been sent: a bar, and words at every tenth. */
function showUploadProgress(form) {
  const progress = form.querySelector('progress');
  const words = form.querySelector('[data-dsp-upload-words]');
  if (!progress || !words) return;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    let told = -1;
    request.upload.addEventListener('progress', (e) => {
      if (!e.lengthComputable) return;
      const percent = Math.floor((e.loaded / e.total) * 100);
      progress.hidden = false;
      progress.value = percent;
      const tenth = Math.floor(percent / 10) * 10;
      if (tenth === told) return;
      told = tenth;
      words.textContent = words.dataset.dspUploadWords.replace('%percent%', String(tenth));
    });
    // A refusal is a page without redirect: sending the form again, plainly, shows it. Nothing was kept.
    const plainly = () => form.submit();
    request.addEventListener('load', () => {
      // Asked with the header below, the server names the next page instead of redirecting: its message is shown once, there.
      const next = request.getResponseHeader('Dsp-Location');
      if (request.status < 400 && next) location.assign(next);
      else plainly();
    });
    request.addEventListener('error', plainly);
    request.open('POST', form.action);
    request.setRequestHeader('Dsp-Upload', '1');
    request.send(new FormData(form));
  });
}

document.querySelectorAll('form[data-dsp-upload]').forEach(showUploadProgress);

document.querySelectorAll('[data-dsp-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});

/**
 * Asks before the session ends. A request in another tab keeps the session too, so tabs tell each other; without an answer
 * the page is left, and the server says why on the next one.
 */
function watchSession(dialog) {
  const [idle, left, warning] = ['idle', 'left', 'warning'].map((name) => Number(dialog.dataset[name]) * 1000);
  const form = dialog.querySelector('form');
  const understood = dialog.querySelector('button[type=button]');
  const tabs = new BroadcastChannel('dsp-session');
  const longest = Date.now() + left;
  let end = 0;
  let told = false;
  const seen = () => {
    end = Math.min(Date.now() + idle, longest);
    if (dialog.open) dialog.close();
  };
  const stay = async (event) => {
    event.preventDefault();
    if (end === longest) return dialog.close();
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
      if (!answer.ok) return leave();
      seen();
      tabs.postMessage('seen');
    } catch {
      // No connection now: the question stays and can be answered again.
    }
  };
  const leave = () => {
    // Once: asking again each second would cancel a slow answer for ever.
    clearInterval(timer);
    location.replace(location.pathname + location.search);
  };
  const look = () => {
    const rest = end - Date.now();
    // Five seconds later, so that the server agrees that it is over.
    if (rest < -5000) return leave();
    if (rest > warning || dialog.open || told) return;
    told = end === longest;
    dialog.querySelector('[data-about=idle]').hidden = told;
    dialog.querySelector('[data-about=longest]').hidden = !told;
    form.hidden = told;
    understood.hidden = !told;
    dialog.showModal();
  };
  form.addEventListener('submit', stay);
  dialog.addEventListener('cancel', stay);
  understood.addEventListener('click', () => dialog.close());
  tabs.addEventListener('message', seen);
  seen();
  tabs.postMessage('seen');
  const timer = setInterval(look, 1000);
}

document.querySelectorAll('[data-dsp-session]').forEach(watchSession);
