// What a program cannot be made of.
#include <functional>
#include <string>
#include <vector>

#include "built.h"
#include "checks.h"

using namespace winnow;

void checkRefusedPrograms() {
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
  check(throws([] {
          Program wide(1, 1, 1, 1 << 17, std::vector<char>(1 << 17, 1), true);
          wide.addConvolution(0, 1, 1, windows(1, 1 << 15, 0, 1), 0);
        }),
        "strides of channels that no int counts are refused");
  refused("groups that do not divide the outputs", [&](Built& b) { b.convolution(0, 3, fits, 0, 2); });
  refused("groups that do not divide the inputs", [&](Built& b) { b.convolution(0, 3, fits, 0, 3); });
  refused("groups of which much is kept", [](Built& b) {
    const int x = b.add(b.convolution(0, 4, windows(1, 1, 0, 4), 0));
    const int y = b.add(b.convolution(x, 2, windows(1, 1, 0, 4), 8, 2));
    b.program.finish(b.add(b.gather(GatherKind::Average, y)));
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
    b.program.finish(b.add(b.gather(GatherKind::Average, 0), Adjustment::None, 0, 0, -1, Rectifier::Relu));
  });
  refused("a layer that nothing reads", [&](Built& b) {
    const int logits = b.add(b.gather(GatherKind::Average, 0));
    b.add(b.convolution(0, 1, fits, 0));
    b.program.finish(logits);
  });
  const auto relued = [&](Built& b) { return b.add(b.convolution(0, 1, fits, 0), Adjustment::None, 0, 0, -1, Rectifier::Relu); };
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
