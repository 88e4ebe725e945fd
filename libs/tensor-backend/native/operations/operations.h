// The threaded operations behind the addon: whole tensors in, whole tensors out. Pointers are to memory of the sizes that
// the comments state; the binding has checked them.
#pragma once
#include <cstdint>
#include <vector>

#include "../kernels/kernels.h"

namespace winnow {

/** The instruction set in use. */
const Kernels& kernels();
/** Throws Failure for a name that this processor or build lacks. */
void useKernels(const char* name);

// elementwise.cc
void unary(Unary op, const float* x, float* y, int64_t n, float a, float b);
/** Shapes and strides (in elements, 0 where an input is broadcast) of a's and b's view as `shape`. */
struct Broadcast {
  std::vector<int64_t> shape, aStrides, bStrides;
};
void binary(Binary op, const float* a, const float* b, float* y, Broadcast view);
void compare(Comparison op, const float* a, const float* b, uint8_t* y, Broadcast view);
void select(const uint8_t* condition, const char* t, const char* e, char* y, int64_t n, int itemBytes);
enum class Type : int { Float32, Int32, Bool };
void cast(const void* x, Type from, void* y, Type to, int64_t n);
void fill(void* y, Type type, int64_t n, double value);
void relax(const float* alpha, const float* u, float* mask, int64_t n, float temperature);
/** Σ x over n numbers in float64, in a fixed order. */
double sumOfSquares(const float* x, int64_t n);

// reductions.cc, over the middle axis of [outer, count, inner]
enum class Reduction : int { Sum, Mean, Max, Min, Prod, Count };
void reduce(Reduction op, const float* x, float* y, int64_t outer, int64_t count, int64_t inner);
void argExtremum(bool largest, const float* x, int32_t* y, int64_t outer, int64_t count, int64_t inner);
void softmax(const float* x, float* y, int64_t rows, int64_t columns, bool logarithmic);

// movement.cc
/** y[offset + Σ i·yStride] = x[offset + Σ i·xStride] over `shape`; strides in items of `itemBytes`. */
struct StridedCopy {
  std::vector<int64_t> shape, xStrides, yStrides;
  int64_t xOffset, yOffset;
  int itemBytes;
};
void copyStrided(const void* x, void* y, StridedCopy copy);
/** y [outer, indices, inner] = x [outer, limit, inner] at indices in [0, limit). */
void gather(const char* x, const int32_t* indices, char* y, int64_t outer, int64_t limit, int64_t inner, int64_t count,
            int itemBytes);
void oneHot(const int32_t* indices, void* y, Type type, int64_t count, int64_t depth, double on, double off);

// convolution.cc
struct Geometry {
  int64_t batch, height, width, channels;
  int64_t filterHeight, filterWidth;
  int64_t outHeight, outWidth, outChannels;
  int64_t strideHeight, strideWidth, dilationHeight, dilationWidth;
  int64_t padTop, padLeft;
};
/**
 * x [batch, height, width, channels], filter [filterHeight, filterWidth, channels, outChannels] → y. May leave sums of y and of y² by channel in moments [batch, 2, outChannels], where parts of the batch are apart, and
 * returns how many parts it has filled.
 */
int64_t convolve(const float* x, const float* filter, float* y, const Geometry& g, double* moments);
void convolveInputGradient(const float* dy, const float* filter, float* dx, const Geometry& g);
void convolveFilterGradient(const float* x, const float* dy, float* dfilter, const Geometry& g);

// products.cc
/** c [batch, m, n] = op(a) · op(b); batch strides in floats, 0 where broadcast. */
void multiplyMatrices(const float* a, const float* b, float* c, int64_t batch, int64_t m, int64_t k, int64_t n,
                      bool transposeA, bool transposeB, int64_t aBatch, int64_t bBatch);

// pooling.cc; windows as in Geometry, outChannels = channels
void maxPool(const float* x, float* y, const Geometry& g);
void maxPoolGradient(const float* dy, const float* x, float* dx, const Geometry& g);
void maxPoolGather(const float* values, const float* x, float* y, const Geometry& g);
void averagePool(const float* x, float* y, const Geometry& g);
void averagePoolGradient(const float* dy, float* dx, const Geometry& g);

// normalisation.cc, as kernels/batch-normalize.ts states
struct NormalizeInputs {
  const float *x, *scale, *shift, *residual;
};
void normalize(const NormalizeInputs& in, float* y, float* mean, float* inverse, int64_t rows, int channels,
               double epsilon, bool relu, const double* moments, int64_t parts);
/** y = relu?(x · factor + offset + residual?) over [rows, channels] */
void affine(const float* x, const float* factor, const float* offset, const float* residual, float* y, int64_t rows,
            int channels, bool relu);
struct NormalizeGradientInputs {
  const float *dy, *x, *y, *mean, *inverse, *scale, *shift;
};
void normalizeGradient(const NormalizeGradientInputs& in, float* dx, float* dscale, float* dshift, float* dresidual,
                       int64_t rows, int channels, bool relu);
/** What comes towards dx, dscale, dshift and dresidual (or null) above. */
struct TowardsNormalizeGradient {
  const float *ddx, *ddscale, *ddshift, *ddresidual;
};
/** As kernels/batch-normalize-grad-grad.ts states. */
void normalizeGradientGradient(const NormalizeGradientInputs& in, const TowardsNormalizeGradient& towards,
                               float* towardsDy, float* towardsX, float* towardsScale, int64_t rows, int channels,
                               bool relu);

// random.cc
/** Threefry-2x32-20: enciphers counters (first + i, high) into words[2i], words[2i + 1]. */
void threefry(uint32_t* words, int64_t pairs, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high);
/** The same words as uniforms ((word >>> 9) + ½) / 2²³. */
void uniforms(float* y, int64_t count, uint32_t key0, uint32_t key1, uint32_t first, uint32_t high);

// optimisers.cc; the same float64 arithmetic as the loops in TypeScript that they stand in for
struct SgdRates {
  double factor, weightDecay, momentum, learningRate;
};
void sgd(float* parameters, const float* gradient, float* velocity, const uint8_t* mask, int64_t n, SgdRates rates);
/** Σ σ(logits) in float64; gradient = scale · σ(1 − σ). */
double expectedCount(const float* logits, double* gradient, int64_t n, double scale);
/** ‖gradient ⊙ mask‖² in float64. */
double maskedSquares(const float* gradient, const uint8_t* mask, int64_t n);
/** ‖x‖² */
double squares(const double* x, int64_t n);
/** direction = weight · direction + gradientWeight · gradient */
void combine(double* direction, double weight, const float* gradient, double gradientWeight, int64_t n);
struct AdamRates {
  double stepSize, correction, beta1, beta2, epsilon;
};
void adam(float* values, float* mean, float* variance, const double* gradient, int64_t n, AdamRates rates);

}  // namespace winnow
