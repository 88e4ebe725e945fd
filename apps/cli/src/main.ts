import type { OpenDataset } from '@winnow/experiments';
import type { RunEvent } from '@winnow/plugin-api';
import { run } from './run.ts';
import { processConsole } from './terminal/console.ts';
import { endingOnSignals } from './terminal/opening.ts';
import { keepStandardOutput } from './terminal/standard-output.ts';
import { tellError } from './terminal/tell-error.ts';

/** A process that was started with a channel tells its parent; nobody else looks at a bar then. */
const tellParent = () => ({
  on: (event: RunEvent) => void process.send?.(event, undefined, undefined, () => {}),
});

// A reader that has seen enough, as `head` has, is no error; nor is a terminal that was closed, as the state is saved then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

// What nobody waits for, such as a timer of a plugin, ends the process as it always does, but in one line.
let ending: Promise<unknown> | undefined;
process.on('uncaughtException', (error) => {
  ending ??= (async () => {
    const { atFault } = await import('@winnow/plugin-host');
    return process.exit(await tellError(atFault(error), processConsole));
  })()
    .catch(() => process.stderr.write('error [INTERNAL]: Something failed that cannot be told.\n'))
    .finally(() => process.exit(1));
});

/** As the executor `local` says to its processes. */
const isWorker = process.send !== undefined && process.env['WINNOW_WORKER'] === '1';
const console = { ...processConsole, out: keepStandardOutput() };
/** As it is before a plugin puts its own in its place. */
const note = process.stderr.write.bind(process.stderr);
const parented = process.send ? { progress: false, watchers: [tellParent] } : {};
// Help does without the library.
const open: OpenDataset = async (...asked) =>
  (await import('@winnow/experiments')).openDataset(...asked);
const openDataset = endingOnSignals(open, console);
const [words, services] = [process.argv.slice(2), { console, openDataset, ...parented }];
process.exitCode = isWorker
  ? await (await import('./worker.ts')).work(words, services)
  : await run(words, services);
if (process.connected) process.disconnect();
// Whatever a plugin has left behind, a timer or a connection, keeps nobody waiting; a slow reader gets all there is to read.
await Promise.all([
  new Promise<void>((read) => console.out.write('', () => read())),
  new Promise<void>((read) => note('', () => read())),
]);
setTimeout(() => process.exit(), 500).unref();
