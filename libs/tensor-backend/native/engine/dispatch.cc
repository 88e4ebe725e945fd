// Which of the instruction sets in this build the processor has, found at run time.
#include <cstring>
#include <string>

#include "../kernels/kernels.h"
#include "failure.h"

namespace winnow {

#ifdef WINNOW_HAS_AVX512
const Kernels* kernels_avx512();
#endif
#ifdef WINNOW_HAS_AVX2
const Kernels* kernels_avx2();
#endif
#ifdef WINNOW_HAS_NEON
const Kernels* kernels_neon();
#endif
#ifdef WINNOW_HAS_SSE2
const Kernels* kernels_sse2();
#endif
const Kernels* kernels_scalar();

namespace {

struct Tables {
  const Kernels* tables[6];
  const char* names[6];
  int count = 0;

  void add(const Kernels* table) {
    tables[count] = table;
    names[count++] = table->name;
  }

  Tables() {
#ifdef WINNOW_HAS_AVX512
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
      add(kernels_avx512());
#endif
#ifdef WINNOW_HAS_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) add(kernels_avx2());
#endif
#ifdef WINNOW_HAS_NEON
    add(kernels_neon());
#endif
#ifdef WINNOW_HAS_SSE2
    add(kernels_sse2());
#endif
    add(kernels_scalar());
    names[count] = nullptr;
  }
};

const Tables& known() {
  static const Tables tables;
  return tables;
}

/** A thread's own: another's choice must not change how memory is laid out in the middle of a call. */
thread_local const Kernels* chosen = nullptr;

}  // namespace

const Kernels& kernels() {
  if (chosen == nullptr) chosen = known().tables[0];
  return *chosen;
}

void useKernels(const Kernels& table) { chosen = &table; }

void useKernels(const char* name) {
  for (int i = 0; i < known().count; i++)
    if (std::strcmp(known().names[i], name) == 0) return useKernels(*known().tables[i]);
  throw Failure(std::string("this processor has no instruction set \"") + name + "\"");
}

const char* const* availableKernels() { return known().names; }

}  // namespace winnow
