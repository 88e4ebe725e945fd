import { describe, expect, it } from '@jest/globals';
import {
  ComponentRegistry,
  type ModelDescriptor,
  type Objective,
  defineModel,
  defineObjective,
} from '@winnow/plugin-api';
import { z } from 'zod';
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
