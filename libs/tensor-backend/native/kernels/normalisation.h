// Passes of normalisation over [rows, channels], each a block of rows that stays in the cache.
#pragma once
#include "reductions.h"

namespace {

void addMoments(const float* x, int64_t rows, int channels, double* sums, double* squares) {
  forChannels(channels, [&](int c, int lanes) {
    VD s = toDouble(broadcast(0.0f)), q = s;
    for (int64_t r = 0; r < rows; r++) {
      const VD v = toDouble(loadLanes(x + r * channels + c, lanes));
      s += v;
      q += v * v;
    }
    addLanes(sums + c, s, lanes);
    addLanes(squares + c, q, lanes);
  });
}

template <bool RESIDUAL, bool RELU>
inline void affineOf(float* y, const float* x, const float* residual, int64_t rows, int channels, const float* factor,
                     const float* offset) {
  const V zero = broadcast(0.0f);
  for (int64_t r = 0; r < rows; r++)
    forChannels(channels, [&](int c, int lanes) {
      const int64_t i = r * channels + c;
      V v = loadLanes(x + i, lanes) * loadLanes(factor + c, lanes) + loadLanes(offset + c, lanes);
      if (RESIDUAL) v = v + loadLanes(residual + i, lanes);
      if (RELU) v = choose(v < zero, zero, v);  // so that NaN stays NaN
      storeLanes(y + i, v, lanes);
    });
}

void affine(float* y, const float* x, const float* residual, int64_t rows, int channels, const float* factor,
            const float* offset, bool relu) {
  if (residual && relu) affineOf<true, true>(y, x, residual, rows, channels, factor, offset);
  else if (residual) affineOf<true, false>(y, x, residual, rows, channels, factor, offset);
  else if (relu) affineOf<false, true>(y, x, residual, rows, channels, factor, offset);
  else affineOf<false, false>(y, x, residual, rows, channels, factor, offset);
}

/** dy where the ReLU let through (y > 0, or NaN); all of it without a ReLU. */
inline V behindRelu(const float* dy, const float* y, int64_t i, int lanes) {
  const V g = loadLanes(dy + i, lanes);
  const V zero = broadcast(0.0f);
  return y ? choose(loadLanes(y + i, lanes) <= zero, zero, g) : g;
}

void addGradientMoments(float* dz, const float* dy, const float* x, const float* y, int64_t rows, int channels,
                        const float* mean, double* sums, double* products) {
  forChannels(channels, [&](int c, int lanes) {
    VD s = toDouble(broadcast(0.0f)), p = s;
    const V centre = loadLanes(mean + c, lanes);
    for (int64_t r = 0; r < rows; r++) {
      const int64_t i = r * channels + c;
      const V g = behindRelu(dy, y, i, lanes);
      if (dz) storeLanes(dz + i, g, lanes);
      s += toDouble(g);
      p += toDouble(g * (loadLanes(x + i, lanes) - centre));
    }
    addLanes(sums + c, s, lanes);
    addLanes(products + c, p, lanes);
  });
}

void combine(float* dx, const float* dy, const float* x, const float* y, int64_t rows, int channels,
             const float* factor, const float* slope, const float* constant) {
  for (int64_t r = 0; r < rows; r++)
    forChannels(channels, [&](int c, int lanes) {
      const int64_t i = r * channels + c;
      const V v = behindRelu(dy, y, i, lanes) * loadLanes(factor + c, lanes) +
                  (loadLanes(x + i, lanes) * loadLanes(slope + c, lanes) + loadLanes(constant + c, lanes));
      storeLanes(dx + i, v, lanes);
    });
}

}  // namespace
