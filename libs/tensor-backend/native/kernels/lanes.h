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

constexpr int unzipped(int lane, int group, bool odd) { return (2 * (lane / group) + (odd ? 1 : 0)) * group + lane % group; }

/** Every second group of lanes of a and then of b, from the first or the second on. */
template <int GROUP, bool ODD, int... LANE>
inline V unzip(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, unzipped(LANE, GROUP, ODD)...>{});
}

constexpr int zipped(int lane, int group, bool upper) {
  const int place = lane / group;
  return (place % 2 ? W : 0) + place / 2 * group + lane % group + (upper ? W / 2 : 0);
}

/** Groups of lanes of a and b by turns, of their lower or their upper halves. */
template <int GROUP, bool UPPER, int... LANE>
inline V zip(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, zipped(LANE, GROUP, UPPER)...>{});
}

/** Groups of lanes that lie one behind another in four vectors: every fourth of them, from each of the first four on. */
template <int GROUP>
inline void deinterleave(V* v) {
  if constexpr (GROUP < W) {
    const V even = unzip<GROUP, false>(v[0], v[1], Lanes{}), odd = unzip<GROUP, true>(v[0], v[1], Lanes{});
    const V even2 = unzip<GROUP, false>(v[2], v[3], Lanes{}), odd2 = unzip<GROUP, true>(v[2], v[3], Lanes{});
    v[0] = unzip<GROUP, false>(even, even2, Lanes{});
    v[1] = unzip<GROUP, false>(odd, odd2, Lanes{});
    v[2] = unzip<GROUP, true>(even, even2, Lanes{});
    v[3] = unzip<GROUP, true>(odd, odd2, Lanes{});
  }
}

/** The other way. */
template <int GROUP>
inline void interleave(V* v) {
  if constexpr (GROUP < W) {
    const V even = zip<GROUP, false>(v[0], v[2], Lanes{}), even2 = zip<GROUP, true>(v[0], v[2], Lanes{});
    const V odd = zip<GROUP, false>(v[1], v[3], Lanes{}), odd2 = zip<GROUP, true>(v[1], v[3], Lanes{});
    v[0] = zip<GROUP, false>(even, odd, Lanes{});
    v[1] = zip<GROUP, true>(even, odd, Lanes{});
    v[2] = zip<GROUP, false>(even2, odd2, Lanes{});
    v[3] = zip<GROUP, true>(even2, odd2, Lanes{});
  }
}

constexpr int transposed(int lane, int group, bool upper) {
  const int from = lane / group, within = lane % group;
  return (from % 2 ? W : 0) + (from / 2 * 2 + (upper ? 1 : 0)) * group + within;
}

/** The even, or the odd, groups of lanes of a, each followed by that of b. */
template <int GROUP, bool UPPER, int... LANE>
inline V transposeGroups(V a, V b, std::integer_sequence<int, LANE...>) {
  return shuffle(a, b, std::integer_sequence<int, transposed(LANE, GROUP, UPPER)...>{});
}

/** Lane j of vector i becomes lane i of vector j, of W vectors. */
template <int GROUP = 1>
inline void transpose(V* vectors) {
  if constexpr (GROUP < W) {
#pragma GCC unroll 16
    for (int i = 0; i < W; i++) {
      if (i & GROUP) continue;
      const V a = vectors[i], b = vectors[i + GROUP];
      vectors[i] = transposeGroups<GROUP, false>(a, b, Lanes{});
      vectors[i + GROUP] = transposeGroups<GROUP, true>(a, b, Lanes{});
    }
    transpose<2 * GROUP>(vectors);
  }
}

}  // namespace
