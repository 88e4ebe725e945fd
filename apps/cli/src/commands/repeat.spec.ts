import { expect, it } from '@jest/globals';
import {
  type RunConfig,
  type RunRequest,
  USUAL_RUN,
  planRun,
  repeatCommand,
  repeatWords,
  runIdentity,
} from '@winnow/experiments';
import { ComponentRegistry, definePruner } from '@winnow/plugin-api';
import * as z from 'zod';
import { BUILT_IN } from '../composition/built-in.ts';
import type { RunWish } from '../composition/runner.ts';
import type { CommandContext } from './command-context.ts';
import { runCommand } from './run.ts';

const plugin = { name: 'mine', specifier: './my plugin.mjs', sha256: 'c0ffee' };
const tagger = definePruner({
  name: 'tagger',
  summary: '',
  options: z.strictObject({
    tags: z.array(z.string()).default([]),
    wild: z.boolean().default(true),
    calm: z.boolean().default(false),
    weights: z.record(z.string(), z.number()).optional(),
  }),
  findTicket: () => {
    throw new Error('Not called here.');
  },
});
const builtIn = BUILT_IN.flatMap(({ components }) => [...components]);
const registry = new ComponentRegistry([...builtIn, { ...tagger, plugin: 'mine' }], [plugin]);

const planned = async (wish: Partial<RunRequest>): Promise<RunConfig> => {
  const asked = { ...USUAL_RUN, dataset: 'digits', model: 'resnet8', backend: 'native', ...wish };
  return (await planRun({ ...asked, versions: {} }, registry)).config;
};

/** What `winnow run` would plan, given these words. */
async function parsed(words: readonly string[]): Promise<RunConfig> {
  let wish: (RunWish & { readonly plugin?: unknown }) | undefined;
  const runner = {
    plan: (asked: RunWish) => {
      wish = asked;
      throw new Error('Planned.');
    },
  };
  const context = {
    catalogue: () => Promise.resolve(registry),
    action: (handler: { make(needed: unknown[]): unknown }) => handler.make([runner, {}, {}]),
  };
  const command = await runCommand(context as unknown as CommandContext);
  await expect(command.parseAsync(words, { from: 'user' })).rejects.toThrow('Planned.');
  return planned(wish!);
}

const WISHES: readonly Partial<RunRequest>[] = [
  { density: 0.0074 },
  { method: 'dense', seed: 9, epochs: 3, learningRate: 0.05, weightDecay: 0, batchSize: 64 },
  { method: 'cts', objective: 'loss', density: 0.02, epochs: 8, options: { searchEpochs: 20 } },
  { method: 'snip', density: 0.1, start: 'init', leaveOut: ['stem.*'] },
  { method: 'grasp', density: 0.1, rewindEpochs: 2, options: { improved: true } },
  {
    ...{ method: 'magnitude', density: 0.05, recipe: 'authors', validateEvery: 5 },
    ...{ fineTune: true, fineTuneEpochs: 4, fineTuneSchedule: 'linear' },
    layerDensities: { 'head.*': 0.5, 'stem.*': 1 },
  },
  { method: 'tagger', density: 0.5, options: { tags: ['-a', 'b c'], wild: false, calm: false } },
];

it.each(WISHES)('says every option of %j, as the command takes it', async (wish) => {
  const config = await planned(wish);
  const [run, ...words] = repeatWords(config, registry)!;
  expect(run).toBe('run');
  const again = await parsed(words);
  expect(runIdentity(again)).toBe(runIdentity(config));
  expect(again.validateEvery).toBe(config.validateEvery);
});

it('quotes what a shell would take apart, and names plugins', async () => {
  const config = await planned({ method: 'tagger', density: 0.1, leaveOut: ['stem.*'] });
  const line = repeatCommand({ ...config, leaveOut: ["it's, here"] }, registry)!;
  expect(line).toMatch(/^npx winnow run --dataset digits --model resnet8 --method tagger /);
  expect(line).toContain(` --leave-out 'it'\\''s, here' --plugin './my plugin.mjs'`);
});

it('needs no plugin for what was given no option', async () => {
  const config = await planned({ method: 'tagger', density: 0.5 });
  const withoutPlugin = new ComponentRegistry(builtIn);
  expect(repeatWords(config, withoutPlugin)).toEqual(repeatWords(config, registry));
  const tagged = await planned({ method: 'tagger', density: 0.5, options: { tags: ['a'] } });
  expect(() => repeatWords(tagged, withoutPlugin)).toThrow(/tagger/);
});

it('gives a data set its argument by its name', async () => {
  const config = await planned({ density: 0.1 });
  const given = { dataDir: 'photos' };
  const dataset = { ...config.dataset, name: 'image-folder', given };
  expect(repeatWords({ ...config, dataset }, registry)!.slice(0, 3)).toEqual([
    'run',
    '--dataset',
    'image-folder:photos',
  ]);
});

it('keeps silent where no command line says it', async () => {
  const options = { weights: { a: 1 } };
  const config = await planned({ method: 'tagger', density: 0.5, options });
  expect(repeatWords(config, registry)).toBeUndefined();
  const check = await planned({ method: 'snip', density: 0.5 });
  expect(repeatWords({ ...check, ablation: 'shuffle' }, registry)).toBeUndefined();
});
