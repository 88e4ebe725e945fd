/**
 * What keeps an open page up to date: at the server's word it asks for the page again and changes what differs, so that
 * focus, selection and scrolling stay. A page that nobody sees asks when it is seen.
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
source.onerror = () => document.body.classList.add('away');
source.onopen = () => { document.body.classList.remove('away'); };
document.addEventListener('visibilitychange', refresh);
`;
