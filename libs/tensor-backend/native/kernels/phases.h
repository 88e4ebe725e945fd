// Columns of a row by the phases of a stride: those that a column of the kernel meets lie side by side.
#pragma once
#include "lanes.h"
#include "reading.h"

namespace {

/** A row [stride · pitch] → phases [stride][pitch], or back, of whole vectors. */
template <bool APART, int E>
inline void byPhasesOf(float* row, int stride, float* phases, int64_t pitch) {
  if constexpr (E < W)
    if (stride == 2) {
      for (int64_t i = 0; i < pitch; i += W) {
        float *const from = row + 2 * i, *const even = phases + i, *const odd = even + pitch;
        const V a = load(APART ? from : even), b = load(APART ? from + W : odd);
        store(APART ? even : from, APART ? unzip<E, false>(a, b, Lanes{}) : zip<E, false>(a, b, Lanes{}));
        store(APART ? odd : from + W, APART ? unzip<E, true>(a, b, Lanes{}) : zip<E, true>(a, b, Lanes{}));
      }
      return;
    }
  for (int64_t i = 0; i < pitch; i += E)
    for (int phase = 0; phase < stride; phase++) {
      float *const there = phases + phase * pitch + i, *const here = row + i * stride + phase * E;
      std::memcpy(APART ? there : here, APART ? here : there, sizeof(float) * E);
    }
}

template <bool APART>
__attribute__((noinline)) void byPhases(int examples, float* row, int stride, float* phases, int64_t pitch) {
  withExamples(examples, [&](auto of) { byPhasesOf<APART, decltype(of)::value>(row, stride, phases, pitch); });
}

}  // namespace
