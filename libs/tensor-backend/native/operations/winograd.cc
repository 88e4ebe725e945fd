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
void transformRow(const PatchRows& in, int64_t width, int64_t c, int64_t left, int64_t tiles, float* u,
                  int64_t positionStride, float* edge) {
  for (int64_t tile = 0; tile < tiles;) {
    const int64_t column = 2 * tile + left;
    int64_t inside = 0;
    if (column >= 0) inside = std::min(tiles - tile, (width - 4 - column) / 2 + 1);
    if (column >= 0 && column + 4 <= width && inside > 0) {
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
        if (column + j < 0 || column + j >= width) std::fill_n(to, c, 0.0f);
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
      transformRow(in, g.width, g.channels, g.tapColumn[0], tiles, u + (strip - first) * tiles * g.channels, most * g.channels, edge);
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

bool filterGradientSuitsWinograd(const Geometry& g) {
  return g.filterHeight == 3 && g.filterWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 &&
         g.dilationHeight == 1 && g.dilationWidth == 1 && g.channels >= 32 && g.outChannels >= 32 && g.outWidth >= 2;
}

// dW = Gᵀ [Σ_tiles (Bᵀ d B) ⊙ (A e Aᵀ)] G: the transpose of the forward algorithm.
void filterGradientByWinograd(const float* x, const float* dy, float* dfilter, const Geometry& g) {
  const int64_t tiles = (g.outWidth + 1) / 2, strips = (g.outHeight + 1) / 2, allStrips = g.batch * strips;
  const int64_t pairs = g.channels * g.outChannels, size = POSITIONS * pairs;
  // Small sums are kept apart by runs of images, each run one task; large ones are shared, and the positions and output
  // channels are the tasks.
  const bool apart = pairs <= 128 * 128;
  const int64_t parts = apart ? std::min<int64_t>(g.batch, 32) : 1;
  const int64_t stripsInPart = (allStrips + parts - 1) / parts;
  const int64_t wanted = apart ? 128 : 512;
  const int64_t stripsAtOnce = std::max<int64_t>(1, std::min(wanted / tiles, stripsInPart));
  const int64_t most = stripsAtOnce * tiles;
  Workspace sumSpace((size_t)(parts * size) * sizeof(float));
  float* sums = sumSpace.as<float>();
  const int64_t zeroFloats = g.width * g.channels, edgeFloats = 16 * g.channels;
  const int64_t uFloats = POSITIONS * most * g.channels, dFloats = POSITIONS * most * g.outChannels;

  const auto transform = [&](int64_t strip, int64_t place, float* u, float* d, float* zeros, float* edge) {
    PatchRows in;
    for (int64_t r = 0; r < 4; r++) {
      const int64_t row = strip % strips * 2 - g.padTop + r;
      in.rows[r] = row < 0 || row >= g.height ? zeros : x + (strip / strips * g.height + row) * g.width * g.channels;
    }
    transformRow(in, g.width, g.channels, -g.padLeft, tiles, u + place * tiles * g.channels, most * g.channels, edge);
    const int64_t rows = std::min<int64_t>(2, g.outHeight - strip % strips * 2);
    kernels().winogradOutputGradient(
        dy + (strip / strips * g.outHeight + strip % strips * 2) * g.outWidth * g.outChannels,
        g.outWidth * g.outChannels, (int)rows, (int)g.outWidth, (int)tiles, (int)g.outChannels,
        d + place * tiles * g.outChannels, most * g.outChannels);
  };
  const auto add = [&](int64_t p, int64_t count, const float* u, const float* d, float* to, int64_t channel,
                       int64_t channels) {
    kernels().outer({u + p * most * g.channels, 0, 0, g.channels, d + p * most * g.outChannels + channel, 0, 0,
                     g.outChannels, 1, 1, (int)count, (int)g.channels, (int)channels, to + p * pairs + channel,
                     g.outChannels});
  };

  if (apart) {
    parallel(parts, (size_t)(uFloats + dFloats + zeroFloats + edgeFloats) * sizeof(float), [&](int64_t part, void* scratch) {
      float* u = static_cast<float*>(scratch);
      float* d = u + uFloats;
      float* zeros = d + dFloats;
      float* edge = zeros + zeroFloats;
      float* to = sums + part * size;
      std::fill_n(zeros, zeroFloats, 0.0f);
      std::fill_n(to, size, 0.0f);
      const int64_t end = std::min(allStrips, (part + 1) * stripsInPart);
      for (int64_t first = part * stripsInPart; first < end; first += stripsAtOnce) {
        const int64_t last = std::min(end, first + stripsAtOnce);
        for (int64_t strip = first; strip < last; strip++) transform(strip, strip - first, u, d, zeros, edge);
        for (int64_t p = 0; p < POSITIONS; p++) add(p, (last - first) * tiles, u, d, to, 0, g.outChannels);
      }
    });
  } else {
    Workspace space((size_t)(uFloats + dFloats + zeroFloats) * sizeof(float));
    float* u = space.as<float>();
    float* d = u + uFloats;
    float* zeros = d + dFloats;
    std::fill_n(zeros, zeroFloats, 0.0f);
    fill(sums, Type::Float32, size, 0);
    const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
    for (int64_t first = 0; first < allStrips; first += stripsAtOnce) {
      const int64_t last = std::min(allStrips, first + stripsAtOnce);
      parallel(last - first, (size_t)edgeFloats * sizeof(float), [&](int64_t i, void* edge) {
        transform(first + i, i, u, d, zeros, static_cast<float*>(edge));
      });
      parallel(POSITIONS * groups, [&](int64_t task) {
        const int64_t channel = task % groups * width;
        add(task / groups, (last - first) * tiles, u, d, sums, channel, std::min(width, g.outChannels - channel));
      });
    }
  }
  parallelRanges(pairs, 2048, [&](int64_t begin, int64_t end) {
    for (int64_t part = 1; part < parts; part++)
      for (int64_t p = 0; p < POSITIONS; p++) {
        float* to = sums + p * pairs + begin;
        kernels().binary(Binary::Add, to, 1, to + part * size, 1, to, end - begin);
      }
    kernels().winogradFilterGradient(sums + begin, pairs, dfilter + begin, pairs, end - begin);
  });
}

}  // namespace winnow
