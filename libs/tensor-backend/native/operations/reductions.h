#pragma once
#include "../kernels/kernels.h"
#include "arguments.h"

namespace winnow {

NAMED_ENUM(Reduction, Sum, Mean, Max, Min, Prod);

/** y [outer, inner] of x [outer, count, inner], over the middle axis. */
struct ReduceArguments {
  Reduction op;
  const float* x;
  float* y;
  int64_t outer, count, inner;

  void fields(Arguments& call) {
    call.oneOf(NAMED(op));
    call.size(NAMED(outer));
    call.size(NAMED(count));
    call.length(NAMED(inner));
    call.tensor(NAMED(x), {outer, count, inner});
    call.tensor(NAMED(y), {outer, inner});
  }
};
/** Throws Failure for an extremum of no numbers. */
void reduce(const ReduceArguments& work);

/** y [outer, inner]: the place of x's extremum on the middle axis of [outer, count, inner]. */
struct ArgExtremumArguments {
  bool largest;
  const float* x;
  int32_t* y;
  int64_t outer, count, inner;

  void fields(Arguments& call) {
    call.flag(NAMED(largest));
    call.size(NAMED(outer));
    call.length(NAMED(count));
    call.length(NAMED(inner));
    call.tensor(NAMED(x), {outer, count, inner});
    call.tensor(NAMED(y), {outer, inner});
  }
};
/** Throws Failure for an extremum of no numbers. */
void argExtremum(const ArgExtremumArguments& work);

/** Over the last axis of [rows, columns]. */
struct SoftmaxArguments {
  const float* x;
  float* y;
  int64_t rows, columns;
  bool logarithmic;

  void fields(Arguments& call) {
    call.size(NAMED(rows));
    call.size(NAMED(columns));
    call.tensor(NAMED(x), {rows, columns});
    call.tensor(NAMED(y), {rows, columns});
    call.flag(NAMED(logarithmic));
  }
};
void softmax(const SoftmaxArguments& work);

/** Σ x² over n numbers in float64, in a fixed order. */
double sumOfSquares(const float* x, int64_t n);

}  // namespace winnow
