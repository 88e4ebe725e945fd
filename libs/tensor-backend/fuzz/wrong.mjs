// What no call may take, by the kind of an argument.

const NO_NUMBERS = [undefined, null, '1', 1n, {}, [1], true];
const NO_INTEGERS = [...NO_NUMBERS, NaN, Infinity, -Infinity, 0.5, 2 ** 53, -(2 ** 53)];
const NO_TENSORS = [
  null,
  'x',
  {},
  1n,
  NaN,
  -1,
  0.5,
  2 ** 53,
  2 ** 60,
  Infinity,
  new Float32Array(4),
];

function detached(ArrayType, length) {
  const array = new ArrayType(length);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** An array whose buffer has become shorter than it, so that it has no items. */
function shrunk(ArrayType, length) {
  const bytes = length * ArrayType.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(bytes, { maxByteLength: bytes });
  const array = new ArrayType(buffer, 0, length);
  buffer.resize(0);
  return array;
}

/** Anything but an array of this type and length. */
function noArray(random, { constructor: ArrayType, length }) {
  const other = ArrayType === Float32Array ? Int32Array : Float32Array;
  return random.of([
    () => undefined,
    () => null,
    () => Array.from({ length }, () => 0),
    () => new DataView(new ArrayBuffer(length * ArrayType.BYTES_PER_ELEMENT)),
    () => new other(length),
    () => new ArrayType(length + 1),
    () => (length > 0 ? new ArrayType(length - 1) : null),
    () => (length > 0 ? detached(ArrayType, length) : null),
    () => (length > 0 ? shrunk(ArrayType, length) : null),
  ])();
}

/** A wrong value for an argument, of which `right` is one that the call has taken. */
export function wrong(random, kind, right, choices, memory) {
  if (kind in choices) return random.of([...NO_INTEGERS, -1, choices[kind].length, 2 ** 32]);
  if (kind === 'flag') return random.of([undefined, null, 0, 1, 'true', {}]);
  if (kind === 'number') return random.of(NO_NUMBERS);
  if (kind === 'integer') return random.of([...NO_INTEGERS, -(2 ** 31), 2 ** 41]);
  if (kind.startsWith('tensor')) {
    const { handle, bytes, item } = right;
    return random.of([
      ...NO_TENSORS,
      ...(kind === 'tensor' ? [undefined] : []),
      memory.released(),
      handle + 2 ** 24,
      ...(bytes > 0 ? [memory.view(handle, 0, bytes - 1)] : []),
      ...(bytes > 0 && item > 1 ? [memory.between(bytes)] : []),
    ]);
  }
  if (kind === 'Int32Array') {
    return random.of([
      undefined,
      null,
      [1],
      new Float32Array(1),
      new DataView(new ArrayBuffer(4)),
      'x',
    ]);
  }
  const array = noArray(random, right);
  return array === undefined && kind.endsWith('?') ? null : array;
}
