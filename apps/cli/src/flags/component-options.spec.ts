import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type Component,
  ComponentRegistry,
  defineModel,
  defineObjective,
  defineObserver,
  definePruner,
  parseOptions,
} from '@winnow/plugin-api';
import { Command } from 'commander';
import * as z from 'zod';
import { applySettings, asTyped, sectionOf } from './command-settings.ts';
import { addComponentOptions } from './component-options.ts';
import { readConfigFile } from './config-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'winnow-options-'));
const path = join(folder, 'winnow.yaml');
afterAll(() => rm(folder, { recursive: true }));

const never = () => {
  throw new Error('Not called here.');
};
const pruner = (options: z.ZodType, name = 'mine') =>
  definePruner({ name, summary: '', options, findTicket: never });

const SCHEMA = z.strictObject({
  layers: z
    .string()
    .transform((text) => text.split(','))
    .optional()
    .describe('which'),
  side: z.array(z.int().positive()).optional(),
  part: z.array(z.enum(['conv', 'fc'])).default(['conv']),
  shuffle: z.boolean().default(true),
  noNoise: z.boolean().optional(),
  URL: z.string().optional(),
  weights: z.record(z.string(), z.number()).optional().describe('by layer'),
  length: z.union([z.number(), z.literal('all')]).optional(),
  ratio: z.number().nullable().optional(),
});

function commandOf(...components: Component[]) {
  const command = new Command('run')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .option('--seed <n>');
  const registry = new ComponentRegistry(components);
  const given = addComponentOptions(command, registry, ['pruner', 'objective', 'model']);
  return { command, given };
}

/** What a component is given with these words and, below `run:`, this section. */
async function givenBy(words: readonly string[], section = '', schema: z.ZodType = SCHEMA) {
  const { command, given } = commandOf(pruner(schema));
  await writeFile(path, `run:\n${section}`);
  const settings = sectionOf(readConfigFile(path), 'run');
  if (settings) applySettings(command, settings);
  command.parse(words, { from: 'user' });
  return given(command.opts());
}

describe('the options of components', () => {
  it('are not those of observers, unless a command takes them', () => {
    const options = z.strictObject({ every: z.int().default(1) });
    const log = defineObserver({ name: 'log', summary: '', options, observe: never });
    const flagsOf = (...kinds: Parameters<typeof addComponentOptions>[2][]) => {
      const command = new Command('run');
      addComponentOptions(command, new ComponentRegistry([log]), ...kinds);
      return command.options.map(({ long }) => long);
    };
    expect(flagsOf()).toEqual([]);
    expect(flagsOf(['observer'])).toEqual(['--every']);
  });

  it.each<[words: string, given: Record<string, unknown>]>([
    ['', {}],
    ['--layers conv1,conv2', { layers: 'conv1,conv2' }],
    ['--side 3 --side 5', { side: [3, 5] }],
    ['--part fc', { part: ['fc'] }],
    ['--shuffle --no-noise --u-r-l x', { shuffle: true, noNoise: true, URL: 'x' }],
    ['--no-shuffle', { shuffle: false }],
    ['--ratio 0.5', { ratio: 0.5 }],
  ])('are given by flags: %s', async (words, given) => {
    expect(await givenBy(words.split(' ').filter(Boolean))).toEqual(given);
  });

  it.each<[section: string, given: Record<string, unknown>]>([
    ['  layers: conv1,conv2\n  side: [3]', { layers: 'conv1,conv2', side: [3] }],
    ['  shuffle: false\n  no-noise: true', { shuffle: false, noNoise: true }],
    ['  weights: { fc: 0.5 }\n  length: 3', { weights: { fc: 0.5 }, length: 3 }],
    ['  length: "3"\n  ratio:', { length: '3', ratio: null }],
  ])('are given as they stand by a configuration file: %s', async (section, given) => {
    expect(await givenBy([], section)).toEqual(given);
  });

  it('are taken from the command line first, lists whole', async () => {
    const section = '  side: [3, 5]\n  shuffle: false\n  layers: fc';
    const words = ['--side', '7', '--shuffle'];
    expect(await givenBy(words, section)).toEqual({ side: [7], shuffle: true, layers: 'fc' });
  });

  it.each([[['--weights']], [['--weights={"fc":1}']], [['--length', '3']]])(
    'are refused at the flag where it cannot give them: %s',
    async (words) => {
      const [flag] = words[0]!.split('=');
      const attempt = givenBy(words);
      await expect(attempt).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(attempt).rejects.toThrow(
        `${flag} cannot be given on the command line. Write "${flag!.slice(2)}" into `,
      );
    },
  );

  it.each([
    [['--side', 'wide'], /It is not a number/],
    [['--part', 'relu'], /Allowed choices are conv, fc/],
  ])('are refused where they are of no use: %j', async (words, problem) => {
    await expect(givenBy(words)).rejects.toThrow(problem);
  });

  it('are told by the help', () => {
    const { command } = commandOf(pruner(SCHEMA));
    const help = command.helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain('--layers <string> which [mine]');
    expect(help).toContain('--side <number> (may be repeated) [mine]');
    expect(help).toContain(
      '--part <choice> (default: ["conv"]; may be repeated) [mine] (choices: "conv", "fc")',
    );
    expect(help).toContain('--shuffle (default: true) [mine] --no-shuffle ');
    expect(help).toContain('--weights [value] by layer (in winnow.yaml alone) [mine]');
  });

  it('are named with file and line where their schema refuses what the file gives', async () => {
    const program = new Command();
    const { command, given } = commandOf(pruner(SCHEMA));
    program.addCommand(command);
    await writeFile(path, 'run:\n  shuffle: true\n  side: [3, -5]\n');
    applySettings(command, sectionOf(readConfigFile(path), 'run')!);
    const error = (words: readonly string[]) => {
      command.parse(words, { from: 'user' });
      try {
        return parseOptions(SCHEMA, given(command.opts()), 'pruner "mine"');
      } catch (refusal) {
        return asTyped(refusal, program);
      }
    };
    expect(error([])).toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(
        /winnow\.yaml, line 3: value 2 of "side" must be more than 0\. Mend the line\.$/,
      ),
    });
    expect(error(['--side', '0'])).toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('an option of two components', () => {
  const model = (options: z.ZodType) =>
    defineModel({ name: 'net', summary: '', options, rewindEpochs: 1, build: never });
  const parse = (one: z.ZodType, other: z.ZodType, ...words: readonly string[]) => {
    const { command, given } = commandOf(
      pruner(z.object({ by: one })),
      model(z.object({ by: other })),
    );
    command.parse(words, { from: 'user' });
    return given(command.opts());
  };

  it('takes the choices of both', () => {
    const two = [z.enum(['size', 'rank']), z.enum(['rank', 'noise'])] as const;
    expect(parse(...two, '--by', 'noise')).toEqual({ by: 'noise' });
    expect(() => parse(...two, '--by', 'none')).toThrow('Allowed choices are size, rank, noise.');
    expect(parse(two[0], z.string(), '--by', 'none')).toEqual({ by: 'none' });
  });

  it('is told with the defaults that differ', () => {
    const two = { mine: z.int().default(1), net: z.int().default(100) };
    const { command } = commandOf(
      pruner(z.object({ by: two.mine })),
      model(z.object({ by: two.net })),
      pruner(z.object({ by: z.int().optional() }), 'other'),
    );
    const help = command.helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain('--by <number> (default: 1) [mine, other: no default, net: 100]');
  });

  it('has its negation where it is true by default for one', () => {
    const two = [z.boolean().optional(), z.boolean().default(true)] as const;
    expect(parse(...two, '--no-by')).toEqual({ by: false });
  });

  it('is of the type that the command line can give', () => {
    const any = z.union([z.number(), z.array(z.number())]);
    expect(parse(any, z.number(), '--by', '2')).toEqual({ by: 2 });
    expect(parse(z.number(), any, '--by', '2')).toEqual({ by: 2 });
  });

  it.each([
    [z.string(), z.number()],
    [z.array(z.string()), z.string()],
  ])('is refused where its types differ', (one, other) => {
    expect(() => parse(one, other)).toThrow(
      expect.objectContaining({
        code: 'OPTION_CLASH',
        message: expect.stringMatching(/"by" of mine is of type string.*that of net of type /),
      }),
    );
  });

  it.each(['seed', 'help', 'noConfig'])("is refused as the command's own: %s", (name) => {
    const mine = defineObjective({
      name: 'size',
      summary: '',
      options: z.object({ [name]: z.boolean().optional() }),
      lossScale: 1,
      stationaryAtDense: false,
      evaluate: never,
    });
    expect(() => commandOf(mine)).toThrow(expect.objectContaining({ code: 'OPTION_CLASH' }));
  });
});
