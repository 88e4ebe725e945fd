// Networks as programs, small ones whose numbers are counted by hand.
#include <cmath>
#include <vector>

#include "built.h"
#include "checks.h"

using namespace winnow;
using Floats = std::vector<float>;

namespace {

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
  const int x = b.add(b.convolution(0, 1, w, 0), Adjustment::None, 0, 0, -1, Rectifier::Relu);
  const int y = b.add(b.convolution(x, 1, w, 1), Adjustment::None, 0, 0, x);
  b.program.finish(b.add(b.convolution(y, 1, w, 2)));
  const Outcome of = ran(b.program, {3, -1}, {2, 4, 5}, {1, 1});
  same(of.logits, {5 * (4 * 6 + 6), 0}, "a residual sum");
  same(of.gradient, {5 * (4 + 1) * 3, 5 * 6, 30}, "its gradient");
}

/** x = relu6(a · image), y = b · x + x, logits = c · y: a = 2, b = 4, c = 5. At 6 it is closed, as in PyTorch. */
void bounded() {
  Built b = begun(4, 1, 1, {1, 1, 1});
  const Windows w = windows(1, 1, 0, 1);
  const int x = b.add(b.convolution(0, 1, w, 0), Adjustment::None, 0, 0, -1, Rectifier::Relu6);
  const int y = b.add(b.convolution(x, 1, w, 1), Adjustment::None, 0, 0, x);
  b.program.finish(b.add(b.convolution(y, 1, w, 2)));
  const Outcome of = ran(b.program, {-1, 1.5f, 3, 5}, {2, 4, 5}, {1, 10, 100, 1000});
  same(of.logits, {0, 75, 150, 150}, "a bounded ReLU");
  same(of.gradient, {10 * 5 * (4 + 1) * 1.5f, 5 * (30 + 600 + 6000), 150 + 3000 + 30000}, "its gradient");
  const Outcome at = ran(b.program, {NAN, INFINITY, -INFINITY, 1}, {2, 4, 5}, {0, 0, 0, 1});
  check(std::isnan(at.logits[0]), "a bounded ReLU leaves NaN as it is");
  same({at.logits.begin() + 1, at.logits.end()}, {150, 0, 50}, "a bounded ReLU of infinities");
}

/** Two groups of one channel each, two outputs each, of which one weight is pruned. */
void grouped() {
  Built b = begun(2, 1, 2, {1, 0, 1, 1});
  b.program.finish(b.add(b.convolution(0, 4, windows(1, 1, 0, 1), 0, 2)));
  const Outcome of = ran(b.program, {5, 1, -1, 2}, {2, 3, 4}, {1, 1, 1, 1, 10, 10, 10, 10});
  same(of.logits, {10, 0, 3, 4, -2, 0, 6, 8}, "groups of channels");
  same(of.gradient, {5 - 10, 1 + 20, 1 + 20}, "their gradient");
}

void normalized() {
  // 1 and 3 have mean 2 and variance 1; with ε = 3 they become ∓½.
  const Windows w = windows(1, 1, 0, 1);
  Built b = begun(2, 1, 1, {1, 1, 1, 1});
  const int z = b.add(b.convolution(0, 1, w, 0), Adjustment::Normalize, 1, 2, -1, Rectifier::None, 3);
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
  const int x = b.add(b.convolution(0, 2, windows(1, 1, 0, 4), 0), Adjustment::None, 0, 0, -1, Rectifier::Relu);
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
    const int x = b.add(b.convolution(0, channels, windows(side, 1, side / 2, 8), 0), Adjustment::Shift, 0, weights, -1, Rectifier::Relu);
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
    const int x = b.add(b.convolution(0, channels, windows(1, 1, 0, 8), 0), Adjustment::None, 0, 0, -1, Rectifier::Relu);
    const int middle = b.add(b.convolution(x, channels, w, channels * channels), Adjustment::None, 0, 0, -1, Rectifier::Relu);
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
  const int x = b.add(b.convolution(0, 1, w, 0), Adjustment::None, 0, 0, -1, Rectifier::Relu);
  const int y = b.add(b.convolution(x, 1, w, 1), Adjustment::None, 0, 0, x, Rectifier::Relu);
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
  const int x = b.add(b.convolution(0, 2, w, 0), Adjustment::Shift, 0, 2, -1, Rectifier::Relu);
  b.program.capture(x);
  b.program.finish(b.add(b.convolution(x, 1, w, 4), Adjustment::Shift, 0, 6));
  const Outcome of = ran(b.program, {3}, {2, 7, 1, 9}, {1, 10, 100});
  same(of.logits, {9, 7, 7}, "channels that nothing reads");
  same(of.gradient, {300, 10, 100, 1}, "the gradient of channels that nothing reads");
}

}  // namespace

void checkPrograms() {
  pointwise();
  pruned();
  windowed();
  residual();
  bounded();
  grouped();
  normalized();
  pooled();
  captured();
  capturedAlone();
  flattened();
  subsampled();
  nothingKept();
  unread();
  unreadBetween();
  checkDrawnPrograms();
  checkRefusedPrograms();
}
