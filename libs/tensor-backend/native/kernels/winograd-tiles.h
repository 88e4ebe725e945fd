// Winograd's F(4×4, 3×3) on blocks of examples: lanes are examples, and tiles side by side where these do not fill a
// vector. A vector of tiles counts as one here; each position of the transform is a product of matrices with several.
#pragma once
#include "dense-sums.h"
#include "lanes.h"
#include "winograd.h"

namespace {

using winnow::WINOGRAD_POSITIONS;

constexpr int WINOGRAD_SIDE = 4, WINOGRAD_PATCH = 6;
/** Tiles that are multiplied with the weights at once, at most. */
constexpr int WINOGRAD_TILES = 3;

/** Patches of some tiles: rows of the first channel, from the patch's first column on. */
struct Patches {
  const float* rows[WINOGRAD_TILES][WINOGRAD_PATCH];
  int count;
  int64_t channelFloats;

  /** `wide` tiles from the column `from` on in each of `tall` rows of tiles; `all` are the image's rows that these see. */
  Patches(const float* const* all, int from, int wide, int tall, int64_t channelFloats)
      : count(tall * wide), channelFloats(channelFloats) {
    for (int t = 0; t < count; t++)
      for (int i = 0; i < WINOGRAD_PATCH; i++)
        rows[t][i] = all[t / wide * WINOGRAD_SIDE + i] + (from + t % wide) * WINOGRAD_SIDE * W;
  }
};

/** Floats from one position to the next of so many channels and tiles, which do not share a set of the cache. */
inline int64_t positionFloats(int64_t channels, int tiles) { return channels * tiles * W + W; }

/** Four columns of a row's tiles, each of them one vector. */
template <int EXAMPLES>
inline void loadColumns(const float* row, V* columns) {
  for (int j = 0; j < WINOGRAD_SIDE; j++) columns[j] = load(row + j * W);
  deinterleave<EXAMPLES>(columns);
}

/** to [position][channel][tile][W] */
template <int EXAMPLES>
__attribute__((noinline)) void transformPatches(const Patches& patches, int channels, float* to) {
  const int64_t position = positionFloats(channels, patches.count);
  for (int c = 0; c < channels; c++)
    for (int t = 0; t < patches.count; t++) {
      const float* const* const rows = patches.rows[t];
      const int64_t from = c * patches.channelFloats;
      float* const at = to + ((int64_t)c * patches.count + t) * W;
      const auto put = [&](int i, int j, V v) __attribute__((always_inline)) {
        store(at + (WINOGRAD_PATCH * i + j) * position, v);
      };
      if constexpr (EXAMPLES >= W) {
        inTwoDimensions<WINOGRAD_PATCH, WINOGRAD_PATCH>(
            Transform<WINOGRAD_SIDE>::input,
            [&](int i, int j) __attribute__((always_inline)) { return load(rows[i] + from + j * W); }, put);
      } else {
        V pixels[WINOGRAD_PATCH][2 * WINOGRAD_SIDE];
        for (int i = 0; i < WINOGRAD_PATCH; i++) {
          loadColumns<EXAMPLES>(rows[i] + from, pixels[i]);
          // The last two columns are the first two of the next tiles.
          loadColumns<EXAMPLES>(rows[i] + from + WINOGRAD_SIDE * EXAMPLES, pixels[i] + WINOGRAD_SIDE);
        }
        inTwoDimensions<WINOGRAD_PATCH, WINOGRAD_PATCH>(
            Transform<WINOGRAD_SIDE>::input, [&](int i, int j) __attribute__((always_inline)) { return pixels[i][j]; }, put);
      }
    }
}

/** Products of one position for DENSE_CHANNELS outputs. */
template <int TILES>
inline void multiplyGroup(const float* weights, const float* tiles, int channels, float* to) {
  V sums[DENSE_CHANNELS][TILES];
  for (int c = 0; c < DENSE_CHANNELS; c++)
    for (int t = 0; t < TILES; t++) sums[c][t] = broadcast(0.0f);
  for (int64_t i = 0; i < channels; i++) {
    V x[TILES];
#pragma GCC unroll 4
    for (int t = 0; t < TILES; t++) x[t] = load(tiles + (i * TILES + t) * W);
#pragma GCC unroll 8
    for (int c = 0; c < DENSE_CHANNELS; c++) {
      const V weight = broadcast(weights[i * DENSE_CHANNELS + c]);
#pragma GCC unroll 4
      for (int t = 0; t < TILES; t++) sums[c][t] += weight * x[t];
    }
  }
  for (int c = 0; c < DENSE_CHANNELS; c++)
    for (int t = 0; t < TILES; t++) store(to + (c * TILES + t) * W, sums[c][t]);
}

template <int TILES>
inline void multiplyTiles(const float* weights, const float* tiles, int channels, int groups, float* to) {
  const int64_t from = positionFloats(channels, TILES), into = positionFloats(groups * DENSE_CHANNELS, TILES);
  const int64_t group = (int64_t)channels * DENSE_CHANNELS;
  for (int64_t p = 0; p < WINOGRAD_POSITIONS; p++) {
    const float* const its = weights + p * roundUp(groups * group, 16);
    for (int g = 0; g < groups; g++)
      multiplyGroup<TILES>(its + g * group, tiles + p * from, channels, to + p * into + g * DENSE_CHANNELS * TILES * W);
  }
}

/**
 * weights [position][group of outputs][channel][DENSE_CHANNELS], tiles as `transformPatches` leaves them; to
 * [position][output][tile][W]
 */
__attribute__((noinline)) void multiplyPatches(const float* weights, const float* tiles, int channels, int outs, int count,
                                               float* to) {
  const int groups = (int)(roundUp(outs, DENSE_CHANNELS) / DENSE_CHANNELS);
  if (count == 1) multiplyTiles<1>(weights, tiles, channels, groups, to);
  else if (count == 2) multiplyTiles<2>(weights, tiles, channels, groups, to);
  else multiplyTiles<3>(weights, tiles, channels, groups, to);
}

/** put(row, vector of four, pixels as they lie side by side) of an output's tile, out of what `multiplyPatches` left. */
template <int EXAMPLES, class Put>
__attribute__((always_inline)) inline void transformProducts(const float* products, int outs, int count, int out, int tile,
                                                             const Put& put) {
  const int64_t position = positionFloats(roundUp(outs, DENSE_CHANNELS), count);
  const float* const from = products + ((int64_t)out * count + tile) * W;
  const auto at = [&](int i, int j) __attribute__((always_inline)) {
    return load(from + (WINOGRAD_PATCH * i + j) * position);
  };
  if constexpr (EXAMPLES >= W) {
    inTwoDimensions<WINOGRAD_PATCH, WINOGRAD_SIDE>(Transform<WINOGRAD_SIDE>::output, at, put);
  } else {
    V pixels[WINOGRAD_SIDE][WINOGRAD_SIDE];
    inTwoDimensions<WINOGRAD_PATCH, WINOGRAD_SIDE>(
        Transform<WINOGRAD_SIDE>::output, at,
        [&](int i, int j, V v) __attribute__((always_inline)) { pixels[i][j] = v; });
    for (int i = 0; i < WINOGRAD_SIDE; i++) {
      interleave<EXAMPLES>(pixels[i]);
      for (int j = 0; j < WINOGRAD_SIDE; j++) put(i, j, pixels[i][j]);
    }
  }
}

/** Floats of tiles and their products that stay in the second cache beside others. */
constexpr int64_t WINOGRAD_FLOATS = 80 << 10;

/** How tiles of an image go through the transform: `wide` of a row at once, or all of `tall` rows of tiles. */
struct TileGroups {
  int columns, rows;  // of tiles in the image
  int wide, tall;

  /** `pitch`: floats of a row, in whole vectors. */
  TileGroups(int channels, int outs, int height, int64_t pitch)
      : columns((int)((pitch / W + WINOGRAD_SIDE - 1) / WINOGRAD_SIDE)), rows((height + WINOGRAD_SIDE - 1) / WINOGRAD_SIDE) {
    // Without any channel nothing is computed.
    const int64_t fit = WINOGRAD_FLOATS / ((int64_t)WINOGRAD_POSITIONS * (channels + outs + 1) * W);
    const int most = fit >= WINOGRAD_TILES ? WINOGRAD_TILES : 2;
    const int pieces = (columns + most - 1) / most;
    wide = (columns + pieces - 1) / pieces;
    tall = pieces > 1 ? 1 : most / columns < rows ? most / columns : rows;
  }

  int most() const { return wide * tall; }
};

}  // namespace
