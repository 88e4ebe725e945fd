#include "products.h"

#include <algorithm>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "movement.h"
#include "packing.h"

namespace winnow {

void matMul(const MatMulArguments& work) {
  float* c = work.c;
  const int64_t m = work.m, k = work.k, n = work.n;
  if (work.batch * m * n == 0) return;
  const int64_t aBatch = work.oneA ? 0 : m * k, bBatch = work.oneB ? 0 : k * n;
  Workspace packed(packedBytes(k, n));
  Workspace turned(work.transposeA ? (size_t)(m * k) * sizeof(float) : 0);
  const int64_t groupWidth = kernels().groupWidth, groups = (n + groupWidth - 1) / groupWidth;
  const int64_t block = 48, blocks = (m + block - 1) / block;
  const int64_t offset = 0;
  const int tap = 0;
  for (int64_t i = 0; i < work.batch; i++) {
    if (i == 0 || bBatch != 0) packWeights(work.b + i * bBatch, packed.as<float>(), 1, k, n, work.transposeB);
    const float* left = work.a + i * aBatch;
    if (work.transposeA) {
      if (i == 0 || aBatch != 0)
        copy({.x = reinterpret_cast<const char*>(left),
              .y = turned.as<char>(),
              .shape = {m, k},
              .xStrides = {1, m},
              .yStrides = {k, 1}});
      left = turned.as<float>();
    }
    parallel(groups * blocks, [&](int64_t task) {
      const int64_t group = task / blocks, row = task % blocks * block, column = group * groupWidth;
      kernels().taps({.in = left + row * k,
                      .inStride = k,
                      .taps = 1,
                      .offsets = &offset,
                      .channels = (int)k,
                      .weights = packed.as<float>() + group * k * groupWidth,
                      .weightTaps = &tap,
                      .weightTapCount = 1,
                      .out = c + (i * m + row) * n + column,
                      .outStride = n,
                      .outChannels = (int)std::min(groupWidth, n - column),
                      .pixels = (int)std::min(block, m - row),
                      .inThrees = false});
    });
  }
}

}  // namespace winnow
