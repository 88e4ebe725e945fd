// All weights of a pass, put side by side as its kernels multiply with them.
#pragma once
#include "program.h"

namespace winnow {

class DenseWeights {
 public:
  /** Of the pass of a leader, which goes by all of its weights. */
  DenseWeights(const ProgramKernels& kernels, const std::vector<Source>& sources, const Ranks& ranks,
               const Source& leader);

  /** Floats of the room that `forward` or `backward` needs. */
  int64_t room(bool forward) const;
  /** What `ForwardPass::dense` and `BackwardPass::dense` are, in a place of that room. */
  const float* forward(const float* parameters, float* room) const { return pack(layoutOf(true), parameters, true, room); }
  const float* backward(const float* parameters, float* room) const { return pack(layoutOf(false), parameters, false, room); }
  /** Sums of a dense pass of the gradient, `count` of them, to the gradients of kept parameters. */
  void scatterGradient(const float* sums, int64_t count, float* dparameters) const;

 private:
  /** Where one output's weights are, [inputs][rows][columns] from the parameter `first` on, among the taps of the pass. */
  struct Output {
    int64_t first;
    int rows, columns, rowShift, columnShift;
  };
  /** Channels lie in tiles of some side by side; of each tap, where it begins in a tile and how far apart terms are. */
  struct Layout {
    int64_t tile, floats;
    std::vector<int64_t> begins, steps;
  };

  int64_t taps() const { return (int64_t)leader_.joint.kernelHeight * leader_.joint.kernelWidth; }
  int64_t firstOf(int64_t out) const;
  template <class Use>
  void eachTap(const Output& output, int in, const Use& use) const;
  Layout planes(int64_t channels, int64_t terms, bool flipped) const;
  Layout layoutOf(bool forward) const;
  void packOuts(const Layout& layout, const float* parameters, int64_t tile, float* to) const;
  void packIns(const Layout& layout, const float* parameters, int64_t begin, int64_t end, float* to) const;
  const float* pack(const Layout& layout, const float* parameters, bool forward, float* room) const;

  const ProgramKernels& kernels_;
  const Ranks& ranks_;
  const Source& leader_;
  std::vector<Output> outputs_;
  int64_t outs_, ins_, atOnce_;
  /** Whether all weights of one convolution are kept, and used. */
  bool isWhole_;
};

}  // namespace winnow
