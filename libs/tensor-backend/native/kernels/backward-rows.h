// Rows that the gradient of a convolution goes by: that of its output, and its input's columns by phases of the stride.
#pragma once
#include "finishing.h"
#include "phases.h"

namespace {

using winnow::BackwardBlock;
using winnow::BackwardPass;
using winnow::SlopeChannel;

/** A row of dy [outs][dyFloats], with zeros around, in lanes of examples that are not there, and behind the row. */
__attribute__((noinline)) void fillSlopes(const BackwardPass& p, const BackwardBlock& b, int row, float* slot) {
  const VI there = lanesOf(b.examples, p.examples);
  const int64_t floats = p.outFloats, yRow = p.yRow;
  for (int o = 0; o < p.outs; o++) {
    const SlopeChannel& c = p.slopes[o];
    const int64_t dzRow = p.dzRows[c.from];
    const float* const dz = b.dz[c.from] + c.dz + row * dzRow;
    const float* const y = c.y < 0 ? nullptr : b.y + c.y + row * yRow;
    float* const begin = slot + o * p.dyFloats;
    float* const to = begin + p.margin;
    const V A = broadcast(c.a), B = broadcast(c.b), C = broadcast(c.c), D = broadcast(c.d);
    std::memset(begin, 0, sizeof(float) * (size_t)p.margin);
    const auto value = [&](int64_t i) __attribute__((always_inline)) {
      ahead(dz + dzRow + i);
      if (!y) return keep(there, A * load(dz + i));
      ahead(y + yRow + i);
      return keep(there, A * (load(dz + i) - B - (load(y + i) - C) * D));
    };
    int64_t i = 0;
    for (; i + W <= floats; i += W) store(to + i, value(i));
    if (i < floats) {
      store(to + i, keep(firstLanes(floats - i), value(i)));
      i += W;
    }
    std::memset(to + i, 0, sizeof(float) * (size_t)(p.dyFloats - p.margin - i));
  }
}

/** Floats of the columns of one phase, in whole vectors. */
inline int64_t phasePitch(const BackwardPass& p) {
  const auto& w = p.windows;
  if (w.stride == 1) return p.reading.pitch;
  const int64_t floats = (int64_t)((w.width + w.stride - 1) / w.stride) * p.examples;
  return roundUp(floats, W);
}

/** Floats of a row of the input as it lies: zeros behind its columns, where phases come of it. */
inline int64_t backwardLine(const BackwardPass& p) {
  const int64_t phases = p.windows.stride * phasePitch(p);
  return phases > p.reading.pitch ? phases : p.reading.pitch;
}

}  // namespace
