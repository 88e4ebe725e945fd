#pragma once
#include "../kernels/kernels.h"
#include "convolution.h"
#include "gathering.h"

namespace winnow {

/** The algorithm that was measured to be the fastest, or null where that is none of them. */
const Winograd* winogradFor(const Gathering& g);

/** As `gatherTaps`; weights are packed as for the `taps` kernel. */
int64_t gatherByWinograd(const Winograd& f, const float* x, const float* weights, float* y, const Gathering& g,
                         double* moments);

/** The same for a filter's gradient. */
const Winograd* winogradForFilterGradient(const Geometry& g);

/** As `convolveFilterGradient`. */
void filterGradientByWinograd(const Winograd& f, const ConvolveFilterGradientArguments& work);

}  // namespace winnow
