#pragma once
#include "functions.h"
#include "kernels.h"

namespace {

inline double total(VD v) {
  double sum = 0;
  for (int i = 0; i < W; i++) sum += v.lane(i);
  return sum;
}

/** Σ f(x) in float64, one lane beside the other. */
template <class F>
inline double sumOf(const float* x, int64_t n, F f) {
  VD lanes = toDouble(broadcast(0.0f));
  int64_t i = 0;
  for (; i + W <= n; i += W) lanes += f(toDouble(load(x + i)));
  if (i < n) lanes += f(toDouble(loadSome(x + i, (int)(n - i))));
  return total(lanes);
}

double sum(const float* x, int64_t n) {
  return sumOf(x, n, [](VD v) { return v; });
}

double sumOfSquares(const float* x, int64_t n) {
  return sumOf(x, n, [](VD v) { return v * v; });
}

/**
 * Calls each(c, lanes) for the vectors of a row, the last of which may be partial. Inlined twice, so that the number of
 * lanes is a constant where all are in use.
 */
template <class F>
inline __attribute__((always_inline)) void forChannels(int channels, F each) {
  int c = 0;
  for (; c + W <= channels; c += W) each(c, W);
  if (c < channels) each(c, channels - c);
}

inline V loadLanes(const float* p, int lanes) { return lanes == W ? load(p) : loadSome(p, lanes); }
inline void storeLanes(float* p, V v, int lanes) {
  if (lanes == W) store(p, v);
  else storeSome(p, v, lanes);
}

inline void addLanes(double* to, VD v, int lanes) {
  for (int i = 0; i < lanes; i++) to[i] += v.lane(i);
}

void addRows(const float* x, int64_t rows, int64_t columns, double* sums) {
  forChannels((int)columns, [&](int c, int lanes) __attribute__((always_inline)) {
    VD s = toDouble(broadcast(0.0f));
    for (int64_t r = 0; r < rows; r++) s += toDouble(loadLanes(x + r * columns + c, lanes));
    addLanes(sums + c, s, lanes);
  });
}

void softmax(const float* x, float* y, int64_t rows, int64_t columns, bool logarithmic) {
  for (int64_t r = 0; r < rows; r++, x += columns, y += columns) {
    float most = x[0];
    for (int64_t c = 1; c < columns; c++)
      if (x[c] > most || x[c] != x[c]) most = x[c];
    const V shift = broadcast(most);
    double sum = 0;
    for (int64_t c = 0; c < columns; c += W) {
      const int lanes = columns - c < W ? (int)(columns - c) : W;
      const V e = exponential(loadLanes(x + c, lanes) - shift);
      storeLanes(y + c, e, lanes);
      for (int i = 0; i < lanes; i++) sum += e[i];
    }
    if (logarithmic) {
      // Of large logits their sum would keep `most` alone.
      const float logarithm = __builtin_logf((float)sum);
      for (int64_t c = 0; c < columns; c++) y[c] = x[c] - most - logarithm;
    } else {
      const float scale = (float)(1 / sum);
      for (int64_t c = 0; c < columns; c++) y[c] *= scale;
    }
  }
}

}  // namespace
