// Passes of normalisation over [rows, channels], each a block of rows that stays in the cache.
#pragma once
#include "reductions.h"

namespace {

using winnow::CurvatureFactors;
using winnow::CurvatureInputs;

void addMoments(const float* x, int64_t rows, int channels, double* sums, double* squares) {
  forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
    VD s = toDouble(broadcast(0.0f)), q = s;
    for (int64_t r = 0; r < rows; r++) {
      const int64_t i = r * channels + c;
      __builtin_prefetch(x + i + AHEAD);
      const VD v = toDouble(loadLanes(x + i, lanes));
      s += v;
      q += v * v;
    }
    addLanes(sums + c, s, lanes);
    addLanes(squares + c, q, lanes);
  });
}

template <bool RESIDUAL, bool RELU>
inline void affineOf(float* y, const float* x, const float* residual, int64_t rows, int channels, const float* factor,
                     const float* offset) {
  const V zero = broadcast(0.0f);
  for (int64_t r = 0; r < rows; r++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const int64_t i = r * channels + c;
      V v = loadLanes(x + i, lanes) * loadLanes(factor + c, lanes) + loadLanes(offset + c, lanes);
      if (RESIDUAL) v = v + loadLanes(residual + i, lanes);
      if (RELU) v = choose(v < zero, zero, v);  // so that NaN stays NaN
      storeLanes(y + i, v, lanes);
    });
}

void affine(float* y, const float* x, const float* residual, int64_t rows, int channels, const float* factor,
            const float* offset, bool relu) {
  if (residual && relu) affineOf<true, true>(y, x, residual, rows, channels, factor, offset);
  else if (residual) affineOf<true, false>(y, x, residual, rows, channels, factor, offset);
  else if (relu) affineOf<false, true>(y, x, residual, rows, channels, factor, offset);
  else affineOf<false, false>(y, x, residual, rows, channels, factor, offset);
}

enum class Gate { None, FromY, FromX };

/** dy where the ReLU let through: where y > 0, or is NaN. */
template <Gate GATE>
inline V behindRelu(V dy, V x, const float* y, V gateFactor, V gateOffset, int64_t i, int lanes) {
  const V zero = broadcast(0.0f);
  if (GATE == Gate::FromY) return choose(loadLanes(y + i, lanes) <= zero, zero, dy);
  if (GATE == Gate::FromX) return choose(x * gateFactor + gateOffset <= zero, zero, dy);
  return dy;
}

template <Gate GATE>
inline void addGradientMomentsOf(float* dz, const float* dy, const float* x, const float* y, int64_t rows, int channels,
                                 const float* gateFactor, const float* gateOffset, const float* mean, double* sums,
                                 double* products) {
  forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
    VD s = toDouble(broadcast(0.0f)), p = s;
    const V centre = loadLanes(mean + c, lanes);
    const V factor = GATE == Gate::FromX ? loadLanes(gateFactor + c, lanes) : centre;
    const V offset = GATE == Gate::FromX ? loadLanes(gateOffset + c, lanes) : centre;
    for (int64_t r = 0; r < rows; r++) {
      const int64_t i = r * channels + c;
      __builtin_prefetch(x + i + AHEAD);
      __builtin_prefetch(dy + i + AHEAD);
      const V v = loadLanes(x + i, lanes);
      const V g = behindRelu<GATE>(loadLanes(dy + i, lanes), v, y, factor, offset, i, lanes);
      if (dz) storeLanes(dz + i, g, lanes);
      s += toDouble(g);
      p += toDouble(g * (v - centre));
    }
    addLanes(sums + c, s, lanes);
    addLanes(products + c, p, lanes);
  });
}

void addGradientMoments(float* dz, const float* dy, const float* x, const float* y, int64_t rows, int channels,
                        const float* gateFactor, const float* gateOffset, const float* mean, double* sums,
                        double* products) {
  const auto of = gateFactor ? addGradientMomentsOf<Gate::FromX>
                  : y        ? addGradientMomentsOf<Gate::FromY>
                             : addGradientMomentsOf<Gate::None>;
  of(dz, dy, x, y, rows, channels, gateFactor, gateOffset, mean, sums, products);
}

template <Gate GATE>
inline void combineOf(float* dx, const float* dy, const float* x, int64_t rows, int channels, const float* gateFactor,
                      const float* gateOffset, const float* factor, const float* slope, const float* constant) {
  for (int64_t r = 0; r < rows; r++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const int64_t i = r * channels + c;
      __builtin_prefetch(x + i + AHEAD);
      __builtin_prefetch(dy + i + AHEAD);
      const V u = loadLanes(x + i, lanes), f = loadLanes(factor + c, lanes);
      const V gf = GATE == Gate::FromX ? loadLanes(gateFactor + c, lanes) : f;
      const V go = GATE == Gate::FromX ? loadLanes(gateOffset + c, lanes) : f;
      const V g = behindRelu<GATE>(loadLanes(dy + i, lanes), u, nullptr, gf, go, i, lanes);
      storeLanes(dx + i, g * f + (u * loadLanes(slope + c, lanes) + loadLanes(constant + c, lanes)), lanes);
    });
}

void combine(float* dx, const float* dy, const float* x, int64_t rows, int channels, const float* gateFactor,
             const float* gateOffset, const float* factor, const float* slope, const float* constant) {
  const auto of = gateFactor ? combineOf<Gate::FromX> : combineOf<Gate::None>;
  of(dx, dy, x, rows, channels, gateFactor, gateOffset, factor, slope, constant);
}

template <Gate GATE>
inline void addCurvatureMomentsOf(const CurvatureInputs& in, int64_t rows, int channels, const float* mean, double* sums) {
  forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
    VD sumA = toDouble(broadcast(0.0f)), sumAx = sumA, sumZ = sumA, sumZx = sumA, sumAz = sumA;
    const V centre = loadLanes(mean + c, lanes);
    const V factor = GATE == Gate::FromX ? loadLanes(in.gateFactor + c, lanes) : centre;
    const V offset = GATE == Gate::FromX ? loadLanes(in.gateOffset + c, lanes) : centre;
    for (int64_t r = 0; r < rows; r++) {
      const int64_t i = r * channels + c;
      __builtin_prefetch(in.x + i + AHEAD);
      __builtin_prefetch(in.dy + i + AHEAD);
      __builtin_prefetch(in.a + i + AHEAD);
      const V x = loadLanes(in.x + i, lanes), a = loadLanes(in.a + i, lanes);
      const V z = behindRelu<GATE>(loadLanes(in.dy + i, lanes), x, in.y, factor, offset, i, lanes);
      sumA += toDouble(a);
      sumAx += toDouble(a * (x - centre));
      sumZ += toDouble(z);
      sumZx += toDouble(z * (x - centre));
      sumAz += toDouble(a * z);
    }
    const VD all[] = {sumA, sumAx, sumZ, sumZx, sumAz};
    for (int k = 0; k < 5; k++) addLanes(sums + k * channels + c, all[k], lanes);
  });
}

void addCurvatureMoments(const CurvatureInputs& in, int64_t rows, int channels, const float* mean, double* sums) {
  const auto of = in.gateFactor ? addCurvatureMomentsOf<Gate::FromX>
                  : in.y        ? addCurvatureMomentsOf<Gate::FromY>
                                : addCurvatureMomentsOf<Gate::None>;
  of(in, rows, channels, mean, sums);
}

template <Gate GATE, bool RESIDUAL>
inline void combineCurvatureOf(float* towardsDy, float* towardsX, const CurvatureInputs& in, int64_t rows, int channels,
                               const CurvatureFactors& k) {
  for (int64_t r = 0; r < rows; r++)
    forChannels(channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const int64_t i = r * channels + c;
      __builtin_prefetch(in.x + i + AHEAD);
      __builtin_prefetch(in.dy + i + AHEAD);
      __builtin_prefetch(in.a + i + AHEAD);
      const V x = loadLanes(in.x + i, lanes), a = loadLanes(in.a + i, lanes);
      const V factor = GATE == Gate::FromX ? loadLanes(in.gateFactor + c, lanes) : x;
      const V offset = GATE == Gate::FromX ? loadLanes(in.gateOffset + c, lanes) : x;
      const V crossed = loadLanes(k.crossed + c, lanes);
      const V z = behindRelu<GATE>(loadLanes(in.dy + i, lanes), x, in.y, factor, offset, i, lanes);
      V d = a * loadLanes(k.f + c, lanes) + (x * crossed + loadLanes(k.dyConstant + c, lanes));
      if (RESIDUAL) d = d + loadLanes(in.e + i, lanes);
      storeLanes(towardsDy + i, behindRelu<GATE>(d, x, in.y, factor, offset, i, lanes), lanes);
      const V ofA = a * loadLanes(k.xOfDdx + c, lanes) + z * crossed;
      storeLanes(towardsX + i, ofA + (x * loadLanes(k.xOfX + c, lanes) + loadLanes(k.xConstant + c, lanes)), lanes);
    });
}

void combineCurvature(float* towardsDy, float* towardsX, const CurvatureInputs& in, int64_t rows, int channels,
                      const CurvatureFactors& factors) {
  // With a residual the ReLU is told by y, without one by x.
  const auto of = in.gateFactor ? combineCurvatureOf<Gate::FromX, false>
                  : in.y        ? combineCurvatureOf<Gate::FromY, true>
                  : in.e        ? combineCurvatureOf<Gate::None, true>
                                : combineCurvatureOf<Gate::None, false>;
  of(towardsDy, towardsX, in, rows, channels, factors);
}

}  // namespace
