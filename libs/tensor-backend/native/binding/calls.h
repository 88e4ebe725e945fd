// The engine's operations, as what can be called.
#pragma once
#include <span>

#include "function.h"

namespace winnow {

struct Function {
  const char* name;
  napi_callback callback;
};

struct Call : Function {
  void (*describe)(Signature&);
  /** On arguments that do not come from JavaScript. */
  void (*apply)(Arguments&);
};

std::span<const Call> calls();

}  // namespace winnow
