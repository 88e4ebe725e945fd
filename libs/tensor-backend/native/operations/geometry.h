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

  /** Throws Failure, too, where windows reach so far beyond the images that padding would take all memory, or wrap. */
  void fields(Arguments& call);

  int64_t inputSize() const { return product({batch, height, width, channels}); }
  int64_t filterSize() const { return product({filterHeight, filterWidth, channels, outChannels}); }
  int64_t outputSize() const { return product({batch, outHeight, outWidth, outChannels}); }
};

}  // namespace winnow
