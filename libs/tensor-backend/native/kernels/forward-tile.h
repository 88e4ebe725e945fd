// What a tile of a convolution's output is made of, and where it goes: to its place, and into the sums for normalisation.
#pragma once
#include "reading.h"

namespace {

using winnow::ForwardPass;

/** Sums [outs][2][W] of y − pivot and of its square, their totals [outs][2] so far of n numbers, and the pivots [outs]. */
struct MomentSums {
  float *sums, *pivots;
  double* totals;
  double n;

  /**
   * Pivots are numbers of the channel itself: one near most of them leaves what is summed small. A channel fed by constants
   * is constant but for its borders, so that the first row would be no good guide.
   */
  void pivot(int o, float to) const {
    const double by = (double)pivots[o] - to;
    totals[2 * o + 1] += by * (2 * totals[2 * o] + n * by);
    totals[2 * o] += n * by;
    pivots[o] = to;
  }
};

/** Some rows of vectors, of every output channel. */
struct TileRows {
  const float* const* rows;  // [row of the tile][kernel row], from the tile's first column on
  float* y;
  bool pivots;  // whether pivots are taken from this tile
  VI last;  // lanes of the tile's last vector that are pixels
};

/** Stores what an output's tile came to, and takes its moments. */
template <int ROWS, int VECTORS>
__attribute__((always_inline)) inline void finishTile(const ForwardPass& p, const TileRows& tile, const MomentSums& moments, int o,
                       const V (&sums)[ROWS][VECTORS]) {
  const int64_t yRow = p.yRow;
  float* const y = tile.y + o * p.pitch;
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) {
      ahead(y + (r + ROWS) * yRow + v * W);
      store(y + r * yRow + v * W, sums[r][v]);
    }
  if (!moments.sums) return;
  if (tile.pivots) moments.pivot(o, sums[ROWS / 2][VECTORS / 2][0]);
  const V pivot = broadcast(moments.pivots[o]);
  float* const to = moments.sums + o * 2 * W;
  V sum = load(to), square = load(to + W);
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) {
      V away = sums[r][v] - pivot;
      if (v == VECTORS - 1) away = keep(tile.last, away);
      sum += away;
      square += away * away;
    }
  store(to, sum);
  store(to + W, square);
}

using ForwardTile = void (*)(const ForwardPass&, const TileRows&, const MomentSums&);

/** Rows of a tile whose rows have so many vectors. */
inline int tileRows(int64_t vectors, int tile) { return vectors > tile / 2 ? 1 : tile / (int)vectors; }

}  // namespace
