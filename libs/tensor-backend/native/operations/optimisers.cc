// Compiled without contraction to fused multiply-adds: JavaScript has none, and the bits shall agree with its loops.
#include <cmath>
#include <vector>

#include "../engine/threads.h"
#include "operations.h"

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

void sgd(float* parameters, const float* gradient, float* velocity, const uint8_t* mask, int64_t n, SgdRates rates) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const double decayed = rates.factor * gradient[i] + rates.weightDecay * parameters[i];
      const double v = rates.momentum * velocity[i] + decayed;
      const bool kept = !mask || mask[i];
      velocity[i] = kept ? (float)v : 0.0f;
      parameters[i] = kept ? (float)(parameters[i] - rates.learningRate * v) : 0.0f;
    }
  });
}

double maskedSquares(const float* gradient, const uint8_t* mask, int64_t n) {
  return sumOfSquares(n, [=](int64_t i) { return !mask || mask[i] ? (double)gradient[i] : 0.0; });
}

double squares(const double* x, int64_t n) {
  return sumOfSquares(n, [=](int64_t i) { return x[i]; });
}

void combine(double* direction, double weight, const float* gradient, double gradientWeight, int64_t n) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) direction[i] = gradientWeight * gradient[i] + weight * direction[i];
  });
}

double expectedCount(const float* logits, double* gradient, int64_t n, double scale) {
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; i++) {
      const double kept = 1 / (1 + std::exp(-(double)logits[i]));
      sum += kept;
      gradient[i] = scale * kept * (1 - kept);
    }
    parts[(size_t)(begin / GRAIN)] = sum;
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

void adam(float* values, float* mean, float* variance, const double* gradient, int64_t n, AdamRates rates) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const double g = gradient[i];
      const double m = rates.beta1 * mean[i] + (1 - rates.beta1) * g;
      const double v = rates.beta2 * variance[i] + (1 - rates.beta2) * g * g;
      mean[i] = (float)m;
      variance[i] = (float)v;
      values[i] = (float)(values[i] - rates.stepSize * m / (std::sqrt(v) / rates.correction + rates.epsilon));
    }
  });
}

}  // namespace winnow
