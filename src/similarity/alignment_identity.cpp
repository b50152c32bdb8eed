#include "similarity/alignment_identity.hpp"

#include <algorithm>
#include <optional>

#include "similarity/alignment_tile.hpp"

namespace cupel {
namespace {

class AlignmentIdentity final : public Similarity {
 public:
  AlignmentIdentity(const std::vector<std::string>& rows, const std::vector<std::string>* cols,
                    IdentityOptions options)
      : options_(std::move(options)), rows_(rows, options_.scoring) {
    if (cols) own_cols_.emplace(*cols, options_.scoring);
    kernels_ = options_.kernels ? options_.kernels : &align_kernels();
  }
  std::string_view kind() const noexcept override { return options_.kind; }
  std::string parameters() const override { return options_.parameters; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  std::string instruction_set() const override { return kernels_->name; }
  TileShape tile_shape() const noexcept override { return {.rows = 64, .cols = 1024}; }

  void values(Range rows, Range col_range, std::span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);  // of empty sequences
    align(rows, col_range, {}, [&](std::uint32_t i, std::uint32_t j, const AlignmentSums& sums) {
      out[(i - rows.begin) * col_range.size() + (j - col_range.begin)] = value(i, j, sums);
    });
  }

  void at_least(Range rows, Range col_range, double threshold,
                std::vector<Hit>& out) const override {
    if (threshold <= 0.0) {
      Similarity::at_least(rows, col_range, threshold, out);
      return;
    }
    const auto n_before = static_cast<std::ptrdiff_t>(out.size());
    align(rows, col_range, threshold,
          [&](std::uint32_t i, std::uint32_t j, const AlignmentSums& sums) {
            const double similarity = value(i, j, sums);
            if (similarity >= threshold) out.push_back({i, j, similarity});
          });
    std::sort(out.begin() + n_before, out.end(), [](const Hit& a, const Hit& b) {
      return a.row != b.row ? a.row < b.row : a.col < b.col;
    });
  }

 private:
  const AlignedItems& cols() const noexcept { return own_cols_ ? *own_cols_ : rows_; }

  double value(std::size_t i, std::size_t j, const AlignmentSums& sums) const noexcept {
    return identity(sums, options_.scoring, rows_.length(i), cols().length(j));
  }

  void align(Range rows, Range col_range, std::optional<double> threshold,
             const TakeAlignment& take) const {
    const auto queries = by_length(rows_, rows);
    const auto targets = by_length(cols(), col_range);
    align_tile({.queries = rows_,
                .targets = cols(),
                .query_list = queries,
                .target_list = targets,
                .at_least = threshold},
               options_.scoring, *kernels_, take);
  }

  IdentityOptions options_;
  AlignedItems rows_;
  std::optional<AlignedItems> own_cols_;
  const AlignKernels* kernels_ = nullptr;
};

}  // namespace

std::unique_ptr<Similarity> make_alignment_identity(const std::vector<std::string>& rows,
                                                    const std::vector<std::string>* cols,
                                                    const IdentityOptions& options) {
  return std::make_unique<AlignmentIdentity>(rows, cols, options);
}

}  // namespace cupel
