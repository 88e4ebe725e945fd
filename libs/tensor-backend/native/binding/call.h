// One call from JavaScript: its arguments, read and checked. Anything wrong throws Failure, which `guarded` turns into a
// JavaScript Error.
#pragma once
#include <node_api.h>

#include <cstdint>
#include <vector>

namespace winnow {

class Call {
 public:
  Call(napi_env env, napi_callback_info info);

  int64_t integer(size_t argument) const;
  /** An integer in [0, 2⁴⁰): a size, or a product of them. */
  int64_t size(size_t argument) const;
  double number(size_t argument) const;
  bool flag(size_t argument) const;
  bool given(size_t argument) const;
  /** The numbers of an Int32Array. */
  std::vector<int64_t> integers(size_t argument) const;
  /** The memory behind a handle, of at least `count` items; for an empty tensor too it is not null. */
  template <class T>
  T* tensor(size_t argument, int64_t count) const {
    return static_cast<T*>(memory(argument, count, sizeof(T)));
  }
  /** As `tensor`, or null where the argument is undefined. */
  template <class T>
  T* optionalTensor(size_t argument, int64_t count) const {
    return given(argument) ? tensor<T>(argument, count) : nullptr;
  }
  /** The memory of a typed array with exactly `count` items of this type. */
  float* floats(size_t argument, int64_t count) const;
  double* doubles(size_t argument, int64_t count) const;
  uint8_t* bytes(size_t argument, int64_t count) const;
  /** A typed array's memory and size in bytes. */
  void* raw(size_t argument, size_t& bytes) const;
  std::vector<char> text(size_t argument) const;

  napi_value undefined() const;
  napi_value result(double value) const;
  napi_env env() const { return env_; }

 private:
  void* memory(size_t argument, int64_t count, size_t itemBytes) const;
  void* typed(size_t argument, int64_t count, napi_typedarray_type type) const;
  napi_value at(size_t argument) const;

  static constexpr size_t MOST = 17;
  napi_env env_;
  size_t count_ = MOST;
  napi_value values_[MOST];
};

using Operation = napi_value (*)(const Call&);

/** Runs an operation; its exceptions become JavaScript's. */
template <Operation operation>
napi_value guarded(napi_env env, napi_callback_info info);

/** n₀ · n₁ · …; throws Failure when it overflows. */
int64_t product(const std::vector<int64_t>& sizes);

}  // namespace winnow

#include <exception>

namespace winnow {

template <Operation operation>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return operation(Call(env, info));
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}

}  // namespace winnow
