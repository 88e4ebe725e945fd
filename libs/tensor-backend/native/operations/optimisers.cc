// Compiled without contraction to fused multiply-adds: JavaScript has none, and the bits shall agree with its loops.
#include "optimisers.h"

#include <cmath>
#include <vector>

#include "../engine/threads.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 16384;

template <class F>
double sumOfSquares(int64_t n, F at) {
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    double lanes[4] = {0, 0, 0, 0};
    for (int64_t i = begin; i < end; i++) {
      const double x = at(i);
      lanes[i & 3] += x * x;
    }
    parts[(size_t)(begin / GRAIN)] = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
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
  return sumOfSquares(work.n, [w = work](int64_t i) { return !w.mask || w.mask[i] ? (double)w.gradient[i] : 0.0; });
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
  const int64_t n = work.n;
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&, w = work](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; i++) {
      const double kept = 1 / (1 + std::exp(-(double)w.logits[i]));
      sum += kept;
      w.gradient[i] = w.scale * kept * (1 - kept);
    }
    parts[(size_t)(begin / GRAIN)] = sum;
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
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
