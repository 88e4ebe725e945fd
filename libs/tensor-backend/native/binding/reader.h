// The arguments of one call from JavaScript, by position, in the order of their signature.
#pragma once
#include <node_api.h>

#include "../engine/buffers.h"
#include "../operations/arguments.h"

namespace winnow {

class Reader final : public Arguments {
 public:
  Reader(napi_env env, napi_callback_info info);

  using Arguments::number;
  void integer(const char* name, int64_t& value, int64_t least, int64_t most) override;
  void number(const char* name, double& value) override;
  void flag(const char* name, bool& value) override;
  void integers(const char* name, std::vector<int64_t>& values) override;

  void handle(const char* name, Handle& value);
  void text(const char* name, std::vector<char>& value);
  /** Any typed array's memory. */
  void bytes(const char* name, char*& at, int64_t& count);

  napi_env env() const { return env_; }
  /** What messages call the function: its data. */
  const char* function() const { return static_cast<const char*>(function_); }

 private:
  int choice(const char* name, const EnumNames& names, int count) override;
  void* memory(const char* name, const Need& need) override;
  void* items(const char* name, ArrayItem item, const Need& need) override;

  struct TypedArray {
    napi_typedarray_type type;
    int64_t length, bytes;
    char* data;
  };
  TypedArray typedArray(const char* name, napi_value value) const;
  bool isLeftOut(napi_value value) const;
  napi_value next(const char* name);
  /** Refuses memory at an odd place, and such as another argument has, where either is written. */
  void claim(const char* name, const void* at, const Need& need);

  struct Claim {
    const char* name;
    uintptr_t begin, end;
    bool written;
  };

  static constexpr size_t MOST = 32;
  napi_env env_;
  void* function_ = nullptr;
  size_t count_ = MOST, next_ = 0, claimed_ = 0;
  napi_value values_[MOST];
  Claim claims_[MOST];
};

}  // namespace winnow
