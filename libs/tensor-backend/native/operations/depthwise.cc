#include "depthwise.h"

#include <algorithm>
#include <vector>

#include "../engine/threads.h"

namespace winnow {
namespace {

/** Into how many parts a filter's gradient cuts the batch, whatever the threads. */
constexpr int64_t PARTS = 16;

/** Calls visit(input offset, filter offset) for the pixels of an image that the window of an output pixel holds. */
template <class F>
void forWindow(const DepthwiseGeometry& g, int64_t oh, int64_t ow, F visit) {
  for (int64_t kh = 0; kh < g.filterHeight; kh++) {
    const int64_t h = oh * g.strideHeight - g.padTop + kh * g.dilationHeight;
    if (h < 0 || h >= g.height) continue;
    for (int64_t kw = 0; kw < g.filterWidth; kw++) {
      const int64_t w = ow * g.strideWidth - g.padLeft + kw * g.dilationWidth;
      if (w < 0 || w >= g.width) continue;
      visit((h * g.width + w) * g.channels, (kh * g.filterWidth + kw) * g.outChannels);
    }
  }
}

int64_t imageSize(const DepthwiseGeometry& g) { return g.height * g.width * g.channels; }
int64_t madeSize(const DepthwiseGeometry& g) { return g.outHeight * g.outWidth * g.outChannels; }

// Each input channel with the outputs that see it; a multiplier of 1 is a loop that the compiler makes vectors of.

void towardsOutput(const DepthwiseGeometry& g, const float* __restrict x, const float* __restrict filter, float* __restrict y) {
  const int64_t multiplier = g.multiplier();
  if (multiplier == 1)
    for (int64_t c = 0; c < g.channels; c++) y[c] += x[c] * filter[c];
  else
    for (int64_t c = 0, o = 0; c < g.channels; c++)
      for (int64_t m = 0; m < multiplier; m++, o++) y[o] += x[c] * filter[o];
}

void towardsInput(const DepthwiseGeometry& g, const float* __restrict dy, const float* __restrict filter, float* __restrict dx) {
  const int64_t multiplier = g.multiplier();
  if (multiplier == 1)
    for (int64_t c = 0; c < g.channels; c++) dx[c] += dy[c] * filter[c];
  else
    for (int64_t c = 0, o = 0; c < g.channels; c++)
      for (int64_t m = 0; m < multiplier; m++, o++) dx[c] += dy[o] * filter[o];
}

}  // namespace

void DepthwiseGeometry::fields(Arguments& call) {
  Geometry::fields(call);
  if (channels == 0 ? outChannels != 0 : outChannels % channels != 0)
    refuse("outChannels", "is no multiple of channels, each of which a depthwise convolution sees alone");
}

void depthwise(const DepthwiseArguments& work) {
  const DepthwiseGeometry& g = work.geometry;
  if (g.outputSize() == 0) return;  // where channels are none, pixels may be without number
  parallel(g.batch * g.outHeight, [&](int64_t row) {
    const int64_t oh = row % g.outHeight;
    const float* x = work.x + row / g.outHeight * imageSize(g);
    float* y = work.y + row * g.outWidth * g.outChannels;
    std::fill_n(y, g.outWidth * g.outChannels, 0.0f);
    for (int64_t ow = 0; ow < g.outWidth; ow++, y += g.outChannels)
      forWindow(g, oh, ow, [&](int64_t from, int64_t weights) { towardsOutput(g, x + from, work.filter + weights, y); });
  });
}

void depthwiseInputGradient(const DepthwiseInputGradientArguments& work) {
  const DepthwiseGeometry& g = work.geometry;
  if (g.inputSize() == 0) return;
  parallel(g.batch, [&](int64_t image) {
    float* dx = work.dx + image * imageSize(g);
    std::fill_n(dx, imageSize(g), 0.0f);
    if (g.outputSize() == 0) return;
    const float* dy = work.dy + image * madeSize(g);
    for (int64_t oh = 0; oh < g.outHeight; oh++)
      for (int64_t ow = 0; ow < g.outWidth; ow++, dy += g.outChannels)
        forWindow(g, oh, ow, [&](int64_t to, int64_t weights) { towardsInput(g, dy, work.filter + weights, dx + to); });
  });
}

void depthwiseFilterGradient(const DepthwiseFilterGradientArguments& work) {
  const DepthwiseGeometry& g = work.geometry;
  const int64_t size = g.filterSize(), parts = std::min(PARTS, g.batch);
  std::fill_n(work.dfilter, size, 0.0f);
  if (g.outputSize() == 0 || size == 0) return;
  const int64_t multiplier = g.multiplier();
  // Of one image in float32, of many in float64.
  std::vector<double> sums((size_t)(parts * size));
  parallel(parts, [&](int64_t part) {
    std::vector<float> own((size_t)size);
    double* sum = sums.data() + part * size;
    for (int64_t image = g.batch * part / parts; image < g.batch * (part + 1) / parts; image++) {
      std::fill(own.begin(), own.end(), 0.0f);
      const float* x = work.x + image * imageSize(g);
      const float* dy = work.dy + image * madeSize(g);
      for (int64_t oh = 0; oh < g.outHeight; oh++)
        for (int64_t ow = 0; ow < g.outWidth; ow++, dy += g.outChannels)
          forWindow(g, oh, ow, [&](int64_t from, int64_t weights) {
            const float* __restrict in = x + from;
            const float* __restrict out = dy;
            float* __restrict to = own.data() + weights;
            if (multiplier == 1)
              for (int64_t c = 0; c < g.channels; c++) to[c] += in[c] * out[c];
            else
              for (int64_t o = 0; o < g.outChannels; o++) to[o] += in[o / multiplier] * out[o];
          });
      for (int64_t i = 0; i < size; i++) sum[i] += own[(size_t)i];
    }
  });
  for (int64_t i = 0; i < size; i++) {
    double sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += sums[(size_t)(part * size + i)];
    work.dfilter[i] = (float)sum;
  }
}

}  // namespace winnow
