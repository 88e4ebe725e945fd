// Numbers of a program as a run has them: parameters, and what was measured of its channels.
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
  Values(const Ranks& ranks, const float* parameters, const float* tape)
      : ranks_(ranks), parameters_(parameters), tape_(tape) {}

  /** 0 where it is not kept. */
  float parameter(int64_t place) const {
    const int at = ranks_.at(place);
    return at < 0 ? 0.0f : parameters_[at];
  }

  ChannelAffine of(const Activation& activation, int channel) const {
    if (activation.adjustment == Adjustment::None) return {0, 1, 0};
    const float shift = parameter(activation.shift + channel);
    if (activation.adjustment == Adjustment::Shift) return {0, 1, shift};
    const float* const mean = tape_ + activation.statistics;
    const float inverse = mean[activation.live.size() + (size_t)channel];
    return {mean[channel], parameter(activation.scale + channel) * inverse, shift};
  }

  float inverse(const Activation& activation, int channel) const {
    return tape_[activation.statistics + (int64_t)activation.live.size() + channel];
  }
  float mean(const Activation& activation, int channel) const { return tape_[activation.statistics + channel]; }

 private:
  const Ranks& ranks_;
  const float* parameters_;
  const float* tape_;
};

inline int64_t firstRow(const Stored& stored, int channel) {
  const int slot = stored.slots[(size_t)channel];
  return slot < 0 ? -1 : slot * stored.pitch;
}

/** Examples that are there of a block. */
inline int examplesOf(int64_t batch, int64_t block, int perBlock) {
  const int64_t left = batch - block * perBlock;
  return (int)(left < perBlock ? left : perBlock);
}

}  // namespace winnow
