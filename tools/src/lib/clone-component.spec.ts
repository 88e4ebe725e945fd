import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import prettier from 'prettier';
import { cloneComponent } from './clone-component.ts';
import { SCAFFOLD_KINDS } from '@winnow/scaffold';

const PATHS = [
  ...['objectives', 'pruners', 'models', 'datasets'].flatMap((library) => [
    `libs/${library}/src/index.ts`,
    `libs/${library}/src/lib/plugin.ts`,
  ]),
  'docs/concepts.md',
];
const here = new Map<string, string>();
beforeAll(async () => {
  for (const path of PATHS) {
    const url = new URL(`../../../${path}`, import.meta.url);
    here.set(path, await readFile(fileURLToPath(url), 'utf8'));
  }
});
const read = (path: string) => here.get(path)!;

describe.each(SCAFFOLD_KINDS)('a new %s in this workspace', (kind) => {
  it('is added to what is there, and takes nothing away', async () => {
    const files = cloneComponent({ name: 'brand-new', kind }, read);
    for (const [path, before] of here) {
      const after = files.get(path);
      if (after === undefined) continue;
      const formatted = await prettier.format(after, {
        singleQuote: true,
        printWidth: 100,
        filepath: path,
      });
      // A table's padding and a list broken into lines aside.
      const words = (text: string) =>
        text.match(/[\w./'-]+/g)!.filter((word) => !/^-+$/.test(word));
      const left = words(formatted);
      for (const word of words(before)) {
        const at = left.indexOf(word);
        expect([path, word, at >= 0]).toEqual([path, word, true]);
        left.splice(at, 1);
      }
      expect([path, left.some((word) => /^brand-?[nN]ew$/.test(word))]).toEqual([path, true]);
    }
  });

  it('is registered, and where its library names components, exported', () => {
    const files = cloneComponent({ name: 'brand-new', kind }, read);
    const plugin = [...files].find(([path]) => path.endsWith('plugin.ts'))![1];
    expect(plugin).toMatch(/import \{ brandNew \} from '\.\/brand-new\.ts';\n\nexport default/);
    expect(plugin).toMatch(/components: \[[^\]]+, brandNew\]/);
    const index = [...files].find(([path]) => path.endsWith('/index.ts'))?.[1];
    if (kind === 'model') expect(index).toBeUndefined();
    else expect(index).toContain("export { brandNew } from './lib/brand-new.ts';");
  });
});

it.each([
  ['dataset', 'hold-out', 'holdOutDataset'],
  // The library has a fetchDataset.
  ['dataset', 'fetch', 'fetchDatasetDataset'],
  ['objective', 'dense', 'denseObjective'],
  ['pruner', 'find-ticket', 'findTicketPruner'],
] as const)('keeps the %s %s apart from what is there, as %s', (kind, name, identifier) => {
  const files = cloneComponent({ name, kind }, read);
  const component = [...files].find(([path]) => path.endsWith(`/${name}.ts`))![1];
  expect(component).toContain(`export const ${identifier} = define`);
});

it('refuses a name that no constant can have', () => {
  expect(() => cloneComponent({ name: 'class', kind: 'model' }, read)).toThrow(
    expect.objectContaining({ code: 'BAD_NAME' }),
  );
});
