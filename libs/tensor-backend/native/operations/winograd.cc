#include "winograd.h"

#include <algorithm>
#include <cstring>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "operations.h"
#include "packing.h"

namespace winnow {
namespace {

constexpr int POSITIONS = 16;

/** The four input rows that a row of tiles reads; outside the image they are zeros. */
struct PatchRows {
  const float* rows[4];
};

/** Writes the transform of one row of tiles. `edge` has room for a patch [4][4][channels]. */
void transformRow(const PatchRows& in, const Gathering& g, int64_t tiles, float* u, int64_t positionStride, float* edge) {
  const int64_t c = g.channels, left = g.tapColumn[0];
  for (int64_t tile = 0; tile < tiles;) {
    const int64_t column = 2 * tile + left;
    int64_t inside = 0;
    if (column >= 0) inside = std::min(tiles - tile, (g.width - 4 - column) / 2 + 1);
    if (column >= 0 && column + 4 <= g.width && inside > 0) {
      const float* rows[4];
      for (int r = 0; r < 4; r++) rows[r] = in.rows[r] + column * c;
      kernels().winogradInput(rows, 2 * c, (int)inside, (int)c, u + tile * c, positionStride);
      tile += inside;
      continue;
    }
    const float* rows[4];
    for (int r = 0; r < 4; r++) {
      float* to = edge + r * 4 * c;
      for (int64_t j = 0; j < 4; j++, to += c) {
        if (column + j < 0 || column + j >= g.width) std::fill_n(to, c, 0.0f);
        else std::memcpy(to, in.rows[r] + (column + j) * c, (size_t)c * sizeof(float));
      }
      rows[r] = edge + r * 4 * c;
    }
    kernels().winogradInput(rows, 0, 1, (int)c, u + tile * c, positionStride);
    tile++;
  }
}

void transformWeights(const float* weights, float* transformed, const Gathering& g) {
  const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
  const int64_t tapFloats = g.channels * width;
  parallel(groups, [&](int64_t group) {
    const float* taps[9];
    float* positions[POSITIONS];
    for (int t = 0; t < 9; t++) taps[t] = weights + (group * 9 + g.weightTap[(size_t)t]) * tapFloats;
    for (int p = 0; p < POSITIONS; p++) positions[p] = transformed + (p * groups + group) * tapFloats;
    kernels().winogradWeights(taps, positions, tapFloats);
  });
}

}  // namespace

bool suitsWinograd(const Gathering& g) {
  return g.rowStep == 1 && g.columnStep == 1 && g.rowStride == 1 && g.columnStride == 1 && g.weightTaps == 9 &&
         g.tapRow.size() == 9 && g.inThrees() && g.tapRow[3] == g.tapRow[0] + 1 && g.tapRow[6] == g.tapRow[0] + 2 &&
         g.channels >= 32 && g.outChannels >= 32 && g.columns >= 2;
}

int64_t gatherByWinograd(const float* x, const float* weights, float* y, const Gathering& g, double* moments) {
  const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
  const int64_t positionWeights = groups * g.channels * width;
  Workspace space((size_t)(POSITIONS * positionWeights) * sizeof(float));
  float* transformed = space.as<float>();
  transformWeights(weights, transformed, g);

  const int64_t tiles = (g.columns + 1) / 2, strips = (g.rows + 1) / 2, allStrips = g.batch * strips;
  // As many tiles at a time as stay in the second cache with their products, but enough to reuse the weights.
  const int64_t wanted = std::clamp<int64_t>(8192 / (g.channels + g.outChannels), 64, 256);
  const int64_t shared = std::max<int64_t>(16, allStrips * tiles / 4);
  const int64_t stripsAtOnce = std::max<int64_t>(1, std::min(wanted, shared) / tiles);
  const int64_t most = stripsAtOnce * tiles, tasks = (allStrips + stripsAtOnce - 1) / stripsAtOnce;
  double* sums = tasks <= g.batch ? moments : nullptr;
  const int64_t zeroFloats = g.width * g.channels, edgeFloats = 16 * g.channels;
  const int64_t uFloats = POSITIONS * most * g.channels, mFloats = POSITIONS * most * g.outChannels;
  const int64_t offset = 0;
  const int tap = 0;
  parallel(tasks, (size_t)(uFloats + mFloats + zeroFloats + edgeFloats) * sizeof(float), [&](int64_t task, void* scratch) {
    float* u = static_cast<float*>(scratch);
    float* m = u + uFloats;
    float* zeros = m + mFloats;
    float* edge = zeros + zeroFloats;
    std::fill_n(zeros, zeroFloats, 0.0f);
    const int64_t first = task * stripsAtOnce, end = std::min(allStrips, first + stripsAtOnce);
    const int64_t count = (end - first) * tiles;
    for (int64_t strip = first; strip < end; strip++) {
      PatchRows in;
      for (int64_t r = 0; r < 4; r++) {
        const int64_t row = strip % strips * 2 + g.tapRow[0] + r;
        in.rows[r] = row < 0 || row >= g.height ? zeros : x + (strip / strips * g.height + row) * g.width * g.channels;
      }
      transformRow(in, g, tiles, u + (strip - first) * tiles * g.channels, most * g.channels, edge);
    }
    for (int p = 0; p < POSITIONS; p++)
      kernels().taps({u + p * most * g.channels, g.channels, 1, &offset, (int)g.channels,
                      transformed + p * positionWeights, &tap, 1, m + p * most * g.outChannels, g.outChannels,
                      (int)g.outChannels, (int)count, false});
    int64_t pixels = 0;
    const auto pixelOf = [&](int64_t strip) { return (strip / strips * g.rows + strip % strips * 2) * g.columns; };
    for (int64_t strip = first; strip < end; strip++) {
      const int64_t rows = std::min<int64_t>(2, g.rows - strip % strips * 2);
      kernels().winogradOutput(m + (strip - first) * tiles * g.outChannels, most * g.outChannels, (int)tiles,
                               (int)g.outChannels, y + pixelOf(strip) * g.outChannels, g.columns * g.outChannels,
                               (int)rows, (int)g.columns);
      pixels += rows * g.columns;
    }
    if (!sums) return;
    double* to = sums + task * 2 * g.outChannels;
    std::fill_n(to, 2 * g.outChannels, 0.0);
    kernels().addMoments(y + pixelOf(first) * g.outChannels, pixels, (int)g.outChannels, to, to + g.outChannels);
  });
  return sums ? tasks : 0;
}

}  // namespace winnow
