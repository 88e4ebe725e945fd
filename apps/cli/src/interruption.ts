/** What sends a signal may send it to the process and to its group: within this time it is one. */
const REPEAT_MS = 1000;

/**
 * A signal that fires at Ctrl-C, SIGTERM, or when a parent process that watches this one goes away. The first writes `notice`; a
 * second Ctrl-C ends at once.
 */
export function interruption(notice = 'Saving the state after this step'): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = 0;
  const stop = () => {
    if (!controller.signal.aborted) {
      stoppedAt = performance.now();
      process.stderr.write(`\n${notice}; Ctrl-C again stops at once.\n`);
      controller.abort();
    } else if (performance.now() - stoppedAt > REPEAT_MS) {
      process.exit(130);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.once('disconnect', () => controller.abort());
  return controller.signal;
}
