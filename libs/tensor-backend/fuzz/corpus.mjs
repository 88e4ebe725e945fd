/** Calls that once hung, reached other memory or ended the process; each run of the fuzzer begins with them. */
const pixel = {
  batch: 1,
  height: 1,
  width: 1,
  channels: 1,
  filterHeight: 1,
  filterWidth: 1,
  outHeight: 1,
  outWidth: 1,
  outChannels: 1,
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  padTop: 0,
  padLeft: 0,
};
const product = {
  batch: 1,
  m: 1,
  k: 1,
  n: 1,
  transposeA: false,
  transposeB: false,
  oneA: false,
  oneB: false,
};
const LARGE = 2 ** 31 - 1;

export const CORPUS = [
  // Pixels without number, of no channels.
  {
    name: 'maxPool',
    values: { ...pixel, channels: 0, outChannels: 0, outHeight: LARGE, outWidth: LARGE },
  },
  {
    name: 'averagePool',
    values: { ...pixel, channels: 0, outChannels: 0, outHeight: 2 ** 20, outWidth: 2 ** 19 },
  },
  // Items without number, of no numbers each.
  { name: 'gather', values: { outer: 2 ** 32, limit: 9, inner: 0, count: 17, type: 2 } },
  // Taps without number, in filters of no channels.
  { name: 'convolve', values: { ...pixel, channels: 0, filterHeight: LARGE, filterWidth: LARGE } },
  {
    name: 'convolve',
    values: { ...pixel, channels: 0, filterHeight: 2 ** 15, filterWidth: 2 ** 15 },
  },
  {
    name: 'convolveFilterGradient',
    values: { ...pixel, outChannels: 0, filterHeight: 2 ** 15, filterWidth: 2 ** 15 },
  },
  {
    name: 'depthwise',
    values: { ...pixel, channels: 0, outChannels: 0, outHeight: LARGE, outWidth: LARGE },
  },
  {
    name: 'depthwiseInputGradient',
    values: { ...pixel, channels: 0, outChannels: 0, height: 2 ** 20, width: 2 ** 19 },
  },
  {
    name: 'depthwiseFilterGradient',
    values: { ...pixel, outChannels: 0, filterHeight: 2 ** 15, filterWidth: 2 ** 15 },
  },
  // Rows with their padding that wrap.
  {
    name: 'convolve',
    values: { ...pixel, channels: 4096, outWidth: 2 ** 18, strideWidth: 2 ** 25 + 1 },
  },
  { name: 'convolve', values: { ...pixel, padLeft: LARGE, dilationWidth: LARGE, filterWidth: 3 } },
  { name: 'convolveInputGradient', values: { ...pixel, padTop: -(2 ** 30), strideWidth: 2 ** 30 } },
  // Padding of gigabytes.
  { name: 'convolve', values: { ...pixel, height: 8, outHeight: 6, padLeft: 2 ** 24 } },
  // Products near the largest size.
  { name: 'matMul', values: { ...product, batch: 0, k: 2 ** 39, n: 16, transposeA: true } },
  { name: 'matMul', values: { ...product, batch: 0, m: 2 ** 30, k: 2 ** 30, n: 2 ** 30 } },
  { name: 'matMul', values: { ...product, m: 0, k: 2 ** 30, n: 3 } },
  // A view whose innermost axis has gaps behind an axis of one.
  {
    name: 'binary',
    values: {
      op: 0,
      shape: Int32Array.of(4, 1),
      aStrides: Int32Array.of(3, 1),
      bStrides: Int32Array.of(1, 1),
    },
  },
  // What no integer holds.
  { name: 'oneHot', values: { type: 1, count: 3, depth: 4, on: 1e300, off: 0 } },
  { name: 'fill', values: { type: 2, n: 3, value: 1e9 } },
  // Every item at the same place.
  {
    name: 'copy',
    values: {
      type: 0,
      shape: Int32Array.of(300, 300),
      xStrides: Int32Array.of(300, 1),
      xOffset: 0,
      yStrides: Int32Array.of(0, 0),
      yOffset: 0,
    },
  },
];
