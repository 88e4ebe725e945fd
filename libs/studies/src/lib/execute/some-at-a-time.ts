/** How many folders are looked at or written at a time: more is no faster, and open files are few. */
const AT_A_TIME = 16;

/** Does work on each, some of them at a time; gives what came of it, in their order. Throws what the first to fail does. */
export async function someAtATime<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const all: R[] = [];
  // A generator: whoever fails ends it, so that nobody begins with what is left.
  const waiting = (function* () {
    yield* items.entries();
  })();
  const worker = async () => {
    for (const [i, item] of waiting) all[i] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return all;
}
