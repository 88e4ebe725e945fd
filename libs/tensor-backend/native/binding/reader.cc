#include "reader.h"

#include <string>

namespace winnow {

Reader::Reader(napi_env env, napi_callback_info info) : env_(env) {
  if (napi_get_cb_info(env, info, &count_, values_, nullptr, &function_) != napi_ok) count_ = 0;
}

napi_value Reader::next(const char* name) {
  if (next_ >= count_ || next_ >= MOST) refuse(name, "is not given");
  return values_[next_++];
}

bool Reader::isLeftOut(napi_value value) const {
  napi_valuetype type;
  return napi_typeof(env_, value, &type) == napi_ok && type == napi_undefined;
}

void Reader::number(const char* name, double& value) {
  if (napi_get_value_double(env_, next(name), &value) != napi_ok) refuse(name, "is not a number");
}

void Reader::integer(const char* name, int64_t& value, int64_t least, int64_t most) {
  double given;
  number(name, given);
  if (!(given >= (double)least && given <= (double)most) || given != (double)(int64_t)given)
    refuse(name, "is not an integer in [" + std::to_string(least) + ", " + std::to_string(most) + "]");
  value = (int64_t)given;
}

void Reader::flag(const char* name, bool& value) {
  if (napi_get_value_bool(env_, next(name), &value) != napi_ok) refuse(name, "is not true or false");
}

int Reader::choice(const char* name, const EnumNames& names, int count) {
  double value;
  if (napi_get_value_double(env_, next(name), &value) != napi_ok || !(value >= 0 && value < count) ||
      value != (double)(int)value)
    refuse(name, std::string("is not one of ") + names.values);
  return (int)value;
}

Reader::TypedArray Reader::typedArray(const char* name, napi_value value) const {
  // What an array of a kind that this engine was built before would leave as it is.
  TypedArray array{napi_typedarray_type(-1), 0, 0, nullptr};
  napi_value buffer;
  size_t length = 0, offset;
  void* data = nullptr;
  bool is = false;
  if (napi_is_typedarray(env_, value, &is) != napi_ok || !is ||
      napi_get_typedarray_info(env_, value, &array.type, &length, &data, &buffer, &offset) != napi_ok)
    refuse(name, "is not a typed array");
  static constexpr int64_t ITEM[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  const auto type = (size_t)array.type;
  if (type >= sizeof ITEM / sizeof *ITEM) refuse(name, "is a typed array of a kind that the engine does not know");
  array.length = (int64_t)length;
  array.bytes = array.length * ITEM[type];
  array.data = static_cast<char*>(data);
  return array;
}

void Reader::integers(const char* name, std::vector<int64_t>& values) {
  const TypedArray array = typedArray(name, next(name));
  if (array.type != napi_int32_array) refuse(name, "is not an Int32Array");
  const int32_t* first = reinterpret_cast<const int32_t*>(array.data);
  values.assign(first, first + array.length);
}

void Reader::handle(const char* name, Handle& value) {
  double given;
  if (napi_get_value_double(env_, next(name), &given) != napi_ok || !(given >= 0 && given <= 9007199254740992.0) ||
      given != (double)(int64_t)given)
    refuse(name, "is not a tensor");
  value = (Handle)given;
}

void* Reader::memory(const char* name, const Need& need) {
  if (need.optional && next_ < count_ && next_ < MOST && isLeftOut(values_[next_])) {
    next_++;
    return nullptr;
  }
  Handle given;
  handle(name, given);
  const Span span = spanOf(given);
  if (span.at == nullptr) refuse(name, "was disposed, or is not of this engine and thread");
  if ((int64_t)span.bytes < need.bytes)
    refuse(name, "has " + std::to_string(span.bytes) + " bytes where " + std::to_string(need.bytes) + " are needed");
  claim(name, span.at, need);
  return span.at;
}

void* Reader::items(const char* name, ArrayItem item, const Need& need) {
  const napi_value value = next(name);
  if (need.optional && isLeftOut(value)) return nullptr;
  static constexpr napi_typedarray_type TYPES[] = {napi_uint8_array, napi_uint32_array, napi_float32_array,
                                                   napi_float64_array};
  const TypedArray array = typedArray(name, value);
  if (array.type != TYPES[(int)item] || array.bytes != need.bytes)
    refuse(name, std::string("is not a ") + arrayOf(item) + " of " + std::to_string(need.bytes / need.alignment) + " items");
  claim(name, array.data, need);
  return array.data;
}

void Reader::claim(const char* name, const void* at, const Need& need) {
  const auto begin = (uintptr_t)at, end = begin + (uintptr_t)need.bytes;
  if (begin % (uintptr_t)need.alignment != 0) refuse(name, "begins between two items");
  if (begin == end) return;
  for (size_t i = 0; i < claimed_; i++) {
    const Claim& other = claims_[i];
    if ((need.written || other.written) && begin < other.end && other.begin < end)
      refuse(name, std::string("shares memory with ") + other.name + ", of which one is written");
  }
  claims_[claimed_++] = {name, begin, end, need.written};
}

void Reader::text(const char* name, std::vector<char>& value) {
  const napi_value given = next(name);
  size_t length;
  if (napi_get_value_string_utf8(env_, given, nullptr, 0, &length) != napi_ok) refuse(name, "is not a string");
  value.resize(length + 1);
  napi_get_value_string_utf8(env_, given, value.data(), length + 1, &length);
}

void Reader::bytes(const char* name, char*& at, int64_t& count) {
  const TypedArray array = typedArray(name, next(name));
  at = array.data;
  count = array.bytes;
}

}  // namespace winnow
