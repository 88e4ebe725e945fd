#pragma once
#include "../kernels/kernels.h"
#include "arguments.h"

namespace winnow {

NAMED_ENUM(Type, Float32, Int32, Bool);
inline int64_t itemBytesOf(Type type) { return type == Type::Bool ? 1 : 4; }
/** Throws Failure for a number that the type's integers cannot hold. */
void checkFits(const char* name, double value, Type type);

/** y = op(x) over n numbers; what a and b are is the op's affair. */
struct UnaryArguments {
  Unary op;
  const float* x;
  float* y;
  int64_t n;
  float a = 0, b = 0;

  void fields(Arguments& call) {
    call.oneOf(NAMED(op));
    call.size(NAMED(n));
    call.tensor(NAMED(x), {n});
    call.tensor(NAMED(y), {n});
    call.number(NAMED(a));
    call.number(NAMED(b));
  }
};
void unary(const UnaryArguments& work);

/** Shapes and strides (in items, 0 where an input is broadcast) of a's and b's view as `shape`. */
struct Broadcast {
  std::vector<int64_t> shape, aStrides, bStrides;

  void fields(Arguments& call) {
    call.integers(NAMED(shape));
    call.integers(NAMED(aStrides));
    call.integers(NAMED(bStrides));
  }
  /**
   * How many items the view, which has `size` of them, reaches of an input. Throws Failure for strides that the kernels
   * cannot walk by.
   */
  int64_t reach(const char* name, const std::vector<int64_t>& strides, int64_t size) const;
};

/** y = op(a, b) over a view. */
template <class Op, class Y>
struct PairwiseArguments {
  Op op;
  const float *a, *b;
  Y* y;
  Broadcast view;

  void fields(Arguments& call) {
    call.oneOf(NAMED(op));
    view.fields(call);
    const int64_t n = product("shape", view.shape);
    call.tensor(NAMED(a), {view.reach("aStrides", view.aStrides, n)});
    call.tensor(NAMED(b), {view.reach("bStrides", view.bStrides, n)});
    call.tensor(NAMED(y), {n});
  }
};
void binary(const PairwiseArguments<Binary, float>& work);
void compare(const PairwiseArguments<Comparison, uint8_t>& work);

/** y = condition ? t : e over n items. */
struct SelectArguments {
  const uint8_t* condition;
  const char *t, *e;
  char* y;
  Type type;
  int64_t n;

  void fields(Arguments& call) {
    call.oneOf(NAMED(type));
    call.size(NAMED(n));
    call.tensor(NAMED(condition), {n});
    call.tensor(NAMED(t), {n}, itemBytesOf(type));
    call.tensor(NAMED(e), {n}, itemBytesOf(type));
    call.tensor(NAMED(y), {n}, itemBytesOf(type));
  }
};
void select(const SelectArguments& work);

struct CastArguments {
  const char* x;
  Type from;
  char* y;
  Type to;
  int64_t n;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.oneOf(NAMED(from));
    call.oneOf(NAMED(to));
    call.tensor(NAMED(x), {n}, itemBytesOf(from));
    call.tensor(NAMED(y), {n}, itemBytesOf(to));
  }
};
void cast(const CastArguments& work);

struct FillArguments {
  char* y;
  Type type;
  int64_t n;
  double value;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.oneOf(NAMED(type));
    call.tensor(NAMED(y), {n}, itemBytesOf(type));
    call.number(NAMED(value));
    checkFits(NAMED(value), type);
  }
};
void fill(const FillArguments& work);

/** mask = sigmoid(ln(u / (1 − u)) / temperature + alpha) over n numbers. */
struct RelaxArguments {
  const float *alpha, *u;
  float* mask;
  int64_t n;
  float temperature;

  void fields(Arguments& call) {
    call.size(NAMED(n));
    call.tensor(NAMED(alpha), {n});
    call.tensor(NAMED(u), {n});
    call.tensor(NAMED(mask), {n});
    call.number(NAMED(temperature));
  }
};
void relax(const RelaxArguments& work);

}  // namespace winnow
