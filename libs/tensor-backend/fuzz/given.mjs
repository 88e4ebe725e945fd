// Arguments of a call that may well be right, made from its signature; their memory comes later (`memory.mjs`).

const SIZES = [0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9, 16, 17, 33];
const NUMBERS = [0, 1, -1, 0.5, 0.9, 1e-5, 6, -3.25];
/** What wraps, overflows or goes on for ever where it is not looked at. */
const FAR = [
  64,
  100,
  1000,
  2 ** 15,
  2 ** 24,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 39,
  2 ** 40,
];
const STRIDES = [-1, -3, 2, 100, 2 ** 31 - 1, -(2 ** 31)];

const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);
const rowMajor = (shape) => shape.map((_, i) => sizeOf(shape.slice(i + 1)));

/** Windows over images, most of them as a convolution lays them. */
function geometry(random) {
  const g = {
    batch: random.between(1, 3),
    height: random.between(1, 9),
    width: random.between(1, 9),
    channels: random.chance(0.3) ? random.of([16, 32, 33, 48]) : random.between(1, 5),
    filterHeight: random.between(1, 4),
    filterWidth: random.between(1, 4),
    outHeight: random.between(1, 9),
    outWidth: random.between(1, 9),
    outChannels: random.chance(0.2) ? random.of([16, 33]) : random.between(1, 5),
    strideHeight: random.between(1, 3),
    strideWidth: random.between(1, 3),
    dilationHeight: random.between(1, 2),
    dilationWidth: random.between(1, 2),
    padTop: random.between(0, 2),
    padLeft: random.between(0, 2),
  };
  if (random.chance(0.4)) {
    Object.assign(g, { filterHeight: 3, filterWidth: 3, strideHeight: 1, strideWidth: 1 });
    Object.assign(g, { dilationHeight: 1, dilationWidth: 1 });
  }
  if (random.chance(0.7)) {
    const out = (size, filter, stride, dilation, pad) =>
      Math.max(0, Math.floor((size + 2 * pad - (filter - 1) * dilation - 1) / stride) + 1);
    g.outHeight = out(g.height, g.filterHeight, g.strideHeight, g.dilationHeight, g.padTop);
    g.outWidth = out(g.width, g.filterWidth, g.strideWidth, g.dilationWidth, g.padLeft);
  }
  return g;
}

/** A shape and the strides by which a call walks it. */
function walks(random) {
  const shape = Array.from({ length: random.below(5) }, () => random.of([0, 1, 2, 3, 4, 5, 9]));
  const broadcast = (strides) => strides.map((stride) => (random.chance(0.25) ? 0 : stride));
  const turned = rowMajor(shape).map((stride) => stride * random.of([1, 1, 1, 2, -1]));
  const order = shape.map((_, i) => i).sort(() => random.uniform() - 0.5);
  const transposed = rowMajor(order.map((i) => shape[i]));
  return {
    shape,
    aStrides: broadcast(rowMajor(shape)),
    bStrides: broadcast(rowMajor(shape)),
    xStrides: turned,
    yStrides: shape.map((_, axis) => transposed[order.indexOf(axis)]),
  };
}

const WORDS = new Set(['key0', 'key1', 'first', 'high']);
const OFFSETS = new Set(['xOffset', 'yOffset']);

/** Values by name, without those of memory. */
export function given(random, name, signature, choices) {
  const windows = geometry(random);
  const pooling = !('filter' in signature || 'dfilter' in signature);
  if (pooling && random.chance(0.97)) windows.outChannels = windows.channels;
  if (name.startsWith('depthwise') && random.chance(0.9))
    windows.outChannels = windows.channels * random.between(1, 3);
  const lists = walks(random);
  const values = {};
  for (const [key, kind] of Object.entries(signature)) {
    if (kind in choices) values[key] = random.below(choices[kind].length);
    else if (kind === 'flag') values[key] = random.chance(0.5);
    else if (kind === 'number') values[key] = random.of(NUMBERS);
    else if (kind === 'Int32Array') values[key] = Int32Array.from(lists[key] ?? lists.shape);
    else if (kind === 'integer') {
      if ('strideWidth' in signature && key in windows) values[key] = windows[key];
      else if (WORDS.has(key)) values[key] = random.below(2 ** 32);
      else if (OFFSETS.has(key)) values[key] = random.of([0, 0, 1, 5, 40, 100]);
      else values[key] = random.of(SIZES);
    }
  }
  // What is larger than a task, now and then.
  if ('n' in values && !('m' in values) && random.chance(0.05))
    values.n = random.of([32769, 70001]);
  return values;
}

/** Puts something far off, which the call may refuse or take, in place of one or two values. */
export function goFar(random, values, signature) {
  const keys = Object.keys(values).filter((key) =>
    /integer|number|Int32Array/.test(signature[key]),
  );
  for (let times = random.between(1, 2); keys.length > 0 && times > 0; times--) {
    const key = random.of(keys);
    if (signature[key] === 'number')
      values[key] = random.of([NaN, Infinity, 1e300, -1e300, 2 ** 31]);
    else if (signature[key] === 'integer')
      values[key] = random.of([0, 0, ...FAR, -1, -50, -(2 ** 30)]);
    else if (values[key].length > 0)
      values[key][random.below(values[key].length)] = random.of(
        key === 'shape' ? [0, ...FAR] : STRIDES,
      );
  }
}
