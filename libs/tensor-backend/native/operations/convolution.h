#pragma once
#include "geometry.h"

namespace winnow {

struct ConvolveArguments {
  const float *x, *filter;
  float* y;
  /** Null, or room for sums of y and of y² by channel, [batch, 2, outChannels], where parts of the batch are apart. */
  double* moments = nullptr;
  Geometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(filter), {geometry.filterSize()});
    call.tensor(NAMED(y), {geometry.outputSize()});
    call.optionalTensor(NAMED(moments), {geometry.batch, 2, geometry.outChannels});
  }
};
/** Returns how many parts of the moments it has filled. */
int64_t convolve(const ConvolveArguments& work);

struct ConvolveInputGradientArguments {
  const float *dy, *filter;
  float* dx;
  Geometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(filter), {geometry.filterSize()});
    call.tensor(NAMED(dx), {geometry.inputSize()});
  }
};
void convolveInputGradient(const ConvolveInputGradientArguments& work);

struct ConvolveFilterGradientArguments {
  const float *x, *dy;
  float* dfilter;
  Geometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(dfilter), {geometry.filterSize()});
  }
};
void convolveFilterGradient(const ConvolveFilterGradientArguments& work);

}  // namespace winnow
