import type { RunEvent, RunObserver } from '@winnow/plugin-api';

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
    async close() {
      await Promise.all(
        observers.map(async (observer) => {
          try {
            await observer.close?.();
          } catch (error) {
            drop(observer, error);
          }
        }),
      );
    },
  };
}
