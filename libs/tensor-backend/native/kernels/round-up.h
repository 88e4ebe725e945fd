#pragma once
#include <cstdint>

namespace winnow {

/** The least multiple that is no less. Of internal linkage, as all that the kernels of several instruction sets share. */
static inline int64_t roundUp(int64_t count, int64_t multiple) { return (count + multiple - 1) / multiple * multiple; }

}  // namespace winnow
