// The gradients of all weights of a convolution, as sums over rows of a band, and out of these sums.
#pragma once
#include "winograd-weights.h"

namespace {

using winnow::Road;

/** Whether vectors are of outputs and not of inputs, of which there are too few to fill one. */
inline bool lanesAreOuts(const BackwardPass& p) { return p.road == Road::Dense && p.ins < W && p.outs > p.ins; }

/** Floats of the sums: [tap, or position of Winograd's algorithm][channels one by one][channels in vectors]. */
int64_t weightSumFloats(const BackwardPass& p) {
  const auto& w = p.windows;
  const int64_t planes = p.road == Road::Winograd ? WINOGRAD_POSITIONS : w.kernelHeight * w.kernelWidth;
  const bool outs = lanesAreOuts(p);
  return planes * wholeSingles(outs ? p.ins : p.outs) * wholeVectorsOf(outs ? p.outs : p.ins);
}

/** Floats of a band's rows with channels side by side: of the input, or of the slots of dy. */
inline int64_t transposedRowsFloats(const BackwardPass& p, int slots) {
  return lanesAreOuts(p) ? slots * p.dyFloats * wholeVectorsOf(p.outs) : bandChannel(p) * wholeVectorsOf(p.ins);
}

/** Terms of a tile's sums for each of which a vector lies in the first cache. */
constexpr int64_t OUTER_TERMS = 160;

/** Whether the kernel meets a phase of a band's row. */
inline bool isMet(const BackwardPass& p, const Band& band, int row, int phase) {
  bool column = false, any = false;
  for (int c = 0; c < p.windows.kernelWidth; c++) column |= p.phases[c] == phase;
  for (int k = 0; column && k < p.windows.kernelHeight; k++) any |= band.slotOf(p, row, k) >= 0;
  return any;
}

/** `transposed` as `transposedRowsFloats`; of dy it has been filled before. */
inline void addBandSums(const BackwardPass& p, const Band& band, float* transposed, float* sums, bool adds) {
  const auto& w = p.windows;
  const bool outs = lanesAreOuts(p);
  const int64_t pitch = phasePitch(p), row = bandRow(p), channel = bandChannel(p);
  const int singles = outs ? p.ins : p.outs;
  const int64_t lanes = wholeVectorsOf(outs ? p.outs : p.ins);
  if (!outs)
    for (int r = 0; r < band.count; r++)
      for (int phase = 0; phase < w.stride; phase++)
        if (const int64_t at = r * row + phase * pitch; isMet(p, band, r, phase))
          transposeRow(band.x + at, channel, p.ins, pitch, transposed + at * W, channel * W);
  const int64_t fit = OUTER_TERMS / pitch;
  const int atOnce = fit < 1 ? 1 : fit < MOST_RUNS ? (int)fit : MOST_RUNS;
  OuterTerms terms{.singles = {}, .lanes = {}, .runs = 0, .terms = (int)pitch,
                   .singleFloats = outs ? channel : p.dyFloats,
                   .vectorFloats = (outs ? band.slots * p.dyFloats : channel) * W, .vectors = (int)(lanes / W),
                   .adds = adds};
  for (int vector = 0; vector < terms.vectors; vector += OUTER_VECTORS)
    for (int from = 0; from < band.count; from += atOnce) {
      terms.adds = adds || from > 0;
      for (int k = 0; k < w.kernelHeight; k++)
        for (int c = 0; c < w.kernelWidth; c++) {
          terms.runs = 0;
          for (int r = from; r < from + atOnce && r < band.count; r++) {
            const int slot = band.slotOf(p, r, k);
            if (slot < 0) continue;
            const int64_t x = r * row + p.phases[c] * pitch;
            terms.singles[terms.runs] = outs ? band.x + x : band.dy + slot * band.slotFloats + p.margin + p.shifts[c];
            terms.lanes[terms.runs++] = transposed + (outs ? slot * p.dyFloats + p.margin + p.shifts[c] : x) * W;
          }
          addOuterSums(terms, singles, vector, sums + (k * w.kernelWidth + c) * wholeSingles(singles) * lanes);
        }
    }
}

/** Of one output, [ins][kernelHeight][kernelWidth]: the sum of `count` parts, each of `weightSumFloats`. */
void weightGradient(const BackwardPass& p, const float* parts, int64_t count, int out, float* to) {
  const int taps = p.windows.kernelHeight * p.windows.kernelWidth;
  const int64_t size = weightSumFloats(p);
  const auto sumOf = [&](int64_t at) __attribute__((always_inline)) {
    V sum = load(parts + at);
    for (int64_t part = 1; part < count; part++) sum += load(parts + part * size + at);
    return sum;
  };
  if (lanesAreOuts(p)) {
    const int64_t lanes = wholeVectorsOf(p.outs);
    for (int t = 0; t < taps; t++)
      for (int i = 0; i < p.ins; i++)
        to[i * taps + t] = sumOf((t * wholeSingles(p.ins) + i) * lanes + out / W * W)[out % W];
    return;
  }
  const int64_t lanes = wholeVectorsOf(p.ins), plane = wholeSingles(p.outs) * lanes;
  for (int first = 0; first < p.ins; first += W) {
    const int here = p.ins - first < W ? p.ins - first : W;
    const auto put = [&](int tap, V v) __attribute__((always_inline)) {
      if (taps == 1 && here == W) return store(to + first, v);
      float of[W];
      store(of, v);
      for (int lane = 0; lane < here; lane++) to[(first + lane) * taps + tap] = of[lane];
    };
    const auto sumIn = [&](int64_t at) { return sumOf(at * plane + out * lanes + first); };
    if (p.road == Road::Winograd) tapsOfPositions(sumIn, put);
    else
      for (int t = 0; t < taps; t++) put(t, sumIn(t));
  }
}

}  // namespace
