import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { optionFields } from './option-fields.ts';

const schema = z.strictObject({
  rate: z.number().positive().describe('step size'),
  epochs: z.int().default(3).describe('how long'),
  control: z.enum(['balance', 'lagrange']).default('balance').describe('how to hold it'),
  verbose: z.boolean().optional(),
  path: z.string().min(1),
});

describe('optionFields', () => {
  it('tells what a command line can offer', () => {
    expect(optionFields(schema)).toEqual([
      { name: 'rate', type: 'number', description: 'step size', required: true },
      { name: 'epochs', type: 'number', description: 'how long', default: 3, required: false },
      {
        name: 'control',
        type: 'string',
        description: 'how to hold it',
        choices: ['balance', 'lagrange'],
        default: 'balance',
        required: false,
      },
      { name: 'verbose', type: 'boolean', description: '', required: false },
      { name: 'path', type: 'string', description: '', required: true },
    ]);
  });

  it('judges a value by what is given, before defaults and transforms', () => {
    const fields = optionFields(
      z.strictObject({
        layers: z.string().transform((text) => text.split(',')),
        sides: z.array(z.int()).default([3, 5]),
        only: z.array(z.enum(['conv', 'fc'])).optional(),
        range: z.tuple([z.number(), z.number()]),
        shuffle: z.boolean().default(true),
        scope: z.union([z.literal('layer'), z.enum(['global'])]).nullable(),
        weights: z.record(z.string(), z.number()),
        pairs: z.array(z.array(z.number())),
        length: z.union([z.number(), z.string()]),
        since: z.date().default(() => new Date()),
        big: z.bigint().default(1n),
        own: z.custom<object>(() => true),
      }),
    );
    expect(fields.map(({ name, type, choices }) => [name, choices ?? type])).toEqual([
      ['layers', 'string'],
      ['sides', 'numbers'],
      ['only', ['conv', 'fc']],
      ['range', 'numbers'],
      ['shuffle', 'boolean'],
      ['scope', ['layer', 'global']],
      ['weights', 'other'],
      ['pairs', 'other'],
      ['length', 'other'],
      ['since', 'other'],
      ['big', 'other'],
      ['own', 'other'],
    ]);
    expect(fields.find(({ name }) => name === 'sides')?.default).toEqual([3, 5]);
    expect(fields.find(({ name }) => name === 'only')?.type).toBe('strings');
  });

  it('gathers the options of alternatives', () => {
    const either = z.discriminatedUnion('by', [
      z.object({ by: z.literal('size'), size: z.number(), rest: z.string() }),
      z.object({ by: z.literal('share'), rest: z.array(z.string()) }),
    ]);
    expect(optionFields(either)).toEqual([
      { name: 'by', type: 'string', description: '', choices: ['size', 'share'], required: true },
      { name: 'size', type: 'number', description: '', required: false },
      { name: 'rest', type: 'other', description: '', required: true },
    ]);
  });

  it('sees through schemas that have an id', () => {
    const rate = z.number().default(1).meta({ id: 'rate' });
    const schema = z.object({ rate, name: z.string().describe('which') }).meta({ id: 'options' });
    expect(optionFields(schema)).toEqual([
      { name: 'rate', type: 'number', description: '', default: 1, required: false },
      { name: 'name', type: 'string', description: 'which', required: true },
    ]);
  });

  it('finds none in a schema without options', () => {
    expect(optionFields(z.strictObject({}))).toEqual([]);
  });
});
