#pragma once
#include "arguments.h"

namespace winnow {

/** How windows lie over NHWC images: those of a convolution with an HWIO filter, or of pooling. */
struct Geometry {
  int64_t batch, height, width, channels;
  int64_t filterHeight, filterWidth;
  int64_t outHeight, outWidth, outChannels;
  int64_t strideHeight, strideWidth, dilationHeight, dilationWidth;
  int64_t padTop, padLeft;

  void fields(Arguments& call) {
    call.size(NAMED(batch));
    call.size(NAMED(height));
    call.size(NAMED(width));
    call.size(NAMED(channels));
    call.size(NAMED(filterHeight));
    call.size(NAMED(filterWidth));
    call.size(NAMED(outHeight));
    call.size(NAMED(outWidth));
    call.size(NAMED(outChannels));
    call.integer(NAMED(strideHeight), 1, INT32_MAX);
    call.integer(NAMED(strideWidth), 1, INT32_MAX);
    call.integer(NAMED(dilationHeight), 1, INT32_MAX);
    call.integer(NAMED(dilationWidth), 1, INT32_MAX);
    call.integer(NAMED(padTop), INT32_MIN, INT32_MAX);
    call.integer(NAMED(padLeft), INT32_MIN, INT32_MAX);
  }
  int64_t inputSize() const { return product({batch, height, width, channels}); }
  int64_t filterSize() const { return product({filterHeight, filterWidth, channels, outChannels}); }
  int64_t outputSize() const { return product({batch, outHeight, outWidth, outChannels}); }
};

}  // namespace winnow
