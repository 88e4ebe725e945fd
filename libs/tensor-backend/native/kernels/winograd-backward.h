// Both gradients of a convolution by Winograd's algorithm.
#pragma once
#include "winograd-weights.h"

namespace {

inline TileGroups groupsOf(const BackwardPass& p) { return {p.outs, p.ins, p.band, p.reading.pitch}; }

/** Where in a scratch Winograd's algorithm has what it works with in one pass. */
struct WinogradScratch {
  int64_t slopes, products, transposed, pixels;

  WinogradScratch() = default;
  WinogradScratch(const BackwardPass& p, Room& room) {
    const int most = groupsOf(p).most();
    slopes = room.take(WINOGRAD_POSITIONS * positionFloats(p.outs, most) + LEAST_SINGLES * most * W);
    products = room.take(WINOGRAD_POSITIONS * positionFloats(roundUp(p.ins, DENSE_CHANNELS), most));
    transposed = room.take(WINOGRAD_POSITIONS * transposedFloats(p.ins, most));
    pixels = room.take(WINOGRAD_SIDE * WINOGRAD_SIDE * W * W);
  }
};

/** Both gradients by Winograd's algorithm: patches of dy meet tiles of the input. */
template <int EXAMPLES>
void passBandByWinograd(const BackwardPass& p, const Band& band, const float* zeros, float* dx, float* memory,
                        const WinogradScratch& scratch, float* sums, bool adds) {
  const auto& w = p.windows;
  const int64_t row = bandRow(p), channel = bandChannel(p);
  float *const slopes = memory + scratch.slopes, *const products = memory + scratch.products;
  float *const transposed = memory + scratch.transposed;
  const TileGroups groups = groupsOf(p);
  const int vectors = (int)(p.reading.pitch / W);
  for (int top = 0; top < band.count; top += groups.tall * WINOGRAD_SIDE) {
    const int count = groups.tall * WINOGRAD_SIDE < band.count - top ? groups.tall * WINOGRAD_SIDE : band.count - top;
    const int tall = (count + WINOGRAD_SIDE - 1) / WINOGRAD_SIDE;
    // A patch begins where the last row of the kernel meets the tile's first row.
    const float* rows[WINOGRAD_TILES * WINOGRAD_SIDE + 2];
    for (int r = 0; r < tall * WINOGRAD_SIDE + 2; r++) {
      const float* const dy = top + r < band.count + 2 ? band.met(p, top + r, w.kernelHeight - 1) : nullptr;
      rows[r] = dy ? dy - p.margin : zeros;
    }
    for (int from = 0; from < groups.columns; from += groups.wide) {
      const int wide = groups.wide < groups.columns - from ? groups.wide : groups.columns - from;
      const Patches patches(rows, from, wide, tall, p.dyFloats);
      transformPatches<EXAMPLES>(patches, p.outs, slopes);
      for (int t = 0; t < patches.count; t++) {
        const int above = t / wide * WINOGRAD_SIDE, left = (from + t % wide) * WINOGRAD_SIDE;
        transposeTile<EXAMPLES>(band.x + (top + above) * row + left * W, channel, row, count - above, vectors - left,
                                p.ins, transposed + t * W * W, patches.count * W * W,
                                transposedFloats(p.ins, patches.count), memory + scratch.pixels);
      }
      addWeightSums(slopes, transposed, p.outs, p.ins, patches.count, sums, adds || top > 0 || from > 0);
      if (!p.towardsInput) continue;
      multiplyPatches(p.dense, slopes, p.outs, p.ins, patches.count, products);
      for (int c = 0; c < p.ins; c++)
        for (int t = 0; t < patches.count; t++) {
          const int above = t / wide * WINOGRAD_SIDE, left = (from + t % wide) * WINOGRAD_SIDE;
          float* const to = dx + c * channel + (top + above) * row + left * W;
          const auto put = [&](int i, int j, V v) __attribute__((always_inline)) {
            if (above + i < count && left + j < vectors) store(to + i * row + j * W, v);
          };
          transformProducts<EXAMPLES>(products, p.ins, patches.count, c, t, put);
        }
    }
  }
}

}  // namespace
