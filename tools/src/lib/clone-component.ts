import {
  type ComponentNames,
  type Files,
  type ScaffoldKind,
  TEMPLATES,
  checkComponentName,
  identifierOf,
} from '@winnow/scaffold';
import { CLONE_SPECS } from './clone-specs.ts';

export interface CloneComponent {
  readonly name: string;
  readonly kind: ScaffoldKind;
}

const LIBRARIES: Readonly<Record<ScaffoldKind, string>> = {
  objective: 'objectives',
  pruner: 'pruners',
  model: 'models',
  dataset: 'datasets',
};
const CONCEPTS = 'docs/concepts.md';
/** The end of the table of objectives: its last row, and the empty line after it. */
const OBJECTIVE_ROWS = /(## Objectives\n[\s\S]*?\n\|[^\n]*\n)(?=\n)/;

/** The file that a component is written to, from the clone's root. */
export function componentPath({ name, kind }: CloneComponent): string {
  return `libs/${LIBRARIES[kind]}/src/lib/${name}.ts`;
}

function newFiles(names: ComponentNames, kind: ScaffoldKind): Map<string, string> {
  const { name } = names;
  const specs = CLONE_SPECS[kind];
  const path = componentPath({ name, kind });
  const component = TEMPLATES[kind].component(names, (module) => `./${module}.ts`);
  const files = new Map([[path, component]]);
  if (specs.number) files.set(path.replace(/ts$/, 'spec.ts'), specs.number(names));
  if (specs.testing) files.set(`libs/testing/src/lib/${name}.spec.ts`, specs.testing(names));
  return files;
}

/** `text` with `pattern` replaced; throws where it is not there. */
function changed(text: string, pattern: RegExp, replacement: string, path: string): string {
  if (!pattern.test(text)) throw new Error(`${path} has another form than is known here.`);
  return text.replace(pattern, replacement);
}

/**
 * The files of this workspace that a component of its own comes with, new ones and, through `read`, changed ones; to be
 * formatted. Throws BAD_NAME.
 */
export function cloneComponent(wanted: CloneComponent, read: (path: string) => string): Files {
  const { name, kind } = wanted;
  checkComponentName(name);
  const library = `libs/${LIBRARIES[kind]}/src`;
  const [plugin, index] = [`${library}/lib/plugin.ts`, `${library}/index.ts`];
  const nameless = newFiles({ name: '', identifier: '' }, kind);
  const sources = [read(plugin), read(index), ...nameless.values()];
  const identifier = identifierOf(name, kind, sources);
  const files = newFiles({ name, identifier }, kind);

  const edit = (path: string, pattern: RegExp, replacement: string) =>
    files.set(path, changed(files.get(path) ?? read(path), pattern, replacement, path));
  edit(plugin, /\n\nexport default/, `\nimport { ${identifier} } from './${name}.ts';$&`);
  edit(plugin, /components: \[([^\]]*?),?\s*\]/, `components: [$1, ${identifier}]`);
  // The zoo is entered by name, through the plugin.
  if (kind !== 'model')
    edit(
      index,
      /(?=export \{ default \} from '\.\/lib\/plugin\.ts';)/,
      `export { ${identifier} } from './lib/${name}.ts';\n`,
    );
  if (kind === 'objective')
    edit(
      CONCEPTS,
      OBJECTIVE_ROWS,
      `$1| \`${name}\` | – | mean of the squared difference of the logits | 100 |\n`,
    );
  return files;
}
