// Which parameters of a network are kept, and where among those.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace winnow {

class Ranks {
 public:
  /** [parameters] */
  explicit Ranks(const std::vector<char>& kept) : size_((int64_t)kept.size()) {
    kept_ = size_ - std::count(kept.begin(), kept.end(), 0);
    if (kept_ == size_) return;
    ranks_.reserve(kept.size());
    int rank = 0;
    for (const char keeps : kept) ranks_.push_back(keeps ? rank++ : -1);
  }

  int64_t size() const { return size_; }
  int64_t kept() const { return kept_; }
  /** −1 for one that is not kept. */
  int at(int64_t parameter) const { return ranks_.empty() ? (int)parameter : ranks_[(size_t)parameter]; }
  int64_t keptOf(int64_t first, int64_t count) const {
    if (ranks_.empty()) return count;
    const auto begin = ranks_.begin() + first;
    return count - std::count(begin, begin + count, -1);
  }

 private:
  int64_t size_, kept_;
  /** None where all are kept. */
  std::vector<int> ranks_;
};

}  // namespace winnow
