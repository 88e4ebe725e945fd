/** A browser's: it has no `setImmediate`, and holds back timers by milliseconds, but no messages. */
function nextMessage(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/**
 * Lets signals and timers through between steps, which keep the thread to themselves: without it a `PrunerContext.signal` is
 * never seen to be aborted.
 */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate !== 'function') return nextMessage();
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
