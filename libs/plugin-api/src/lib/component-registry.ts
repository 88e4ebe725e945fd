import type { Exporter } from './exporter.ts';
import { type Component, type ComponentKind, type ComponentKinds, KINDS } from './kinds.ts';
import type { PluginRecord } from './plugin-record.ts';
import { suggestName } from './suggest-name.ts';
import { WinnowError } from './winnow-error.ts';

/** What to do about a component that there is no room for. */
const withoutIt = ({ plugin }: Component) =>
  `leave out ${plugin === undefined ? 'the plugin that brings it' : `plugin "${plugin}"`}.`;

/** Throws DUPLICATE_PLACE where an export would be written over, or into, that of another format. */
function assertPlacesApart(exporters: readonly Exporter[]): void {
  for (const [i, exporter] of exporters.entries()) {
    const other = exporters
      .slice(0, i)
      .find(
        ({ place }) =>
          `${place}/`.startsWith(`${exporter.place}/`) ||
          `${exporter.place}/`.startsWith(`${place}/`),
      );
    if (!other) continue;
    throw new WinnowError(
      'DUPLICATE_PLACE',
      `Exporters "${other.name}" and "${exporter.name}" both write to ${exporter.place}.`,
      { hint: `Give one another place, or ${withoutIt(exporter)}` },
    );
  }
}

/** Finds components by kind and name. */
export class ComponentRegistry {
  readonly #byKey = new Map<string, Component>();

  /** The third parties' plugins that some of the components come from. */
  readonly plugins: readonly PluginRecord[];

  /** Throws DUPLICATE_NAME when two components of one kind share a name, DUPLICATE_PLACE when two exporters share a place. */
  constructor(components: Iterable<Component>, plugins: readonly PluginRecord[] = []) {
    this.plugins = plugins;
    for (const component of components) {
      const key = `${component.kind}:${component.name}`;
      if (this.#byKey.has(key)) {
        throw new WinnowError(
          'DUPLICATE_NAME',
          `Two ${component.kind}s are named "${component.name}".`,
          { hint: `Rename one, or ${withoutIt(component)}` },
        );
      }
      this.#byKey.set(key, component);
    }
    assertPlacesApart(this.all('exporter'));
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
    throw new WinnowError(
      'UNKNOWN_NAME',
      `No ${KINDS[kind].title.toLowerCase()} is named "${name}".`,
      {
        hint: suggestName(name, this.names(kind)),
      },
    );
  }
}
