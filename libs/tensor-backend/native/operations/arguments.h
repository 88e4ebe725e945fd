// How a kernel's arguments are named. Each operation takes one struct, whose `fields` tells JavaScript's names, kinds and
// sizes of memory; the binding reads a call by it, and JavaScript its signature.
#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include "../kernels/named-enum.h"

/** A field's name and the field, for the functions of `Arguments`. */
#define NAMED(field) #field, field

namespace winnow {

using Sizes = std::initializer_list<int64_t>;

/**
 * n₀ · n₁ · …; throws Failure where a factor is negative or the product too large. A factor of 0 hides no other: the
 * product of those that are not 0 is bounded too, so that any part of a shape may be multiplied without a thought.
 */
int64_t product(Sizes sizes);
/** The same of an argument. */
int64_t product(const char* name, const std::vector<int64_t>& sizes);

/** Throws the Failure of an argument that is not taken: `name` and why. */
[[noreturn]] void refuse(const char* name, const std::string& why);

/** Types of items in JavaScript's typed arrays. */
enum class ArrayItem { Uint8, Uint32, Float32, Float64 };
/** The array's name in JavaScript. */
inline const char* arrayOf(ArrayItem item) {
  static constexpr const char* NAMES[] = {"Uint8Array", "Uint32Array", "Float32Array", "Float64Array"};
  return NAMES[(int)item];
}

/** What an operation asks of memory. */
struct Need {
  int64_t bytes;
  int64_t alignment;
  bool written;
  bool optional;
};

/**
 * Every function throws Failure where what is given is not what is asked for. Memory that is written, which a pointer to
 * what is not const tells, may not overlap any other of the same call.
 */
class Arguments {
 public:
  virtual void integer(const char* name, int64_t& value, int64_t least, int64_t most) = 0;
  virtual void number(const char* name, double& value) = 0;
  virtual void flag(const char* name, bool& value) = 0;
  /** An Int32Array, such as a shape or its strides. */
  virtual void integers(const char* name, std::vector<int64_t>& values) = 0;

  /** A size, or a product of them. */
  void size(const char* name, int64_t& value) { integer(name, value, 0, LARGEST); }
  /** A size that kernels count in an int. */
  void length(const char* name, int64_t& value) { integer(name, value, 0, LONGEST); }
  void channels(const char* name, int& value) {
    int64_t given = std::max(value, 1);
    integer(name, given, 1, MOST_CHANNELS);
    value = (int)given;
  }
  /** Of 32 bits. */
  void word(const char* name, uint32_t& value) {
    int64_t given = value;
    integer(name, given, 0, UINT32_MAX);
    value = (uint32_t)given;
  }
  void number(const char* name, float& value) {
    double given = value;
    number(name, given);
    value = (float)given;
  }
  /** One of a NAMED_ENUM. */
  template <class E>
  void oneOf(const char* name, E& value) {
    value = (E)choice(name, NAMES<E>, (int)E::Count);
  }

  /** The memory of a tensor of at least n₀ · n₁ · … items; for an empty tensor too it is not null. */
  template <class T>
  void tensor(const char* name, T*& at, Sizes sizes, int64_t itemBytes = sizeof(T)) {
    at = static_cast<T*>(memory(name, {bytesOf(name, sizes, itemBytes), itemBytes, !std::is_const_v<T>, false}));
  }
  /** As `tensor`, or null where the argument is undefined. */
  template <class T>
  void optionalTensor(const char* name, T*& at, Sizes sizes) {
    constexpr int64_t ITEM = sizeof(T);
    at = static_cast<T*>(memory(name, {bytesOf(name, sizes, ITEM), ITEM, !std::is_const_v<T>, true}));
  }
  /** The memory of a typed array of exactly `count` items. */
  template <class T>
  void array(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(items(name, itemOf<T>(), {bytesOf(name, {count}, sizeof(T)), sizeof(T), !std::is_const_v<T>, false}));
  }
  template <class T>
  void optionalArray(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(items(name, itemOf<T>(), {bytesOf(name, {count}, sizeof(T)), sizeof(T), !std::is_const_v<T>, true}));
  }

  static constexpr int64_t LARGEST = (int64_t{1} << 40) - 1;
  static constexpr int64_t LONGEST = int64_t{1} << 30;
  static constexpr int64_t MOST_CHANNELS = 1 << 24;

 protected:
  ~Arguments() = default;
  virtual int choice(const char* name, const EnumNames& names, int count) = 0;
  /** Null where it is optional and left out. */
  virtual void* memory(const char* name, const Need& need) = 0;
  virtual void* items(const char* name, ArrayItem item, const Need& need) = 0;

 private:
  static int64_t bytesOf(const char* name, Sizes sizes, int64_t itemBytes);

  template <class T>
  static constexpr ArrayItem itemOf() {
    using Item = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Item, uint8_t>) return ArrayItem::Uint8;
    else if constexpr (std::is_same_v<Item, uint32_t>) return ArrayItem::Uint32;
    else if constexpr (std::is_same_v<Item, float>) return ArrayItem::Float32;
    else {
      static_assert(std::is_same_v<Item, double>);
      return ArrayItem::Float64;
    }
  }
};

}  // namespace winnow
