// Passes of normalisation over [rows, channels], each a block of rows that stays in the cache.
#pragma once
#include "reductions.h"

namespace {

using winnow::Affine;
using winnow::CurvatureFactors;
using winnow::CurvatureInputs;
using winnow::GradientCombination;
using winnow::GradientMoments;

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

void affine(const Affine& work) {
  const auto of = work.residual ? (work.relu ? affineOf<true, true> : affineOf<true, false>)
                                : (work.relu ? affineOf<false, true> : affineOf<false, false>);
  of(work.y, work.x, work.residual, work.rows, work.channels, work.factor, work.offset);
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
inline void addGradientMomentsOf(const GradientMoments& work) {
  const GradientMoments w = work;  // a copy, which no store can be thought to change
  forChannels(w.channels, [&](int c, int lanes) __attribute__((always_inline)) {
    VD s = toDouble(broadcast(0.0f)), p = s;
    const V centre = loadLanes(w.mean + c, lanes);
    const V factor = GATE == Gate::FromX ? loadLanes(w.gateFactor + c, lanes) : centre;
    const V offset = GATE == Gate::FromX ? loadLanes(w.gateOffset + c, lanes) : centre;
    for (int64_t r = 0; r < w.rows; r++) {
      const int64_t i = r * w.channels + c;
      __builtin_prefetch(w.x + i + AHEAD);
      __builtin_prefetch(w.dy + i + AHEAD);
      const V v = loadLanes(w.x + i, lanes);
      const V g = behindRelu<GATE>(loadLanes(w.dy + i, lanes), v, w.y, factor, offset, i, lanes);
      if (w.dz) storeLanes(w.dz + i, g, lanes);
      s += toDouble(g);
      p += toDouble(g * (v - centre));
    }
    addLanes(w.sums + c, s, lanes);
    addLanes(w.products + c, p, lanes);
  });
}

void addGradientMoments(const GradientMoments& work) {
  const auto of = work.gateFactor ? addGradientMomentsOf<Gate::FromX>
                  : work.y        ? addGradientMomentsOf<Gate::FromY>
                                  : addGradientMomentsOf<Gate::None>;
  of(work);
}

template <Gate GATE>
inline void combineOf(const GradientCombination& work) {
  const GradientCombination w = work;  // as above
  for (int64_t r = 0; r < w.rows; r++)
    forChannels(w.channels, [&](int c, int lanes) __attribute__((always_inline)) {
      const int64_t i = r * w.channels + c;
      __builtin_prefetch(w.x + i + AHEAD);
      __builtin_prefetch(w.dy + i + AHEAD);
      const V u = loadLanes(w.x + i, lanes), f = loadLanes(w.factor + c, lanes);
      const V gf = GATE == Gate::FromX ? loadLanes(w.gateFactor + c, lanes) : f;
      const V go = GATE == Gate::FromX ? loadLanes(w.gateOffset + c, lanes) : f;
      const V g = behindRelu<GATE>(loadLanes(w.dy + i, lanes), u, nullptr, gf, go, i, lanes);
      storeLanes(w.dx + i, g * f + (u * loadLanes(w.slope + c, lanes) + loadLanes(w.constant + c, lanes)), lanes);
    });
}

void combine(const GradientCombination& work) {
  const auto of = work.gateFactor ? combineOf<Gate::FromX> : combineOf<Gate::None>;
  of(work);
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
