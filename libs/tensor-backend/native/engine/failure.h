#pragma once
#include <stdexcept>

namespace winnow {

/** What JavaScript sees as an Error with this message. */
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace winnow
