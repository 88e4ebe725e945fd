// Winograd's F(M×M, 3×3): (M + 2)² products for M² outputs in place of 9M². A. Lavin and S. Gray, "Fast Algorithms for
// Convolutional Neural Networks", arXiv 1509.09308, §4. F(4×4) interpolates at 0, ±1/√2, ±√2 and ∞, whose rounding
// errors were measured to be 0.6 times those of the usual 0, ±1, ±2 and ∞ (mean over random 6×6 patches of 64 channels).
#pragma once
#include "reductions.h"

namespace {

using winnow::Winograd;

constexpr float NEAR = 0.70710678118654752f, FAR = 1.41421356237309505f;         // points a and b
constexpr float NEAR_CUBED = 0.35355339059327376f, FAR_CUBED = 2.82842712474619010f;
constexpr float NEAR_SHARE = -2.0f / 3, FAR_SHARE = 1.0f / 6;                    // 1 / Π (x_i − x_j) at ±a and ±b

/** The one-dimensional transforms; in two dimensions they go over columns, then over rows. */
template <int M>
struct Transform;

template <>
struct Transform<2> {
  /** Bᵀ d */
  static inline void input(const V* d, V* t) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[1] - d[3];
  }
  /** Aᵀ m */
  static inline void output(const V* m, V* y) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] - m[3];
  }
  /** A e */
  static inline void outputGradient(const V* e, V* t) {
    t[0] = e[0];
    t[1] = e[0] + e[1];
    t[2] = e[0] - e[1];
    t[3] = -e[1];
  }
  /** G g */
  static inline void weights(const V* g, V* t) {
    t[0] = g[0];
    t[1] = (g[0] + g[1] + g[2]) * 0.5f;
    t[2] = (g[0] - g[1] + g[2]) * 0.5f;
    t[3] = g[2];
  }
  /** Gᵀ s */
  static inline void filterGradient(const V* s, V* w) {
    w[0] = s[0] + (s[1] + s[2]) * 0.5f;
    w[1] = (s[1] - s[2]) * 0.5f;
    w[2] = (s[1] + s[2]) * 0.5f + s[3];
  }
};

template <>
struct Transform<4> {
  static inline void input(const V* d, V* t) {
    const V p = d[4] - d[2] * 2.0f, q = d[3] - d[1] * 2.0f;
    const V r = d[4] - d[2] * 0.5f, s = d[3] - d[1] * 0.5f;
    t[0] = d[0] - d[2] * 2.5f + d[4];
    t[1] = p + q * NEAR;
    t[2] = p - q * NEAR;
    t[3] = r + s * FAR;
    t[4] = r - s * FAR;
    t[5] = d[1] - d[3] * 2.5f + d[5];
  }
  static inline void output(const V* m, V* y) {
    const V p = m[1] + m[2], q = m[1] - m[2], r = m[3] + m[4], s = m[3] - m[4];
    y[0] = m[0] + p + r;
    y[1] = q * NEAR + s * FAR;
    y[2] = p * 0.5f + r * 2.0f;
    y[3] = m[5] + q * NEAR_CUBED + s * FAR_CUBED;
  }
  static inline void outputGradient(const V* e, V* t) {
    const V p = e[0] + e[2] * 0.5f, q = e[1] * NEAR + e[3] * NEAR_CUBED;
    const V r = e[0] + e[2] * 2.0f, s = e[1] * FAR + e[3] * FAR_CUBED;
    t[0] = e[0];
    t[1] = p + q;
    t[2] = p - q;
    t[3] = r + s;
    t[4] = r - s;
    t[5] = e[3];
  }
  static inline void weights(const V* g, V* t) {
    const V p = (g[0] + g[2] * 0.5f) * NEAR_SHARE, q = g[1] * (NEAR_SHARE * NEAR);
    const V r = (g[0] + g[2] * 2.0f) * FAR_SHARE, s = g[1] * (FAR_SHARE * FAR);
    t[0] = g[0];
    t[1] = p + q;
    t[2] = p - q;
    t[3] = r + s;
    t[4] = r - s;
    t[5] = g[2];
  }
  static inline void filterGradient(const V* s, V* w) {
    const V p = (s[1] + s[2]) * NEAR_SHARE, q = (s[3] + s[4]) * FAR_SHARE;
    w[0] = s[0] + p + q;
    w[1] = (s[1] - s[2]) * (NEAR_SHARE * NEAR) + (s[3] - s[4]) * (FAR_SHARE * FAR);
    w[2] = p * 0.5f + q * 2.0f + s[5];
  }
};

/**
 * T x Tᵀ for a transform T from `FROM` to `TO` numbers: at(i, j) gives x[i][j], put(i, j, v) takes the result.
 */
template <int FROM, int TO, class T, class At, class Put>
inline __attribute__((always_inline)) void inTwoDimensions(T transform, At at, Put put) {
  V half[FROM][TO];
#pragma GCC unroll 6
  for (int j = 0; j < FROM; j++) {
    V column[FROM];
#pragma GCC unroll 6
    for (int i = 0; i < FROM; i++) column[i] = at(i, j);
    transform(column, half[j]);
  }
#pragma GCC unroll 6
  for (int i = 0; i < TO; i++) {
    V row[FROM], result[TO];
#pragma GCC unroll 6
    for (int j = 0; j < FROM; j++) row[j] = half[j][i];
    transform(row, result);
#pragma GCC unroll 6
    for (int j = 0; j < TO; j++) put(i, j, result[j]);
  }
}

template <int M>
void winogradInput(const float* const* rows, int64_t tileStep, int tiles, int channels, float* u,
                   int64_t positionStride) {
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const int64_t from = tile * tileStep + c;
      float* to = u + (int64_t)tile * channels + c;
      inTwoDimensions<M + 2, M + 2>(
          Transform<M>::input,
          [&](int i, int j) __attribute__((always_inline)) { return loadLanes(rows[i] + from + j * channels, lanes); },
          [&](int i, int j, V v) __attribute__((always_inline)) {
            storeLanes(to + ((M + 2) * i + j) * positionStride, v, lanes);
          });
    });
}

template <int M>
void winogradOutput(const float* m, int64_t positionStride, int tiles, int channels, float* y, int64_t rowPitch,
                    int rows, int columns) {
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const float* from = m + (int64_t)tile * channels + c;
      float* to = y + (int64_t)tile * M * channels + c;
      const int columnsHere = columns - tile * M;
      inTwoDimensions<M + 2, M>(
          Transform<M>::output,
          [&](int i, int j) __attribute__((always_inline)) {
            return loadLanes(from + ((M + 2) * i + j) * positionStride, lanes);
          },
          [&](int i, int j, V v) __attribute__((always_inline)) {
            if (i < rows && j < columnsHere) storeLanes(to + i * rowPitch + j * channels, v, lanes);
          });
    });
}

template <int M>
void winogradOutputGradient(const float* dy, int64_t rowPitch, int rows, int columns, int tiles, int channels, float* d,
                            int64_t positionStride) {
  for (int tile = 0; tile < tiles; tile++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const float* from = dy + (int64_t)tile * M * channels + c;
      float* to = d + (int64_t)tile * channels + c;
      const int columnsHere = columns - tile * M;
      inTwoDimensions<M, M + 2>(
          Transform<M>::outputGradient,
          [&](int i, int j) __attribute__((always_inline)) {
            return i < rows && j < columnsHere ? loadLanes(from + i * rowPitch + j * channels, lanes) : broadcast(0.0f);
          },
          [&](int i, int j, V v) __attribute__((always_inline)) {
            storeLanes(to + ((M + 2) * i + j) * positionStride, v, lanes);
          });
    });
}

template <int M>
void winogradFilterGradient(const float* sums, int64_t positionStride, float* taps, int64_t tapStride, int64_t n) {
  for (int64_t i = 0; i < n; i += W) {
    const int lanes = n - i < W ? (int)(n - i) : W;
    inTwoDimensions<M + 2, 3>(
        Transform<M>::filterGradient,
        [&](int k, int j) __attribute__((always_inline)) {
          return loadLanes(sums + ((M + 2) * k + j) * positionStride + i, lanes);
        },
        [&](int k, int j, V v) __attribute__((always_inline)) {
          storeLanes(taps + (3 * k + j) * tapStride + i, v, lanes);
        });
  }
}

template <int M>
void winogradWeights(const float* const* taps, float* const* positions, int64_t n) {
  for (int64_t i = 0; i < n; i += W)
    inTwoDimensions<3, M + 2>(
        Transform<M>::weights, [&](int k, int j) __attribute__((always_inline)) { return load(taps[3 * k + j] + i); },
        [&](int k, int j, V v) __attribute__((always_inline)) { store(positions[(M + 2) * k + j] + i, v); });
}

template <int M>
constexpr Winograd winogradOf() {
  return {.tile = M,
          .input = winogradInput<M>,
          .output = winogradOutput<M>,
          .outputGradient = winogradOutputGradient<M>,
          .filterGradient = winogradFilterGradient<M>,
          .weights = winogradWeights<M>};
}

}  // namespace
