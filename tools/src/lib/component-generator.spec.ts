import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { type Tree, output } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing.js';
import { dataset, model, objective, pruner } from './component-generator.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  tree.write('.prettierrc', '{ "singleQuote": true, "printWidth": 100 }');
  for (const path of [
    ...['objectives', 'pruners', 'models', 'datasets'].flatMap((library) => [
      `libs/${library}/src/index.ts`,
      `libs/${library}/src/lib/plugin.ts`,
    ]),
    'docs/concepts.md',
  ]) {
    tree.write(path, readFileSync(`${ROOT}${path}`, 'utf8'));
  }
});
const written = () =>
  tree
    .listChanges()
    .filter(({ path }) => /^(libs|docs)\//.test(path))
    .map(({ path }) => path)
    .filter((path) => /brand-new/.test(path));

it.each([
  [
    'objective',
    objective,
    ['objectives/src/lib/brand-new.ts', 'testing/src/lib/brand-new.spec.ts'],
  ],
  ['pruner', pruner, ['pruners/src/lib/brand-new.spec.ts', 'pruners/src/lib/brand-new.ts']],
  ['model', model, ['models/src/lib/brand-new.ts', 'testing/src/lib/brand-new.spec.ts']],
  [
    'dataset',
    dataset,
    [
      'datasets/src/lib/brand-new.spec.ts',
      'datasets/src/lib/brand-new.ts',
      'testing/src/lib/brand-new.spec.ts',
    ],
  ],
])('writes the files of a new %s', async (_, generator, files) => {
  await generator(tree, { name: 'brand-new' });
  expect(written().sort()).toEqual(files.map((file) => `libs/${file}`));
});

it('puts the row of an objective at the end of their table', async () => {
  await objective(tree, { name: 'brand-new' });
  const rows = tree
    .read('docs/concepts.md', 'utf8')!
    .split('## Objectives')[1]!
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const last = rows.slice(0, 10).at(-1)!;
  expect(last).toMatch(
    /^\| `brand-new` +\| – +\| mean of the squared difference of the logits +\| +100 \|$/,
  );
  expect(new Set(rows.slice(0, 10).map((row) => row.length)).size).toBe(1);
});

it.each([
  ['a built-in one has', 'kl', 'The name "kl" is taken by a built-in objective.'],
  ['a file has', 'standardize', 'There is a file libs/objectives/src/lib/standardize.ts already.'],
])('refuses a name that %s, and writes nothing', async (_, name, message) => {
  tree.write('libs/objectives/src/lib/standardize.ts', 'export {};');
  const before = tree.listChanges().length;
  await expect(objective(tree, { name })).rejects.toMatchObject({
    code: 'DUPLICATE_NAME',
    sentence: message,
  });
  expect(tree.listChanges()).toHaveLength(before);
});

it('says what is next', async () => {
  const log = jest.spyOn(output, 'log').mockImplementation(() => {});
  (await pruner(tree, { name: 'brand-new' }))();
  expect(log).toHaveBeenCalledWith(expect.objectContaining({ bodyLines: ['npm test'] }));
  log.mockRestore();
});
