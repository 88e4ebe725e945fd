// One run of a program: each layer is a pass over all blocks, of which none depends on another.
#include <algorithm>

#include "../engine/buffers.h"
#include "../engine/threads.h"
#include "dense-weights.h"
#include "reader.h"

namespace winnow {

class Forward {
 public:
  /** `weights` has room for those of any pass. */
  Forward(const Program& program, const float* parameters, float* tape, float* weights)
      : of_(program), parameters_(parameters), tape_(tape), weights_(weights), values_(program.ranks_, parameters, tape) {}

  void images(const float* images) {
    const Source& source = of_.sources_[0];
    const Stored& y = source.y;
    const int E = of_.examples_, width = y.width, height = y.height, channels = source.channels;
    parallel(of_.blocks_, [&](int64_t block) {
      float* const to = tape_ + y.offset + block * y.block();
      std::fill(to, to + y.block(), 0.0f);
      const int last = examplesOf(of_.batch_, block, E) - 1;
      // Lanes without an example repeat the last: others might overflow where the batch does not, and count as 0 × Inf.
      for (int e = 0; e < E; e++) {
        const float* from = images + (block * E + std::min(e, last)) * height * width * channels;
        for (int row = 0; row < height; row++)
          for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++) to[row * y.row() + c * y.pitch + x * E + e] = *from++;
      }
    });
  }

  /** The pass of a leader. */
  void pass(const Source& source, const float* means, const float* variances) {
    const Reader reader(of_.sources_, of_.activations_, source, values_, false);
    if (source.kind == SourceKind::Gather) return gather(source, reader);
    ForwardPass pass = source.forward;
    pass.reading.channels = reader.channels.data();
    std::vector<Kept> kept;
    kept.reserve(source.forwardUses.size());
    for (const KeptUse& use : source.forwardUses)
      kept.push_back({use.offset, parameters_[source.kept[(size_t)use.weight].parameter]});
    pass.kept = kept.data();
    pass.starts = source.forwardStarts.data();
    if (pass.road != Road::Kept)
      pass.dense = DenseWeights(of_.kernels_, of_.sources_, of_.ranks_, source).forward(parameters_, weights_);
    bool measures = false;
    for (const int m : source.members) measures |= normalizes(m) && !means;
    std::vector<Moments> moments(measures ? (size_t)(of_.blocks_ * pass.outs) : 0);
    if (pass.outs > 0 || reader.stores)
      parallel(of_.blocks_, of_.scratchBytes_, [&](int64_t block, void* scratch) {
        of_.kernels_.forwardPass(pass, {.from = reader.block(tape_, block),
                                        .y = tape_ + source.y.offset + block * source.y.block(),
                                        .scratch = static_cast<float*>(scratch),
                                        .examples = examplesOf(of_.batch_, block, of_.examples_),
                                        .moments = measures ? moments.data() + block * pass.outs : nullptr});
      });
    for (const int m : source.members)
      if (normalizes(m)) normalize(of_.sources_[(size_t)m], source.outs, moments, means, variances);
  }

  /** What a source has read, where that is shown. */
  void capture(const Source& source, float* outputs) const {
    const Activation& input = of_.activations_[(size_t)source.input];
    if (input.captured < 0 || !source.first) return;
    const Reader reader(of_.sources_, of_.activations_, source, values_, true);
    Capture pass = of_.captureOf(source);
    pass.reading.channels = reader.channels.data();
    const int64_t floats = (int64_t)pass.height * pass.width * pass.reading.count;
    parallel(of_.blocks_, of_.scratchBytes_, [&](int64_t block, void* scratch) {
      of_.kernels_.captureForward(pass, {.from = reader.block(tape_, block),
                                         .images = outputs + input.captured + block * of_.examples_ * floats,
                                         .dimages = nullptr,
                                         .gradient = nullptr,
                                         .scratch = static_cast<float*>(scratch),
                                         .examples = examplesOf(of_.batch_, block, of_.examples_)});
    });
  }

  void logits(float* logits) const {
    const Activation& last = of_.activations_[(size_t)of_.logits_];
    const Source& source = of_.sources_[(size_t)last.source];
    const int classes = source.channels, E = of_.examples_;
    for (int c = 0; c < classes; c++) {
      const ChannelAffine affine = values_.of(last, c);
      const int64_t first = firstRow(source.y, c);
      for (int64_t n = 0; n < of_.batch_; n++) {
        const float y = first < 0 ? 0 : tape_[source.y.offset + n / E * source.y.block() + first + n % E];
        logits[n * classes + c] = (y - affine.mean) * affine.factor + affine.shift;
      }
    }
  }

 private:
  void gather(const Source& source, const Reader& reader) {
    Gather pass = source.gather;
    pass.reading.channels = reader.channels.data();
    pass.places = source.places.data();
    parallel(of_.blocks_, of_.scratchBytes_, [&](int64_t block, void* scratch) {
      float* const y = tape_ + source.y.offset + block * source.y.block();
      std::fill(y, y + source.y.block(), 0.0f);
      of_.kernels_.gatherForward(pass, {.from = reader.block(tape_, block),
                                        .y = y,
                                        .scratch = static_cast<float*>(scratch),
                                        .finish = {},
                                        .dy = nullptr,
                                        .examples = examplesOf(of_.batch_, block, of_.examples_)});
    });
  }

  bool normalizes(int source) const {
    const Activation& read = of_.activations_[(size_t)of_.sources_[(size_t)source].activation];
    return read.adjustment == Adjustment::Normalize;
  }

  /** Means and inverse deviations of what a convolution left among `all` outputs of its pass: of its blocks in order, in float64. */
  void normalize(const Source& source, const std::vector<int>& all, const std::vector<Moments>& moments,
                 const float* means, const float* variances) {
    const Activation& activation = of_.activations_[(size_t)source.activation];
    const size_t channels = activation.live.size();
    float* const mean = tape_ + activation.statistics;
    float* const inverse = mean + channels;
    const auto inverseOf = [&](double variance) { return (float)(1 / std::sqrt(variance + activation.epsilon)); };
    if (means) {
      for (size_t c = 0; c < channels; c++) {
        mean[c] = means[activation.given + (int64_t)c];
        inverse[c] = inverseOf(variances[activation.given + (int64_t)c]);
      }
      return;
    }
    // Of channels that no weight reaches, which are 0 everywhere.
    std::fill(mean, mean + channels, 0.0f);
    std::fill(inverse, inverse + channels, inverseOf(0));
    const size_t outs = all.size();
    const double pixels = (double)source.windows.outHeight * source.windows.outWidth;
    const double n = pixels * (double)of_.batch_;
    for (size_t o = 0; o < outs; o++) {
      const int channel = all[o] - source.firstOut;
      if (channel < 0 || channel >= source.channels) continue;
      double sum = 0, squares = 0;
      const auto countOf = [&](int64_t block) { return pixels * examplesOf(of_.batch_, block, of_.examples_); };
      for (int64_t b = 0; b < of_.blocks_; b++) sum += countOf(b) * moments[(size_t)b * outs + o].mean;
      for (int64_t b = 0; b < of_.blocks_; b++) {
        const Moments& block = moments[(size_t)b * outs + o];
        const double away = block.mean - sum / n;
        squares += block.squares + countOf(b) * away * away;
      }
      const size_t c = (size_t)channel;
      mean[c] = (float)(sum / n);
      inverse[c] = inverseOf(squares / n);
    }
  }

  const Program& of_;
  const float* parameters_;
  float *tape_, *weights_;
  Values values_;
};

void Program::run(const float* images, const float* parameters, const float* means, const float* variances, float* tape,
                  float* outputs) const {
  Workspace weights(sizeof(float) * (size_t)weightFloats_ + 1);
  Forward forward(*this, parameters, tape, weights.as<float>());
  forward.images(images);
  for (size_t s = 1; s < sources_.size(); s++)
    if (sources_[s].leader == (int)s) {
      forward.pass(sources_[s], means, variances);
      forward.capture(sources_[s], outputs);
    }
  forward.logits(outputs);
}

}  // namespace winnow
