#include "elementwise.h"

#include <cstring>

#include "../engine/threads.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 32768;

/** Merges axes that both inputs walk through without a jump, so that the inner loop is as long as can be. */
Broadcast mergedAxes(const Broadcast& v) {
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
  return merged;
}

/** Calls row(aOffset, aStride, bOffset, bStride, yOffset, n) for the innermost runs. */
template <class F>
void forRows(const Broadcast& view, F row) {
  const Broadcast v = mergedAxes(view);
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

void checkFits(const char* name, double value, Type type) {
  if (type == Type::Int32 && !(value >= -2147483648.0 && value <= 2147483647.0)) refuse(name, "is not a 32-bit integer");
  if (type == Type::Bool && !(value >= 0 && value <= 255)) refuse(name, "is not a byte");
}

void unary(const UnaryArguments& work) {
  parallelRanges(work.n, GRAIN, [&](int64_t begin, int64_t end) {
    kernels().unary(work.op, work.x + begin, work.y + begin, end - begin, work.a, work.b);
  });
}

int64_t Broadcast::reach(const char* name, const std::vector<int64_t>& strides, int64_t size) const {
  if (strides.size() != shape.size()) refuse(name, "are not as many as the axes of the shape");
  // The sum cannot wrap: strides have 32 bits, and the shape's product 40.
  int64_t last = 0, innermost = 0;
  for (size_t i = 0; i < shape.size(); i++) {
    if (strides[i] < 0) refuse(name, "hold a negative one");
    if (shape[i] == 1) continue;
    last += strides[i] * (shape[i] - 1);
    innermost = strides[i];
  }
  // The kernels walk an input either number by number or not at all.
  if (innermost > 1) refuse(name, "leave gaps on the last axis, which must be contiguous or broadcast");
  return size == 0 ? 0 : last + 1;
}

void binary(const PairwiseArguments<Binary, float>& work) {
  forRows(work.view, [&](int64_t i, int aStride, int64_t j, int bStride, int64_t at, int64_t n) {
    kernels().binary(work.op, work.a + i, aStride, work.b + j, bStride, work.y + at, n);
  });
}

void compare(const PairwiseArguments<Comparison, uint8_t>& work) {
  forRows(work.view, [&](int64_t i, int aStride, int64_t j, int bStride, int64_t at, int64_t n) {
    kernels().compare(work.op, work.a + i, aStride, work.b + j, bStride, work.y + at, n);
  });
}

void select(const SelectArguments& work) {
  const int64_t bytes = itemBytesOf(work.type);
  parallelRanges(work.n, GRAIN, [bytes, w = work](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      std::memcpy(w.y + i * bytes, (w.condition[i] ? w.t : w.e) + i * bytes, (size_t)bytes);
  });
}

void cast(const CastArguments& work) {
  const void* x = work.x;
  void* y = work.y;
  const Type from = work.from, to = work.to;
  parallelRanges(work.n, GRAIN, [=](int64_t begin, int64_t end) {
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

void fill(const FillArguments& work) {
  void* y = work.y;
  const Type type = work.type;
  const double value = work.value;
  parallelRanges(work.n, GRAIN, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if (type == Type::Float32) static_cast<float*>(y)[i] = (float)value;
      else if (type == Type::Int32) static_cast<int32_t*>(y)[i] = (int32_t)value;
      else static_cast<uint8_t*>(y)[i] = (uint8_t)value;
    }
  });
}

void relax(const RelaxArguments& work) {
  parallelRanges(work.n, GRAIN, [&](int64_t begin, int64_t end) {
    kernels().relax(work.alpha + begin, work.u + begin, work.mask + begin, end - begin, work.temperature);
  });
}

}  // namespace winnow
