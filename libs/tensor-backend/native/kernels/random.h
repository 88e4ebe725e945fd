// Threefry-2x32-20: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once
#include "vector.h"

namespace {

typedef uint32_t VW __attribute__((vector_size(W * 4)));

inline VW rotate(VW x, int by) { return x << by | x >> (32 - by); }

/** Enciphers the counters (first + i, high) into words[2i], words[2i + 1]. */
void threefry(uint32_t* words, int64_t pairs, const uint32_t keys[3], uint32_t first, uint32_t high) {
  constexpr int ROTATIONS[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  for (int64_t i = 0; i < pairs; i += W) {
    VW x0, x1;
    for (int lane = 0; lane < W; lane++) {
      x0[lane] = first + (uint32_t)i + (uint32_t)lane + keys[0];
      x1[lane] = high + keys[1];
    }
#pragma GCC unroll 5
    for (uint32_t group = 1; group <= 5; group++) {
#pragma GCC unroll 4
      for (int k = 0; k < 4; k++) {
        x0 += x1;
        x1 = rotate(x1, ROTATIONS[1 - group % 2][k]) ^ x0;
      }
      x0 += keys[group % 3];
      x1 += keys[(group + 1) % 3] + group;
    }
    const int lanes = pairs - i < W ? (int)(pairs - i) : W;
    for (int lane = 0; lane < lanes; lane++) {
      words[2 * (i + lane)] = x0[lane];
      words[2 * (i + lane) + 1] = x1[lane];
    }
  }
}

}  // namespace
