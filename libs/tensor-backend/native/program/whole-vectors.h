#pragma once
#include <cstdint>

namespace winnow {

/** Floats in whole vectors. */
inline int64_t wholeVectors(int64_t floats, int64_t vector) { return (floats + vector - 1) / vector * vector; }

}  // namespace winnow
