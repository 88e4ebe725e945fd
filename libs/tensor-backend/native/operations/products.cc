#include <algorithm>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "operations.h"
#include "packing.h"

namespace winnow {

void multiplyMatrices(const float* a, const float* b, float* c, int64_t batch, int64_t m, int64_t k, int64_t n,
                      bool transposeA, bool transposeB, int64_t aBatch, int64_t bBatch) {
  Workspace packed(packedBytes(k, n));
  Workspace turned(transposeA ? (size_t)(m * k) * sizeof(float) : 0);
  const int64_t groupWidth = kernels().groupWidth, groups = (n + groupWidth - 1) / groupWidth;
  const int64_t block = 48, blocks = (m + block - 1) / block;
  const int64_t offset = 0;
  const int tap = 0;
  for (int64_t i = 0; i < batch; i++) {
    if (i == 0 || bBatch != 0) packWeights(b + i * bBatch, packed.as<float>(), 1, k, n, transposeB);
    const float* left = a + i * aBatch;
    if (transposeA) {
      if (i == 0 || aBatch != 0) copyStrided(left, turned.as<float>(), {{m, k}, {1, m}, {k, 1}, 0, 0, 4});
      left = turned.as<float>();
    }
    parallel(groups * blocks, [&](int64_t task) {
      const int64_t group = task / blocks, row = task % blocks * block, column = group * groupWidth;
      kernels().taps({left + row * k, k, 1, &offset, (int)k, packed.as<float>() + group * k * groupWidth, &tap, 1,
                      c + (i * m + row) * n + column, n, (int)std::min(groupWidth, n - column),
                      (int)std::min(block, m - row), false});
    });
  }
}

}  // namespace winnow
