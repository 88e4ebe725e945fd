#include "geometry.h"

#include <algorithm>
#include <cstdlib>

namespace winnow {
namespace {

/** Pixels that windows may reach beyond any proportion to the images: convolutions lay rows out with their padding. */
constexpr int64_t BEYOND = 4096;
constexpr int64_t PROPORTION = 16;

int64_t atLeastOne(int64_t n) { return std::max<int64_t>(n, 1); }

}  // namespace

void Geometry::fields(Arguments& call) {
  call.size(NAMED(batch));
  call.length(NAMED(height));
  call.length(NAMED(width));
  call.integer(NAMED(channels), 0, Arguments::MOST_CHANNELS);
  call.length(NAMED(filterHeight));
  call.length(NAMED(filterWidth));
  call.length(NAMED(outHeight));
  call.length(NAMED(outWidth));
  call.integer(NAMED(outChannels), 0, Arguments::MOST_CHANNELS);
  call.integer(NAMED(strideHeight), 1, Arguments::LONGEST);
  call.integer(NAMED(strideWidth), 1, Arguments::LONGEST);
  call.integer(NAMED(dilationHeight), 1, Arguments::LONGEST);
  call.integer(NAMED(dilationWidth), 1, Arguments::LONGEST);
  call.integer(NAMED(padTop), -Arguments::LONGEST, Arguments::LONGEST);
  call.integer(NAMED(padLeft), -Arguments::LONGEST, Arguments::LONGEST);

  const int64_t deepest = std::max({channels, outChannels, int64_t{1}});
  // Kernels count what a window holds in an int.
  const int64_t taps = atLeastOne(filterHeight) * atLeastOne(filterWidth);
  if (taps > Arguments::LONGEST / deepest || taps * atLeastOne(channels) > Arguments::LARGEST / atLeastOne(outChannels))
    refuse("filterWidth", "makes, with filterHeight and the channels, a window of too many numbers");
  const int64_t rows = height + std::abs(padTop) + outHeight * strideHeight + filterHeight * dilationHeight;
  const int64_t columns = width + std::abs(padLeft) + outWidth * strideWidth + filterWidth * dilationWidth;
  if (rows > BEYOND + PROPORTION * (height + outHeight + filterHeight))
    refuse("outHeight", "makes, with strides, dilations and padding, windows that reach too far");
  if (columns > BEYOND + PROPORTION * (width + outWidth + filterWidth))
    refuse("outWidth", "makes, with strides, dilations and padding, windows that reach too far");
  int64_t room = Arguments::LARGEST;
  for (const int64_t n : {batch, rows, columns, deepest}) room /= atLeastOne(n);
  if (room == 0) refuse("batch", "makes images that are, with their padding, too large together");
}

}  // namespace winnow
