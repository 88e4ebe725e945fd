#pragma once
#include "arguments.h"

namespace winnow {

/** c [batch, m, n] = op(a) · op(b), where op may transpose, and a or b may be one matrix for the whole batch. */
struct MatMulArguments {
  const float *a, *b;
  float* c;
  int64_t batch, m, k, n;
  bool transposeA = false, transposeB = false, oneA = false, oneB = false;

  void fields(Arguments& call) {
    call.size(NAMED(batch));
    call.length(NAMED(m));
    call.length(NAMED(k));
    call.length(NAMED(n));
    call.flag(NAMED(transposeA));
    call.flag(NAMED(transposeB));
    call.flag(NAMED(oneA));
    call.flag(NAMED(oneB));
    call.tensor(NAMED(a), {oneA && batch > 1 ? 1 : batch, m, k});
    call.tensor(NAMED(b), {oneB && batch > 1 ? 1 : batch, k, n});
    call.tensor(NAMED(c), {batch, m, n});
  }
};
void matMul(const MatMulArguments& work);

}  // namespace winnow
