import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compiledBeside } from '@winnow/files/confined';
import { type Finding, type Probe, type ProbeWish, added } from './probe.ts';

/** A driver that compiles for a GPU that it does not know yet takes some. */
const SILENCE_MS = 20_000;

/**
 * Finds out in a process of its own: a library that crashes, a driver that hangs or a step that takes for ever ends that
 * process, where need be once nothing has come of it for so many milliseconds, and what was found before is kept. Never
 * throws.
 */
export function probeApart(wish: ProbeWish, silenceMs = SILENCE_MS): Promise<Probe> {
  return new Promise((resolve) => {
    let probe: Probe = { steps: [] };
    const child = fork(fileURLToPath(compiledBeside('./probe-process.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const hang = setTimeout(() => {
      probe = { ...probe, broke: `it took longer than ${silenceMs / 1000} seconds`, late: true };
      child.kill('SIGKILL');
    }, silenceMs);
    const end = (how?: string) => {
      clearTimeout(hang);
      resolve(how === undefined ? probe : { ...probe, broke: probe.broke ?? how });
    };
    child.on('message', (finding) => {
      hang.refresh();
      probe = added(probe, finding as Finding);
    });
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => {
      end(code === 0 ? undefined : `its process ended with ${signal ?? `code ${code}`}`);
    });
    child.send(wish, () => {});
  });
}
