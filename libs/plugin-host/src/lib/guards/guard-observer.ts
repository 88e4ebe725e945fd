import {
  type ObserverDescriptor,
  type RunEnding,
  type RunObserver,
  WinnowError,
  tagOf,
  withFields,
} from '@winnow/plugin-api';
import { attempt, attemptAsync } from './attempt.ts';

function guardRunObserver(watching: Partial<RunObserver> | undefined, title: string): RunObserver {
  const fail = (problem: string, hint: string): never => {
    throw new WinnowError('PLUGIN_FAILED', `${title} ${problem}.`, { hint });
  };
  const { close } = watching ?? {};
  if (typeof watching?.on !== 'function' || (close !== undefined && typeof close !== 'function'))
    return fail(
      'returned no observer of a run',
      'Its observe() must return an object with a function "on", and "close" if it needs one.',
    );
  const observer = watching as RunObserver;
  return withFields(observer, {
    on(event) {
      const returned: unknown = attempt(title, () => observer.on(event));
      if (tagOf(returned) !== 'Promise') return;
      // Nobody waits for it, and one that fails later would end the process.
      (returned as Promise<unknown>).catch(() => {});
      fail(
        'returned a promise from on()',
        'Begin there what takes long, and wait for it in close().',
      );
    },
    ...(close && {
      close: (ending?: RunEnding) => attemptAsync(title, async () => observer.close!(ending)),
    }),
  });
}

/** What it returns throws PLUGIN_FAILED too: at once where it is no `RunObserver`, and where its `on` does not end at once. */
export function guardObserver(
  descriptor: ObserverDescriptor,
  title: string,
  plugin: string,
): ObserverDescriptor {
  return withFields<ObserverDescriptor>(descriptor, {
    plugin,
    observe: async (run, options) =>
      guardRunObserver(
        await attemptAsync(title, async () => descriptor.observe(run, options)),
        title,
      ),
  });
}
