// How many examples a block has, and which channels are live.
#include <algorithm>
#include <limits>

#include "program.h"
#include "../kernels/round-up.h"

namespace winnow {

/**
 * As many examples side by side as leave least padding, in the batch and at the ends of rows, weighed by what is stored;
 * rather many than few, which lie across cache lines, but so that there are blocks for two threads.
 */
void Program::chooseExamples() {
  double least = std::numeric_limits<double>::infinity();
  for (int examples = width_; examples >= 1; examples /= 2) {
    const int64_t blocks = (batch_ + examples - 1) / examples;
    double floats = 0;
    for (const Source& source : sources_)
      floats += (double)roundUp((int64_t)source.windows.outWidth * examples, width_) * source.windows.outHeight *
                source.channels;
    const double cost = floats * (double)(blocks % 2 ? blocks + 1 : blocks);
    if (cost < least * 0.95) {
      least = cost;
      examples_ = examples;
    }
  }
  blocks_ = (batch_ + examples_ - 1) / examples_;
}

/** From what is put out backwards: a channel is live where what is live uses it by a weight that is kept. */
void Program::findLive() {
  for (Source& source : sources_)
    if (source.kind != SourceKind::Images) source.needed.assign((size_t)source.channels, 0);
  for (Activation& activation : activations_)
    activation.live.assign((size_t)sources_[(size_t)activation.source].channels, 0);
  const auto putOut = [&](int a) {
    std::vector<char>& live = activations_[(size_t)a].live;
    std::fill(live.begin(), live.end(), 1);
  };
  putOut(logits_);
  for (const int a : captures_) putOut(a);
  // Activations come after their sources, and sources after what they read.
  for (size_t s = sources_.size(); s-- > 0;) {
    Source& source = sources_[s];
    Activation& of = activations_[(size_t)source.activation];
    if (of.second >= 0) {
      std::vector<char>& added = activations_[(size_t)of.second].live;
      for (size_t c = 0; c < added.size(); c++) added[c] |= of.live[c];
    }
    if (source.kind == SourceKind::Images) continue;
    source.needed = of.live;
    std::vector<char>& input = activations_[(size_t)source.input].live;
    const Windows& w = source.windows;
    if (source.kind == SourceKind::Convolution) {
      const int area = w.kernelHeight * w.kernelWidth;
      const int insOfGroup = source.inputs / source.groups, outsOfGroup = source.channels / source.groups;
      const int64_t fan = (int64_t)insOfGroup * area;
      Source& leader = sources_[(size_t)source.leader];
      for (int o = 0; o < source.channels; o++) {
        if (!source.needed[(size_t)o]) continue;
        const int firstIn = o / outsOfGroup * insOfGroup;
        for (int64_t i = 0; i < fan; i++) {
          const int parameter = ranks_.at(source.weight + o * fan + i);
          if (parameter < 0) continue;
          const int in = firstIn + (int)(i / area);
          input[(size_t)in] = 1;
          source.keptLive++;
          if (source.road != Road::Kept) continue;
          const int tap = (int)(i % area);
          leader.kept.push_back({source.firstOut + o, in, source.rowShift + tap / w.kernelWidth,
                                 source.columnShift + tap % w.kernelWidth, parameter});
        }
      }
      continue;
    }
    const int64_t pixels = (int64_t)w.height * w.width;
    for (size_t c = 0; c < input.size(); c++) {
      if (source.gathering != GatherKind::Flatten) {
        input[c] |= source.needed[c + (size_t)source.before];
        continue;
      }
      for (int64_t p = 0; p < pixels; p++)
        input[c] |= source.needed[source.channelsLast ? (size_t)p * input.size() + c : c * (size_t)pixels + (size_t)p];
    }
  }
  for (Activation& activation : activations_)
    for (int c = 0; c < (int)activation.live.size(); c++)
      if (activation.live[(size_t)c]) activation.channels.push_back(c);
}

}  // namespace winnow
