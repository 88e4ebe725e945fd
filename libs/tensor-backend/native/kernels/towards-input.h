// The gradient of a convolution towards its input, by all of its weights.
#pragma once
#include "band.h"
#include "dense-sums.h"
#include "forward-tile.h"

namespace {

template <int ROWS, int VECTORS>
void denseBackwardTile(const DenseTerms& terms, float* dx, int64_t channel, int64_t row) {
  DenseSums<ROWS, VECTORS> sums;
  addTerms(terms, sums);
  for (int c = 0; c < DENSE_CHANNELS; c++)
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) store(dx + c * channel + r * row + v * W, sums.of[c][r][v]);
}

/** dx of a band, [ins, in whole tiles][row][phase of columns][pitch] */
inline void towardsInput(const BackwardPass& p, const Band& band, const float* zeros, float* dx) {
  const auto& w = p.windows;
  const int64_t pitch = phasePitch(p), row = bandRow(p), channel = bandChannel(p);
  const int vectors = (int)(pitch / W), rows = tileRows(vectors, DENSE_TILE);
  const int most = denseWide(vectors);
  const float* at[DENSE_TILE * winnow::MOST_KERNEL_ROWS];
  // Rows of a tile meet the same rows of the kernel.
  const auto passFrom = [&](int r, int left) {
    const int tall = rows < left ? rows : left;
    const auto meets = [&](int k) { return (band.top + r + w.padTop - k) % w.stride == 0; };
    for (int from = 0; from < vectors; from += most) {
      const int wide = vectors - from < most ? vectors - from : most;
      bool any = false;
      for (int t = 0; t < tall; t++)
        for (int k = 0; k < w.kernelHeight; k++) {
          const float* const dy = band.met(p, r + t * w.stride, k);
          any |= dy != nullptr;
          at[t * w.kernelHeight + k] = dy ? dy + from * W : tall > 1 && meets(k) ? zeros + p.margin : nullptr;
        }
      const float* weights = p.dense;
      for (int first = 0; first < p.ins; first += DENSE_CHANNELS)
        for (int phase = 0; phase < w.stride; phase++) {
          int64_t columns[winnow::MOST_DENSE_COLUMNS];
          int width = 0;
          for (int c = 0; c < w.kernelWidth; c++)
            if (p.phases[c] == phase) columns[width++] = p.shifts[c];
          float* const to = dx + first * channel + r * row + phase * pitch + from * W;
          const float* const its = weights;
          weights += (int64_t)p.outs * w.kernelHeight * width * DENSE_CHANNELS;
          if (!any || width == 0) {
            for (int c = 0; c < DENSE_CHANNELS; c++)
              for (int t = 0; t < tall; t++)
                std::memset(to + c * channel + t * w.stride * row, 0, sizeof(float) * (size_t)(wide * W));
            continue;
          }
          const DenseTerms terms{at, w.kernelHeight, width, columns, p.outs, p.dyFloats, its};
          withDenseForm(tall, wide, [&](auto tallIs, auto wideIs) {
            denseBackwardTile<decltype(tallIs)::value, decltype(wideIs)::value>(terms, to, channel, w.stride * row);
          });
        }
    }
  };
  for (int phase = 0; phase < w.stride && phase < band.count; phase++) {
    const int count = (band.count - phase + w.stride - 1) / w.stride;
    for (int t = 0; t < count; t += rows) passFrom(phase + t * w.stride, count - t);
  }
}

}  // namespace
