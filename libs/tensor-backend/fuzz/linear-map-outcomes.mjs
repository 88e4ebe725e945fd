/** Products that plain loops shall take at most. */
const MOST_PRODUCTS = 3e5;

/** Calls visit(x, filter, y) with the indices of every product of a convolution. */
function forProducts(g, visit) {
  for (let n = 0; n < g.batch; n++)
    for (let oh = 0; oh < g.outHeight; oh++)
      for (let ow = 0; ow < g.outWidth; ow++)
        for (let kh = 0; kh < g.filterHeight; kh++)
          for (let kw = 0; kw < g.filterWidth; kw++) {
            const h = oh * g.strideHeight + kh * g.dilationHeight - g.padTop;
            const w = ow * g.strideWidth + kw * g.dilationWidth - g.padLeft;
            if (h < 0 || h >= g.height || w < 0 || w >= g.width) continue;
            const pixel = ((n * g.height + h) * g.width + w) * g.channels;
            const tap = (kh * g.filterWidth + kw) * g.channels;
            const out = ((n * g.outHeight + oh) * g.outWidth + ow) * g.outChannels;
            for (let c = 0; c < g.channels; c++)
              for (let o = 0; o < g.outChannels; o++)
                visit(pixel + c, (tap + c) * g.outChannels + o, out + o);
          }
}

/** Steps of the loops, also those that have nothing to multiply. */
const productsOf = (g) =>
  ['batch', 'outHeight', 'outWidth', 'filterHeight', 'filterWidth', 'channels', 'outChannels']
    .map((key) => Math.max(g[key], 1))
    .reduce((a, b) => a * b);
const zeros = (length) => Array.from({ length }, () => 0);
const inputSize = (g) => g.batch * g.height * g.width * g.channels;
const outputSize = (g) => g.batch * g.outHeight * g.outWidth * g.outChannels;

/** One of the three of a convolution: what is `written` is the sum of products of the other two. */
function convolution(written, sizeOf, add, more = []) {
  return {
    written: [written, ...more],
    together: true,
    expected(g, before) {
      if (productsOf(g) > MOST_PRODUCTS) return undefined;
      const sums = zeros(sizeOf(g));
      forProducts(g, (x, filter, y) => add(sums, before, x, filter, y));
      return { [written]: sums };
    },
  };
}

/** One of the three of a depthwise convolution, whose filter has a plane for each output. */
function depthwise(written, sizeOf, add) {
  return {
    written: [written],
    together: true,
    expected(g, before) {
      if (productsOf(g) > MOST_PRODUCTS) return undefined;
      const sums = zeros(sizeOf(g));
      const multiplier = g.outChannels / g.channels;
      forProducts({ ...g, channels: 1, outChannels: 1 }, (pixel, tap, out) => {
        for (let o = 0; o < g.outChannels; o++) {
          const x = pixel * g.channels + Math.floor(o / multiplier);
          add(sums, before, x, tap * g.outChannels + o, out * g.outChannels + o);
        }
      });
      return { [written]: sums };
    },
  };
}

/** What pooling makes of the numbers of each window, channel by channel. */
const pooling = (of) => ({
  written: ['y'],
  together: true,
  expected(g, { x }) {
    const each = { ...g, channels: 1, outChannels: 1 };
    if (productsOf(each) * g.channels > MOST_PRODUCTS || productsOf(each) > MOST_PRODUCTS)
      return undefined;
    const windows = Array.from({ length: outputSize(g) }, () => []);
    forProducts(each, (pixel, _, out) => {
      for (let c = 0; c < g.channels; c++)
        windows[out * g.channels + c].push(x[pixel * g.channels + c]);
    });
    return { y: windows.map(of) };
  },
});

export const linearMaps = {
  matMul: {
    written: ['c'],
    together: true,
    expected({ batch, m, k, n, transposeA, transposeB, oneA, oneB }, { a, b }) {
      if (Math.max(batch, 1) * Math.max(m, 1) * Math.max(n, 1) * Math.max(k, 1) > MOST_PRODUCTS)
        return undefined;
      const c = zeros(batch * m * n);
      for (let i = 0; i < batch; i++)
        for (let r = 0; r < m; r++)
          for (let s = 0; s < n; s++)
            for (let t = 0; t < k; t++)
              c[(i * m + r) * n + s] +=
                a[(oneA ? 0 : i * m * k) + (transposeA ? t * m + r : r * k + t)] *
                b[(oneB ? 0 : i * k * n) + (transposeB ? s * k + t : t * n + s)];
      return { c };
    },
  },
  convolve: convolution(
    'y',
    outputSize,
    (sums, { x, filter }, i, k, o) => (sums[o] += x[i] * filter[k]),
    ['moments'],
  ),
  convolveInputGradient: convolution(
    'dx',
    inputSize,
    (sums, { dy, filter }, i, k, o) => (sums[i] += dy[o] * filter[k]),
  ),
  convolveFilterGradient: convolution(
    'dfilter',
    (g) => g.filterHeight * g.filterWidth * g.channels * g.outChannels,
    (sums, { x, dy }, i, k, o) => (sums[k] += x[i] * dy[o]),
  ),
  depthwise: depthwise(
    'y',
    outputSize,
    (sums, { x, filter }, i, k, o) => (sums[o] += x[i] * filter[k]),
  ),
  depthwiseInputGradient: depthwise(
    'dx',
    inputSize,
    (sums, { dy, filter }, i, k, o) => (sums[i] += dy[o] * filter[k]),
  ),
  depthwiseFilterGradient: depthwise(
    'dfilter',
    (g) => g.filterHeight * g.filterWidth * g.outChannels,
    (sums, { x, dy }, i, k, o) => (sums[k] += x[i] * dy[o]),
  ),
  maxPool: pooling((window) => Math.max(...window)),
  averagePool: pooling((window) => window.reduce((a, b) => a + b, 0) / window.length),
};
