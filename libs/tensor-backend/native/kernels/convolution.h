// The two inner loops of dense linear algebra. `taps` keeps P pixels × G vectors of output channels in registers;
// `outer` keeps P input channels × G vectors of output channels of a filter gradient.
#pragma once
#include "kernels.h"
#include "vector.h"

namespace {

using winnow::Outer;
using winnow::Taps;

// Vectors side by side in a group of packed weights, by the number of registers: 32 with AVX-512 and NEON, else 16.
#if WINNOW_WIDTH == 16
constexpr int GROUP = 2;
constexpr int PIXELS_NARROW = 14, PIXELS = 12;
#elif WINNOW_WIDTH == 8
constexpr int GROUP = 2;
constexpr int PIXELS_NARROW = 8, PIXELS = 6;
#elif defined(__aarch64__)
constexpr int GROUP = 4;
constexpr int PIXELS_NARROW = 8, PIXELS = 6;
#elif WINNOW_WIDTH == 4
constexpr int GROUP = 2;
constexpr int PIXELS_NARROW = 6, PIXELS = 6;
#else
constexpr int GROUP = 8;
constexpr int PIXELS_NARROW = 4, PIXELS = 2;
#endif

/** STRIDE: floats between pixels where known at compile time, so that addresses are constants; else 0. */
template <int P, int G, int STRIDE>
inline void tapBlock(const Taps& t, const float* in, const float* group, float* out, int outChannels) {
  const int64_t stride = STRIDE ? STRIDE : t.inStride;
  V sum[P][G];
  for (int p = 0; p < P; p++)
    for (int g = 0; g < G; g++) sum[p][g] = broadcast(0.0f);
  const int channels = t.channels;
  for (int tap = 0; tap < t.taps; tap++) {
    const float* x = in + t.offsets[tap];
    const float* w = group + (int64_t)t.weightTaps[tap] * channels * (GROUP * W);
    for (int c = 0; c < channels; c++) {
      V weight[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) weight[g] = load(w + g * W);
      w += GROUP * W;
#pragma GCC unroll 16
      for (int p = 0; p < P; p++) {
        V value = broadcast(x[p * stride + c]);
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) sum[p][g] += value * weight[g];
      }
    }
  }
  for (int p = 0; p < P; p++) {
    float* to = out + p * t.outStride;
    for (int g = 0; g < G; g++) {
      int left = outChannels - g * W;
      if (left >= W) store(to + g * W, sum[p][g]);
      else if (left > 0) storeSome(to + g * W, sum[p][g], left);
    }
  }
}

/** How many of `left` pixels to take at once: as many as fit, but no small remainder that would leave units idle. */
inline int pixelsAtOnce(int left, int most) {
  if (left <= most) return left;
  if (left < 2 * most) return (left + 1) / 2;
  return most;
}

template <int G, int STRIDE, int P>
inline bool tapBlockOf(int pixels, const Taps& t, const float* in, const float* group, float* out, int outChannels) {
  if constexpr (P == 0) return false;
  else {
    if (pixels == P) {
      tapBlock<P, G, STRIDE>(t, in, group, out, outChannels);
      return true;
    }
    return tapBlockOf<G, STRIDE, P - 1>(pixels, t, in, group, out, outChannels);
  }
}

template <int STRIDE>
void tapsWithStride(const Taps& t) {
  const int64_t groupSize = (int64_t)t.weightTapCount * t.channels * GROUP * W;
  for (int first = 0; first < t.outChannels; first += GROUP * W) {
    const float* group = t.weights + first / (GROUP * W) * groupSize;
    const int channels = t.outChannels - first < GROUP * W ? t.outChannels - first : GROUP * W;
    const bool narrow = channels <= GROUP / 2 * W && GROUP > 1;
    for (int p = 0; p < t.pixels;) {
      const int count = pixelsAtOnce(t.pixels - p, narrow ? PIXELS_NARROW : PIXELS);
      const float* in = t.in + p * t.inStride;
      float* out = t.out + p * t.outStride + first;
      if (narrow) tapBlockOf<GROUP / 2, STRIDE, PIXELS_NARROW>(count, t, in, group, out, channels);
      else tapBlockOf<GROUP, STRIDE, PIXELS>(count, t, in, group, out, channels);
      p += count;
    }
  }
}

void taps(const Taps& t) {
#if WINNOW_WIDTH >= 8
  switch (t.inStride) {
    case 16: return tapsWithStride<16>(t);
    case 32: return tapsWithStride<32>(t);
    case 64: return tapsWithStride<64>(t);
    case 128: return tapsWithStride<128>(t);
    case 256: return tapsWithStride<256>(t);
    case 512: return tapsWithStride<512>(t);
  }
#endif
  tapsWithStride<0>(t);
}

template <int P, int G>
inline void outerBlock(const Outer& o, int xFirst, int yFirst, int yChannels) {
  V sum[P][G];
  for (int p = 0; p < P; p++)
    for (int g = 0; g < G; g++) sum[p][g] = broadcast(0.0f);
  const bool whole = yChannels == G * W;
  for (int64_t r = 0; r < (int64_t)o.images * o.rows; r++) {
    const int64_t image = r / o.rows, row = r % o.rows;
    const float* x = o.x + image * o.xImage + row * o.xRow + xFirst;
    const float* y = o.y + image * o.yImage + row * o.yRow + yFirst;
    for (int i = 0; i < o.pixels; i++, x += o.xPixel, y += o.yPixel) {
      V right[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) {
        const int left = yChannels - g * W;
        right[g] = whole || left >= W ? load(y + g * W) : loadSome(y + g * W, left > 0 ? left : 0);
      }
#pragma GCC unroll 16
      for (int p = 0; p < P; p++) {
        V value = broadcast(x[p]);
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) sum[p][g] += value * right[g];
      }
    }
  }
  for (int p = 0; p < P; p++) {
    float* to = o.sums + (xFirst + p) * o.sumRow + yFirst;
    for (int g = 0; g < G; g++) {
      const int left = yChannels - g * W;
      if (left >= W) store(to + g * W, load(to + g * W) + sum[p][g]);
      else if (left > 0) storeSome(to + g * W, loadSome(to + g * W, left) + sum[p][g], left);
    }
  }
}

#if WINNOW_WIDTH == 16 || defined(__aarch64__)
constexpr int OUTER_NARROW = 16, OUTER = WINNOW_WIDTH == 16 ? 8 : 4;
#else
constexpr int OUTER_NARROW = 8, OUTER = WINNOW_WIDTH == 1 ? 2 : 6;
#endif

template <int G, int P>
inline bool outerBlockOf(int count, const Outer& o, int xFirst, int yFirst, int yChannels) {
  if constexpr (P == 0) return false;
  else {
    if (count == P) {
      outerBlock<P, G>(o, xFirst, yFirst, yChannels);
      return true;
    }
    return outerBlockOf<G, P - 1>(count, o, xFirst, yFirst, yChannels);
  }
}

void outer(const Outer& o) {
  for (int yFirst = 0; yFirst < o.yChannels; yFirst += GROUP * W) {
    const int yChannels = o.yChannels - yFirst < GROUP * W ? o.yChannels - yFirst : GROUP * W;
    const bool narrow = yChannels <= GROUP / 2 * W && GROUP > 1;
    for (int x = 0; x < o.xChannels;) {
      const int count = pixelsAtOnce(o.xChannels - x, narrow ? OUTER_NARROW : OUTER);
      if (narrow) outerBlockOf<GROUP / 2, OUTER_NARROW>(count, o, x, yFirst, yChannels);
      else outerBlockOf<GROUP, OUTER>(count, o, x, yFirst, yChannels);
      x += count;
    }
  }
}

}  // namespace
