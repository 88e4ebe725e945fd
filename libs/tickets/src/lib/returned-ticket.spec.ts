import { describe, expect, it } from '@jest/globals';
import type { ParameterSpec, TicketData } from '@winnow/plugin-api';
import { Budget } from './budget.ts';
import { returnedTicket } from './returned-ticket.ts';

/** As a plugin in JavaScript may hand it over. */
const untyped = <T>(value: unknown) => value as T;

const network = {
  parameters: untyped<ParameterSpec[]>([
    { name: 'a', shape: [2, 2], prunable: true },
    { name: 'b', shape: [3], prunable: false },
    { name: 'c', shape: [2], prunable: true },
  ]),
};
const asked = { network, budget: Budget.of(network, 0.5), weightsHash: 'abc' };
const check = (ticket: unknown) =>
  returnedTicket(untyped<TicketData>(ticket), {
    ...asked,
    title: 'Method "mine" of plugin "theirs"',
  });

const layers = (a: ArrayLike<number>, c: ArrayLike<number>, shape = [2, 2]) =>
  new Map([
    ['a', { shape, kept: Uint8Array.from(a) }],
    ['c', { shape: [2], kept: Uint8Array.from(c) }],
  ]);
const scores = (a: unknown, shape = [2, 2]) =>
  new Map<string, unknown>([
    ['a', { shape, data: a }],
    ['c', { shape: [2], data: Float64Array.of(0, 1) }],
  ]);
const good = layers([1, 0, 0, 1], [0, 1]);
const provenance = { method: 'mine', model: 'net', weightsHash: 'abc', density: 0.5, seed: 1 };
const whole = { layers: good, provenance };

describe(returnedTicket, () => {
  it.each<[what: string, ticket: unknown]>([
    ['⌊κd⌋ weights of the prunable parameters', whole],
    [
      'an objective and notes',
      { ...whole, provenance: { ...provenance, objective: 'kl', notes: ['!'] } },
    ],
    ['scores', { ...whole, scores: scores(Float32Array.of(3, -1, 0, 2)) }],
    ['infinite scores', { ...whole, scores: scores(Float32Array.of(Infinity, -Infinity, 0, 2)) }],
  ])('takes a ticket with %s', (_, ticket) => {
    expect(() => check(ticket)).not.toThrow();
  });

  it.each<[what: string, ticket: unknown, problem: string]>([
    ['nothing', undefined, 'returned no ticket'],
    ['null', null, 'returned no ticket'],
    ['something else', { ...whole, layers: {} }, 'returned no ticket'],
    [
      'options that are a text',
      { ...whole, provenance: { ...provenance, methodOptions: 'x' } },
      'returned a ticket whose provenance has "methodOptions" that are no plain object',
    ],
    [
      'too few layers',
      { ...whole, layers: new Map([...good].slice(0, 1)) },
      'returned no mask for "c"',
    ],
    [
      'too many layers',
      { ...whole, layers: new Map([...good, ['b', good.get('c')!]]) },
      'returned masks for more than the prunable parameters',
    ],
    [
      'another shape',
      { ...whole, layers: layers([1, 0, 0, 1], [0, 1], [4]) },
      'returned a mask for "a" that has not its shape [2, 2]',
    ],
    [
      'too few values',
      { ...whole, layers: layers([1, 1], [0, 1]) },
      'returned a mask for "a" that has not its shape [2, 2]',
    ],
    [
      'a list',
      {
        ...whole,
        layers: new Map<string, unknown>([...good, ['a', { shape: [2, 2], kept: [1, 0, 0, 1] }]]),
      },
      'returned a mask for "a" that is no Uint8Array',
    ],
    [
      'no mask',
      { ...whole, layers: layers([1, 0, 2, 0], [0, 0]) },
      'returned a mask for "a" that holds 2, not 0 or 1',
    ],
    [
      'too many weights',
      { ...whole, layers: layers([1, 1, 1, 1], [0, 0]) },
      'kept 4 of 6 weights where density 0.5 asks for 3',
    ],
    [
      'too few weights',
      { ...whole, layers: layers([1, 1, 0, 0], [0, 0]) },
      'kept 2 of 6 weights where density 0.5 asks for 3',
    ],
    [
      'an object of scores',
      { ...whole, scores: {} },
      'returned scores that are no Map by parameter',
    ],
    [
      'no scores of a layer',
      { ...whole, scores: new Map([...scores(new Float32Array(4))].slice(0, 1)) },
      'returned no scores for "c" in its shape [2]',
    ],
    [
      'scores of another shape',
      { ...whole, scores: scores(new Float32Array(4), [4]) },
      'returned no scores for "a" in its shape [2, 2]',
    ],
    [
      'too many scores',
      { ...whole, scores: scores(new Float32Array(5)) },
      'returned no scores for "a" in its shape [2, 2]',
    ],
    [
      'a list of scores',
      { ...whole, scores: scores([1, 2, 3, 4]) },
      'returned scores for "a" that are no Float32Array or Float64Array',
    ],
    [
      'NaN scores',
      { ...whole, scores: scores(Float32Array.of(1, NaN, 0, 0)) },
      'returned scores that are not numbers for "a"',
    ],
    [
      'no provenance',
      { layers: good },
      'returned a ticket whose provenance lacks the text "method"',
    ],
    [
      'null for provenance',
      { ...whole, provenance: null },
      'returned a ticket whose provenance lacks the text "method"',
    ],
    ...(['method', 'model', 'weightsHash'] as const).map((name): [string, unknown, string] => [
      `no ${name}`,
      { ...whole, provenance: { ...provenance, [name]: undefined } },
      `returned a ticket whose provenance lacks the text "${name}"`,
    ]),
    ...(['density', 'seed'] as const).map((name): [string, unknown, string] => [
      `no finite ${name}`,
      { ...whole, provenance: { ...provenance, [name]: NaN } },
      `returned a ticket whose provenance lacks the number "${name}"`,
    ]),
    [
      'an objective itself',
      { ...whole, provenance: { ...provenance, objective: {} } },
      'returned a ticket whose provenance has an "objective" that is no text',
    ],
    [
      'one note',
      { ...whole, provenance: { ...provenance, notes: 'note' } },
      'returned a ticket whose provenance has "notes" that are no list of texts',
    ],
    [
      'the hash of other weights',
      { ...whole, provenance: { ...provenance, weightsHash: 'abd' } },
      'returned a ticket for the weights "abd" where the start point is "abc"',
    ],
  ])('names a method that returns %s', (_, ticket, problem) => {
    expect(() => check(ticket)).toThrow(
      expect.objectContaining({
        code: 'BAD_TICKET',
        sentence: `Method "mine" of plugin "theirs" ${problem}.`,
      }),
    );
  });
});
