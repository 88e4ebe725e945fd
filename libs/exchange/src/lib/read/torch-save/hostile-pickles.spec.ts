import { describe, expect, it } from '@jest/globals';
import { describedTensor } from './described-tensor.ts';
import { Made, Named, Outside } from './pickled.ts';
import { stateDictOf } from './state-dict.ts';
import { tensorValues } from './tensor-values.ts';
import { unpickle } from './unpickle.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('unpickle', () => {
  it('reads numbers, and a list that holds itself', () => {
    const numbers = '(J\xfe\xff\xff\xffM\x01\x02\x8a\x02\x00\x80G@\x04\x00\x00\x00\x00\x00\x00t.';
    expect(unpickle(bytes(numbers))).toEqual([-2, 513, -32768, 2.5]);
    const list = unpickle(bytes(']q\x00h\x00a.')) as unknown[];
    expect(list).toHaveLength(1);
    expect(list[0]).toBe(list);
  });

  it('runs nothing: a call stays what it is', () => {
    // os.system('false'), as it would be run by Python.
    expect(unpickle(bytes('cos\nsystem\nX\x05\x00\x00\x00false\x85R.'))).toEqual(
      new Made(new Named('os', 'system'), ['false']),
    );
  });

  it.each([
    ['no end', 'N', 'ends too early'],
    ['a text longer than the file', 'X\xff\xff\xff\x7fa.', 'ends too early'],
    ['bytes of 2⁶³', '\x8e\x00\x00\x00\x00\x00\x00\x00\x80.', 'ends too early'],
    ['a number of less than no bytes', '\x8b\xff\xff\xff\xff.', 'ends too early'],
    ['a name without a line end', 'cos', 'ends too early'],
    ['an empty stack', '.', 'takes from nothing'],
    ['a tuple of what lies below a mark', 'N(\x85.', 'takes from nothing'],
    ['no mark', 'Nt.', 'goes back to a mark that is not there'],
    ['a memo that is empty', 'h\x05.', 'recalls what it never said'],
    ['items of a number', 'K\x01K\x02a.', 'appends to what is no list'],
    ['keys of a number', 'K\x01K\x02K\x03s.', 'sets items of what is no dictionary'],
    ['a key alone', '}(K\x01u.', 'has a key without a value'],
    ['text that is none', 'X\x01\x00\x00\x00\xff.', 'holds text that is not UTF-8'],
    ['a class of numbers', 'K\x01K\x02\x93.', 'names no text'],
    ['what Python 2 wrote', 'I1\n.', 'has the opcode 73, which torch.save does not write'],
    ['more than there can be', `${'N0'.repeat(2 ** 20)}N.`, 'has more than 2,097,152 opcodes'],
  ])('refuses %s', (_, pickle, problem) => {
    expect(() => unpickle(bytes(pickle))).toThrow(`has a pickle that ${problem}`);
  });

  it('is not led into the depth', () => {
    const deep = stateless(unpickle(bytes(`${']'.repeat(1e5)}${'a'.repeat(1e5 - 1)}.`)));
    expect(deep).toThrow('holds no dictionary with tensors by name');
    const dictionaries = `${'}X\x01\x00\x00\x00a'.repeat(1e4)}N${'s'.repeat(1e4)}.`;
    expect(stateless(unpickle(bytes(dictionaries)))).toThrow('holds no dictionary');
  });
});

const stateless = (value: unknown) => () => stateDictOf(value);

const rebuild = (name: string) => new Named('torch._utils', name);
const storage = (count: unknown, type = 'FloatStorage') =>
  new Outside(['storage', new Named('torch', type), '0', 'cpu', count]);
const tensor = (...args: unknown[]) => new Made(rebuild('_rebuild_tensor_v2'), args);

describe('describedTensor', () => {
  it.each<[string, unknown, string]>([
    [
      'a place beyond its storage',
      tensor(storage(6), 1, [2, 3], [3, 1]),
      'reach to value 6 of a storage of 6',
    ],
    [
      'strides beyond its storage',
      tensor(storage(6), 0, [2, 3], [4, 1]),
      'reach to value 6 of a storage of 6',
    ],
    [
      'more than can be counted',
      tensor(storage(6), 0, [2 ** 52, 2 ** 52], [2 ** 52, 1]),
      'reach to value',
    ],
    ['a negative offset', tensor(storage(6), -1, [2], [1]), 'no shape and strides'],
    ['negative strides', tensor(storage(6), 5, [2], [-1]), 'no shape and strides'],
    ['half a size', tensor(storage(6), 0, [1.5], [1]), 'no shape and strides'],
    ['sizes without strides', tensor(storage(6), 0, [2, 3], [1]), 'no shape and strides'],
    [
      'a thousand dimensions',
      tensor(storage(6), 0, Array(1000).fill(1), Array(1000).fill(1)),
      'no shape',
    ],
    ['no storage', tensor(new Named('os', 'system'), 0, [2], [1]), 'not say where the values'],
    ['a storage of text', tensor(storage('6'), 0, [2], [1]), 'not say where the values'],
    ['a type named like a method', tensor(storage(6, 'toString'), 0, [2], [1]), 'as toString'],
    ['a function named like a method', new Made(rebuild('_rebuild_'), []), 'would have to make'],
  ])('refuses %s', (_, value, problem) => {
    expect(() => describedTensor(value, 'w')).toThrow(problem);
  });

  it('does not follow a parameter of itself', () => {
    const args: unknown[] = [];
    const parameter = new Made(rebuild('_rebuild_parameter'), args);
    args.push(parameter);
    expect(() => describedTensor(parameter, 'w')).toThrow('_rebuild_parameter would have to make');
  });

  it('is not given values by a storage of another size', () => {
    const described = describedTensor(tensor(storage(6), 0, [2], [1]), 'w');
    expect(() => tensorValues(described, new Uint8Array(23))).toThrow(
      'is damaged: its storage 0 has 23 bytes, and 24 are said',
    );
  });
});
