/** How many folders are looked into at a time: more is no faster, and open files are few. */
const MOST = 16;

/** What `work` makes of each item, in the items' order, of a bounded number at a time. */
export async function bounded<Item, Made>(
  items: readonly Item[],
  work: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [i, item] of waiting) made[i] = await work(item);
  };
  await Promise.all(Array.from({ length: MOST }, worker));
  return made;
}
