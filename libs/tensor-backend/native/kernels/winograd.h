// The transforms of Winograd's F(2×2, 3×3): 16 products for four outputs in place of 36. A. Lavin and S. Gray, "Fast
// Algorithms for Convolutional Neural Networks", arXiv 1509.09308, §4.1.
#pragma once
#include "reductions.h"

namespace {

/** Bᵀ d B of the 4×4 patches of a row of tiles; `u` has the 16 positions `positionStride` floats apart. */
void winogradInput(const float* const* rows, int64_t tileStep, int tiles, int channels, float* u,
                   int64_t positionStride) {
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) {
      const int64_t at = tile * tileStep + c;
      V half[4][4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; j++) {
        const V d0 = loadLanes(rows[0] + at + j * channels, lanes), d1 = loadLanes(rows[1] + at + j * channels, lanes);
        const V d2 = loadLanes(rows[2] + at + j * channels, lanes), d3 = loadLanes(rows[3] + at + j * channels, lanes);
        half[0][j] = d0 - d2;
        half[1][j] = d1 + d2;
        half[2][j] = d2 - d1;
        half[3][j] = d1 - d3;
      }
      float* to = u + (int64_t)tile * channels + c;
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) {
        storeLanes(to + (4 * i) * positionStride, half[i][0] - half[i][2], lanes);
        storeLanes(to + (4 * i + 1) * positionStride, half[i][1] + half[i][2], lanes);
        storeLanes(to + (4 * i + 2) * positionStride, half[i][2] - half[i][1], lanes);
        storeLanes(to + (4 * i + 3) * positionStride, half[i][1] - half[i][3], lanes);
      }
    });
}

/** Aᵀ m A: the 2×2 outputs of a row of tiles, cut to `rows` × `columns` pixels. */
void winogradOutput(const float* m, int64_t positionStride, int tiles, int channels, float* y, int64_t rowPitch,
                    int rows, int columns) {
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) {
      const float* from = m + (int64_t)tile * channels + c;
      V half[2][4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; j++) {
        const V m0 = loadLanes(from + j * positionStride, lanes), m1 = loadLanes(from + (4 + j) * positionStride, lanes);
        const V m2 = loadLanes(from + (8 + j) * positionStride, lanes);
        const V m3 = loadLanes(from + (12 + j) * positionStride, lanes);
        half[0][j] = m0 + m1 + m2;
        half[1][j] = m1 - m2 - m3;
      }
      float* to = y + (int64_t)tile * 2 * channels + c;
      const bool second = 2 * tile + 1 < columns;
#pragma GCC unroll 2
      for (int i = 0; i < 2; i++) {
        if (i >= rows) break;
        storeLanes(to + i * rowPitch, half[i][0] + half[i][1] + half[i][2], lanes);
        if (second) storeLanes(to + i * rowPitch + channels, half[i][1] - half[i][2] - half[i][3], lanes);
      }
    });
}

/** A e Aᵀ of the 2×2 gradients e of a row of tiles, of which `rows` × `columns` pixels are there and the rest zeros. */
void winogradOutputGradient(const float* dy, int64_t rowPitch, int rows, int columns, int tiles, int channels,
                            float* d, int64_t positionStride) {
  const V zero = broadcast(0.0f);
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) {
      const float* from = dy + (int64_t)tile * 2 * channels + c;
      const bool second = 2 * tile + 1 < columns;
      V half[4][2];
#pragma GCC unroll 2
      for (int j = 0; j < 2; j++) {
        const bool there = j == 0 || second;
        const V e0 = there ? loadLanes(from + j * channels, lanes) : zero;
        const V e1 = there && rows > 1 ? loadLanes(from + rowPitch + j * channels, lanes) : zero;
        half[0][j] = e0;
        half[1][j] = e0 + e1;
        half[2][j] = e0 - e1;
        half[3][j] = zero - e1;
      }
      float* to = d + (int64_t)tile * channels + c;
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) {
        storeLanes(to + (4 * i) * positionStride, half[i][0], lanes);
        storeLanes(to + (4 * i + 1) * positionStride, half[i][0] + half[i][1], lanes);
        storeLanes(to + (4 * i + 2) * positionStride, half[i][0] - half[i][1], lanes);
        storeLanes(to + (4 * i + 3) * positionStride, zero - half[i][1], lanes);
      }
    });
}

/** Gᵀ s G of n filter gradients side by side: from the 16 positions to the nine taps. */
void winogradFilterGradient(const float* sums, int64_t positionStride, float* taps, int64_t tapStride, int64_t n) {
  for (int64_t i = 0; i < n; i += W) {
    const int lanes = n - i < W ? (int)(n - i) : W;
    V half[3][4];
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
      const V s0 = loadLanes(sums + j * positionStride + i, lanes);
      const V s1 = loadLanes(sums + (4 + j) * positionStride + i, lanes);
      const V s2 = loadLanes(sums + (8 + j) * positionStride + i, lanes);
      const V s3 = loadLanes(sums + (12 + j) * positionStride + i, lanes);
      const V sum = (s1 + s2) * 0.5f;
      half[0][j] = s0 + sum;
      half[1][j] = (s1 - s2) * 0.5f;
      half[2][j] = sum + s3;
    }
#pragma GCC unroll 3
    for (int k = 0; k < 3; k++) {
      const V sum = (half[k][1] + half[k][2]) * 0.5f;
      storeLanes(taps + (3 * k) * tapStride + i, half[k][0] + sum, lanes);
      storeLanes(taps + (3 * k + 1) * tapStride + i, (half[k][1] - half[k][2]) * 0.5f, lanes);
      storeLanes(taps + (3 * k + 2) * tapStride + i, sum + half[k][3], lanes);
    }
  }
}

/** G g Gᵀ of n filters side by side: from the nine taps to the 16 positions. */
void winogradWeights(const float* const* taps, float* const* positions, int64_t n) {
  for (int64_t i = 0; i < n; i += W) {
    V half[4][3];
#pragma GCC unroll 3
    for (int j = 0; j < 3; j++) {
      const V g0 = load(taps[j] + i), g1 = load(taps[3 + j] + i), g2 = load(taps[6 + j] + i);
      half[0][j] = g0;
      half[1][j] = (g0 + g1 + g2) * 0.5f;
      half[2][j] = (g0 - g1 + g2) * 0.5f;
      half[3][j] = g2;
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      store(positions[4 * k] + i, half[k][0]);
      store(positions[4 * k + 1] + i, (half[k][0] + half[k][1] + half[k][2]) * 0.5f);
      store(positions[4 * k + 2] + i, (half[k][0] - half[k][1] + half[k][2]) * 0.5f);
      store(positions[4 * k + 3] + i, half[k][2]);
    }
  }
}

}  // namespace
