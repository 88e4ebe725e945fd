#pragma once
#include "geometry.h"

namespace winnow {

/** Windows of pooling. */
struct PoolGeometry : Geometry {
  /** Throws Failure, too, where channels come or go. */
  void fields(Arguments& call);
};

struct PoolArguments {
  const float* x;
  float* y;
  PoolGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(y), {geometry.outputSize()});
  }
};
void maxPool(const PoolArguments& work);
void averagePool(const PoolArguments& work);

struct MaxPoolGradientArguments {
  const float *dy, *x;
  float* dx;
  PoolGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(dx), {geometry.inputSize()});
  }
};
void maxPoolGradient(const MaxPoolGradientArguments& work);

/** y: of `values`, those at the first maximum of each window of x. */
struct MaxPoolGatherArguments {
  const float *values, *x;
  float* y;
  PoolGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(values), {geometry.inputSize()});
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(y), {geometry.outputSize()});
  }
};
void maxPoolGather(const MaxPoolGatherArguments& work);

struct AveragePoolGradientArguments {
  const float* dy;
  float* dx;
  PoolGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(dx), {geometry.inputSize()});
  }
};
void averagePoolGradient(const AveragePoolGradientArguments& work);

}  // namespace winnow
