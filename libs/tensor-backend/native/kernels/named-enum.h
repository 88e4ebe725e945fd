#pragma once

namespace winnow {

/** An enum's own name, and those of its values, separated by commas. */
struct EnumNames {
  const char *name, *values;
};

// Data and not a function, which might be the copy that was compiled for an instruction set which this processor lacks.
template <class E>
inline constexpr EnumNames NAMES{};

/** An enum whose values JavaScript knows by these names alone; `Count` is how many they are. */
#define NAMED_ENUM(E, ...)                   \
  enum class E : int { __VA_ARGS__, Count }; \
  template <>                                \
  inline constexpr EnumNames NAMES<E> { #E, #__VA_ARGS__ }

}  // namespace winnow
