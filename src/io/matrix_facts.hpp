#pragma once
/// What the values of a matrix look like, measured on all of it (or on the first rows): the ground
/// on which a file that is called counts, or log-normalised, is believed or questioned.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "io/cells.hpp"

namespace cupel {

struct MatrixFacts {
  std::size_t n_rows = 0;  ///< rows looked at
  std::uint64_t n_nonzero = 0;
  std::uint64_t n_nan = 0;
  std::uint64_t n_infinite = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_fractional = 0;  ///< further than 1e-3 from a whole number
  double min = 0.0;                ///< of the finite values, zeros included
  double max = 0.0;
  double smallest_row_sum = 0.0;
  double median_row_sum = 0.0;
  double largest_row_sum = 0.0;
  /// Same of expm1 of the values: log1p of normalised counts have equal sums of expm1.
  double smallest_expm1_sum = 0.0;
  double median_expm1_sum = 0.0;
  double largest_expm1_sum = 0.0;
  std::size_t n_empty_rows = 0;
  std::size_t n_empty_columns = 0;
};

MatrixFacts measure(const CellMatrix& matrix, std::size_t max_rows, const Context& context);

enum class Scale : std::uint8_t { unknown, counts, normalized, log1p };
std::string_view to_string(Scale scale) noexcept;
/// Throws Error{usage} for a word that is none.
Scale parse_scale(std::string_view text);

/// What the facts allow: `counts` (whole, not negative), `log1p` (fractional, max < 15, not
/// negative), else unknown; with the reason in words.
struct ScaleGuess {
  Scale scale = Scale::unknown;
  std::string because;
};
ScaleGuess looks_like(const MatrixFacts& facts);

/// What is done to every cell before anything else.
struct CellTransform {
  double target_sum = 0.0;     ///< > 0: scale the cell's sum to this; 0: leave it
  bool median_target = false;  ///< scale to the median of the cells' sums
  bool log1p = false;
  [[nodiscard]] bool is_identity() const noexcept {
    return target_sum <= 0.0 && !median_target && !log1p;
  }
  [[nodiscard]] std::string text() const;  ///< "normalize_total 10000, log1p"
};
/// "none", "median", or a number.
CellTransform parse_transform(std::string_view normalize, bool log1p);
/// In place: x / sum * target, then log1p, computed in double, so that equal shares of two cells
/// give equal numbers; scanpy computes in the type of the matrix, and float32 makes ties and breaks
/// them. `median` is the target where median_target is set (from `median_sum`). Cells without
/// counts stay zero. The same for any number of threads.
void apply(const CellTransform& transform, double median, CellBlock<float>& block,
           const Context& context = {});
void apply(const CellTransform& transform, double median, CellBlock<double>& block,
           const Context& context = {});
/// Median of the sums of the cells with counts (scanpy.pp.normalize_total's default target).
double median_sum(const CellMatrix& matrix, const Context& context);

}  // namespace cupel
