// Compiled once for each instruction set: WINNOW_ISA is its name, WINNOW_WIDTH its vectors' floats.
#include "convolution.h"
#include "elementwise.h"
#include "kernels.h"
#include "normalization.h"
#include "random.h"
#include "reductions.h"
#include "winograd.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

namespace winnow {

const Kernels* JOIN(kernels_, WINNOW_ISA)() {
  static const Kernels table = {
      TEXT(WINNOW_ISA), W, GROUP * W, unary, binary, compare, sum, sumOfSquares, addRows, softmax, taps, outer, outerThrees,
      winogradOf<2>(), winogradOf<4>(),
      addMoments, affine, addGradientMoments, combine, addCurvatureMoments, combineCurvature, relax, threefry,
  };
  return &table;
}

}  // namespace winnow
