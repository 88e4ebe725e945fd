// A tile of a convolution by its kept weights: each is broadcast, times vectors of examples at neighbouring pixels.
#pragma once
#include "forward-tile.h"

namespace {

using winnow::Kept;

/** Vectors of one output channel that are summed at once. */
constexpr int KEPT_TILE = 8;

template <int ROWS, int VECTORS>
void keptTile(const ForwardPass& p, const TileRows& tile, const MomentSums& moments) {
  const int height = p.windows.kernelHeight;
  const Kept* const kept = p.kept;
  for (int o = 0; o < p.outs; o++) {
    V sums[ROWS][VECTORS];
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) sums[r][v] = broadcast(0.0f);
    for (int k = 0; k < height; k++) {
      if (ROWS == 1 && !tile.rows[k]) continue;
      const Kept* const end = kept + p.starts[o * height + k + 1];
      for (const Kept* at = kept + p.starts[o * height + k]; at < end; at++) {
        const V weight = broadcast(at->weight);
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++) {
          const float* const row = tile.rows[r * height + k] + at->offset;
#pragma GCC unroll 8
          for (int v = 0; v < VECTORS; v++) sums[r][v] += weight * load(row + v * W);
        }
      }
    }
    finishTile(p, tile, moments, o, sums);
  }
}

inline ForwardTile keptTileOf(int rows, int vectors) {
  static constexpr ForwardTile ONE[] = {keptTile<1, 1>, keptTile<1, 2>, keptTile<1, 3>, keptTile<1, 4>,
                                        keptTile<1, 5>, keptTile<1, 6>, keptTile<1, 7>, keptTile<1, 8>};
  static constexpr ForwardTile SINGLE[] = {keptTile<1, 1>, keptTile<2, 1>, keptTile<3, 1>, keptTile<4, 1>,
                                           keptTile<5, 1>, keptTile<6, 1>, keptTile<7, 1>, keptTile<8, 1>};
  static constexpr ForwardTile TWO[] = {keptTile<1, 2>, keptTile<2, 2>, keptTile<3, 2>, keptTile<4, 2>};
  if (rows == 1) return ONE[vectors - 1];
  if (vectors == 1) return SINGLE[rows - 1];
  if (vectors == 2) return TWO[rows - 1];
  return vectors == 3 ? keptTile<2, 3> : keptTile<2, 4>;
}

}  // namespace
