// Networks as programs (see program/program.h), which JavaScript builds node by node and knows by numbers. A number is good
// on the thread that it was made on alone. What adds to a program returns −1 where that is no longer of a form that can run.
#pragma once
#include "../program/program.h"
#include "arguments.h"

namespace winnow {

/** The program of this thread that an argument names; null where calls are only described. */
struct NamedProgram {
  Program* at = nullptr;

  /** Throws Failure for a number that no program has. */
  void fields(Arguments& call);
};

struct BeginProgramArguments {
  int64_t batch, height, width, parameters;
  int channels;
  /** [parameters]: which are kept; the others are 0 and not given. */
  const uint8_t* kept;
  /** Whether gradients are asked for. */
  bool differentiable;

  void fields(Arguments& call) {
    call.integer(NAMED(batch), 1, 1 << 24);
    call.integer(NAMED(height), 1, 1 << 16);
    call.integer(NAMED(width), 1, 1 << 16);
    call.channels(NAMED(channels));
    call.length(NAMED(parameters));
    call.array(NAMED(kept), parameters);
    call.flag(NAMED(differentiable));
  }
};
/** Returns the program's number. Its activation 0 is the images. */
int64_t beginProgram(const BeginProgramArguments& work);

struct WindowArguments {
  int64_t kernelHeight, kernelWidth, stride, padTop, padLeft, outHeight, outWidth;

  void fields(Arguments& call);
  Windows windows() const;
};

struct AddConvolutionArguments {
  NamedProgram program;
  int64_t input, weight;
  int channels, groups;
  WindowArguments windows;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(input));
    call.channels(NAMED(channels));
    call.channels(NAMED(groups));
    call.length(NAMED(weight));
    windows.fields(call);
  }
};
/**
 * A convolution of an activation, in groups of channels; `weight` is the first of its parameters, [out][in of its
 * group][row][column]. Returns its number as a layer.
 */
int64_t addConvolution(const AddConvolutionArguments& work);

struct AddGatherArguments {
  NamedProgram program;
  int64_t input, before;
  int channels;
  GatherKind kind;
  WindowArguments windows;
  bool channelsLast;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(input));
    call.oneOf(NAMED(kind));
    call.channels(NAMED(channels));
    call.length(NAMED(before));
    call.flag(NAMED(channelsLast));
    windows.fields(call);
  }
};
/** Its output has `channels` where it is a subsampling, `before` of them zeros ahead of the input's. Returns as above. */
int64_t addGather(const AddGatherArguments& work);

struct AddActivationArguments {
  NamedProgram program;
  int64_t layer, scale, shift, second;
  Adjustment adjustment;
  double epsilon;
  Rectifier rectifier;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(layer));
    call.oneOf(NAMED(adjustment));
    call.length(NAMED(scale));
    call.length(NAMED(shift));
    call.number(NAMED(epsilon));
    call.integer(NAMED(second), -1, 1 << 30);
    call.oneOf(NAMED(rectifier));
  }
};
/** What layers read: a layer's output adjusted, plus the activation `second` unless that is −1. Returns its number. */
int64_t addActivation(const AddActivationArguments& work);

struct CaptureActivationArguments {
  NamedProgram program;
  int64_t activation;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(activation));
  }
};
/** Shows an activation, which is behind a rectifier, beside the logits. Returns how many are shown. */
int64_t captureActivation(const CaptureActivationArguments& work);

struct FinishProgramArguments {
  NamedProgram program;
  int64_t logits;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(logits));
  }
};
/** Returns how many floats the tape of a run has. */
int64_t finishProgram(const FinishProgramArguments& work);

struct ProgramMultiplyAddsArguments {
  NamedProgram program;
  bool ofGradient;

  void fields(Arguments& call) {
    program.fields(call);
    call.flag(NAMED(ofGradient));
  }
};
/** Returns the multiply-adds of kept weights in a run, or in its gradient. */
int64_t programMultiplyAdds(const ProgramMultiplyAddsArguments& work);

struct ProgramIsDenseArguments {
  NamedProgram program;
  int64_t layer;

  void fields(Arguments& call) {
    program.fields(call);
    call.length(NAMED(layer));
  }
};
/** Returns 1 where a convolution of a finished program multiplies with all of its weights, 0 where with kept ones alone. */
int64_t programIsDense(const ProgramIsDenseArguments& work);

struct RunProgramArguments {
  NamedProgram program;
  const float *images, *parameters, *means = nullptr, *variances = nullptr;
  float *tape, *outputs;

  void fields(Arguments& call);
};
/**
 * `means` and `variances` are those of all normalised channels in order; left out, the batch's. The outputs are the logits
 * and what is captured, one behind another.
 */
void runProgram(const RunProgramArguments& work);

struct ProgramGradientArguments {
  NamedProgram program;
  const float *tape, *parameters, *doutputs;
  float* dparameters;

  void fields(Arguments& call);
};
void programGradient(const ProgramGradientArguments& work);

struct ReleaseProgramArguments {
  int64_t program;

  void fields(Arguments& call) { call.size(NAMED(program)); }
};
void releaseProgram(const ReleaseProgramArguments& work);

}  // namespace winnow
