// A convolution: rows of its input go through a ring, of which tiles of the output are computed.
#pragma once
#include "dense-forward.h"
#include "kept-forward.h"
#include "phases.h"
#include "winograd-forward.h"

namespace {

using winnow::ForwardBlock;
using winnow::Road;

inline bool reads(const winnow::Windows& w, int row) {
  const int top = row + w.padTop;
  for (int k = 0; k < w.kernelHeight; k++)
    if (top >= k && (top - k) % w.stride == 0 && (top - k) / w.stride < w.outHeight) return true;
  return false;
}

/** Floats of a row of the input as it lies, zeros before and behind it. */
inline int64_t forwardLine(const ForwardPass& p) {
  const int64_t row = (int64_t)p.windows.padLeft * p.examples + p.reading.pitch, phases = p.windows.stride * p.phaseFloats;
  return row > phases ? row : phases;
}

/** A row of the input, zeros around it, columns of one phase of the stride together. */
inline void fillSlot(const ForwardPass& p, const ReadFrom& from, int row, float* slot, float* line) {
  const Reading& of = p.reading;
  const auto& w = p.windows;
  const bool used = reads(w, row);
  if (!used && !of.stores) return;
  const int64_t left = (int64_t)w.padLeft * p.examples;
  for (int c = 0; c < of.count; c++) {
    const ReadChannel& channel = of.channels[c];
    if (!used || channel.place < 0) {
      if (of.stores) readRow(of, channel, from, row, line + left);
      continue;
    }
    float* const to = slot + channel.place * w.stride * p.phaseFloats;
    if (w.stride == 1) {
      std::memset(to, 0, sizeof(float) * (size_t)left);
      readRow(of, channel, from, row, to + left);
      std::memset(to + left + of.pitch, 0, sizeof(float) * (size_t)(p.phaseFloats - left - of.pitch));
      continue;
    }
    readRow(of, channel, from, row, line + left);
    byPhases<true>(p.examples, line, w.stride, to, p.phaseFloats);
  }
}

/** Two totals of each output, in whole cache lines. */
inline int64_t totalFloats(const ForwardPass& p) { return roundUp((int64_t)p.outs * 4, 16); }

/** Vectors of a tile at most. */
inline int tileOf(const ForwardPass& p) { return p.road == Road::Dense ? DENSE_TILE : KEPT_TILE; }

/** Rows of the output that are computed at once. */
inline int rowsAtOnce(const ForwardPass& p) {
  return p.road == Road::Winograd ? groupsOf(p).tall * WINOGRAD_SIDE : tileRows(p.pitch / W, tileOf(p));
}

int forwardSlots(const ForwardPass& p) {
  const auto& w = p.windows;
  return (rowsAtOnce(p) - 1) * w.stride + w.kernelHeight;
}

/** Floats of totals in float64, the ring and a slot of zeros, a row, sums and pivots. */
int64_t forwardScratch(const ForwardPass& p) {
  const int64_t sums = (int64_t)p.outs * 2 * W + roundUp(p.outs, 16);
  return totalFloats(p) + (p.slots + 1) * p.slotFloats + forwardLine(p) + sums +
         (p.road == Road::Winograd ? winogradForwardFloats(p) : 0);
}

/** The rows of the input that are in the ring. */
struct Ring {
  const ForwardPass& of;
  float *slots, *zeros;
  int filled = 0;

  float* slot(int row) const { return slots + (row & (of.slots - 1)) * of.slotFloats; }
  /** Null for one outside of the image. */
  const float* rowOf(int row) const { return row >= 0 && row < of.windows.height ? slot(row) : nullptr; }
};

/** The rows of the input that patches of `count` rows from `top` on see; behind the last one that is filled are zeros. */
inline void patchRows(const Ring& ring, int top, int count, const float** rows) {
  for (int r = 0; r < roundUp(count, WINOGRAD_SIDE) + 2; r++) {
    const int row = top + r - ring.of.windows.padTop;
    rows[r] = row >= 0 && row < ring.filled ? ring.slot(row) : ring.zeros;
  }
}

/** [row of the tile][kernel row], from the vector `from` on; null for zeros, where the tile is a single row. */
inline void rowsOfTile(const Ring& ring, int top, int count, int from, const float** rows) {
  const auto& w = ring.of.windows;
  for (int r = 0; r < count; r++)
    for (int k = 0; k < w.kernelHeight; k++) {
      const float* const row = ring.rowOf((top + r) * w.stride + k - w.padTop);
      const float* const slot = row ? row : count > 1 ? ring.zeros : nullptr;
      rows[r * w.kernelHeight + k] = slot ? slot + (int64_t)from * W : nullptr;
    }
}

void forwardPass(const ForwardPass& p, const ForwardBlock& b) {
  const auto& w = p.windows;
  double* const totals = reinterpret_cast<double*>(b.scratch);
  float* const slots = b.scratch + totalFloats(p);
  Ring ring{p, slots, slots + p.slots * p.slotFloats};
  float* const line = ring.zeros + p.slotFloats;
  const int64_t sums = (int64_t)p.outs * 2;
  float* const afterLine = line + forwardLine(p);
  MomentSums moments{b.moments ? afterLine : nullptr, afterLine + sums * W, totals, 0};
  std::memset(line, 0, sizeof(float) * (size_t)forwardLine(p));
  std::memset(totals, 0, sizeof(double) * (size_t)sums);
  std::memset(afterLine, 0, sizeof(float) * (size_t)(sums * W + p.outs));
  const VI there = lanesOf(b.examples, p.examples);
  int64_t summed = 0;
  const int vectors = (int)(p.pitch / W);
  const int most = p.road == Road::Dense ? denseWide(vectors) : KEPT_TILE;
  const int rows = rowsAtOnce(p);
  if (rows > 1) std::memset(ring.zeros, 0, sizeof(float) * (size_t)p.slotFloats);
  const VI all = firstLanes(W), last = firstLanes((int64_t)w.outWidth * p.examples - (int64_t)(vectors - 1) * W);
  const float* at[KEPT_TILE * winnow::MOST_KERNEL_ROWS];
  const TileGroups groups = groupsOf(p);
  float* const tiles = moments.pivots + roundUp(p.outs, 16);
  for (int top = 0; top < w.outHeight; top += rows) {
    const int count = rows < w.outHeight - top ? rows : w.outHeight - top;
    const int needed = (top + count - 1) * w.stride - w.padTop + w.kernelHeight;
    for (; ring.filled < needed && ring.filled < w.height; ring.filled++)
      fillSlot(p, b.from, ring.filled, ring.slot(ring.filled), line);
    const bool pivots = top == 0 || top == rows;
    if (b.moments && (pivots || summed >= SUMMED_AT_ONCE)) {
      carry(moments.sums, sums, there, totals);
      moments.n = (double)b.examples * w.outWidth * top;
      summed = 0;
    }
    summed += (int64_t)count * vectors;
    if (p.road == Road::Winograd) {
      patchRows(ring, top, count, at);
      withExamples(p.examples, [&](auto examples) {
        winogradForwardRows<decltype(examples)::value>(p, groups, at, top, count, b.y, moments, tiles);
      });
      continue;
    }
    for (int from = 0; from < vectors; from += most) {
      const int wide = vectors - from < most ? vectors - from : most;
      rowsOfTile(ring, top, count, from, at);
      const ForwardTile compute = p.road == Road::Dense ? denseForwardTileOf(count, wide) : keptTileOf(count, wide);
      const VI lanes = from + wide == vectors ? last : all;
      compute(p, {at, b.y + top * p.yRow + (int64_t)from * W, pivots && from == 0, lanes}, moments);
    }
  }
  if (p.reading.stores)
    for (; ring.filled < w.height; ring.filled++) fillSlot(p, b.from, ring.filled, slots, line);
  if (!b.moments) return;
  carry(moments.sums, sums, there, totals);
  const double n = (double)b.examples * w.outHeight * w.outWidth;
  for (int o = 0; o < p.outs; o++) {
    const double sum = totals[2 * o], squares = totals[2 * o + 1] - sum * sum / n;
    b.moments[o] = {moments.pivots[o] + sum / n, squares < 0 ? 0 : squares};
  }
}

}  // namespace
