/**
 * A signal that fires at Ctrl-C, SIGTERM, or when a parent process that watches this one goes away. A second Ctrl-C ends
 * at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.once('disconnect', () => controller.abort());
  return controller.signal;
}
