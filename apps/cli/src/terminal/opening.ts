import type { OpenDataset } from '@winnow/experiments';
import type { Console } from './console.ts';
import { SIGNALS } from './signals.ts';
import { tellError } from './tell-error.ts';

async function interruptedBefore(): Promise<Error> {
  const { INTERRUPTED, WinnowError } = await import('@winnow/plugin-api');
  return new WinnowError(INTERRUPTED, 'Interrupted while data were opened; nothing was begun.', {
    hint: 'Run the same command again.',
  });
}

/**
 * Opens data sets so that a signal meanwhile ends the process, with one line: there is no state to save yet. Where a signal
 * is heeded already, whoever does that decides.
 */
export function endingOnSignals(
  open: OpenDataset,
  console: Console,
  end: (status: number) => void = (status) => process.exit(status),
): OpenDataset {
  return async (...asked) => {
    if (SIGNALS.some((name) => process.listenerCount(name) > 0)) return open(...asked);
    const stop = () => void interruptedBefore().then(async (e) => end(await tellError(e, console)));
    for (const name of SIGNALS) process.once(name, stop);
    try {
      return await open(...asked);
    } finally {
      for (const name of SIGNALS) process.off(name, stop);
    }
  };
}
