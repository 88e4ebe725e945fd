// The gradients of a convolution by its kept weights. Every row of the output's gradient is in a ring while the rows of the
// input that it came from are passed; each vector of it that is loaded serves a weight's gradient and the input's.
#pragma once
#include "backward-rows.h"
#include "forward-tile.h"

namespace {

using winnow::Kept;

/** Half of the registers hold x, and as many dx. */
constexpr int BACKWARD_TILE = W == 16 ? 8 : 4;

/** Rows [row][kernel row] of dy from the tile's first column on, and the tile's x and dx. */
struct BackwardAt {
  const float* const* rows;
  const int* starts;  // [kernelHeight + 1]
  const float* x;
  float* dx;
  int64_t row;  // floats from row to row of x and of dx
};

template <int ROWS, int VECTORS, bool DX>
void backwardTile(const BackwardPass& p, const BackwardAt& tile, float* weightSums) {
  const int height = p.windows.kernelHeight;
  const Kept* const all = p.kept;
  V x[ROWS][VECTORS], d[ROWS][VECTORS];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) {
      x[r][v] = load(tile.x + r * tile.row + v * W);
      d[r][v] = broadcast(0.0f);
    }
  for (int k = 0; k < height; k++) {
    if (ROWS == 1 && !tile.rows[k]) continue;
    const int end = tile.starts[k + 1];
    for (int at = tile.starts[k]; at < end; at++) {
      const Kept kept = all[at];
      const V weight = broadcast(kept.weight);
      float* const to = weightSums + (int64_t)at * W;
      V even = load(to), odd = broadcast(0.0f);
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; r++) {
        const float* const row = tile.rows[r * height + k] + kept.offset;
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) {
          const V dy = load(row + v * W);
          if (DX) d[r][v] += weight * dy;
          if ((r * VECTORS + v) % 2) odd += x[r][v] * dy;
          else even += x[r][v] * dy;
        }
      }
      store(to, even + odd);
    }
  }
  if (DX)
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) store(tile.dx + r * tile.row + v * W, d[r][v]);
}

using BackwardTile = void (*)(const BackwardPass&, const BackwardAt&, float*);

template <bool DX>
inline BackwardTile backwardTileFor(int rows, int vectors) {
  if constexpr (BACKWARD_TILE == 8) {
    static constexpr BackwardTile ONE[] = {backwardTile<1, 1, DX>, backwardTile<1, 2, DX>, backwardTile<1, 3, DX>,
                                           backwardTile<1, 4, DX>, backwardTile<1, 5, DX>, backwardTile<1, 6, DX>,
                                           backwardTile<1, 7, DX>, backwardTile<1, 8, DX>};
    static constexpr BackwardTile SINGLE[] = {backwardTile<1, 1, DX>, backwardTile<2, 1, DX>, backwardTile<3, 1, DX>,
                                              backwardTile<4, 1, DX>, backwardTile<5, 1, DX>, backwardTile<6, 1, DX>,
                                              backwardTile<7, 1, DX>, backwardTile<8, 1, DX>};
    static constexpr BackwardTile TWO[] = {backwardTile<1, 2, DX>, backwardTile<2, 2, DX>, backwardTile<3, 2, DX>,
                                           backwardTile<4, 2, DX>};
    if (rows == 1) return ONE[vectors - 1];
    if (vectors == 1) return SINGLE[rows - 1];
    if (vectors == 2) return TWO[rows - 1];
    return vectors == 3 ? backwardTile<2, 3, DX> : backwardTile<2, 4, DX>;
  } else {
    static constexpr BackwardTile ONE[] = {backwardTile<1, 1, DX>, backwardTile<1, 2, DX>, backwardTile<1, 3, DX>,
                                           backwardTile<1, 4, DX>};
    static constexpr BackwardTile SINGLE[] = {backwardTile<1, 1, DX>, backwardTile<2, 1, DX>, backwardTile<3, 1, DX>,
                                              backwardTile<4, 1, DX>};
    if (rows == 1) return ONE[vectors - 1];
    return vectors == 1 ? SINGLE[rows - 1] : backwardTile<2, 2, DX>;
  }
}

inline BackwardTile backwardTileOf(bool dx, int rows, int vectors) {
  return dx ? backwardTileFor<true>(rows, vectors) : backwardTileFor<false>(rows, vectors);
}

inline int backwardRows(const BackwardPass& p) {
  return p.windows.stride == 1 ? tileRows(p.reading.pitch / W, BACKWARD_TILE) : 1;
}

int backwardSlots(const BackwardPass& p) {
  const auto& w = p.windows;
  return (w.kernelHeight + w.stride - 1) / w.stride + backwardRows(p);
}

/** The ring and a slot of zeros, x and dx by phases, a row of each as they lie, and sums. */
int64_t keptBackwardScratch(const BackwardPass& p) {
  const int64_t phases = p.windows.stride * phasePitch(p) * backwardRows(p);
  return (p.slots + 1) * p.slotFloats + 2 * phases + 2 * backwardLine(p) + (int64_t)p.reading.count * 3 * W;
}

void keptBackward(const BackwardPass& p, const BackwardBlock& b) {
  const auto& w = p.windows;
  const Reading& of = p.reading;
  const int64_t pitch = phasePitch(p);
  const int rows = backwardRows(p), vectors = (int)(pitch / W), height = w.kernelHeight;
  float* const ring = b.scratch;
  float* const zeros = ring + p.slots * p.slotFloats;
  float* const x = zeros + p.slotFloats;
  float* const dx = x + w.stride * pitch * rows;
  float* const line = dx + w.stride * pitch * rows;
  float* const dline = line + backwardLine(p);
  float* const sums = dline + backwardLine(p);
  std::memset(line, 0, sizeof(float) * (size_t)backwardLine(p));
  if (rows > 1) std::memset(zeros, 0, sizeof(float) * (size_t)p.slotFloats);
  std::memset(sums, 0, sizeof(float) * (size_t)of.count * 3 * W);
  const float* at[BACKWARD_TILE * winnow::MOST_KERNEL_ROWS];
  const float* tile[BACKWARD_TILE * winnow::MOST_KERNEL_ROWS];
  const int64_t kept = p.starts[p.ins * w.stride * height];
  const VI all = firstLanes(W);
  const auto carryAll = [&] {
    carrySums(p.finishing, of.count, sums, b.finish.sums);
    carry(b.weightSums, kept, all, b.weightTotals);
  };
  int filled = 0;
  int64_t summed = 0;
  for (int top = 0; top < w.height; top += rows) {
    const int count = rows < w.height - top ? rows : w.height - top;
    const int needed = (top + count - 1 + w.padTop) / w.stride;
    for (; filled <= needed && filled < w.outHeight; filled++)
      fillSlopes(p, b, filled, ring + (filled & (p.slots - 1)) * p.slotFloats);
    if (summed >= SUMMED_AT_ONCE) {
      carryAll();
      summed = 0;
    }
    summed += count * of.pitch / W;
    bool any = false;
    for (int r = 0; r < count; r++)
      for (int k = 0; k < height; k++) {
        const int above = top + r + w.padTop - k, row = above / w.stride;
        const bool there = above >= 0 && above % w.stride == 0 && row < w.outHeight;
        const float* const slot = there ? ring + (row & (p.slots - 1)) * p.slotFloats : count > 1 ? zeros : nullptr;
        at[r * height + k] = slot ? slot + p.margin : nullptr;
        any |= there;
      }
    for (int c = 0; c < of.count; c++) {
      const ReadChannel& channel = of.channels[c];
      const bool touched = any && channel.place >= 0;
      if (!p.towardsInput && !touched) continue;
      if (touched || (p.finishing.last && p.finishing.rectifier != Rectifier::None))
        for (int r = 0; r < count; r++) readRow(of, channel, b.from, top + r, w.stride == 1 ? x + r * pitch : line);
      if (touched) {
        if (w.stride > 1) byPhases<true>(p.examples, line, w.stride, x, pitch);
        for (int phase = 0; phase < w.stride; phase++) {
          const int* const starts = p.starts + (channel.place * w.stride + phase) * height;
          for (int from = 0; from < vectors; from += BACKWARD_TILE) {
            const int wide = vectors - from < BACKWARD_TILE ? vectors - from : BACKWARD_TILE;
            for (int i = 0; i < count * height; i++) tile[i] = at[i] ? at[i] + (int64_t)from * W : nullptr;
            const int64_t begin = phase * pitch + (int64_t)from * W;
            backwardTileOf(p.towardsInput, count, wide)(p, {tile, starts, x + begin, dx + begin, pitch}, b.weightSums);
          }
        }
      }
      if (!p.towardsInput) continue;
      if (!touched && !p.finishing.last && p.finishing.adds) continue;
      if (touched && w.stride > 1) byPhases<false>(p.examples, dline, w.stride, dx, pitch);
      for (int r = 0; r < count; r++)
        finishRow(p.finishing, p.finishing.channels[c], b.finish, top + r, of.floats,
                  !touched ? nullptr : w.stride == 1 ? dx + r * pitch : dline, w.stride == 1 ? x + r * pitch : line,
                  sums + (int64_t)c * 3 * W);
    }
  }
  carryAll();
}

}  // namespace
