import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { isComponentName } from '@winnow/plugin-api';
import { svgToPng } from '@winnow/report';
import { BUILT_IN } from '../composition/built-in.ts';
import { forgeConfig } from '../testing/forge-config.ts';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { type Outcome, runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const RED = '\x1b[31mred\x1b]0;pwn\x07';
const SEEN = String.raw`\x1b[31mred\x1b]0;pwn\x07`;
const MARKUP = '<img src=x onerror=alert(1)>"\'&]]>\n=cmd|calc!A0';
const CONTROL = /[^\P{Cc}\t\n]|\u202e/u;

let dir: string;
const at = (...names: string[]) => join(dir, ...names);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-names-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** One line with this code, which has the escapes spelt out. */
function expectRefusal({ status, stdout, stderr }: Outcome, code: string, told: string): void {
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^error \[[A-Z_]+\]: .+\n$/);
  expect(stderr).toContain(`[${code}]`);
  expect(stderr).toContain(told);
  expect(stderr).not.toMatch(CONTROL);
}

it('knows what is built in by names that it would take from a plugin', () => {
  const names = BUILT_IN.flatMap(({ components }) => components.map(({ name }) => name));
  expect(names).toContain('resnet20');
  expect(names.filter((name) => !isComponentName(name))).toEqual([]);
});

describe('names that a plugin brings', () => {
  const plugin = (name: string, component: string, summary = 'mine') => `
    import * as tf from '@tensorflow/tfjs-core';
    import { defineObjective, definePlugin } from '@winnow/plugin-api';
    const evaluate = ({ sparse }) => tf.sum(sparse.logits());
    const mine = { name: ${JSON.stringify(component)}, summary: ${JSON.stringify(summary)}, evaluate };
    export default definePlugin({
      name: ${JSON.stringify(name)},
      components: [defineObjective({ ...mine, lossScale: 1, stationaryAtDense: true })],
    });`;
  let folder: string;
  beforeAll(async () => {
    folder = await pluginFolder({});
  });
  afterAll(() => rm(folder, { recursive: true }));
  const list = async (file: string, source: string) => {
    await writeFile(join(folder, file), source);
    return runWinnow('list', 'objective', '--plugin', join(folder, file));
  };

  it.each([
    ['markup', '<img src=x>', '"<img src=x>"'],
    ['a path', '../../etc/x', '"../../etc/x"'],
    ['lines', 'a\nb', '"a b"'],
    ['a prototype', '__proto__', '"__proto__"'],
    ["an object's own", 'constructor', '"constructor"'],
    ['escapes', RED, `"${SEEN}"`],
    ['a long text', 'a'.repeat(5000), `"${'a'.repeat(60)}…"`],
  ])('are not %s, of a component', async (what, name, told) => {
    // Modules are imported once, and so each has a file of its own.
    const file = `${what.replaceAll(/\W/g, '-')}.mjs`;
    expectRefusal(
      await list(file, plugin('mine', name)),
      'BAD_NAME',
      `Component 0 of plugin "mine", of kind objective, cannot have the name ${told}. Give letters`,
    );
  });

  it('are none that leaves its line, of the plugin itself', async () => {
    const source = plugin(`<img>${RED}\n../x`, 'good');
    expectRefusal(await list('named.mjs', source), 'BAD_NAME', `"<img>${SEEN} ../x"`);
  });

  it('stand beside summaries of one line', async () => {
    const { status, stdout } = await list('summary.mjs', plugin('mine', 'good', `${RED}\nline`));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}good +\\x1b\[31mred\\x1b\]0;pwn\\x07 line$/m);
    expect(stdout).not.toMatch(CONTROL);
  });
});

describe('a name from outside in an error', () => {
  it.each<[what: string, args: string[], code: string]>([
    ['a folder', ['resume', `no${RED}such`], 'NOT_A_RUN'],
    ['a data set', ['run', '--density', '0.1', '--dataset', RED], 'UNKNOWN_NAME'],
    ['a file', ['report', RED], 'FILE_NOT_READABLE'],
  ])('is spelt out of %s', async (_, args, code) => {
    expectRefusal(await runWinnow(...args), code, SEEN);
  });

  it('is spelt out of an option that there is not', async () => {
    const { status, stderr } = await runWinnow('list', `--${RED}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .+\n$/);
    expect(stderr).not.toMatch(CONTROL);
  });

  it('is spelt out of what a ticket holds', async () => {
    const metadata = { format: 'winnow-ticket', version: RED };
    const head = Buffer.from(JSON.stringify({ __metadata__: metadata }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(head.length));
    await writeFile(at('t.safetensors'), Buffer.concat([length, head]));
    expectRefusal(await runWinnow('inspect', at('t.safetensors')), 'TICKET_VERSION', SEEN);
  });
});

it('counts classes of any name in a table of one line each', async () => {
  const dot =
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
  for (const name of [RED, 'two\nlines', '=1+1']) {
    await mkdir(at('photos', name), { recursive: true });
    for (let i = 0; i < 20; i++)
      await writeFile(at('photos', name, `${i}.png`), await svgToPng(dot, { width: 8 + i }));
  }
  const { status, stdout } = await runWinnow('data', 'verify', at('photos'));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^│ \\x1b\[31mred\\x1b\]0;pwn\\x07 +│ +\d+ │/m);
  expect(stdout).toMatch(/^│ two lines +│ +\d+ │/m);
  expect(stdout).not.toMatch(CONTROL);
  const { stdout: json } = await runWinnow('data', 'verify', at('photos'), '--json');
  const { classes } = JSON.parse(json) as { classes: { name: string }[] };
  expect(classes.map(({ name }) => name)).toEqual([RED, '=1+1', 'two\nlines']);
});

describe('a report of runs whose options, folders and results inject', () => {
  const FOLDERS = ['<img src=x onerror=alert(1)>', 'a"b\nc,=1+1'];
  beforeAll(async () => {
    const run = ['run', '--dataset', 'digits', '--model', 'resnet8', '--method', 'dense'];
    const { stderr } = await runWinnow(...run, '--epochs', '1', '--out', at('ref'));
    expect(stderr).toBe('');
    const [model, dataset] = ['<script>', 'd\u202e"</title><b>'];
    for (const [seed, name] of FOLDERS.entries()) {
      const method = { name: 'mine', given: {}, options: { pattern: [MARKUP, RED][seed]! } };
      await mkdir(at('in', name), { recursive: true });
      await copyFile(at('ref', 'config.json'), at('in', name, 'config.json'));
      await forgeConfig(at('in', name), (config) => ({
        ...config,
        seed,
        method,
      }));
      const result = await new RunFolder(at('ref')).readResult();
      const forged = new RunFolder(at('in', name));
      await forged.writeBeside('result.json', { ...result, seed, model, dataset });
    }
  });

  it('has them as text on every surface', async () => {
    const { status, stdout } = await runWinnow('report', at('in'), '--out', at('rep'));
    expect(status).toBe(0);
    expect(stdout).toContain(SEEN);
    expect(stdout).not.toMatch(CONTROL);
    const read = (file: string) => readFile(at('rep', file), 'utf8');
    for (const file of ['report.html', 'accuracy.svg']) {
      const markup = await read(file);
      expect(markup).not.toMatch(/<img|<\/title><b>|]]>/);
      // A page has one script, its own.
      expect(markup.match(/<script/g) ?? []).toHaveLength(file === 'report.html' ? 1 : 0);
      expect(await read(file)).not.toMatch(CONTROL);
    }
    expect(await readdir(at('rep'))).toContain('accuracy.png');
    const csv = await read('runs.csv');
    expect(csv).not.toMatch(CONTROL);
    expect(csv.trimEnd().split('\n')).toHaveLength(3);
    expect(csv).toContain(String.raw`"mine (<img src=x onerror=alert(1)>""'&]]>\n=cmd|calc!A0)","`);
    expect(csv).toContain(String.raw`/a""b\nc,=1+1"`);
  });

  it.each(['table', 'csv', 'json', 'markdown', 'latex'])(
    'has them as text in results, a line each, as %s',
    async (format) => {
      const { stdout } = await runWinnow('results', at('in'), '--format', format);
      expect(stdout).not.toMatch(CONTROL);
      const lines = { table: 3, csv: 3, json: 1, markdown: 4, latex: 8 }[format];
      expect(stdout.split('\n')).toHaveLength(lines! + 1);
    },
  );

  it('has them as text in the index', async () => {
    const { stdout } = await runWinnow('list', 'runs', at('in'));
    expect(stdout).not.toMatch(CONTROL);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toContain(SEEN);
  });

  it('names the first that cannot be read in one line', async () => {
    for (const name of FOLDERS) await writeFile(at('in', name, 'config.json'), '{}');
    const tells = async (told: string) =>
      expectRefusal(await runWinnow('report', at('in')), 'NO_RUNS', told);
    await tells(`; not readable as a run: ${at('in', FOLDERS[0]!)} and 1 more.`);
    await rm(at('in', FOLDERS[0]!), { recursive: true });
    await tells(`; not readable as a run: ${at('in', 'a"b c,=1+1')}.`);
  });
});
