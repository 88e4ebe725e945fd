#include "arguments.h"

#include "../engine/failure.h"

namespace winnow {
namespace {

/** Multiplies `total`, of which `bound` is the product without zeros; false where that is too large. */
bool multiply(int64_t& total, int64_t& bound, int64_t by) {
  if (by < 0) return false;
  if (by > 0 && (__builtin_mul_overflow(bound, by, &bound) || bound > Arguments::LARGEST)) return false;
  total = by == 0 || total == 0 ? 0 : bound;
  return true;
}

}  // namespace

int64_t product(Sizes sizes) {
  int64_t total = 1, bound = 1;
  for (int64_t n : sizes)
    if (!multiply(total, bound, n)) throw Failure("its sizes are too large together");
  return total;
}

int64_t product(const char* name, const std::vector<int64_t>& sizes) {
  int64_t total = 1, bound = 1;
  for (int64_t n : sizes)
    if (!multiply(total, bound, n)) refuse(name, "is negative or too large");
  return total;
}

void refuse(const char* name, const std::string& why) { throw Failure(std::string(name) + " " + why); }

int64_t Arguments::bytesOf(const char* name, Sizes sizes, int64_t itemBytes) {
  int64_t total = itemBytes, bound = itemBytes;
  for (int64_t n : sizes)
    if (!multiply(total, bound, n)) refuse(name, "would have a shape that is negative or too large");
  return total;
}

}  // namespace winnow
