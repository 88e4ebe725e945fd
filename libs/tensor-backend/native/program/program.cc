// The description of a program, checked as it grows.
#include "program.h"

#include <algorithm>
#include <limits>
#include <string>

#include "../engine/failure.h"
#include "../operations/arguments.h"

namespace winnow {
namespace {

void require(bool holds, const char* otherwise) {
  if (!holds) throw Failure(otherwise);
}

void requireFit(bool holds, const char* otherwise) {
  if (!holds) throw Unfit(otherwise);
}

/** Whether the last window, and the first, look at a pixel. */
bool reaches(const Windows& w, int kernel, int pad, int out, int pixels) {
  return out >= 1 && (int64_t)(out - 1) * w.stride - pad < pixels && pad < kernel;
}

}  // namespace

Program::Program(int64_t batch, int height, int width, int channels, const std::vector<char>& kept, bool differentiable)
    : batch_(batch), differentiable_(differentiable), kernels_(kernels().program), width_(kernels().width), ranks_(kept) {
  Source images;
  images.channels = channels;
  images.windows = {.kernelHeight = 1, .kernelWidth = 1, .stride = 1, .padTop = 0, .padLeft = 0,
                    .height = height, .width = width, .outHeight = height, .outWidth = width};
  images.needed.assign((size_t)channels, 1);
  sources_.push_back(std::move(images));
  addActivation(0, Adjustment::None, 0, 0, 0, -1, Rectifier::None);
}

int64_t Program::imageFloats() const {
  const Source& images = sources_[0];
  return product({batch_, images.windows.height, images.windows.width, images.channels});
}

int64_t Program::multiplyAdds(bool ofGradient) const {
  int64_t sum = 0;
  for (const Source& source : sources_) {
    // Towards the weights, and towards the input unless that is the images.
    const int64_t times = !ofGradient ? 1 : source.input > 0 ? 2 : 1;
    sum += times * source.keptLive * source.windows.outHeight * source.windows.outWidth;
  }
  return sum * batch_;
}

Source Program::reading(int input, SourceKind kind, const Windows& windows) const {
  require(!finished_, "the program is finished");
  require(input >= 0 && input < (int)activations_.size(), "the input is no activation of the program");
  const Source& before = sources_[(size_t)activations_[(size_t)input].source];
  Source source;
  source.kind = kind;
  source.input = input;
  source.channels = source.inputs = before.channels;
  source.windows = windows;
  source.windows.height = before.windows.outHeight;
  source.windows.width = before.windows.outWidth;
  return source;
}

int Program::add(Source&& source) {
  const int number = (int)sources_.size();
  activations_[(size_t)source.input].readers.push_back(number);
  sources_.push_back(std::move(source));
  return number;
}

int Program::addConvolution(int input, int channels, int groups, const Windows& windows, int64_t weight) {
  Source source = reading(input, SourceKind::Convolution, windows);
  require(groups >= 1 && channels % groups == 0 && source.inputs % groups == 0, "the channels are no multiple of the groups");
  source.channels = channels;
  source.groups = groups;
  const Windows& w = source.windows;
  requireFit(w.kernelHeight <= MOST_KERNEL_ROWS, "the kernel has more rows than a pass looks at");
  requireFit(w.padTop < w.kernelHeight && w.padLeft < w.kernelWidth, "a window sees nothing but padding");
  require(reaches(w, w.kernelHeight, w.padTop, w.outHeight, w.height) &&
              reaches(w, w.kernelWidth, w.padLeft, w.outWidth, w.width),
          "the windows do not fit the input");
  requireFit(product({source.inputs, w.stride, w.kernelHeight}) <= std::numeric_limits<int>::max(),
             "the stride is too long for so many channels");
  const int64_t weights = product({channels, source.inputs / groups, w.kernelHeight, w.kernelWidth});
  require(weight >= 0 && weight + weights <= ranks_.size(), "the weights are not among the parameters");
  source.weight = weight;
  return add(std::move(source));
}

int Program::addGather(GatherKind kind, int input, const Windows& windows, int channels, int before, bool channelsLast) {
  Source source = reading(input, SourceKind::Gather, windows);
  const int inputs = source.channels;
  source.gathering = kind;
  source.channelsLast = channelsLast;
  source.before = kind == GatherKind::Subsample ? before : 0;
  Windows& w = source.windows;
  if (kind == GatherKind::Average || kind == GatherKind::Flatten) {
    w.outHeight = w.outWidth = 1;
    if (kind == GatherKind::Flatten) {
      const int64_t features = product({inputs, w.height, w.width});
      require(features <= Arguments::MOST_CHANNELS, "the features are too many");
      source.channels = (int)features;
    }
  } else if (kind == GatherKind::Subsample) {
    w.outHeight = (w.height + w.stride - 1) / w.stride;
    w.outWidth = (w.width + w.stride - 1) / w.stride;
    require(before >= 0 && before + inputs <= channels, "the channels do not hold those of the input");
    source.channels = channels;
  } else {
    require(reaches(w, w.kernelHeight, w.padTop, w.outHeight, w.height) &&
                reaches(w, w.kernelWidth, w.padLeft, w.outWidth, w.width),
            "the windows do not fit the input");
  }
  return add(std::move(source));
}

int Program::addActivation(int source, Adjustment adjustment, int64_t scale, int64_t shift, double epsilon, int second,
                           Rectifier rectifier) {
  require(!finished_, "the program is finished");
  require(source >= 0 && source < (int)sources_.size(), "there is no such layer in the program");
  Source& of = sources_[(size_t)source];
  const int number = (int)activations_.size();
  requireFit(of.activation < 0, "a layer's output has two readings");
  const auto within = [&](int64_t first) { return first >= 0 && first + of.channels <= ranks_.size(); };
  if (adjustment != Adjustment::None) require(within(shift), "the shifts are not among the parameters");
  requireFit(adjustment != Adjustment::Normalize || of.kind == SourceKind::Convolution,
             "only what convolutions put out is measured for normalisation");
  if (adjustment == Adjustment::Normalize) require(within(scale), "the scales are not among the parameters");
  Activation activation;
  activation.source = source;
  activation.adjustment = adjustment;
  activation.epsilon = epsilon;
  activation.scale = scale;
  activation.shift = shift;
  activation.second = second;
  activation.rectifier = rectifier;
  if (second >= 0) {
    require(second < number, "what is added is no activation of the program");
    Activation& added = activations_[(size_t)second];
    const Source& other = sources_[(size_t)added.source];
    require(other.channels == of.channels && other.windows.outHeight == of.windows.outHeight &&
                other.windows.outWidth == of.windows.outWidth,
            "what is added is of another shape");
    requireFit(added.source < source, "what is added comes later");
    requireFit(added.adder < 0, "an activation is added twice");
    added.adder = number;
  }
  of.activation = number;
  activations_.push_back(std::move(activation));
  return number;
}

/** Finds convolutions that one pass can do, and makes their first one the only reader of their input. */
void Program::join() {
  for (int s = 0; s < (int)sources_.size(); s++) {
    sources_[(size_t)s].leader = s;
    sources_[(size_t)s].members = {s};
    sources_[(size_t)s].joint = sources_[(size_t)s].windows;
  }
  const auto holds = [](const Windows& all, const Windows& w) {
    return all.padTop >= w.padTop && all.padLeft >= w.padLeft &&
           all.padTop - w.padTop + w.kernelHeight <= all.kernelHeight &&
           all.padLeft - w.padLeft + w.kernelWidth <= all.kernelWidth;
  };
  for (Activation& activation : activations_) {
    std::vector<int> leaders;
    for (const int s : activation.readers) {
      Source& source = sources_[(size_t)s];
      const auto joins = [&](int l) {
        const Source& leader = sources_[(size_t)l];
        const Windows &all = leader.joint, &w = source.windows;
        // A pass by all of its weights would multiply with the zeros around a smaller kernel too.
        if (source.road != leader.road || (source.road != Road::Kept && !(holds(all, w) && holds(w, all)))) return false;
        return source.kind == SourceKind::Convolution && leader.kind == SourceKind::Convolution &&
               all.stride == w.stride && all.outHeight == w.outHeight && all.outWidth == w.outWidth &&
               (holds(all, w) || holds(w, all));
      };
      const auto found = std::find_if(leaders.begin(), leaders.end(), joins);
      if (found == leaders.end()) {
        leaders.push_back(s);
        continue;
      }
      Source& leader = sources_[(size_t)*found];
      const Source& before = sources_[(size_t)leader.members.back()];
      source.leader = *found;
      source.firstOut = before.firstOut + before.channels;
      leader.members.push_back(s);
      if (!holds(leader.joint, source.windows)) leader.joint = source.windows;
    }
    activation.readers = leaders;
  }
  for (Source& source : sources_) {
    const Windows& all = sources_[(size_t)source.leader].joint;
    source.rowShift = all.padTop - source.windows.padTop;
    source.columnShift = all.padLeft - source.windows.padLeft;
  }
}

int Program::capture(int activation) {
  require(!finished_, "the program is finished");
  require(activation >= 0 && activation < (int)activations_.size(), "what is shown is no activation of the program");
  Activation& shown = activations_[(size_t)activation];
  // Images, logits and terms of sums have no rectifier: all that is shown has a pass that reads it, and a gradient of its own.
  requireFit(shown.rectifier != Rectifier::None, "what is shown is behind no ReLU");
  requireFit(shown.captured < 0, "an activation is shown twice");
  shown.captured = 0;
  captures_.push_back(activation);
  return (int)captures_.size();
}

void Program::finish(int logits) {
  require(!finished_, "the program is finished");
  require(logits > 0 && logits < (int)activations_.size(), "the logits are no activation of the program");
  logits_ = logits;
  const Activation& last = activations_[(size_t)logits];
  const Source& of = sources_[(size_t)last.source];
  requireFit(last.readers.empty() && last.adder < 0 && last.second < 0 && last.rectifier == Rectifier::None &&
                 of.windows.outHeight == 1 && of.windows.outWidth == 1,
          "the logits are not the last layer's features");
  for (const Source& source : sources_) requireFit(source.activation >= 0, "a layer's output is not read");
  chooseExamples();
  chooseRoads();
  join();
  for (int a = 0; a < (int)activations_.size(); a++) {
    Activation& activation = activations_[(size_t)a];
    activation.gradientOf = a;
    if (a == logits) continue;
    if (activation.readers.empty()) {
      requireFit(activation.adder >= 0 && activation.second < 0 && activation.rectifier == Rectifier::None,
                 "a layer's output is not read");
      activation.gradientOf = activation.adder;
      continue;
    }
    sources_[(size_t)activation.readers.front()].first = true;
    for (size_t r = 0; r + 1 < activation.readers.size(); r++) sources_[(size_t)activation.readers[r]].adds = true;
    if (activation.adder < 0) continue;
    const Activation& sum = activations_[(size_t)activation.adder];
    requireFit(!sum.readers.empty() && sum.readers.front() > activation.readers.front(),
            "an activation is read after the sum that it goes into");
  }
  outputFloats_ = product({batch_, of.channels});
  for (const int a : captures_) {
    Activation& shown = activations_[(size_t)a];
    const Source& made = sources_[(size_t)shown.source];
    shown.captured = outputFloats_;
    outputFloats_ = product({outputFloats_ + product({batch_, made.windows.outHeight, made.windows.outWidth, made.channels})});
    // What is shown is the first part of its gradient.
    sources_[(size_t)shown.readers.back()].adds = true;
  }
  findLive();
  layOut();
  planMemory();
  finished_ = true;
}

}  // namespace winnow
