// Over [rows, channels], as kernels/batch-normalize.ts and batch-normalize-grad-grad.ts state.
#pragma once
#include "arguments.h"

namespace winnow {

/** y = relu?(x · factor + offset + residual?) */
struct AffineArguments {
  const float *x, *factor, *offset, *residual = nullptr;
  float* y;
  int64_t rows;
  int channels;
  bool relu;

  void fields(Arguments& call) {
    call.size(NAMED(rows));
    call.channels(NAMED(channels));
    call.flag(NAMED(relu));
    const int64_t n = product({rows, channels});
    call.tensor(NAMED(x), {n});
    call.tensor(NAMED(factor), {channels});
    call.tensor(NAMED(offset), {channels});
    call.optionalTensor(NAMED(residual), {n});
    call.tensor(NAMED(y), {n});
  }
};
void affine(const AffineArguments& work);

struct NormalizeArguments {
  const float *x, *scale, *shift, *residual = nullptr;
  float *y, *mean, *inverse;
  int64_t rows;
  int channels;
  double epsilon;
  bool relu;
  /** What the convolution before it left of x: [parts, 2, channels], see ConvolveArguments. */
  const double* moments = nullptr;
  int64_t parts = 0;

  void fields(Arguments& call) {
    call.size(NAMED(rows));
    call.channels(NAMED(channels));
    call.number(NAMED(epsilon));
    call.flag(NAMED(relu));
    const int64_t n = product({rows, channels});
    call.tensor(NAMED(x), {n});
    call.tensor(NAMED(scale), {channels});
    call.tensor(NAMED(shift), {channels});
    call.optionalTensor(NAMED(residual), {n});
    call.tensor(NAMED(y), {n});
    call.tensor(NAMED(mean), {channels});
    call.tensor(NAMED(inverse), {channels});
    call.size(NAMED(parts));
    call.optionalTensor(NAMED(moments), {parts, 2, channels});
  }
};
void normalize(const NormalizeArguments& work);

/** What normalisation was given and gave, and what comes towards y. */
struct Normalized {
  const float *dy, *x, *y, *mean, *inverse, *scale, *shift;

  void fields(Arguments& call, int64_t rows, int channels) {
    const int64_t n = product({rows, channels});
    call.tensor(NAMED(dy), {n});
    call.tensor(NAMED(x), {n});
    call.tensor(NAMED(y), {n});
    call.tensor(NAMED(mean), {channels});
    call.tensor(NAMED(inverse), {channels});
    call.tensor(NAMED(scale), {channels});
    call.tensor(NAMED(shift), {channels});
  }
};

struct NormalizeGradientArguments {
  Normalized of;
  float *dx, *dscale, *dshift, *dresidual = nullptr;
  int64_t rows;
  int channels;
  bool relu;

  void fields(Arguments& call) {
    call.size(NAMED(rows));
    call.channels(NAMED(channels));
    call.flag(NAMED(relu));
    of.fields(call, rows, channels);
    const int64_t n = product({rows, channels});
    call.tensor(NAMED(dx), {n});
    call.tensor(NAMED(dscale), {channels});
    call.tensor(NAMED(dshift), {channels});
    call.optionalTensor(NAMED(dresidual), {n});
  }
};
void normalizeGradient(const NormalizeGradientArguments& work);

struct NormalizeGradientGradientArguments {
  Normalized of;
  /** What comes towards dx, dscale, dshift and dresidual above. */
  const float *ddx, *ddscale, *ddshift, *ddresidual = nullptr;
  float *towardsDy, *towardsX, *towardsScale;
  int64_t rows;
  int channels;
  bool relu;

  void fields(Arguments& call) {
    call.size(NAMED(rows));
    call.channels(NAMED(channels));
    call.flag(NAMED(relu));
    of.fields(call, rows, channels);
    const int64_t n = product({rows, channels});
    call.tensor(NAMED(ddx), {n});
    call.tensor(NAMED(ddscale), {channels});
    call.tensor(NAMED(ddshift), {channels});
    call.optionalTensor(NAMED(ddresidual), {n});
    call.tensor(NAMED(towardsDy), {n});
    call.tensor(NAMED(towardsX), {n});
    call.tensor(NAMED(towardsScale), {channels});
  }
};
void normalizeGradientGradient(const NormalizeGradientGradientArguments& work);

}  // namespace winnow
