import { closest, distance } from 'fastest-levenshtein';
import type { Component, ComponentKind, ComponentKinds } from './component.ts';
import { WinnowError } from './winnow-error.ts';

/** Finds components by kind and name. */
export class ComponentRegistry {
  readonly #byKey = new Map<string, Component>();

  /** Throws DUPLICATE_NAME when two components of one kind share a name. */
  constructor(components: Iterable<Component>) {
    for (const component of components) {
      const key = `${component.kind}:${component.name}`;
      if (this.#byKey.has(key)) {
        throw new WinnowError(
          'DUPLICATE_NAME',
          `Two ${component.kind}s are named "${component.name}".`,
          { hint: 'Rename one, or leave out the plugin that brings it.' },
        );
      }
      this.#byKey.set(key, component);
    }
  }

  all<K extends ComponentKind>(kind: K): ComponentKinds[K][] {
    return [...this.#byKey.values()].filter((c): c is ComponentKinds[K] => c.kind === kind);
  }

  names(kind: ComponentKind): string[] {
    return this.all(kind).map((c) => c.name);
  }

  /** Throws UNKNOWN_NAME, listing the known names and the nearest one. */
  get<K extends ComponentKind>(kind: K, name: string): ComponentKinds[K] {
    const found = this.#byKey.get(`${kind}:${name}`);
    if (found) return found as ComponentKinds[K];
    const known = this.names(kind);
    const nearest = known.length > 0 ? closest(name, known) : undefined;
    const guess =
      nearest !== undefined && distance(name, nearest) <= Math.max(2, name.length / 3)
        ? `Did you mean "${nearest}"? `
        : '';
    throw new WinnowError('UNKNOWN_NAME', `No ${kind} is named "${name}".`, {
      hint: `${guess}Known: ${known.join(', ') || 'none'}.`,
    });
  }
}
