// Programs of drawn numbers: convolutions against plain loops in double precision, what is shown against what would be read,
// and the same bits on any number of threads.
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../engine/threads.h"
#include "built.h"
#include "checks.h"
#include "draws.h"

using namespace winnow;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

namespace {

struct Drawn {
  std::vector<char> kept;
  Floats all, parameters;
};
Drawn drawn(int64_t weights, double density) {
  Drawn of;
  for (int64_t i = 0; i < weights; i++) {
    of.kept.push_back((draw() + 1) / 2 < density);
    of.all.push_back(of.kept.back() ? draw() : 0);
    if (of.kept.back()) of.parameters.push_back(of.all.back());
  }
  return of;
}

/** One convolution of images whose channels are weighed, flattened, against plain loops. Returns the road that it takes. */
Road convolution(int64_t batch, int height, int width, int channels, int outChannels, const Windows& w, double density,
                 int groups = 1) {
  const int ofGroup = channels / groups;
  const int64_t weights = (int64_t)outChannels * ofGroup * w.kernelHeight * w.kernelWidth;
  const int64_t diagonal = (int64_t)channels * channels;
  Drawn of = drawn(weights, density);
  // A weight a channel before it, whose gradient comes through the convolution towards its input.
  Floats scales;
  for (int64_t i = 0; i < diagonal; i++) {
    of.kept.push_back(i % (channels + 1) == 0);
    if (!of.kept.back()) continue;
    scales.push_back(1 + draw() / 2);
    of.parameters.push_back(scales.back());
  }
  Program program(batch, height, width, channels, of.kept, true);
  Windows pointwise = windows(1, 1, 0, height);
  pointwise.outWidth = width;
  const auto plain = [&](int source) { return program.addActivation(source, Adjustment::None, 0, 0, 0, -1, Rectifier::None); };
  const int scaled = plain(program.addConvolution(0, channels, 1, pointwise, weights));
  const int layer = program.addConvolution(scaled, outChannels, groups, w, 0);
  program.finish(plain(program.addGather(GatherKind::Flatten, plain(layer), windows(1, 1, 0, 1), 1, 0, true)));
  const Floats images = draws((size_t)program.imageFloats()), dy = draws((size_t)program.outputFloats());
  Doubles expected(dy.size()), slopes, towards((size_t)channels);
  for (int64_t i = 0; i < weights; i++) {
    if (!of.kept[(size_t)i]) continue;
    const int l = (int)(i % w.kernelWidth), k = (int)(i / w.kernelWidth % w.kernelHeight);
    const int o = (int)(i / (w.kernelWidth * w.kernelHeight) / ofGroup);
    const int c = o / (outChannels / groups) * ofGroup + (int)(i / (w.kernelWidth * w.kernelHeight) % ofGroup);
    const double weight = of.all[(size_t)i], scale = scales[(size_t)c];
    double slope = 0;
    for (int64_t n = 0; n < batch; n++)
      for (int r = 0; r < w.outHeight; r++)
        for (int s = 0; s < w.outWidth; s++) {
          const int h = r * w.stride - w.padTop + k, x = s * w.stride - w.padLeft + l;
          if (h < 0 || h >= height || x < 0 || x >= width) continue;
          const size_t to = (size_t)(((n * w.outHeight + r) * w.outWidth + s) * outChannels + o);
          const double from = images[(size_t)(((n * height + h) * width + x) * channels + c)];
          expected[to] += weight * scale * from;
          slope += (double)dy[to] * scale * from;
          towards[(size_t)c] += (double)dy[to] * weight * from;
        }
    slopes.push_back(slope);
  }
  slopes.insert(slopes.end(), towards.begin(), towards.end());
  const Outcome is = ran(program, images, of.parameters, dy);
  const std::string name = std::to_string(batch) + "×" + std::to_string(height) + "×" + std::to_string(width) +
                           "×" + std::to_string(channels) + " by " + std::to_string(w.kernelHeight) + "×" +
                           std::to_string(w.kernelWidth) + ", stride " + std::to_string(w.stride);
  near(is.logits, expected, 2e-6, "a program's convolution of " + name);
  near(is.gradient, slopes, 4e-6, "the weights' gradient of " + name);
  return program.roadOf(layer);
}

void convolutions() {
  state = 5;
  for (const int64_t batch : {1, 3, 16, 17, 37})
    for (const double density : {0.05, 0.5, 1.0}) {
      convolution(batch, 5, 7, 3, 4, {3, 3, 1, 1, 1, 0, 0, 5, 7}, density);
      convolution(batch, 9, 8, 2, 5, {3, 3, 2, 1, 1, 0, 0, 5, 4}, density);
      convolution(batch, 6, 6, 4, 3, {1, 1, 2, 0, 0, 0, 0, 3, 3}, density);
      convolution(batch, 7, 10, 1, 2, {4, 2, 3, 2, 0, 0, 0, 2, 3}, density);
      convolution(batch, 1, 40, 2, 2, {1, 5, 1, 0, 4, 0, 0, 1, 44}, density);
      convolution(batch, 33, 1, 2, 2, {7, 1, 1, 3, 0, 0, 0, 33, 1}, density);
      // The windows leave rows and columns at the end that none looks at.
      convolution(batch, 8, 8, 2, 2, {2, 2, 5, 0, 0, 0, 0, 1, 1}, density);
      // Each channel alone, and seen by two outputs.
      convolution(batch, 9, 8, 5, 5, {3, 3, 1, 1, 1, 0, 0, 9, 8}, density, 5);
      convolution(batch, 9, 8, 3, 6, {3, 3, 2, 1, 1, 0, 0, 5, 4}, density, 3);
    }
  convolution(5, 6, 7, 6, 4, {3, 3, 1, 1, 1, 0, 0, 6, 7}, 0.2, 2);
}

/** Layers with enough channels for all roads, as many as tiles hold and others. */
void roads() {
  state = 7;
  int seen[3] = {};
  for (const int64_t batch : {1, 2, 5, 16, 19})
    for (const double density : {0.1, 0.6, 1.0}) {
      seen[(int)convolution(batch, 12, 16, 16, 24, {3, 3, 1, 1, 1, 0, 0, 12, 16}, density)]++;
      seen[(int)convolution(batch, 10, 19, 21, 13, {3, 3, 1, 0, 2, 0, 0, 8, 21}, density)]++;
      seen[(int)convolution(batch, 10, 5, 20, 16, {3, 3, 1, 1, 1, 0, 0, 10, 5}, density)]++;
      seen[(int)convolution(batch, 9, 9, 35, 18, {3, 3, 2, 1, 1, 0, 0, 5, 5}, density)]++;
      seen[(int)convolution(batch, 6, 5, 17, 40, {1, 1, 1, 0, 0, 0, 0, 6, 5}, density)]++;
      seen[(int)convolution(batch, 11, 7, 3, 33, {5, 4, 2, 2, 1, 0, 0, 5, 3}, density)]++;
    }
  for (const int count : seen) check(count > 0, "a road is taken by no convolution");
  // More columns than are laid side by side.
  check(convolution(3, 2, 40, 2, 3, {1, 17, 1, 0, 8, 0, 0, 2, 40}, 1) == Road::Kept, "a wide kernel goes by kept weights");
}

/** A sum behind a ReLU, which two layers read, is shown as a flattening of it would be, which is the last layer otherwise. */
void capturedAsRead() {
  const int channels = 5, weights = channels * channels;
  for (const int64_t batch : {1, 3, 16, 37})
    for (const double density : {0.3, 1.0}) {
      Drawn of = drawn(2 * weights, density);
      std::vector<char> kept = of.kept;
      kept.insert(kept.end(), 2 * channels, 1);
      Floats parameters = of.parameters;
      parameters.insert(parameters.end(), 2 * channels, 1);
      Outcome outcomes[2];
      const Floats images = draws((size_t)batch * 7 * 7 * channels), dshown = draws(images.size());
      for (const bool captures : {false, true}) {
        Built b = begun(batch, 7, channels, kept);
        const Windows w = windows(1, 1, 0, 7);
        const int x = b.add(b.convolution(0, channels, w, 0));
        const int y = b.add(b.convolution(x, channels, w, weights), Adjustment::None, 0, 0, x, Rectifier::Relu);
        Floats doutputs = dshown;
        if (captures) {
          b.program.capture(y);
          doutputs.insert(doutputs.begin(), (size_t)batch, 0.0f);
          const Windows head = windows(1, 1, 0, 1);
          const int mean = b.add(b.gather(GatherKind::Average, y));
          const int most = b.add(b.gather(GatherKind::Max, y, windows(7, 1, 0, 1)));
          const int one = b.convolution(mean, 1, head, 2 * weights), other = b.convolution(most, 1, head, 2 * weights + channels);
          const int sum = b.add(other, Adjustment::None, 0, 0, b.add(one));
          b.program.finish(b.add(b.gather(GatherKind::Average, sum)));
        } else {
          b.program.finish(b.add(b.gather(GatherKind::Flatten, y, windows(1, 1, 0, 1), true)));
        }
        outcomes[captures] = ran(b.program, images, parameters, doutputs);
      }
      Floats& shown = outcomes[1].logits;
      shown.erase(shown.begin(), shown.begin() + batch);
      same(shown, outcomes[0].logits, "what is shown");
      same(outcomes[1].gradient, outcomes[0].gradient, "the gradient of what is shown", 1e-5f);
    }
}

/**
 * A residual network with all kinds of layers, of so many channels, and two more, of whose weights a part is kept, and of
 * which three activations may be shown.
 */
Outcome everything(int narrow, double density, bool captures) {
  state = 11;
  const int wide = narrow + 2;
  // Weights of four convolutions and the last layer, then scales and shifts of three normalisations, then biases.
  const int64_t conv = narrow * narrow * 9, stem = narrow * 3 * 9, side = wide * narrow, last = wide * narrow * 9;
  const int64_t head = 5 * wide * 4, norms = stem + conv + side + last + head;
  std::vector<char> kept;
  for (int64_t i = 0; i < norms + 4 * (narrow + wide) + 5; i++) kept.push_back(i >= norms || (draw() + 1) / 2 < density);
  Program p(37, 9, 9, 3, kept, true);
  const auto plain = [&](int source) { return p.addActivation(source, Adjustment::None, 0, 0, 0, -1, Rectifier::None); };
  const auto normalized = [&](int source, int64_t at, int channels, int second, Rectifier rectifier) {
    return p.addActivation(source, Adjustment::Normalize, at, at + channels, 1e-5, second, rectifier);
  };
  std::vector<int> shown;
  int x = normalized(p.addConvolution(0, narrow, 1, windows(3, 1, 1, 9), 0), norms, narrow, -1, Rectifier::Relu6);
  if (captures) shown.push_back(x);
  const int block = p.addConvolution(x, narrow, 1, windows(3, 1, 1, 9), stem);
  x = normalized(block, norms + 2 * narrow, narrow, x, Rectifier::Relu);
  if (captures) shown.push_back(x);
  const int strided = p.addConvolution(x, wide, 1, windows(3, 2, 1, 5), stem + conv);
  const int y = normalized(strided, norms + 4 * narrow, wide, -1, Rectifier::None);
  const int shortcut = p.addConvolution(x, wide, 1, windows(1, 2, 0, 5), stem + conv + last);
  x = normalized(shortcut, norms + 4 * narrow + 2 * wide, wide, y, Rectifier::Relu);
  if (captures) shown.push_back(x);
  x = plain(p.addGather(GatherKind::Max, x, windows(3, 2, 1, 3), wide, 0, false));
  x = plain(p.addGather(GatherKind::Subsample, x, windows(1, 2, 0, 2), wide, 0, false));
  x = plain(p.addGather(GatherKind::Flatten, x, windows(1, 1, 0, 1), wide * 4, 0, false));
  const int logits = p.addConvolution(x, 5, 1, windows(1, 1, 0, 1), stem + conv + last + side);
  for (const int a : shown) p.capture(a);
  p.finish(p.addActivation(logits, Adjustment::Shift, 0, norms + 4 * (narrow + wide), 0, -1, Rectifier::None));
  for (const int layer : {block, strided, shortcut, logits})
    check((p.roadOf(layer) == Road::Kept) == (density < 1), "a layer goes by another road");
  const Floats images = draws((size_t)p.imageFloats()), parameters = draws((size_t)p.parameters());
  return ran(p, images, parameters, draws((size_t)p.outputFloats()));
}

bool sameBits(const Floats& a, const Floats& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void threadsAgree(bool captures) {
  for (const auto& [narrow, density] : {std::pair{6, 0.3}, {20, 1.0}}) {
    setThreads(1);
    const Outcome one = everything(narrow, density, captures);
    bool finite = true;
    for (const Floats& numbers : {one.logits, one.gradient})
      for (const float v : numbers) finite = finite && std::isfinite(v);
    check(finite, "all numbers of a program are finite");
    for (const int count : {1, 2, 3, 7}) {
      setThreads(count);
      const Outcome many = everything(narrow, density, captures);
      check(sameBits(one.logits, many.logits) && sameBits(one.gradient, many.gradient),
            "a program gives other bits with " + std::to_string(count) + " threads");
    }
  }
  setThreads(3);
}

}  // namespace

void checkDrawnPrograms() {
  capturedAsRead();
  convolutions();
  roads();
  for (const bool captures : {false, true}) threadsAgree(captures);
}
