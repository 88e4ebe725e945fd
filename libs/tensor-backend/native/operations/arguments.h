// How a kernel's arguments are named. Each operation takes one struct, whose `fields` tells JavaScript's names, kinds and
// sizes of memory; the binding reads a call by it, and JavaScript its signature.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <vector>

#include "../kernels/named-enum.h"

/** A field's name and the field, for the functions of `Arguments`. */
#define NAMED(field) #field, field

namespace winnow {

/** n₀ · n₁ · …; throws Failure where a factor is negative or the product too large. */
int64_t product(std::initializer_list<int64_t> sizes);
int64_t product(const std::vector<int64_t>& sizes);

/** Types of items in JavaScript's typed arrays. */
enum class ArrayItem { Uint8, Uint32, Float32, Float64 };

/** Every function throws Failure where what is given is not what is asked for. */
class Arguments {
 public:
  virtual void integer(const char* name, int64_t& value, int64_t least, int64_t most) = 0;
  virtual void number(const char* name, double& value) = 0;
  virtual void flag(const char* name, bool& value) = 0;
  /** An Int32Array, such as a shape or its strides. */
  virtual void integers(const char* name, std::vector<int64_t>& values) = 0;

  /** A size, or a product of them. */
  void size(const char* name, int64_t& value) { integer(name, value, 0, LARGEST); }
  void channels(const char* name, int& value) {
    int64_t given = value;
    integer(name, given, 1, 1 << 24);
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

  /** The memory of a tensor of at least `count` items; for an empty tensor too it is not null. */
  template <class T>
  void tensor(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(memory(name, product({count, (int64_t)sizeof(T)}), false));
  }
  /** As `tensor`, or null where the argument is undefined. */
  template <class T>
  void optionalTensor(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(memory(name, product({count, (int64_t)sizeof(T)}), true));
  }
  /** The memory of a typed array of exactly `count` items. */
  template <class T>
  void array(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(items(name, itemOf<T>(), count, false));
  }
  template <class T>
  void optionalArray(const char* name, T*& at, int64_t count) {
    at = static_cast<T*>(items(name, itemOf<T>(), count, true));
  }

  static constexpr int64_t LARGEST = (int64_t{1} << 40) - 1;

 protected:
  ~Arguments() = default;
  virtual int choice(const char* name, const EnumNames& names, int count) = 0;
  virtual void* memory(const char* name, int64_t bytes, bool optional) = 0;
  virtual void* items(const char* name, ArrayItem item, int64_t count, bool optional) = 0;

 private:
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
