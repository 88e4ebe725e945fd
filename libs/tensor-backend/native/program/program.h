// A network as passes over blocked activations (see kernels/passes.h), planned once for a set of kept weights and a batch.
//
// Two kinds of nodes take turns: a `Source` is what is stored (images, and what a convolution or a gathering layer puts
// out), an `Activation` what a layer reads: its source, normalised or shifted, perhaps with another activation added, and
// perhaps behind a rectifier. Activations are computed as they are read; only one that is read twice and has two terms is stored.
#pragma once
#include <cstdint>
#include <vector>

#include "../kernels/kernels.h"
#include "../kernels/round-up.h"
#include "ranks.h"

namespace winnow {

/** What an activation does to its source by channel: nothing, a shift, or normalisation. */
NAMED_ENUM(Adjustment, None, Shift, Normalize);

/** A stored activation: [block][row][channel][pitch], of the channels that have a slot. */
struct Stored {
  int height = 0, width = 0, channels = 0;
  /** By channel of the network; −1 for one that is not stored. */
  std::vector<int> slots;
  int64_t pitch = 0, offset = 0;

  int64_t row() const { return channels * pitch; }
  int64_t block() const { return row() * height; }
};

struct KeptWeight {
  int out, in, row, column;
  int parameter;  // among those that are kept
};

/** One use of a kept weight in a pass. */
struct KeptUse {
  int32_t offset;
  int32_t weight;  // in `Source::kept`
};

enum class SourceKind { Images, Convolution, Gather };

struct Source {
  SourceKind kind = SourceKind::Images;
  GatherKind gathering = GatherKind::Max;
  int input = -1;  // an activation
  int channels = 0, inputs = 0;
  /** Of a convolution: each group of outputs sees its own inputs alone, in order. */
  int groups = 1;
  Windows windows{};
  int64_t weight = 0;  // the first of its parameters
  int before = 0;      // channels of zeros before those of a subsampling
  bool channelsLast = false;
  /** The one activation that is made of it. */
  int activation = -1;
  /**
   * Convolutions of one input that look at its pixels alike go through one pass, that of the first of them: the channels of
   * each follow those of the one before.
   */
  int leader = -1, firstOut = 0;
  std::vector<int> members;  // of a leader, itself among them
  Windows joint{};           // of a leader
  /** Where its kernel begins in that of the pass. */
  int rowShift = 0, columnShift = 0;

  /** How its pass goes, and how many of its weights are kept, in all and on live paths. */
  Road road = Road::Kept;
  int64_t keptInAll = 0, keptLive = 0;

  std::vector<char> needed;
  Stored y;
  // Of a leader, for all of its pass. Weights and their uses, where it goes by those that are kept.
  std::vector<KeptWeight> kept;
  std::vector<int> outs, ins;
  std::vector<KeptUse> forwardUses, backwardUses;
  std::vector<int> forwardStarts, backwardStarts;
  /** Without what changes from run to run. */
  ForwardPass forward{};
  BackwardPass backward{};
  Gather gather{};
  /** What a gathering layer reads in its gradient. */
  Reading readingAgain{};
  std::vector<int> places, gradientPlaces;
  /** Whether it is the first to read its input, and the last to add to the gradient of it. */
  bool first = false;
  /** Whether another layer has added to that gradient before. */
  bool adds = false;
};

struct Activation {
  int source = 0;
  Adjustment adjustment = Adjustment::None;
  double epsilon = 0;
  int64_t scale = 0, shift = 0;  // the first of its parameters
  int second = -1;               // an activation
  Rectifier rectifier = Rectifier::None;

  /** Sources that read it, and the activation that adds it; −1 for none. */
  std::vector<int> readers;
  int adder = -1;
  std::vector<char> live;
  /** Live channels, in order. */
  std::vector<int> channels;
  bool isStored = false;
  Stored stored;
  /** Of what is before the rectifier; that of the activation that adds it where nothing else uses it. */
  Stored gradient;
  int gradientOf = -1;
  /** Where it is shown, the first of its floats in the outputs; −1 where it is not. */
  int64_t captured = -1;
  /** Of means and inverse deviations in the tape, and of given statistics; of channels that are normalised. */
  int64_t statistics = 0, given = 0;
};

/** Whether an activation is read from where it is stored, and not computed from its terms. */
inline bool readsStored(const Activation& activation, const Source& reader, bool again) {
  return activation.isStored && (again || !reader.first);
}

class Program {
 public:
  /** `kept` tells of each parameter whether it is. */
  Program(int64_t batch, int height, int width, int channels, const std::vector<char>& kept, bool differentiable);

  // Each returns the number of what it adds. They throw Failure for what does not fit together.
  int addConvolution(int input, int channels, int groups, const Windows& windows, int64_t weight);
  int addGather(GatherKind kind, int input, const Windows& windows, int channels, int before, bool channelsLast);
  int addActivation(int source, Adjustment adjustment, int64_t scale, int64_t shift, double epsilon, int second,
                    Rectifier rectifier);
  /** Shows an activation beside the logits, behind those that are shown already. Returns how many there are. */
  int capture(int activation);
  /** Plans it, with the activation that is the logits. */
  void finish(int logits);

  bool finished() const { return finished_; }
  bool differentiable() const { return differentiable_; }
  int64_t batch() const { return batch_; }
  int64_t imageFloats() const;
  int64_t parameters() const { return ranks_.kept(); }
  int64_t normalized() const { return normalized_; }
  int64_t tapeFloats() const { return tapeFloats_; }
  int64_t gradientFloats() const { return gradientFloats_; }
  /** Logits [batch, classes], and behind them what is captured, each [batch, height, width, channels]. */
  int64_t outputFloats() const { return outputFloats_; }
  /** Of a layer that is a convolution. Throws Failure for another number. */
  Road roadOf(int64_t layer) const;
  /** Of kept weights that reach the logits, over the batch. */
  int64_t multiplyAdds(bool ofGradient) const;

  /** means and variances may be null: then it normalises by those of the batch. */
  void run(const float* images, const float* parameters, const float* means, const float* variances, float* tape,
           float* outputs) const;
  void gradient(const float* tape, const float* parameters, const float* doutputs, float* dparameters) const;

 private:
  friend class Forward;
  friend class Backward;

  /** A layer that reads an activation, whose channels it has at first. Throws Failure where there is none. */
  Source reading(int input, SourceKind kind, const Windows& windows) const;
  int add(Source&& source);
  void join();
  void chooseRoads();
  /** Than the direct algorithm, for a 3×3 kernel with stride 1. */
  bool winogradIsFaster(const Source& source) const;
  void chooseExamples();
  void findLive();
  void layOut();
  void layOutConvolution(Source& source);
  void layOutGather(Source& source);
  const Source& leaderOf(const Source& source) const { return sources_[(size_t)source.leader]; }
  int lastReader(const Activation& activation) const;
  void planMemory();
  void planWeights(const Source& leader);
  /** Of blocks, each of which one thread passes in order, where each needs so many floats for sums. */
  int64_t partsOf(int64_t floats) const;
  /** Floats of a convolution's gradient ahead of the sums for its weights. */
  int64_t backwardScratch(const Source& source) const { return roundUp(kernels_.backwardScratch(source.backward), 16); }
  void chooseBand(BackwardPass& pass) const;
  Stored storedOf(int height, int width, const std::vector<char>& channels) const;
  /** What a source reads, in a run or `again` in its gradient; it is filled in with numbers as a run has them. */
  Reading readingOf(const Source& source, bool again) const;
  /** Of what a source reads, as that is once its pass is done. */
  Capture captureOf(const Source& source) const;

  int64_t batch_;
  bool differentiable_, finished_ = false;
  const ProgramKernels& kernels_;
  int width_;  // floats in a vector
  int examples_ = 1;
  int64_t blocks_ = 1;
  Ranks ranks_;
  int64_t normalized_ = 0, tapeFloats_ = 0, gradientFloats_ = 0, outputFloats_ = 0;
  /** Of any dense pass: its weights side by side, and the sums of all parts of their gradient. */
  int64_t weightFloats_ = 0, weightSumFloats_ = 0;
  /** Of a thread in any pass: blocks of one size are used again and again. */
  size_t scratchBytes_ = 0;
  std::vector<Source> sources_;
  std::vector<Activation> activations_;
  int logits_ = -1;
  /** Activations that are shown. */
  std::vector<int> captures_;
};

}  // namespace winnow
