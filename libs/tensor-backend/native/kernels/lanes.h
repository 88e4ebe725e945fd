// Across the lanes of vectors.
#pragma once
#include <utility>

#include "vector.h"

namespace {

using Lanes = std::make_integer_sequence<int, W>;

/** The lanes of a are 0 to W − 1, those of b W and on. */
template <int... LANE>
inline V shuffle(V a, V b, std::integer_sequence<int, LANE...>) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, LANE...);
#else
  return __builtin_shuffle(a, b, VI{LANE...});
#endif
}

/** Every second group of lanes of a and then of b, from the first or the second on. */
constexpr int secondOf(int lane, int group, bool odd) { return (2 * (lane / group) + (odd ? 1 : 0)) * group + lane % group; }

template <int GROUP, bool ODD, int... LANE>
inline V everySecond(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, secondOf(LANE, GROUP, ODD)...>{});
}

/** Groups of lanes of a and b by turns, of their lower or their upper halves. */
constexpr int byTurnOf(int lane, int group, bool upper) {
  const int place = lane / group;
  return (place % 2 ? W : 0) + place / 2 * group + lane % group + (upper ? W / 2 : 0);
}

template <int GROUP, bool UPPER, int... LANE>
inline V byTurns(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, byTurnOf(LANE, GROUP, UPPER)...>{});
}

/** Groups of lanes that lie one behind another in four vectors: every fourth of them, from each of the first four on. */
template <int GROUP>
inline void takeApart(V* v) {
  if constexpr (GROUP < W) {
    const V even = everySecond<GROUP, false>(v[0], v[1], Lanes{}), odd = everySecond<GROUP, true>(v[0], v[1], Lanes{});
    const V even2 = everySecond<GROUP, false>(v[2], v[3], Lanes{}), odd2 = everySecond<GROUP, true>(v[2], v[3], Lanes{});
    v[0] = everySecond<GROUP, false>(even, even2, Lanes{});
    v[1] = everySecond<GROUP, false>(odd, odd2, Lanes{});
    v[2] = everySecond<GROUP, true>(even, even2, Lanes{});
    v[3] = everySecond<GROUP, true>(odd, odd2, Lanes{});
  }
}

/** The other way. */
template <int GROUP>
inline void putTogether(V* v) {
  if constexpr (GROUP < W) {
    const V even = byTurns<GROUP, false>(v[0], v[2], Lanes{}), even2 = byTurns<GROUP, true>(v[0], v[2], Lanes{});
    const V odd = byTurns<GROUP, false>(v[1], v[3], Lanes{}), odd2 = byTurns<GROUP, true>(v[1], v[3], Lanes{});
    v[0] = byTurns<GROUP, false>(even, odd, Lanes{});
    v[1] = byTurns<GROUP, true>(even, odd, Lanes{});
    v[2] = byTurns<GROUP, false>(even2, odd2, Lanes{});
    v[3] = byTurns<GROUP, true>(even2, odd2, Lanes{});
  }
}

/** Where lane i of the pair (a, b) goes when their lower or upper groups of lanes are laid side by side. */
constexpr int turnOf(int lane, int group, bool upper) {
  const int from = lane / group, within = lane % group;
  return (from % 2 ? W : 0) + (from / 2 * 2 + (upper ? 1 : 0)) * group + within;
}

template <int GROUP, bool UPPER, int... LANE>
inline V turned(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, turnOf(LANE, GROUP, UPPER)...>{});
}

/** Lane j of vector i becomes lane i of vector j, of W vectors. */
template <int GROUP = 1>
inline void transpose(V* vectors) {
  if constexpr (GROUP < W) {
#pragma GCC unroll 16
    for (int i = 0; i < W; i++) {
      if (i & GROUP) continue;
      const V a = vectors[i], b = vectors[i + GROUP];
      vectors[i] = turned<GROUP, false>(a, b, Lanes{});
      vectors[i + GROUP] = turned<GROUP, true>(a, b, Lanes{});
    }
    transpose<2 * GROUP>(vectors);
  }
}

}  // namespace
