import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
import type { Services } from './composition/services.ts';
import { run } from './run.ts';
import { executeHere } from './composition/execute-here.ts';
import { interruptionBy } from './terminal/interruption.ts';
import { memoryConsole } from './terminal/memory-console.ts';
import { pluginFolder } from './testing/plugin-folder.ts';

const PLUGIN = `
import { appendFileSync } from 'node:fs';
import { defineObserver, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

const observer = (name, observe) =>
  defineObserver({ name, summary: 'watches', options: z.strictObject({ label: z.string().default('seen') }), observe });

export default definePlugin({
  name: 'watchers',
  components: [
    observer('notebook', ({ place }, { label }) => {
      const types = [];
      return {
        on: ({ type }) => void types.push(type),
        close: async () => appendFileSync(place + '/notebook', label + ' ' + [...new Set(types)].join(' ') + '\\n'),
      };
    }),
    observer('clumsy', () => ({ on() { throw new Error('I dropped my pen'); } })),
    observer('late', () => { throw new Error('the bus was gone'); }),
  ],
});
`;

let folder: string;
let plugin: string;
let out: string;
beforeAll(async () => {
  folder = await pluginFolder({ 'watchers.mjs': PLUGIN });
  plugin = join(folder, 'watchers.mjs');
  out = await mkdtemp(join(tmpdir(), 'winnow-run-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(out, { recursive: true });
});

const SMALL = '--dataset digits --model lenet --method snip --density 0.1 --start init --epochs 2';
const wordsFor = (name: string) => ['run', ...SMALL.split(' '), '--out', join(out, name)];

/** Runs the program with a console of its own, and without progress. */
async function winnow(words: readonly string[], services: Partial<Services> = {}) {
  const console = memoryConsole();
  const status = await run(words, { console, progress: false, ...services });
  return { status, ...console.written };
}

/** A signal that fires once so many steps were taken. */
function stopAfter(steps: number): Partial<Services> {
  const controller = new AbortController();
  let taken = 0;
  const on = ({ type }: RunEvent) => {
    if (type === 'step' && ++taken === steps) controller.abort();
  };
  return { interruption: interruptionBy(controller), watchers: [() => ({ on })] };
}

describe('a program in another program', () => {
  it('writes what was asked for, and nothing else, where it is told to', async () => {
    const { status, out: text, notes } = await winnow([...wordsFor('quiet'), '--json']);
    expect({ status, notes }).toEqual({ status: 0, notes: '' });
    expect(JSON.parse(text)).toMatchObject({ method: 'snip', folder: join(out, 'quiet') });
  });

  it('ends with 1 and one line for an error of its user, and for a flag that there is not', async () => {
    expect(await winnow(['run', '--dataset', 'digitss', '--density', '0.1'])).toMatchObject({
      status: 1,
      out: '',
      notes: expect.stringMatching(/^error \[UNKNOWN_NAME\]: [^\n]*\bdigits\b[^\n]*\n$/),
    });
    expect(await winnow(['run', '--dataset', 'digits', '--densty', '1'])).toMatchObject({
      status: 1,
      notes: expect.stringMatching(/^error: unknown option '--densty'/),
    });
  });

  it('writes help to its console', async () => {
    const { status, out: text } = await winnow(['--help']);
    expect(status).toBe(0);
    expect(text).toMatch(/^Usage: winnow /);
  });

  it('ends with 130 when its signal fires, and goes on to the same bits', async () => {
    expect((await winnow(wordsFor('whole'))).status).toBe(0);
    for (const steps of [1, 7])
      expect(await winnow(wordsFor('stopped'), stopAfter(steps))).toMatchObject({
        status: 130,
        out: '',
        notes: expect.stringMatching(/^error \[INTERRUPTED\]/),
      });
    expect((await winnow(['resume', join(out, 'stopped')])).status).toBe(0);
    for (const file of ['ticket.safetensors', 'weights.safetensors', 'metrics.jsonl']) {
      const stopped = await readFile(join(out, 'stopped', file));
      expect([file, stopped.equals(await readFile(join(out, 'whole', file)))]).toEqual([
        file,
        true,
      ]);
    }
  });
});

it('--validate-every holds from where resume is given it', async () => {
  await winnow(wordsFor('curve'), stopAfter(1));
  const words = ['resume', join(out, 'curve'), '--validate-every', '2', '--observe', 'tensorboard'];
  expect(await winnow([...words, '--json'])).toMatchObject({ status: 0, notes: '' });
  const lines = (await readFile(join(out, 'curve', 'metrics.jsonl'), 'utf8')).trim().split('\n');
  const result = await readFile(join(out, 'curve', 'result.json'), 'utf8');
  const { validationAccuracy } = JSON.parse(result) as { validationAccuracy: number };
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ phase: 'train', epoch: 1, validationAccuracy });
  expect(await readdir(join(out, 'curve', 'tensorboard', 'validation'))).toHaveLength(1);
});

describe('--observe', () => {
  const observed = (name: string, ...words: readonly string[]) =>
    winnow([...wordsFor(name), '--plugin', plugin, ...words]);

  it('lets observers of plugins watch, each once and with its options', async () => {
    expect((await observed('seen', '--observe', 'notebook', '--label', 'noted')).status).toBe(0);
    const again = ['resume', join(out, 'seen'), '--plugin', plugin];
    const twice = ['--observe', 'notebook', '--observe', 'notebook'];
    expect((await winnow([...again, ...twice])).status).toBe(0);
    expect(await readFile(join(out, 'seen', 'notebook'), 'utf8')).toBe(
      'noted phase ticket step result\nseen ticket result\n',
    );
  });

  it('tells of one that throws, and the run goes on', async () => {
    const { status, notes } = await observed('clumsy', '--observe', 'clumsy');
    expect(status).toBe(0);
    expect(notes).toMatch(
      /^note: Observer "clumsy" of plugin "watchers" failed: I dropped my pen\.[^\n]*\n$/,
    );
  });

  it('tells of one that cannot begin, and the others watch', async () => {
    const words = ['--observe', 'late', '--observe', 'notebook'];
    const { status, notes } = await observed('late', ...words);
    expect(status).toBe(0);
    expect(notes).toMatch(/^note: Observer "late" of plugin "watchers" failed: the bus was gone/);
    expect(await readFile(join(out, 'late', 'notebook'), 'utf8')).toMatch(/^seen phase/);
  });

  it.each([
    [['--label', 'x'], /\[OPTION_NOT_USED\]: Nothing chosen has an option --label/],
    [['--observe', 'mlflow', '--mlflow-uri', 'mlruns'], /\[INVALID_OPTION\].*--mlflow-uri/],
    [['--observe', 'notebok'], /\[UNKNOWN_NAME\].*notebook/],
    [['--observe', 'clumsy', '--observe', 'notebook', '--label', '1', '--blot', '2'], /--blot/],
  ])('refuses %j', async (words, problem) => {
    const { status, notes } = await observed('refused', ...words);
    expect(status).toBe(1);
    expect(notes).toMatch(problem);
  });
});

describe('watchers', () => {
  it('watch every run, each by an observer of its own, in a study too', async () => {
    const log: string[] = [];
    const watchers: Services['watchers'] = [
      ({ config }) => {
        const seed = `seed ${String(config['seed'])}`;
        log.push(`${seed} begins`);
        const types = new Set<string>();
        return {
          on: ({ type }) => void types.add(type),
          close: () => Promise.resolve(void log.push(`${seed}: ${[...types].join(' ')}`)),
        };
      },
    ];
    const words =
      '--dataset digits --model lenet --methods snip --density 0.1 --seeds 1,2 --epochs 2';
    const quiet = { progress: false, console: memoryConsole() };
    const { status, notes } = await winnow(
      ['compare', ...words.split(' '), '--objectives', 'loss', '--out', join(out, 'compared')],
      { watchers, execute: executeHere(quiet) },
    );
    expect({ status, notes }).toEqual({ status: 0, notes: '' });
    expect(log).toEqual([
      'seed 1 begins',
      'seed 1: phase ticket',
      'seed 2 begins',
      'seed 2: phase ticket',
    ]);
  });
});
