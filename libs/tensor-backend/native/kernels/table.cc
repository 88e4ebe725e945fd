// Compiled once for each instruction set: WINNOW_ISA is its name, WINNOW_WIDTH its vectors' floats.
#include "convolution.h"
#include "elementwise.h"
#include "gather.h"
#include "kernels.h"
#include "normalization.h"
#include "random.h"
#include "reductions.h"
#include "sparse-backward.h"
#include "sparse-forward.h"
#include "winograd.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

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
              .forwardScratch = forwardScratch,
              .backwardScratch = backwardScratch,
              .gatherScratch = gatherScratch,
              .forwardSlots = forwardSlots,
              .backwardSlots = backwardSlots,
              .sparseForward = sparseForward,
              .sparseBackward = sparseBackward,
              .gatherForward = gatherForward,
              .gatherBackward = gatherBackward,
          },
  };
  return &table;
}

}  // namespace winnow
