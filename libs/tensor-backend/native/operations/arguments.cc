#include "arguments.h"

#include "../engine/failure.h"

namespace winnow {
namespace {

int64_t productOf(const int64_t* begin, const int64_t* end) {
  int64_t total = 1;
  for (const int64_t* n = begin; n < end; n++) {
    if (*n < 0 || (*n > 0 && total > Arguments::LARGEST / *n)) throw Failure("A shape is negative or too large.");
    total *= *n;
  }
  return total;
}

}  // namespace

int64_t product(std::initializer_list<int64_t> sizes) { return productOf(sizes.begin(), sizes.end()); }
int64_t product(const std::vector<int64_t>& sizes) { return productOf(sizes.data(), sizes.data() + sizes.size()); }

}  // namespace winnow
