/**
 * What keeps an open page up to date: at the server's word it asks for the page again and changes what differs, so that
 * focus, selection and scrolling stay. A page that nobody sees asks when it is seen; one that the server does not answer
 * says so, and asks once it does.
 */
export const LIVE_SCRIPT = `
import { Idiomorph } from './idiomorph.js';
let stale = false, busy = false;
async function refresh() {
  if (busy || !stale || document.hidden) return;
  [busy, stale] = [true, false];
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    const kept = (name) => !['open', 'hidden'].includes(name);
    Idiomorph.morph(document.querySelector('main'), page.querySelector('main'), { callbacks: { beforeAttributeUpdated: kept } });
    document.title = page.title;
  } finally { busy = false; }
  refresh();
}
const source = new EventSource(new URL('events', import.meta.url));
source.onmessage = () => { stale = true; refresh(); };
const away = document.createElement('p');
away.setAttribute('role', 'status');
document.body.prepend(away);
source.onerror = () => {
  away.textContent ||= 'No answer from winnow watch: this is the page as of ' + new Date().toTimeString().slice(0, 5) + '.';
};
source.onopen = () => { away.textContent = ''; stale = true; refresh(); };
document.addEventListener('visibilitychange', refresh);
`;
