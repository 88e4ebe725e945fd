// What a pass of a network's program works with: plain structs, which the passes of every instruction set take alike.
// Activations are [block][row][channel][column][example], where a block holds as many examples as divide the vector's width
// and a row of one channel is padded with zeros to whole vectors (its `pitch`). Channels are those that are needed alone.
#pragma once
#include <cstdint>

#include "named-enum.h"

namespace winnow {

/** What an activation is behind: x, max(x, 0) or min(max(x, 0), 6). */
NAMED_ENUM(Rectifier, None, Relu, Relu6);

/** One channel of what a layer takes in: r((y − mean) · factor + shift + r₂((second − mean2) · factor2 + shift2)), r a rectifier. */
struct ReadChannel {
  /** Floats from the block's begin to the channel's first row; −1 where nothing is stored, so that it is 0. */
  int64_t y, second;
  /** Where it is written while it is read, in `Reading::to`. */
  int64_t to;
  /** Its place among the channels that the layer uses; −1 for none. */
  int place;
  float mean, factor, shift, mean2, factor2, shift2;
};

struct Reading {
  const ReadChannel* channels;
  int count;
  Rectifier rectifier, rectifierSecond;
  bool hasSecond, stores;
  /** Floats of a row of one channel, without and with its padding. */
  int64_t floats, pitch;
  int64_t yRow, secondRow, toRow;
};

/** Of one block. */
struct ReadFrom {
  const float *y, *second;
  float* to;
};

/** A weight that is kept, and where what it is multiplied with lies in a row of the ring. */
struct Kept {
  int32_t offset;
  float weight;
};

/** Rows of a kernel at most. */
constexpr int MOST_KERNEL_ROWS = 64;

/** How windows lie over the rows of a layer's input. */
struct Windows {
  int kernelHeight, kernelWidth, stride, padTop, padLeft;
  int height, width, outHeight, outWidth;
};

/** A convolution's sums by channel of one block, for the normalisation behind it: the mean, and Σ (y − mean)². */
struct Moments {
  double mean, squares;
};

/** By what a convolution is computed: its kept weights alone, all of them, or all of them by Winograd's F(4×4, 3×3). */
NAMED_ENUM(Road, Kept, Dense, Winograd);

/** Of Winograd's F(4×4, 3×3). */
constexpr int WINOGRAD_TAPS = 9, WINOGRAD_POSITIONS = 36;

/** Channels of which all weights lie side by side, at most. */
constexpr int MOST_DENSE_CHANNELS = 8;
/** Columns of a kernel that goes by all of its weights, at most. */
constexpr int MOST_DENSE_COLUMNS = 16;

/** A convolution: rows of the input go through a ring, zeros around them. */
struct ForwardPass {
  Windows windows;
  int examples;  // of a block
  Reading reading;
  Road road;
  /** Channels that it takes in, and output channels that its weights touch. */
  int ins, outs;
  /** Slots of the ring, a power of two; floats of one slot, and of one channel's columns of one phase in it. */
  int slots;
  int64_t slotFloats, phaseFloats;
  const Kept* kept;
  const int* starts;  // [outs · kernelHeight + 1] in `kept`
  /**
   * [outs / D, rounded up][ins][kernelHeight][kernelWidth][D], D as in `ProgramKernels`, or by Winograd's algorithm
   * [position][outs / D, rounded up][ins][D], positions rounded up to 16 floats; zeros where there are no more outputs.
   */
  const float* dense;
  /** Of a channel's row in the ring, by the kernel's column. */
  int64_t columns[MOST_DENSE_COLUMNS];
  int64_t yRow, pitch;
};

/** The work on one block; the scratch holds the ring, a row of zeros and a row of one channel. */
struct ForwardBlock {
  ReadFrom from;
  float *y, *scratch;
  /** How many of the block's examples are there. */
  int examples;
  Moments* moments;  // [outs], or null
};

/** How the gradient of a convolution's output comes about by channel: a (dz − b − (y − c) d). */
struct SlopeChannel {
  int from;       // in `BackwardPass::dzRows` and `BackwardBlock::dz`
  int64_t dz, y;  // −1: dy = a · dz
  float a, b, c, d;
};

/** One channel of the gradient towards what a layer takes in. */
struct FinishChannel {
  /** In the gradients of the residual sums that it went into. */
  int64_t residual;
  int64_t to;
  /** What its sums Σ dz (y − mean) are taken with: where it was normalised, and where a second term was. −1: none. */
  int64_t y, second;
  float mean, mean2;
};

struct Finishing {
  const FinishChannel* channels;
  /** Whether others have left their part in `to`, and whether this is the last part. */
  bool adds, last;
  Rectifier rectifier;
  bool hasResidual;
  int64_t toRow, residualRow, yRow, secondRow;
};

struct FinishAt {
  const float *residual, *y, *second;
  float* to;
  /** [channels][3] += Σ dz, Σ dz (y − mean), Σ dz (second − mean2) */
  double* sums;
};

/** The gradients of a convolution, towards its input and the weights. */
struct BackwardPass {
  Windows windows;
  int examples;
  Road road;
  Reading reading;
  /** Whether the input has a gradient. */
  bool towardsInput;
  Finishing finishing;
  int ins, outs;
  int slots;
  int64_t slotFloats, dyFloats;
  /** Zeros before a row of dy in the ring. */
  int64_t margin;
  const SlopeChannel* slopes;  // [outs]
  const int64_t* dzRows;
  int64_t yRow;
  int64_t outFloats;  // of a row of one output channel
  const Kept* kept;
  /** [ins][stride][kernelHeight] + 1, in `kept`: phases of columns apart. */
  const int* starts;
  /**
   * [ins / D, rounded up][phase of columns][outs][kernelHeight][columns of the kernel that are of the phase][D], D as in
   * `ProgramKernels`, or by Winograd's algorithm [position][ins / D, rounded up][outs][D], positions
   * rounded up to 16 floats; zeros where there are no more channels.
   */
  const float* dense;
  /** Rows of the input that are passed at once. */
  int band;
  /** By column of the kernel: the phase that it is met in, and floats from there to the column of dy. */
  int phases[MOST_DENSE_COLUMNS];
  int64_t shifts[MOST_DENSE_COLUMNS];
};

struct BackwardBlock {
  ReadFrom from;
  FinishAt finish;
  const float* const* dz;
  const float* y;
  float* scratch;
  int examples;
  /** [kept][width], zeros before and after; of a dense pass what `weightGradient` takes, perhaps with what is there. */
  float* weightSums;
  bool addsSums;
  /** [kept] += the weights' gradients, of a pass by kept weights. */
  double* weightTotals;
};

/** Max-pooling, global average pooling, every `stride`-th pixel, or all pixels as features. */
NAMED_ENUM(GatherKind, Max, Average, Subsample, Flatten);

/** A layer that gathers pixels of its input by channel, forward or back. */
struct Gather {
  GatherKind kind;
  Windows windows;
  int examples;
  Reading reading;
  /**
   * The output's stored channel of each that is read, and its channel in the gradient, or −1; for Flatten of each pixel,
   * [channel][row][column].
   */
  const int *places, *gradientPlaces;
  int64_t yRow, gradientRow, pitch;
  Finishing finishing;
};

struct GatherBlock {
  ReadFrom from;
  float *y, *scratch;
  FinishAt finish;
  const float* dy;
  int examples;
};

/** An activation that a program shows, all of its channels; its gradient lies like it, [row][channel][pitch]. */
struct Capture {
  int height, width, examples;
  Reading reading;
};

struct CaptureBlock {
  ReadFrom from;
  /** [example][row][column][channel], forward or back. */
  float* images;
  const float* dimages;
  float *gradient, *scratch;
  int examples;
};

/** What an instruction set does of a program. Nothing allocates: scratch holds what the functions below say, in floats. */
struct ProgramKernels {
  /** Channels that a dense pass computes at once (D), whose weights lie side by side. */
  int denseChannels;
  /** G g Gᵀ of n filters side by side, n a multiple of 16. */
  void (*winogradWeights)(const float* const* taps, float* const* positions, int64_t n);
  int64_t (*forwardScratch)(const ForwardPass& pass);
  int64_t (*backwardScratch)(const BackwardPass& pass);
  int64_t (*gatherScratch)(const Gather& pass);
  int64_t (*captureScratch)(const Capture& pass);
  /** Floats of the sums that a dense pass of the gradient makes for its weights. */
  int64_t (*weightSumFloats)(const BackwardPass& pass);
  /** [ins][kernelHeight][kernelWidth] of one output, out of `count` such sums one behind another. */
  void (*weightGradient)(const BackwardPass& pass, const float* sums, int64_t count, int out, float* to);
  /** Slots that the ring of a pass must have at least. */
  int (*forwardSlots)(const ForwardPass& pass);
  int (*backwardSlots)(const BackwardPass& pass);
  void (*forwardPass)(const ForwardPass& pass, const ForwardBlock& block);
  void (*denseBackward)(const BackwardPass& pass, const BackwardBlock& block);
  void (*keptBackward)(const BackwardPass& pass, const BackwardBlock& block);
  void (*gatherForward)(const Gather& pass, const GatherBlock& block);
  void (*gatherBackward)(const Gather& pass, const GatherBlock& block);
  void (*captureForward)(const Capture& pass, const CaptureBlock& block);
  /** Writes the gradient that there is before any layer that reads the activation adds to it. */
  void (*captureBackward)(const Capture& pass, const CaptureBlock& block);
};

}  // namespace winnow
