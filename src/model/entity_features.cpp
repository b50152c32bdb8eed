#include "model/entity_features.hpp"

#include <algorithm>

#include "cupel/error.hpp"
#include "model/pca.hpp"

namespace cupel {
namespace {

std::vector<std::uint32_t> present_ids(const FeatureBlock& block,
                                       std::span<const std::uint8_t> wanted) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t id = 0; id < block.present.size(); ++id) {
    if (block.present[id] && (wanted.empty() || wanted[id])) ids.push_back(id);
  }
  return ids;
}

void append_column(std::vector<Matrix<float>>& parts, const FeatureBlock& block) {
  Matrix<float> absent(block.present.size(), 1);
  for (std::size_t id = 0; id < block.present.size(); ++id) {
    absent(id, 0) = block.present[id] ? 0.0F : 1.0F;
  }
  parts.push_back(std::move(absent));
}

Matrix<float> side_by_side(const std::vector<Matrix<float>>& parts, std::size_t n_rows) {
  std::size_t cols = 0;
  for (const auto& part : parts) cols += part.cols;
  Matrix<float> out(n_rows, cols);
  for (std::size_t r = 0; r < n_rows; ++r) {
    auto to = out.row(r).begin();
    for (const auto& part : parts) to = std::copy(part.row(r).begin(), part.row(r).end(), to);
  }
  return out;
}

}  // namespace

EntityFeatures entity_components(const Entity& entity, std::span<const std::string> blocks,
                                 std::span<const std::uint32_t> training_samples,
                                 std::size_t n_components, std::uint64_t seed) {
  const std::size_t n_ids = entity.ids.size();
  EntityFeatures features{.table = {}, .has = std::vector<std::uint8_t>(n_ids, 0)};
  std::vector<std::uint8_t> in_training(n_ids, 0);
  for (const std::uint32_t sample : training_samples)
    in_training[entity.code_of_sample[sample]] = 1;

  std::vector<Matrix<float>> parts;
  for (const auto& name : blocks) {
    const FeatureBlock* block = entity.find_features(name);
    if (block == nullptr) {
      fail(ErrorKind::internal, entity.name + " has no feature block \"" + name + "\"");
    }
    const auto present = present_ids(*block, {});
    const auto fitting = present_ids(*block, in_training);
    for (const std::uint32_t id : present) features.has[id] = 1;
    const Pca pca = fit_pca(block->values, fitting, n_components, seed);
    const Matrix<float> scores = pca.scores(block->values, present);
    Matrix<float> part(n_ids, scores.cols, 0.0F);
    for (std::size_t r = 0; r < present.size(); ++r) {
      std::copy(scores.row(r).begin(), scores.row(r).end(), part.row(present[r]).begin());
    }
    parts.push_back(std::move(part));
    if (blocks.size() > 1 && present.size() < n_ids) append_column(parts, *block);
  }
  features.table = side_by_side(parts, n_ids);
  return features;
}

}  // namespace cupel
