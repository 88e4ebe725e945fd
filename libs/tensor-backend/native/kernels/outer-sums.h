// Sums of outer products, of which the gradients of all weights are made: numbers of some channels, one by one, times
// vectors of other channels. What they run over, pixels and examples, lies one after another, so that no lanes are summed.
#pragma once
#include "lanes.h"
#include "reading.h"

namespace {

/** Channels that go one by one, in tiles of at least so many. */
constexpr int LEAST_SINGLES = 4;
/** Runs of terms that are summed at once. */
constexpr int MOST_RUNS = 32;

inline int64_t wholeVectorsOf(int channels) { return roundUp(channels, W); }
inline int64_t wholeSingles(int channels) { return roundUp(channels, LEAST_SINGLES); }

/** Runs of `terms` terms: singles [channel][term], lanes [vector of channels][term][W], and floats from one to the next. */
struct OuterTerms {
  const float* singles[MOST_RUNS];
  const float* lanes[MOST_RUNS];
  int runs, terms;
  int64_t singleFloats, vectorFloats;
  int vectors;
  bool adds;
};

/** sums [SINGLES][vectors · W], of VECTORS vectors, = or += Σ singles · lanes */
template <int SINGLES, int VECTORS>
inline void addOuter(const OuterTerms& t, int single, int vector, float* sums) {
  const int64_t singleFloats = t.singleFloats, vectorFloats = t.vectorFloats, pitch = (int64_t)t.vectors * W;
  V of[SINGLES][VECTORS];
  for (int s = 0; s < SINGLES; s++)
    for (int v = 0; v < VECTORS; v++) of[s][v] = broadcast(0.0f);
  for (int run = 0; run < t.runs; run++) {
    const float* singles = t.singles[run] + single * singleFloats;
    const float* lanes = t.lanes[run] + vector * vectorFloats;
    for (int k = 0; k < t.terms; k++) {
      V values[VECTORS];
#pragma GCC unroll 2
      for (int v = 0; v < VECTORS; v++) values[v] = load(lanes + v * vectorFloats);
#pragma GCC unroll 16
      for (int s = 0; s < SINGLES; s++) {
        const V number = broadcast(singles[s * singleFloats]);
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; v++) of[s][v] += number * values[v];
      }
      singles++;
      lanes += W;
    }
  }
  for (int s = 0; s < SINGLES; s++)
    for (int v = 0; v < VECTORS; v++) {
      float* const to = sums + s * pitch + v * W;
      store(to, t.adds ? load(to) + of[s][v] : of[s][v]);
    }
}

template <int MOST, int VECTORS>
inline void addOuterTiles(const OuterTerms& t, int singles, int vector, float* sums) {
  const int64_t pitch = (int64_t)t.vectors * W;
  float* const to = sums + vector * W;
  int s = 0;
  for (; s + MOST <= singles; s += MOST) addOuter<MOST, VECTORS>(t, s, vector, to + s * pitch);
  if constexpr (MOST > LEAST_SINGLES)
    for (; s + MOST / 2 <= singles; s += MOST / 2) addOuter<MOST / 2, VECTORS>(t, s, vector, to + s * pitch);
  for (; s < singles; s += LEAST_SINGLES) addOuter<LEAST_SINGLES, VECTORS>(t, s, vector, to + s * pitch);
}

/** Vectors of channels whose sums stay in registers with those of several others. */
constexpr int OUTER_VECTORS = 2;

/** sums [singles, in tiles][vectors · W] of OUTER_VECTORS vectors from `vector` on. */
__attribute__((noinline)) void addOuterSums(const OuterTerms& t, int singles, int vector, float* sums) {
  constexpr int MOST = W == 16 ? 8 : 4;
  if (t.vectors - vector >= OUTER_VECTORS) addOuterTiles<MOST, OUTER_VECTORS>(t, singles, vector, sums);
  else addOuterTiles<2 * MOST, 1>(t, singles, vector, sums);
}

/** from [channel][floats, whole vectors] → to [vector of channels][floats][W], `vectorFloats` from one to the next. */
__attribute__((noinline)) void transposeRow(const float* from, int64_t channelFloats, int channels, int64_t floats, float* to,
                                       int64_t vectorFloats) {
  for (int64_t first = 0; first < channels; first += W) {
    float* const its = to + first / W * vectorFloats;
    for (int64_t i = 0; i < floats; i += W) {
      V of[W];
      for (int c = 0; c < W; c++)
        of[c] = first + c < channels ? load(from + (first + c) * channelFloats + i) : broadcast(0.0f);
      transpose(of);
      for (int k = 0; k < W; k++) store(its + (i + k) * W, of[k]);
    }
  }
}

}  // namespace
