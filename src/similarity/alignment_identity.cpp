#include "similarity/alignment_identity.hpp"

#include <optional>

namespace cupel {
namespace {

class AlignmentIdentity final : public Similarity {
 public:
  AlignmentIdentity(std::vector<std::string> rows, const std::vector<std::string>* cols,
                    IdentityOptions options)
      : rows_(std::move(rows)), options_(std::move(options)) {
    if (cols) own_cols_ = *cols;
  }
  std::string_view kind() const noexcept override { return options_.kind; }
  std::string parameters() const override { return options_.parameters; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  TileShape tile_shape() const noexcept override { return {.rows = 64, .cols = 1024}; }

  void values(Range rows, Range col_range, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = col_range.begin; j < col_range.end; ++j, ++k) {
        const auto sums = align_reference(rows_[i], cols()[j], options_.scoring);
        out[k] = identity(sums, options_.scoring, rows_[i].size(), cols()[j].size());
      }
    }
  }

 private:
  const std::vector<std::string>& cols() const noexcept { return own_cols_ ? *own_cols_ : rows_; }
  std::vector<std::string> rows_;
  std::optional<std::vector<std::string>> own_cols_;
  IdentityOptions options_;
};

}  // namespace

std::unique_ptr<Similarity> make_alignment_identity(std::vector<std::string> rows,
                                                    const std::vector<std::string>* cols,
                                                    const IdentityOptions& options) {
  return std::make_unique<AlignmentIdentity>(std::move(rows), cols, options);
}

}  // namespace cupel
