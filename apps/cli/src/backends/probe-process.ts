import { once } from 'node:events';
import type { ProbeWish } from './probe.ts';
import { probeHere } from './probe-here.ts';

// The process that `probeApart` starts: it is sent one wish, and ends when all is told.
const [wish] = (await once(process, 'message')) as [ProbeWish];
await probeHere(wish, (finding) => process.send?.(finding));
// All is sent when the last of it is. A driver may keep the process from ending by itself.
process.send?.({}, () => process.exit());
