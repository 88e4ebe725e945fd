#include "packing.h"

#include <algorithm>
#include <cstring>

#include "../engine/threads.h"
#include "../kernels/kernels.h"

namespace winnow {

size_t packedBytes(int64_t depth, int64_t outputs) {
  const int64_t width = kernels().groupWidth;
  return (size_t)(depth * ((outputs + width - 1) / width) * width) * sizeof(float);
}

void packWeights(const float* weights, float* packed, int64_t taps, int64_t channels, int64_t outputs, bool transposed) {
  const int64_t width = kernels().groupWidth, groups = (outputs + width - 1) / width;
  const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, channels * width));
  parallelRanges(groups * taps, grain, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t group = task / taps, tap = task % taps;
      const int64_t first = group * width, count = std::min(width, outputs - first);
      float* to = packed + task * channels * width;
      if (count < width) std::fill(to, to + channels * width, 0.0f);
      if (transposed) {
        // Sixteen channels at a time, so that both sides stay in the cache.
        for (int64_t block = 0; block < channels; block += 16)
          for (int64_t o = 0; o < count; o++) {
            const float* from = weights + (tap * outputs + first + o) * channels;
            for (int64_t c = block; c < std::min(channels, block + 16); c++) to[c * width + o] = from[c];
          }
      } else {
        for (int64_t c = 0; c < channels; c++)
          std::memcpy(to + c * width, weights + (tap * channels + c) * outputs + first, (size_t)count * sizeof(float));
      }
    }
  });
}

}  // namespace winnow
