// What makes a function of JavaScript out of one of C++. Whatever that throws becomes JavaScript's Error.
#pragma once
#include <exception>
#include <type_traits>

#include "reader.h"
#include "signature.h"

namespace winnow {

template <napi_value (*function)(Reader&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    Reader reader(env, info);
    return function(reader);
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}

inline napi_value undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

inline napi_value number(napi_env env, double of) {
  napi_value value;
  napi_create_double(env, of, &value);
  return value;
}

inline napi_value text(napi_env env, const char* of) {
  napi_value value;
  napi_create_string_utf8(env, of, NAPI_AUTO_LENGTH, &value);
  return value;
}

/** An operation takes its arguments' struct and returns nothing or a number. */
template <class Result, class Given>
struct Operation {
  using Arguments = Given;
  static constexpr bool RETURNS = !std::is_void_v<Result>;
};
template <class Result, class Given>
Operation<Result, Given> operationOf(Result (*)(const Given&));

template <auto operation>
napi_value called(Reader& reader) {
  using Of = decltype(operationOf(operation));
  typename Of::Arguments arguments{};
  arguments.fields(reader);
  if constexpr (Of::RETURNS) return number(reader.env(), (double)operation(arguments));
  operation(arguments);
  return undefined(reader.env());
}

template <auto operation>
void described(Signature& signature) {
  using Of = decltype(operationOf(operation));
  typename Of::Arguments arguments{};
  arguments.fields(signature);
  if (Of::RETURNS) signature.returnsNumber();
}

}  // namespace winnow
