#pragma once
#include <algorithm>
#include <cstdint>

namespace winnow {

/**
 * Memory to be had in the cache when it is needed. It is asked for a share at a time while the processor multiplies and
 * the bus is idle.
 */
class Ahead {
 public:
  /** `count` floats from `first` on, of the `all` that are at `base`. */
  Ahead(const float* base, int64_t first, int64_t count, int64_t all)
      : begin_(base + std::min(first, all)), lines_(std::min(count, all - std::min(first, all)) / LINE) {}

  void share(int64_t part, int64_t parts) const {
    for (int64_t line = lines_ * part / parts; line < lines_ * (part + 1) / parts; line++)
      __builtin_prefetch(begin_ + line * LINE, 0, 2);
  }

 private:
  static constexpr int64_t LINE = 16;  // floats
  const float* begin_;
  int64_t lines_;
};

}  // namespace winnow
