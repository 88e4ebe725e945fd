#pragma once
#include "gathering.h"

namespace winnow {

/** Whether Winograd's algorithm applies and was measured to be the faster. */
bool suitsWinograd(const Gathering& g);

/** As `gatherTaps`; weights are packed as for the `taps` kernel. */
int64_t gatherByWinograd(const float* x, const float* weights, float* y, const Gathering& g, double* moments);

}  // namespace winnow
