#include <algorithm>
#include <cmath>
#include <vector>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "operations.h"

namespace winnow {
namespace {

/** Numbers in a block, which stays in the first cache while its channels are summed. */
constexpr int64_t BLOCK = 4096;
/** Blocks in a task, whose sums are added in order. */
constexpr int64_t BLOCKS = 8;

/** first and second [channels] = Σ over tasks of what add(rowBegin, rowEnd, first, second) adds up. */
template <class F>
void twoSums(int64_t rows, int channels, std::vector<double>& first, std::vector<double>& second, F add) {
  const int64_t blockRows = std::max<int64_t>(1, BLOCK / channels), taskRows = blockRows * BLOCKS;
  const int64_t tasks = (rows + taskRows - 1) / taskRows;
  Workspace space((size_t)(tasks * channels * 2) * sizeof(double));
  double* parts = space.as<double>();
  parallel(tasks, [&](int64_t task) {
    double* to = parts + task * channels * 2;
    std::fill_n(to, channels * 2, 0.0);
    const int64_t end = std::min(rows, (task + 1) * taskRows);
    for (int64_t r = task * taskRows; r < end; r += blockRows) add(r, std::min(end, r + blockRows), to, to + channels);
  });
  first.assign((size_t)channels, 0);
  second.assign((size_t)channels, 0);
  for (int64_t task = 0; task < tasks; task++)
    for (int c = 0; c < channels; c++) {
      first[(size_t)c] += parts[task * channels * 2 + c];
      second[(size_t)c] += parts[task * channels * 2 + channels + c];
    }
}

void addUp(const double* moments, int64_t parts, int channels, std::vector<double>& first, std::vector<double>& second) {
  first.assign((size_t)channels, 0);
  second.assign((size_t)channels, 0);
  for (int64_t part = 0; part < parts; part++, moments += 2 * channels)
    for (int c = 0; c < channels; c++) {
      first[(size_t)c] += moments[c];
      second[(size_t)c] += moments[channels + c];
    }
}

/** y = x · factor + offset, from what the forward pass hands to the gradient, so that both round alike. */
void affineOf(float mean, float inverse, float scale, float shift, float& factor, float& offset) {
  factor = inverse * scale;
  offset = (float)((double)shift - (double)mean * (double)factor);
}

int64_t rowsAtOnce(int channels) { return std::max<int64_t>(1, BLOCK * BLOCKS / channels); }

}  // namespace

void affine(const float* x, const float* factor, const float* offset, const float* residual, float* y, int64_t rows,
            int channels, bool relu) {
  parallelRanges(rows, rowsAtOnce(channels), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * channels;
    kernels().affine(y + at, x + at, residual ? residual + at : nullptr, end - begin, channels, factor, offset, relu);
  });
}

void normalize(const NormalizeInputs& in, float* y, float* mean, float* inverse, int64_t rows, int channels,
               double epsilon, bool relu, const double* moments, int64_t parts) {
  std::vector<double> sums, squares;
  if (moments) addUp(moments, parts, channels, sums, squares);
  else twoSums(rows, channels, sums, squares, [&](int64_t begin, int64_t end, double* s, double* q) {
    kernels().addMoments(in.x + begin * channels, end - begin, channels, s, q);
  });
  std::vector<float> factor((size_t)channels), offset((size_t)channels);
  for (int c = 0; c < channels; c++) {
    const double centre = sums[(size_t)c] / (double)rows;
    const double variance = squares[(size_t)c] / (double)rows - centre * centre;
    // Not std::max, which would turn NaN into 0.
    const double scale = 1 / std::sqrt((variance < 0 ? 0 : variance) + epsilon);
    mean[c] = (float)centre;
    inverse[c] = (float)scale;
    affineOf(mean[c], inverse[c], in.scale[c], in.shift[c], factor[(size_t)c], offset[(size_t)c]);
  }
  affine(in.x, factor.data(), offset.data(), in.residual, y, rows, channels, relu);
}

void normalizeGradient(const NormalizeGradientInputs& in, float* dx, float* dscale, float* dshift, float* dresidual,
                       int64_t rows, int channels, bool relu) {
  std::vector<double> sums, products;
  // Behind a ReLU without a residual, what y was follows from x, which is read anyway.
  std::vector<float> gateFactor((size_t)channels), gateOffset((size_t)channels);
  for (int c = 0; c < channels; c++)
    affineOf(in.mean[c], in.inverse[c], in.scale[c], in.shift[c], gateFactor[(size_t)c], gateOffset[(size_t)c]);
  const bool fromX = relu && !dresidual;
  const float* gate = relu && dresidual ? in.y : nullptr;
  const float* factorOfX = fromX ? gateFactor.data() : nullptr;
  twoSums(rows, channels, sums, products, [&](int64_t begin, int64_t end, double* s, double* p) {
    const int64_t at = begin * channels;
    kernels().addGradientMoments(dresidual ? dresidual + at : nullptr, in.dy + at, in.x + at, gate ? gate + at : nullptr,
                                 end - begin, channels, factorOfX, gateOffset.data(), in.mean, s, p);
  });
  std::vector<float> factor((size_t)channels), slope((size_t)channels), constant((size_t)channels);
  for (int c = 0; c < channels; c++) {
    const double inverse = in.inverse[c], f = in.scale[c] * inverse;
    const double s = -f * inverse * inverse * products[(size_t)c] / (double)rows;
    dshift[c] = (float)sums[(size_t)c];
    dscale[c] = (float)(products[(size_t)c] * inverse);
    factor[(size_t)c] = (float)f;
    slope[(size_t)c] = (float)s;
    constant[(size_t)c] = (float)(-f * sums[(size_t)c] / (double)rows - s * in.mean[c]);
  }
  const float* dz = dresidual ? dresidual : in.dy;
  parallelRanges(rows, rowsAtOnce(channels), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * channels;
    kernels().combine(dx + at, dz + at, in.x + at, end - begin, channels, factorOfX, gateOffset.data(), factor.data(),
                      slope.data(), constant.data());
  });
}

}  // namespace winnow
