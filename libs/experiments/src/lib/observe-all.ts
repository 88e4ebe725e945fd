import type { RunEvent, RunObserver } from '@winnow/plugin-api';

/** How long an observer may take to end. */
const CLOSE_MS = 30_000;

/** Throws where a promise is not kept in time. */
async function inTime(promise: Promise<void> | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`An observer had not ended after ${CLOSE_MS / 1000} s.`);
    timer = setTimeout(() => reject(error), CLOSE_MS);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Several observers as one, which costs the run nothing: one that throws, or whose promise fails, is told of once through
 * `onFailure`, and of what happens it hears no more. All are closed.
 */
export function observeAll(
  observers: readonly RunObserver[],
  onFailure: (error: unknown, observer: RunObserver) => void,
): RunObserver {
  const failed = new Set<RunObserver>();
  const drop = (observer: RunObserver, error: unknown) => {
    if (failed.has(observer)) return;
    failed.add(observer);
    onFailure(error, observer);
  };
  const tell = async (observer: RunObserver, event: RunEvent) => {
    try {
      // What an author declared `async` returns a promise after all.
      await (observer.on(event) as unknown);
    } catch (error) {
      drop(observer, error);
    }
  };
  return {
    on(event) {
      for (const observer of observers) if (!failed.has(observer)) void tell(observer, event);
    },
    async close(ending) {
      await Promise.all(
        observers.map(async (observer) => {
          try {
            await inTime(observer.close?.(ending));
          } catch (error) {
            drop(observer, error);
          }
        }),
      );
    },
  };
}
