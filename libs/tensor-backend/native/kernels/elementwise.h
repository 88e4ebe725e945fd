#pragma once
#include "functions.h"
#include "kernels.h"

namespace {

using winnow::Binary;
using winnow::Comparison;
using winnow::Unary;

/** y = f(x); the tail goes through the same vector code, so that a number's result does not depend on its place. */
template <class F>
inline void mapVectors(const float* x, float* y, int64_t n, F f) {
  int64_t i = 0;
  for (; i + W <= n; i += W) store(y + i, f(load(x + i)));
  if (i < n) storeSome(y + i, f(loadSome(x + i, (int)(n - i))), (int)(n - i));
}

void unary(Unary op, const float* x, float* y, int64_t n, float a, float b) {
  const V zero = broadcast(0.0f), one = broadcast(1.0f);
  const V va = broadcast(a), vb = broadcast(b);
  switch (op) {
    case Unary::Abs: return mapVectors(x, y, n, [](V v) { return absolute(v); });
    case Unary::Neg: return mapVectors(x, y, n, [](V v) { return -v; });
    case Unary::Exp: return mapVectors(x, y, n, [](V v) { return exponential(v); });
    case Unary::Log: return mapVectors(x, y, n, [](V v) { return logarithm(v); });
    case Unary::Sqrt: return mapVectors(x, y, n, [](V v) { return squareRoot(v); });
    case Unary::Rsqrt: return mapVectors(x, y, n, [](V v) { return 1.0f / squareRoot(v); });
    case Unary::Square: return mapVectors(x, y, n, [](V v) { return v * v; });
    case Unary::Reciprocal: return mapVectors(x, y, n, [](V v) { return 1.0f / v; });
    case Unary::Sigmoid: return mapVectors(x, y, n, [](V v) { return logistic(v); });
    case Unary::Tanh: return mapVectors(x, y, n, [](V v) { return hyperbolicTangent(v); });
    // Written so that NaN, for which every comparison is false, stays.
    case Unary::Relu: return mapVectors(x, y, n, [&](V v) { return choose(v < zero, zero, v); });
    case Unary::Relu6:
      return mapVectors(x, y, n, [&](V v) {
        V r = choose(v < zero, zero, v);
        return choose(r > va, va, r);
      });
    case Unary::LeakyRelu: return mapVectors(x, y, n, [&](V v) { return choose(v < zero, v * va, v); });
    case Unary::Step:
      return mapVectors(x, y, n, [&](V v) { return choose(v != v, v, choose(v > zero, one, va)); });
    case Unary::Sign:
      return mapVectors(x, y, n, [&](V v) {
        return choose(v > zero, one, choose(v < zero, -one, choose(v != v, zero, v)));
      });
    case Unary::ClipByValue:
      return mapVectors(x, y, n, [&](V v) {
        V r = choose(v < va, va, v);
        return choose(r > vb, vb, r);
      });
    case Unary::Floor:
      for (int64_t i = 0; i < n; i++) y[i] = __builtin_floorf(x[i]);
      return;
    case Unary::Ceil:
      for (int64_t i = 0; i < n; i++) y[i] = __builtin_ceilf(x[i]);
      return;
    case Unary::Count: return;
  }
}

template <class F>
inline void mapPairs(const float* a, int aStride, const float* b, int bStride, float* y, int64_t n, F f) {
  int64_t i = 0;
  const V a0 = broadcast(aStride || n == 0 ? 0.0f : *a), b0 = broadcast(bStride || n == 0 ? 0.0f : *b);
  if (aStride && bStride)
    for (; i + W <= n; i += W) {
      __builtin_prefetch(a + i + AHEAD);
      __builtin_prefetch(b + i + AHEAD);
      store(y + i, f(load(a + i), load(b + i)));
    }
  else if (aStride)
    for (; i + W <= n; i += W) store(y + i, f(load(a + i), b0));
  else if (bStride)
    for (; i + W <= n; i += W) store(y + i, f(a0, load(b + i)));
  if (i < n) {
    const int left = n - i < W ? (int)(n - i) : W;
    const V va = aStride ? loadSome(a + i, left) : a0, vb = bStride ? loadSome(b + i, left) : b0;
    const V r = f(va, vb);
    for (; i < n; i += W) storeSome(y + i, r, n - i < W ? (int)(n - i) : W);
  }
}

void binary(Binary op, const float* a, int aStride, const float* b, int bStride, float* y, int64_t n) {
  switch (op) {
    case Binary::Add: return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return u + v; });
    case Binary::Sub: return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return u - v; });
    case Binary::Multiply: return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return u * v; });
    case Binary::RealDiv: return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return u / v; });
    case Binary::Maximum:
      return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return choose(u != u, u, choose(v < u, u, v)); });
    case Binary::Minimum:
      return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) { return choose(u != u, u, choose(v > u, u, v)); });
    case Binary::SquaredDifference:
      return mapPairs(a, aStride, b, bStride, y, n, [](V u, V v) {
        V d = u - v;
        return d * d;
      });
    case Binary::Count: return;
  }
}

template <class F>
inline void comparePairs(const float* a, int aStride, const float* b, int bStride, uint8_t* y, int64_t n, F f) {
  for (int64_t i = 0; i < n; i++) y[i] = f(a[i * aStride], b[i * bStride]);
}

void compare(Comparison op, const float* a, int aStride, const float* b, int bStride, uint8_t* y, int64_t n) {
  switch (op) {
    case Comparison::Equal:
      return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u == v; });
    case Comparison::NotEqual:
      return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u != v; });
    case Comparison::Less: return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u < v; });
    case Comparison::LessEqual:
      return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u <= v; });
    case Comparison::Greater:
      return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u > v; });
    case Comparison::GreaterEqual:
      return comparePairs(a, aStride, b, bStride, y, n, [](float u, float v) { return u >= v; });
    case Comparison::Count: return;
  }
}

void relax(const float* alpha, const float* u, float* mask, int64_t n, float temperature) {
  const float rate = 1.0f / temperature;
  for (int64_t i = 0; i < n; i += W) {
    const int count = n - i < W ? (int)(n - i) : W;
    const V noise = count == W ? load(u + i) : loadSome(u + i, count);
    const V logit = count == W ? load(alpha + i) : loadSome(alpha + i, count);
    const V m = logistic((logarithm(noise) - logarithm(1.0f - noise)) * rate + logit);
    if (count == W) store(mask + i, m);
    else storeSome(mask + i, m, count);
  }
}

}  // namespace
