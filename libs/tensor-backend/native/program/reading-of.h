// What is common to runs and gradients of a program: numbers of channels as a run has them.
#pragma once
#include <cmath>
#include <vector>

#include "program.h"

namespace winnow {

/** (y − mean) · factor + shift */
struct ChannelAffine {
  float mean, factor, shift;
};

/** Reads a tape with parameters at hand. */
class Values {
 public:
  Values(const std::vector<int>& rank, const float* parameters, const float* tape)
      : rank_(rank), parameters_(parameters), tape_(tape) {}

  /** 0 where it is not kept. */
  float parameter(int64_t place) const {
    const int at = rank_[(size_t)place];
    return at < 0 ? 0.0f : parameters_[at];
  }

  ChannelAffine of(const Activation& activation, int channel) const {
    if (activation.affine == Adjustment::None) return {0, 1, 0};
    const float shift = parameter(activation.shift + channel);
    if (activation.affine == Adjustment::Shift) return {0, 1, shift};
    const float* const mean = tape_ + activation.statistics;
    const float inverse = mean[activation.live.size() + (size_t)channel];
    return {mean[channel], parameter(activation.scale + channel) * inverse, shift};
  }

  float inverse(const Activation& activation, int channel) const {
    return tape_[activation.statistics + (int64_t)activation.live.size() + channel];
  }
  float mean(const Activation& activation, int channel) const { return tape_[activation.statistics + channel]; }

 private:
  const std::vector<int>& rank_;
  const float* parameters_;
  const float* tape_;
};

inline int64_t firstRow(const Stored& stored, int channel) {
  const int slot = stored.slots[(size_t)channel];
  return slot < 0 ? -1 : slot * stored.pitch;
}

/** The channels that a source reads, and whence. */
struct Reader {
  std::vector<ReadChannel> channels;
  /** Offsets in the tape, and floats of a block. */
  int64_t y, yBlock, second = 0, secondBlock = 0, to = 0, toBlock = 0;
  bool stores = false;

  Reader(const std::vector<Source>& sources, const std::vector<Activation>& activations, const Source& source,
         const Values& values, bool again) {
    const Activation& input = activations[(size_t)source.input];
    const Stored& made = sources[(size_t)input.source].y;
    const bool plain = readsStored(input, source, again);
    const Stored& from = plain ? input.stored : made;
    y = from.offset;
    yBlock = from.block();
    const Activation* const added = !plain && input.second >= 0 ? &activations[(size_t)input.second] : nullptr;
    const Stored* const other = !added ? nullptr : added->isStored ? &added->stored : &sources[(size_t)added->source].y;
    if (other) {
      second = other->offset;
      secondBlock = other->block();
    }
    stores = input.isStored && !plain;
    if (stores) {
      to = input.stored.offset;
      toBlock = input.stored.block();
    }
    std::vector<int> places(input.live.size(), -1);
    for (int i = 0; i < (int)source.ins.size(); i++) places[(size_t)source.ins[(size_t)i]] = i;
    for (const int c : input.channels) {
      const ChannelAffine own = plain ? ChannelAffine{0, 1, 0} : values.of(input, c);
      const ChannelAffine its = !added || added->isStored ? ChannelAffine{0, 1, 0} : values.of(*added, c);
      channels.push_back({.y = firstRow(from, c),
                          .second = other ? firstRow(*other, c) : -1,
                          .to = stores ? firstRow(input.stored, c) : -1,
                          .place = places[(size_t)c],
                          .mean = own.mean, .factor = own.factor, .shift = own.shift,
                          .mean2 = its.mean, .factor2 = its.factor, .shift2 = its.shift});
    }
  }

  /** `tape` may be written to where the reading stores. */
  ReadFrom block(const float* tape, int64_t block) const {
    return {tape + y + block * yBlock, tape + second + block * secondBlock,
            stores ? const_cast<float*>(tape) + to + block * toBlock : nullptr};
  }
};

/** Examples that are there of a block. */
inline int examplesOf(int64_t batch, int64_t block, int perBlock) {
  const int64_t left = batch - block * perBlock;
  return (int)(left < perBlock ? left : perBlock);
}

}  // namespace winnow
