#include "../engine/threads.h"
#include "operations.h"

namespace winnow {
namespace {

inline uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

/** J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
inline void encipher(uint32_t& x0, uint32_t& x1, const uint32_t keys[3]) {
  constexpr int ROTATIONS[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  x0 += keys[0];
  x1 += keys[1];
  for (uint32_t group = 1; group <= 5; group++) {
    for (int i = 0; i < 4; i++) {
      x0 += x1;
      x1 = rotate(x1, ROTATIONS[1 - group % 2][i]) ^ x0;
    }
    x0 += keys[group % 3];
    x1 += keys[(group + 1) % 3] + group;
  }
}

template <class F>
void forPairs(int64_t pairs, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high, F write) {
  const uint32_t keys[3] = {key0, key1, 0x1bd11bdau ^ key0 ^ key1};
  parallelRanges(pairs, 16384, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      uint32_t x0 = first + (uint32_t)i, x1 = high;
      encipher(x0, x1, keys);
      write(i, x0, x1);
    }
  });
}

}  // namespace

void threefry(uint32_t* words, int64_t pairs, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high) {
  forPairs(pairs, key0, key1, first, high, [=](int64_t i, uint32_t x0, uint32_t x1) {
    words[2 * i] = x0;
    words[2 * i + 1] = x1;
  });
}

void uniforms(float* y, int64_t count, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high) {
  const auto uniform = [](uint32_t word) { return ((float)(word >> 9) + 0.5f) * 0x1p-23f; };
  forPairs((count + 1) / 2, key0, key1, first, high, [=](int64_t i, uint32_t x0, uint32_t x1) {
    y[2 * i] = uniform(x0);
    if (2 * i + 1 < count) y[2 * i + 1] = uniform(x1);
  });
}

}  // namespace winnow
