import { groupBy } from '@winnow/report';

/** A panel's name, and what else can be said of it, what tells most first. */
export interface Nameable {
  readonly name: string;
  readonly facts: readonly string[];
}

/** Names of panels, with as many of their facts as it takes where others would be called alike. */
export function namesApart(panels: readonly Nameable[]): string[] {
  let names = panels.map(({ name }) => name);
  const most = Math.max(0, ...panels.map(({ facts }) => facts.length));
  for (let fact = 0; fact < most; fact++) {
    const told = panels.map(({ facts }, i) => ({ name: names[i]!, own: facts[fact] }));
    const alike = groupBy(told, ({ name }) => name);
    names = told.map(({ name, own }) => {
      const isTelling = alike.get(name)!.some((other) => other.own !== own);
      return isTelling ? `${name}, ${own}` : name;
    });
  }
  return names;
}
