#pragma once
#include "geometry.h"

namespace winnow {

/** Windows of a depthwise convolution, whose filter [height, width, channels, multiplier] makes channels · multiplier. */
struct DepthwiseGeometry : Geometry {
  /** Throws Failure, too, where the multiplier is no whole number. */
  void fields(Arguments& call);

  int64_t multiplier() const { return channels == 0 ? 0 : outChannels / channels; }
  int64_t filterSize() const { return product({filterHeight, filterWidth, outChannels}); }
};

struct DepthwiseArguments {
  const float *x, *filter;
  float* y;
  DepthwiseGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(filter), {geometry.filterSize()});
    call.tensor(NAMED(y), {geometry.outputSize()});
  }
};
void depthwise(const DepthwiseArguments& work);

struct DepthwiseInputGradientArguments {
  const float *dy, *filter;
  float* dx;
  DepthwiseGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(filter), {geometry.filterSize()});
    call.tensor(NAMED(dx), {geometry.inputSize()});
  }
};
void depthwiseInputGradient(const DepthwiseInputGradientArguments& work);

struct DepthwiseFilterGradientArguments {
  const float *x, *dy;
  float* dfilter;
  DepthwiseGeometry geometry;

  void fields(Arguments& call) {
    geometry.fields(call);
    call.tensor(NAMED(x), {geometry.inputSize()});
    call.tensor(NAMED(dy), {geometry.outputSize()});
    call.tensor(NAMED(dfilter), {geometry.filterSize()});
  }
};
void depthwiseFilterGradient(const DepthwiseFilterGradientArguments& work);

}  // namespace winnow
