import { PickleBytes } from './pickle-bytes.ts';
import { PickleStack, badPickle } from './pickle-stack.ts';
import { Made, Named, Outside } from './pickled.ts';

/** A checkpoint of a ResNet-101 with its optimiser has about 60,000. */
const MOST_OPCODES = 2 ** 21;

type Opcode = (stack: PickleStack, bytes: PickleBytes) => void;

/** Opcodes that push what the bytes after them say. */
const literals: Record<string, (bytes: PickleBytes) => unknown> = {
  N: () => null,
  '\x88': () => true,
  '\x89': () => false,
  J: (bytes) => bytes.int32(),
  K: (bytes) => bytes.uint8(),
  M: (bytes) => bytes.uint16(),
  '\x8a': (bytes) => bytes.long(bytes.uint8()),
  '\x8b': (bytes) => bytes.long(bytes.int32()),
  G: (bytes) => bytes.float64(),
  X: (bytes) => bytes.text(bytes.uint32()),
  '\x8c': (bytes) => bytes.text(bytes.uint8()),
  '\x8d': (bytes) => bytes.text(bytes.uint64()),
  B: (bytes) => bytes.take(bytes.uint32()),
  C: (bytes) => bytes.take(bytes.uint8()),
  '\x8e': (bytes) => bytes.take(bytes.uint64()),
  '\x96': (bytes) => bytes.take(bytes.uint64()),
  '}': () => new Map(),
  ']': () => [],
  ')': () => [],
  '\x8f': () => [], // a set
  c: (bytes) => new Named(bytes.line(), bytes.line()),
};

/** Opcodes that take from the stack. */
const steps: Record<string, Opcode> = {
  '\x80': (_, bytes) => void bytes.uint8(), // the protocol
  '\x95': (_, bytes) => void bytes.uint64(), // the length of a frame
  '(': (stack) => stack.mark(),
  '0': (stack) => void stack.pop(),
  '1': (stack) => void stack.popMarked(),
  '2': (stack) => stack.push(stack.top),
  q: (stack, bytes) => stack.remember(bytes.uint8()),
  r: (stack, bytes) => stack.remember(bytes.uint32()),
  '\x94': (stack) => stack.remember(),
  h: (stack, bytes) => stack.recall(bytes.uint8()),
  j: (stack, bytes) => stack.recall(bytes.uint32()),
  t: (stack) => stack.push(stack.popMarked()),
  '\x91': (stack) => stack.push(stack.popMarked()), // a frozenset
  '\x85': (stack) => stack.push(stack.popMany(1)),
  '\x86': (stack) => stack.push(stack.popMany(2)),
  '\x87': (stack) => stack.push(stack.popMany(3)),
  a: (stack) => append(stack.popMany(1), stack.top),
  e: (stack) => append(stack.popMarked(), stack.top),
  '\x90': (stack) => append(stack.popMarked(), stack.top), // to a set
  s: (stack) => setItems(stack.popMany(2), stack.top),
  u: (stack) => setItems(stack.popMarked(), stack.top),
  '\x93': (stack) => {
    const [module, name] = stack.popMany(2);
    if (typeof module !== 'string' || typeof name !== 'string') throw badPickle('names no text');
    stack.push(new Named(module, name));
  },
  R: (stack) => call(stack, 2),
  '\x81': (stack) => call(stack, 2),
  '\x92': (stack) => call(stack, 3), // with arguments by name
  b: (stack) => void stack.pop(), // state, such as the `_metadata` of a state_dict
  Q: (stack) => stack.push(new Outside(stack.pop())),
};

function append(items: readonly unknown[], list: unknown): void {
  if (Array.isArray(list)) for (const item of items) list.push(item);
  else if (!(list instanceof Made)) throw badPickle('appends to what is no list');
}

function setItems(items: readonly unknown[], dictionary: unknown): void {
  if (items.length % 2 === 1) throw badPickle('has a key without a value');
  if (dictionary instanceof Map)
    for (let i = 0; i < items.length; i += 2) dictionary.set(items[i], items[i + 1]);
  else if (!(dictionary instanceof Made)) throw badPickle('sets items of what is no dictionary');
}

/** OrderedDict() is a dictionary like any other; all else remains what was to be called. */
function call(stack: PickleStack, taken: number): void {
  const [by, args] = stack.popMany(taken);
  const isDictionary = by instanceof Named && String(by) === 'collections.OrderedDict';
  const isEmpty = Array.isArray(args) && args.length === 0;
  stack.push(isDictionary && isEmpty ? new Map() : new Made(by, args));
}

const OPCODES: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const letter = String.fromCharCode(code);
  const literal = Object.hasOwn(literals, letter) ? literals[letter] : undefined;
  if (literal) return (stack, bytes) => stack.push(literal(bytes));
  return Object.hasOwn(steps, letter) ? steps[letter] : undefined;
});
const STOP = 0x2e;

/**
 * What a pickle of protocol 2 to 5 says, as data: dictionaries are Maps; lists, tuples and sets are arrays; and whatever Python
 * would name, call or look up is a `Named`, a `Made`, an `Outside`. Nothing is run. Throws Unfit where it is damaged, or
 * longer than any checkpoint.
 * Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
 */
export function unpickle(pickle: Uint8Array): unknown {
  const bytes = new PickleBytes(pickle);
  const stack = new PickleStack();
  for (let count = 0; count < MOST_OPCODES; count++) {
    const code = bytes.uint8();
    if (code === STOP) return stack.pop();
    const opcode = OPCODES[code];
    if (!opcode) throw badPickle(`has the opcode ${code}, which torch.save does not write`);
    opcode(stack, bytes);
  }
  throw badPickle(`has more than ${MOST_OPCODES.toLocaleString('en')} opcodes`);
}
