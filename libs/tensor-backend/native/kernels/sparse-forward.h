// A convolution by its kept weights: each is broadcast, times vectors of examples at neighbouring pixels.
#pragma once
#include "reading.h"

namespace {

using winnow::Kept;
using winnow::SparseForward;
using winnow::SparseForwardBlock;

/** Vectors of one output channel that are summed at once. */
constexpr int FORWARD_TILE = 8;

/** Rows of a tile whose rows have so many vectors. */
inline int tileRows(int64_t vectors, int tile) { return vectors > tile / 2 ? 1 : tile / (int)vectors; }

/** Sums [outs][2][W] of y − pivot and of its square, their totals [outs][2] so far, of n numbers, and the pivots [outs]. */
struct MomentSums {
  float *sums, *pivots;
  double* totals;
  double n;

  /**
   * Pivots are numbers of the channel itself: one near most of them leaves what is summed small. A channel fed by constants
   * is constant but for its borders, so that the first row would be no good guide.
   */
  void pivot(int o, float to) const {
    const double by = (double)pivots[o] - to;
    totals[2 * o + 1] += by * (2 * totals[2 * o] + n * by);
    totals[2 * o] += n * by;
    pivots[o] = to;
  }
};

struct TileRows {
  const float* const* rows;  // [row of the tile][kernel row], from the tile's first column on
  float* y;
  bool pivots;  // whether pivots are taken from this tile
  VI last;  // lanes of the tile's last vector that are pixels
};

template <int ROWS, int VECTORS>
void forwardTile(const SparseForward& p, const TileRows& tile, const MomentSums& moments) {
  const int height = p.windows.kernelHeight;
  const Kept* const kept = p.kept;
  const int64_t yRow = p.yRow;
  for (int o = 0; o < p.outs; o++) {
    V sums[ROWS][VECTORS];
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) sums[r][v] = broadcast(0.0f);
    for (int k = 0; k < height; k++) {
      if (ROWS == 1 && !tile.rows[k]) continue;
      const Kept* const end = kept + p.starts[o * height + k + 1];
      for (const Kept* at = kept + p.starts[o * height + k]; at < end; at++) {
        const V weight = broadcast(at->weight);
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++) {
          const float* const row = tile.rows[r * height + k] + at->offset;
#pragma GCC unroll 8
          for (int v = 0; v < VECTORS; v++) sums[r][v] += weight * load(row + v * W);
        }
      }
    }
    float* const y = tile.y + o * p.pitch;
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) {
        ahead(y + (r + ROWS) * yRow + v * W);
        store(y + r * yRow + v * W, sums[r][v]);
      }
    if (!moments.sums) continue;
    if (tile.pivots) moments.pivot(o, sums[ROWS / 2][VECTORS / 2][0]);
    const V pivot = broadcast(moments.pivots[o]);
    float* const to = moments.sums + o * 2 * W;
    V sum = load(to), square = load(to + W);
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) {
        V away = sums[r][v] - pivot;
        if (v == VECTORS - 1) away = keep(tile.last, away);
        sum += away;
        square += away * away;
      }
    store(to, sum);
    store(to + W, square);
  }
}

using ForwardTile = void (*)(const SparseForward&, const TileRows&, const MomentSums&);

inline ForwardTile forwardTileOf(int rows, int vectors) {
  static constexpr ForwardTile ONE[] = {forwardTile<1, 1>, forwardTile<1, 2>, forwardTile<1, 3>, forwardTile<1, 4>,
                                        forwardTile<1, 5>, forwardTile<1, 6>, forwardTile<1, 7>, forwardTile<1, 8>};
  static constexpr ForwardTile SINGLE[] = {forwardTile<1, 1>, forwardTile<2, 1>, forwardTile<3, 1>, forwardTile<4, 1>,
                                           forwardTile<5, 1>, forwardTile<6, 1>, forwardTile<7, 1>, forwardTile<8, 1>};
  static constexpr ForwardTile TWO[] = {forwardTile<1, 2>, forwardTile<2, 2>, forwardTile<3, 2>, forwardTile<4, 2>};
  if (rows == 1) return ONE[vectors - 1];
  if (vectors == 1) return SINGLE[rows - 1];
  if (vectors == 2) return TWO[rows - 1];
  return vectors == 3 ? forwardTile<2, 3> : forwardTile<2, 4>;
}

inline bool reads(const winnow::Windows& w, int row) {
  const int top = row + w.padTop;
  for (int k = 0; k < w.kernelHeight; k++)
    if (top >= k && (top - k) % w.stride == 0 && (top - k) / w.stride < w.outHeight) return true;
  return false;
}

/** A row of the input, zeros around it, columns of one phase of the stride together. */
inline void fillSlot(const SparseForward& p, const ReadFrom& from, int row, float* slot, float* line) {
  const Reading& of = p.reading;
  const auto& w = p.windows;
  const bool used = reads(w, row);
  if (!used && !of.stores) return;
  for (int c = 0; c < of.count; c++) {
    const ReadChannel& channel = of.channels[c];
    if (!used || channel.place < 0) {
      if (of.stores) readRow(of, channel, from, row, line);
      continue;
    }
    float* const to = slot + channel.place * w.stride * p.phaseFloats;
    const int64_t left = (int64_t)w.padLeft * p.examples;
    if (w.stride == 1) {
      std::memset(to, 0, sizeof(float) * (size_t)left);
      readRow(of, channel, from, row, to + left);
      std::memset(to + left + of.pitch, 0, sizeof(float) * (size_t)(p.phaseFloats - left - of.pitch));
      continue;
    }
    readRow(of, channel, from, row, line);
    std::memset(to, 0, sizeof(float) * (size_t)(w.stride * p.phaseFloats));
    withExamples(p.examples, [&](auto examples) {
      constexpr int E = decltype(examples)::value;
      for (int x = 0; x < w.width; x++) {
        const int column = x + w.padLeft;
        const int at = column / w.stride;
        if ((at + 1) * E <= p.phaseFloats)
          std::memcpy(to + column % w.stride * p.phaseFloats + at * E, line + x * E, sizeof(float) * E);
      }
    });
  }
}

/** Two totals of each output, in whole cache lines. */
inline int64_t totalFloats(const SparseForward& p) { return ((int64_t)p.outs * 4 + 15) / 16 * 16; }

int forwardSlots(const SparseForward& p) {
  const auto& w = p.windows;
  return (tileRows(p.pitch / W, FORWARD_TILE) - 1) * w.stride + w.kernelHeight;
}

/** Floats of totals in float64, the ring and a slot of zeros, a row, sums and pivots. */
int64_t forwardScratch(const SparseForward& p) {
  return totalFloats(p) + (p.slots + 1) * p.slotFloats + p.reading.pitch + (int64_t)p.outs * (2 * W + 1);
}

void sparseForward(const SparseForward& p, const SparseForwardBlock& b) {
  const auto& w = p.windows;
  double* const totals = reinterpret_cast<double*>(b.scratch);
  float* const ring = b.scratch + totalFloats(p);
  float* const zeros = ring + p.slots * p.slotFloats;
  float* const line = zeros + p.slotFloats;
  const int64_t sums = (int64_t)p.outs * 2;
  float* const afterLine = line + p.reading.pitch;
  MomentSums moments{b.moments ? afterLine : nullptr, afterLine + sums * W, totals, 0};
  std::memset(totals, 0, sizeof(double) * (size_t)sums);
  std::memset(afterLine, 0, sizeof(float) * (size_t)(sums * W + p.outs));
  const VI there = lanesOf(b.examples, p.examples);
  int64_t summed = 0;
  const int vectors = (int)(p.pitch / W);
  const int rows = tileRows(vectors, FORWARD_TILE);
  if (rows > 1) std::memset(zeros, 0, sizeof(float) * (size_t)p.slotFloats);
  const VI all = firstLanes(W), last = firstLanes((int64_t)w.outWidth * p.examples - (int64_t)(vectors - 1) * W);
  const float* at[FORWARD_TILE * winnow::MOST_KERNEL_ROWS];
  int filled = 0;
  for (int top = 0; top < w.outHeight; top += rows) {
    const int count = rows < w.outHeight - top ? rows : w.outHeight - top;
    const int needed = (top + count - 1) * w.stride - w.padTop + w.kernelHeight;
    for (; filled < needed && filled < w.height; filled++)
      fillSlot(p, b.from, filled, ring + (filled & (p.slots - 1)) * p.slotFloats, line);
    const bool pivots = top == 0 || top == rows;
    if (b.moments && (pivots || summed >= SUMMED_AT_ONCE)) {
      carry(moments.sums, sums, there, totals);
      moments.n = (double)b.examples * w.outWidth * top;
      summed = 0;
    }
    summed += (int64_t)count * vectors;
    for (int from = 0; from < vectors; from += FORWARD_TILE) {
      const int wide = vectors - from < FORWARD_TILE ? vectors - from : FORWARD_TILE;
      for (int r = 0; r < count; r++)
        for (int k = 0; k < w.kernelHeight; k++) {
          const int row = (top + r) * w.stride + k - w.padTop;
          const bool there = row >= 0 && row < w.height;
          const float* const slot = there ? ring + (row & (p.slots - 1)) * p.slotFloats : count > 1 ? zeros : nullptr;
          at[r * w.kernelHeight + k] = slot ? slot + (int64_t)from * W : nullptr;
        }
      forwardTileOf(count, wide)(p, {at, b.y + top * p.yRow + (int64_t)from * W, pivots && from == 0, from + wide == vectors ? last : all},
                                 moments);
    }
  }
  if (p.reading.stores)
    for (; filled < w.height; filled++) fillSlot(p, b.from, filled, ring, line);
  if (!b.moments) return;
  carry(moments.sums, sums, there, totals);
  const double n = (double)b.examples * w.outHeight * w.outWidth;
  for (int o = 0; o < p.outs; o++) {
    const double sum = totals[2 * o], squares = totals[2 * o + 1] - sum * sum / n;
    b.moments[o] = {moments.pivots[o] + sum / n, squares < 0 ? 0 : squares};
  }
}

}  // namespace
