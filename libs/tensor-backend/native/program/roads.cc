// Which road each convolution of a program takes: a fixed rule, fitted to measurements (docs/performance.md), so that a
// network is computed alike whenever it is.
#include <algorithm>

#include "../engine/failure.h"
#include "program.h"
#include "../kernels/round-up.h"

namespace winnow {
namespace {

/**
 * Of a convolution's weights: with more than so many kept it is faster by all of them. Both roads took as long, by AVX-512
 * and AVX2, in layers of ResNet-20, VGG-16 and ResNet-50, with 0.32 to 0.69 of 1×1 kernels kept, 0.20 to 0.55 of others, and
 * 0.16 to 0.41 of those that Winograd's algorithm is for: the more the fewer channels they have, so that this one is times
 * `productCost`.
 */
constexpr double MOST_KEPT = 0.33, MOST_KEPT_POINTWISE = 0.48, MOST_KEPT_WINOGRAD = 0.13;

/** Inputs of a group at most, however many of its weights are kept. */
constexpr int MOST_OF_GROUP = 1;

/** What a product of a transform's position costs beside one of the direct algorithm, transforms of tiles included. */
double productCost(int ins, int outs) { return 1.3 + 20.0 / std::min(ins, outs); }

/** What reading a position's weight costs, in products. */
constexpr double WEIGHT_COST = 3;

}  // namespace

void Program::chooseRoads() {
  for (Source& source : sources_) {
    if (source.kind != SourceKind::Convolution) continue;
    const Windows& w = source.windows;
    const int64_t area = (int64_t)w.kernelHeight * w.kernelWidth,
                  weights = area * source.channels * (source.inputs / source.groups);
    source.keptInAll = ranks_.keptOf(source.weight, weights);
    // It does not ask for the number of images: that changes the algorithm alone.
    if (source.groups > 1) {
      // No road by all weights knows groups; the one by kept weights is as fast where an output has few of them.
      if (source.inputs / source.groups > MOST_OF_GROUP && (double)source.keptInAll > MOST_KEPT * (double)weights)
        throw Unfit("groups of channels keep much");
      continue;
    }
    const bool winograd = w.kernelHeight == 3 && w.kernelWidth == 3 && w.stride == 1;
    const double most = winograd ? std::min(MOST_KEPT, MOST_KEPT_WINOGRAD * productCost(source.inputs, source.channels))
                        : area == 1 ? MOST_KEPT_POINTWISE : MOST_KEPT;
    if (w.kernelWidth <= MOST_DENSE_COLUMNS && (double)source.keptInAll > most * (double)weights)
      source.road = winograd && winogradIsFaster(source) ? Road::Winograd : Road::Dense;
  }
}

Road Program::roadOf(int64_t layer) const {
  if (layer < 0 || layer >= (int64_t)sources_.size() || sources_[(size_t)layer].kind != SourceKind::Convolution)
    throw Failure("it is no convolution of the program");
  return sources_[(size_t)layer].road;
}

bool Program::winogradIsFaster(const Source& source) const {
  const Windows& w = source.windows;
  const int64_t vectors = roundUp((int64_t)w.outWidth * examples_, width_) / width_;
  const int64_t tiles = (w.outHeight + 3) / 4 * ((vectors + 3) / 4);
  const double cost = (double)tiles * productCost(source.inputs, source.channels) + WEIGHT_COST;
  return 36 * cost < 9.0 * (double)(w.outHeight * vectors);
}

}  // namespace winnow
