// The arguments of one call from JavaScript, by position, in the order of their signature.
#pragma once
#include <node_api.h>

#include "../operations/arguments.h"

namespace winnow {

class Reader final : public Arguments {
 public:
  /** The function's data is what messages call it. */
  Reader(napi_env env, napi_callback_info info);

  using Arguments::number;
  void integer(const char* name, int64_t& value, int64_t least, int64_t most) override;
  void number(const char* name, double& value) override;
  void flag(const char* name, bool& value) override;
  void integers(const char* name, std::vector<int64_t>& values) override;

  void text(const char* name, std::vector<char>& value);
  /** Any typed array's memory. */
  void bytes(const char* name, char*& at, int64_t& count);

  napi_env env() const { return env_; }

 private:
  int choice(const char* name, const EnumNames& names, int count) override;
  void* memory(const char* name, int64_t bytes, bool optional) override;
  void* items(const char* name, ArrayItem item, int64_t count, bool optional) override;

  struct TypedArray {
    napi_typedarray_type type;
    size_t length;
    void* data;
  };
  TypedArray typedArray(const char* name, napi_value value) const;
  bool isLeftOut(napi_value value) const;
  napi_value next(const char* name);
  [[noreturn]] void wrong(const char* name, const char* wanted) const;

  static constexpr size_t MOST = 32;
  napi_env env_;
  void* function_;
  size_t count_ = MOST, next_ = 0;
  napi_value values_[MOST];
};

}  // namespace winnow
