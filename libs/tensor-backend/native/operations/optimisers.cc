// Compiled without contraction to fused multiply-adds: JavaScript has none, and the bits of updates shall agree with its
// loops.
#include "optimisers.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "../engine/threads.h"
#include "../kernels/kernels.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 16384;

/** Sums that no addition waits for another in: one after the other they would take longer than memory. */
constexpr int64_t LANES = 16;

/** The sum of what `add` adds to the lane of each of n numbers. */
template <class Add>
double sumOf(int64_t n, Add add) {
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    double lanes[LANES] = {};
    add(begin, end, lanes);
    for (int64_t half = LANES / 2; half > 0; half /= 2)
      for (int64_t lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    parts[(size_t)(begin / GRAIN)] = lanes[0];
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

template <class F>
double sumOfSquares(int64_t n, F at) {
  return sumOf(n, [&](int64_t begin, int64_t end, double* lanes) {
    const auto add = [&](int64_t i, int64_t lane) {
      const double x = at(i);
      lanes[lane] += x * x;
    };
    int64_t i = begin;
    for (; i + LANES <= end; i += LANES)
      for (int64_t lane = 0; lane < LANES; lane++) add(i + lane, lane);
    for (; i < end; i++) add(i, i - end + LANES);
  });
}

}  // namespace

void sgd(const SgdArguments& work) {
  parallelRanges(work.n, GRAIN, [w = work](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const double decayed = w.factor * w.gradient[i] + w.weightDecay * w.parameters[i];
      const double v = w.momentum * w.velocity[i] + decayed;
      const bool kept = !w.mask || w.mask[i];
      w.velocity[i] = kept ? (float)v : 0.0f;
      w.parameters[i] = kept ? (float)(w.parameters[i] - w.learningRate * v) : 0.0f;
    }
  });
}

double maskedSquares(const MaskedSquaresArguments& work) {
  if (work.mask == nullptr) return sumOfSquares(work.n, [x = work.gradient](int64_t i) { return (double)x[i]; });
  return sumOfSquares(work.n, [w = work](int64_t i) { return w.mask[i] ? (double)w.gradient[i] : 0.0; });
}

double squares(const SquaresArguments& work) {
  return sumOfSquares(work.n, [x = work.x](int64_t i) { return x[i]; });
}

void combine(const CombineArguments& work) {
  parallelRanges(work.n, GRAIN, [w = work](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      w.direction[i] = w.gradientWeight * w.gradient[i] + w.weight * w.direction[i];
  });
}

double expectedCount(const ExpectedCountArguments& work) {
  return sumOf(work.n, [w = work](int64_t begin, int64_t end, double* lanes) {
    // σ of what is below 0, of which float32 has all digits; the other side is what it lacks of 1.
    constexpr int64_t BLOCK = 1024;
    float less[BLOCK];
    for (int64_t from = begin; from < end; from += BLOCK) {
      const int64_t count = std::min(BLOCK, end - from);
      const float* logits = w.logits + from;
      double* gradient = w.gradient + from;
      for (int64_t i = 0; i < count; i++) less[i] = -std::fabs(logits[i]);
      kernels().unary(Unary::Sigmoid, less, less, count, 0, 0);
      for (int64_t i = 0; i < count; i++) {
        const double below = less[i];
        lanes[i % LANES] += logits[i] > 0 ? 1 - below : below;
        gradient[i] = w.scale * below * (1 - below);
      }
    }
  });
}

void adam(const AdamArguments& work) {
  parallelRanges(work.n, GRAIN, [w = work](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const double g = w.gradient[i];
      const double m = w.beta1 * w.mean[i] + (1 - w.beta1) * g;
      const double v = w.beta2 * w.variance[i] + (1 - w.beta2) * g * g;
      w.mean[i] = (float)m;
      w.variance[i] = (float)v;
      w.values[i] = (float)(w.values[i] - w.stepSize * m / (std::sqrt(v) / w.correction + w.epsilon));
    }
  });
}

}  // namespace winnow
