// Gradients towards what a layer takes in, row by row: parts are summed, and the last of them closes the rectifier and takes
// the sums that the normalisation before it needs.
#pragma once
#include "reading.h"

namespace {

using winnow::FinishAt;
using winnow::FinishChannel;
using winnow::Finishing;

/** `dx` may be null, for zeros; `x` is the input's row, which tells where the rectifier was open; `sums` [3][W]. */
template <bool DX, bool ADDS, bool RESIDUAL>
inline void finishRowOf(const Finishing& f, const FinishChannel& c, const FinishAt& at, int64_t row, int64_t floats,
                        const float* dx, const float* x, float* sums) {
  float* const to = at.to + c.to + row * f.toRow;
  const float* const residual = RESIDUAL ? at.residual + c.residual + row * f.residualRow : nullptr;
  const float* const y = f.last && c.y >= 0 ? at.y + c.y + row * f.yRow : nullptr;
  const float* const second = f.last && c.second >= 0 ? at.second + c.second + row * f.secondRow : nullptr;
  const V zero = broadcast(0.0f), mean = broadcast(c.mean), mean2 = broadcast(c.mean2);
  const bool floored = f.last && f.rectifier != Rectifier::None, capped = f.last && f.rectifier == Rectifier::Relu6;
  const V ceiling = broadcast(ceilingOf(f.rectifier));
  const int64_t toRow = f.toRow, residualRow = f.residualRow, yRow = f.yRow, secondRow = f.secondRow;
  V sum = load(sums), product = load(sums + W), product2 = load(sums + 2 * W);
  for (int64_t i = 0; i < floats; i += W) {
    V d = DX ? load(dx + i) : zero;
    if (ADDS) d += load(to + i);
    if (RESIDUAL) {
      ahead(residual + residualRow + i);
      d += load(residual + i);
    }
    if (floored) d = choose(load(x + i) <= zero, zero, d);
    if (capped) d = choose(load(x + i) >= ceiling, zero, d);
    if (i + W > floats) d = keep(firstLanes(floats - i), d);
    ahead(to + toRow + i);
    store(to + i, d);
    sum += d;
    if (y) {
      ahead(y + yRow + i);
      product += d * (load(y + i) - mean);
    }
    if (second) {
      ahead(second + secondRow + i);
      product2 += d * (load(second + i) - mean2);
    }
  }
  store(sums, sum);
  store(sums + W, product);
  store(sums + 2 * W, product2);
}

__attribute__((noinline)) void finishRow(const Finishing& f, const FinishChannel& c, const FinishAt& at, int64_t row, int64_t floats,
                      const float* dx, const float* x, float* sums) {
  const bool residual = f.last && f.hasResidual && c.residual >= 0;
  if (residual) {
    if (f.adds) dx ? finishRowOf<true, true, true>(f, c, at, row, floats, dx, x, sums)
                   : finishRowOf<false, true, true>(f, c, at, row, floats, dx, x, sums);
    else dx ? finishRowOf<true, false, true>(f, c, at, row, floats, dx, x, sums)
            : finishRowOf<false, false, true>(f, c, at, row, floats, dx, x, sums);
  } else {
    if (f.adds) dx ? finishRowOf<true, true, false>(f, c, at, row, floats, dx, x, sums)
                   : finishRowOf<false, true, false>(f, c, at, row, floats, dx, x, sums);
    else dx ? finishRowOf<true, false, false>(f, c, at, row, floats, dx, x, sums)
            : finishRowOf<false, false, false>(f, c, at, row, floats, dx, x, sums);
  }
}

/** Takes sums [count][3][W] over, where they are the last. */
inline void carrySums(const Finishing& f, int count, float* sums, double* to) {
  if (f.last && to) carry(sums, (int64_t)count * 3, firstLanes(W), to);
}

}  // namespace
