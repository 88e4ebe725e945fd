// Layers that gather pixels channel by channel: pooling, subsampling, flattening. A whole plane of one channel is at hand.
#pragma once
#include "finishing.h"

namespace {

using winnow::Gather;
using winnow::GatherBlock;
using winnow::GatherKind;

/** A plane of x, one of its gradient, and a channel's sums. */
int64_t gatherScratch(const Gather& p) {
  return 2 * p.windows.height * p.reading.pitch + 3 * W;
}

/** visit(row, column) of the pixels that a window looks at, in order. */
template <class Visit>
inline void inWindow(const winnow::Windows& w, int row, int column, Visit visit) {
  for (int k = 0; k < w.kernelHeight; k++) {
    const int y = row * w.stride - w.padTop + k;
    if (y < 0 || y >= w.height) continue;
    for (int l = 0; l < w.kernelWidth; l++) {
      const int x = column * w.stride - w.padLeft + l;
      if (x >= 0 && x < w.width) visit(y, x);
    }
  }
}

/** One pixel of every example of a block. */
template <int E>
struct Pixel {
  typedef float Floats __attribute__((vector_size(E * 4), aligned(4), may_alias));
  typedef int32_t Ints __attribute__((vector_size(E * 4)));

  static Floats of(const float* p) { return *reinterpret_cast<const Floats*>(p); }
};

/** Where a window's maximum, or first NaN, is rather v than what was found before. */
template <int E>
inline typename Pixel<E>::Ints exceeds(typename Pixel<E>::Floats v, typename Pixel<E>::Floats before) {
  return (v > before) | ((v != v) & (before == before));
}

template <int E>
__attribute__((noinline)) void gatherPlane(const Gather& p, int channel, const float* plane, float* y) {
  const auto& w = p.windows;
  const int64_t pitch = p.reading.pitch;
  if (p.kind == GatherKind::Flatten) {
    const int* const places = p.places + (int64_t)channel * w.height * w.width;
    for (int r = 0; r < w.height; r++)
      for (int x = 0; x < w.width; x++) {
        const int place = places[r * w.width + x];
        if (place >= 0) std::memcpy(y + place * p.pitch, plane + r * pitch + x * E, sizeof(float) * E);
      }
    return;
  }
  float* const to = y + p.places[channel] * p.pitch;
  if (p.kind == GatherKind::Average) {
    double sums[E] = {};
    for (int r = 0; r < w.height; r++)
      for (int x = 0; x < w.width; x++)
        for (int e = 0; e < E; e++) sums[e] += plane[r * pitch + x * E + e];
    for (int e = 0; e < E; e++) to[e] = (float)(sums[e] / ((double)w.height * w.width));
    return;
  }
  for (int r = 0; r < w.outHeight; r++)
    for (int x = 0; x < w.outWidth; x++) {
      float* const out = to + r * p.yRow + x * E;
      if (p.kind == GatherKind::Subsample) {
        std::memcpy(out, plane + (int64_t)r * w.stride * pitch + x * w.stride * E, sizeof(float) * E);
        continue;
      }
      typename Pixel<E>::Floats most = typename Pixel<E>::Floats{} - __builtin_inff();
      inWindow(w, r, x, [&](int row, int column) __attribute__((always_inline)) {
        const auto v = Pixel<E>::of(plane + row * pitch + column * E);
        most = exceeds<E>(v, most) ? v : most;
      });
      std::memcpy(out, &most, sizeof most);
    }
}

void gatherForward(const Gather& p, const GatherBlock& b) {
  const auto& w = p.windows;
  for (int c = 0; c < p.reading.count; c++) {
    const bool gathers = p.kind == GatherKind::Flatten || p.places[c] >= 0;
    if (!gathers && !p.reading.stores) continue;
    for (int r = 0; r < w.height; r++)
      readRow(p.reading, p.reading.channels[c], b.from, r, b.scratch + r * p.reading.pitch);
    if (!gathers) continue;
    withExamples(p.examples, [&](auto examples) { gatherPlane<decltype(examples)::value>(p, c, b.scratch, b.y); });
  }
}

template <int E>
__attribute__((noinline)) void spreadPlane(const Gather& p, int channel, const float* plane, const float* dy, float* dplane) {
  const auto& w = p.windows;
  const int64_t pitch = p.reading.pitch;
  if (p.kind == GatherKind::Flatten) {
    const int* const places = p.gradientPlaces + (int64_t)channel * w.height * w.width;
    for (int r = 0; r < w.height; r++)
      for (int x = 0; x < w.width; x++) {
        const int place = places[r * w.width + x];
        if (place >= 0) std::memcpy(dplane + r * pitch + x * E, dy + place * p.pitch, sizeof(float) * E);
      }
    return;
  }
  const float* const from = dy + p.gradientPlaces[channel] * p.pitch;
  if (p.kind == GatherKind::Average) {
    const float share = 1.0f / ((float)w.height * (float)w.width);
    for (int r = 0; r < w.height; r++)
      for (int x = 0; x < w.width; x++)
        for (int e = 0; e < E; e++) dplane[r * pitch + x * E + e] = from[e] * share;
    return;
  }
  for (int r = 0; r < w.outHeight; r++)
    for (int x = 0; x < w.outWidth; x++) {
      const float* const slope = from + r * p.gradientRow + x * E;
      if (p.kind == GatherKind::Subsample) {
        std::memcpy(dplane + (int64_t)r * w.stride * pitch + x * w.stride * E, slope, sizeof(float) * E);
        continue;
      }
      typename Pixel<E>::Floats most = typename Pixel<E>::Floats{} - __builtin_inff();
      typename Pixel<E>::Ints place = typename Pixel<E>::Ints{} - 1;
      inWindow(w, r, x, [&](int row, int column) __attribute__((always_inline)) {
        const int32_t at = row * (int32_t)pitch + column * E;
        const auto v = Pixel<E>::of(plane + at);
        const auto better = exceeds<E>(v, most) | (place < 0);
        most = better ? v : most;
        place = better ? typename Pixel<E>::Ints{} + at : place;
      });
      for (int e = 0; e < E; e++)
        if (place[e] >= 0) dplane[place[e] + e] += slope[e];
    }
}

void gatherBackward(const Gather& p, const GatherBlock& b) {
  const auto& w = p.windows;
  const Finishing& finishing = p.finishing;
  const int64_t floats = w.height * p.reading.pitch;
  float* const plane = b.scratch;
  float* const dplane = plane + floats;
  float* const sums = dplane + floats;
  std::memset(sums, 0, sizeof(float) * 3 * W);
  for (int c = 0; c < p.reading.count; c++) {
    for (int r = 0; r < w.height; r++) readRow(p.reading, p.reading.channels[c], b.from, r, plane + r * p.reading.pitch);
    std::memset(dplane, 0, sizeof(float) * (size_t)floats);
    if (p.kind == GatherKind::Flatten || p.gradientPlaces[c] >= 0)
      withExamples(p.examples,
                   [&](auto examples) { spreadPlane<decltype(examples)::value>(p, c, plane, b.dy, dplane); });
    const int64_t vectors = p.reading.pitch / W;
    for (int r = 0; r < w.height; r++) {
      finishRow(finishing, finishing.channels[c], b.finish, r, p.reading.floats, dplane + r * p.reading.pitch,
                plane + r * p.reading.pitch, sums);
      const bool full = (r + 1) * vectors / SUMMED_AT_ONCE > r * vectors / SUMMED_AT_ONCE;
      if (full || r + 1 == w.height) carrySums(finishing, 1, sums, b.finish.sums ? b.finish.sums + 3 * c : nullptr);
    }
  }
}

}  // namespace
