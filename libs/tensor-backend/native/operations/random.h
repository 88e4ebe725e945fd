#pragma once
#include "arguments.h"

namespace winnow {

/** Where a stream of Threefry-2x32-20 stands: it enciphers the counters (first + i, high). */
struct Counters {
  uint32_t key0, key1, first, high;

  void fields(Arguments& call) {
    call.word(NAMED(key0));
    call.word(NAMED(key1));
    call.word(NAMED(first));
    call.word(NAMED(high));
  }
};

/** The cipher of counter i into words[2i], words[2i + 1]. */
struct ThreefryArguments {
  uint32_t* words;
  int64_t pairs;
  Counters counters;

  void fields(Arguments& call) {
    call.size(NAMED(pairs));
    call.array(NAMED(words), product({pairs, 2}));
    counters.fields(call);
  }
};
void threefry(const ThreefryArguments& work);

/** The same words as uniforms ((word >>> 9) + ½) / 2²³. */
struct UniformsArguments {
  float* draws;
  int64_t count;
  Counters counters;

  void fields(Arguments& call) {
    call.size(NAMED(count));
    call.array(NAMED(draws), count);
    counters.fields(call);
  }
};
void uniforms(const UniformsArguments& work);

}  // namespace winnow
