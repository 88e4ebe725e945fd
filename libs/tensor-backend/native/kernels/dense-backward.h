// The gradients of a convolution by all of its weights: a band of rows of the input at a time.
#pragma once
#include "towards-input.h"
#include "weight-gradient.h"
#include "winograd-backward.h"

namespace {

inline int denseSlots(const BackwardPass& p) {
  const auto& w = p.windows;
  const int slots = (p.band - 1) / w.stride + (w.kernelHeight - 1) / w.stride + 2;
  return slots < w.outHeight ? slots : w.outHeight;
}

/** Where in its scratch a dense pass has slots of dy, one of zeros, x and dx, a row of each as they lie, sums, and tiles. */
struct DenseScratch {
  Room room;
  int64_t slotFloats, zeros, x, dx, transposed, line, dline, sums;
  WinogradScratch winograd{};

  explicit DenseScratch(const BackwardPass& p) {
    const int slots = denseSlots(p);
    slotFloats = wholeSingles(p.outs) * p.dyFloats;
    zeros = room.take(slots * slotFloats) + slots * slotFloats;
    room.take(slotFloats);
    x = room.take(wholeVectorsOf(p.ins) * bandChannel(p));
    const int64_t dxFloats = p.towardsInput ? roundUp(p.ins, DENSE_CHANNELS) * bandChannel(p) : 0;
    // The input's rows are transposed when dx is done with.
    const int64_t transposedFloats = p.road == Road::Dense ? transposedRowsFloats(p, slots) : 0;
    const bool shared = !lanesAreOuts(p);
    dx = room.take(shared && transposedFloats > dxFloats ? transposedFloats : dxFloats);
    transposed = shared ? dx : room.take(transposedFloats);
    line = room.take(backwardLine(p));
    dline = room.take(backwardLine(p));
    sums = room.take((int64_t)p.reading.count * 3 * W);
    if (p.road == Road::Winograd) winograd = WinogradScratch(p, room);
  }
};

int64_t denseBackwardScratch(const BackwardPass& p) { return DenseScratch(p).room.floats; }

/** Closes the gradient of a band's input. */
inline void finishBand(const BackwardPass& p, const BackwardBlock& b, const Band& band, float* x, float* dx, float* line,
                       float* dline, float* sums) {
  const Reading& of = p.reading;
  const int64_t pitch = phasePitch(p), row = bandRow(p), channel = bandChannel(p);
  const bool whole = p.windows.stride == 1;
  for (int c = 0; c < p.ins; c++)
    for (int r = 0; r < band.count; r++) {
      float* const its = dx + c * channel + r * row;
      float* const input = x + c * channel + r * row;
      if (!whole) {
        byPhases<false>(p.examples, dline, p.windows.stride, its, pitch);
        byPhases<false>(p.examples, line, p.windows.stride, input, pitch);
      }
      finishRow(p.finishing, p.finishing.channels[c], b.finish, band.top + r, of.floats, whole ? its : dline,
                whole ? input : line, sums + (int64_t)c * 3 * W);
    }
  carrySums(p.finishing, of.count, sums, b.finish.sums);
}

/** `BackwardBlock::weightSums`: the sums that `weightGradient` takes. */
void denseBackward(const BackwardPass& p, const BackwardBlock& b) {
  const auto& w = p.windows;
  const Reading& of = p.reading;
  const DenseScratch scratch(p);
  float *const dy = b.scratch, *const zeros = dy + scratch.zeros, *const x = dy + scratch.x, *const dx = dy + scratch.dx;
  float *const transposed = dy + scratch.transposed, *const line = dy + scratch.line, *const sums = dy + scratch.sums;
  const int64_t row = bandRow(p), channel = bandChannel(p), slotFloats = scratch.slotFloats;
  const int slots = denseSlots(p);
  std::memset(zeros, 0, sizeof(float) * (size_t)slotFloats);
  std::memset(sums, 0, sizeof(float) * (size_t)of.count * 3 * W);
  std::memset(line, 0, sizeof(float) * (size_t)backwardLine(p));
  int filled = 0;
  for (int top = 0; top < w.height; top += p.band) {
    const int count = p.band < w.height - top ? p.band : w.height - top;
    const int needed = (top + count - 1 + w.padTop) / w.stride;
    for (; filled <= needed && filled < w.outHeight; filled++) {
      const int slot = filled % slots;
      fillSlopes(p, b, filled, dy + slot * slotFloats);
      if (lanesAreOuts(p))
        transposeRow(dy + slot * slotFloats, p.dyFloats, p.outs, p.dyFloats, transposed + slot * p.dyFloats * W,
                slots * p.dyFloats * W);
    }
    for (int i = 0; i < p.ins; i++)
      for (int r = 0; r < count; r++) {
        float* const to = x + i * channel + r * row;
        readRow(of, of.channels[i], b.from, top + r, w.stride == 1 ? to : line);
        if (w.stride > 1) byPhases<true>(p.examples, line, w.stride, to, phasePitch(p));
      }
    const bool adds = b.addsSums || top > 0;
    const Band band{top, count, x, dy, slots, slotFloats};
    if (p.road == Road::Winograd)
      withExamples(p.examples, [&](auto examples) {
        passBandByWinograd<decltype(examples)::value>(p, band, zeros, dx, dy, scratch.winograd, b.weightSums, adds);
      });
    else if (p.towardsInput) towardsInput(p, band, zeros, dx);
    if (p.towardsInput) finishBand(p, b, band, x, dx, line, dy + scratch.dline, sums);
    if (p.road == Road::Dense) addBandSums(p, band, transposed, b.weightSums, adds);
  }
}

}  // namespace
