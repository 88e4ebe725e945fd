// Elementary functions of a vector, to 2 units in the last place, with IEEE's special values.
#pragma once
#include "vector.h"

namespace {

/** 2^n for integers n in [−126, 127]. */
inline V powerOfTwo(VI n) { return fromBits((n + 127) << 23); }

/** eˣ: reduction by ln 2 in two parts and the Taylor polynomial of degree 7 on [−ln 2 / 2, ln 2 / 2]. */
inline V exponential(V x) {
  const V high = broadcast(89.0f), low = broadcast(-104.0f);
  V clipped = choose(x > high, high, x);  // NaN stays
  clipped = choose(clipped < low, low, clipped);
  V n = nearest(clipped * 1.44269504088896341f);
  V r = clipped - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  V p = broadcast(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  // In two steps, because 2^n itself may be out of range.
  VI exponent = toInt(choose(x != x, broadcast(0.0f), n));
  VI half = exponent >> 1;
  return p * powerOfTwo(half) * powerOfTwo(exponent - half);
}

/** ln x: exponent and mantissa in [√½, √2), and the series of 2 artanh((m − 1)/(m + 1)). */
inline V logarithm(V x) {
  const V zero = broadcast(0.0f), one = broadcast(1.0f);
  const V infinity = broadcast(__builtin_inff());
  VI tiny = x < broadcast(1.17549435e-38f);
  V scaled = choose(tiny, x * 8388608.0f, x);
  VI b = bits(scaled);
  VI e = ((b >> 23) & 0xff) - 127;
  V m = fromBits((b & 0x7fffff) | 0x3f800000);
  VI large = m > broadcast(1.41421356f);
  m = choose(large, m * 0.5f, m);
  V exponent = toFloat(e) + choose(large, one, zero) - choose(tiny, broadcast(23.0f), zero);
  V f = m - 1.0f;
  V s = f / (m + 1.0f);
  V z = s * s;
  V p = broadcast(2.0f / 9);
  p = p * z + 2.0f / 7;
  p = p * z + 2.0f / 5;
  p = p * z + 2.0f / 3;
  // ln m = 2s + s z p = f − s (f − z p), which keeps the low bits of f.
  V result = f - s * (f - z * p) + exponent * -2.12194440e-4f;
  result = result + exponent * 0.693359375f;
  result = choose(x == zero, -infinity, result);
  result = choose(x < zero, broadcast(__builtin_nanf("")), result);
  result = choose(x == infinity, infinity, result);
  return choose(x != x, x, result);
}

inline V logistic(V x) { return 1.0f / (1.0f + exponential(-x)); }

/** tanh x: the series near zero, where the quotient would cancel. */
inline V hyperbolicTangent(V x) {
  V z = x * x;
  V p = broadcast(-5.70498872745e-3f);
  p = p * z + 2.06390887954e-2f;
  p = p * z + -5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z + -3.33332819422e-1f;
  V near = p * z * x + x;
  V far = 1.0f - 2.0f / (exponential(2.0f * absolute(x)) + 1.0f);
  far = fromBits(bits(far) | (bits(x) & (int32_t)0x80000000));
  return choose(absolute(x) < broadcast(0.625f), near, far);
}

}  // namespace
