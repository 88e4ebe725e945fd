#pragma once
#include "gathering.h"
#include "operations.h"

namespace winnow {

/** Whether Winograd's algorithm applies and was measured to be the faster. */
bool suitsWinograd(const Gathering& g);

/** As `gatherTaps`; weights are packed as for the `taps` kernel. */
int64_t gatherByWinograd(const float* x, const float* weights, float* y, const Gathering& g, double* moments);

/** The same for a filter's gradient. */
bool filterGradientSuitsWinograd(const Geometry& g);

/** As `convolveFilterGradient`. */
void filterGradientByWinograd(const float* x, const float* dy, float* dfilter, const Geometry& g);

}  // namespace winnow
