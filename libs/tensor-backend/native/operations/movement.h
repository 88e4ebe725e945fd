#pragma once
#include "elementwise.h"

namespace winnow {

/** y[yOffset + Σ i·yStride] = x[xOffset + Σ i·xStride] over `shape`; strides in items. */
struct CopyArguments {
  const char* x;
  char* y;
  std::vector<int64_t> shape, xStrides, yStrides;
  int64_t xOffset = 0, yOffset = 0;
  Type type = Type::Float32;

  void fields(Arguments& call) {
    call.integers(NAMED(shape));
    call.integers(NAMED(xStrides));
    call.integers(NAMED(yStrides));
    call.size(NAMED(xOffset));
    call.size(NAMED(yOffset));
    call.oneOf(NAMED(type));
    call.tensor(NAMED(x), {reach("xStrides", xStrides, xOffset)}, itemBytesOf(type));
    call.tensor(NAMED(y), {reach("yStrides", yStrides, yOffset)}, itemBytesOf(type));
    checkWritesOnce();
  }

 private:
  /** How many items the walk reaches. Throws Failure for strides that leave the tensor. */
  int64_t reach(const char* name, const std::vector<int64_t>& strides, int64_t offset) const;
  /** Throws Failure where y's axes interlock or an item would be written twice, in whatever order. */
  void checkWritesOnce() const;
};
void copy(const CopyArguments& work);

/** y [outer, count, inner] = x [outer, limit, inner] at the indices. */
struct GatherArguments {
  const char* x;
  const int32_t* indices;
  char* y;
  Type type;
  int64_t outer, limit, inner, count;

  void fields(Arguments& call) {
    call.size(NAMED(outer));
    call.size(NAMED(limit));
    call.size(NAMED(inner));
    call.size(NAMED(count));
    call.oneOf(NAMED(type));
    call.tensor(NAMED(x), {outer, limit, inner}, itemBytesOf(type));
    call.tensor(NAMED(indices), {count});
    call.tensor(NAMED(y), {outer, count, inner}, itemBytesOf(type));
  }
};
/** Throws Failure for an index outside [0, limit). */
void gather(const GatherArguments& work);

/** y [count, depth] is `on` at each index, if it is in [0, depth), and `off` elsewhere. */
struct OneHotArguments {
  const int32_t* indices;
  char* y;
  Type type;
  int64_t count, depth;
  double on, off;

  void fields(Arguments& call) {
    call.oneOf(NAMED(type));
    call.size(NAMED(count));
    call.size(NAMED(depth));
    call.tensor(NAMED(indices), {count});
    call.tensor(NAMED(y), {count, depth}, itemBytesOf(type));
    call.number(NAMED(on));
    call.number(NAMED(off));
    checkFits(NAMED(on), type);
    checkFits(NAMED(off), type);
  }
};
void oneHot(const OneHotArguments& work);

}  // namespace winnow
