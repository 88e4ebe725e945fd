/**
 * What keeps an open page up to date: at the server's word it asks for the page again and changes what differs, so that
 * focus, selection and scrolling stay. A page that nobody sees asks when it is seen; each asks once it is connected, too,
 * for what has changed before, and says when the server does not answer. Of what is no page any more the last one stays.
 */
export const LIVE_SCRIPT = `
import { Idiomorph } from './idiomorph.js';
let stale = false, busy = false;
async function refresh() {
  if (busy || !stale || document.hidden) return;
  [busy, stale] = [true, false];
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const kept = (name) => name !== 'open';
    Idiomorph.morph(document.querySelector('main'), page.querySelector('main'), { callbacks: { beforeAttributeUpdated: kept } });
    document.title = page.title;
  } catch {
    // The server is away: once it is back, the stream opens anew.
  } finally { busy = false; }
  refresh();
}
const notice = document.createElement('p');
notice.setAttribute('role', 'status');
document.body.prepend(notice);
const source = new EventSource(new URL('events', import.meta.url));
source.onmessage = () => { stale = true; refresh(); };
source.onerror = () => {
  notice.textContent ||= 'No answer from winnow watch: this is the page as of ' + new Date().toTimeString().slice(0, 5) + '.';
};
source.onopen = () => { notice.textContent = ''; stale = true; refresh(); };
document.addEventListener('visibilitychange', refresh);
`;
