import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { syntaxPlace } from './syntax-place.ts';

let folder: string;
const at = (file: string) => join(folder, file);
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'winnow-syntax-')));
  await writeFile(at('sound.mjs'), "import './data.json' with { type: 'json' };\n");
  await writeFile(at('data.json'), '{bad');
  await writeFile(at('entry.mjs'), "import './broken.mjs';\n");
  await writeFile(at('broken.mjs'), '\nlet a = ;\n');
});
afterAll(() => rm(folder, { recursive: true }));

/** As Node 20 has it. */
const errorOf = (...stack: string[]) =>
  Object.assign(new SyntaxError('x'), { stack: stack.join('\n') });

it.each([
  ['file:///a%20b/p.mjs:7', '/a b/p.mjs, line 7'],
  ['/a b/p.cjs:7', '/a b/p.cjs, line 7'],
])('is where Node says above the error: %s', async (first, place) => {
  const error = errorOf(first, 'let a = ;', '        ^', 'SyntaxError: x');
  expect(await syntaxPlace(at('sound.mjs'), error)).toBe(place);
});

it('is not where code that is sound threw, nor in what is no code', async () => {
  const frame = '    at file:///a/p.mjs:1:16';
  const thrown = errorOf('SyntaxError: x', '    at JSON.parse (<anonymous>)', frame);
  expect(await syntaxPlace(at('sound.mjs'), thrown)).toBeUndefined();
});

it('is looked for where the error does not tell', async () => {
  const error = errorOf('SyntaxError: x', '    at compileSourceTextModule (node:internal:346:16)');
  expect(await syntaxPlace(at('entry.mjs'), error)).toBe(`${at('broken.mjs')}, line 2`);
});
