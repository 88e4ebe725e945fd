#pragma once
#include <string>
#include <vector>

#include "../program/program.h"

// What tests of programs build and run.
struct Outcome {
  /** The logits, and what is captured behind them. */
  std::vector<float> logits, gradient;
};

/** Runs a finished program, with NaN wherever it writes. */
Outcome ran(const winnow::Program& program, const std::vector<float>& images, const std::vector<float>& parameters,
            const std::vector<float>& dlogits, const std::vector<float>& means = {},
            const std::vector<float>& variances = {});

/** Checks that every number is within `tolerance` of what is expected, or of 1 where that is less. */
void same(const std::vector<float>& actual, const std::vector<float>& expected, const std::string& what,
          float tolerance = 1e-6f);

winnow::Windows windows(int kernel, int stride, int pad, int out);

/** A program, with fewer words to add to it. */
struct Built {
  winnow::Program program;
  int add(int source, winnow::Adjustment affine = winnow::Adjustment::None, int64_t scale = 0, int64_t shift = 0, int second = -1,
          winnow::Rectifier rectifier = winnow::Rectifier::None, double epsilon = 0) {
    return program.addActivation(source, affine, scale, shift, epsilon, second, rectifier);
  }
  int convolution(int input, int channels, const winnow::Windows& w, int64_t weight, int groups = 1) {
    return program.addConvolution(input, channels, groups, w, weight);
  }
  int gather(winnow::GatherKind kind, int input, const winnow::Windows& w = windows(1, 1, 0, 1), bool channelsLast = false) {
    return program.addGather(kind, input, w, 1, 0, channelsLast);
  }
};

/** Square images. */
Built begun(int64_t batch, int side, int channels, const std::vector<char>& kept);
