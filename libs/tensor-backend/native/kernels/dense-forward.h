// A tile of a convolution by all of its weights.
#pragma once
#include "dense-sums.h"
#include "forward-tile.h"

namespace {

template <int ROWS, int VECTORS>
void denseForwardTile(const ForwardPass& p, const TileRows& tile, const MomentSums& moments) {
  const auto& w = p.windows;
  DenseTerms terms{tile.rows, w.kernelHeight, w.kernelWidth, p.columns, p.ins, w.stride * p.phaseFloats, p.dense};
  for (int first = 0; first < p.outs; first += DENSE_CHANNELS) {
    DenseSums<ROWS, VECTORS> sums;
    addTerms(terms, sums);
    terms.weights += (int64_t)p.ins * w.kernelHeight * w.kernelWidth * DENSE_CHANNELS;
#pragma GCC unroll 8
    for (int c = 0; c < DENSE_CHANNELS; c++)
      if (first + c < p.outs) finishTile(p, tile, moments, first + c, sums.of[c]);
  }
}

inline ForwardTile denseForwardTileOf(int rows, int vectors) {
  return withDenseForm(rows, vectors, [](auto rows, auto vectors) -> ForwardTile {
    return denseForwardTile<decltype(rows)::value, decltype(vectors)::value>;
  });
}

}  // namespace
