// A band of rows that a dense pass of the gradient works on at once.
#pragma once
#include "backward-rows.h"

namespace {

/** Floats of a row of one channel of x by phases, and of all of the band. */
inline int64_t bandRow(const BackwardPass& p) { return p.windows.stride * phasePitch(p); }
inline int64_t bandChannel(const BackwardPass& p) { return p.band * bandRow(p); }

/** Places of a scratch, one behind another. */
struct Room {
  int64_t floats = 0;

  /** Returns where it begins. */
  int64_t take(int64_t count) {
    const int64_t begin = floats;
    floats += roundUp(count, 16);
    return begin;
  }
};

/** A band of rows of the input, and the slots of the gradient's rows that it meets. */
struct Band {
  int top, count;
  const float* x;
  /** Row r of the gradient is at slot r % slots, each [outs][dyFloats]. */
  const float* dy;
  int slots;
  int64_t slotFloats;

  /** The slot of the row of dy that a row of the input meets at a kernel's row; −1 for none. */
  int slotOf(const BackwardPass& p, int row, int k) const {
    const auto& w = p.windows;
    const int above = top + row + w.padTop - k, at = above / w.stride;
    return above < 0 || above % w.stride || at >= w.outHeight ? -1 : at % slots;
  }

  /** That row, behind its margin; null for none. */
  const float* met(const BackwardPass& p, int row, int k) const {
    const int slot = slotOf(p, row, k);
    return slot < 0 ? nullptr : dy + slot * slotFloats + p.margin;
  }
};

}  // namespace
