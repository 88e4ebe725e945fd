// What JavaScript can call. Every function checks that the memory it is given holds what its sizes say.
#include <algorithm>
#include <cstring>

#include "../engine/buffers.h"
#include "../engine/failure.h"
#include "../engine/threads.h"
#include "../operations/operations.h"
#include "call.h"

namespace winnow {
namespace {

template <class E>
E enumerator(const Call& c, size_t argument) {
  const int64_t value = c.integer(argument);
  if (value < 0 || value >= (int64_t)E::Count) throw Failure("There is no such operation.");
  return (E)value;
}

Type typeOf(const Call& c, size_t argument) {
  const int64_t value = c.integer(argument);
  if (value < 0 || value > 2) throw Failure("There is no such type.");
  return (Type)value;
}

int64_t itemBytes(Type type) { return type == Type::Bool ? 1 : 4; }

int itemSize(const Call& c, size_t argument) {
  const int64_t bytes = c.integer(argument);
  if (bytes != 1 && bytes != 4) throw Failure("Items have one or four bytes.");
  return (int)bytes;
}

/** Reads memory of `count` items of a type. */
char* items(const Call& c, size_t argument, int64_t count, int64_t bytes) {
  return c.tensor<char>(argument, product({count, bytes}));
}

// memory

napi_value allocateTensor(const Call& c) { return c.result((double)allocate((size_t)c.size(0))); }

napi_value releaseTensor(const Call& c) {
  release(c.integer(0));
  return c.undefined();
}

/** (handle, offsetBytes, bytes) */
napi_value viewTensor(const Call& c) {
  return c.result((double)view(c.integer(0), (size_t)c.size(1), (size_t)c.size(2)));
}

napi_value writeTensor(const Call& c) {
  size_t bytes;
  const void* from = c.raw(1, bytes);
  char* to = c.tensor<char>(0, (int64_t)bytes);
  const char* source = static_cast<const char*>(from);
  parallelRanges((int64_t)bytes, 1 << 20, [=](int64_t begin, int64_t end) {
    std::memcpy(to + begin, source + begin, (size_t)(end - begin));
  });
  return c.undefined();
}

napi_value readTensor(const Call& c) {
  size_t bytes;
  char* to = static_cast<char*>(c.raw(1, bytes));
  const char* from = c.tensor<char>(0, (int64_t)bytes);
  parallelRanges((int64_t)bytes, 1 << 20, [=](int64_t begin, int64_t end) {
    std::memcpy(to + begin, from + begin, (size_t)(end - begin));
  });
  return c.undefined();
}

napi_value trimMemory(const Call& c) {
  trim();
  return c.undefined();
}

napi_value memoryOf(const Call& c) {
  const MemoryUse use = memoryUse();
  napi_value result;
  napi_create_object(c.env(), &result);
  const std::pair<const char*, size_t> fields[] = {{"liveBytes", use.liveBytes},
                                                   {"liveBlocks", use.liveBlocks},
                                                   {"cachedBytes", use.cachedBytes},
                                                   {"peakBytes", use.peakBytes}};
  for (const auto& [name, value] : fields)
    napi_set_named_property(c.env(), result, name, c.result((double)value));
  return result;
}

/** Raised whenever an entry comes, goes or changes; see engine.ts. */
constexpr int64_t INTERFACE = 3;

napi_value interfaceVersion(const Call& c) { return c.result(INTERFACE); }

// settings

napi_value setThreadCount(const Call& c) {
  const int64_t count = c.integer(0);
  if (count < 1 || count > 1024) throw Failure("The number of threads must be from 1 to 1024.");
  setThreads((int)count);
  return c.undefined();
}

napi_value threadCount(const Call& c) { return c.result(threads()); }

napi_value setInstructions(const Call& c) {
  useKernels(c.text(0).data());
  return c.undefined();
}

napi_value instructions(const Call& c) {
  napi_value name;
  napi_create_string_utf8(c.env(), kernels().name, NAPI_AUTO_LENGTH, &name);
  return name;
}

napi_value availableInstructions(const Call& c) {
  napi_value names;
  napi_create_array(c.env(), &names);
  for (uint32_t i = 0; availableKernels()[i]; i++) {
    napi_value name;
    napi_create_string_utf8(c.env(), availableKernels()[i], NAPI_AUTO_LENGTH, &name);
    napi_set_element(c.env(), names, i, name);
  }
  return names;
}

// elementwise

/** (op, x, y, n, a, b) */
napi_value unaryOp(const Call& c) {
  const int64_t n = c.size(3);
  unary(enumerator<Unary>(c, 0), c.tensor<float>(1, n), c.tensor<float>(2, n), n, (float)c.number(4),
        (float)c.number(5));
  return c.undefined();
}

Broadcast viewOf(const Call& c, size_t first, int64_t& aSize, int64_t& bSize, int64_t& ySize) {
  Broadcast view{c.integers(first), c.integers(first + 1), c.integers(first + 2)};
  if (view.aStrides.size() != view.shape.size() || view.bStrides.size() != view.shape.size())
    throw Failure("The strides are not as many as the axes.");
  ySize = product(view.shape);
  const auto reach = [&](const std::vector<int64_t>& strides) {
    int64_t last = 0;
    for (size_t i = 0; i < strides.size(); i++) {
      if (strides[i] < 0) throw Failure("A stride is negative.");
      last += strides[i] * (view.shape[i] - 1);
    }
    return ySize == 0 ? 0 : last + 1;
  };
  aSize = reach(view.aStrides);
  bSize = reach(view.bStrides);
  // The kernels walk an input either number by number or not at all.
  for (size_t i = 0; i < view.shape.size(); i++)
    if (i + 1 == view.shape.size() && (view.aStrides[i] > 1 || view.bStrides[i] > 1))
      throw Failure("The last axis must be contiguous or broadcast.");
  return view;
}

/** (op, a, b, y, shape, aStrides, bStrides) */
napi_value binaryOp(const Call& c) {
  int64_t a, b, y;
  Broadcast view = viewOf(c, 4, a, b, y);
  binary(enumerator<Binary>(c, 0), c.tensor<float>(1, a), c.tensor<float>(2, b), c.tensor<float>(3, y),
         std::move(view));
  return c.undefined();
}

napi_value compareOp(const Call& c) {
  int64_t a, b, y;
  Broadcast view = viewOf(c, 4, a, b, y);
  compare(enumerator<Comparison>(c, 0), c.tensor<float>(1, a), c.tensor<float>(2, b), c.tensor<uint8_t>(3, y),
          std::move(view));
  return c.undefined();
}

/** (condition, t, e, y, n, itemBytes) */
napi_value selectOp(const Call& c) {
  const int64_t n = c.size(4);
  const int bytes = itemSize(c, 5);
  select(c.tensor<uint8_t>(0, n), items(c, 1, n, bytes), items(c, 2, n, bytes), items(c, 3, n, bytes), n, bytes);
  return c.undefined();
}

/** (x, from, y, to, n) */
napi_value castOp(const Call& c) {
  const int64_t n = c.size(4);
  const Type from = typeOf(c, 1), to = typeOf(c, 3);
  cast(items(c, 0, n, itemBytes(from)), from, items(c, 2, n, itemBytes(to)), to, n);
  return c.undefined();
}

/** (y, type, n, value) */
napi_value fillOp(const Call& c) {
  const int64_t n = c.size(2);
  const Type type = typeOf(c, 1);
  const double value = c.number(3);
  if (type != Type::Float32 && !(value >= -2147483648.0 && value <= 2147483647.0))
    throw Failure("The value to fill with is not a 32-bit integer.");
  fill(items(c, 0, n, itemBytes(type)), type, n, value);
  return c.undefined();
}

/** (alpha, u, mask, n, temperature) */
napi_value relaxOp(const Call& c) {
  const int64_t n = c.size(3);
  relax(c.tensor<float>(0, n), c.tensor<float>(1, n), c.tensor<float>(2, n), n, (float)c.number(4));
  return c.undefined();
}

// reductions

/** (op, x, y, outer, count, inner) */
napi_value reduceOp(const Call& c) {
  const int64_t outer = c.size(3), count = c.size(4), inner = c.size(5);
  const Reduction op = enumerator<Reduction>(c, 0);
  if (count == 0 && op != Reduction::Sum && op != Reduction::Mean && op != Reduction::Prod)
    throw Failure("There is no extremum of no numbers.");
  reduce(op, c.tensor<float>(1, product({outer, count, inner})), c.tensor<float>(2, product({outer, inner})), outer,
         count, inner);
  return c.undefined();
}

/** (largest, x, y, outer, count, inner) */
napi_value argExtremumOp(const Call& c) {
  const int64_t outer = c.size(3), count = c.size(4), inner = c.size(5);
  if (count == 0) throw Failure("There is no extremum of no numbers.");
  argExtremum(c.flag(0), c.tensor<float>(1, product({outer, count, inner})),
              c.tensor<int32_t>(2, product({outer, inner})), outer, count, inner);
  return c.undefined();
}

/** (x, y, rows, columns, logarithmic) */
napi_value softmaxOp(const Call& c) {
  const int64_t rows = c.size(2), columns = c.size(3), n = product({rows, columns});
  softmax(c.tensor<float>(0, n), c.tensor<float>(1, n), rows, columns, c.flag(4));
  return c.undefined();
}

// movement

/** The items from the lowest to past the highest that a strided walk visits; throws if it begins before the first. */
int64_t reachOf(const std::vector<int64_t>& shape, const std::vector<int64_t>& strides, int64_t offset) {
  if (strides.size() != shape.size()) throw Failure("The strides are not as many as the axes.");
  if (product(shape) == 0) return 0;
  int64_t low = offset, high = offset;
  for (size_t i = 0; i < shape.size(); i++) (strides[i] < 0 ? low : high) += strides[i] * (shape[i] - 1);
  if (low < 0) throw Failure("A copy would begin before its tensor.");
  return high + 1;
}

/** (x, y, shape, xStrides, xOffset, yStrides, yOffset, itemBytes) */
napi_value copyOp(const Call& c) {
  const int bytes = itemSize(c, 7);
  StridedCopy copy{c.integers(2), c.integers(3), c.integers(5), c.size(4), c.size(6), bytes};
  const char* x = items(c, 0, reachOf(copy.shape, copy.xStrides, copy.xOffset), bytes);
  char* y = items(c, 1, reachOf(copy.shape, copy.yStrides, copy.yOffset), bytes);
  copyStrided(x, y, std::move(copy));
  return c.undefined();
}

/** (x, indices, y, outer, limit, inner, count, itemBytes) */
napi_value gatherOp(const Call& c) {
  const int64_t outer = c.size(3), limit = c.size(4), inner = c.size(5), count = c.size(6);
  const int bytes = itemSize(c, 7);
  const int32_t* indices = c.tensor<int32_t>(1, count);
  for (int64_t i = 0; i < count; i++)
    if (indices[i] < 0 || indices[i] >= limit)
      throw Failure("GatherV2: the index value " + std::to_string(indices[i]) + " is not in [0, " +
                    std::to_string(limit - 1) + "]");
  gather(items(c, 0, product({outer, limit, inner}), bytes), indices, items(c, 2, product({outer, count, inner}), bytes),
         outer, limit, inner, count, bytes);
  return c.undefined();
}

/** (indices, y, type, count, depth, on, off) */
napi_value oneHotOp(const Call& c) {
  const Type type = typeOf(c, 2);
  const int64_t count = c.size(3), depth = c.size(4);
  oneHot(c.tensor<int32_t>(0, count), items(c, 1, product({count, depth}), itemBytes(type)), type, count, depth,
         c.number(5), c.number(6));
  return c.undefined();
}

// linear algebra

/** (a, b, c, batch, m, k, n, transposeA, transposeB, broadcastA, broadcastB) */
napi_value matMulOp(const Call& c) {
  const int64_t batch = c.size(3), m = c.size(4), k = c.size(5), n = c.size(6);
  const bool oneA = c.flag(9), oneB = c.flag(10);
  multiplyMatrices(c.tensor<float>(0, product({oneA ? std::min<int64_t>(batch, 1) : batch, m, k})),
                   c.tensor<float>(1, product({oneB ? std::min<int64_t>(batch, 1) : batch, k, n})),
                   c.tensor<float>(2, product({batch, m, n})), batch, m, k, n, c.flag(7), c.flag(8), oneA ? 0 : m * k,
                   oneB ? 0 : k * n);
  return c.undefined();
}

/** From an Int32Array in Geometry's order. */
Geometry geometryOf(const Call& c, size_t argument) {
  const std::vector<int64_t> v = c.integers(argument);
  if (v.size() != 15) throw Failure("A geometry has fifteen numbers.");
  const Geometry g{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14]};
  for (size_t i = 0; i < 9; i++)
    if (v[i] < 0) throw Failure("A size of a convolution is negative.");
  for (size_t i = 9; i < 13; i++)
    if (v[i] < 1) throw Failure("A stride or dilation is less than 1.");
  return g;
}

int64_t inputSize(const Geometry& g) { return product({g.batch, g.height, g.width, g.channels}); }
int64_t outputSize(const Geometry& g) { return product({g.batch, g.outHeight, g.outWidth, g.outChannels}); }
int64_t filterSize(const Geometry& g) {
  return product({g.filterHeight, g.filterWidth, g.channels, g.outChannels});
}

/** (x, filter, y, geometry, moments?) → parts of the moments that are filled */
napi_value convolveOp(const Call& c) {
  const Geometry g = geometryOf(c, 3);
  return c.result((double)convolve(c.tensor<float>(0, inputSize(g)), c.tensor<float>(1, filterSize(g)),
                           c.tensor<float>(2, outputSize(g)), g,
                           c.optionalTensor<double>(4, product({g.batch, 2, g.outChannels}))));
}

/** (dy, filter, dx, geometry) */
napi_value convolveInputGradientOp(const Call& c) {
  const Geometry g = geometryOf(c, 3);
  convolveInputGradient(c.tensor<float>(0, outputSize(g)), c.tensor<float>(1, filterSize(g)),
                        c.tensor<float>(2, inputSize(g)), g);
  return c.undefined();
}

/** (x, dy, dfilter, geometry) */
napi_value convolveFilterGradientOp(const Call& c) {
  const Geometry g = geometryOf(c, 3);
  convolveFilterGradient(c.tensor<float>(0, inputSize(g)), c.tensor<float>(1, outputSize(g)),
                         c.tensor<float>(2, filterSize(g)), g);
  return c.undefined();
}

// pooling

Geometry poolOf(const Call& c, size_t argument) {
  const Geometry g = geometryOf(c, argument);
  if (g.outChannels != g.channels) throw Failure("Pooling keeps the channels.");
  return g;
}

/** (x, y, geometry) */
template <void (*pool)(const float*, float*, const Geometry&)>
napi_value poolOp(const Call& c) {
  const Geometry g = poolOf(c, 2);
  pool(c.tensor<float>(0, inputSize(g)), c.tensor<float>(1, outputSize(g)), g);
  return c.undefined();
}

/** (dy, x, dx, geometry) */
napi_value maxPoolGradientOp(const Call& c) {
  const Geometry g = poolOf(c, 3);
  maxPoolGradient(c.tensor<float>(0, outputSize(g)), c.tensor<float>(1, inputSize(g)), c.tensor<float>(2, inputSize(g)),
                  g);
  return c.undefined();
}

/** (values, x, y, geometry) */
napi_value maxPoolGatherOp(const Call& c) {
  const Geometry g = poolOf(c, 3);
  const float* values = c.tensor<float>(0, inputSize(g));
  const float* x = c.tensor<float>(1, inputSize(g));
  maxPoolGather(values, x, c.tensor<float>(2, outputSize(g)), g);
  return c.undefined();
}

/** (dy, dx, geometry) */
napi_value averagePoolGradientOp(const Call& c) {
  const Geometry g = poolOf(c, 2);
  averagePoolGradient(c.tensor<float>(0, outputSize(g)), c.tensor<float>(1, inputSize(g)), g);
  return c.undefined();
}

// normalisation

int channelsOf(const Call& c, size_t argument) {
  const int64_t channels = c.size(argument);
  if (channels < 1 || channels > (1 << 24)) throw Failure("That is no number of channels.");
  return (int)channels;
}

/** (x, scale, shift, residual?, y, mean, inverse, rows, channels, epsilon, relu, moments?, parts) */
napi_value normalizeOp(const Call& c) {
  const int64_t rows = c.size(7);
  const int channels = channelsOf(c, 8);
  const int64_t n = product({rows, channels});
  normalize({c.tensor<float>(0, n), c.tensor<float>(1, channels), c.tensor<float>(2, channels),
             c.optionalTensor<float>(3, n)},
            c.tensor<float>(4, n), c.tensor<float>(5, channels), c.tensor<float>(6, channels), rows, channels,
            c.number(9), c.flag(10), c.optionalTensor<double>(11, product({c.size(12), 2, channels})), c.size(12));
  return c.undefined();
}

/** (x, factor, offset, residual?, y, rows, channels, relu) */
napi_value affineOp(const Call& c) {
  const int64_t rows = c.size(5);
  const int channels = channelsOf(c, 6);
  const int64_t n = product({rows, channels});
  affine(c.tensor<float>(0, n), c.tensor<float>(1, channels), c.tensor<float>(2, channels), c.optionalTensor<float>(3, n),
         c.tensor<float>(4, n), rows, channels, c.flag(7));
  return c.undefined();
}

/** (dy, x, y, mean, inverse, scale, shift, dx, dscale, dshift, dresidual?, rows, channels, relu) */
napi_value normalizeGradientOp(const Call& c) {
  const int64_t rows = c.size(11);
  const int channels = channelsOf(c, 12);
  const int64_t n = product({rows, channels});
  normalizeGradient({c.tensor<float>(0, n), c.tensor<float>(1, n), c.tensor<float>(2, n), c.tensor<float>(3, channels),
                     c.tensor<float>(4, channels), c.tensor<float>(5, channels), c.tensor<float>(6, channels)},
                    c.tensor<float>(7, n), c.tensor<float>(8, channels), c.tensor<float>(9, channels),
                    c.optionalTensor<float>(10, n), rows, channels, c.flag(13));
  return c.undefined();
}

/**
 * (dy, x, y, mean, inverse, scale, shift, ddx, ddscale, ddshift, ddresidual?, towardsDy, towardsX, towardsScale, rows,
 * channels, relu)
 */
napi_value normalizeGradientGradientOp(const Call& c) {
  const int64_t rows = c.size(14);
  const int channels = channelsOf(c, 15);
  const int64_t n = product({rows, channels});
  normalizeGradientGradient(
      {c.tensor<float>(0, n), c.tensor<float>(1, n), c.tensor<float>(2, n), c.tensor<float>(3, channels),
       c.tensor<float>(4, channels), c.tensor<float>(5, channels), c.tensor<float>(6, channels)},
      {c.tensor<float>(7, n), c.tensor<float>(8, channels), c.tensor<float>(9, channels), c.optionalTensor<float>(10, n)},
      c.tensor<float>(11, n), c.tensor<float>(12, n), c.tensor<float>(13, channels), rows, channels, c.flag(16));
  return c.undefined();
}

// on the host's arrays

uint32_t word(const Call& c, size_t argument) { return (uint32_t)c.integer(argument); }

/** (words: Uint8Array over them, pairs, key0, key1, first, high) */
napi_value threefryOp(const Call& c) {
  const int64_t pairs = c.size(1);
  size_t bytes;
  void* words = c.raw(0, bytes);
  if ((int64_t)bytes != pairs * 8) throw Failure("The words are not two for each counter.");
  threefry(static_cast<uint32_t*>(words), pairs, word(c, 2), word(c, 3), word(c, 4), word(c, 5));
  return c.undefined();
}

/** (y: Float32Array, count, key0, key1, first, high) */
napi_value uniformsOp(const Call& c) {
  const int64_t count = c.size(1);
  uniforms(c.floats(0, count), count, word(c, 2), word(c, 3), word(c, 4), word(c, 5));
  return c.undefined();
}

/** (parameters, gradient, velocity, mask?, n, factor, weightDecay, momentum, learningRate) */
napi_value sgdOp(const Call& c) {
  const int64_t n = c.size(4);
  sgd(c.floats(0, n), c.floats(1, n), c.floats(2, n), c.given(3) ? c.bytes(3, n) : nullptr, n,
      {c.number(5), c.number(6), c.number(7), c.number(8)});
  return c.undefined();
}

/** (gradient, mask?, n) → Σ */
napi_value maskedSquaresOp(const Call& c) {
  const int64_t n = c.size(2);
  return c.result(maskedSquares(c.floats(0, n), c.given(1) ? c.bytes(1, n) : nullptr, n));
}

/** (x: Float64Array, n) → Σ */
napi_value squaresOp(const Call& c) {
  const int64_t n = c.size(1);
  return c.result(squares(c.doubles(0, n), n));
}

/** (direction: Float64Array, weight, gradient, gradientWeight, n) */
napi_value combineOp(const Call& c) {
  const int64_t n = c.size(4);
  combine(c.doubles(0, n), c.number(1), c.floats(2, n), c.number(3), n);
  return c.undefined();
}

/** (logits, gradient: Float64Array, n, scale) → Σ */
napi_value expectedCountOp(const Call& c) {
  const int64_t n = c.size(2);
  return c.result(expectedCount(c.floats(0, n), c.doubles(1, n), n, c.number(3)));
}

/** (values, mean, variance, gradient: Float64Array, n, stepSize, correction, beta1, beta2, epsilon) */
napi_value adamOp(const Call& c) {
  const int64_t n = c.size(4);
  adam(c.floats(0, n), c.floats(1, n), c.floats(2, n), c.doubles(3, n), n,
       {c.number(5), c.number(6), c.number(7), c.number(8), c.number(9)});
  return c.undefined();
}

struct Entry {
  const char* name;
  napi_callback callback;
};

#define ENTRY(name, operation) {name, guarded<operation>}
const Entry ENTRIES[] = {
    ENTRY("interfaceVersion", interfaceVersion),
    ENTRY("allocate", allocateTensor),
    ENTRY("release", releaseTensor),
    ENTRY("view", viewTensor),
    ENTRY("write", writeTensor),
    ENTRY("read", readTensor),
    ENTRY("trim", trimMemory),
    ENTRY("memory", memoryOf),
    ENTRY("setThreads", setThreadCount),
    ENTRY("threads", threadCount),
    ENTRY("setInstructions", setInstructions),
    ENTRY("instructions", instructions),
    ENTRY("availableInstructions", availableInstructions),
    ENTRY("unary", unaryOp),
    ENTRY("binary", binaryOp),
    ENTRY("compare", compareOp),
    ENTRY("select", selectOp),
    ENTRY("cast", castOp),
    ENTRY("fill", fillOp),
    ENTRY("relax", relaxOp),
    ENTRY("reduce", reduceOp),
    ENTRY("argExtremum", argExtremumOp),
    ENTRY("softmax", softmaxOp),
    ENTRY("copy", copyOp),
    ENTRY("gather", gatherOp),
    ENTRY("oneHot", oneHotOp),
    ENTRY("matMul", matMulOp),
    ENTRY("convolve", convolveOp),
    ENTRY("convolveInputGradient", convolveInputGradientOp),
    ENTRY("convolveFilterGradient", convolveFilterGradientOp),
    ENTRY("maxPool", poolOp<maxPool>),
    ENTRY("averagePool", poolOp<averagePool>),
    ENTRY("maxPoolGradient", maxPoolGradientOp),
    ENTRY("maxPoolGather", maxPoolGatherOp),
    ENTRY("averagePoolGradient", averagePoolGradientOp),
    ENTRY("normalize", normalizeOp),
    ENTRY("affine", affineOp),
    ENTRY("normalizeGradient", normalizeGradientOp),
    ENTRY("normalizeGradientGradient", normalizeGradientGradientOp),
    ENTRY("threefry", threefryOp),
    ENTRY("uniforms", uniformsOp),
    ENTRY("sgd", sgdOp),
    ENTRY("maskedSquares", maskedSquaresOp),
    ENTRY("squares", squaresOp),
    ENTRY("combine", combineOp),
    ENTRY("expectedCount", expectedCountOp),
    ENTRY("adam", adamOp),
};
#undef ENTRY

napi_value initialise(napi_env env, napi_value exports) {
  for (const Entry& entry : ENTRIES) {
    napi_value function;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, nullptr, &function);
    napi_set_named_property(env, exports, entry.name, function);
  }
  return exports;
}

}  // namespace
}  // namespace winnow

NAPI_MODULE_INIT() { return winnow::initialise(env, exports); }
