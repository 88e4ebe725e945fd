// Networks as programs: small ones whose numbers are counted by hand, larger ones against plain loops in double precision,
// and what is refused.
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../engine/failure.h"
#include "../engine/threads.h"
#include "../program/program.h"
#include "checks.h"

using namespace winnow;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

namespace {

struct Outcome {
  /** The logits, and what is captured behind them. */
  Floats logits, gradient;
};

/** Runs a finished program, with NaN wherever it writes. */
Outcome ran(const Program& program, const Floats& images, const Floats& parameters, const Floats& dlogits,
            const Floats& means = {}, const Floats& variances = {}) {
  Floats tape((size_t)program.tapeFloats(), NAN);
  Outcome of{Floats((size_t)program.outputFloats(), NAN), Floats((size_t)program.parameters(), NAN)};
  program.run(images.data(), parameters.data(), means.empty() ? nullptr : means.data(),
              variances.empty() ? nullptr : variances.data(), tape.data(), of.logits.data());
  if (means.empty()) program.gradient(tape.data(), parameters.data(), dlogits.data(), of.gradient.data());
  return of;
}

void same(const Floats& actual, const Floats& expected, const std::string& what, float tolerance = 1e-6f) {
  bool close = actual.size() == expected.size();
  std::string told = what + " gives";
  for (size_t i = 0; i < actual.size(); i++) {
    told += " " + std::to_string(actual[i]);
    close = close && std::fabs(actual[i] - expected[i]) <= tolerance * std::max(1.0f, std::fabs(expected[i]));
  }
  check(close, told);
}

Windows windows(int kernel, int stride, int pad, int out) {
  return {.kernelHeight = kernel, .kernelWidth = kernel, .stride = stride, .padTop = pad, .padLeft = pad,
          .height = 0, .width = 0, .outHeight = out, .outWidth = out};
}

/** A program, with fewer words to add to it. */
struct Built {
  Program program;
  int add(int source, Adjustment affine = Adjustment::None, int64_t scale = 0, int64_t shift = 0, int second = -1,
          bool relu = false, double epsilon = 0) {
    return program.addActivation(source, affine, scale, shift, epsilon, second, relu);
  }
  int convolution(int input, int channels, const Windows& w, int64_t weight) {
    return program.addConvolution(input, channels, w, weight);
  }
  int gather(GatherKind kind, int input, const Windows& w = windows(1, 1, 0, 1), bool channelsLast = false) {
    return program.addGather(kind, input, w, 1, 0, channelsLast);
  }
};

Built begun(int64_t batch, int side, int channels, const std::vector<char>& kept) {
  return {Program(batch, side, side, channels, kept, true)};
}

void pointwise() {
  // y = 2 a − 3 b + 1 of two channels, at the two images of one pixel.
  Built b = begun(2, 1, 2, {1, 1, 1});
  b.program.finish(b.add(b.convolution(0, 1, windows(1, 1, 0, 1), 0), Adjustment::Shift, 0, 2));
  const Outcome of = ran(b.program, {5, 1, -1, 2}, {2, -3, 1}, {1, 10});
  same(of.logits, {8, -7}, "a 1×1 convolution");
  same(of.gradient, {5 - 10, 1 + 20, 11}, "the gradient of a 1×1 convolution");
}

void pruned() {
  // Of w = [7 0; 0 9] the first is kept alone; the bias of the second output too.
  Built b = begun(1, 1, 2, {1, 0, 0, 0, 0, 1});
  b.program.finish(b.add(b.convolution(0, 2, windows(1, 1, 0, 1), 0), Adjustment::Shift, 0, 4));
  check(b.program.parameters() == 2, "two of six parameters are kept");
  const Outcome of = ran(b.program, {3, 100}, {7, 0.5f}, {2, -1});
  same(of.logits, {21, 0.5f}, "a pruned convolution");
  same(of.gradient, {6, -1}, "the gradient of a pruned convolution");
}

/** Weights 1 to 9 over the image 1 to 9. */
void windowed() {
  const std::vector<char> kept(9, 1);
  const Floats ones{1, 2, 3, 4, 5, 6, 7, 8, 9};
  Built whole = begun(1, 3, 1, kept);
  whole.program.finish(whole.add(whole.convolution(0, 1, windows(3, 1, 0, 1), 0)));
  const Outcome of = ran(whole.program, ones, ones, {2});
  same(of.logits, {285}, "a 3×3 convolution of 3×3 pixels");  // 1² + … + 9²
  same(of.gradient, {2, 4, 6, 8, 10, 12, 14, 16, 18}, "its gradient");

  Built padded = begun(1, 3, 1, kept);
  const int strided = padded.add(padded.convolution(0, 1, windows(3, 2, 1, 2), 0));
  padded.program.finish(padded.add(padded.gather(GatherKind::Flatten, strided)));
  const Outcome corners = ran(padded.program, ones, ones, {1, 0, 0, 10});
  // Top left: 5·1 + 6·2 + 8·4 + 9·5; top right: 4·2 + 5·3 + 7·5 + 8·6; and so on.
  same(corners.logits, {94, 106, 106, 94}, "a 3×3 convolution with stride 2 and padding 1");
  same(corners.gradient, {50, 60, 0, 80, 91, 2, 0, 4, 5}, "its gradient");
}

void residual() {
  // x = relu(a · image), y = b · x + x, logits = c · y: image 3 and −1, a = 2, b = 4, c = 5.
  Built b = begun(2, 1, 1, {1, 1, 1});
  const Windows w = windows(1, 1, 0, 1);
  const int x = b.add(b.convolution(0, 1, w, 0), Adjustment::None, 0, 0, -1, true);
  const int y = b.add(b.convolution(x, 1, w, 1), Adjustment::None, 0, 0, x);
  b.program.finish(b.add(b.convolution(y, 1, w, 2)));
  const Outcome of = ran(b.program, {3, -1}, {2, 4, 5}, {1, 1});
  same(of.logits, {5 * (4 * 6 + 6), 0}, "a residual sum");
  same(of.gradient, {5 * (4 + 1) * 3, 5 * 6, 30}, "its gradient");
}

void normalized() {
  // 1 and 3 have mean 2 and variance 1; with ε = 3 they become ∓½.
  const Windows w = windows(1, 1, 0, 1);
  Built b = begun(2, 1, 1, {1, 1, 1, 1});
  const int z = b.add(b.convolution(0, 1, w, 0), Adjustment::Normalize, 1, 2, -1, false, 3);
  b.program.finish(b.add(b.convolution(z, 1, w, 3)));
  check(b.program.normalized() == 1, "one channel is normalised");
  const Outcome of = ran(b.program, {1, 3}, {1, 4, 10, 2}, {1, 0});
  same(of.logits, {16, 24}, "normalisation");
  // dz = (2, 0) has mean 1 and Σ dz x̂ = −1, with x̂ = ∓½: dy = 4/2 · (dz − 1 − x̂ · (−½)) = (1.5, −1.5).
  same(of.gradient, {-3, -1, 2, 8}, "the gradient of normalisation");
  same(ran(b.program, {1, 3}, {1, 4, 10, 2}, {1, 0}, {0}, {1}).logits, {24, 32}, "normalisation by what is given");
}

void pooled() {
  // 3×3 windows every second pixel of 4×4, which overlap in the second row and column.
  Built b = begun(1, 4, 1, {1});
  const Windows w = windows(1, 1, 0, 4);
  const int x = b.add(b.convolution(0, 1, w, 0));
  const int most = b.add(b.gather(GatherKind::Max, x, windows(3, 2, 1, 2)));
  b.program.finish(b.add(b.gather(GatherKind::Flatten, most)));
  const Floats image{1, 2, 3, 4, 5, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15, 6};
  const Outcome of = ran(b.program, image, {1}, {1, 10, 100, 1000});
  same(of.logits, {16, 16, 16, 16}, "max-pooling with overlaps");
  same(of.gradient, {16 * 1111}, "its gradient");
  const Outcome turned = ran(b.program, image, {-1}, {1, 10, 100, 1000});
  same(turned.logits, {-1, -2, -5, -6}, "max-pooling of what is negative");
  same(turned.gradient, {1 + 20 + 500 + 6000}, "its gradient");

  // Channels of zeros before the input's are a subsampling's alone.
  Built average = begun(1, 4, 1, {1});
  const int y = average.add(average.convolution(0, 1, w, 0));
  average.program.finish(average.add(average.program.addGather(GatherKind::Average, y, windows(1, 1, 0, 1), 1, 1000, false)));
  const Outcome mean = ran(average.program, image, {2}, {1});
  same(mean.logits, {17}, "average pooling");
  same(mean.gradient, {8.5f}, "its gradient");
}

void flattened() {
  // Two channels of 1×2 pixels, [pixel][channel] = 1 2, 3 4; features times 1, 10, 100, 1000.
  for (const bool channelsLast : {false, true}) {
    Built b{Program(1, 1, 2, 2, std::vector<char>(4, 1), true)};
    const int features = b.add(b.gather(GatherKind::Flatten, 0, windows(1, 1, 0, 1), channelsLast));
    b.program.finish(b.add(b.convolution(features, 1, windows(1, 1, 0, 1), 0)));
    const Outcome of = ran(b.program, {1, 2, 3, 4}, {1, 10, 100, 1000}, {1});
    same(of.logits, {channelsLast ? 4321.0f : 4231.0f}, "features");
    same(of.gradient, channelsLast ? Floats{1, 2, 3, 4} : Floats{1, 3, 2, 4}, "the gradient of features");
  }
}

void subsampled() {
  // Every second pixel of 3×3, with one channel of zeros on each side, weighed by 7, 5 and 3.
  Built b = begun(1, 3, 1, {1, 1, 1, 1});
  const int x = b.add(b.convolution(0, 1, windows(1, 1, 0, 3), 3));
  const int less = b.add(b.program.addGather(GatherKind::Subsample, x, windows(1, 2, 0, 2), 3, 1, false));
  const int y = b.add(b.convolution(less, 1, windows(1, 1, 0, 2), 0));
  b.program.finish(b.add(b.gather(GatherKind::Flatten, y)));
  const Outcome of = ran(b.program, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {7, 5, 3, 2}, {1, 0, 0, 1});
  same(of.logits, {10, 30, 70, 90}, "every second pixel");
  same(of.gradient, {0, 2 * (1 + 9), 0, 5 * (1 + 9)}, "its gradient");
}

/** Without any weight a network is its last biases. */
void nothingKept() {
  Built b = begun(3, 4, 2, {0, 0, 0, 0, 0, 0, 1, 1});
  const int x = b.add(b.convolution(0, 2, windows(1, 1, 0, 4), 0), Adjustment::None, 0, 0, -1, true);
  const int mean = b.add(b.gather(GatherKind::Average, x));
  b.program.finish(b.add(b.convolution(mean, 2, windows(1, 1, 0, 1), 2), Adjustment::Shift, 0, 6));
  const Outcome of = ran(b.program, Floats(3 * 16 * 2, 9), {0.25f, -4}, {1, 2, 3, 4, 5, 6});
  same(of.logits, {0.25f, -4, 0.25f, -4, 0.25f, -4}, "nothing but biases");
  same(of.gradient, {9, 12}, "their gradient");
}

/** A layer that no weight reads on is computed by no road. */
void unread() {
  for (const int side : {1, 3}) {
    const int channels = 20, weights = channels * channels * side * side;
    std::vector<char> kept((size_t)(weights + channels), 1);
    kept.insert(kept.end(), 2 * channels, 0);
    kept.push_back(1);
    kept.push_back(1);
    Built b = begun(17, 8, channels, kept);
    const int x = b.add(b.convolution(0, channels, windows(side, 1, side / 2, 8), 0), Adjustment::Shift, 0, weights, -1, true);
    const int mean = b.add(b.gather(GatherKind::Average, x));
    b.program.finish(b.add(b.convolution(mean, 2, windows(1, 1, 0, 1), weights + channels), Adjustment::Shift, 0,
                           weights + 3 * channels));
    Floats parameters((size_t)b.program.parameters(), 1), logits, gradient(parameters.size(), 0);
    for (int n = 0; n < 17; n++) logits.insert(logits.end(), {1, 1});
    gradient[gradient.size() - 2] = 17;
    gradient.back() = 34;
    Floats dlogits;
    for (int n = 0; n < 17; n++) dlogits.insert(dlogits.end(), {1, 2});
    const Outcome of = ran(b.program, Floats((size_t)b.program.imageFloats(), 9), parameters, dlogits);
    same(of.logits, logits, "a network whose last layer keeps nothing");
    same(of.gradient, gradient, "its gradient");
  }
}

/** x = relu(a · image), y = x + pooled: a layer between that nothing reads on has no gradient to give. */
void unreadBetween() {
  for (const int side : {1, 3}) {
    const int channels = 20, weights = channels * channels * side * side;
    // The first layer's and the middle one's are kept, the last one's are not, and it is added to what they came from.
    std::vector<char> kept((size_t)(channels * channels + weights), 1);
    kept.insert(kept.end(), weights, 0);
    kept.insert(kept.end(), 2 * channels, 1);
    Built b = begun(17, 8, channels, kept);
    const Windows w = windows(side, 1, side / 2, 8);
    const int x = b.add(b.convolution(0, channels, windows(1, 1, 0, 8), 0), Adjustment::None, 0, 0, -1, true);
    const int middle = b.add(b.convolution(x, channels, w, channels * channels), Adjustment::None, 0, 0, -1, true);
    const int sum = b.add(b.convolution(middle, channels, w, channels * channels + weights), Adjustment::None, 0, 0, x);
    b.program.finish(b.add(b.convolution(b.add(b.gather(GatherKind::Average, sum)), 2, windows(1, 1, 0, 1),
                                         channels * channels + 2 * weights)));
    const Outcome of = ran(b.program, Floats((size_t)b.program.imageFloats(), 0.5f), Floats((size_t)b.program.parameters(), 1),
                           Floats(34, 1));
    // Every channel of x is 20 · ½, and every logit the sum of 20 of them; a weight of the first layer sees ½ from 17 images,
    // by two logits; those between see nothing; those of the last 10 from 17.
    Floats gradient((size_t)(channels * channels), 17), logits(34, 200);
    gradient.insert(gradient.end(), weights, 0);
    gradient.insert(gradient.end(), 2 * channels, 170);
    same(of.logits, logits, "a network around a layer that nothing reads on");
    same(of.gradient, gradient, "its gradient");
  }
}

/** x = relu(a · image) and y = relu(b · x + x) are shown, logits = c · y: image 3 and −1, a = 2, b = 4, c = 5. */
void captured() {
  Built b = begun(2, 1, 1, {1, 1, 1});
  const Windows w = windows(1, 1, 0, 1);
  const int x = b.add(b.convolution(0, 1, w, 0), Adjustment::None, 0, 0, -1, true);
  const int y = b.add(b.convolution(x, 1, w, 1), Adjustment::None, 0, 0, x, true);
  check(b.program.capture(y) == 1 && b.program.capture(x) == 2, "two activations are to be shown");
  b.program.finish(b.add(b.convolution(y, 1, w, 2)));
  const Outcome of = ran(b.program, {3, -1}, {2, 4, 5}, {1, 1, 1000, 10000, 10, 100});
  same(of.logits, {150, 0, 30, 0, 6, 0}, "logits and what is shown behind them");
  same(of.gradient, {((5 + 1000) * 5 + 10) * 3, (5 + 1000) * 6, 30}, "their gradient");
}

/** A channel that no kept weight makes, or reads, is shown all the same. */
void capturedAlone() {
  Built b = begun(1, 1, 1, {0, 1, 1, 1, 0, 0, 1});
  const Windows w = windows(1, 1, 0, 1);
  const int x = b.add(b.convolution(0, 2, w, 0), Adjustment::Shift, 0, 2, -1, true);
  b.program.capture(x);
  b.program.finish(b.add(b.convolution(x, 1, w, 4), Adjustment::Shift, 0, 6));
  const Outcome of = ran(b.program, {3}, {2, 7, 1, 9}, {1, 10, 100});
  same(of.logits, {9, 7, 7}, "channels that nothing reads");
  same(of.gradient, {300, 10, 100, 1}, "the gradient of channels that nothing reads");
}

uint32_t state = 5;
float draw() {
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) / 8388608.0f - 1.0f;
}
Floats draws(size_t n) {
  Floats x(n);
  for (float& v : x) v = draw();
  return x;
}

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
Road convolution(int64_t batch, int height, int width, int channels, int outChannels, const Windows& w, double density) {
  const int64_t weights = (int64_t)outChannels * channels * w.kernelHeight * w.kernelWidth;
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
  const auto plain = [&](int source) { return program.addActivation(source, Adjustment::None, 0, 0, 0, -1, false); };
  const int scaled = plain(program.addConvolution(0, channels, pointwise, weights));
  const int layer = program.addConvolution(scaled, outChannels, w, 0);
  program.finish(plain(program.addGather(GatherKind::Flatten, plain(layer), windows(1, 1, 0, 1), 1, 0, true)));
  const Floats images = draws((size_t)program.imageFloats()), dy = draws((size_t)program.outputFloats());
  Doubles expected(dy.size()), slopes, towards((size_t)channels);
  for (int64_t i = 0; i < weights; i++) {
    if (!of.kept[(size_t)i]) continue;
    const int l = (int)(i % w.kernelWidth), k = (int)(i / w.kernelWidth % w.kernelHeight);
    const int c = (int)(i / (w.kernelWidth * w.kernelHeight) % channels);
    const int o = (int)(i / (w.kernelWidth * w.kernelHeight) / channels);
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
    }
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
        const int y = b.add(b.convolution(x, channels, w, weights), Adjustment::None, 0, 0, x, true);
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
  const auto plain = [&](int source) { return p.addActivation(source, Adjustment::None, 0, 0, 0, -1, false); };
  const auto normalized = [&](int source, int64_t at, int channels, int second, bool relu) {
    return p.addActivation(source, Adjustment::Normalize, at, at + channels, 1e-5, second, relu);
  };
  std::vector<int> shown;
  int x = normalized(p.addConvolution(0, narrow, windows(3, 1, 1, 9), 0), norms, narrow, -1, true);
  if (captures) shown.push_back(x);
  const int block = p.addConvolution(x, narrow, windows(3, 1, 1, 9), stem);
  x = normalized(block, norms + 2 * narrow, narrow, x, true);
  if (captures) shown.push_back(x);
  const int strided = p.addConvolution(x, wide, windows(3, 2, 1, 5), stem + conv);
  const int y = normalized(strided, norms + 4 * narrow, wide, -1, false);
  const int shortcut = p.addConvolution(x, wide, windows(1, 2, 0, 5), stem + conv + last);
  x = normalized(shortcut, norms + 4 * narrow + 2 * wide, wide, y, true);
  if (captures) shown.push_back(x);
  x = plain(p.addGather(GatherKind::Max, x, windows(3, 2, 1, 3), wide, 0, false));
  x = plain(p.addGather(GatherKind::Subsample, x, windows(1, 2, 0, 2), wide, 0, false));
  x = plain(p.addGather(GatherKind::Flatten, x, windows(1, 1, 0, 1), wide * 4, 0, false));
  const int logits = p.addConvolution(x, 5, windows(1, 1, 0, 1), stem + conv + last + side);
  for (const int a : shown) p.capture(a);
  p.finish(p.addActivation(logits, Adjustment::Shift, 0, norms + 4 * (narrow + wide), 0, -1, false));
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

void refusals() {
  const auto refused = [](const std::string& what, const std::function<void(Built&)>& f) {
    Built b = begun(2, 4, 2, std::vector<char>(60, 1));
    check(throws([&] { f(b); }), what + " is refused");
  };
  const Windows fits = windows(1, 1, 0, 4);
  refused("a convolution of no activation", [&](Built& b) { b.convolution(1, 1, fits, 0); });
  refused("one of a negative number", [&](Built& b) { b.convolution(-1, 1, fits, 0); });
  refused("pooling of no activation", [&](Built& b) { b.gather(GatherKind::Max, 7, fits); });
  refused("a window that begins behind the image", [&](Built& b) { b.convolution(0, 1, windows(1, 1, 0, 5), 0); });
  refused("a window in the padding alone", [&](Built& b) { b.convolution(0, 1, windows(2, 1, 2, 4), 0); });
  refused("pooling of padding alone", [&](Built& b) { b.gather(GatherKind::Max, 0, windows(2, 1, 2, 4)); });
  refused("no window", [&](Built& b) { b.convolution(0, 1, windows(1, 1, 0, 0), 0); });
  refused("a kernel with too many rows", [&](Built& b) {
    b.convolution(0, 1, {MOST_KERNEL_ROWS + 1, 1, 1, MOST_KERNEL_ROWS, 0, 0, 0, 4, 4}, 0);
  });
  refused("a weight beyond the parameters", [&](Built& b) { b.convolution(0, 1, fits, 59); });
  refused("more weights than parameters", [&](Built& b) { b.convolution(0, 31, fits, 0); });
  refused("channels that are fewer", [&](Built& b) {
    b.program.addGather(GatherKind::Subsample, 0, windows(1, 2, 0, 2), 1, 0, false);
  });
  refused("channels that do not hold the input's", [&](Built& b) {
    b.program.addGather(GatherKind::Subsample, 0, windows(1, 2, 0, 2), 3, 2, false);
  });
  check(throws([] {
          Program large(1, 1 << 16, 1 << 16, 1, {}, true);
          large.addGather(GatherKind::Flatten, 0, windows(1, 1, 0, 1), 1, 0, false);
        }),
        "features that no int counts are refused");
  refused("an activation of no layer", [&](Built& b) { b.add(1); });
  refused("a second activation of the images", [&](Built& b) { b.add(0); });
  refused("a shift beyond the parameters", [&](Built& b) {
    b.add(b.convolution(0, 2, fits, 0), Adjustment::Shift, 0, 59);
  });
  refused("a scale beyond the parameters", [&](Built& b) {
    b.add(b.convolution(0, 2, fits, 0), Adjustment::Normalize, 59, 0);
  });
  refused("a sum with no activation", [&](Built& b) { b.add(b.convolution(0, 2, fits, 0), Adjustment::None, 0, 0, 1); });
  refused("a sum with another number of channels", [&](Built& b) {
    b.add(b.convolution(0, 3, fits, 0), Adjustment::None, 0, 0, 0);
  });
  refused("a sum with other pixels", [&](Built& b) {
    b.add(b.convolution(0, 2, windows(1, 2, 0, 2), 0), Adjustment::None, 0, 0, 0);
  });
  refused("an activation that is added twice", [&](Built& b) {
    b.add(b.convolution(0, 2, fits, 0), Adjustment::None, 0, 0, 0);
    b.add(b.convolution(1, 2, fits, 0), Adjustment::None, 0, 0, 0);
  });
  refused("images for logits", [&](Built& b) { b.program.finish(0); });
  refused("an unknown number for logits", [&](Built& b) { b.program.finish(1); });
  refused("logits of several pixels", [&](Built& b) { b.program.finish(b.add(b.convolution(0, 1, fits, 0))); });
  refused("logits behind a ReLU", [&](Built& b) {
    b.program.finish(b.add(b.gather(GatherKind::Average, 0), Adjustment::None, 0, 0, -1, true));
  });
  refused("a layer that nothing reads", [&](Built& b) {
    const int logits = b.add(b.gather(GatherKind::Average, 0));
    b.add(b.convolution(0, 1, fits, 0));
    b.program.finish(logits);
  });
  const auto relued = [&](Built& b) { return b.add(b.convolution(0, 1, fits, 0), Adjustment::None, 0, 0, -1, true); };
  refused("an unknown activation to be shown", [](Built& b) { b.program.capture(7); });
  refused("images to be shown", [](Built& b) { b.program.capture(0); });
  refused("an activation to be shown twice", [&](Built& b) {
    const int shown = relued(b);
    for (int i = 0; i < 2; i++) b.program.capture(shown);
  });
  refused("what is shown and not read", [&](Built& b) {
    b.program.capture(relued(b));
    b.program.finish(b.add(b.gather(GatherKind::Average, 0)));
  });
  const auto finished = [](Built& b) {
    const int logits = b.add(b.gather(GatherKind::Average, 0));
    b.program.finish(logits);
    return logits;
  };
  refused("a convolution after the end", [&](Built& b) { finished(b), b.convolution(0, 1, fits, 0); });
  refused("pooling after the end", [&](Built& b) { finished(b), b.gather(GatherKind::Average, 0); });
  refused("an activation after the end", [&](Built& b) { finished(b), b.add(1); });
  refused("a road of no layer", [&](Built& b) { finished(b), b.program.roadOf(7); });
  refused("a road of pooling", [&](Built& b) { finished(b), b.program.roadOf(1); });
  refused("what is shown after the end", [&](Built& b) { finished(b), b.program.capture(1); });
  refused("a second end", [&](Built& b) { b.program.finish(finished(b)); });
}

}  // namespace

void checkPrograms() {
  pointwise();
  pruned();
  windowed();
  residual();
  normalized();
  pooled();
  captured();
  capturedAlone();
  capturedAsRead();
  flattened();
  subsampled();
  nothingKept();
  unread();
  unreadBetween();
  convolutions();
  roads();
  refusals();
  for (const bool captures : {false, true}) threadsAgree(captures);
}
