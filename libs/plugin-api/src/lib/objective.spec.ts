import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type ObjectiveInput, type ObjectiveValue, defineObjective } from './objective.ts';
import type { PrepareSetting } from './prepare-setting.ts';

const seen: unknown[] = [];
const focal = defineObjective({
  name: 'focal',
  summary: '',
  options: z.strictObject({
    gamma: z.number().default(2),
    // Its output would not pass a second time.
    layers: z
      .string()
      .default('a,b')
      .transform((text) => text.split(',')),
  }),
  lossScale: 1,
  stationaryAtDense: false,
  prepare: (_, options) => void seen.push(options),
  evaluate: (_, options) => options as unknown as ObjectiveValue,
});
const input = {} as ObjectiveInput;

describe(defineObjective, () => {
  it('evaluates with the defaults, or with what it was configured with', () => {
    expect(focal.evaluate(input)).toEqual({ gamma: 2, layers: ['a', 'b'] });
    const own = focal.configure({ gamma: 3, layers: 'c' });
    expect(own.evaluate(input)).toEqual({ gamma: 3, layers: ['c'] });
    expect([own.name, own.given, focal.given]).toEqual(['focal', { gamma: 3, layers: 'c' }, {}]);
    // Configuring again starts from the defaults.
    expect(own.configure({}).evaluate(input)).toEqual(focal.evaluate(input));
    void own.prepare!({} as PrepareSetting);
    expect(seen).toEqual([{ gamma: 3, layers: ['c'] }]);
  });

  it('refuses options that it has not, when it is configured', () => {
    expect(() => focal.configure({ gama: 3 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  it('has no options and no needs unless it says so', () => {
    const plain = defineObjective({
      name: 'plain',
      summary: '',
      lossScale: 1,
      stationaryAtDense: false,
      evaluate: () => 1 as unknown as ObjectiveValue,
    });
    expect([plain.needs, plain.evaluate(input)]).toEqual([[], 1]);
    expect(() => plain.configure({ any: 1 })).toThrow(/objective "plain"/);
  });
});
