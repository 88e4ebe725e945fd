#include "movement.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "../engine/failure.h"
#include "../engine/threads.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 16384;  // items
constexpr int64_t TILE = 32;

/** Drops axes of one, merges those that both sides walk through without a jump. */
void mergeAxes(CopyArguments& c) {
  std::vector<int64_t> shape, xs, ys;
  for (size_t i = 0; i < c.shape.size(); i++) {
    if (c.shape[i] == 1) continue;
    if (!shape.empty() && xs.back() == c.xStrides[i] * c.shape[i] && ys.back() == c.yStrides[i] * c.shape[i]) {
      shape.back() *= c.shape[i];
      xs.back() = c.xStrides[i];
      ys.back() = c.yStrides[i];
    } else {
      shape.push_back(c.shape[i]);
      xs.push_back(c.xStrides[i]);
      ys.push_back(c.yStrides[i]);
    }
  }
  if (shape.empty()) shape = {1}, xs = {1}, ys = {1};
  c.shape = shape, c.xStrides = xs, c.yStrides = ys;
}

template <class T>
void copyRow(const T* x, int64_t xStride, T* y, int64_t yStride, int64_t n) {
  if (xStride == 1 && yStride == 1) std::memcpy(y, x, (size_t)n * sizeof(T));
  else
    for (int64_t i = 0; i < n; i++) y[i * yStride] = x[i * xStride];
}

template <class T>
void copyItems(CopyArguments& c) {
  const T* x = reinterpret_cast<const T*>(c.x);
  T* y = reinterpret_cast<T*>(c.y);
  // The axis along which y is contiguous goes last; the one along which x is contiguous, if another, before it: the
  // two make tiles whose lines are used whole while they are in the cache.
  const int rank = (int)c.shape.size();
  const auto moveToEnd = [&](int axis, int end) {
    for (auto* list : {&c.shape, &c.xStrides, &c.yStrides})
      std::rotate(list->begin() + axis, list->begin() + axis + 1, list->begin() + end);
  };
  for (int i = 0; i < rank; i++)
    if (c.yStrides[i] == 1) {
      moveToEnd(i, rank);
      break;
    }
  bool tiled = false;
  if (rank >= 2 && c.xStrides[rank - 1] != 1)
    for (int i = 0; i < rank - 1; i++)
      if (c.xStrides[i] == 1) {
        moveToEnd(i, rank - 1);
        tiled = c.shape[rank - 2] >= 4 && c.shape[rank - 1] >= 4;
        break;
      }
  const int64_t inner = c.shape[rank - 1], xi = c.xStrides[rank - 1], yi = c.yStrides[rank - 1];
  const int outerRank = tiled ? rank - 2 : rank - 1;
  int64_t outer = 1;
  for (int i = 0; i < outerRank; i++) outer *= c.shape[i];
  const auto start = [&](int64_t index, int64_t& from, int64_t& to) {
    from = c.xOffset, to = c.yOffset;
    for (int i = outerRank - 1; i >= 0; i--) {
      from += index % c.shape[i] * c.xStrides[i];
      to += index % c.shape[i] * c.yStrides[i];
      index /= c.shape[i];
    }
  };
  if (!tiled) {
    if (outer == 1) {
      parallelRanges(inner, GRAIN, [&](int64_t begin, int64_t end) {
        copyRow(x + c.xOffset + begin * xi, xi, y + c.yOffset + begin * yi, yi, end - begin);
      });
      return;
    }
    parallelRanges(outer, std::max<int64_t>(1, GRAIN / inner), [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) {
        int64_t from, to;
        start(o, from, to);
        copyRow(x + from, xi, y + to, yi, inner);
      }
    });
    return;
  }
  const int64_t rows = c.shape[rank - 2], xr = c.xStrides[rank - 2], yr = c.yStrides[rank - 2];
  const int64_t bands = (rows + TILE - 1) / TILE;
  parallelRanges(outer * bands, std::max<int64_t>(1, GRAIN / (TILE * inner)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      int64_t from, to;
      start(task / bands, from, to);
      const int64_t first = task % bands * TILE, last = std::min(rows, first + TILE);
      for (int64_t left = 0; left < inner; left += TILE) {
        const int64_t right = std::min(inner, left + TILE);
        for (int64_t r = first; r < last; r++)
          for (int64_t i = left; i < right; i++) y[to + r * yr + i * yi] = x[from + r * xr + i * xi];
      }
    }
  });
}

}  // namespace

int64_t CopyArguments::reach(const char* name, const std::vector<int64_t>& strides, int64_t offset) const {
  if (strides.size() != shape.size()) refuse(name, "are not as many as the axes of the shape");
  if (product("shape", shape) == 0) return 0;
  // The sums cannot wrap: strides have 32 bits, and the shape's product 40.
  int64_t low = offset, high = offset;
  for (size_t i = 0; i < shape.size(); i++) (strides[i] < 0 ? low : high) += strides[i] * (shape[i] - 1);
  if (low < 0) refuse(name, "would begin before the tensor");
  return high + 1;
}

void CopyArguments::checkWritesOnce() const {
  if (std::count(shape.begin(), shape.end(), 0) > 0) return;
  // Each axis must step over all that those with shorter steps reach.
  const auto step = [&](size_t axis) { return std::abs(yStrides[axis]); };
  for (size_t axis = 0; axis < shape.size(); axis++) {
    if (shape[axis] < 2) continue;
    int64_t within = 0;
    for (size_t other = 0; other < shape.size(); other++)
      if (other != axis && shape[other] > 1 && (step(other) < step(axis) || (step(other) == step(axis) && other < axis)))
        within += step(other) * (shape[other] - 1);
    if (step(axis) <= within) refuse("yStrides", "lead to an item more than once");
  }
}

void copy(const CopyArguments& work) {
  for (int64_t n : work.shape)
    if (n == 0) return;
  CopyArguments c = work;
  mergeAxes(c);
  if (c.type == Type::Bool) copyItems<uint8_t>(c);
  else copyItems<uint32_t>(c);
}

void gather(const GatherArguments& work) {
  const char* x = work.x;
  const int32_t* indices = work.indices;
  char* y = work.y;
  const int64_t outer = work.outer, limit = work.limit, inner = work.inner, count = work.count;
  for (int64_t i = 0; i < count; i++)
    if (indices[i] < 0 || indices[i] >= limit)
      throw Failure("indices hold one outside: GatherV2: the index value " + std::to_string(indices[i]) + " is not in [0, " +
                    std::to_string(limit - 1) + "]");
  if (inner == 0) return;  // of empty items there may be any number
  const size_t bytes = (size_t)(inner * itemBytesOf(work.type));
  parallelRanges(outer * count, std::max<int64_t>(1, GRAIN / inner), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      std::memcpy(y + i * (int64_t)bytes, x + (i / count * limit + indices[i % count]) * (int64_t)bytes, bytes);
  });
}

void oneHot(const OneHotArguments& work) {
  void* y = work.y;
  const int64_t depth = work.depth;
  fill({.y = work.y, .type = work.type, .n = work.count * depth, .value = work.off});
  for (int64_t i = 0; i < work.count; i++) {
    if (work.indices[i] < 0 || work.indices[i] >= depth) continue;
    const int64_t at = i * depth + work.indices[i];
    if (work.type == Type::Float32) static_cast<float*>(y)[at] = (float)work.on;
    else if (work.type == Type::Int32) static_cast<int32_t*>(y)[at] = (int32_t)work.on;
    else static_cast<uint8_t*>(y)[at] = (uint8_t)work.on;
  }
}

}  // namespace winnow
