#include "pooling.h"

#include <algorithm>

#include "../engine/threads.h"
#include "elementwise.h"

namespace winnow {
namespace {

struct Window {
  int64_t rowFirst, rowEnd, columnFirst, columnEnd;  // in steps of the dilation, inside the image
  int64_t top, left;
};

Window windowOf(const Geometry& g, int64_t oh, int64_t ow) {
  const int64_t top = oh * g.strideHeight - g.padTop, left = ow * g.strideWidth - g.padLeft;
  const auto first = [](int64_t at, int64_t step) { return at >= 0 ? 0 : (-at + step - 1) / step; };
  const auto end = [](int64_t at, int64_t step, int64_t size, int64_t count) {
    return std::min(count, at >= size ? 0 : (size - at + step - 1) / step);
  };
  return {first(top, g.dilationHeight), end(top, g.dilationHeight, g.height, g.filterHeight),
          first(left, g.dilationWidth), end(left, g.dilationWidth, g.width, g.filterWidth), top, left};
}

/** Calls visit(input offset) for the pixels of a window. */
template <class F>
void forWindow(const Geometry& g, const Window& w, F visit) {
  for (int64_t kh = w.rowFirst; kh < w.rowEnd; kh++)
    for (int64_t kw = w.columnFirst; kw < w.columnEnd; kw++)
      visit(((w.top + kh * g.dilationHeight) * g.width + w.left + kw * g.dilationWidth) * g.channels);
}

/** Calls each(image's x offset, y offset, window) for every output pixel; an image is one task. */
template <class F>
void forOutputs(const Geometry& g, F each) {
  if (g.outputSize() == 0) return;  // where channels are none, pixels may be without number
  parallel(g.batch, [&](int64_t image) {
    int64_t to = image * g.outHeight * g.outWidth * g.channels;
    for (int64_t oh = 0; oh < g.outHeight; oh++)
      for (int64_t ow = 0; ow < g.outWidth; ow++, to += g.channels)
        each(image * g.height * g.width * g.channels, to, windowOf(g, oh, ow));
  });
}

int64_t pixelsIn(const Window& w) {
  return std::max<int64_t>(0, w.rowEnd - w.rowFirst) * std::max<int64_t>(0, w.columnEnd - w.columnFirst);
}

/** Calls visit(channel, place of the window's first maximum, or the first NaN), some channels at a time. */
template <class F>
void forMaxima(const float* x, const Geometry& g, const Window& w, F visit) {
  if (pixelsIn(w) == 0) return;
  constexpr int64_t MOST = 64;
  float best[MOST];
  int32_t place[MOST];
  for (int64_t first = 0; first < g.channels; first += MOST) {
    const int64_t count = std::min(MOST, g.channels - first);
    std::fill_n(best, count, -__builtin_inff());
    std::fill_n(place, count, -1);
    int32_t pixel = 0;
    forWindow(g, w, [&](int64_t at) {
      const float* v = x + at + first;
      for (int64_t c = 0; c < count; c++) {
        const bool better = v[c] > best[c] || place[c] < 0 || (v[c] != v[c] && best[c] == best[c]);
        best[c] = better ? v[c] : best[c];
        place[c] = better ? pixel : place[c];
      }
      pixel++;
    });
    const int64_t columns = w.columnEnd - w.columnFirst;
    for (int64_t c = 0; c < count; c++) {
      const int64_t row = w.top + (w.rowFirst + place[c] / columns) * g.dilationHeight;
      const int64_t column = w.left + (w.columnFirst + place[c] % columns) * g.dilationWidth;
      visit(first + c, (row * g.width + column) * g.channels + first + c);
    }
  }
}

void clear(float* dx, const Geometry& g) {
  fill({.y = reinterpret_cast<char*>(dx), .type = Type::Float32, .n = g.inputSize(), .value = 0});
}

}  // namespace

void PoolGeometry::fields(Arguments& call) {
  Geometry::fields(call);
  if (outChannels != channels) refuse("outChannels", "is not channels, which pooling keeps");
}

void maxPool(const PoolArguments& work) {
  const Geometry& g = work.geometry;
  const float* x = work.x;
  float* y = work.y;
  forOutputs(g, [&](int64_t from, int64_t to, const Window& w) {
    float* best = y + to;
    std::fill_n(best, g.channels, -__builtin_inff());
    forWindow(g, w, [&](int64_t at) {
      const float* v = x + from + at;
      for (int64_t c = 0; c < g.channels; c++) best[c] = v[c] > best[c] || v[c] != v[c] ? v[c] : best[c];
    });
  });
}

void maxPoolGradient(const MaxPoolGradientArguments& work) {
  const Geometry& g = work.geometry;
  const float *dy = work.dy, *x = work.x;
  float* dx = work.dx;
  clear(dx, g);
  forOutputs(g, [&](int64_t from, int64_t to, const Window& w) {
    forMaxima(x + from, g, w, [&](int64_t c, int64_t best) { dx[from + best] += dy[to + c]; });
  });
}

void maxPoolGather(const MaxPoolGatherArguments& work) {
  const Geometry& g = work.geometry;
  const float *values = work.values, *x = work.x;
  float* y = work.y;
  forOutputs(g, [&](int64_t from, int64_t to, const Window& w) {
    if (pixelsIn(w) == 0) std::fill_n(y + to, g.channels, 0.0f);
    forMaxima(x + from, g, w, [&](int64_t c, int64_t best) { y[to + c] = values[from + best]; });
  });
}

void averagePool(const PoolArguments& work) {
  const Geometry& g = work.geometry;
  const float* x = work.x;
  float* y = work.y;
  forOutputs(g, [&](int64_t from, int64_t to, const Window& w) {
    std::fill_n(y + to, g.channels, 0.0f);
    forWindow(g, w, [&](int64_t at) {
      for (int64_t c = 0; c < g.channels; c++) y[to + c] += x[from + at + c];
    });
    const float count = (float)pixelsIn(w);
    for (int64_t c = 0; c < g.channels; c++) y[to + c] /= count;
  });
}

void averagePoolGradient(const AveragePoolGradientArguments& work) {
  const Geometry& g = work.geometry;
  const float* dy = work.dy;
  float* dx = work.dx;
  clear(dx, g);
  // TensorFlow.js divides by the whole window here, at the borders too.
  const float count = (float)(g.filterHeight * g.filterWidth);
  forOutputs(g, [&](int64_t from, int64_t to, const Window& w) {
    forWindow(g, w, [&](int64_t at) {
      for (int64_t c = 0; c < g.channels; c++) dx[from + at + c] += dy[to + c] / count;
    });
  });
}

}  // namespace winnow
