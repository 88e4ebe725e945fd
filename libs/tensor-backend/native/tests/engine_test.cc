// Checks the engine against plain loops in double precision: every instruction set that this processor has, shapes that
// fit no vector, and the same bits for any number of threads; then what the pool of threads and the memory do in trouble.
// Ends with `N checks, N failed`.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "../operations/convolution.h"
#include "../operations/elementwise.h"
#include "../operations/gathering.h"
#include "../operations/movement.h"
#include "../operations/normalization.h"
#include "../operations/optimisers.h"
#include "../operations/packing.h"
#include "../operations/products.h"
#include "../operations/random.h"
#include "../operations/reductions.h"
#include "../operations/winograd.h"
#include "checks.h"
#include "draws.h"

using namespace winnow;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

namespace {

struct Case {
  int64_t batch, height, width, channels, filter, outChannels, stride, dilation, padding;
};

Geometry geometryOf(const Case& c) {
  const auto out = [&](int64_t size) { return (size + 2 * c.padding - (c.filter - 1) * c.dilation - 1) / c.stride + 1; };
  return {.batch = c.batch,
          .height = c.height,
          .width = c.width,
          .channels = c.channels,
          .filterHeight = c.filter,
          .filterWidth = c.filter,
          .outHeight = out(c.height),
          .outWidth = out(c.width),
          .outChannels = c.outChannels,
          .strideHeight = c.stride,
          .strideWidth = c.stride,
          .dilationHeight = c.dilation,
          .dilationWidth = c.dilation,
          .padTop = c.padding,
          .padLeft = c.padding};
}

/** Calls visit(x, filter, y) with the indices of every product of a convolution. */
template <class F>
void forProducts(const Geometry& g, F visit) {
  for (int64_t n = 0; n < g.batch; n++)
    for (int64_t oh = 0; oh < g.outHeight; oh++)
      for (int64_t ow = 0; ow < g.outWidth; ow++)
        for (int64_t kh = 0; kh < g.filterHeight; kh++)
          for (int64_t kw = 0; kw < g.filterWidth; kw++) {
            const int64_t h = oh * g.strideHeight + kh * g.dilationHeight - g.padTop;
            const int64_t w = ow * g.strideWidth + kw * g.dilationWidth - g.padLeft;
            if (h < 0 || h >= g.height || w < 0 || w >= g.width) continue;
            for (int64_t c = 0; c < g.channels; c++)
              for (int64_t o = 0; o < g.outChannels; o++)
                visit(((n * g.height + h) * g.width + w) * g.channels + c,
                      ((kh * g.filterWidth + kw) * g.channels + c) * g.outChannels + o,
                      ((n * g.outHeight + oh) * g.outWidth + ow) * g.outChannels + o);
          }
}

void convolutions() {
  const std::vector<Case> cases = {
      {1, 1, 1, 1, 1, 1, 1, 1, 0},    {1, 1, 1, 3, 3, 5, 1, 1, 1},    {2, 5, 7, 3, 3, 16, 1, 1, 1},
      {1, 9, 9, 16, 3, 33, 2, 1, 1},  {3, 8, 8, 32, 3, 32, 1, 1, 1},  {2, 7, 5, 33, 3, 40, 1, 1, 1},
      {2, 2, 2, 64, 3, 48, 1, 1, 1},  {5, 6, 6, 17, 1, 19, 2, 1, 0},  {1, 11, 9, 5, 3, 7, 1, 2, 2},
      {2, 12, 12, 6, 5, 9, 3, 1, 2},  {1, 7, 7, 3, 7, 4, 2, 1, 3},    {17, 4, 4, 40, 3, 130, 1, 1, 1},
      {2, 5, 5, 130, 3, 140, 1, 1, 1}, {1, 3, 40, 16, 3, 16, 1, 1, 0}, {2, 6, 6, 32, 3, 64, 2, 1, 1},
      {40, 9, 7, 33, 3, 34, 1, 1, 1}, {20, 2, 32, 36, 3, 40, 1, 1, 1}, {9, 20, 21, 16, 3, 24, 1, 1, 1},
  };
  for (const Case& c : cases) {
    const Geometry g = geometryOf(c);
    char name[120];
    std::snprintf(name, sizeof name, "%lld×%lld×%lld×%lld filter %lld to %lld, stride %lld, dilation %lld, padding %lld",
                  (long long)c.batch, (long long)c.height, (long long)c.width, (long long)c.channels,
                  (long long)c.filter, (long long)c.outChannels, (long long)c.stride, (long long)c.dilation,
                  (long long)c.padding);
    const Floats x = draws(g.batch * g.height * g.width * g.channels);
    const Floats f = draws(g.filterHeight * g.filterWidth * g.channels * g.outChannels);
    const Floats dy = draws(g.batch * g.outHeight * g.outWidth * g.outChannels);
    Doubles y(dy.size()), dx(x.size()), df(f.size());
    forProducts(g, [&](int64_t i, int64_t k, int64_t o) {
      y[(size_t)o] += (double)x[(size_t)i] * f[(size_t)k];
      dx[(size_t)i] += (double)dy[(size_t)o] * f[(size_t)k];
      df[(size_t)k] += (double)dy[(size_t)o] * x[(size_t)i];
    });
    Floats gotY(y.size(), NAN), gotX(x.size(), NAN), gotF(f.size(), NAN);
    std::vector<double> moments((size_t)(g.batch * 2 * g.outChannels));
    const int64_t parts = convolve(
        {.x = x.data(), .filter = f.data(), .y = gotY.data(), .moments = moments.data(), .geometry = g});
    convolveInputGradient({.dy = dy.data(), .filter = f.data(), .dx = gotX.data(), .geometry = g});
    convolveFilterGradient({.x = x.data(), .dy = dy.data(), .dfilter = gotF.data(), .geometry = g});
    // Winograd's transforms add and take away what the direct algorithm does not.
    near(gotY, y, 4e-6, std::string("convolution ") + name);
    near(gotX, dx, 4e-6, std::string("input gradient ") + name);
    near(gotF, df, 6e-6, std::string("filter gradient ") + name);
    if (parts == 0) continue;
    Floats sums((size_t)g.outChannels);
    Doubles expected((size_t)g.outChannels);
    for (size_t i = 0; i < y.size(); i++) expected[i % (size_t)g.outChannels] += y[i] * y[i];
    for (int64_t p = 0; p < parts; p++)
      for (int64_t o = 0; o < g.outChannels; o++)
        sums[(size_t)o] += (float)moments[(size_t)((p * 2 + 1) * g.outChannels + o)];
    near(sums, expected, 1e-5, std::string("moments ") + name);
  }
}

/** Nothing to add up leaves zeros. */
void emptyOutputs() {
  Geometry g = geometryOf({1, 2, 2, 1, 3, 1, 1, 1, 0});
  g.outHeight = g.outWidth = 0;
  const Floats x(4, 1), filter(9, 1);
  Floats df(9, NAN), dx(4, NAN);
  convolveFilterGradient({.x = x.data(), .dy = nullptr, .dfilter = df.data(), .geometry = g});
  convolveInputGradient({.dy = nullptr, .filter = filter.data(), .dx = dx.data(), .geometry = g});
  for (float value : df) check(value == 0, "a filter's gradient without outputs is not 0");
  for (float value : dx) check(value == 0, "an input's gradient without outputs is not 0");
}

/** Both tile sizes on shapes for which `convolve` may choose neither. */
void winograds() {
  const std::vector<Case> cases = {{4, 1, 1, 5, 3, 3, 1, 1, 1},  {2, 5, 7, 3, 3, 5, 1, 1, 1},  {1, 9, 4, 17, 3, 33, 1, 1, 1},
                                   {5, 2, 2, 40, 3, 18, 1, 1, 1}, {1, 3, 21, 16, 3, 16, 1, 1, 0}, {3, 8, 6, 32, 3, 48, 1, 1, 2}};
  for (const Case& c : cases)
    for (const Winograd* f : {&kernels().winograd2, &kernels().winograd4}) {
      const Geometry g = geometryOf(c);
      const Floats x = draws(g.batch * g.height * g.width * g.channels), filter = draws(9 * g.channels * g.outChannels);
      const Floats dy = draws(g.batch * g.outHeight * g.outWidth * g.outChannels);
      Doubles y(dy.size()), df(filter.size());
      forProducts(g, [&](int64_t i, int64_t k, int64_t o) {
        y[(size_t)o] += (double)x[(size_t)i] * filter[(size_t)k];
        df[(size_t)k] += (double)dy[(size_t)o] * x[(size_t)i];
      });
      Gathering pass{.batch = g.batch,
                     .height = g.height,
                     .width = g.width,
                     .channels = g.channels,
                     .outHeight = g.outHeight,
                     .outWidth = g.outWidth,
                     .outChannels = g.outChannels,
                     .rows = g.outHeight,
                     .columns = g.outWidth,
                     .weightTaps = 9};
      for (int t = 0; t < 9; t++) {
        pass.tapRow.push_back(t / 3 - g.padTop);
        pass.tapColumn.push_back(t % 3 - g.padLeft);
        pass.weightTap.push_back(t);
      }
      std::vector<float> packed(packedBytes(9 * g.channels, g.outChannels) / sizeof(float));
      packWeights(filter.data(), packed.data(), 9, g.channels, g.outChannels, false);
      Floats gotY(y.size(), NAN), gotF(filter.size(), NAN);
      gatherByWinograd(*f, x.data(), packed.data(), gotY.data(), pass, nullptr);
      filterGradientByWinograd(*f, {.x = x.data(), .dy = dy.data(), .dfilter = gotF.data(), .geometry = g});
      const std::string name = "tiles of " + std::to_string(f->tile) + " on " + std::to_string(c.height) + "×" + std::to_string(c.width);
      near(gotY, y, 4e-6, "convolution by " + name);
      near(gotF, df, 6e-6, "filter gradient by " + name);
    }
}

void products() {
  for (int64_t m : {1, 3, 17})
    for (int64_t k : {1, 5, 33})
      for (int64_t n : {1, 7, 16, 40})
        for (int turned = 0; turned < 4; turned++) {
          const bool ta = turned & 1, tb = turned & 2;
          const Floats a = draws(2 * m * k), b = draws(k * n);
          Floats c((size_t)(2 * m * n));
          Doubles expected(c.size());
          for (int64_t i = 0; i < 2; i++)
            for (int64_t r = 0; r < m; r++)
              for (int64_t s = 0; s < n; s++)
                for (int64_t t = 0; t < k; t++)
                  expected[(size_t)((i * m + r) * n + s)] +=
                      (double)a[(size_t)(i * m * k + (ta ? t * m + r : r * k + t))] * b[(size_t)(tb ? s * k + t : t * n + s)];
          matMul({.a = a.data(),
                  .b = b.data(),
                  .c = c.data(),
                  .batch = 2,
                  .m = m,
                  .k = k,
                  .n = n,
                  .transposeA = ta,
                  .transposeB = tb,
                  .oneB = true});
          near(c, expected, 1e-6, "matrix product");
        }
}

void elementary() {
  struct Function {
    Unary op;
    double (*exact)(double);
    double from, to;
  };
  const Function functions[] = {
      {Unary::Exp, std::exp, -100, 88},
      {Unary::Log, std::log, 1e-38, 1e38},
      {Unary::Sqrt, std::sqrt, 0, 1e6},
      {Unary::Tanh, std::tanh, -20, 20},
      {Unary::Sigmoid, [](double v) { return 1 / (1 + std::exp(-v)); }, -80, 80},
      {Unary::Reciprocal, [](double v) { return 1 / v; }, 0.01, 100},
      {Unary::Square, [](double v) { return v * v; }, -9, 9},
      {Unary::Abs, [](double v) { return std::fabs(v); }, -9, 9},
  };
  for (const auto& [op, exact, from, to] : functions)
    for (int64_t n : {1, 3, 7, 16, 17, 100, 1000}) {
      Floats x((size_t)n), y((size_t)n);
      for (size_t i = 0; i < x.size(); i++) {
        const double t = (draw() + 1) / 2;
        x[i] = (float)(op == Unary::Log ? std::exp(std::log(from) + t * (std::log(to) - std::log(from))) : from + t * (to - from));
      }
      unary({.op = op, .x = x.data(), .y = y.data(), .n = n});
      double worst = 0;
      for (size_t i = 0; i < x.size(); i++) {
        const double e = exact(x[i]);
        worst = std::max(worst, std::fabs(y[i] - e) / std::max(std::fabs(e), 1e-37));
      }
      check(worst < 5e-7, "function " + std::to_string((int)op) + " is off by " + std::to_string(worst * 1e7) + "e-7");
    }
  const float inf = INFINITY;
  const auto special = [](Unary op, float x) {
    float y;
    unary({.op = op, .x = &x, .y = &y, .n = 1, .b = 1});
    return y;
  };
  check(special(Unary::Exp, inf) == inf && special(Unary::Exp, -inf) == 0, "exp of infinities");
  check(special(Unary::Log, 0) == -inf && special(Unary::Log, inf) == inf, "log of 0 and infinity");
  check(std::isnan(special(Unary::Log, -1)), "log of -1");
  for (Unary op : {Unary::Exp, Unary::Log, Unary::Sqrt, Unary::Tanh, Unary::Sigmoid, Unary::Relu, Unary::Relu6,
                   Unary::LeakyRelu, Unary::Step, Unary::ClipByValue, Unary::Abs, Unary::Neg, Unary::Floor})
    check(std::isnan(special(op, NAN)), "NaN through function " + std::to_string((int)op));
}

void reductions() {
  for (int64_t outer : {1, 3})
    for (int64_t count : {1, 7, 1000, 70000})
      for (int64_t inner : {1, 5, 17}) {
        const Floats x = draws(outer * count * inner);
        Floats y((size_t)(outer * inner)), most(y.size());
        Doubles sum(y.size()), largest(y.size(), -2);
        for (int64_t o = 0; o < outer; o++)
          for (int64_t k = 0; k < count; k++)
            for (int64_t i = 0; i < inner; i++) {
              const double v = x[(size_t)((o * count + k) * inner + i)];
              sum[(size_t)(o * inner + i)] += v;
              largest[(size_t)(o * inner + i)] = std::max(largest[(size_t)(o * inner + i)], v);
            }
        const auto reduceTo = [&](Floats& to, Reduction op) {
          reduce({.op = op, .x = x.data(), .y = to.data(), .outer = outer, .count = count, .inner = inner});
        };
        reduceTo(y, Reduction::Sum);
        reduceTo(most, Reduction::Max);
        near(y, sum, 1e-6, "sum");
        near(most, largest, 0, "maximum");
      }
  const Floats holes = {1, NAN, 3};
  float y;
  reduce({.op = Reduction::Max, .x = holes.data(), .y = &y, .outer = 1, .count = 3, .inner = 1});
  check(std::isnan(y), "the maximum of NaN");
}

void normalization() {
  for (int channels : {1, 3, 16, 33}) {
    const int64_t rows = 1000;
    const Floats x = draws(rows * channels), scale = draws(channels), shift = draws(channels), residual = draws(rows * channels);
    Floats y(x.size()), mean((size_t)channels), inverse((size_t)channels);
    Doubles expected(x.size());
    for (int c = 0; c < channels; c++) {
      double m = 0, v = 0;
      for (int64_t r = 0; r < rows; r++) m += x[(size_t)(r * channels + c)] / (double)rows;
      for (int64_t r = 0; r < rows; r++) v += std::pow(x[(size_t)(r * channels + c)] - m, 2) / (double)rows;
      for (int64_t r = 0; r < rows; r++) {
        const size_t i = (size_t)(r * channels + c);
        expected[i] = std::max(0.0, (x[i] - m) / std::sqrt(v + 1e-5) * scale[(size_t)c] + shift[(size_t)c] + residual[i]);
      }
    }
    normalize({.x = x.data(),
               .scale = scale.data(),
               .shift = shift.data(),
               .residual = residual.data(),
               .y = y.data(),
               .mean = mean.data(),
               .inverse = inverse.data(),
               .rows = rows,
               .channels = channels,
               .epsilon = 1e-5,
               .relu = true});
    near(y, expected, 1e-6, "normalisation");
  }
}

/** Q = Σ ddx · dx + Σ ddscale · dscale + Σ ddshift · dshift + Σ ddresidual · dz of normalisation's gradient, in float64. */
double curvature(const Doubles& dy, const Doubles& x, const Doubles& scale, const Floats& y, const Floats& ddx,
                 const Floats& ddscale, const Floats& ddshift, const Floats* ddresidual, int64_t rows, int channels,
                 bool relu) {
  double q = 0;
  for (int c = 0; c < channels; c++) {
    double m = 0, v = 0, z = 0, zx = 0;
    const auto at = [&](int64_t r) { return (size_t)(r * channels + c); };
    const auto behind = [&](int64_t r) { return relu && y[at(r)] <= 0 ? 0.0 : dy[at(r)]; };
    for (int64_t r = 0; r < rows; r++) m += x[at(r)] / (double)rows;
    for (int64_t r = 0; r < rows; r++) v += std::pow(x[at(r)] - m, 2) / (double)rows;
    const double inverse = 1 / std::sqrt(v + 1e-5);
    for (int64_t r = 0; r < rows; r++) {
      z += behind(r);
      zx += behind(r) * (x[at(r)] - m) * inverse;
    }
    q += ddscale[(size_t)c] * zx + ddshift[(size_t)c] * z;
    for (int64_t r = 0; r < rows; r++) {
      const double normal = (x[at(r)] - m) * inverse, n = (double)rows;
      q += ddx[at(r)] * scale[(size_t)c] * inverse * (behind(r) - z / n - normal * zx / n);
      if (ddresidual) q += (*ddresidual)[at(r)] * behind(r);
    }
  }
  return q;
}

void normalizationTwice() {
  const int64_t rows = 40;
  for (int channels : {1, 3, 16, 33})
    for (bool relu : {false, true})
      for (bool withResidual : {false, true}) {
        const int64_t n = rows * channels;
        const Floats x = draws(n), dy = draws(n), scale = draws(channels), shift = draws(channels), residual = draws(n);
        const Floats ddx = draws(n), ddscale = draws(channels), ddshift = draws(channels), ddresidual = draws(n);
        Floats y(x.size()), mean((size_t)channels), inverse((size_t)channels);
        normalize({.x = x.data(),
                   .scale = scale.data(),
                   .shift = shift.data(),
                   .residual = withResidual ? residual.data() : nullptr,
                   .y = y.data(),
                   .mean = mean.data(),
                   .inverse = inverse.data(),
                   .rows = rows,
                   .channels = channels,
                   .epsilon = 1e-5,
                   .relu = relu});
        Floats towardsDy(x.size()), towardsX(x.size()), towardsScale((size_t)channels);
        normalizeGradientGradient({.of = {.dy = dy.data(),
                                          .x = x.data(),
                                          .y = y.data(),
                                          .mean = mean.data(),
                                          .inverse = inverse.data(),
                                          .scale = scale.data(),
                                          .shift = shift.data()},
                                   .ddx = ddx.data(),
                                   .ddscale = ddscale.data(),
                                   .ddshift = ddshift.data(),
                                   .ddresidual = withResidual ? ddresidual.data() : nullptr,
                                   .towardsDy = towardsDy.data(),
                                   .towardsX = towardsX.data(),
                                   .towardsScale = towardsScale.data(),
                                   .rows = rows,
                                   .channels = channels,
                                   .relu = relu});
        Doubles of[] = {Doubles(dy.begin(), dy.end()), Doubles(x.begin(), x.end()), Doubles(scale.begin(), scale.end())};
        const auto q = [&] {
          return curvature(of[0], of[1], of[2], y, ddx, ddscale, ddshift, withResidual ? &ddresidual : nullptr, rows,
                           channels, relu);
        };
        const Floats* results[] = {&towardsDy, &towardsX, &towardsScale};
        for (int which = 0; which < 3; which++) {
          Doubles expected(of[which].size());
          for (size_t i = 0; i < expected.size(); i++) {
            const double kept = of[which][i], h = 1e-5;
            of[which][i] = kept + h;
            const double above = q();
            of[which][i] = kept - h;
            expected[i] = (above - q()) / (2 * h);
            of[which][i] = kept;
          }
          near(*results[which], expected, 1e-5, "the gradient of normalisation's gradient");
        }
      }
}

void movement() {
  const int64_t a = 5, b = 37, c = 9;
  const Floats x = draws(a * b * c);
  Floats y(x.size());
  copy({.x = reinterpret_cast<const char*>(x.data()),
        .y = reinterpret_cast<char*>(y.data()),
        .shape = {c, b, a},
        .xStrides = {1, c, b * c},
        .yStrides = {b * a, a, 1}});
  bool same = true;
  for (int64_t i = 0; i < a; i++)
    for (int64_t j = 0; j < b; j++)
      for (int64_t k = 0; k < c; k++) same = same && y[(size_t)((k * b + j) * a + i)] == x[(size_t)((i * b + j) * c + k)];
  check(same, "transposition");
}

/** The numbers of one of everything, for comparison bit by bit. */
Floats everything() {
  state = 7;
  Floats all;
  const auto keep = [&](const Floats& x) { all.insert(all.end(), x.begin(), x.end()); };
  for (const Case& c : std::vector<Case>{{19, 8, 8, 32, 3, 32, 1, 1, 1}, {5, 9, 9, 16, 3, 24, 2, 1, 1}, {3, 4, 4, 140, 3, 130, 1, 1, 1}}) {
    const Geometry g = geometryOf(c);
    const Floats x = draws(g.batch * g.height * g.width * g.channels);
    const Floats f = draws(g.filterHeight * g.filterWidth * g.channels * g.outChannels);
    Floats y((size_t)(g.batch * g.outHeight * g.outWidth * g.outChannels)), dx(x.size()), df(f.size());
    std::vector<double> moments((size_t)(g.batch * 2 * g.outChannels));
    const int64_t parts =
        convolve({.x = x.data(), .filter = f.data(), .y = y.data(), .moments = moments.data(), .geometry = g});
    convolveInputGradient({.dy = y.data(), .filter = f.data(), .dx = dx.data(), .geometry = g});
    convolveFilterGradient({.x = x.data(), .dy = y.data(), .dfilter = df.data(), .geometry = g});
    const int channels = (int)g.outChannels;
    const Floats scale = draws(channels), shift = draws(channels);
    Floats z(y.size()), mean((size_t)channels), inverse((size_t)channels), dz(y.size()), dscale(mean), dshift(mean);
    const int64_t rows = (int64_t)y.size() / channels;
    normalize({.x = y.data(),
               .scale = scale.data(),
               .shift = shift.data(),
               .y = z.data(),
               .mean = mean.data(),
               .inverse = inverse.data(),
               .rows = rows,
               .channels = channels,
               .epsilon = 1e-5,
               .relu = true,
               .moments = parts ? moments.data() : nullptr,
               .parts = parts});
    const Normalized normalized{.dy = y.data(),
                                .x = y.data(),
                                .y = z.data(),
                                .mean = mean.data(),
                                .inverse = inverse.data(),
                                .scale = scale.data(),
                                .shift = shift.data()};
    normalizeGradient({.of = normalized,
                       .dx = dz.data(),
                       .dscale = dscale.data(),
                       .dshift = dshift.data(),
                       .rows = rows,
                       .channels = channels,
                       .relu = true});
    Floats ddy(y.size()), ddx(y.size()), ddscale(mean);
    normalizeGradientGradient({.of = normalized,
                               .ddx = z.data(),
                               .ddscale = scale.data(),
                               .ddshift = shift.data(),
                               .towardsDy = ddy.data(),
                               .towardsX = ddx.data(),
                               .towardsScale = ddscale.data(),
                               .rows = rows,
                               .channels = channels,
                               .relu = true});
    Floats frozen(y.size());
    affine({.x = y.data(),
            .factor = scale.data(),
            .offset = shift.data(),
            .residual = z.data(),
            .y = frozen.data(),
            .rows = rows,
            .channels = channels,
            .relu = true});
    for (const Floats& part : {y, dx, df, z, mean, dz, dscale, ddy, ddx, ddscale, frozen}) keep(part);
  }
  const Floats x = draws(200001);
  Floats sum(1), u(x.size());
  const int64_t n = (int64_t)x.size();
  reduce({.op = Reduction::Sum, .x = x.data(), .y = sum.data(), .outer = 1, .count = n, .inner = 1});
  uniforms({.draws = u.data(), .count = n, .counters = {.key0 = 1, .key1 = 2, .first = 3, .high = 4}});
  sum.push_back((float)sumOfSquares(x.data(), n));
  sum.push_back((float)maskedSquares({.gradient = x.data(), .n = n}));
  keep(sum);
  keep(u);
  return all;
}

void threadsAgree() {
  setThreads(1);
  const Floats one = everything();
  for (int count : {2, 3, 8}) {
    setThreads(count);
    const Floats many = everything();
    check(many.size() == one.size() && std::memcmp(many.data(), one.data(), one.size() * sizeof(float)) == 0,
          std::to_string(count) + " threads give other bits than one");
  }
  setThreads(3);
}

}  // namespace

int main() {
  setThreads(3);
  checkMemory();
  checkThreads();
  for (const char* const* name = availableKernels(); *name; name++) {
    where = *name;
    useKernels(*name);
    elementary();
    reductions();
    products();
    convolutions();
    winograds();
    emptyOutputs();
    normalization();
    normalizationTwice();
    movement();
    checkPrograms();
    threadsAgree();
  }
  setThreads(1);
  trim();
  std::printf("%d checks, %d failed\n", checks, failed);
  return failed == 0 ? 0 : 1;
}
