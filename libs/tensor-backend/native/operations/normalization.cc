#include "normalization.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "../kernels/kernels.h"

namespace winnow {
namespace {

/** Numbers in a block, which stays in the first cache while its channels are summed. */
constexpr int64_t BLOCK = 4096;
/** Blocks in a task, whose sums are added in order. */
constexpr int64_t BLOCKS = 8;

/** SUMS vectors of channels: Σ over tasks of what add(rowBegin, rowEnd, sums [SUMS][channels]) adds up. */
template <int SUMS, class F>
std::array<std::vector<double>, SUMS> channelSums(int64_t rows, int channels, F add) {
  const int64_t blockRows = std::max<int64_t>(1, BLOCK / channels), taskRows = blockRows * BLOCKS;
  const int64_t tasks = (rows + taskRows - 1) / taskRows, size = (int64_t)SUMS * channels;
  Workspace space((size_t)(tasks * size) * sizeof(double));
  double* parts = space.as<double>();
  parallel(tasks, [&](int64_t task) {
    double* to = parts + task * size;
    std::fill_n(to, size, 0.0);
    const int64_t end = std::min(rows, (task + 1) * taskRows);
    for (int64_t r = task * taskRows; r < end; r += blockRows) add(r, std::min(end, r + blockRows), to);
  });
  std::array<std::vector<double>, SUMS> sums;
  for (int k = 0; k < SUMS; k++) {
    sums[(size_t)k].assign((size_t)channels, 0);
    for (int64_t task = 0; task < tasks; task++)
      for (int c = 0; c < channels; c++) sums[(size_t)k][(size_t)c] += parts[task * size + k * channels + c];
  }
  return sums;
}

std::array<std::vector<double>, 2> addUp(const double* moments, int64_t parts, int channels) {
  std::vector<double> first((size_t)channels), second((size_t)channels);
  for (int64_t part = 0; part < parts; part++, moments += 2 * channels)
    for (int c = 0; c < channels; c++) {
      first[(size_t)c] += moments[c];
      second[(size_t)c] += moments[channels + c];
    }
  return {first, second};
}

/** y = x · factor + offset, from what the forward pass hands to the gradient, so that both round alike. */
void affineOf(float mean, float inverse, float scale, float shift, float& factor, float& offset) {
  factor = inverse * scale;
  offset = (float)((double)shift - (double)mean * (double)factor);
}

std::array<std::vector<float>, 2> affineOf(const Normalized& in, int channels) {
  std::vector<float> factor((size_t)channels), offset((size_t)channels);
  for (int c = 0; c < channels; c++)
    affineOf(in.mean[c], in.inverse[c], in.scale[c], in.shift[c], factor[(size_t)c], offset[(size_t)c]);
  return {factor, offset};
}

int64_t rowsAtOnce(int channels) { return std::max<int64_t>(1, BLOCK * BLOCKS / channels); }

}  // namespace

void affine(const AffineArguments& work) {
  parallelRanges(work.rows, rowsAtOnce(work.channels), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * work.channels;
    kernels().affine({.x = work.x + at,
                      .factor = work.factor,
                      .offset = work.offset,
                      .residual = work.residual ? work.residual + at : nullptr,
                      .y = work.y + at,
                      .rows = end - begin,
                      .channels = work.channels,
                      .relu = work.relu});
  });
}

void normalize(const NormalizeArguments& in) {
  const int64_t rows = in.rows;
  const int channels = in.channels;
  const auto [sums, squares] =
      in.moments ? addUp(in.moments, in.parts, channels)
              : channelSums<2>(rows, channels, [&](int64_t begin, int64_t end, double* to) {
                  kernels().addMoments(in.x + begin * channels, end - begin, channels, to, to + channels);
                });
  std::vector<float> factor((size_t)channels), offset((size_t)channels);
  for (int c = 0; c < channels; c++) {
    const double centre = sums[(size_t)c] / (double)rows;
    const double variance = squares[(size_t)c] / (double)rows - centre * centre;
    // Not std::max, which would turn NaN into 0.
    const double scale = 1 / std::sqrt((variance < 0 ? 0 : variance) + in.epsilon);
    in.mean[c] = (float)centre;
    in.inverse[c] = (float)scale;
    affineOf(in.mean[c], in.inverse[c], in.scale[c], in.shift[c], factor[(size_t)c], offset[(size_t)c]);
  }
  affine({.x = in.x,
          .factor = factor.data(),
          .offset = offset.data(),
          .residual = in.residual,
          .y = in.y,
          .rows = rows,
          .channels = channels,
          .relu = in.relu});
}

void normalizeGradient(const NormalizeGradientArguments& work) {
  const Normalized& in = work.of;
  float* dresidual = work.dresidual;
  const int64_t rows = work.rows;
  const int channels = work.channels;
  const bool relu = work.relu;
  // Behind a ReLU without a residual, what y was follows from x, which is read anyway.
  const auto [gateFactor, gateOffset] = affineOf(in, channels);
  const bool fromX = relu && !dresidual;
  const float* gate = relu && dresidual ? in.y : nullptr;
  const float *factorOfX = fromX ? gateFactor.data() : nullptr, *offsetOfX = gateOffset.data();
  const auto [sums, products] = channelSums<2>(rows, channels, [&](int64_t begin, int64_t end, double* to) {
    const int64_t at = begin * channels;
    kernels().addGradientMoments({.dz = dresidual ? dresidual + at : nullptr,
                                  .dy = in.dy + at,
                                  .x = in.x + at,
                                  .y = gate ? gate + at : nullptr,
                                  .rows = end - begin,
                                  .channels = channels,
                                  .gateFactor = factorOfX,
                                  .gateOffset = offsetOfX,
                                  .mean = in.mean,
                                  .sums = to,
                                  .products = to + channels});
  });
  std::vector<float> factor((size_t)channels), slope((size_t)channels), constant((size_t)channels);
  for (int c = 0; c < channels; c++) {
    const double inverse = in.inverse[c], f = in.scale[c] * inverse;
    const double s = -f * inverse * inverse * products[(size_t)c] / (double)rows;
    work.dshift[c] = (float)sums[(size_t)c];
    work.dscale[c] = (float)(products[(size_t)c] * inverse);
    factor[(size_t)c] = (float)f;
    slope[(size_t)c] = (float)s;
    constant[(size_t)c] = (float)(-f * sums[(size_t)c] / (double)rows - s * in.mean[c]);
  }
  const float* dz = dresidual ? dresidual : in.dy;
  parallelRanges(rows, rowsAtOnce(channels), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * channels;
    kernels().combine({.dx = work.dx + at,
                       .dy = dz + at,
                       .x = in.x + at,
                       .rows = end - begin,
                       .channels = channels,
                       .gateFactor = factorOfX,
                       .gateOffset = offsetOfX,
                       .factor = factor.data(),
                       .slope = slope.data(),
                       .constant = constant.data()});
  });
}

void normalizeGradientGradient(const NormalizeGradientGradientArguments& work) {
  const Normalized& in = work.of;
  const int64_t rows = work.rows;
  const int channels = work.channels;
  const bool relu = work.relu;
  const auto [gateFactor, gateOffset] = affineOf(in, channels);
  const bool residual = work.ddresidual != nullptr, fromX = relu && !residual;
  const float *factorOfX = fromX ? gateFactor.data() : nullptr, *offsetOfX = gateOffset.data();
  const auto from = [&](int64_t row) -> CurvatureInputs {
    const int64_t at = row * channels;
    return {.dy = in.dy + at,
            .x = in.x + at,
            .y = relu && residual ? in.y + at : nullptr,
            .a = work.ddx + at,
            .e = residual ? work.ddresidual + at : nullptr,
            .gateFactor = factorOfX,
            .gateOffset = offsetOfX};
  };
  const auto [sumA, sumAx, sumZ, sumZx, sumAz] =
      channelSums<5>(rows, channels, [&](int64_t begin, int64_t end, double* to) {
        kernels().addCurvatureMoments(from(begin), end - begin, channels, in.mean, to);
      });
  std::vector<float> f((size_t)channels), crossed(f), dyConstant(f), xOfDdx(f), xOfX(f), xConstant(f);
  const double n = (double)rows;
  for (size_t c = 0; c < (size_t)channels; c++) {
    const double v = in.inverse[c], factor = in.scale[c] * v, b = work.ddscale[c];
    const double meanA = sumA[c] / n, meanZ = sumZ[c] / n, A = v * sumAx[c] / n, P = v * sumZx[c] / n;
    const double D = sumAz[c] - n * (meanA * meanZ + A * P);
    const double cross = v * (b - factor * A);
    const double ofX = -v * v * ((b - 2 * factor * A) * P + factor * D / n);
    f[c] = (float)factor;
    crossed[c] = (float)cross;
    dyConstant[c] = (float)(work.ddshift[c] - factor * meanA - in.mean[c] * cross);
    xOfDdx[c] = (float)(-v * factor * P);
    xOfX[c] = (float)ofX;
    xConstant[c] = (float)(v * (factor * (P * meanA + A * meanZ) - b * meanZ) - in.mean[c] * ofX);
    work.towardsScale[c] = (float)(v * D);
  }
  parallelRanges(rows, rowsAtOnce(channels), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * channels;
    kernels().combineCurvature(work.towardsDy + at, work.towardsX + at, from(begin), end - begin, channels,
                               {.f = f.data(),
                                .crossed = crossed.data(),
                                .dyConstant = dyConstant.data(),
                                .xOfDdx = xOfDdx.data(),
                                .xOfX = xOfX.data(),
                                .xConstant = xConstant.data()});
  });
}

}  // namespace winnow
