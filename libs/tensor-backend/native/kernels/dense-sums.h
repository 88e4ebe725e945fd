// The inside of a convolution by all of its weights, forward or towards its input: several channels at once, whose weights
// lie side by side, so that each vector that is loaded is multiplied several times.
#pragma once
#include "reading.h"

namespace {

/** Channels whose sums are taken at once, and vectors of each: they fill the registers. */
constexpr int DENSE_CHANNELS = W == 16 ? winnow::MOST_DENSE_CHANNELS : 4, DENSE_TILE = 3;

/** What the sums of a tile run over. */
struct DenseTerms {
  /** [row of the tile][kernel row], from the tile's first column on; null in the first row for zeros in all of them. */
  const float* const* rows;
  int height, width;         // of the kernel
  const int64_t* columns;    // [width], floats from the tile's first column
  int channels;
  int64_t channelFloats;
  const float* weights;  // [channels][height][width][DENSE_CHANNELS]
};

template <int ROWS, int VECTORS>
struct DenseSums {
  V of[DENSE_CHANNELS][ROWS][VECTORS];
};

/** One tap of one channel. */
template <int ROWS, int VECTORS>
__attribute__((always_inline)) inline void addTap(const float* const* rows, int64_t offset, const float* weights,
                                                  DenseSums<ROWS, VECTORS>& sums) {
  V x[ROWS][VECTORS];
#pragma GCC unroll 4
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) x[r][v] = load(rows[r] + offset + v * W);
#pragma GCC unroll 8
  for (int c = 0; c < DENSE_CHANNELS; c++) {
    const V weight = broadcast(weights[c]);
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) sums.of[c][r][v] += weight * x[r][v];
  }
}

template <int ROWS, int VECTORS>
__attribute__((always_inline)) inline void addTerms(const DenseTerms& t, DenseSums<ROWS, VECTORS>& sums) {
  const int height = t.height, width = t.width, channels = t.channels;
  const int64_t channelFloats = t.channelFloats;
  const float* weights = t.weights;
  for (int c = 0; c < DENSE_CHANNELS; c++)
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) sums.of[c][r][v] = broadcast(0.0f);
  if (height == 1 && width == 1) {
    if (!t.rows[0]) return;
    const float* rows[ROWS];
    for (int r = 0; r < ROWS; r++) rows[r] = t.rows[r] + t.columns[0];
    for (int i = 0; i < channels; i++) {
      addTap(rows, 0, weights, sums);
      for (int r = 0; r < ROWS; r++) rows[r] += channelFloats;
      weights += DENSE_CHANNELS;
    }
    return;
  }
  for (int64_t i = 0; i < channels; i++)
    for (int k = 0; k < height; k++) {
      if (!t.rows[k]) {
        weights += width * DENSE_CHANNELS;
        continue;
      }
      const float* rows[ROWS];
      for (int r = 0; r < ROWS; r++) rows[r] = t.rows[r * height + k] + i * channelFloats;
      for (int column = 0; column < width; column++) {
        addTap(rows, t.columns[column], weights, sums);
        weights += DENSE_CHANNELS;
      }
    }
}

/** tile(rows, vectors) with the form of a tile of so many rows and vectors as constants. */
template <class Tile>
inline auto withDenseForm(int rows, int vectors, const Tile& tile) {
  if (rows == 2) return tile(Is<2>{}, Is<1>{});
  if (rows == 3) return tile(Is<3>{}, Is<1>{});
  return vectors == 1 ? tile(Is<1>{}, Is<1>{}) : vectors == 2 ? tile(Is<1>{}, Is<2>{}) : tile(Is<1>{}, Is<3>{});
}

/** Vectors of a tile where a row has so many: rather two by two than three and one. */
inline int denseWide(int vectors) {
  const int tiles = (vectors + DENSE_TILE - 1) / DENSE_TILE;
  return (vectors + tiles - 1) / tiles;
}

}  // namespace
