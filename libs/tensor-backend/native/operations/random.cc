#include <algorithm>

#include "../engine/threads.h"
#include "operations.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 4096;  // pairs

struct Keys {
  uint32_t keys[3];
  Keys(uint32_t key0, uint32_t key1) : keys{key0, key1, 0x1bd11bdau ^ key0 ^ key1} {}
};

}  // namespace

void threefry(uint32_t* words, int64_t pairs, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high) {
  const Keys keys(key0, key1);
  parallelRanges(pairs, GRAIN, [&](int64_t begin, int64_t end) {
    kernels().threefry(words + 2 * begin, end - begin, keys.keys, first + (uint32_t)begin, high);
  });
}

void uniforms(float* y, int64_t count, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high) {
  const Keys keys(key0, key1);
  parallelRanges((count + 1) / 2, GRAIN, [&](int64_t begin, int64_t end) {
    uint32_t words[2 * GRAIN];
    kernels().threefry(words, end - begin, keys.keys, first + (uint32_t)begin, high);
    const int64_t n = std::min(count, 2 * end) - 2 * begin;
    // As int32, which processors convert at once; the nine bits that go leave the sign clear.
    for (int64_t i = 0; i < n; i++) y[2 * begin + i] = ((float)(int32_t)(words[i] >> 9) + 0.5f) * 0x1p-23f;
  });
}

}  // namespace winnow
