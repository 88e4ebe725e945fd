#include "winograd.h"

#include <algorithm>
#include <cstring>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "ahead.h"
#include "elementwise.h"
#include "packing.h"

namespace winnow {
namespace {

/** Floats of transformed tiles that stay in the second cache. */
constexpr int64_t CACHED = 64 << 10;
/** Floats between one position and the next beyond what is needed, lest all fall into the same set of the cache. */
constexpr int64_t GAP = 16;
constexpr int MOST_ROWS = 6, MOST_POSITIONS = MOST_ROWS * MOST_ROWS;

int positionsOf(const Winograd& f) { return (f.tile + 2) * (f.tile + 2); }

/** The input rows that a row of tiles reads; outside the image they are zeros. */
struct PatchRows {
  const float* rows[MOST_ROWS];
};

/** Writes the transform of one row of tiles. `edge` has room for a patch. */
void transformRow(const Winograd& f, const PatchRows& in, int64_t width, int64_t c, int64_t left, int64_t tiles,
                  float* u, int64_t positionStride, float* edge) {
  const int64_t side = f.tile + 2;
  for (int64_t tile = 0; tile < tiles;) {
    const int64_t column = f.tile * tile + left;
    const float* rows[MOST_ROWS];
    if (column >= 0 && column + side <= width) {
      const int64_t inside = std::min(tiles - tile, (width - side - column) / f.tile + 1);
      for (int r = 0; r < side; r++) rows[r] = in.rows[r] + column * c;
      f.input(rows, f.tile * c, (int)inside, (int)c, u + tile * c, positionStride);
      tile += inside;
      continue;
    }
    const int64_t begin = std::clamp<int64_t>(-column, 0, side), end = std::clamp<int64_t>(width - column, begin, side);
    for (int r = 0; r < side; r++) {
      float* to = edge + r * side * c;
      std::fill_n(to, begin * c, 0.0f);
      std::memcpy(to + begin * c, in.rows[r] + (column + begin) * c, (size_t)((end - begin) * c) * sizeof(float));
      std::fill_n(to + end * c, (side - end) * c, 0.0f);
      rows[r] = to;
    }
    f.input(rows, 0, 1, (int)c, u + tile * c, positionStride);
    tile++;
  }
}

void transformWeights(const Winograd& f, const float* weights, float* transformed, const Gathering& g) {
  const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
  const int64_t tapFloats = g.channels * width, grain = 4096;
  const int positionCount = positionsOf(f);
  const int64_t pieces = (tapFloats + grain - 1) / grain;
  parallel(groups * pieces, [&](int64_t task) {
    const int64_t group = task / pieces, at = task % pieces * grain;
    const float* taps[9];
    float* positions[MOST_POSITIONS];
    for (int t = 0; t < 9; t++) taps[t] = weights + (group * 9 + g.weightTap[(size_t)t]) * tapFloats + at;
    for (int p = 0; p < positionCount; p++) positions[p] = transformed + (p * groups + group) * tapFloats + at;
    f.weights(taps, positions, std::min(grain, tapFloats - at));
  });
}

/** What a product of a transform's position costs beside one of the direct algorithm, transforms of tiles included. */
double productCost(int64_t channels, int64_t outChannels) { return 1.3 + 20.0 / (double)std::min(channels, outChannels); }
/** What the transform of a weight costs in products. */
constexpr double WEIGHT_COST = 96;

/** The cheapest algorithm after a model whose constants were measured with AVX-512; null for the direct one. */
const Winograd* cheapest(int64_t channels, int64_t outChannels, int64_t batch, int64_t rows, int64_t columns) {
  const Winograd* best = nullptr;
  double least = 9.0 * (double)(batch * rows * columns);
  for (const Winograd* f : {&kernels().winograd2, &kernels().winograd4}) {
    const int64_t tiles = batch * ((rows + f->tile - 1) / f->tile) * ((columns + f->tile - 1) / f->tile);
    const double cost = positionsOf(*f) * ((double)tiles * productCost(channels, outChannels) + WEIGHT_COST);
    if (cost < least) {
      least = cost;
      best = f;
    }
  }
  return best;
}

}  // namespace

const Winograd* winogradFor(const Gathering& g) {
  if (g.rowStep != 1 || g.columnStep != 1 || g.rowStride != 1 || g.columnStride != 1 || g.weightTaps != 9 ||
      g.tapRow.size() != 9 || !g.inThrees() || g.tapRow[3] != g.tapRow[0] + 1 || g.tapRow[6] != g.tapRow[0] + 2)
    return nullptr;
  return cheapest(g.channels, g.outChannels, g.batch, g.rows, g.columns);
}

int64_t gatherByWinograd(const Winograd& f, const float* x, const float* weights, float* y, const Gathering& g,
                         double* moments) {
  const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
  const int64_t positions = positionsOf(f), positionWeights = groups * g.channels * width;
  Workspace space((size_t)(positions * positionWeights) * sizeof(float));
  float* transformed = space.as<float>();
  transformWeights(f, weights, transformed, g);

  const int64_t tiles = (g.columns + f.tile - 1) / f.tile, strips = (g.rows + f.tile - 1) / f.tile;
  const int64_t allStrips = g.batch * strips;
  // As many tiles at a time as stay in the second cache with their products, but enough to reuse the weights.
  const int64_t wanted = std::clamp<int64_t>(CACHED / (positions * (g.channels + g.outChannels)), 32, 256);
  const int64_t shared = std::max<int64_t>(16, allStrips * tiles / 4);
  const int64_t stripsAtOnce = std::max<int64_t>(1, std::min(wanted, shared) / tiles);
  const int64_t most = stripsAtOnce * tiles, tasks = (allStrips + stripsAtOnce - 1) / stripsAtOnce;
  double* sums = tasks <= g.batch ? moments : nullptr;
  const int64_t zeroFloats = g.width * g.channels, edgeFloats = positions * g.channels;
  const int64_t uStride = most * g.channels + GAP, mStride = most * g.outChannels + GAP;
  const int64_t uFloats = positions * uStride, mFloats = positions * mStride;
  const int64_t offset = 0;
  const int tap = 0;
  const auto pixelOf = [&](int64_t strip) { return (strip / strips * g.rows + strip % strips * f.tile) * g.columns; };
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
      for (int64_t r = 0; r < f.tile + 2; r++) {
        const int64_t row = strip % strips * f.tile + g.tapRow[0] + r;
        in.rows[r] = row < 0 || row >= g.height ? zeros : x + (strip / strips * g.height + row) * g.width * g.channels;
      }
      transformRow(f, in, g.width, g.channels, g.tapColumn[0], tiles, u + (strip - first) * tiles * g.channels,
                   uStride, edge);
    }
    // Threads advance side by side.
    const int64_t next = first + threads() * stripsAtOnce, rowFloats = g.width * g.channels;
    const Ahead input(x, (next / strips * g.height + next % strips * f.tile) * rowFloats,
                      stripsAtOnce * f.tile * rowFloats, g.batch * g.height * rowFloats);
    const Ahead output(y, pixelOf(first) * g.outChannels, count * f.tile * f.tile * g.outChannels,
                       g.batch * g.rows * g.columns * g.outChannels);
    for (int64_t p = 0; p < positions; p++) {
      input.share(p, positions);
      output.share(p, positions);
      kernels().taps({.in = u + p * uStride,
                      .inStride = g.channels,
                      .taps = 1,
                      .offsets = &offset,
                      .channels = (int)g.channels,
                      .weights = transformed + p * positionWeights,
                      .weightTaps = &tap,
                      .weightTapCount = 1,
                      .out = m + p * mStride,
                      .outStride = g.outChannels,
                      .outChannels = (int)g.outChannels,
                      .pixels = (int)count,
                      .inThrees = false});
    }
    int64_t pixels = 0;
    for (int64_t strip = first; strip < end; strip++) {
      const int64_t rows = std::min<int64_t>(f.tile, g.rows - strip % strips * f.tile);
      f.output(m + (strip - first) * tiles * g.outChannels, mStride, (int)tiles, (int)g.outChannels,
               y + pixelOf(strip) * g.outChannels, g.columns * g.outChannels, (int)rows, (int)g.columns);
      pixels += rows * g.columns;
    }
    if (!sums) return;
    double* to = sums + task * 2 * g.outChannels;
    std::fill_n(to, 2 * g.outChannels, 0.0);
    kernels().addMoments(y + pixelOf(first) * g.outChannels, pixels, (int)g.outChannels, to, to + g.outChannels);
  });
  return sums ? tasks : 0;
}

const Winograd* winogradForFilterGradient(const Geometry& g) {
  if (g.filterHeight != 3 || g.filterWidth != 3 || g.strideHeight != 1 || g.strideWidth != 1 ||
      g.dilationHeight != 1 || g.dilationWidth != 1)
    return nullptr;
  return cheapest(g.channels, g.outChannels, g.batch, g.outHeight, g.outWidth);
}

// dW = Gᵀ [Σ_tiles (Bᵀ d B) ⊙ (A e Aᵀ)] G: the transpose of the forward algorithm.
void filterGradientByWinograd(const Winograd& f, const ConvolveFilterGradientArguments& work) {
  const Geometry& g = work.geometry;
  const float *x = work.x, *dy = work.dy;
  float* dfilter = work.dfilter;
  const int64_t tiles = (g.outWidth + f.tile - 1) / f.tile, strips = (g.outHeight + f.tile - 1) / f.tile;
  const int64_t allStrips = g.batch * strips, positions = positionsOf(f);
  const int64_t pairs = g.channels * g.outChannels, size = positions * pairs;
  // Small sums are kept apart by runs of images, each run one task; large ones are shared, and the positions and output
  // channels are the tasks.
  const bool apart = pairs <= 128 * 128;
  // Fewer where a part is as large as what is added to it.
  const int64_t parts = apart ? std::min<int64_t>(g.batch, pairs <= 16 * 16 ? 16 : 8) : 1;
  const int64_t stripsInPart = (allStrips + parts - 1) / parts;
  const int64_t wanted = apart ? std::clamp<int64_t>(CACHED / (positions * (g.channels + g.outChannels)), 32, 128) : 512;
  const int64_t stripsAtOnce = std::max<int64_t>(1, std::min(wanted / tiles, stripsInPart));
  const int64_t most = stripsAtOnce * tiles;
  Workspace sumSpace((size_t)(parts * size) * sizeof(float));
  float* sums = sumSpace.as<float>();
  const int64_t zeroFloats = g.width * g.channels, edgeFloats = positions * g.channels;
  const int64_t uStride = most * g.channels + GAP, dStride = most * g.outChannels + GAP;
  const int64_t uFloats = positions * uStride, dFloats = positions * dStride;

  const auto transform = [&](int64_t strip, int64_t place, float* u, float* d, float* zeros, float* edge) {
    PatchRows in;
    for (int64_t r = 0; r < f.tile + 2; r++) {
      const int64_t row = strip % strips * f.tile - g.padTop + r;
      in.rows[r] = row < 0 || row >= g.height ? zeros : x + (strip / strips * g.height + row) * g.width * g.channels;
    }
    transformRow(f, in, g.width, g.channels, -g.padLeft, tiles, u + place * tiles * g.channels, uStride, edge);
    const int64_t rows = std::min<int64_t>(f.tile, g.outHeight - strip % strips * f.tile);
    f.outputGradient(dy + (strip / strips * g.outHeight + strip % strips * f.tile) * g.outWidth * g.outChannels,
                     g.outWidth * g.outChannels, (int)rows, (int)g.outWidth, (int)tiles, (int)g.outChannels,
                     d + place * tiles * g.outChannels, dStride);
  };
  const auto add = [&](int64_t p, int64_t count, const float* u, const float* d, float* to, int64_t channel,
                       int64_t channels) {
    kernels().outer({.x = u + p * uStride,
                     .xImage = 0,
                     .xRow = 0,
                     .xPixel = g.channels,
                     .y = d + p * dStride + channel,
                     .yImage = 0,
                     .yRow = 0,
                     .yPixel = g.outChannels,
                     .images = 1,
                     .rows = 1,
                     .pixels = (int)count,
                     .xChannels = (int)g.channels,
                     .yChannels = (int)channels,
                     .sums = to + p * pairs + channel,
                     .sumRow = g.outChannels});
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
        const int64_t xRow = g.width * g.channels, yRow = g.outWidth * g.outChannels;
        const Ahead input(x, (last / strips * g.height + last % strips * f.tile) * xRow,
                          stripsAtOnce * f.tile * xRow, g.batch * g.height * xRow);
        const Ahead gradient(dy, (last / strips * g.outHeight + last % strips * f.tile) * yRow,
                             stripsAtOnce * f.tile * yRow, g.batch * g.outHeight * yRow);
        for (int64_t p = 0; p < positions; p++) {
          input.share(p, positions);
          gradient.share(p, positions);
          add(p, (last - first) * tiles, u, d, to, 0, g.outChannels);
        }
      }
    });
  } else {
    Workspace space((size_t)(uFloats + dFloats + zeroFloats) * sizeof(float));
    float* u = space.as<float>();
    float* d = u + uFloats;
    float* zeros = d + dFloats;
    std::fill_n(zeros, zeroFloats, 0.0f);
    fill({.y = sumSpace.as<char>(), .type = Type::Float32, .n = size, .value = 0});
    const int64_t width = kernels().groupWidth, groups = (g.outChannels + width - 1) / width;
    for (int64_t first = 0; first < allStrips; first += stripsAtOnce) {
      const int64_t last = std::min(allStrips, first + stripsAtOnce);
      parallel(last - first, (size_t)edgeFloats * sizeof(float), [&](int64_t i, void* edge) {
        transform(first + i, i, u, d, zeros, static_cast<float*>(edge));
      });
      parallel(positions * groups, [&](int64_t task) {
        const int64_t channel = task % groups * width;
        add(task / groups, (last - first) * tiles, u, d, sums, channel, std::min(width, g.outChannels - channel));
      });
    }
  }
  parallelRanges(pairs, 2048, [&](int64_t begin, int64_t end) {
    for (int64_t part = 1; part < parts; part++)
      for (int64_t p = 0; p < positions; p++) {
        float* to = sums + p * pairs + begin;
        kernels().binary(Binary::Add, to, 1, to + part * size, 1, to, end - begin);
      }
    f.filterGradient(sums + begin, pairs, dfilter + begin, pairs, end - begin);
  });
}

}  // namespace winnow
