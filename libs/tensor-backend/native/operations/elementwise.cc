#include <cstring>

#include "../engine/failure.h"
#include "../engine/threads.h"
#include "operations.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 32768;

const Kernels*& chosen() {
  static const Kernels* table = findKernels(availableKernels()[0]);
  return table;
}

/** Merges axes that both inputs walk through without a jump, so that the inner loop is as long as can be. */
void mergeAxes(Broadcast& v) {
  Broadcast merged;
  for (size_t i = 0; i < v.shape.size(); i++) {
    if (v.shape[i] == 1) continue;
    const int64_t n = v.shape[i], a = v.aStrides[i], b = v.bStrides[i];
    if (!merged.shape.empty() && merged.aStrides.back() == a * n && merged.bStrides.back() == b * n) {
      merged.shape.back() *= n;
      merged.aStrides.back() = a;
      merged.bStrides.back() = b;
    } else {
      merged.shape.push_back(n);
      merged.aStrides.push_back(a);
      merged.bStrides.push_back(b);
    }
  }
  if (merged.shape.empty()) merged = {{1}, {0}, {0}};
  v = merged;
}

/** Calls row(aOffset, aStride, bOffset, bStride, yOffset, n) for the innermost runs. */
template <class F>
void forRows(Broadcast v, F row) {
  mergeAxes(v);
  const int64_t inner = v.shape.back();
  const int64_t aStride = v.aStrides.back(), bStride = v.bStrides.back();
  int64_t rows = 1;
  const int last = (int)v.shape.size() - 1;
  for (int i = 0; i < last; i++) rows *= v.shape[i];
  if (rows == 0 || inner == 0) return;
  const auto offsets = [&](int64_t r, int64_t& a, int64_t& b) {
    a = b = 0;
    for (int i = last - 1; i >= 0; i--) {
      const int64_t index = r % v.shape[i];
      r /= v.shape[i];
      a += index * v.aStrides[i];
      b += index * v.bStrides[i];
    }
  };
  if (rows == 1) {
    parallelRanges(inner, GRAIN, [&](int64_t begin, int64_t end) {
      row(begin * aStride, (int)aStride, begin * bStride, (int)bStride, begin, end - begin);
    });
    return;
  }
  const int64_t rowsAtOnce = inner >= GRAIN ? 1 : GRAIN / inner;
  parallelRanges(rows, rowsAtOnce, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      int64_t a, b;
      offsets(r, a, b);
      row(a, (int)aStride, b, (int)bStride, r * inner, inner);
    }
  });
}

template <class From, class To>
void castRange(const void* x, void* y, int64_t begin, int64_t end) {
  const From* from = static_cast<const From*>(x);
  To* to = static_cast<To*>(y);
  for (int64_t i = begin; i < end; i++) to[i] = (To)from[i];
}

/** JavaScript's conversion: modulo 2³², and NaN and infinities become 0. */
int32_t toInt32(float v) {
  if (v >= -2147483648.0f && v < 2147483648.0f) return (int32_t)v;
  if (v != v || v - v != 0) return 0;
  double wrapped = __builtin_fmod((double)__builtin_truncf(v), 4294967296.0);
  return (int32_t)(uint32_t)(int64_t)wrapped;
}

}  // namespace

const Kernels& kernels() { return *chosen(); }

void useKernels(const char* name) {
  const Kernels* found = findKernels(name);
  if (!found) throw Failure(std::string("This processor has no instruction set \"") + name + "\".");
  chosen() = found;
}

void unary(Unary op, const float* x, float* y, int64_t n, float a, float b) {
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    kernels().unary(op, x + begin, y + begin, end - begin, a, b);
  });
}

void binary(Binary op, const float* a, const float* b, float* y, Broadcast view) {
  forRows(std::move(view), [=](int64_t i, int aStride, int64_t j, int bStride, int64_t at, int64_t n) {
    kernels().binary(op, a + i, aStride, b + j, bStride, y + at, n);
  });
}

void compare(Comparison op, const float* a, const float* b, uint8_t* y, Broadcast view) {
  forRows(std::move(view), [=](int64_t i, int aStride, int64_t j, int bStride, int64_t at, int64_t n) {
    kernels().compare(op, a + i, aStride, b + j, bStride, y + at, n);
  });
}

void select(const uint8_t* condition, const char* t, const char* e, char* y, int64_t n, int itemBytes) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      std::memcpy(y + i * itemBytes, (condition[i] ? t : e) + i * itemBytes, (size_t)itemBytes);
  });
}

void cast(const void* x, Type from, void* y, Type to, int64_t n) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    if (to == Type::Float32) {
      if (from == Type::Int32) castRange<int32_t, float>(x, y, begin, end);
      else if (from == Type::Bool) castRange<uint8_t, float>(x, y, begin, end);
      else castRange<float, float>(x, y, begin, end);
    } else if (to == Type::Int32) {
      if (from == Type::Float32)
        for (int64_t i = begin; i < end; i++) static_cast<int32_t*>(y)[i] = toInt32(static_cast<const float*>(x)[i]);
      else if (from == Type::Bool) castRange<uint8_t, int32_t>(x, y, begin, end);
      else castRange<int32_t, int32_t>(x, y, begin, end);
    } else {
      uint8_t* bits = static_cast<uint8_t*>(y);
      for (int64_t i = begin; i < end; i++)
        bits[i] = from == Type::Float32 ? static_cast<const float*>(x)[i] != 0
                  : from == Type::Int32 ? static_cast<const int32_t*>(x)[i] != 0
                                        : static_cast<const uint8_t*>(x)[i];
    }
  });
}

void fill(void* y, Type type, int64_t n, double value) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if (type == Type::Float32) static_cast<float*>(y)[i] = (float)value;
      else if (type == Type::Int32) static_cast<int32_t*>(y)[i] = (int32_t)value;
      else static_cast<uint8_t*>(y)[i] = (uint8_t)value;
    }
  });
}

void relax(const float* alpha, const float* u, float* mask, int64_t n, float temperature) {
  parallelRanges(n, GRAIN, [=](int64_t begin, int64_t end) {
    kernels().relax(alpha + begin, u + begin, mask + begin, end - begin, temperature);
  });
}

double sumOfSquares(const float* x, int64_t n) {
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    parts[(size_t)(begin / GRAIN)] = kernels().sumOfSquares(x + begin, end - begin);
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

}  // namespace winnow
