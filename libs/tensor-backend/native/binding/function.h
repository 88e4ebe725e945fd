// What makes a function of JavaScript out of one of C++. Whatever that throws becomes JavaScript's Error, which names the
// call.
#pragma once
#include <cstdio>
#include <exception>
#include <new>
#include <type_traits>

#include "reader.h"
#include "signature.h"

namespace winnow {

/** Makes no string: there may be no memory for one. */
inline napi_value thrown(const Reader& reader, const char* why) {
  char message[1024];
  std::snprintf(message, sizeof message, "In a call of the engine's %s, %s.", reader.function(), why);
  napi_throw_error(reader.env(), nullptr, message);
  return nullptr;
}

template <napi_value (*function)(Reader&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  Reader reader(env, info);
  try {
    return function(reader);
  } catch (const std::bad_alloc&) {
    return thrown(reader, "memory ran out");
  } catch (const std::exception& error) {
    return thrown(reader, error.what());
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
void applied(Arguments& given) {
  typename decltype(operationOf(operation))::Arguments arguments{};
  arguments.fields(given);
  operation(arguments);
}

template <auto operation>
void described(Signature& signature) {
  using Of = decltype(operationOf(operation));
  typename Of::Arguments arguments{};
  arguments.fields(signature);
  if (Of::RETURNS) signature.returnsNumber();
}

}  // namespace winnow
