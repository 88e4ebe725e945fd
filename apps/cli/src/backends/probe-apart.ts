import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compiledBeside } from '@winnow/files/confined';
import { type Finding, type Probe, type ProbeWish, added } from './probe.ts';

const START_MS = 10_000;
const MEASURE_MS = 15_000;
const CHECK_MS = 20_000;

const limitMs = ({ measure, check }: ProbeWish) =>
  START_MS + (measure ? MEASURE_MS : 0) + (check ? CHECK_MS : 0);

/**
 * Finds out in a process of its own: a library that crashes, a driver that hangs or a step that takes for ever ends that
 * process, after the time limit if need be, and what was found before is kept. Never throws.
 */
export function probeApart(wish: ProbeWish, ms = limitMs(wish)): Promise<Probe> {
  return new Promise((resolve) => {
    let probe: Probe = { steps: [] };
    const child = fork(fileURLToPath(compiledBeside('./probe-process.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = setTimeout(() => {
      probe = { ...probe, broke: `it took longer than ${ms / 1000} seconds`, late: true };
      child.kill('SIGKILL');
    }, ms);
    const end = (how?: string) => {
      clearTimeout(timer);
      resolve(how === undefined ? probe : { ...probe, broke: probe.broke ?? how });
    };
    child.on('message', (finding) => (probe = added(probe, finding as Finding)));
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => {
      end(code === 0 ? undefined : `its process ended with ${signal ?? `code ${code}`}`);
    });
    child.send(wish, () => {});
  });
}
