#include "dense-weights.h"

#include <algorithm>
#include <type_traits>

#include "../engine/threads.h"
#include "../kernels/round-up.h"

namespace winnow {

DenseWeights::DenseWeights(const ProgramKernels& kernels, const std::vector<Source>& sources, const Ranks& ranks,
                           const Source& leader)
    : kernels_(kernels), ranks_(ranks), leader_(leader), outs_((int64_t)leader.outs.size()),
      ins_((int64_t)leader.ins.size()), atOnce_(kernels.denseChannels) {
  isWhole_ = leader.members.size() == 1 && ins_ == leader.inputs &&
             leader.keptInAll == (int64_t)leader.channels * leader.inputs * taps();
  for (const int out : leader.outs)
    for (const int m : leader.members) {
      const Source& member = sources[(size_t)m];
      const int channel = out - member.firstOut;
      if (channel < 0 || channel >= member.channels) continue;
      const Windows& w = member.windows;
      outputs_.push_back({.first = member.weight + (int64_t)channel * leader.inputs * w.kernelHeight * w.kernelWidth,
                          .rows = w.kernelHeight, .columns = w.kernelWidth,
                          .rowShift = member.rowShift, .columnShift = member.columnShift});
    }
}

/** The first weight of an output among kept parameters, of a pass whose outputs have all of theirs side by side. */
int64_t DenseWeights::firstOf(int64_t out) const { return ranks_.at(outputs_[(size_t)out].first); }

/** use(tap of the pass, kept parameter) for each weight of an output for an input that is kept. */
template <class Use>
void DenseWeights::eachTap(const Output& output, int in, const Use& use) const {
  int64_t at = output.first + (int64_t)in * output.rows * output.columns;
  for (int r = 0; r < output.rows; r++)
    for (int c = 0; c < output.columns; c++) {
      const int parameter = ranks_.at(at++);
      if (parameter >= 0) use((output.rowShift + r) * leader_.joint.kernelWidth + output.columnShift + c, parameter);
    }
}

/** One plane a tap, of whole vectors of any instruction set, for Winograd's transform. */
DenseWeights::Layout DenseWeights::planes(int64_t channels, int64_t terms, bool flipped) const {
  Layout layout{.tile = terms * atOnce_, .floats = 0, .begins = {}, .steps = std::vector<int64_t>(WINOGRAD_TAPS, atOnce_)};
  const int64_t plane = roundUp(roundUp(channels, atOnce_) * terms, 16);
  for (int64_t tap = 0; tap < WINOGRAD_TAPS; tap++) layout.begins.push_back((flipped ? WINOGRAD_TAPS - 1 - tap : tap) * plane);
  layout.floats = WINOGRAD_TAPS * plane;
  return layout;
}

DenseWeights::Layout DenseWeights::layoutOf(bool forward) const {
  const int64_t channels = forward ? outs_ : ins_, terms = forward ? ins_ : outs_;
  if (leader_.road == Road::Winograd) return planes(channels, terms, !forward);
  Layout layout{.tile = terms * taps() * atOnce_, .floats = 0, .begins = {}, .steps = {}};
  layout.floats = roundUp(channels, atOnce_) / atOnce_ * layout.tile;
  if (forward) {
    for (int64_t tap = 0; tap < taps(); tap++) {
      layout.begins.push_back(tap * atOnce_);
      layout.steps.push_back(taps() * atOnce_);
    }
    return layout;
  }
  const int height = leader_.joint.kernelHeight, width = leader_.joint.kernelWidth;
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++) {
      // Columns of the phases before, of its own, and of its own before it.
      const int phase = leader_.backward.phases[column];
      int64_t before = 0, own = 0, place = 0;
      for (int c = 0; c < width; c++) {
        const int other = leader_.backward.phases[c];
        before += other < phase;
        own += other == phase;
        place += other == phase && c < column;
      }
      layout.begins.push_back((outs_ * height * before + row * own + place) * atOnce_);
      layout.steps.push_back(height * own * atOnce_);
    }
  return layout;
}

int64_t DenseWeights::room(bool forward) const {
  const int64_t floats = layoutOf(forward).floats;
  return leader_.road == Road::Winograd ? floats / WINOGRAD_TAPS * (WINOGRAD_TAPS + WINOGRAD_POSITIONS) : floats;
}

/** Tiles that are filled at once: their weights for one term lie side by side, so that whole cache lines are read. */
constexpr int64_t TILES_AT_ONCE = 4, ROWS_AHEAD = 12;

/** fill(channels of a tile), as a constant where the tile is full. */
template <class Fill>
void withChannels(int64_t count, const Fill& fill) {
  if (count == 8) fill(std::integral_constant<int64_t, 8>{});
  else if (count == 4) fill(std::integral_constant<int64_t, 4>{});
  else fill(count);
}

/** Of a tile for outputs. */
void DenseWeights::packOuts(const Layout& layout, const float* parameters, int64_t tile, float* to) const {
  const int64_t taps = this->taps(), first = tile * atOnce_;
  const float* from[MOST_DENSE_CHANNELS];
  withChannels(std::min(atOnce_, outs_ - first), [&](auto count) {
    for (int64_t c = 0; c < count; c++) from[c] = parameters + firstOf(first + c);
    for (int64_t tap = 0; tap < taps; tap++) {
      float* at = to + tile * layout.tile + layout.begins[(size_t)tap];
      const int64_t step = layout.steps[(size_t)tap];
      for (int64_t i = tap; i < ins_ * taps; i += taps, at += step)
        for (int64_t c = 0; c < count; c++) at[c] = from[c][i];
    }
  });
}

/** Of some tiles for inputs. */
void DenseWeights::packIns(const Layout& layout, const float* parameters, int64_t begin, int64_t end, float* to) const {
  const int64_t taps = this->taps(), *const begins = layout.begins.data(), *const steps = layout.steps.data();
  for (int64_t out = 0; out < outs_; out++) {
    const float* const row = parameters + firstOf(out);
    if (out + ROWS_AHEAD < outs_) {
      const float* const next = parameters + firstOf(out + ROWS_AHEAD);
      for (int64_t i = begin * atOnce_ * taps; i < std::min(end * atOnce_, ins_) * taps; i += 16) __builtin_prefetch(next + i);
    }
    for (int64_t tile = begin; tile < end; tile++) {
      const int64_t first = tile * atOnce_;
      const float* const from = row + first * taps;
      withChannels(std::min(atOnce_, ins_ - first), [&](auto count) {
        for (int64_t tap = 0; tap < taps; tap++) {
          float* const at = to + tile * layout.tile + begins[tap] + out * steps[tap];
          for (int64_t c = 0; c < count; c++) at[c] = from[c * taps + tap];
        }
      });
    }
  }
}

const float* DenseWeights::pack(const Layout& layout, const float* parameters, bool forward, float* to) const {
  const bool planes = leader_.road == Road::Winograd;
  const int64_t channels = forward ? outs_ : ins_, terms = forward ? ins_ : outs_;
  const int64_t tiles = (channels + atOnce_ - 1) / atOnce_, *const begins = layout.begins.data(), *const steps = layout.steps.data();
  const auto clear = [&](int64_t tile) {
    float* const at = to + tile * layout.tile;
    if (!planes) std::fill(at, at + layout.tile, 0.0f);
    else
      for (const int64_t begin : layout.begins) std::fill(at + begin, at + begin + layout.tile, 0.0f);
  };
  parallel((tiles + TILES_AT_ONCE - 1) / TILES_AT_ONCE, [&](int64_t part) {
    const int64_t from = part * TILES_AT_ONCE, end = std::min(tiles, from + TILES_AT_ONCE);
    if (isWhole_) {
      if (end * atOnce_ > channels) clear(end - 1);
      if (!forward) return packIns(layout, parameters, from, end, to);
      for (int64_t tile = from; tile < end; tile++) packOuts(layout, parameters, tile, to);
      return;
    }
    for (int64_t tile = from; tile < end; tile++) {
      clear(tile);
      const int64_t first = tile * atOnce_, count = std::min(atOnce_, channels - first);
      float* const at = to + tile * layout.tile;
      for (int64_t term = 0; term < terms; term++)
        for (int64_t c = 0; c < count; c++) {
          const int64_t out = forward ? first + c : term, in = forward ? term : first + c;
          eachTap(outputs_[(size_t)out], leader_.ins[(size_t)in],
                  [&](int tap, int parameter) { at[begins[tap] + term * steps[tap] + c] = parameters[parameter]; });
        }
    }
  });
  if (!planes) return to;
  const int64_t plane = layout.floats / WINOGRAD_TAPS;
  float* const transformed = to + layout.floats;
  parallelRanges(plane / 16, 64, [&](int64_t begin, int64_t end) {
    const float* taps[WINOGRAD_TAPS];
    float* positions[WINOGRAD_POSITIONS];
    for (int64_t t = 0; t < WINOGRAD_TAPS; t++) taps[t] = to + t * plane + begin * 16;
    for (int64_t p = 0; p < WINOGRAD_POSITIONS; p++) positions[p] = transformed + p * plane + begin * 16;
    kernels_.winogradWeights(taps, positions, (end - begin) * 16);
  });
  return transformed;
}

/** Outputs of which the gradients are made in one go. */
constexpr int64_t OUTS_AT_ONCE = 16;

void DenseWeights::scatterGradient(const float* sums, int64_t count, float* dparameters) const {
  const int64_t each = ins_ * taps();
  parallel((outs_ + OUTS_AT_ONCE - 1) / OUTS_AT_ONCE, sizeof(float) * (size_t)each, [&](int64_t part, void* scratch) {
    const int64_t end = std::min(outs_, (part + 1) * OUTS_AT_ONCE);
    for (int64_t o = part * OUTS_AT_ONCE; o < end; o++) {
      float* const gradient = isWhole_ ? dparameters + firstOf(o) : static_cast<float*>(scratch);
      kernels_.weightGradient(leader_.backward, sums, count, (int)o, gradient);
      for (int64_t i = 0; !isWhole_ && i < ins_; i++)
        eachTap(outputs_[(size_t)o], leader_.ins[(size_t)i],
                [&](int tap, int parameter) { dparameters[parameter] = gradient[i * taps() + tap]; });
    }
  });
}

}  // namespace winnow
