import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { parseOptions } from './options.ts';

const schema = z.strictObject({
  rate: z.number('give a rate').positive('give one above 0').describe('step size'),
  epochs: z.int().default(3).describe('how long'),
  control: z.enum(['balance', 'lagrange']).default('balance').describe('how to hold it'),
  verbose: z.boolean().optional(),
  path: z.string().min(1),
});

describe('parseOptions', () => {
  it('fills in what is left out', () => {
    expect(parseOptions(schema, { rate: 0.1, path: 'p' }, 'pruner "x"')).toEqual({
      rate: 0.1,
      path: 'p',
      epochs: 3,
      control: 'balance',
    });
  });

  it.each([
    [{ rate: 'fast', path: 'p' }, 'rate: give a rate.'],
    [{ rate: -1, path: 'p' }, 'rate: give one above 0.'],
    [{ path: 'p', control: 'fixed' }, /: rate: give a rate; control must be balance or lagrange\./],
    [{ rate: 1, path: 'p', colour: 'red' }, /"colour"/],
    [undefined, 'Bad options for pruner "x": must be a map.'],
  ])('tells what is wrong with %j', (options, problem) => {
    const parse = () => parseOptions(schema, options, 'pruner "x"');
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(parse).toThrow('Bad options for pruner "x": ');
    expect(parse).toThrow(problem);
  });

  it('names an option by its path', () => {
    const nested = z.object({ recipe: z.object({ epochs: z.int('give a number') }) });
    expect(() => parseOptions(nested, { recipe: {} }, 'this run')).toThrow(
      'Bad options for this run: "epochs" of recipe: give a number.',
    );
  });
});
