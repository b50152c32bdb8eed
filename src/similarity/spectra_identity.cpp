#include <optional>

#include "similarity/alignment.hpp"
#include "similarity/alignment_identity.hpp"

namespace cupel {
namespace {

class SpectraIdentity final : public Similarity {
 public:
  SpectraIdentity(std::vector<std::string> rows, const std::vector<std::string>* cols)
      : rows_(std::move(rows)) {
    if (cols) own_cols_ = *cols;
  }
  std::string_view kind() const noexcept override { return "spectra-identity"; }
  std::string parameters() const override { return "orientation=row,column"; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }

  void values(Range rows, Range col_range, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = col_range.begin; j < col_range.end; ++j, ++k) {
        const bool swap = is_symmetric() && j < i;
        out[k] =
            swap ? spectra_identity(cols()[j], rows_[i]) : spectra_identity(rows_[i], cols()[j]);
      }
    }
  }

 private:
  const std::vector<std::string>& cols() const noexcept { return own_cols_ ? *own_cols_ : rows_; }
  std::vector<std::string> rows_;
  std::optional<std::vector<std::string>> own_cols_;
};

}  // namespace

std::unique_ptr<Similarity> make_spectra_identity(std::vector<std::string> rows,
                                                  const std::vector<std::string>* cols) {
  return std::make_unique<SpectraIdentity>(std::move(rows), cols);
}

}  // namespace cupel
