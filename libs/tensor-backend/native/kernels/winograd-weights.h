// The gradients of a convolution's weights by Winograd's algorithm: of each position a product of matrices, whose sums run
// over tiles and examples alike. Its vectors are of input channels, so that no lanes are to be summed.
#pragma once
#include "band.h"
#include "outer-sums.h"
#include "winograd-tiles.h"

namespace {

/** Floats from one position to the next of the input's tiles, [position][vector of ins][tile][example][W]. */
inline int64_t transposedFloats(int ins, int tiles) { return (int64_t)tiles * W * wholeVectorsOf(ins) + W; }

/** Transforms a tile of the input, of which `rows` × `vectors` are there; `pixels` has room for a tile of W channels. */
template <int EXAMPLES>
inline void transposeTile(const float* x, int64_t channel, int64_t row, int rows, int vectors, int ins, float* to,
                     int64_t vectorFloats, int64_t position, float* pixels) {
  for (int first = 0; first < ins; first += W) {
    for (int i = 0; i < WINOGRAD_SIDE; i++) {
      float* const at = pixels + i * WINOGRAD_SIDE * W * W;
      if (i >= rows) {
        std::memset(at, 0, sizeof(float) * WINOGRAD_SIDE * W * W);
        continue;
      }
      V columns[WINOGRAD_SIDE][W];
      for (int c = 0; c < W; c++) {
        const float* const from = x + (first + c) * channel + i * row;
        V of[WINOGRAD_SIDE];
        for (int j = 0; j < WINOGRAD_SIDE; j++) of[j] = j < vectors ? load(from + j * W) : broadcast(0.0f);
        deinterleave<EXAMPLES>(of);
        for (int j = 0; j < WINOGRAD_SIDE; j++) columns[j][c] = of[j];
      }
      for (int j = 0; j < WINOGRAD_SIDE; j++) {
        transpose(columns[j]);
        for (int e = 0; e < W; e++) store(at + (j * W + e) * W, columns[j][e]);
      }
    }
    for (int e = 0; e < W; e++) {
      float* const its = to + first / W * vectorFloats + e * W;
      inTwoDimensions<WINOGRAD_SIDE, WINOGRAD_PATCH>(
          Transform<WINOGRAD_SIDE>::outputGradient,
          [&](int i, int j) __attribute__((always_inline)) {
            return load(pixels + ((i * WINOGRAD_SIDE + j) * W + e) * W);
          },
          [&](int i, int j, V v) __attribute__((always_inline)) { store(its + (WINOGRAD_PATCH * i + j) * position, v); });
    }
  }
}

/** `slopes` as `transformPatches` leaves them, `transposed` as `transposeTile` does. */
inline void addWeightSums(const float* slopes, const float* transposed, int outs, int ins, int tiles, float* sums, bool adds) {
  const int64_t pitch = wholeVectorsOf(ins), position = wholeSingles(outs) * pitch;
  OuterTerms terms{.singles = {}, .lanes = {}, .runs = 1, .terms = tiles * W, .singleFloats = tiles * W,
                   .vectorFloats = tiles * W * W, .vectors = (int)(pitch / W), .adds = adds};
  for (int p = 0; p < WINOGRAD_POSITIONS; p++) {
    terms.singles[0] = slopes + p * positionFloats(outs, tiles);
    terms.lanes[0] = transposed + p * transposedFloats(ins, tiles);
    for (int vector = 0; vector < terms.vectors; vector += OUTER_VECTORS)
      addOuterSums(terms, outs, vector, sums + p * position);
  }
}

/** put(tap, weights' gradients) out of those by position. */
template <class Sum, class Put>
inline void tapsOfPositions(const Sum& sum, const Put& put) {
  inTwoDimensions<WINOGRAD_PATCH, 3>(
      Transform<WINOGRAD_SIDE>::filterGradient, [&](int i, int j) { return sum(WINOGRAD_PATCH * i + j); },
      // The patches are of the gradient, which a kernel meets from its end.
      [&](int i, int j, V v) { put((2 - i) * 3 + 2 - j, v); });
}

}  // namespace
