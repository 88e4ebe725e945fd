// A tile of a convolution by its kept weights: each is broadcast, times vectors of examples at neighbouring pixels.
#pragma once
#include "forward-tile.h"

namespace {

using winnow::Kept;

/** Vectors of one output channel that are summed at once. */
constexpr int KEPT_TILE = 8;

template <int ROWS, int VECTORS>
void keptForwardTile(const ForwardPass& p, const TileRows& tile, const MomentSums& moments) {
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

inline ForwardTile keptForwardTileOf(int rows, int vectors) {
  static constexpr ForwardTile ONE[] = {keptForwardTile<1, 1>, keptForwardTile<1, 2>, keptForwardTile<1, 3>, keptForwardTile<1, 4>,
                                        keptForwardTile<1, 5>, keptForwardTile<1, 6>, keptForwardTile<1, 7>, keptForwardTile<1, 8>};
  static constexpr ForwardTile SINGLE[] = {keptForwardTile<1, 1>, keptForwardTile<2, 1>, keptForwardTile<3, 1>, keptForwardTile<4, 1>,
                                           keptForwardTile<5, 1>, keptForwardTile<6, 1>, keptForwardTile<7, 1>, keptForwardTile<8, 1>};
  static constexpr ForwardTile TWO[] = {keptForwardTile<1, 2>, keptForwardTile<2, 2>, keptForwardTile<3, 2>, keptForwardTile<4, 2>};
  if (rows == 1) return ONE[vectors - 1];
  if (vectors == 1) return SINGLE[rows - 1];
  if (vectors == 2) return TWO[rows - 1];
  return vectors == 3 ? keptForwardTile<2, 3> : keptForwardTile<2, 4>;
}

}  // namespace
