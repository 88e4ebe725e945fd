#include "convolution.h"

#include <algorithm>
#include <cstring>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "ahead.h"
#include "elementwise.h"
#include "gathering.h"
#include "packing.h"
#include "winograd.h"

namespace winnow {
namespace {

/** Above this, packed weights leave the cache between two images: they are then the outer loop, the images the inner. */
constexpr int64_t HEAVY_WEIGHTS = 512 << 10;  // bytes
/** Rows of fewer pixels than this would leave most of the registers idle: patches are laid out as a matrix instead. */
constexpr int64_t SHORT_ROW = 6;

void gatherByColumns(const float* x, const float* weights, float* y, const Gathering& g) {
  // Laid out as [pixel][tap][channel]: a matrix product with the weights as they are packed.
  const int64_t taps = g.weightTaps, depth = taps * g.channels;
  const int64_t pixels = g.batch * g.rows * g.columns;
  Workspace space((size_t)product({pixels, depth, sizeof(float)}));
  float* patches = space.as<float>();
  parallelRanges(pixels, 16, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      const int64_t image = p / (g.rows * g.columns), i = p / g.columns % g.rows, j = p % g.columns;
      for (size_t t = 0; t < g.tapRow.size(); t++) {
        float* to = patches + p * depth + g.weightTap[t] * g.channels;
        const int64_t row = i * g.rowStride + g.tapRow[t], column = j * g.columnStride + g.tapColumn[t];
        if (row < 0 || row >= g.height || column < 0 || column >= g.width)
          std::fill(to, to + g.channels, 0.0f);
        else
          std::memcpy(to, x + ((image * g.height + row) * g.width + column) * g.channels,
                      (size_t)g.channels * sizeof(float));
      }
    }
  });
  const int64_t groupWidth = kernels().groupWidth, groups = (g.outChannels + groupWidth - 1) / groupWidth;
  const int64_t block = 96, blocks = (pixels + block - 1) / block;
  const int64_t offset = 0;
  const int whole = 0;
  parallel(groups * blocks, [&](int64_t task) {
    const int64_t group = task / blocks, first = task % blocks * block;
    const int64_t channel = group * groupWidth;
    kernels().taps({.in = patches + first * depth,
                    .inStride = depth,
                    .taps = 1,
                    .offsets = &offset,
                    .channels = (int)depth,
                    .weights = weights + group * groupWidth * depth,
                    .weightTaps = &whole,
                    .weightTapCount = 1,
                    .out = y + first * g.outChannels + channel,
                    .outStride = g.outChannels,
                    .outChannels = (int)std::min(groupWidth, g.outChannels - channel),
                    .pixels = (int)std::min(block, pixels - first),
                    .inThrees = false});
  });
}

/**
 * All passes over one input, which differ in their outputs and taps alone. Returns how many parts of `moments`, which may
 * be null, it has filled; see `convolve`.
 */
int64_t gatherTaps(const float* x, const float* weights, float* y, const std::vector<Gathering>& passes, double* moments) {
  const Gathering& g = passes[0];
  const bool everyPixel = g.rowStep == 1 && g.columnStep == 1;
  if (const Winograd* f = winogradFor(g)) return gatherByWinograd(*f, x, weights, y, g, moments);
  if (everyPixel && g.columns < SHORT_ROW && g.channels >= 32 && (int)g.tapRow.size() == g.weightTaps) {
    gatherByColumns(x, weights, y, g);
    return 0;
  }

  int64_t firstColumn = 0, endColumn = g.width;
  int64_t lowestTap = 0, highestTap = 0, mostRows = 0;
  for (const Gathering& pass : passes) {
    mostRows = std::max(mostRows, pass.rows);
    for (int64_t column : pass.tapColumn) {
      firstColumn = std::min(firstColumn, column);
      endColumn = std::max(endColumn, column + (pass.columns - 1) * pass.columnStride + 1);
    }
    for (int64_t row : pass.tapRow) {
      lowestTap = std::min(lowestTap, row);
      highestTap = std::max(highestTap, row);
    }
  }
  const bool padded = firstColumn < 0 || endColumn > g.width;
  const int64_t pitch = padded ? (endColumn - firstColumn) * g.channels : g.width * g.channels;
  const int64_t lead = padded ? -firstColumn * g.channels : 0;
  const int64_t rowFloats = g.width * g.channels;
  const auto pad = [&](const float* image, float* to, int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      float* at = to + (row - begin) * pitch;
      std::fill(at, at + lead, 0.0f);
      std::memcpy(at + lead, image + row * rowFloats, (size_t)rowFloats * sizeof(float));
      std::fill(at + lead + rowFloats, at + pitch, 0.0f);
    }
  };
  /** Output rows [begin, end) of an image whose padded rows start at row `top`. */
  const auto run = [&](const Gathering& pass, const float* rows, int64_t top, int64_t image, int64_t begin, int64_t end,
                       const float* packed, int64_t channel, int64_t count, const Ahead* ahead) {
    const int64_t taps = (int64_t)pass.tapRow.size();
    const bool inThrees = pass.inThrees();
    std::vector<int64_t> offsets((size_t)taps + 1);
    std::vector<int> weightTap((size_t)taps + 1);
    for (int64_t i = begin; i < end; i++) {
      if (ahead) ahead->share(i - begin, end - begin);
      int used = 0;
      for (int64_t t = 0; t < taps; t++) {
        const int64_t row = i * g.rowStride + pass.tapRow[t];
        if (row < 0 || row >= g.height) continue;
        offsets[(size_t)used] = (row - top) * pitch + lead + pass.tapColumn[t] * g.channels;
        weightTap[(size_t)used++] = pass.weightTap[t];
      }
      const int64_t to = (image * g.outHeight + pass.rowFirst + i * pass.rowStep) * g.outWidth + pass.columnFirst;
      kernels().taps({.in = rows,
                      .inStride = g.columnStride * g.channels,
                      .taps = used,
                      .offsets = offsets.data(),
                      .channels = (int)g.channels,
                      .weights = packed,
                      .weightTaps = weightTap.data(),
                      .weightTapCount = g.weightTaps,
                      .out = y + to * g.outChannels + channel,
                      .outStride = pass.columnStep * g.outChannels,
                      .outChannels = (int)count,
                      .pixels = (int)pass.columns,
                      .inThrees = inThrees});
    }
  };

  const int64_t groupWidth = kernels().groupWidth, groups = (g.outChannels + groupWidth - 1) / groupWidth;
  const int64_t groupFloats = g.weightTaps * g.channels * groupWidth;
  if (groups * groupFloats * (int64_t)sizeof(float) > HEAVY_WEIGHTS) {
    const int64_t imageFloats = g.height * pitch;
    Workspace space(padded ? (size_t)(g.batch * imageFloats) * sizeof(float) : 0);
    float* copies = space.as<float>();
    if (padded)
      parallel(g.batch, [&](int64_t image) {
        pad(x + image * g.height * rowFloats, copies + image * imageFloats, 0, g.height);
      });
    const float* images = padded ? copies : x;
    const int64_t block = 8, blocks = (g.batch + block - 1) / block;
    parallel(groups * blocks, [&](int64_t task) {
      const int64_t group = task / blocks, first = task % blocks * block;
      for (int64_t image = first; image < std::min(g.batch, first + block); image++)
        for (const Gathering& pass : passes)
          run(pass, images + image * imageFloats, 0, image, 0, pass.rows, weights + group * groupFloats, group * groupWidth,
            std::min(groupWidth, g.outChannels - group * groupWidth), nullptr);
    });
    return 0;
  }
  // Few images are cut into bands, so that every thread has some.
  const int64_t bands = g.batch >= 16 ? 1 : std::min(mostRows, (16 + g.batch - 1) / g.batch);
  double* sums = bands == 1 && everyPixel ? moments : nullptr;
  const int64_t bandRows = (mostRows + bands - 1) / bands;
  const int64_t inputRows = std::min(g.height, (bandRows - 1) * g.rowStride + highestTap - lowestTap + 1);
  parallel(g.batch * bands, padded ? (size_t)(inputRows * pitch) * sizeof(float) : 0, [&](int64_t task, void* scratch) {
    const int64_t image = task / bands, begin = task % bands * bandRows, end = std::min(mostRows, begin + bandRows);
    if (begin >= end) return;
    const float* source = x + image * g.height * rowFloats;
    int64_t top = 0;
    if (padded) {
      top = std::clamp<int64_t>(begin * g.rowStride + lowestTap, 0, g.height);
      const int64_t bottom = std::clamp<int64_t>((end - 1) * g.rowStride + highestTap + 1, top, g.height);
      pad(source, static_cast<float*>(scratch), top, bottom);
      source = static_cast<float*>(scratch);
    }
    // Threads advance side by side.
    const int64_t imageFloats = g.height * rowFloats;
    const Ahead next(x, (image + threads()) * imageFloats, bands == 1 ? imageFloats : 0, g.batch * imageFloats);
    for (const Gathering& pass : passes)
      run(pass, source, top, image, begin, std::min(end, pass.rows), weights, 0, g.outChannels,
          &pass == &passes[0] ? &next : nullptr);
    if (!sums) return;
    // Now, while the image is in the cache.
    double* to = sums + image * 2 * g.outChannels;
    std::fill_n(to, 2 * g.outChannels, 0.0);
    const int64_t pixels = g.outHeight * g.outWidth;
    kernels().addMoments(y + image * pixels * g.outChannels, pixels, (int)g.outChannels, to, to + g.outChannels);
  });
  return sums ? g.batch : 0;
}

/** Whether an input, a filter or the outputs are empty. The others may be of any size then, also of none in memory. */
bool nothingToAdd(const Geometry& g) { return g.inputSize() == 0 || g.filterSize() == 0 || g.outputSize() == 0; }

void clear(float* to, int64_t n) { fill({.y = reinterpret_cast<char*>(to), .type = Type::Float32, .n = n, .value = 0}); }

int64_t floorDivide(int64_t a, int64_t b) { return (a >= 0 ? a : a - b + 1) / b; }
int64_t ceilDivide(int64_t a, int64_t b) { return floorDivide(a + b - 1, b); }

}  // namespace

int64_t convolve(const ConvolveArguments& work) {
  const Geometry& g = work.geometry;
  if (nothingToAdd(g)) {
    clear(work.y, g.outputSize());
    return 0;
  }
  const int64_t taps = g.filterHeight * g.filterWidth;
  Workspace packed(packedBytes(taps * g.channels, g.outChannels));
  packWeights(work.filter, packed.as<float>(), taps, g.channels, g.outChannels, false);
  Gathering pass{.batch = g.batch,
                 .height = g.height,
                 .width = g.width,
                 .channels = g.channels,
                 .outHeight = g.outHeight,
                 .outWidth = g.outWidth,
                 .outChannels = g.outChannels,
                 .rows = g.outHeight,
                 .columns = g.outWidth,
                 .rowStride = g.strideHeight,
                 .columnStride = g.strideWidth,
                 .weightTaps = (int)taps};
  for (int64_t t = 0; t < taps; t++) {
    pass.tapRow.push_back(t / g.filterWidth * g.dilationHeight - g.padTop);
    pass.tapColumn.push_back(t % g.filterWidth * g.dilationWidth - g.padLeft);
    pass.weightTap.push_back((int)t);
  }
  return gatherTaps(work.x, packed.as<float>(), work.y, {pass}, work.moments);
}

// Every input pixel gathers from the outputs that read it. With a stride, pixels of the same remainder are reached by
// the same taps, so that each remainder is a pass of its own and no multiplication is by a zero between outputs.
void convolveInputGradient(const ConvolveInputGradientArguments& work) {
  const Geometry& g = work.geometry;
  if (nothingToAdd(g)) return clear(work.dx, g.inputSize());
  const int64_t taps = g.filterHeight * g.filterWidth;
  Workspace packed(packedBytes(taps * g.outChannels, g.channels));
  packWeights(work.filter, packed.as<float>(), taps, g.outChannels, g.channels, true);
  std::vector<Gathering> passes;
  for (int64_t a = 0; a < std::min(g.strideHeight, g.height); a++)
    for (int64_t b = 0; b < std::min(g.strideWidth, g.width); b++) {
      Gathering pass{.batch = g.batch,
                     .height = g.outHeight,
                     .width = g.outWidth,
                     .channels = g.outChannels,
                     .outHeight = g.height,
                     .outWidth = g.width,
                     .outChannels = g.channels,
                     .rowFirst = a,
                     .rowStep = g.strideHeight,
                     .rows = ceilDivide(g.height - a, g.strideHeight),
                     .columnFirst = b,
                     .columnStep = g.strideWidth,
                     .columns = ceilDivide(g.width - b, g.strideWidth),
                     .weightTaps = (int)taps};
      // From the last tap to the first, so that their columns go from left to right.
      for (int64_t t = taps - 1; t >= 0; t--) {
        const int64_t row = a + g.padTop - t / g.filterWidth * g.dilationHeight;
        const int64_t column = b + g.padLeft - t % g.filterWidth * g.dilationWidth;
        if (row % g.strideHeight != 0 || column % g.strideWidth != 0) continue;
        pass.tapRow.push_back(floorDivide(row, g.strideHeight));
        pass.tapColumn.push_back(floorDivide(column, g.strideWidth));
        pass.weightTap.push_back((int)t);
      }
      passes.push_back(std::move(pass));
    }
  gatherTaps(work.dy, packed.as<float>(), work.dx, passes, nullptr);
}

void convolveFilterGradient(const ConvolveFilterGradientArguments& work) {
  const Geometry& g = work.geometry;
  if (nothingToAdd(g)) return clear(work.dfilter, g.filterSize());
  if (const Winograd* f = winogradForFilterGradient(g)) return filterGradientByWinograd(*f, work);
  const float *x = work.x, *dy = work.dy;
  float* dfilter = work.dfilter;
  const int64_t taps = g.filterHeight * g.filterWidth;
  const int64_t size = taps * g.channels * g.outChannels;
  // Partial sums by runs of images, in numbers that depend on the shapes alone.
  const int64_t room = std::max<int64_t>(1, (int64_t{4} << 20) / size);
  const int64_t parts = std::min({g.batch, room, int64_t{32}});
  const int64_t imagesInPart = (g.batch + parts - 1) / parts;
  Workspace space((size_t)(parts > 1 ? parts * size : 0) * sizeof(float));
  float* sums = parts > 1 ? space.as<float>() : dfilter;
  const int64_t xImage = g.height * g.width * g.channels, yImage = g.outHeight * g.outWidth * g.outChannels;
  const int64_t groupWidth = kernels().groupWidth;
  // Where there are few parts, output channels and taps are shared out too.
  const bool split = parts < 16;
  const int64_t groups = split ? (g.outChannels + groupWidth - 1) / groupWidth : 1;
  const bool inThrees = g.filterWidth == 3 && g.strideWidth == 1 && g.dilationWidth == 1 && g.padLeft >= 0;
  const int64_t tapsAtOnce = inThrees ? 3 : 1;
  const int64_t tapGroups = split ? taps / tapsAtOnce : 1;
  parallel(parts * groups * tapGroups, [&](int64_t task) {
    const int64_t part = task / (groups * tapGroups), group = task / tapGroups % groups, tapGroup = task % tapGroups;
    const int64_t channel = group * groupWidth;
    const int64_t channels = split ? std::min(groupWidth, g.outChannels - channel) : g.outChannels;
    const int64_t tapFirst = split ? tapGroup * tapsAtOnce : 0, tapEnd = split ? tapFirst + tapsAtOnce : taps;
    float* to = sums + part * size;
    for (int64_t t = tapFirst; t < tapEnd; t++)
      for (int64_t c = 0; c < g.channels; c++)
        std::fill_n(to + (t * g.channels + c) * g.outChannels + channel, channels, 0.0f);
    // As many pixels at a time as stay in the first cache while all pairs of channels pass over them, but enough to
    // outweigh the adding up of sums.
    const int64_t pixels = split ? 128 : std::max<int64_t>(64, 4096 / (g.channels + g.outChannels));
    const int64_t bandRows = std::clamp<int64_t>(pixels / g.outWidth, 1, g.outHeight);
    const int64_t together = std::max<int64_t>(1, pixels / (g.outHeight * g.outWidth));
    const int64_t end = std::min(g.batch, (part + 1) * imagesInPart);
    const int64_t xBand = bandRows * g.strideHeight * g.width * g.channels, yBand = bandRows * g.outWidth * g.outChannels;
    for (int64_t image = part * imagesInPart; image < end; image += together)
      for (int64_t band = 0; band < g.outHeight; band += bandRows) {
        // The next band, or where whole images go together, the next of those.
        const int64_t done = band / bandRows + 1;
        const int64_t xNext = together > 1 ? (image + together) * xImage : image * xImage + done * xBand;
        const int64_t yNext = together > 1 ? (image + together) * yImage : image * yImage + done * yBand;
        const Ahead input(x, xNext, together * xBand, g.batch * xImage);
        const Ahead gradient(dy, yNext, together * yBand, g.batch * yImage);
        for (int64_t t = tapFirst; t < tapEnd; t += tapsAtOnce) {
          input.share((t - tapFirst) / tapsAtOnce, (tapEnd - tapFirst) / tapsAtOnce);
          gradient.share((t - tapFirst) / tapsAtOnce, (tapEnd - tapFirst) / tapsAtOnce);
          const int64_t dh = t / g.filterWidth * g.dilationHeight - g.padTop;
          const int64_t dw = t % g.filterWidth * g.dilationWidth - g.padLeft;
          const int64_t rowFirst = std::max(band, ceilDivide(-dh, g.strideHeight));
          const int64_t rowEnd = std::min({g.outHeight, band + bandRows, floorDivide(g.height - 1 - dh, g.strideHeight) + 1});
          if (rowFirst >= rowEnd) continue;
          const float* xRows = x + image * xImage + (rowFirst * g.strideHeight + dh) * g.width * g.channels;
          const float* yRows = dy + image * yImage + rowFirst * g.outWidth * g.outChannels + channel;
          const int64_t xRow = g.strideHeight * g.width * g.channels, yRow = g.outWidth * g.outChannels;
          const int images = (int)std::min(together, end - image), rows = (int)(rowEnd - rowFirst);
          float* tapSums = to + t * g.channels * g.outChannels + channel;
          if (inThrees) {
            kernels().outerThrees({.x = xRows,
                                   .xImage = xImage,
                                   .xRow = xRow,
                                   .y = yRows,
                                   .yImage = yImage,
                                   .yRow = yRow,
                                   .images = images,
                                   .rows = rows,
                                   .xColumns = (int)g.width,
                                   .yColumns = (int)g.outWidth,
                                   .shift = (int)g.padLeft,
                                   .xChannels = (int)g.channels,
                                   .xPitch = (int)g.channels,
                                   .yChannels = (int)channels,
                                   .yPitch = (int)g.outChannels,
                                   .sums = tapSums,
                                   .sumRow = g.outChannels,
                                   .sumColumn = g.channels * g.outChannels});
            continue;
          }
          const int64_t columnFirst = std::max<int64_t>(0, ceilDivide(-dw, g.strideWidth));
          const int64_t columnEnd = std::min(g.outWidth, floorDivide(g.width - 1 - dw, g.strideWidth) + 1);
          if (columnFirst >= columnEnd) continue;
          kernels().outer({.x = xRows + (columnFirst * g.strideWidth + dw) * g.channels,
                           .xImage = xImage,
                           .xRow = xRow,
                           .xPixel = g.strideWidth * g.channels,
                           .y = yRows + columnFirst * g.outChannels,
                           .yImage = yImage,
                           .yRow = yRow,
                           .yPixel = g.outChannels,
                           .images = images,
                           .rows = rows,
                           .pixels = (int)(columnEnd - columnFirst),
                           .xChannels = (int)g.channels,
                           .yChannels = (int)channels,
                           .sums = tapSums,
                           .sumRow = g.outChannels});
        }
      }
  });
  if (parts == 1) return;
  parallelRanges(size, 8192, [&](int64_t begin, int64_t end) {
    std::memcpy(dfilter + begin, sums + begin, (size_t)(end - begin) * sizeof(float));
    for (int64_t part = 1; part < parts; part++)
      kernels().binary(Binary::Add, dfilter + begin, 1, sums + part * size + begin, 1, dfilter + begin, end - begin);
  });
}

}  // namespace winnow
