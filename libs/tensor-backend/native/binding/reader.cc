#include "reader.h"

#include <string>

#include "../engine/buffers.h"
#include "../engine/failure.h"

namespace winnow {

Reader::Reader(napi_env env, napi_callback_info info) : env_(env) {
  if (napi_get_cb_info(env, info, &count_, values_, nullptr, &function_) != napi_ok) throw Failure("The call failed.");
}

void Reader::wrong(const char* name, const char* wanted) const {
  throw Failure(std::string("In a call of the engine's ") + static_cast<const char*>(function_) + ", " + name +
                " is not " + wanted + ".");
}

napi_value Reader::next(const char* name) {
  if (next_ >= count_ || next_ >= MOST) wrong(name, "given");
  return values_[next_++];
}

bool Reader::isLeftOut(napi_value value) const {
  napi_valuetype type;
  return napi_typeof(env_, value, &type) == napi_ok && type == napi_undefined;
}

void Reader::number(const char* name, double& value) {
  if (napi_get_value_double(env_, next(name), &value) != napi_ok) wrong(name, "a number");
}

void Reader::integer(const char* name, int64_t& value, int64_t least, int64_t most) {
  double given;
  number(name, given);
  if (!(given >= (double)least && given <= (double)most) || given != (double)(int64_t)given)
    wrong(name, ("an integer in [" + std::to_string(least) + ", " + std::to_string(most) + "]").c_str());
  value = (int64_t)given;
}

void Reader::flag(const char* name, bool& value) {
  if (napi_get_value_bool(env_, next(name), &value) != napi_ok) wrong(name, "true or false");
}

int Reader::choice(const char* name, const EnumNames& names, int count) {
  uint32_t value;
  if (napi_get_value_uint32(env_, next(name), &value) != napi_ok || value >= (uint32_t)count)
    wrong(name, (std::string("one of ") + names.values).c_str());
  return (int)value;
}

Reader::TypedArray Reader::typedArray(const char* name, napi_value value) const {
  TypedArray array;
  napi_value buffer;
  size_t offset;
  bool is = false;
  if (napi_is_typedarray(env_, value, &is) != napi_ok || !is ||
      napi_get_typedarray_info(env_, value, &array.type, &array.length, &array.data, &buffer, &offset) != napi_ok)
    wrong(name, "a typed array");
  return array;
}

void Reader::integers(const char* name, std::vector<int64_t>& values) {
  const TypedArray array = typedArray(name, next(name));
  if (array.type != napi_int32_array) wrong(name, "an Int32Array");
  const int32_t* first = static_cast<const int32_t*>(array.data);
  values.assign(first, first + array.length);
}

void* Reader::memory(const char* name, int64_t bytes, bool optional) {
  const napi_value value = next(name);
  if (optional && isLeftOut(value)) return nullptr;
  double handle;
  if (napi_get_value_double(env_, value, &handle) != napi_ok || !(handle >= 0 && handle <= 9007199254740992.0) ||
      handle != (double)(int64_t)handle)
    wrong(name, "a tensor");
  return address((int64_t)handle, (size_t)bytes);
}

void* Reader::items(const char* name, ArrayItem item, int64_t count, bool optional) {
  const napi_value value = next(name);
  if (optional && isLeftOut(value)) return nullptr;
  static constexpr napi_typedarray_type TYPES[] = {napi_uint8_array, napi_uint32_array, napi_float32_array,
                                                   napi_float64_array};
  const TypedArray array = typedArray(name, value);
  if (array.type != TYPES[(int)item] || (int64_t)array.length != count)
    wrong(name, "a typed array of the right type and length");
  return array.data;
}

void Reader::text(const char* name, std::vector<char>& value) {
  const napi_value given = next(name);
  size_t length;
  if (napi_get_value_string_utf8(env_, given, nullptr, 0, &length) != napi_ok) wrong(name, "a string");
  value.resize(length + 1);
  napi_get_value_string_utf8(env_, given, value.data(), length + 1, &length);
}

void Reader::bytes(const char* name, char*& at, int64_t& count) {
  static constexpr int64_t ITEM[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  const TypedArray array = typedArray(name, next(name));
  at = static_cast<char*>(array.data);
  count = (int64_t)array.length * ITEM[array.type];
}

}  // namespace winnow
