#pragma once
/// Lines of a prediction file matched with samples. Nothing is dropped in silence: what cannot be
/// used is counted in Diagnostics by kind, with examples that name the line.
///
/// | code | what | what is done |
/// |---|---|---|
/// | prediction_unknown_row | row number beyond the source file | line ignored |
/// | prediction_of_left_out_row | row that was left out of the data set | line ignored |
/// | prediction_unknown_drug (cell, ligand, ..) | id that the data do not have | line ignored |
/// | prediction_unknown_pair | both ids known, but never measured together | line ignored |
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
#include <unordered_map>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/table.hpp"

namespace cupel {

/// Which columns of the table say what a line is about: either `row`, or one per entity of the
/// data.
struct PredictionColumns {
  const Column* row = nullptr;
  std::vector<const Column*> ids;  ///< per entity of the data; empty if there is a row
  const Column* prediction = nullptr;
};

/// The columns named in `columns` (keys: row, the entities' names); without names `row`, else those
/// named like the entities, else the columns of the samples in `data_columns`. A ligand may also be
/// named by a column `smiles` or `id`.
/// Throws Error{input} that lists the columns there are, or if the prediction is not numeric.
PredictionColumns find_prediction_columns(const Table& table, const Dataset& data,
                                          const std::map<std::string, std::string>& columns,
                                          const std::string& prediction,
                                          const std::map<std::string, std::string>& data_columns);

/// From what people write in files to samples of a data set.
class SampleLookup {
 public:
  explicit SampleLookup(const Dataset& data);
  /// The samples that a line is about: none, one, or all replicates of its entities. Problems are
  /// counted with the line's place.
  [[nodiscard]] std::span<const std::uint32_t> find(const Table& table,
                                                    const PredictionColumns& columns,
                                                    std::size_t line_index,
                                                    Diagnostics& diagnostics) const;

 private:
  [[nodiscard]] std::span<const std::uint32_t> find_row(const Table& table, const Column& column,
                                                        std::size_t i,
                                                        Diagnostics& diagnostics) const;
  [[nodiscard]] std::span<const std::uint32_t> find_ids(const Table& table,
                                                        const PredictionColumns& columns,
                                                        std::size_t i,
                                                        Diagnostics& diagnostics) const;
  [[nodiscard]] std::uint32_t code_of(std::size_t entity, const std::string& id) const;
  const Dataset& data_;
  std::vector<std::uint32_t> sample_of_row_;  ///< n_source_rows; kNone = left out
  std::vector<std::uint64_t> key_;            ///< sorted: codes of the entities, 32 bits each
  std::vector<std::uint32_t> sample_of_key_;  ///< in the order of key_
  /// Codes of the first entity by its molecule, as written and canonical; kNone = not unique.
  std::unordered_map<std::string, std::uint32_t> code_of_smiles_;
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
