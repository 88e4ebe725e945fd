#include "call.h"

#include <string>

#include "../engine/buffers.h"
#include "../engine/failure.h"

namespace winnow {
namespace {

[[noreturn]] void wrong(size_t argument, const char* wanted) {
  throw Failure("Argument " + std::to_string(argument) + " of a call into the engine is not " + wanted + ".");
}

constexpr int64_t LARGEST = int64_t{1} << 40;

}  // namespace

Call::Call(napi_env env, napi_callback_info info) : env_(env) {
  if (napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr) != napi_ok) throw Failure("The call failed.");
}

napi_value Call::at(size_t argument) const {
  if (argument >= count_ || argument >= MOST) wrong(argument, "there");
  return values_[argument];
}

bool Call::given(size_t argument) const {
  if (argument >= count_) return false;
  napi_valuetype type;
  napi_typeof(env_, values_[argument], &type);
  return type != napi_undefined && type != napi_null;
}

double Call::number(size_t argument) const {
  double value;
  if (napi_get_value_double(env_, at(argument), &value) != napi_ok) wrong(argument, "a number");
  return value;
}

int64_t Call::integer(size_t argument) const {
  const double value = number(argument);
  if (!(value >= -9007199254740992.0 && value <= 9007199254740992.0) || value != (double)(int64_t)value)
    wrong(argument, "an integer");
  return (int64_t)value;
}

int64_t Call::size(size_t argument) const {
  const int64_t value = integer(argument);
  if (value < 0 || value >= LARGEST) wrong(argument, "a size");
  return value;
}

bool Call::flag(size_t argument) const {
  bool value;
  if (napi_get_value_bool(env_, at(argument), &value) != napi_ok) wrong(argument, "true or false");
  return value;
}

void* Call::raw(size_t argument, size_t& bytes) const {
  napi_typedarray_type type;
  size_t length, offset;
  void* data;
  napi_value buffer;
  bool is = false;
  if (napi_is_typedarray(env_, at(argument), &is) != napi_ok || !is ||
      napi_get_typedarray_info(env_, at(argument), &type, &length, &data, &buffer, &offset) != napi_ok)
    wrong(argument, "a typed array");
  static constexpr size_t ITEM[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  bytes = length * ITEM[type];
  return data;
}

void* Call::typed(size_t argument, int64_t count, napi_typedarray_type wanted) const {
  napi_typedarray_type type;
  size_t length, offset;
  void* data;
  napi_value buffer;
  bool is = false;
  if (napi_is_typedarray(env_, at(argument), &is) != napi_ok || !is ||
      napi_get_typedarray_info(env_, at(argument), &type, &length, &data, &buffer, &offset) != napi_ok ||
      type != wanted || (int64_t)length != count)
    wrong(argument, "a typed array of the right type and length");
  return data;
}

float* Call::floats(size_t argument, int64_t count) const {
  return static_cast<float*>(typed(argument, count, napi_float32_array));
}
double* Call::doubles(size_t argument, int64_t count) const {
  return static_cast<double*>(typed(argument, count, napi_float64_array));
}
uint8_t* Call::bytes(size_t argument, int64_t count) const {
  return static_cast<uint8_t*>(typed(argument, count, napi_uint8_array));
}

std::vector<int64_t> Call::integers(size_t argument) const {
  size_t bytes;
  napi_typedarray_type type;
  size_t length, offset;
  void* data = raw(argument, bytes);
  napi_value buffer;
  napi_get_typedarray_info(env_, at(argument), &type, &length, &data, &buffer, &offset);
  if (type != napi_int32_array) wrong(argument, "an Int32Array");
  const int32_t* values = static_cast<const int32_t*>(data);
  return std::vector<int64_t>(values, values + length);
}

std::vector<char> Call::text(size_t argument) const {
  size_t length;
  if (napi_get_value_string_utf8(env_, at(argument), nullptr, 0, &length) != napi_ok) wrong(argument, "a string");
  std::vector<char> text(length + 1);
  napi_get_value_string_utf8(env_, at(argument), text.data(), length + 1, &length);
  return text;
}

void* Call::memory(size_t argument, int64_t count, size_t itemBytes) const {
  if (count < 0 || count >= LARGEST) throw Failure("A tensor of that size is too large.");
  return address(integer(argument), (size_t)count * itemBytes);
}

napi_value Call::undefined() const {
  napi_value value;
  napi_get_undefined(env_, &value);
  return value;
}

napi_value Call::result(double number) const {
  napi_value value;
  napi_create_double(env_, number, &value);
  return value;
}

int64_t product(const std::vector<int64_t>& sizes) {
  int64_t total = 1;
  for (int64_t n : sizes) {
    if (n < 0 || (n > 0 && total > LARGEST / n)) throw Failure("A shape is negative or too large.");
    total *= n;
  }
  return total;
}

}  // namespace winnow
