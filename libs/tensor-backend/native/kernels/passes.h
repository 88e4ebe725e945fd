// What a pass of a network's program works with: plain structs, which the passes of every instruction set take alike.
// Activations are [block][row][channel][column][example], where a block holds as many examples as divide the vector's width
// and a row of one channel is padded with zeros to whole vectors (its `pitch`). Channels are those that are needed alone.
#pragma once
#include <cstdint>

#include "named-enum.h"

namespace winnow {

/** One channel of what a layer takes in: relu?((y − mean) · factor + shift + relu?((second − mean2) · factor2 + shift2)). */
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
  bool relu, hasSecond, reluSecond, stores;
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

/** A convolution by its kept weights: rows of the input go through a ring, zeros around them. */
struct SparseForward {
  Windows windows;
  int examples;  // of a block
  Reading reading;
  /** Output channels that kept weights touch. */
  int outs;
  /** Slots of the ring, a power of two; floats of one slot, and of one channel's columns of one phase in it. */
  int slots;
  int64_t slotFloats, phaseFloats;
  const Kept* kept;
  const int* starts;  // [outs · kernelHeight + 1] in `kept`
  int64_t yRow, pitch;
};

/** The work on one block; the scratch holds the ring, a row of zeros and a row of one channel. */
struct SparseForwardBlock {
  ReadFrom from;
  float *y, *scratch;
  /** How many of the block's examples are there. */
  int examples;
  Moments* moments;  // [outs], or null
};

/** How the gradient of a convolution's output comes about by channel: a (dz − b − (y − c) d). */
struct SlopeChannel {
  int from;       // in `SparseBackward::dzRows` and `SparseBackwardBlock::dz`
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
  bool relu, hasResidual;
  int64_t toRow, residualRow, yRow, secondRow;
};

struct FinishAt {
  const float *residual, *y, *second;
  float* to;
  /** [channels][3] += Σ dz, Σ dz (y − mean), Σ dz (second − mean2) */
  double* sums;
};

/** The gradients of a convolution by its kept weights, towards its input and the weights. */
struct SparseBackward {
  Windows windows;
  int examples;
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
};

struct SparseBackwardBlock {
  ReadFrom from;
  FinishAt finish;
  const float* const* dz;
  const float* y;
  float* scratch;
  int examples;
  /** [kept][width], zeros before and after. */
  float* weightSums;
  /** [kept] += the weights' gradients. */
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

/** What an instruction set does of a program. Nothing allocates: scratch holds what the functions below say, in floats. */
struct ProgramKernels {
  int64_t (*forwardScratch)(const SparseForward& pass);
  int64_t (*backwardScratch)(const SparseBackward& pass);
  int64_t (*gatherScratch)(const Gather& pass);
  /** Slots that the ring of a pass must have at least. */
  int (*forwardSlots)(const SparseForward& pass);
  int (*backwardSlots)(const SparseBackward& pass);
  void (*sparseForward)(const SparseForward& pass, const SparseForwardBlock& block);
  void (*sparseBackward)(const SparseBackward& pass, const SparseBackwardBlock& block);
  void (*gatherForward)(const Gather& pass, const GatherBlock& block);
  void (*gatherBackward)(const Gather& pass, const GatherBlock& block);
};

}  // namespace winnow
