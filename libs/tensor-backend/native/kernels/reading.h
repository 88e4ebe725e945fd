// Rows of what a layer takes in, computed from what is stored as they are read; see passes.h.
#pragma once
#include <cstring>

#include "passes.h"
#include "round-up.h"
#include "vector.h"

namespace {

using winnow::ReadChannel;
using winnow::ReadFrom;
using winnow::Reading;
using winnow::Rectifier;
using winnow::roundUp;

/** −1 in the first `count` lanes. */
inline VI firstLanes(int64_t count) {
  VI lanes{};
  for (int i = 0; i < W; i++) lanes[i] = i < count ? -1 : 0;
  return lanes;
}

/** −1 in lanes of examples that are there, where `perBlock` of them lie side by side. */
inline VI lanesOf(int there, int perBlock) {
  VI lanes{};
  for (int i = 0; i < W; i++) lanes[i] = i % perBlock < there ? -1 : 0;
  return lanes;
}

inline V keep(VI lanes, V v) { return fromBits(bits(v) & lanes); }

inline float floorOf(Rectifier rectifier) { return rectifier == Rectifier::None ? -__builtin_inff() : 0.0f; }
inline float ceilingOf(Rectifier rectifier) { return rectifier == Rectifier::Relu6 ? 6.0f : __builtin_inff(); }

/** What a rectifier lets through; NaN as it is. */
struct Bounds {
  V floor, ceiling;

  explicit Bounds(Rectifier rectifier) : floor(broadcast(floorOf(rectifier))), ceiling(broadcast(ceilingOf(rectifier))) {}
  V clamp(V v) const { return choose(v < floor, floor, choose(v > ceiling, ceiling, v)); }
};

/** Rows are asked for one ahead: their channels lie too far apart for the processor to see the next one coming. */
inline void ahead(const float* p) { __builtin_prefetch(p); }

/** A value that lambdas know when they are compiled. */
template <auto VALUE>
struct Is {
  static constexpr auto value = VALUE;
};

enum class Term { None, Constant, Stored };

template <bool STORED, Term SECOND, bool STORES>
inline void readRowOf(const Reading& of, const ReadChannel& c, const float* y, const float* second, float* to, float* out) {
  const V mean = broadcast(c.mean), factor = broadcast(c.factor), shift = broadcast(c.shift);
  const V mean2 = broadcast(c.mean2), factor2 = broadcast(c.factor2), shift2 = broadcast(c.shift2);
  const Bounds bounds(of.rectifier), bounds2(of.rectifierSecond);
  const V zero = broadcast(0.0f);
  const int64_t yRow = of.yRow, secondRow = of.secondRow, toRow = of.toRow, pitch = of.pitch;
  const auto value = [&](int64_t i) __attribute__((always_inline)) {
    if (STORED) ahead(y + yRow + i);
    if (SECOND == Term::Stored) ahead(second + secondRow + i);
    if (STORES) ahead(to + toRow + i);
    V v = ((STORED ? load(y + i) : zero) - mean) * factor + shift;
    if (SECOND != Term::None)
      v = v + bounds2.clamp(((SECOND == Term::Stored ? load(second + i) : zero) - mean2) * factor2 + shift2);
    return bounds.clamp(v);
  };
  const int64_t whole = of.floats / W * W;
  for (int64_t i = 0; i < whole; i += W) {
    const V v = value(i);
    store(out + i, v);
    if (STORES) store(to + i, v);
  }
  if (whole < pitch) {
    const V v = keep(firstLanes(of.floats - whole), value(whole));
    store(out + whole, v);
    if (STORES) store(to + whole, v);
  }
}

/** One row of one channel, [pitch] with zeros behind its floats; also to where the reading stores it. */
__attribute__((noinline)) void readRow(const Reading& of, const ReadChannel& c, const ReadFrom& from, int64_t row, float* out) {
  const float* y = c.y < 0 ? nullptr : from.y + c.y + row * of.yRow;
  const float* second = of.hasSecond && c.second >= 0 ? from.second + c.second + row * of.secondRow : nullptr;
  float* to = of.stores ? from.to + c.to + row * of.toRow : nullptr;
  const auto by = [&](auto stored, auto term) __attribute__((always_inline)) {
    if (to) readRowOf<decltype(stored)::value, decltype(term)::value, true>(of, c, y, second, to, out);
    else readRowOf<decltype(stored)::value, decltype(term)::value, false>(of, c, y, second, to, out);
  };
  using Yes = Is<true>;
  using No = Is<false>;
  if (!of.hasSecond) y ? by(Yes{}, Is<Term::None>{}) : by(No{}, Is<Term::None>{});
  else if (second) y ? by(Yes{}, Is<Term::Stored>{}) : by(No{}, Is<Term::Stored>{});
  else y ? by(Yes{}, Is<Term::Constant>{}) : by(No{}, Is<Term::Constant>{});
}

/** copy(constant) with the number of examples in a block as a constant. */
template <class Copy>
inline void withExamples(int examples, Copy copy) {
  switch (examples) {
    case 1: return copy(Is<1>{});
    case 2: return copy(Is<2>{});
    case 4: return copy(Is<4>{});
    case 8: return copy(Is<8>{});
    default: return copy(Is<16>{});
  }
}

inline double sumOfLanes(const float* lanes) {
  const VD wide = toDouble(load(lanes));
  const VH half = wide.low + wide.high;
  constexpr int N = sizeof(VH) / sizeof(double);
  double sum = 0;
  for (int i = 0; i < N; i++) sum += half[i];
  return sum;
}

/** Vectors of one channel whose sums are taken in float32, lane by lane, before they go on in float64. */
constexpr int64_t SUMMED_AT_ONCE = 64;

/** Sums [n][W] go into totals [n], those of these lanes, and are zeros again. */
inline void carry(float* sums, int64_t n, VI lanes, double* totals) {
  for (int64_t i = 0; i < n; i++) {
    float* const of = sums + i * W;
    store(of, keep(lanes, load(of)));
    totals[i] += sumOfLanes(of);
    store(of, broadcast(0.0f));
  }
}

}  // namespace
