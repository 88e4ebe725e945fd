import { once } from 'node:events';
import type { ProbeWish } from './probe.ts';
import { probeHere } from './probe-here.ts';

// The process that `probeApart` starts: it is sent one wish, and ends when all is told.
const [wish] = (await once(process, 'message')) as [ProbeWish];
await probeHere(wish, (finding) => {
  // The next thing may keep this thread for long.
  return new Promise((resolve) => process.send?.(finding, () => resolve()));
});
// A driver may keep it from ending by itself.
process.exit();
