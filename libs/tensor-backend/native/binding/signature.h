// What JavaScript may know of a call before it is made: its arguments' names and kinds, in order.
#pragma once
#include <map>
#include <string>
#include <utility>

#include "../operations/arguments.h"

namespace winnow {

/** Values of a NAMED_ENUM, separated by commas, by the enum's name. */
using Choices = std::map<std::string, std::string>;

class Signature final : public Arguments {
 public:
  /** Adds the enums that it meets to `choices`. */
  explicit Signature(Choices& choices) : choices_(choices) {}

  using Arguments::number;
  void integer(const char* name, int64_t&, int64_t, int64_t) override { add(name, "integer"); }
  void number(const char* name, double&) override { add(name, "number"); }
  void flag(const char* name, bool&) override { add(name, "flag"); }
  void integers(const char* name, std::vector<int64_t>&) override { add(name, "Int32Array"); }

  void returnsNumber() { add("returns", "number"); }

  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  int choice(const char* name, const EnumNames& names, int) override {
    choices_[names.name] = names.values;
    add(name, names.name);
    return 0;
  }
  void* memory(const char* name, const Need& need) override {
    add(name, need.optional ? "tensor?" : "tensor");
    return nullptr;
  }
  void* items(const char* name, ArrayItem item, const Need& need) override {
    add(name, arrayOf(item) + std::string(need.optional ? "?" : ""));
    return nullptr;
  }
  void add(const char* name, std::string kind) { fields_.emplace_back(name, std::move(kind)); }

  Choices& choices_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace winnow
