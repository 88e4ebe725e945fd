#include "reductions.h"

#include <algorithm>
#include <vector>

#include "../engine/buffers.h"
#include "../engine/threads.h"

namespace winnow {
namespace {

constexpr int64_t GRAIN = 32768;

/** A row longer than a grain is cut, and its parts are added in order. */
void sumRows(const float* x, float* y, int64_t outer, int64_t count, double divisor) {
  const int64_t pieces = std::max<int64_t>(1, (count + GRAIN - 1) / GRAIN);
  if (pieces == 1) {
    parallelRanges(outer, std::max<int64_t>(1, GRAIN / std::max<int64_t>(count, 1)), [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) y[o] = (float)(kernels().sum(x + o * count, count) / divisor);
    });
    return;
  }
  std::vector<double> parts((size_t)(outer * pieces));
  parallel(outer * pieces, [&](int64_t task) {
    const int64_t begin = task % pieces * GRAIN;
    parts[(size_t)task] = kernels().sum(x + task / pieces * count + begin, std::min(GRAIN, count - begin));
  });
  for (int64_t o = 0; o < outer; o++) {
    double sum = 0;
    for (int64_t p = 0; p < pieces; p++) sum += parts[(size_t)(o * pieces + p)];
    y[o] = (float)(sum / divisor);
  }
}

void sumColumns(const float* x, float* y, int64_t outer, int64_t count, int64_t inner, double divisor) {
  const int64_t rows = std::max<int64_t>(1, GRAIN / inner);
  const int64_t pieces = std::max<int64_t>(1, (count + rows - 1) / rows);
  Workspace parts((size_t)(outer * pieces * inner) * sizeof(double));
  double* sums = parts.as<double>();
  parallel(outer * pieces, [&](int64_t task) {
    double* to = sums + task * inner;
    std::fill(to, to + inner, 0.0);
    const int64_t begin = task % pieces * rows;
    kernels().addRows(x + (task / pieces * count + begin) * inner, std::min(rows, count - begin), inner, to);
  });
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i++) {
      double sum = 0;
      for (int64_t p = 0; p < pieces; p++) sum += sums[(o * pieces + p) * inner + i];
      y[o * inner + i] = (float)(sum / divisor);
    }
}

[[noreturn]] void noExtremum() { refuse("count", "is 0, and no numbers have no extremum"); }

}  // namespace

void reduce(const ReduceArguments& work) {
  const Reduction op = work.op;
  const float* x = work.x;
  float* y = work.y;
  const int64_t outer = work.outer, count = work.count, inner = work.inner;
  if (count == 0 && op != Reduction::Sum && op != Reduction::Mean && op != Reduction::Prod) noExtremum();
  if (outer * inner == 0) return;
  if (op == Reduction::Sum || op == Reduction::Mean) {
    const double divisor = op == Reduction::Mean ? (double)count : 1.0;
    if (inner == 1) sumRows(x, y, outer, count, divisor);
    else sumColumns(x, y, outer, count, inner, divisor);
    return;
  }
  parallelRanges(outer * inner, std::max<int64_t>(1, GRAIN / std::max<int64_t>(count, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; at++) {
      const float* from = x + at / inner * count * inner + at % inner;
      if (op == Reduction::Prod) {
        double product = 1;
        for (int64_t k = 0; k < count; k++) product *= from[k * inner];
        y[at] = (float)product;
        continue;
      }
      float best = from[0];
      for (int64_t k = 0; k < count; k++) {
        const float v = from[k * inner];
        if (v != v) {
          best = v;
          break;
        }
        if (op == Reduction::Max ? v > best : v < best) best = v;
      }
      y[at] = best;
    }
  });
}

void argExtremum(const ArgExtremumArguments& work) {
  const bool largest = work.largest;
  const float* x = work.x;
  int32_t* y = work.y;
  const int64_t outer = work.outer, count = work.count, inner = work.inner;
  if (count == 0) noExtremum();
  parallelRanges(outer * inner, std::max<int64_t>(1, GRAIN / std::max<int64_t>(count, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; at++) {
      const float* from = x + at / inner * count * inner + at % inner;
      int64_t best = 0;
      for (int64_t k = 1; k < count; k++)
        if (largest ? from[k * inner] > from[best * inner] : from[k * inner] < from[best * inner]) best = k;
      y[at] = (int32_t)best;
    }
  });
}

void softmax(const SoftmaxArguments& work) {
  const int64_t columns = work.columns;
  if (columns == 0) return;
  parallelRanges(work.rows, std::max<int64_t>(1, GRAIN / columns), [&](int64_t begin, int64_t end) {
    kernels().softmax(work.x + begin * columns, work.y + begin * columns, end - begin, columns, work.logarithmic);
  });
}

double sumOfSquares(const float* x, int64_t n) {
  std::vector<double> parts((size_t)((n + GRAIN - 1) / GRAIN));
  parallelRanges(n, GRAIN, [&](int64_t begin, int64_t end) {
    parts[(size_t)(begin / GRAIN)] = kernels().sumOfSquares(x + begin, end - begin);
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

}  // namespace winnow
