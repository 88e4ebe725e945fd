#pragma once
#include <stdexcept>

namespace winnow {

/** What JavaScript sees as an Error whose message names the call and ends with this one, which begins in lower case. */
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct OutOfMemory : Failure {
  using Failure::Failure;
};

/** Of a network that is right, but not of the form that programs have. */
struct Unfit : Failure {
  using Failure::Failure;
};

}  // namespace winnow
