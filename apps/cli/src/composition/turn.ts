let last: Promise<unknown> = Promise.resolve();

/** Does work when all that was begun before is over: a process has one TensorFlow.js, and one backend at a time. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}
