// Places for what is alive from one pass to another, so that none overlap that are alive at once.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace winnow {

class Arena {
 public:
  /** Floats that are needed at least from pass `from` to pass `to`, both of them included. Returns the number of the place. */
  size_t place(int from, int to, int64_t floats) {
    Life life{0, 0, from, to};
    std::vector<Life> there;
    for (const Life& other : lives_)
      if (life.meets(other)) there.push_back(other);
    std::sort(there.begin(), there.end(), [](const Life& a, const Life& b) { return a.begin < b.begin; });
    for (const Life& other : there) {
      if (other.begin >= life.begin + floats) break;
      life.begin = std::max(life.begin, other.end);
    }
    life.end = life.begin + floats;
    floats_ = std::max(floats_, life.end);
    lives_.push_back(life);
    return lives_.size() - 1;
  }

  /** Keeps a place to pass `to`, if nothing that is placed yet is in the way. */
  bool extend(size_t place, int to) {
    const Life longer{lives_[place].begin, lives_[place].end, lives_[place].from, std::max(lives_[place].to, to)};
    for (size_t i = 0; i < lives_.size(); i++) {
      const Life& other = lives_[i];
      if (i != place && longer.meets(other) && longer.begin < other.end && other.begin < longer.end) return false;
    }
    lives_[place] = longer;
    return true;
  }

  int64_t begin(size_t place) const { return lives_[place].begin; }
  int64_t floats() const { return floats_; }

 private:
  struct Life {
    int64_t begin, end;  // floats
    int from, to;

    bool meets(const Life& other) const { return from <= other.to && other.from <= to; }
  };

  std::vector<Life> lives_;
  int64_t floats_ = 0;
};

}  // namespace winnow
