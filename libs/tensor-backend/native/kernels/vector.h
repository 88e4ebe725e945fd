// One vector type as wide as the instruction set that this translation unit is compiled for. GCC's and Clang's vector
// extensions give the arithmetic; only what they lack is written out.
#pragma once
#include <cstdint>

#ifndef WINNOW_WIDTH
#error "WINNOW_WIDTH: floats in a vector, set by the build for each instruction set"
#endif

// Everything here has internal linkage: a function shared with another translation unit might be the copy that was
// compiled for an instruction set which this processor lacks.
namespace {

constexpr int W = WINNOW_WIDTH;

/** Floats ahead of their use at which memory is asked for: the processor alone does not see several strides coming. */
constexpr int64_t AHEAD = 512;

typedef float V __attribute__((vector_size(W * 4)));
typedef int32_t VI __attribute__((vector_size(W * 4)));
typedef float VU __attribute__((vector_size(W * 4), aligned(4), may_alias));
typedef int32_t VIU __attribute__((vector_size(W * 4), aligned(4), may_alias));
typedef double VH __attribute__((vector_size(W == 1 ? 8 : W * 4)));

inline V load(const float* p) { return *reinterpret_cast<const VU*>(p); }
inline void store(float* p, V v) { *reinterpret_cast<VU*>(p) = v; }

inline V broadcast(float s) {
#if WINNOW_WIDTH == 1
  return V{s};
#elif WINNOW_WIDTH == 4
  return V{s, s, s, s};
#elif WINNOW_WIDTH == 8
  return V{s, s, s, s, s, s, s, s};
#else
  return V{s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s};
#endif
}

inline V loadSome(const float* p, int count) {
  V v = broadcast(0.0f);
  for (int i = 0; i < count; i++) v[i] = p[i];
  return v;
}

inline void storeSome(float* p, V v, int count) {
  for (int i = 0; i < count; i++) p[i] = v[i];
}

/** a where the condition's lanes are −1, b where they are 0. */
inline V choose(VI condition, V a, V b) { return condition ? a : b; }

inline VI bits(V v) { return (VI)v; }
inline V fromBits(VI v) { return (V)v; }
inline V toFloat(VI v) { return __builtin_convertvector(v, V); }
inline VI toInt(V v) { return __builtin_convertvector(v, VI); }

/** W doubles as two vectors of a register's size: one of twice the size would be kept in memory. */
struct VD {
  VH low, high;

  double lane(int i) const {
    constexpr int HALF = sizeof(VH) / sizeof(double);
    return i < HALF ? low[i] : high[i - HALF];
  }
};

inline VD operator*(VD a, VD b) { return {a.low * b.low, a.high * b.high}; }
inline VD& operator+=(VD& a, VD b) {
  a.low += b.low;
  a.high += b.high;
  return a;
}

inline VD toDouble(V v) {
#if WINNOW_WIDTH == 1
  return {VH{v[0]}, VH{0}};
#else
  typedef float Half __attribute__((vector_size(W * 2), may_alias));
  const Half* halves = reinterpret_cast<const Half*>(&v);  // a shuffle by constants needs GCC 12
  return {__builtin_convertvector(halves[0], VH), __builtin_convertvector(halves[1], VH)};
#endif
}

inline V absolute(V v) { return fromBits(bits(v) & 0x7fffffff); }

inline V squareRoot(V v) {
  V r;
  for (int i = 0; i < W; i++) r[i] = __builtin_sqrtf(v[i]);
  return r;
}

/** Rounded to the nearest integer, halves to even; |v| < 2²². */
inline V nearest(V v) {
  const V magic = broadcast(12582912.0f);  // 1.5 · 2²³
  V shifted = v + magic;
  return shifted - magic;
}

}  // namespace
