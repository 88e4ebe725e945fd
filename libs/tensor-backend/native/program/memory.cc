// Where everything that a program stores lies.
#include <algorithm>

#include "../engine/failure.h"
#include "../operations/arguments.h"
#include "arena.h"
#include "dense-weights.h"
#include "program.h"
#include "../kernels/round-up.h"

namespace winnow {

/** Of a thread. Strides beyond the kernel's width come to so much, whose phases mostly hold pixels that no weight sees. */
constexpr size_t MOST_SCRATCH = size_t{1} << 30;

/** The pass that reads an activation last: a layer, or the first or last one that reads the sum that it goes into. */
int Program::lastReader(const Activation& activation) const {
  const int last = activation.readers.empty() ? activation.source : activation.readers.back();
  if (&activation == &activations_[(size_t)logits_]) return (int)sources_.size();
  if (activation.adder < 0) return last;
  const Activation& sum = activations_[(size_t)activation.adder];
  return std::max(last, sum.isStored ? sum.readers.front() : sum.readers.back());
}

/**
 * What the sums for weights' gradients are cut into at most, whatever the number of threads, and what they come to at most
 * where that leaves four.
 */
constexpr int64_t MOST_PARTS = 16, LEAST_PARTS = 4, MOST_SUMS = 32 << 20;

int64_t Program::partsOf(int64_t floats) const {
  return std::min({blocks_, MOST_PARTS, std::max(LEAST_PARTS, MOST_SUMS / std::max<int64_t>(floats, 1))});
}

void Program::planWeights(const Source& leader) {
  const DenseWeights weights(kernels_, sources_, ranks_, leader);
  weightFloats_ = std::max(weightFloats_, weights.room(true));
  if (!differentiable_) return;
  if (leader.backward.towardsInput) weightFloats_ = std::max(weightFloats_, weights.room(false));
  const int64_t each = kernels_.weightSumFloats(leader.backward);
  weightSumFloats_ = std::max(weightSumFloats_, product({partsOf(each), each}));
}

/**
 * The tape holds what is stored, and statistics: all of it where a gradient will read it, else each as long as it is read.
 * Gradients live from the last layer that reads an activation to those that made it, in the place of the gradient of the sum
 * that it goes into where they can.
 */
void Program::planMemory() {
  const int end = (int)sources_.size();
  for (const Source& source : sources_) {
    int64_t floats = 0;
    if (source.kind == SourceKind::Gather) floats = kernels_.gatherScratch(source.gather);
    if (source.kind == SourceKind::Convolution && &leaderOf(source) == &source) {
      floats = kernels_.forwardScratch(source.forward);
      if (source.road != Road::Kept) planWeights(source);
      if (differentiable_)
        floats = std::max(floats, backwardScratch(source) + (int64_t)source.kept.size() * width_);
    }
    scratchBytes_ = std::max(scratchBytes_, sizeof(float) * (size_t)floats);
  }
  for (const int a : captures_) {
    const Source& reader = sources_[(size_t)activations_[(size_t)a].readers.front()];
    scratchBytes_ = std::max(scratchBytes_, sizeof(float) * (size_t)kernels_.captureScratch(captureOf(reader)));
  }
  // The same for any number of images, however many lie side by side of these.
  if (scratchBytes_ / (size_t)examples_ * (size_t)width_ > MOST_SCRATCH) throw Unfit("a pass needs too much memory beside what it reads and writes");
  Arena tape;
  const auto place = [&](Stored& stored, int from, int to) {
    const size_t at = tape.place(differentiable_ ? 0 : from, differentiable_ ? end : to, roundUp(product({stored.block(), blocks_}), 16));
    stored.offset = tape.begin(at);
  };
  for (int s = 0; s < end; s++) {
    Source& source = sources_[(size_t)s];
    if (source.leader != s) continue;
    int last = s;
    for (const int m : source.members) {
      Activation& activation = activations_[(size_t)sources_[(size_t)m].activation];
      const int its = lastReader(activation);
      last = std::max(last, activation.isStored ? activation.readers.front() : its);
      if (activation.isStored) place(activation.stored, activation.readers.front(), its);
    }
    place(source.y, s, last);
    for (const int m : source.members) sources_[(size_t)m].y.offset = source.y.offset;
  }
  tapeFloats_ = tape.floats();
  for (Activation& activation : activations_) {
    if (activation.adjustment != Adjustment::Normalize) continue;
    activation.statistics = tapeFloats_;
    tapeFloats_ += roundUp(2 * sources_[(size_t)activation.source].channels, 16);
  }
  if (!differentiable_) return;

  // Passes of the gradient are numbered from the last source to the first.
  Arena gradients;
  std::vector<size_t> places(activations_.size());
  for (int a = (int)activations_.size() - 1; a > 0; a--) {
    Activation& activation = activations_[(size_t)a];
    if (activation.gradientOf != a) continue;
    const int from = a == logits_ ? 0 : end - activation.readers.back();
    const auto passOf = [&](int s) { return end - sources_[(size_t)s].leader; };
    int to = passOf(activation.source);
    if (activation.second >= 0) {
      const Activation& added = activations_[(size_t)activation.second];
      to = std::max(to, added.readers.empty() ? passOf(added.source) : end - added.readers.front());
    }
    const int adder = activation.adder;
    const bool replaces = adder >= 0 && activation.readers.size() == 1 && activation.captured < 0 &&
                          activations_[(size_t)adder].gradientOf == adder &&
                          activations_[(size_t)adder].live == activation.live &&
                          leaderOf(sources_[(size_t)activations_[(size_t)adder].source]).leader > activation.readers.front();
    if (replaces && gradients.extend(places[(size_t)adder], to)) places[(size_t)a] = places[(size_t)adder];
    else places[(size_t)a] = gradients.place(from, to, roundUp(product({activation.gradient.block(), blocks_}), 16));
    activation.gradient.offset = gradients.begin(places[(size_t)a]);
  }
  gradientFloats_ = gradients.floats();
}

}  // namespace winnow
