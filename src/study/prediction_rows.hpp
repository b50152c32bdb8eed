#pragma once
/// Lines of a prediction file matched with samples. Nothing is dropped in silence: what cannot be
/// used is counted in Diagnostics by kind, with examples that name the line.
///
/// | code | what | what is done |
/// |---|---|---|
/// | prediction_unknown_row | row number beyond the source file | line ignored |
/// | prediction_of_left_out_row | row that was left out of the data set | line ignored |
/// | prediction_unknown_drug, prediction_unknown_cell | id that the data do not have | line ignored
/// | | prediction_unknown_pair | drug and cell known, but never measured together | line ignored |
/// | prediction_without_value | empty cell, NaN | no prediction |
/// | prediction_infinite | inf | no prediction |
/// | duplicate_prediction | the same row again with the same value | kept once |
/// | conflicting_prediction | the same row again with another value | the first in the file is kept
/// |
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/table.hpp"

namespace cupel {

/// Which columns of the table say what a line is about. Either `row`, or `drug` and `cell`.
struct PredictionColumns {
  const Column* row = nullptr;
  const Column* drug = nullptr;
  const Column* cell = nullptr;
  const Column* prediction = nullptr;
};

/// The columns named in `columns` (keys row, drug, cell); without names `row`, else `drug` and
/// `cell`, else the columns of the responses in `data_columns`.
/// Throws Error{input} that lists the columns there are, or if the prediction is not numeric.
PredictionColumns find_prediction_columns(const Table& table,
                                          const std::map<std::string, std::string>& columns,
                                          const std::string& prediction,
                                          const std::map<std::string, std::string>& data_columns);

/// From what people write in files to samples of a data set.
class SampleLookup {
 public:
  explicit SampleLookup(const Dataset& data);
  /// The samples that a line is about: none, one, or all replicates of a pair. Problems are counted
  /// with the line's place.
  [[nodiscard]] std::span<const std::uint32_t> find(const Table& table,
                                                    const PredictionColumns& columns,
                                                    std::size_t line_index,
                                                    Diagnostics& diagnostics) const;

 private:
  [[nodiscard]] std::span<const std::uint32_t> find_row(const Table& table, const Column& column,
                                                        std::size_t i,
                                                        Diagnostics& diagnostics) const;
  [[nodiscard]] std::span<const std::uint32_t> find_pair(const Table& table,
                                                         const PredictionColumns& columns,
                                                         std::size_t i,
                                                         Diagnostics& diagnostics) const;
  const Dataset& data_;
  std::vector<std::uint32_t> sample_of_row_;   ///< n_source_rows; kNone = left out
  std::vector<std::uint64_t> pair_;            ///< sorted: drug code << 32 | cell code
  std::vector<std::uint32_t> sample_of_pair_;  ///< in the order of pair_
};

struct SamplePrediction {
  std::uint32_t sample = 0;
  std::uint32_t line = 0;  ///< index of the table's row
  double value = 0.0;      ///< finite, or NaN = no prediction
};

/// NaN (counted) for what is no finite number.
double checked_prediction(const Table& table, const PredictionColumns& columns, std::size_t i,
                          Diagnostics& diagnostics);

/// Sorts by sample and keeps the first line of each; the others are counted.
void keep_first_per_sample(std::vector<SamplePrediction>& predictions, const Dataset& data,
                           const Table& table, Diagnostics& diagnostics);

/// "row 17 (Erlotinib, HL60)".
std::string sample_text(const Dataset& data, std::uint32_t sample);

}  // namespace cupel
