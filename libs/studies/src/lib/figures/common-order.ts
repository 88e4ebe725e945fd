/** All names in an order that agrees with that of each list, as far as the lists agree with each other. */
export function commonOrder(lists: readonly (readonly string[])[]): string[] {
  const before = new Map<string, Set<string>>();
  for (const list of lists)
    for (const [i, name] of list.entries()) {
      const own = before.get(name) ?? new Set();
      before.set(name, i > 0 ? own.add(list[i - 1]!) : own);
    }
  const left = new Set(before.keys());
  const order: string[] = [];
  while (left.size > 0) {
    const isNext = (name: string) => [...before.get(name)!].every((other) => !left.has(other));
    const [first] = left;
    const next = [...left].find(isNext) ?? first!;
    order.push(next);
    left.delete(next);
  }
  return order;
}
