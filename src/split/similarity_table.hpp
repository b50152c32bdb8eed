#pragma once
/// A symmetric similarity of some items, held in memory, so that splitters may look values up in
/// any order.
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

class SimilarityTable final : public Similarity {
 public:
  /// `values`: n x n, row-major, symmetric.
  SimilarityTable(std::size_t n, std::vector<double> values, std::string kind,
                  std::string parameters);
  [[nodiscard]] std::string_view kind() const noexcept override { return kind_; }
  [[nodiscard]] std::string parameters() const override { return parameters_; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return n_; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return n_; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return true; }
  void values(Range rows, Range cols, std::span<double> out) const override;
  void at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const override;
  [[nodiscard]] double at(std::size_t row, std::size_t col) const override {
    return values_[row * n_ + col];
  }
  [[nodiscard]] std::span<const double> row(std::size_t i) const noexcept {
    return {values_.data() + i * n_, n_};
  }

 private:
  std::size_t n_;
  std::vector<double> values_;
  std::string kind_;
  std::string parameters_;
};

/// Computes every pair of a symmetric similarity once. 8 n^2 bytes.
SimilarityTable tabulate_similarity(const Similarity& similarity, const Context& context);

/// Some items of a symmetric similarity, renumbered in the order given; keeps a reference to it.
class SubsetSimilarity final : public Similarity {
 public:
  SubsetSimilarity(const Similarity& whole, std::vector<std::uint32_t> items);
  [[nodiscard]] std::string_view kind() const noexcept override { return whole_->kind(); }
  [[nodiscard]] std::string parameters() const override { return whole_->parameters(); }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return items_.size(); }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return items_.size(); }
  [[nodiscard]] bool is_symmetric() const noexcept override { return true; }
  void values(Range rows, Range cols, std::span<double> out) const override;

 private:
  const Similarity* whole_;
  std::vector<std::uint32_t> items_;
};

}  // namespace cupel
