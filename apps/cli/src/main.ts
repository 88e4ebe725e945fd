import type { RunObserver } from '@winnow/plugin-api';
import { run } from './run.ts';

/** A process that was started with a channel tells its parent; nobody else looks at a bar then. */
const parent: RunObserver = {
  on: (event) => void process.send?.(event, undefined, undefined, () => {}),
};

// A reader that has seen enough, as `head` has, is no error; nor is a terminal that was closed, as the state is saved then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), process.send ? { observers: [parent] } : {});
if (process.connected) process.disconnect();
