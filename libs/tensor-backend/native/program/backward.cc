// The gradient of a run: layers from the last to the first, each a pass over all blocks. What a weight's gradient sums over
// is cut into parts that no number of threads changes.
#include <algorithm>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "dense-weights.h"
#include "reader.h"

namespace winnow {

class Backward {
 public:
  /** `weights` and `weightSums` have room for those of any pass. */
  Backward(const Program& program, const float* tape, const float* parameters, float* dparameters, float* gradients,
           float* weights, float* weightSums)
      : of_(program), tape_(tape), parameters_(parameters), dparameters_(dparameters), gradients_(gradients),
        weights_(weights), weightSums_(weightSums),
        values_(program.ranks_, parameters, tape), sums_(program.activations_.size()) {
    std::fill(dparameters, dparameters + program.parameters(), 0.0f);
  }

  /** Takes the gradient of the logits [batch, classes] in. */
  void logits(const float* dlogits) {
    const Activation& last = of_.activations_[(size_t)of_.logits_];
    const Source& source = of_.sources_[(size_t)last.source];
    const int classes = source.channels, E = of_.examples_;
    const Stored& gradient = last.gradient;
    float* const to = gradients_ + gradient.offset;
    std::fill(to, to + gradient.block() * of_.blocks_, 0.0f);
    std::vector<Sums>& sums = sums_[(size_t)of_.logits_];
    sums.assign((size_t)classes, {});
    for (int c = 0; c < classes; c++) {
      const int64_t first = firstRow(source.y, c);
      const float mean = values_.of(last, c).mean;
      for (int64_t n = 0; n < of_.batch_; n++) {
        const float d = dlogits[n * classes + c];
        to[n / E * gradient.block() + firstRow(gradient, c) + n % E] = d;
        sums[(size_t)c].d += d;
        if (first >= 0)
          sums[(size_t)c].product += d * (double)(tape_[source.y.offset + n / E * source.y.block() + first + n % E] - mean);
      }
    }
    adjustmentGradient(last, sums, &Sums::product);
  }

  /** Takes in the gradient of what is shown, before the first pass that adds to it. */
  void capture(int s, const float* doutputs) {
    const Source& source = of_.sources_[(size_t)s];
    const Activation& input = of_.activations_[(size_t)source.input];
    if (input.captured < 0 || input.readers.back() != s) return;
    const Capture pass = of_.captureOf(source);
    const int64_t floats = (int64_t)pass.height * pass.width * pass.reading.count;
    const Stored& gradient = input.gradient;
    parallel(of_.blocks_, [&](int64_t block) {
      of_.kernels_.captureBackward(pass, {.from = {},
                                          .images = nullptr,
                                          .dimages = doutputs + input.captured + block * of_.examples_ * floats,
                                          .gradient = gradients_ + gradient.offset + block * gradient.block(),
                                          .scratch = nullptr,
                                          .examples = examplesOf(of_.batch_, block, of_.examples_)});
    });
  }

  void pass(const Source& source) {
    const Reader reader(of_.sources_, of_.activations_, source, values_, true);
    const Activation& input = of_.activations_[(size_t)source.input];
    if (source.input == 0 && source.kind == SourceKind::Gather) return;
    const std::vector<FinishChannel> channels = finishChannels(source, input);
    Finishing finishing{};
    finishing.channels = channels.data();
    finishing.adds = source.adds;
    finishing.last = source.first;
    finishing.rectifier = input.rectifier;
    finishing.hasResidual = input.adder >= 0;
    const Stored& gradient = gradientOf(input);
    const Source& made = of_.sources_[(size_t)input.source];
    const Stored* const residual = input.adder >= 0 ? &of_.activations_[(size_t)input.adder].gradient : nullptr;
    const Activation* const added = aliasIn(input);
    const Stored* const second = added ? &of_.sources_[(size_t)added->source].y : nullptr;
    finishing.toRow = gradient.row();
    finishing.residualRow = residual ? residual->row() : 0;
    finishing.yRow = made.y.row();
    finishing.secondRow = second ? second->row() : 0;
    const size_t count = input.channels.size();
    std::vector<double> sums(finishing.last && source.input > 0 ? (size_t)of_.blocks_ * count * 3 : 0, 0.0);
    const auto finishAt = [&](int64_t block) {
      return FinishAt{.residual = residual ? gradients_ + residual->offset + block * residual->block() : nullptr,
                      .y = tape_ + made.y.offset + block * made.y.block(),
                      .second = second ? tape_ + second->offset + block * second->block() : nullptr,
                      .to = gradients_ + gradient.offset + block * gradient.block(),
                      .sums = sums.empty() ? nullptr : sums.data() + (size_t)block * count * 3};
    };
    if (source.kind == SourceKind::Gather) gather(source, reader, finishing, finishAt);
    else convolution(source, reader, finishing, finishAt);
    if (sums.empty()) return;
    std::vector<Sums>& total = sums_[(size_t)made.activation];
    total.assign(input.live.size(), {});
    for (int64_t block = 0; block < of_.blocks_; block++)
      for (size_t i = 0; i < count; i++) {
        const double* const of = sums.data() + ((size_t)block * count + i) * 3;
        Sums& to = total[(size_t)input.channels[i]];
        to.d += of[0];
        to.product += of[1];
        to.second += of[2];
      }
    adjustmentGradient(input, total, &Sums::product);
    if (added) adjustmentGradient(*added, total, &Sums::second);
  }

 private:
  /** Over the batch and its pixels: Σ dz, Σ dz (y − mean), and the same with the second term. */
  struct Sums {
    double d = 0, product = 0, second = 0;
  };

  const Stored& gradientOf(const Activation& activation) const {
    return of_.activations_[(size_t)activation.gradientOf].gradient;
  }

  /** The second term of an activation, where that is used for nothing else and so has no gradient of its own. */
  const Activation* aliasIn(const Activation& activation) const {
    if (activation.second < 0) return nullptr;
    const Activation& added = of_.activations_[(size_t)activation.second];
    return added.readers.empty() ? &added : nullptr;
  }

  std::vector<FinishChannel> finishChannels(const Source& source, const Activation& input) const {
    std::vector<FinishChannel> channels;
    const Stored& gradient = gradientOf(input);
    const Stored& y = of_.sources_[(size_t)input.source].y;
    const Stored* const residual = input.adder >= 0 ? &of_.activations_[(size_t)input.adder].gradient : nullptr;
    const Activation* const added = aliasIn(input);
    const auto normalizes = [](const Activation* a) { return a && a->adjustment == Adjustment::Normalize; };
    for (const int c : input.channels)
      channels.push_back(
          {.residual = residual ? firstRow(*residual, c) : -1,
           .to = firstRow(gradient, c),
           .y = source.first && normalizes(&input) ? firstRow(y, c) : -1,
           .second = source.first && normalizes(added) ? firstRow(of_.sources_[(size_t)added->source].y, c) : -1,
           .mean = values_.of(input, c).mean,
           .mean2 = added ? values_.of(*added, c).mean : 0});
    return channels;
  }

  template <class FinishOf>
  void gather(const Source& source, const Reader& reader, const Finishing& finishing, const FinishOf& finishAt) {
    Gather pass = source.gather;
    pass.reading = source.readingAgain;
    pass.reading.channels = reader.channels.data();
    pass.gradientPlaces = source.gradientPlaces.data();
    pass.finishing = finishing;
    const Stored& dy = gradientOf(of_.activations_[(size_t)source.activation]);
    parallel(of_.blocks_, of_.scratchBytes_, [&](int64_t block, void* scratch) {
      of_.kernels_.gatherBackward(pass, {.from = reader.block(tape_, block),
                                         .y = nullptr,
                                         .scratch = static_cast<float*>(scratch),
                                         .finish = finishAt(block),
                                         .dy = gradients_ + dy.offset + block * dy.block(),
                                         .examples = examplesOf(of_.batch_, block, of_.examples_)});
    });
  }

  template <class FinishOf>
  void convolution(const Source& source, const Reader& reader, const Finishing& finishing, const FinishOf& finishAt) {
    BackwardPass pass = source.backward;
    if (pass.outs == 0 && !pass.towardsInput) return;
    pass.reading.channels = reader.channels.data();
    pass.finishing = finishing;
    std::vector<SlopeChannel> slopes;
    std::vector<const Stored*> dz;
    std::vector<int64_t> dzRows;
    for (const int m : source.members) {
      const Source& member = of_.sources_[(size_t)m];
      addSlopes(member, source.outs, (int)dz.size(), slopes);
      dz.push_back(&gradientOf(of_.activations_[(size_t)member.activation]));
      dzRows.push_back(dz.back()->row());
    }
    pass.slopes = slopes.data();
    pass.dzRows = dzRows.data();
    // [block][member]
    std::vector<const float*> dzAt;
    for (int64_t block = 0; block < of_.blocks_; block++)
      for (const Stored* of : dz) dzAt.push_back(gradients_ + of->offset + block * of->block());
    const auto blockAt = [&](int64_t block, float* scratch) {
      return BackwardBlock{.from = reader.block(tape_, block),
                           .finish = finishAt(block),
                           .dz = dzAt.data() + (size_t)block * dz.size(),
                           .y = tape_ + source.y.offset + block * source.y.block(),
                           .scratch = scratch,
                           .examples = examplesOf(of_.batch_, block, of_.examples_),
                           .weightSums = nullptr,
                           .addsSums = false,
                           .weightTotals = nullptr};
    };
    if (pass.road == Road::Kept) byKept(source, pass, blockAt);
    else byAll(source, pass, blockAt);
  }

  /** run(part, its first block, the block behind its last, scratch) for each part. */
  template <class Run>
  void inParts(int64_t parts, const Run& run) const {
    parallel(parts, of_.scratchBytes_, [&](int64_t part, void* scratch) {
      run(part, of_.blocks_ * part / parts, of_.blocks_ * (part + 1) / parts, static_cast<float*>(scratch));
    });
  }

  template <class BlockAt>
  void byAll(const Source& source, BackwardPass& pass, const BlockAt& blockAt) {
    const DenseWeights weights(of_.kernels_, of_.sources_, of_.ranks_, source);
    if (pass.towardsInput) pass.dense = weights.backward(parameters_, weights_);
    const int64_t each = of_.kernels_.weightSumFloats(pass);
    float* const sums = weightSums_;
    const int64_t parts = of_.partsOf(each);
    inParts(parts, [&](int64_t part, int64_t begin, int64_t end, float* scratch) {
      float* const its = sums + part * each;
      for (int64_t block = begin; block < end; block++) {
        BackwardBlock at = blockAt(block, scratch);
        at.weightSums = its;
        at.addsSums = block > begin;
        of_.kernels_.denseBackward(pass, at);
      }
    });
    weights.scatterGradient(sums, parts, dparameters_);
  }

  template <class BlockAt>
  void byKept(const Source& source, BackwardPass& pass, const BlockAt& blockAt) {
    std::vector<Kept> kept;
    kept.reserve(source.backwardUses.size());
    for (const KeptUse& use : source.backwardUses)
      kept.push_back({use.offset, parameters_[source.kept[(size_t)use.weight].parameter]});
    pass.kept = kept.data();
    pass.starts = source.backwardStarts.data();
    const int64_t before = of_.backwardScratch(source), lanes = (int64_t)kept.size() * of_.width_;
    // Kept weights are few.
    const int64_t parts = of_.partsOf(0);
    Workspace partial(sizeof(double) * (size_t)parts * kept.size() + 1);
    double* const sums = partial.as<double>();
    inParts(parts, [&](int64_t part, int64_t begin, int64_t end, float* scratch) {
      double* const totals = sums + (size_t)part * kept.size();
      std::fill(totals, totals + kept.size(), 0.0);
      std::fill(scratch + before, scratch + before + lanes, 0.0f);
      for (int64_t block = begin; block < end; block++) {
        BackwardBlock at = blockAt(block, scratch);
        at.weightSums = scratch + before;
        at.weightTotals = totals;
        of_.kernels_.keptBackward(pass, at);
      }
    });
    parallelRanges((int64_t)kept.size(), 1 << 13, [&](int64_t begin, int64_t end) {
      for (size_t k = (size_t)begin; k < (size_t)end; k++) {
        double sum = 0;
        for (int64_t part = 0; part < parts; part++) sum += sums[(size_t)part * kept.size() + k];
        dparameters_[source.kept[(size_t)source.backwardUses[k].weight].parameter] = (float)sum;
      }
    });
  }

  /** dy of a convolution, the `number`th of its pass, out of the gradient behind its normalisation, as that passes it on. */
  void addSlopes(const Source& source, const std::vector<int>& all, int number, std::vector<SlopeChannel>& slopes) const {
    const Activation& read = of_.activations_[(size_t)source.activation];
    const Stored& gradient = gradientOf(read);
    const std::vector<Sums>& sums = sums_[(size_t)read.gradientOf];
    const bool isAlias = &of_.activations_[(size_t)read.gradientOf] != &read;
    const double n = (double)of_.batch_ * source.windows.outHeight * source.windows.outWidth;
    for (const int out : all) {
      const int c = out - source.firstOut;
      if (c < 0 || c >= source.channels) continue;
      SlopeChannel slope{.from = number, .dz = firstRow(gradient, c), .y = -1, .a = 1, .b = 0, .c = 0, .d = 0};
      if (read.adjustment == Adjustment::Normalize) {
        const ChannelAffine affine = values_.of(read, c);
        const double inverse = values_.inverse(read, c);
        const Sums& of = sums[(size_t)c];
        slope.y = firstRow(source.y, c);
        slope.a = affine.factor;
        slope.b = (float)(of.d / n);
        slope.c = affine.mean;
        slope.d = (float)(inverse * inverse * (isAlias ? of.second : of.product) / n);
      }
      slopes.push_back(slope);
    }
  }

  /** Of scales and shifts. */
  void adjustmentGradient(const Activation& activation, const std::vector<Sums>& sums, double Sums::* product) {
    if (activation.adjustment == Adjustment::None) return;
    const auto set = [&](int64_t place, double value) {
      const int at = of_.ranks_.at(place);
      if (at >= 0) dparameters_[at] = (float)value;
    };
    for (const int c : activation.channels) {
      set(activation.shift + c, sums[(size_t)c].d);
      if (activation.adjustment == Adjustment::Normalize)
        set(activation.scale + c, sums[(size_t)c].*product * values_.inverse(activation, c));
    }
  }

  const Program& of_;
  const float* tape_;
  const float* parameters_;
  float *dparameters_, *gradients_, *weights_, *weightSums_;
  Values values_;
  /** By activation that has a gradient of its own, by channel. */
  std::vector<std::vector<Sums>> sums_;
};

void Program::gradient(const float* tape, const float* parameters, const float* doutputs, float* dparameters) const {
  Workspace gradients(sizeof(float) * (size_t)gradientFloats_ + 1);
  Workspace weights(sizeof(float) * (size_t)weightFloats_ + 1), sums(sizeof(float) * (size_t)weightSumFloats_ + 1);
  Backward backward(*this, tape, parameters, dparameters, gradients.as<float>(), weights.as<float>(), sums.as<float>());
  backward.logits(doutputs);
  for (size_t s = sources_.size() - 1; s > 0; s--)
    if (sources_[s].leader == (int)s) {
      backward.capture((int)s, doutputs);
      backward.pass(sources_[s]);
    }
}

}  // namespace winnow
