#include "similarity/grouped.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cupel {
namespace {

class Grouped final : public Similarity {
 public:
  Grouped(std::unique_ptr<Similarity> inner, std::vector<std::vector<std::uint32_t>> members)
      : inner_(std::move(inner)), members_(std::move(members)) {}

  [[nodiscard]] std::string_view kind() const noexcept override { return inner_->kind(); }
  [[nodiscard]] std::string parameters() const override { return inner_->parameters(); }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return members_.size(); }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return members_.size(); }
  [[nodiscard]] bool is_symmetric() const noexcept override { return true; }
  [[nodiscard]] std::string instruction_set() const override { return inner_->instruction_set(); }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::vector<double> line(inner_->n_cols());
    std::fill(out.begin(), out.end(), -std::numeric_limits<double>::infinity());
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (const std::size_t member : members_[i]) {
        inner_->values({member, member + 1}, {0, line.size()}, line);
        for (std::size_t j = cols.begin; j < cols.end; ++j) {
          double& best = out[(i - rows.begin) * cols.size() + (j - cols.begin)];
          for (const auto other : members_[j]) best = std::max(best, line[other]);
        }
      }
    }
  }

 private:
  std::unique_ptr<Similarity> inner_;
  std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace

std::unique_ptr<Similarity> group_items(std::unique_ptr<Similarity> similarity,
                                        std::vector<std::vector<std::uint32_t>> members) {
  return std::make_unique<Grouped>(std::move(similarity), std::move(members));
}

}  // namespace cupel
