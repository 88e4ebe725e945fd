#pragma once
#include <cstddef>
#include <cstdint>

namespace winnow {

size_t packedBytes(int64_t depth, int64_t outputs);

/**
 * Weights as the `taps` kernel reads them: [group of outputs][tap][channel][groupWidth], filled up with zeros. From
 * [tap][channel][output], or, transposed, from [tap][output][channel].
 */
void packWeights(const float* weights, float* packed, int64_t taps, int64_t channels, int64_t outputs, bool transposed);

}  // namespace winnow
