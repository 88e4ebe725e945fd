#include "random.h"

#include <algorithm>

#include "../engine/threads.h"
#include "../kernels/kernels.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 4096;  // pairs

struct Keys {
  uint32_t keys[3];
  explicit Keys(const Counters& c) : keys{c.key0, c.key1, 0x1bd11bdau ^ c.key0 ^ c.key1} {}
};

}  // namespace

void threefry(const ThreefryArguments& work) {
  const Keys keys(work.counters);
  parallelRanges(work.pairs, GRAIN, [&](int64_t begin, int64_t end) {
    kernels().threefry(work.words + 2 * begin, end - begin, keys.keys, work.counters.first + (uint32_t)begin,
                       work.counters.high);
  });
}

void uniforms(const UniformsArguments& work) {
  const Keys keys(work.counters);
  const uint32_t first = work.counters.first, high = work.counters.high;
  const int64_t count = work.count;
  float* y = work.draws;
  parallelRanges((count + 1) / 2, GRAIN, [&](int64_t begin, int64_t end) {
    uint32_t words[2 * GRAIN];
    kernels().threefry(words, end - begin, keys.keys, first + (uint32_t)begin, high);
    const int64_t n = std::min(count, 2 * end) - 2 * begin;
    // As int32, which processors convert at once; the nine bits that go leave the sign clear.
    for (int64_t i = 0; i < n; i++) y[2 * begin + i] = ((float)(int32_t)(words[i] >> 9) + 0.5f) * 0x1p-23f;
  });
}

}  // namespace winnow
