// On arrays of n numbers that JavaScript holds: the same float64 arithmetic as the loops in TypeScript that these stand in
// for.
#pragma once
#include "arguments.h"

namespace winnow {

struct SgdArguments {
  float* parameters;
  const float* gradient;
  float* velocity;
  const uint8_t* mask = nullptr;
  int64_t n;
  double factor, weightDecay, momentum, learningRate;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(parameters), n);
    call.array(NAMED(gradient), n);
    call.array(NAMED(velocity), n);
    call.optionalArray(NAMED(mask), n);
    call.number(NAMED(factor));
    call.number(NAMED(weightDecay));
    call.number(NAMED(momentum));
    call.number(NAMED(learningRate));
  }
};
void sgd(const SgdArguments& work);

struct AdamArguments {
  float *values, *mean, *variance;
  const double* gradient;
  int64_t n;
  double stepSize, correction, beta1, beta2, epsilon;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(values), n);
    call.array(NAMED(mean), n);
    call.array(NAMED(variance), n);
    call.array(NAMED(gradient), n);
    call.number(NAMED(stepSize));
    call.number(NAMED(correction));
    call.number(NAMED(beta1));
    call.number(NAMED(beta2));
    call.number(NAMED(epsilon));
  }
};
void adam(const AdamArguments& work);

struct ExpectedCountArguments {
  const float* logits;
  double* gradient;
  int64_t n;
  double scale;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(logits), n);
    call.array(NAMED(gradient), n);
    call.number(NAMED(scale));
  }
};
/** Σ σ(logits); gradient = scale · σ(1 − σ). */
double expectedCount(const ExpectedCountArguments& work);

struct MaskedSquaresArguments {
  const float* gradient;
  const uint8_t* mask = nullptr;
  int64_t n;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(gradient), n);
    call.optionalArray(NAMED(mask), n);
  }
};
/** ‖gradient ⊙ mask‖² */
double maskedSquares(const MaskedSquaresArguments& work);

struct SquaresArguments {
  const double* x;
  int64_t n;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(x), n);
  }
};
/** ‖x‖² */
double squares(const SquaresArguments& work);

/** direction = weight · direction + gradientWeight · gradient */
struct CombineArguments {
  double* direction;
  double weight;
  const float* gradient;
  double gradientWeight;
  int64_t n;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.array(NAMED(direction), n);
    call.number(NAMED(weight));
    call.array(NAMED(gradient), n);
    call.number(NAMED(gradientWeight));
  }
};
void combine(const CombineArguments& work);

}  // namespace winnow
