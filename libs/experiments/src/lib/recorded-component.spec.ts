import { describe, expect, it } from '@jest/globals';
import {
  ComponentRegistry,
  type ModelDescriptor,
  type Objective,
  defineDataset,
  defineModel,
  defineObjective,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { recallComponent, recordComponent } from './recorded-component.ts';

const unused = () => {
  throw new Error('Not called here.');
};
const modelOf = (options: z.ZodType): ModelDescriptor =>
  defineModel({ name: 'mlp', summary: '', options, rewindEpochs: 1, build: unused });
const record = (options: z.ZodType, given: Readonly<Record<string, unknown>>) =>
  recordComponent(modelOf(options), given);
const code = (name: string) => expect.objectContaining({ code: name });

describe('recordComponent', () => {
  it('keeps what was given and what it resolved to, apart', () => {
    const options = z.strictObject({
      units: z.number().default(64),
      layers: z.string().transform((text) => text.split(',')),
    });
    expect(record(options, { layers: 'a,b' })).toEqual({
      name: 'mlp',
      given: { layers: 'a,b' },
      options: { units: 64, layers: ['a', 'b'] },
    });
  });

  it('takes a default for what is given as such', () => {
    const options = z.strictObject({ units: z.number().default(64) });
    expect(record(options, { units: 64 }).options).toEqual(record(options, {}).options);
  });

  it.each<[what: string, make: (text: string) => unknown]>([
    ['a pattern', (text) => new RegExp(text)],
    ['a function', (text) => () => text],
    ['a map', (text) => new Map([[text, 1]])],
    ['a list with a pattern', (text) => [new RegExp(text)]],
    ['an object with a set', (text) => ({ names: new Set([text]) })],
    ['a number that is none in JSON', (text) => (text === 'a' ? Infinity : NaN)],
    ['a big integer', (text) => (text === 'a' ? 1n : 2n)],
    ['a date', (text) => new Date(text === 'a' ? 0 : 1)],
    ['nothing', () => undefined],
  ])('tells two runs apart whose option becomes %s', (_, make) => {
    const options = z.strictObject({ match: z.string().transform(make) });
    const [a, b] = [record(options, { match: 'a' }), record(options, { match: 'b' })];
    expect(a.options).toEqual({ match: 'a' });
    expect(b.options).toEqual({ match: 'b' });
  });

  it('tells them apart too where the whole becomes something else', () => {
    const renamed = z.strictObject({ match: z.string() }).transform(({ match }) => ({
      pattern: new RegExp(match),
    }));
    expect(record(renamed, { match: 'a' }).options).toEqual({ match: 'a' });
  });

  it.each<[what: string, schema: (text: string) => z.ZodType]>([
    [
      'an option',
      (text) =>
        z.strictObject({
          match: z
            .string()
            .default(text)
            .transform((names) => new Set(names.split(','))),
        }),
    ],
    [
      'the whole',
      (text) =>
        z
          .strictObject({ match: z.string().default(text) })
          .transform(({ match }) => new Map([[match, 1]])),
    ],
  ])('keeps the default where %s becomes no JSON', (_, schema) => {
    expect(record(schema('a,b'), {}).options).toEqual({ match: 'a,b' });
    const now = new ComponentRegistry([modelOf(schema('c'))]);
    expect(() => recallComponent('model', record(schema('a,b'), {}), now)).toThrow(
      'Option "match" of model "mlp" was "a,b" when the run began, and what was given now means "c".',
    );
  });

  it('keeps nothing of defaults that the schema has made plain data of', () => {
    const options = z
      .strictObject({ side: z.number().default(2) })
      .transform(({ side }) => ({ area: side * side }));
    expect(record(options, {}).options).toEqual({ area: 4 });
  });

  it('has one order, in whatever order options are given', () => {
    const options = z.object({ a: z.number(), b: z.number(), c: z.number().default(0) });
    const [one, other] = [record(options, { b: 1, a: 2 }), record(options, { a: 2, b: 1 })];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('keeps places of data apart from what they are, by what the data set says', () => {
    const options = z.strictObject({ folder: z.string(), path: z.string().default('inner') });
    const data = defineDataset({
      name: 'photos',
      summary: '',
      options,
      places: ['folder'],
      open: unused,
    });
    expect(recordComponent(data, { folder: '/here' })).toEqual({
      name: 'photos',
      given: { folder: '/here' },
      options: { path: 'inner' },
    });
  });

  it('refuses what no configuration file could hold, and what the schema does', () => {
    const options = z.strictObject({ match: z.instanceof(RegExp) });
    expect(() => record(options, { match: /a/ })).toThrow(code('INVALID_OPTION'));
    expect(() => record(options, { match: /a/ })).toThrow('Option "match" of model "mlp"');
    expect(() => record(options, {})).toThrow(code('INVALID_OPTION'));
  });
});

describe('recallComponent', () => {
  const schema = (units: number) => z.strictObject({ units: z.number().default(units) });
  const registry = (...components: (ModelDescriptor | Objective)[]) =>
    new ComponentRegistry(components);

  it('gives an objective with the options that it was recorded with', () => {
    const options = z.strictObject({ gamma: z.number().default(2) });
    const common = { summary: '', lossScale: 1, stationaryAtDense: false, evaluate: unused };
    const focal = defineObjective({ name: 'focal', options, ...common });
    const recorded = recordComponent(focal, { gamma: 3 });
    expect(recallComponent('objective', recorded, registry(focal)).given).toEqual({ gamma: 3 });
  });

  it('refuses a component whose defaults changed, and names it and the option', () => {
    const recorded = record(schema(64), {});
    const now = registry(modelOf(schema(32)));
    expect(() => recallComponent('model', recorded, now)).toThrow(code('OPTIONS_CHANGED'));
    expect(() => recallComponent('model', recorded, now)).toThrow(
      'Option "units" of model "mlp" was 64 when the run began, and what was given now means 32.',
    );
  });

  it('does not mind another default of what was given, nor a trip through a file', () => {
    const recorded = record(schema(64), { units: 16 });
    const reread = JSON.parse(JSON.stringify(recorded)) as typeof recorded;
    const now = modelOf(schema(32));
    expect(recallComponent('model', reread, registry(now))).toBe(now);
  });
});
