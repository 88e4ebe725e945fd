// The two inner loops of dense linear algebra. `taps` keeps P pixels × G vectors of output channels in registers;
// `outer` keeps P input channels × G vectors of output channels of a filter gradient.
#pragma once
#include "kernels.h"
#include "vector.h"

namespace {

using winnow::Outer;
using winnow::OuterThrees;
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
#pragma GCC unroll 16
  for (int p = 0; p < P; p++)
#pragma GCC unroll 8
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
#pragma GCC unroll 16
  for (int p = 0; p < P; p++) {
    float* to = out + p * t.outStride;
#pragma GCC unroll 8
    for (int g = 0; g < G; g++) {
      int left = outChannels - g * W;
      if (left >= W) store(to + g * W, sum[p][g]);
      else if (left > 0) storeSome(to + g * W, sum[p][g], left);
    }
  }
}

/**
 * The same for taps in threes: a pixel is broadcast once for the three outputs that read it, which takes a third of the
 * loads. `group` is the first vector of G in a row of packed weights.
 */
template <int P, int G, int STRIDE>
inline void threesBlock(const Taps& t, const float* in, const float* group, float* out, int outChannels) {
  const int64_t stride = STRIDE ? STRIDE : t.inStride;
  V sum[P][G];
#pragma GCC unroll 16
  for (int p = 0; p < P; p++)
#pragma GCC unroll 8
    for (int g = 0; g < G; g++) sum[p][g] = broadcast(0.0f);
  const int channels = t.channels;
  for (int tap = 0; tap < t.taps; tap += 3) {
    const float* x = in + t.offsets[tap];
    const float* w0 = group + (int64_t)t.weightTaps[tap] * channels * (GROUP * W);
    const float* w1 = group + (int64_t)t.weightTaps[tap + 1] * channels * (GROUP * W);
    const float* w2 = group + (int64_t)t.weightTaps[tap + 2] * channels * (GROUP * W);
    for (int c = 0; c < channels; c++) {
      V left[G], middle[G], right[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) {
        left[g] = load(w0 + g * W);
        middle[g] = load(w1 + g * W);
        right[g] = load(w2 + g * W);
      }
      w0 += GROUP * W;
      w1 += GROUP * W;
      w2 += GROUP * W;
#pragma GCC unroll 20
      for (int p = 0; p < P + 2; p++) {
        const V value = broadcast(x[p * stride + c]);
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) {
          if (p < P) sum[p][g] += value * left[g];
          if (p >= 1 && p <= P) sum[p - 1][g] += value * middle[g];
          if (p >= 2) sum[p - 2][g] += value * right[g];
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int p = 0; p < P; p++) {
    float* to = out + p * t.outStride;
#pragma GCC unroll 8
    for (int g = 0; g < G; g++) {
      const int left = outChannels - g * W;
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

// With three vectors of weights in registers, fewer are left for pixels.
#if WINNOW_WIDTH == 16
constexpr int THREES_GROUP = 2, THREES_PIXELS = 12, THREES_PIXELS_NARROW = 16;
#elif defined(__aarch64__)
constexpr int THREES_GROUP = 2, THREES_PIXELS = 12, THREES_PIXELS_NARROW = 12;
#else
constexpr int THREES_GROUP = 1, THREES_PIXELS = 11, THREES_PIXELS_NARROW = 11;
#endif

template <int G, int STRIDE, int P>
inline bool threesBlockOf(int pixels, const Taps& t, const float* in, const float* group, float* out, int outChannels) {
  if constexpr (P == 0) return false;
  else {
    if (pixels == P) {
      threesBlock<P, G, STRIDE>(t, in, group, out, outChannels);
      return true;
    }
    return threesBlockOf<G, STRIDE, P - 1>(pixels, t, in, group, out, outChannels);
  }
}

template <int STRIDE>
void threesWithStride(const Taps& t) {
  const int64_t groupSize = (int64_t)t.weightTapCount * t.channels * GROUP * W;
  for (int first = 0; first < t.outChannels;) {
    const float* group = t.weights + first / (GROUP * W) * groupSize + first % (GROUP * W);
    const bool narrow = THREES_GROUP > 1 && t.outChannels - first <= W;
    const int channels = t.outChannels - first < THREES_GROUP * W ? t.outChannels - first : THREES_GROUP * W;
    for (int p = 0; p < t.pixels;) {
      const int count = pixelsAtOnce(t.pixels - p, narrow ? THREES_PIXELS_NARROW : THREES_PIXELS);
      const float* in = t.in + p * t.inStride;
      float* out = t.out + p * t.outStride + first;
      if (narrow) threesBlockOf<1, STRIDE, THREES_PIXELS_NARROW>(count, t, in, group, out, channels);
      else threesBlockOf<THREES_GROUP, STRIDE, THREES_PIXELS>(count, t, in, group, out, channels);
      p += count;
    }
    first += channels;
  }
}

template <int STRIDE>
void tapsWithStride(const Taps& t) {
  if (t.inThrees) return threesWithStride<STRIDE>(t);
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

template <bool WHOLE, int P, int G>
inline void outerBlock(const Outer& o, int xFirst, int yFirst, int yChannels) {
  V sum[P][G];
#pragma GCC unroll 16
  for (int p = 0; p < P; p++)
#pragma GCC unroll 8
    for (int g = 0; g < G; g++) sum[p][g] = broadcast(0.0f);
  for (int64_t r = 0; r < (int64_t)o.images * o.rows; r++) {
    const int64_t image = r / o.rows, row = r % o.rows;
    const float* x = o.x + image * o.xImage + row * o.xRow + xFirst;
    const float* y = o.y + image * o.yImage + row * o.yRow + yFirst;
    for (int i = 0; i < o.pixels; i++, x += o.xPixel, y += o.yPixel) {
      V right[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) {
        const int left = yChannels - g * W;
        right[g] = WHOLE || left >= W ? load(y + g * W) : loadSome(y + g * W, left > 0 ? left : 0);
      }
#pragma GCC unroll 16
      for (int p = 0; p < P; p++) {
        V value = broadcast(x[p]);
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) sum[p][g] += value * right[g];
      }
    }
  }
#pragma GCC unroll 16
  for (int p = 0; p < P; p++) {
    float* to = o.sums + (xFirst + p) * o.sumRow + yFirst;
#pragma GCC unroll 8
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
      if (yChannels == G * W) outerBlock<true, P, G>(o, xFirst, yFirst, yChannels);
      else outerBlock<false, P, G>(o, xFirst, yFirst, yChannels);
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

template <bool WHOLE, int P, int G>
inline void outerThreesBlock(const OuterThrees& o, int xFirst, int yFirst, int yChannels) {
  V sum[3][P][G];
#pragma GCC unroll 3
  for (int k = 0; k < 3; k++)
#pragma GCC unroll 16
    for (int p = 0; p < P; p++)
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) sum[k][p][g] = broadcast(0.0f);
  const int lanes[2] = {yChannels < W ? yChannels : W, yChannels - W};
  for (int64_t r = 0; r < (int64_t)o.images * o.rows; r++) {
    const int64_t image = r / o.rows, row = r % o.rows;
    const float* x = o.x + image * o.xImage + row * o.xRow + xFirst;
    const float* y = o.y + image * o.yImage + row * o.yRow + yFirst;
    const auto column = [&](int j, int g) __attribute__((always_inline)) {
      if (j < 0 || j >= o.yColumns) return broadcast(0.0f);
      const float* from = y + (int64_t)j * o.yPitch + g * W;
      return WHOLE ? load(from) : loadSome(from, lanes[g]);
    };
    V before[G], beforeThat[G];
#pragma GCC unroll 8
    for (int g = 0; g < G; g++) {
      before[g] = column(o.shift - 1, g);
      beforeThat[g] = column(o.shift - 2, g);
    }
    const auto step = [&](const V* here) __attribute__((always_inline)) {
#pragma GCC unroll 16
      for (int p = 0; p < P; p++) {
        const V value = broadcast(x[p]);
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) {
          sum[0][p][g] += value * here[g];
          sum[1][p][g] += value * before[g];
          sum[2][p][g] += value * beforeThat[g];
        }
      }
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) {
        beforeThat[g] = before[g];
        before[g] = here[g];
      }
      x += o.xPitch;
    };
    // y has no columns before 0, because the shift, a padding, is not negative; after the last they are zeros.
    const int inside = o.yColumns - o.shift < o.xColumns ? o.yColumns - o.shift : o.xColumns;
    const float* from = y + (int64_t)o.shift * o.yPitch;
    int j = 0;
    for (; j < inside; j++, from += o.yPitch) {
      V here[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) here[g] = WHOLE ? load(from + g * W) : loadSome(from + g * W, lanes[g]);
      step(here);
    }
    for (; j < o.xColumns; j++) {
      V here[G];
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) here[g] = broadcast(0.0f);
      step(here);
    }
  }
#pragma GCC unroll 3
  for (int k = 0; k < 3; k++)
#pragma GCC unroll 16
    for (int p = 0; p < P; p++) {
      float* to = o.sums + k * o.sumColumn + (xFirst + p) * o.sumRow + yFirst;
#pragma GCC unroll 8
      for (int g = 0; g < G; g++) {
        if (WHOLE) store(to + g * W, load(to + g * W) + sum[k][p][g]);
        else storeSome(to + g * W, loadSome(to + g * W, lanes[g]) + sum[k][p][g], lanes[g]);
      }
    }
}

#if WINNOW_WIDTH == 16 || defined(__aarch64__)
constexpr int OUTER_THREES_GROUP = 2, OUTER_THREES = 4, OUTER_THREES_NARROW = 8;
#else
constexpr int OUTER_THREES_GROUP = 1, OUTER_THREES = 4, OUTER_THREES_NARROW = 4;
#endif

template <int G, int P>
inline bool outerThreesBlockOf(int count, const OuterThrees& o, int xFirst, int yFirst, int yChannels) {
  if constexpr (P == 0) return false;
  else {
    if (count == P) {
      if (yChannels == G * W) outerThreesBlock<true, P, G>(o, xFirst, yFirst, yChannels);
      else outerThreesBlock<false, P, G>(o, xFirst, yFirst, yChannels);
      return true;
    }
    return outerThreesBlockOf<G, P - 1>(count, o, xFirst, yFirst, yChannels);
  }
}

void outerThrees(const OuterThrees& o) {
  for (int yFirst = 0; yFirst < o.yChannels;) {
    const bool wide = OUTER_THREES_GROUP > 1 && o.yChannels - yFirst > W;
    const int most = (wide ? OUTER_THREES_GROUP : 1) * W;
    const int yChannels = o.yChannels - yFirst < most ? o.yChannels - yFirst : most;
    for (int x = 0; x < o.xChannels;) {
      const int count = pixelsAtOnce(o.xChannels - x, wide ? OUTER_THREES : OUTER_THREES_NARROW);
      if (wide) outerThreesBlockOf<OUTER_THREES_GROUP, OUTER_THREES>(count, o, x, yFirst, yChannels);
      else outerThreesBlockOf<1, OUTER_THREES_NARROW>(count, o, x, yFirst, yChannels);
      x += count;
    }
    yFirst += yChannels;
  }
}

}  // namespace
