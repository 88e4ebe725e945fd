// Numbers that tests draw, the same ones each time.
#pragma once
#include <cstdint>
#include <vector>

namespace {

/** A test that is to draw the same whatever was drawn before sets it first. */
uint32_t state = 1;

/** In [−1, 1). */
inline float draw() {
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) / 8388608.0f - 1.0f;
}

inline std::vector<float> draws(int64_t n) {
  std::vector<float> x((size_t)n);
  for (float& v : x) v = draw();
  return x;
}

}  // namespace
