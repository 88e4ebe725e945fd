// Activations as programs show them, [example][row][column][channel], and the gradients of these as they take them in.
#pragma once
#include "reading.h"

namespace {

using winnow::Capture;
using winnow::CaptureBlock;

/** A row of one channel, so that those of several channels do not meet in the same sets of a cache. */
inline int64_t captureRow(const Capture& p) { return p.reading.pitch + 16; }

/** A row of all channels. */
int64_t captureScratch(const Capture& p) { return p.reading.count * captureRow(p); }

/** visit(float of the image, float of the scratch) in the order of the image. */
template <int E, class Image, class Visit>
inline void inRow(const Capture& p, Image* image, float* scratch, int example, Visit visit) {
  const int64_t channels = p.reading.count, row = captureRow(p);
  for (int x = 0; x < p.width; x++)
    for (int64_t c = 0; c < channels; c++) visit(image[x * channels + c], scratch[c * row + x * E + example]);
}

/** As above for one row of all examples that are there. */
template <class Image, class Visit>
inline void inRows(const Capture& p, const CaptureBlock& b, Image* images, int row, Visit visit) {
  const int64_t floats = (int64_t)p.width * p.reading.count;
  withExamples(p.examples, [&](auto examples) {
    for (int e = 0; e < b.examples; e++)
      inRow<decltype(examples)::value>(p, images + (e * (int64_t)p.height + row) * floats, b.scratch, e, visit);
  });
}

void captureForward(const Capture& p, const CaptureBlock& b) {
  for (int r = 0; r < p.height; r++) {
    for (int c = 0; c < p.reading.count; c++)
      readRow(p.reading, p.reading.channels[c], b.from, r, b.scratch + c * captureRow(p));
    inRows(p, b, b.images, r, [](float& image, float value) { image = value; });
  }
}

void captureBackward(const Capture& p, const CaptureBlock& b) {
  // Examples that are not there, and what pads a row, are 0.
  std::memset(b.scratch, 0, sizeof(float) * (size_t)captureScratch(p));
  for (int r = 0; r < p.height; r++) {
    inRows(p, b, b.dimages, r, [](float image, float& value) { value = image; });
    for (int c = 0; c < p.reading.count; c++)
      std::memcpy(b.gradient + (r * (int64_t)p.reading.count + c) * p.reading.pitch, b.scratch + c * captureRow(p),
                  sizeof(float) * (size_t)p.reading.pitch);
  }
}

}  // namespace
