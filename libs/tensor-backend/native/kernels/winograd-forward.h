// Rows of a convolution's output by Winograd's algorithm.
#pragma once
#include "forward-tile.h"
#include "winograd-tiles.h"

namespace {

inline TileGroups groupsOf(const ForwardPass& p) { return {p.ins, p.outs, p.windows.outHeight, p.pitch}; }

/** Floats of tiles and of their products. */
inline int64_t winogradForwardFloats(const ForwardPass& p) {
  const int most = groupsOf(p).most();
  return WINOGRAD_POSITIONS * (positionFloats(p.ins, most) + positionFloats(roundUp(p.outs, DENSE_CHANNELS), most));
}

/**
 * `count` rows from `top` on. `rows` are those of the input that their patches see, in the ring or zeros; `scratch` holds
 * `winogradForwardFloats`.
 */
template <int EXAMPLES>
void winogradForwardRows(const ForwardPass& p, const TileGroups& groups, const float* const* rows, int top, int count,
                         float* y, const MomentSums& moments, float* scratch) {
  const int tall = (count + WINOGRAD_SIDE - 1) / WINOGRAD_SIDE;
  const int64_t pitch = p.pitch, yRow = p.yRow, floats = (int64_t)p.windows.outWidth * p.examples;
  float* const products = scratch + WINOGRAD_POSITIONS * positionFloats(p.ins, groups.most());
  for (int from = 0; from < groups.columns; from += groups.wide) {
    const int wide = groups.wide < groups.columns - from ? groups.wide : groups.columns - from;
    const Patches patches(rows, from, wide, tall, p.phaseFloats);
    transformPatches<EXAMPLES>(patches, p.ins, scratch);
    multiplyPatches(p.dense, scratch, p.ins, p.outs, patches.count, products);
    for (int o = 0; o < p.outs; o++) {
      float* const sums = moments.sums ? moments.sums + o * 2 * W : nullptr;
      if (sums && top == 0 && from == 0) {
        const int row = 2 < count ? 2 : count - 1, column = 2 * W < pitch ? 2 : (int)(pitch / W) - 1;
        float pivot = 0;
        const auto put = [&](int i, int j, V v) __attribute__((always_inline)) {
          if (i == row && j == column) pivot = v[0];
        };
        transformProducts<EXAMPLES>(products, p.outs, patches.count, o, 0, put);
        moments.pivot(o, pivot);
      }
      const V pivot = broadcast(sums ? moments.pivots[o] : 0.0f);
      V sum = broadcast(0.0f), square = broadcast(0.0f);
      for (int t = 0; t < patches.count; t++) {
        const int row = t / wide * WINOGRAD_SIDE;
        const int64_t begin = (from + t % wide) * WINOGRAD_SIDE * W;
        float* const to = y + (top + row) * yRow + o * pitch + begin;
        const bool whole = row + WINOGRAD_SIDE <= count && begin + WINOGRAD_SIDE * W <= floats;
        const auto put = [&](int i, int j, V v) __attribute__((always_inline)) {
          const int64_t left = floats - begin - j * W;
          if (!whole && (row + i >= count || left <= 0)) return;
          store(to + i * yRow + j * W, v);
          V away = v - pivot;
          if (EXAMPLES < W && left < W) away = keep(firstLanes(left), away);
          sum += away;
          square += away * away;
        };
        transformProducts<EXAMPLES>(products, p.outs, patches.count, o, t, put);
      }
      if (!sums) continue;
      store(sums, load(sums) + sum);
      store(sums + W, load(sums + W) + square);
    }
  }
}

}  // namespace
