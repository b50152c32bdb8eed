#pragma once
/// A small multilayer perceptron for regression: ReLU layers, squared error, minibatches, Adam or
/// RMSprop, early stopping on held-out rows.
///
/// Every row looks up one entry in each of several tables; the first layer sees these entries one
/// after another. A table is either a matrix of features, or (null) the identity, whose product
/// with the weights is a look-up: one-hot inputs cost no multiplication. A step costs about
/// 6 * batch * weights flops in sgemm. Targets are standardised inside. One thread, deterministic
/// by seed.
/// Adam: Kingma & Ba 2015, arXiv:1412.6980, with decoupled decay (Loshchilov & Hutter 2019,
/// arXiv:1711.05101).
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

struct MlpInput {
  std::vector<std::uint32_t> codes;      ///< entry of the table, per row
  std::size_t n_levels = 0;              ///< entries of the table
  const Matrix<float>* table = nullptr;  ///< n_levels x features, or null for one-hot
};

struct MlpOptions {
  enum class Optimiser { adam, rmsprop };
  std::vector<std::uint32_t> hidden = {128, 64};
  Optimiser optimiser = Optimiser::adam;
  std::uint32_t epochs = 30;
  std::uint32_t batch = 512;
  double learning_rate = 2e-3;
  bool decay_rate = true;  ///< half a cosine down to zero over the epochs
  double weight_decay = 0.0;
  double dropout = 0.0;         ///< share of hidden units left out in a training step
  bool reshuffle = true;        ///< new order of the rows in every epoch
  std::uint32_t patience = 10;  ///< epochs without a better tuning error before it stops
  std::uint64_t seed = 0;
};

class Mlp {
 public:
  /// Keeps the weights of the epoch with the lowest error on `tune`; of the last one if `tune` has
  /// no rows. `tune` has the same tables as `train`.
  static Mlp fit(const std::vector<MlpInput>& train, std::span<const float> y,
                 const std::vector<MlpInput>& tune, std::span<const float> tune_y,
                 const MlpOptions& options, const Context& context);
  [[nodiscard]] std::vector<float> predict(const std::vector<MlpInput>& inputs) const;
  [[nodiscard]] std::uint32_t best_epoch() const noexcept { return best_epoch_; }

 private:
  std::vector<std::size_t> widths_;  ///< input, hidden..., 1
  std::vector<float> weights_;       ///< per layer: width_in x width_out, then width_out biases
  float mean_ = 0.0F;                ///< of the training targets
  float scale_ = 1.0F;
  std::uint32_t best_epoch_ = 0;
};

}  // namespace cupel
