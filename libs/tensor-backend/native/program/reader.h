// What a layer of a program reads in a run: its channels' numbers, and where in the tape they come from.
#pragma once
#include "values.h"

namespace winnow {

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

}  // namespace winnow
