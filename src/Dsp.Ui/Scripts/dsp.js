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
