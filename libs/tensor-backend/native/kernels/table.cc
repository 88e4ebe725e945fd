// Compiled once for each instruction set: WINNOW_ISA is its name, WINNOW_WIDTH its vectors' floats.
#include "capture.h"
#include "convolution.h"
#include "dense-backward.h"
#include "elementwise.h"
#include "forward-pass.h"
#include "gather.h"
#include "kept-backward.h"
#include "kernels.h"
#include "normalization.h"
#include "random.h"
#include "reductions.h"
#include "winograd.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

namespace {

int64_t backwardScratch(const winnow::BackwardPass& p) {
  return p.road == winnow::Road::Kept ? keptBackwardScratch(p) : denseBackwardScratch(p);
}

}  // namespace

namespace winnow {

const Kernels* JOIN(kernels_, WINNOW_ISA)() {
  static const Kernels table = {
      .name = TEXT(WINNOW_ISA),
      .width = W,
      .groupWidth = GROUP * W,
      .unary = unary,
      .binary = binary,
      .compare = compare,
      .sum = sum,
      .sumOfSquares = sumOfSquares,
      .addRows = addRows,
      .softmax = softmax,
      .taps = taps,
      .outer = outer,
      .outerThrees = outerThrees,
      .winograd2 = winogradOf<2>(),
      .winograd4 = winogradOf<4>(),
      .addMoments = addMoments,
      .affine = affine,
      .addGradientMoments = addGradientMoments,
      .combine = combine,
      .addCurvatureMoments = addCurvatureMoments,
      .combineCurvature = combineCurvature,
      .relax = relax,
      .threefry = threefry,
      .program =
          {
              .denseChannels = DENSE_CHANNELS,
              .winogradWeights = winogradWeights<WINOGRAD_SIDE>,
              .forwardScratch = forwardScratch,
              .backwardScratch = backwardScratch,
              .gatherScratch = gatherScratch,
              .captureScratch = captureScratch,
              .weightSumFloats = weightSumFloats,
              .weightGradient = weightGradient,
              .forwardSlots = forwardSlots,
              .backwardSlots = backwardSlots,
              .forwardPass = forwardPass,
              .denseBackward = denseBackward,
              .keptBackward = keptBackward,
              .gatherForward = gatherForward,
              .gatherBackward = gatherBackward,
              .captureForward = captureForward,
              .captureBackward = captureBackward,
          },
  };
  return &table;
}

}  // namespace winnow
