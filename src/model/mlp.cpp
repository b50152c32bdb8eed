#include "model/mlp.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "base/random.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

std::size_t width_of(const MlpInput& input) {
  return input.table == nullptr ? input.n_levels : input.table->cols;
}

/// Where the layers lie in the flat vector of weights.
struct Layout {
  std::vector<std::size_t> widths;
  std::vector<std::size_t> weight_at;  ///< per layer
  std::vector<std::size_t> bias_at;
  std::size_t size = 0;

  explicit Layout(std::vector<std::size_t> all_widths) : widths(std::move(all_widths)) {
    for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) {
      weight_at.push_back(size);
      bias_at.push_back(size + widths[layer] * widths[layer + 1]);
      size = bias_at.back() + widths[layer + 1];
    }
  }
  [[nodiscard]] std::size_t n_layers() const noexcept { return weight_at.size(); }
};

/// delta = activation > 0 ? delta * kept : 0, on the bits: g++ does not vectorise comparisons of
/// floats, and as branches they took a third of the time of a fit.
void pass_active(const std::vector<float>& activation, std::span<float> delta, float kept) {
  for (std::size_t i = 0; i < delta.size(); ++i) {
    const bool is_active = std::bit_cast<std::int32_t>(activation[i]) > 0;
    const auto mask = static_cast<std::uint32_t>(-static_cast<std::int32_t>(is_active));
    delta[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(delta[i] * kept) & mask);
  }
}

/// The activations of one batch, and the backward pass that follows them.
class Pass {
 public:
  Pass(const Layout& layout, const std::vector<MlpInput>& inputs, std::size_t max_rows)
      : layout_(layout), inputs_(inputs), dense_(inputs.size()) {
    for (std::size_t layer = 0; layer < layout.n_layers(); ++layer) {
      activation_.emplace_back(max_rows * layout.widths[layer + 1]);
      delta_.emplace_back(max_rows * layout.widths[layer + 1]);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].table != nullptr) dense_[i].resize(max_rows * inputs[i].table->cols);
    }
  }

  /// Outputs for `rows`; `keep` (1 / (1 - dropout) or 0 per hidden unit) may be null.
  std::span<const float> forward(std::span<const std::uint32_t> rows, const float* weights,
                                 Rng* dropout_rng, double dropout) {
    first_layer(rows, weights);
    const std::size_t n = rows.size();
    for (std::size_t layer = 1; layer < layout_.n_layers(); ++layer) {
      rectify(layer - 1, n, dropout_rng, dropout);
      fill_bias(layer, n, weights);
      blas::multiply(n, layout_.widths[layer + 1], layout_.widths[layer], 1.0F,
                     activation_[layer - 1].data(), false, weights + layout_.weight_at[layer],
                     false, 1.0F, activation_[layer].data());
    }
    return {activation_.back().data(), n};
  }

  /// Gradient of the mean squared error of the last forward pass, into `gradient` (overwritten).
  void backward(std::span<const std::uint32_t> rows, std::span<const float> y, const float* weights,
                std::vector<float>& gradient, double dropout) {
    const std::size_t n = rows.size();
    auto& last = delta_.back();
    for (std::size_t r = 0; r < n; ++r) {
      last[r] = 2.0F * (activation_.back()[r] - y[rows[r]]) / static_cast<float>(n);
    }
    const float kept = static_cast<float>(1.0 / (1.0 - dropout));
    for (std::size_t layer = layout_.n_layers() - 1; layer > 0; --layer) {
      const std::size_t in = layout_.widths[layer];
      const std::size_t out = layout_.widths[layer + 1];
      const auto& below = activation_[layer - 1];
      blas::multiply(in, out, n, 1.0F, below.data(), true, delta_[layer].data(), false, 0.0F,
                     gradient.data() + layout_.weight_at[layer]);
      sum_columns(layer, n, gradient);
      auto& delta_below = delta_[layer - 1];
      blas::multiply(n, in, out, 1.0F, delta_[layer].data(), false,
                     weights + layout_.weight_at[layer], true, 0.0F, delta_below.data());
      pass_active(below, std::span(delta_below).first(n * in), kept);
    }
    first_layer_gradient(rows, gradient);
  }

 private:
  void fill_bias(std::size_t layer, std::size_t n, const float* weights) {
    const float* bias = weights + layout_.bias_at[layer];
    const std::size_t width = layout_.widths[layer + 1];
    for (std::size_t r = 0; r < n; ++r) std::copy_n(bias, width, &activation_[layer][r * width]);
  }

  void first_layer(std::span<const std::uint32_t> rows, const float* weights) {
    fill_bias(0, rows.size(), weights);
    const std::size_t width = layout_.widths[1];
    const float* block = weights;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const MlpInput& input = inputs_[i];
      if (input.table == nullptr) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
          const float* entry = block + input.codes[rows[r]] * width;
          float* to = activation_[0].data() + r * width;
          for (std::size_t k = 0; k < width; ++k) to[k] += entry[k];
        }
      } else {
        const std::size_t cols = input.table->cols;
        for (std::size_t r = 0; r < rows.size(); ++r) {
          std::copy_n(input.table->row(input.codes[rows[r]]).data(), cols,
                      dense_[i].data() + r * cols);
        }
        blas::multiply(rows.size(), width, cols, 1.0F, dense_[i].data(), false, block, false, 1.0F,
                       activation_[0].data());
      }
      block += width_of(input) * width;
    }
  }

  void first_layer_gradient(std::span<const std::uint32_t> rows, std::vector<float>& gradient) {
    const std::size_t width = layout_.widths[1];
    float* block = gradient.data();
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const MlpInput& input = inputs_[i];
      if (input.table == nullptr) {
        std::fill_n(block, input.n_levels * width, 0.0F);
        for (std::size_t r = 0; r < rows.size(); ++r) {
          float* entry = block + input.codes[rows[r]] * width;
          const float* from = delta_[0].data() + r * width;
          for (std::size_t k = 0; k < width; ++k) entry[k] += from[k];
        }
      } else {
        blas::multiply(input.table->cols, width, rows.size(), 1.0F, dense_[i].data(), true,
                       delta_[0].data(), false, 0.0F, block);
      }
      block += width_of(input) * width;
    }
    sum_columns(0, rows.size(), gradient);
  }

  void sum_columns(std::size_t layer, std::size_t n, std::vector<float>& gradient) {
    const std::size_t width = layout_.widths[layer + 1];
    float* sums = gradient.data() + layout_.bias_at[layer];
    std::fill_n(sums, width, 0.0F);
    for (std::size_t r = 0; r < n; ++r) {
      const float* from = delta_[layer].data() + r * width;
      for (std::size_t k = 0; k < width; ++k) sums[k] += from[k];
    }
  }

  void rectify(std::size_t layer, std::size_t n, Rng* rng, double dropout) {
    auto& values = activation_[layer];
    const std::size_t size = n * layout_.widths[layer + 1];
    for (std::size_t i = 0; i < size; ++i) values[i] = std::max(values[i], 0.0F);
    if (rng == nullptr || dropout <= 0.0) return;
    const auto threshold = static_cast<std::uint32_t>(dropout * 4294967295.0);
    const float kept = static_cast<float>(1.0 / (1.0 - dropout));
    for (std::size_t i = 0; i < size; ++i) {
      values[i] = (*rng)() < threshold ? 0.0F : values[i] * kept;
    }
  }

  const Layout& layout_;
  const std::vector<MlpInput>& inputs_;
  std::vector<std::vector<float>> dense_;
  std::vector<std::vector<float>> activation_;
  std::vector<std::vector<float>> delta_;
};

/// Adam with decoupled weight decay, or RMSprop (no momentum).
class Optimiser {
 public:
  Optimiser(const MlpOptions& options, std::size_t size)
      : options_(options), first_(size, 0.0F), second_(size, 0.0F) {}

  void step(std::vector<float>& weights, const std::vector<float>& gradient, double rate) {
    ++steps_;
    const bool adam = options_.optimiser == MlpOptions::Optimiser::adam;
    const float keep_first = adam ? 0.9F : 0.0F;
    const float keep_second = adam ? 0.999F : 0.99F;
    const double t = static_cast<double>(steps_);
    const double correction =
        adam ? std::sqrt(1.0 - std::pow(0.999, t)) / (1.0 - std::pow(0.9, t)) : 1.0;
    const auto scaled = static_cast<float>(rate * correction);
    const auto decay = static_cast<float>(1.0 - rate * options_.weight_decay);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const float g = gradient[i];
      first_[i] = keep_first * first_[i] + (1.0F - keep_first) * g;
      second_[i] = keep_second * second_[i] + (1.0F - keep_second) * g * g;
      weights[i] = decay * weights[i] - scaled * first_[i] / (std::sqrt(second_[i]) + 1e-8F);
    }
  }

 private:
  const MlpOptions& options_;
  std::vector<float> first_;
  std::vector<float> second_;
  std::uint64_t steps_ = 0;
};

/// Uniform in +-1/sqrt(fan in), biases too: PyTorch's default for linear layers. A one-hot block
/// counts with its full width, so that identities start out nearly alike.
std::vector<float> initial_weights(const Layout& layout, std::uint64_t seed) {
  std::vector<float> weights(layout.size, 0.0F);
  Rng rng(seed, "mlp weights");
  for (std::size_t layer = 0; layer < layout.n_layers(); ++layer) {
    const double bound =
        1.0 / std::sqrt(static_cast<double>(std::max<std::size_t>(layout.widths[layer], 1)));
    const std::size_t end = layout.bias_at[layer] + layout.widths[layer + 1];
    for (std::size_t i = layout.weight_at[layer]; i < end; ++i) {
      weights[i] = static_cast<float>(bound * (2.0 * rng.uniform() - 1.0));
    }
  }
  return weights;
}

constexpr std::size_t kPredictBatch = 1024;

std::vector<float> outputs(const Layout& layout, const std::vector<MlpInput>& inputs,
                           std::span<const float> weights) {
  const std::size_t n = inputs.empty() ? 0 : inputs.front().codes.size();
  std::vector<float> out;
  out.reserve(n);
  Pass pass(layout, inputs, std::min(n, kPredictBatch));
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  for (std::size_t begin = 0; begin < n; begin += kPredictBatch) {
    const auto batch = std::span(rows).subspan(begin, std::min(kPredictBatch, n - begin));
    const auto values = pass.forward(batch, weights.data(), nullptr, 0.0);
    out.insert(out.end(), values.begin(), values.end());
  }
  return out;
}

double mean_squared_error(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double error = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += error * error;
  }
  return sum / static_cast<double>(std::max<std::size_t>(a.size(), 1));
}

std::vector<float> standardised(std::span<const float> y, float mean, float scale) {
  std::vector<float> out(y.begin(), y.end());
  for (float& value : out) value = (value - mean) / scale;
  return out;
}

}  // namespace

Mlp Mlp::fit(const std::vector<MlpInput>& train, std::span<const float> y,
             const std::vector<MlpInput>& tune, std::span<const float> tune_y,
             const MlpOptions& options, const Context& context) {
  Mlp model;
  std::size_t width_in = 0;
  for (const auto& input : train) width_in += width_of(input);
  model.widths_.push_back(width_in);
  for (const std::uint32_t width : options.hidden) model.widths_.push_back(width);
  model.widths_.push_back(1);
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
  double squares = 0.0;
  for (const float value : y)
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(y.size()));
  model.mean_ = static_cast<float>(mean);
  model.scale_ = deviation > 0.0 ? static_cast<float>(deviation) : 1.0F;
  const auto target = standardised(y, model.mean_, model.scale_);
  const auto tune_target = standardised(tune_y, model.mean_, model.scale_);

  const Layout layout(model.widths_);
  if (deviation <= 1e-7 * std::abs(mean)) {  // a constant target: the mean says it all
    model.weights_.assign(layout.size, 0.0F);
    return model;
  }
  std::vector<float> weights = initial_weights(layout, options.seed);
  std::vector<float> gradient(layout.size);
  Optimiser optimiser(options, layout.size);
  Pass pass(layout, train, options.batch);
  Rng shuffle_rng(options.seed, "mlp order");
  Rng dropout_rng(options.seed, "mlp dropout");
  std::vector<std::uint32_t> order(y.size());
  std::iota(order.begin(), order.end(), 0U);
  shuffle_rng.shuffle(std::span<std::uint32_t>(order));

  double best_error = std::numeric_limits<double>::infinity();
  model.weights_ = weights;
  for (std::uint32_t epoch = 0; epoch < options.epochs; ++epoch) {
    if (epoch > 0 && options.reshuffle) shuffle_rng.shuffle(std::span<std::uint32_t>(order));
    for (std::size_t begin = 0; begin < order.size(); begin += options.batch) {
      context.check_cancelled();
      const auto rows = std::span<const std::uint32_t>(order).subspan(
          begin, std::min<std::size_t>(options.batch, order.size() - begin));
      const double progress =
          (epoch + static_cast<double>(begin) / static_cast<double>(order.size())) /
          static_cast<double>(options.epochs);
      const double rate =
          options.learning_rate *
          (options.decay_rate ? 0.5 * (1.0 + std::cos(std::numbers::pi * progress)) : 1.0);
      pass.forward(rows, weights.data(), &dropout_rng, options.dropout);
      pass.backward(rows, target, weights.data(), gradient, options.dropout);
      optimiser.step(weights, gradient, rate);
    }
    const double error = tune_target.empty()
                             ? -static_cast<double>(epoch)
                             : mean_squared_error(outputs(layout, tune, weights), tune_target);
    if (error < best_error) {
      best_error = error;
      model.weights_ = weights;
      model.best_epoch_ = epoch + 1;
    } else if (epoch + 1 >= model.best_epoch_ + options.patience) {
      break;
    }
  }
  return model;
}

std::vector<float> Mlp::predict(const std::vector<MlpInput>& inputs) const {
  const Layout layout(widths_);
  std::vector<float> out = outputs(layout, inputs, weights_);
  for (float& value : out) value = mean_ + scale_ * value;
  return out;
}

}  // namespace cupel
