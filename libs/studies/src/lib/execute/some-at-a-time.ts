/** Folders that are looked at or written at a time: enough for the disk, and few enough for open files. */
const AT_A_TIME = 32;

/** Does work on each, some of them at a time; gives what came of it, in their order. Throws what the first to fail does. */
export async function someAtATime<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const all: R[] = [];
  for (let i = 0; i < items.length; i += AT_A_TIME)
    all.push(...(await Promise.all(items.slice(i, i + AT_A_TIME).map(work))));
  return all;
}
