#include "built.h"

#include <cmath>

#include "checks.h"

using namespace winnow;
using Floats = std::vector<float>;

Outcome ran(const Program& program, const Floats& images, const Floats& parameters, const Floats& dlogits,
            const Floats& means, const Floats& variances) {
  Floats tape((size_t)program.tapeFloats(), NAN);
  Outcome of{Floats((size_t)program.outputFloats(), NAN), Floats((size_t)program.parameters(), NAN)};
  program.run(images.data(), parameters.data(), means.empty() ? nullptr : means.data(),
              variances.empty() ? nullptr : variances.data(), tape.data(), of.logits.data());
  if (means.empty()) program.gradient(tape.data(), parameters.data(), dlogits.data(), of.gradient.data());
  return of;
}

void same(const Floats& actual, const Floats& expected, const std::string& what, float tolerance) {
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

Built begun(int64_t batch, int side, int channels, const std::vector<char>& kept) {
  return {Program(batch, side, side, channels, kept, true)};
}
