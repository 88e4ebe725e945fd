// Activations as programs show them, [example][row][column][channel], and the gradients of these as they take them in.
#pragma once
#include "lanes.h"
#include "reading.h"

namespace {

using winnow::Capture;
using winnow::CaptureBlock;

/** A row of one channel, so that those of several channels do not meet in the same sets of a cache. */
inline int64_t captureRow(const Capture& p) { return p.reading.pitch + 16; }

/** A row of all channels, and of as many more as fill a vector. */
int64_t captureScratch(const Capture& p) { return roundUp(p.reading.count, W) * captureRow(p); }

/**
 * turn(float of a channel's row, first channel, how many, pixels) for all tiles of W pixels by W channels: `pixels` [W] are
 * where the first channel of each lies in the images, or null where there is none.
 */
template <int E, class Image, class Turn>
inline void inTiles(const Capture& p, const CaptureBlock& b, Image* images, int row, Turn turn) {
  const int64_t channels = p.reading.count, image = (int64_t)p.height * p.width * channels;
  for (int64_t i = 0; i < p.reading.pitch; i += W)
    for (int64_t first = 0; first < channels; first += W) {
      Image* pixels[W];
      for (int k = 0; k < W; k++) {
        const int64_t x = i / E + k / E, e = k % E;
        const bool there = x < p.width && e < b.examples;
        pixels[k] = there ? images + e * image + (row * (int64_t)p.width + x) * channels + first : nullptr;
      }
      turn(i, first, (int)(channels - first < W ? channels - first : W), pixels);
    }
}

void captureForward(const Capture& p, const CaptureBlock& b) {
  const int64_t apart = captureRow(p);
  for (int r = 0; r < p.height; r++) {
    for (int c = 0; c < p.reading.count; c++)
      readRow(p.reading, p.reading.channels[c], b.from, r, b.scratch + c * apart);
    withExamples(p.examples, [&](auto examples) {
      inTiles<decltype(examples)::value>(p, b, b.images, r, [&](int64_t i, int64_t first, int count, float* const* pixels) {
        V of[W];
        for (int c = 0; c < W; c++) of[c] = load(b.scratch + (first + c) * apart + i);
        transpose(of);
        for (int k = 0; k < W; k++) {
          if (!pixels[k]) continue;
          if (count == W) store(pixels[k], of[k]);
          else storeSome(pixels[k], of[k], count);
        }
      });
    });
  }
}

void captureBackward(const Capture& p, const CaptureBlock& b) {
  const int64_t pitch = p.reading.pitch;
  for (int r = 0; r < p.height; r++)
    withExamples(p.examples, [&](auto examples) {
      inTiles<decltype(examples)::value>(p, b, b.dimages, r, [&](int64_t i, int64_t first, int count, const float* const* pixels) {
        // Examples that are not there, and what pads a row, are 0.
        V of[W];
        for (int k = 0; k < W; k++)
          of[k] = !pixels[k] ? broadcast(0.0f) : count == W ? load(pixels[k]) : loadSome(pixels[k], count);
        transpose(of);
        for (int c = 0; c < count; c++) store(b.gradient + (r * (int64_t)p.reading.count + first + c) * pitch + i, of[c]);
      });
    });
}

}  // namespace
