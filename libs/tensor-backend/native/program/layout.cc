// How each pass of a program sees what it reads and writes.
#include <algorithm>
#include <limits>

#include "../engine/failure.h"
#include "../operations/arguments.h"
#include "program.h"
#include "../kernels/round-up.h"

namespace winnow {
namespace {

int powerOfTwo(int least) {
  int slots = 1;
  while (slots < least) slots *= 2;
  return slots;
}

int32_t offsetOf(int64_t floats) {
  if (floats > std::numeric_limits<int32_t>::max()) throw Unfit("a row of the network is too long");
  return (int32_t)floats;
}

/** Starts of the lists of uses, by the key of each, which rise. */
std::vector<int> startsOf(const std::vector<std::pair<int, KeptUse>>& uses, int keys) {
  std::vector<int> starts((size_t)keys + 1, 0);
  for (const auto& [key, use] : uses) starts[(size_t)key + 1]++;
  for (size_t key = 1; key < starts.size(); key++) starts[key] += starts[key - 1];
  return starts;
}

std::vector<KeptUse> usesOf(const std::vector<std::pair<int, KeptUse>>& uses) {
  std::vector<KeptUse> plain;
  plain.reserve(uses.size());
  for (const auto& [key, use] : uses) plain.push_back(use);
  return plain;
}

}  // namespace

Stored Program::storedOf(int height, int width, const std::vector<char>& channels) const {
  Stored stored;
  stored.height = height;
  stored.width = width;
  stored.pitch = roundUp((int64_t)width * examples_, width_);
  for (const char is : channels) stored.slots.push_back(is ? stored.channels++ : -1);
  product({stored.channels, stored.pitch, stored.height});  // it is counted without a thought from here on
  return stored;
}

void Program::layOut() {
  for (Activation& activation : activations_) {
    const Windows& w = sources_[(size_t)activation.source].windows;
    activation.gradient = storedOf(w.outHeight, w.outWidth, activation.live);
    const size_t uses = activation.readers.size() + (activation.adder >= 0 ? 1 : 0);
    activation.isStored = activation.second >= 0 && uses > 1;
    if (activation.isStored) activation.stored = activation.gradient;
    if (activation.adjustment != Adjustment::Normalize) continue;
    activation.given = normalized_;
    normalized_ += sources_[(size_t)activation.source].channels;
  }
  // A second term with two terms of its own is stored, however few read it: none is read so deep.
  for (Activation& activation : activations_) {
    if (activation.second < 0) continue;
    Activation& added = activations_[(size_t)activation.second];
    if (added.second >= 0 && !added.isStored) throw Unfit("a sum is added that nothing else reads");
  }
  for (Source& source : sources_) {
    const Windows& w = source.windows;
    if (source.kind == SourceKind::Convolution) {
      if (&leaderOf(source) == &source) layOutConvolution(source);
      continue;
    }
    std::vector<char> stored = source.needed;
    if (source.kind == SourceKind::Gather && source.gathering == GatherKind::Subsample) {
      const int inputs = sources_[(size_t)activations_[(size_t)source.input].source].channels;
      for (int c = 0; c < source.channels; c++)
        if (c < source.before || c >= source.before + inputs) stored[(size_t)c] = 0;
    }
    source.y = storedOf(w.outHeight, w.outWidth, stored);
    if (source.kind == SourceKind::Gather) layOutGather(source);
  }
}

Reading Program::readingOf(const Source& source, bool again) const {
  const Activation& of = activations_[(size_t)source.input];
  const Windows& w = source.windows;
  Reading reading{};
  reading.count = (int)of.channels.size();
  reading.floats = (int64_t)w.width * examples_;
  reading.pitch = roundUp(reading.floats, width_);
  const bool plain = readsStored(of, source, again);
  reading.yRow = plain ? of.stored.row() : sources_[(size_t)of.source].y.row();
  if (plain) return reading;
  reading.rectifier = of.rectifier;
  reading.stores = of.isStored && !again;
  reading.toRow = of.stored.row();
  if (of.second < 0) return reading;
  const Activation& second = activations_[(size_t)of.second];
  reading.hasSecond = true;
  reading.rectifierSecond = second.isStored ? Rectifier::None : second.rectifier;
  reading.secondRow = second.isStored ? second.stored.row() : sources_[(size_t)second.source].y.row();
  return reading;
}

Capture Program::captureOf(const Source& source) const {
  const Windows& w = source.windows;
  return {.height = w.height, .width = w.width, .examples = examples_, .reading = readingOf(source, true)};
}

/**
 * Floats that a dense pass of the gradient works on at once: what the second cache holds, or about as many as there are
 * weights, whose sums are read and written once a band.
 */
constexpr int64_t LEAST_BAND = 160 << 10, MOST_BAND = 768 << 10;

void Program::chooseBand(BackwardPass& pass) const {
  const int height = pass.windows.height, step = pass.road == Road::Winograd ? 4 : pass.windows.stride;
  pass.band = std::min(step, height);
  const int64_t weights = (int64_t)pass.outs * pass.ins * pass.windows.kernelHeight * pass.windows.kernelWidth;
  const int64_t floats = std::clamp<int64_t>(weights, LEAST_BAND, MOST_BAND);
  while (pass.band < height) {
    BackwardPass more = pass;
    more.band = std::min(height, pass.band + step);
    if (kernels_.backwardScratch(more) > floats) return;
    pass = more;
  }
}

/** Of a leader, with its members. */
void Program::layOutConvolution(Source& source) {
  const Windows& w = source.joint;
  const Activation& input = activations_[(size_t)source.input];
  const Source& last = sources_[(size_t)source.members.back()];
  std::vector<char> isOut((size_t)(last.firstOut + last.channels), 0);
  for (const KeptWeight& kept : source.kept) isOut[(size_t)kept.out] = 1;
  if (source.road != Road::Kept)
    for (const int m : source.members) {
      const Source& member = sources_[(size_t)m];
      std::copy(member.needed.begin(), member.needed.end(), isOut.begin() + member.firstOut);
    }
  const Stored all = storedOf(w.outHeight, w.outWidth, isOut);
  for (int o = 0; o < (int)isOut.size(); o++)
    if (isOut[(size_t)o]) source.outs.push_back(o);
  const std::vector<int>& outPlace = all.slots;
  for (const int m : source.members) {
    Source& member = sources_[(size_t)m];
    member.y = all;
    member.y.slots.assign(all.slots.begin() + member.firstOut, all.slots.begin() + member.firstOut + member.channels);
  }
  std::vector<int> inPlace(input.live.size(), -1);
  for (const KeptWeight& kept : source.kept) inPlace[(size_t)kept.in] = 0;
  if (source.road != Road::Kept)
    for (const int i : input.channels) inPlace[(size_t)i] = 0;
  for (int i = 0; i < (int)inPlace.size(); i++)
    if (inPlace[(size_t)i] == 0) {
      inPlace[(size_t)i] = (int)source.ins.size();
      source.ins.push_back(i);
    }
  const int E = examples_;
  const int outs = (int)source.outs.size(), ins = (int)source.ins.size();

  ForwardPass& forward = source.forward;
  forward.windows = w;
  forward.examples = E;
  forward.road = source.road;
  forward.ins = ins;
  forward.outs = outs;
  forward.reading = readingOf(source, false);
  forward.yRow = source.y.row();
  forward.pitch = source.y.pitch;
  const int64_t reach = source.y.pitch + (int64_t)((w.kernelWidth - 1) / w.stride) * E;
  forward.phaseFloats =
      roundUp(w.stride == 1 ? std::max(reach, (int64_t)w.padLeft * E + forward.reading.pitch) : reach, width_);
  const bool winograd = source.road == Road::Winograd;
  // Patches are read in four vectors, and in four that begin four columns later.
  const auto patched = [&](int64_t pitch) { return roundUp(roundUp(pitch, 4 * width_) + 4 * E, width_); };
  if (winograd) forward.phaseFloats = std::max(forward.phaseFloats, patched(forward.pitch));
  forward.slotFloats = ins * w.stride * forward.phaseFloats;
  forward.slots = powerOfTwo(kernels_.forwardSlots(forward));

  BackwardPass& backward = source.backward;
  backward.windows = w;
  backward.examples = E;
  backward.road = source.road;
  backward.reading = readingOf(source, true);
  backward.ins = ins;
  backward.outs = outs;
  backward.towardsInput = source.input > 0;
  backward.margin = (int64_t)std::max(0, (w.kernelWidth - 1 - w.padLeft + w.stride - 1) / w.stride) * E;
  backward.outFloats = (int64_t)w.outWidth * E;
  const int64_t phase = w.stride == 1 ? backward.reading.pitch
                                      : roundUp((int64_t)((w.width + w.stride - 1) / w.stride) * E, width_);
  const int64_t most = (int64_t)((w.stride - 1 + w.padLeft) / w.stride) * E;
  backward.dyFloats = roundUp(backward.margin + std::max(source.y.pitch, phase + most), width_);
  if (winograd) backward.dyFloats = std::max(backward.dyFloats, patched(backward.reading.pitch));
  backward.slotFloats = outs * backward.dyFloats;
  backward.slots = powerOfTwo(kernels_.backwardSlots(backward));
  backward.yRow = source.y.row();

  /** The phase that a column of the kernel is met in. */
  const auto apartOf = [&](int column) { return ((column - w.padLeft) % w.stride + w.stride) % w.stride; };
  const auto aheadOf = [&](int column) { return column % w.stride * forward.phaseFloats + column / w.stride * E; };
  const auto shiftOf = [&](int column) { return (apartOf(column) + w.padLeft - column) / w.stride * E; };
  if (source.road != Road::Kept) {
    for (int column = 0; column < w.kernelWidth; column++) {
      forward.columns[column] = aheadOf(column);
      backward.phases[column] = apartOf(column);
      backward.shifts[column] = shiftOf(column);
    }
    chooseBand(backward);
    return;
  }
  std::vector<std::pair<int, KeptUse>> ahead, back;
  for (int k = 0; k < (int)source.kept.size(); k++) {
    const KeptWeight& kept = source.kept[(size_t)k];
    const int out = outPlace[(size_t)kept.out], in = inPlace[(size_t)kept.in];
    const int64_t channel = in * w.stride * forward.phaseFloats;
    ahead.push_back({out * w.kernelHeight + kept.row, {offsetOf(channel + aheadOf(kept.column)), k}});
    back.push_back({(in * w.stride + apartOf(kept.column)) * w.kernelHeight + kept.row,
                    {offsetOf(out * backward.dyFloats) + shiftOf(kept.column), k}});
  }
  const auto byKey = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(ahead.begin(), ahead.end(), byKey);
  std::stable_sort(back.begin(), back.end(), byKey);
  source.forwardStarts = startsOf(ahead, outs * w.kernelHeight);
  source.backwardStarts = startsOf(back, ins * w.stride * w.kernelHeight);
  source.forwardUses = usesOf(ahead);
  source.backwardUses = usesOf(back);
}

void Program::layOutGather(Source& source) {
  const Windows& w = source.windows;
  const Activation& input = activations_[(size_t)source.input];
  const Stored& gradient = activations_[(size_t)activations_[(size_t)source.activation].gradientOf].gradient;
  Gather& gather = source.gather;
  gather.kind = source.gathering;
  gather.windows = w;
  gather.examples = examples_;
  gather.reading = readingOf(source, false);
  source.readingAgain = readingOf(source, true);
  gather.yRow = source.y.row();
  gather.gradientRow = gradient.row();
  gather.pitch = source.y.pitch;
  offsetOf((int64_t)w.height * gather.reading.pitch);  // places of maxima have 32 bits
  const bool flat = source.gathering == GatherKind::Flatten;
  const int pixels = flat ? w.height * w.width : 1, channels = (int)input.live.size();
  for (const int c : input.channels) {
    for (int p = 0; p < pixels; p++) {
      const int out = !flat ? c + source.before : source.channelsLast ? p * channels + c : c * pixels + p;
      source.places.push_back(source.y.slots[(size_t)out]);
      source.gradientPlaces.push_back(gradient.slots[(size_t)out]);
    }
  }
}

}  // namespace winnow
