// What one instruction set offers: plain functions over ranges, without threads and without allocation. Each
// instruction set has a table of its own; `kernels` is the one in use.
#pragma once
#include <cstddef>
#include <cstdint>

#include "named-enum.h"
#include "passes.h"

namespace winnow {

// By the names of TensorFlow.js's kernels.
NAMED_ENUM(Unary, Abs, Neg, Exp, Log, Sqrt, Rsqrt, Square, Reciprocal, Sigmoid, Tanh, Relu, Relu6, LeakyRelu, Step, Sign,
           ClipByValue, Floor, Ceil);
NAMED_ENUM(Binary, Add, Sub, Multiply, RealDiv, Maximum, Minimum, SquaredDifference);
NAMED_ENUM(Comparison, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual);

/**
 * A run of output pixels of a convolution: out[p][o] = Σ_tap Σ_c in[p · inStride + offset[tap] + c] · w[tap][c][o].
 * A matrix product is the same with one tap.
 */
struct Taps {
  const float* in;
  int64_t inStride;  // floats from one output pixel's input to the next one's
  int taps;
  const int64_t* offsets;  // floats
  int channels;            // summed over
  const float* weights;    // [group][tap][channel][groupWidth]
  const int* weightTaps;   // the tap's place in `weights`
  int weightTapCount;      // taps that `weights` holds
  float* out;
  int64_t outStride;  // floats from one output pixel to the next
  int outChannels;    // to compute, from the first on
  int pixels;
  /** Whether the taps come in threes at neighbouring pixels: offset[t + 1] − offset[t] = inStride. */
  bool inThrees;
};

/** Over `images` × `rows` × `pixels` pairs of pixels: sums[c][o] += Σ x[c] · y[o]. */
struct Outer {
  const float* x;
  int64_t xImage, xRow, xPixel;
  const float* y;
  int64_t yImage, yRow, yPixel;
  int images, rows, pixels;
  int xChannels, yChannels;
  float* sums;
  int64_t sumRow;
};

/**
 * Three neighbouring columns of a filter's gradient at once, for stride 1: over `images` × `rows`,
 * sums[k][c][o] += Σ_column x[column][c] · y[column + shift − k][o], where y is 0 outside its columns.
 */
struct OuterThrees {
  const float* x;
  int64_t xImage, xRow;
  const float* y;
  int64_t yImage, yRow;
  int images, rows, xColumns, yColumns, shift;
  int xChannels, xPitch, yChannels, yPitch;  // pitches: floats from pixel to pixel
  float* sums;
  int64_t sumRow, sumColumn;  // from c to c + 1, from k to k + 1
};

/**
 * The transforms of F(tile×tile, 3×3), whose positions are (tile + 2)² and lie `positionStride` floats apart; see
 * winograd.h. Images are [row][column][channel].
 */
struct Winograd {
  int tile;
  /** Bᵀ d B of a row of patches, whose tile + 2 rows are given. */
  void (*input)(const float* const* rows, int64_t tileStep, int tiles, int channels, float* u, int64_t positionStride);
  /** Aᵀ m A: the outputs of a row of tiles, cut to `rows` × `columns` pixels. */
  void (*output)(const float* m, int64_t positionStride, int tiles, int channels, float* y, int64_t rowPitch, int rows,
                 int columns);
  /** A e Aᵀ of the gradients e of a row of tiles, of which `rows` × `columns` pixels are there and the rest zeros. */
  void (*outputGradient)(const float* dy, int64_t rowPitch, int rows, int columns, int tiles, int channels, float* d,
                         int64_t positionStride);
  /** Gᵀ s G of n filter gradients side by side: from the positions to the nine taps. */
  void (*filterGradient)(const float* sums, int64_t positionStride, float* taps, int64_t tapStride, int64_t n);
  /** G g Gᵀ of n filters side by side, n a multiple of the vector's width. */
  void (*weights)(const float* const* taps, float* const* positions, int64_t n);
};

/** y = relu?(x · factor + offset + residual?) */
struct Affine {
  const float *x, *factor, *offset, *residual;
  float* y;
  int64_t rows;
  int channels;
  bool relu;
};

/**
 * dz (if not null) = dy behind the ReLU; sums += Σ dz, products += Σ dz (x − mean). Whether the ReLU was open is told by
 * y > 0, or where `gateFactor` is given by x · gateFactor + gateOffset > 0; if neither is, there was none.
 */
struct GradientMoments {
  float* dz;
  const float *dy, *x, *y;
  int64_t rows;
  int channels;
  const float *gateFactor, *gateOffset, *mean;
  double *sums, *products;
};

/** dx = dz · factor + x · slope + constant, with dz = dy behind the ReLU if `gateFactor` is given. */
struct GradientCombination {
  float* dx;
  const float *dy, *x;
  int64_t rows;
  int channels;
  const float *gateFactor, *gateOffset, *factor, *slope, *constant;
};

/** Rows of what normalisation's gradient was made of, and of what comes towards it: a towards dx, e (or null) towards dresidual. */
struct CurvatureInputs {
  const float *dy, *x, *y, *a, *e;  // y is null where the ReLU is told by gateFactor or there is none
  const float *gateFactor, *gateOffset;
};
/** One number a channel each. */
struct CurvatureFactors {
  const float *f, *crossed, *dyConstant, *xOfDdx, *xOfX, *xConstant;
};

struct Kernels {
  const char* name;
  int width;       // floats in a vector
  int groupWidth;  // output channels that packed weights hold side by side
  void (*unary)(Unary op, const float* x, float* y, int64_t n, float a, float b);
  /** Strides are 0 or 1. */
  void (*binary)(Binary op, const float* a, int aStride, const float* b, int bStride, float* y, int64_t n);
  void (*compare)(Comparison op, const float* a, int aStride, const float* b, int bStride, uint8_t* y, int64_t n);
  double (*sum)(const float* x, int64_t n);
  double (*sumOfSquares)(const float* x, int64_t n);
  /** sums[c] += Σ_r x[r][c] */
  void (*addRows)(const float* x, int64_t rows, int64_t columns, double* sums);
  /** Softmax of rows, or its logarithm; a row that holds NaN becomes NaN. */
  void (*softmax)(const float* x, float* y, int64_t rows, int64_t columns, bool logarithm);
  void (*taps)(const Taps& work);
  void (*outer)(const Outer& work);
  void (*outerThrees)(const OuterThrees& work);
  Winograd winograd2, winograd4;
  /** sums[c] += Σ_r x[r][c], squares[c] += Σ_r x[r][c]² */
  void (*addMoments)(const float* x, int64_t rows, int channels, double* sums, double* squares);
  void (*affine)(const Affine& work);
  void (*addGradientMoments)(const GradientMoments& work);
  void (*combine)(const GradientCombination& work);
  /** sums [5][channels] += Σ a, Σ a (x − mean), Σ z, Σ z (x − mean), Σ a z, with z = dy behind the ReLU, as above. */
  void (*addCurvatureMoments)(const CurvatureInputs& in, int64_t rows, int channels, const float* mean, double* sums);
  /** towardsDy = (f a + crossed x + dyConstant + e) behind the ReLU; towardsX = xOfDdx a + crossed z + xOfX x + xConstant. */
  void (*combineCurvature)(float* towardsDy, float* towardsX, const CurvatureInputs& in, int64_t rows, int channels,
                           const CurvatureFactors& factors);
  /** m = sigmoid(ln(u / (1 − u)) / temperature + α) */
  void (*relax)(const float* alpha, const float* u, float* mask, int64_t n, float temperature);
  /** See random.h. */
  void (*threefry)(uint32_t* words, int64_t pairs, const uint32_t keys[3], uint32_t first, uint32_t high);
  ProgramKernels program;
};

/** The instruction set that this thread uses. */
const Kernels& kernels();
void useKernels(const Kernels& table);
/** Throws Failure for a name that this processor or build lacks. */
void useKernels(const char* name);
/** Names of what this processor can run, fastest first; ends with null. */
const char* const* availableKernels();

}  // namespace winnow
