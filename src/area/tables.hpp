#pragma once
/// What the loaders of several areas share: reading each file of a study once, cells as ids and
/// targets, entities from ids, rows that were left out.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"
#include "data/catalogue.hpp"

namespace cupel::detail {

/// The column that plays a role: the one that the study names, else one named like the role.
std::string column_of(const DataSpec& spec, const std::string& role);

/// Reads each file once, whatever the number of tables that are made of it.
class TableReader {
 public:
  TableReader(std::string base_folder, const CatalogueOptions& catalogue, const Context& context)
      : base_folder_(std::move(base_folder)), catalogue_(catalogue), context_(context) {}

  /// The column stays text: "007" is an id. Before the file is read.
  void mark_text(const std::string& file, const std::string& column);
  /// Id columns of all tables of entities and features, and `via` columns of the samples.
  void mark_ids(const DataSpec& spec, const std::string& samples_file);

  const Table& read(const std::string& role, const std::string& file);
  /// The table is not read again afterwards.
  Table take(const std::string& file) { return std::move(*tables_.at(file)); }

  [[nodiscard]] const std::vector<InputFile>& inputs() const { return inputs_; }
  /// Of all files read so far, in order.
  [[nodiscard]] std::string sha256() const;

 private:
  std::string base_folder_;
  const CatalogueOptions& catalogue_;
  const Context& context_;
  std::map<std::string, std::map<std::string, ColumnType>> types_;
  std::map<std::string, std::unique_ptr<Table>> tables_;
  std::vector<InputFile> inputs_;
};

struct LeftOutRows {
  std::vector<LeftOut> items;
  void add(const std::string& reason, std::uint64_t row);
};

/// Without blanks at the ends; "" = missing.
std::string id_at(const Column& column, std::size_t row);

/// The number, or the reason why there is none (target_missing, target_not_a_number,
/// target_not_finite).
std::pair<double, std::string> target_at(const Column& column, std::size_t row);

/// What stands for replicates: their mean or median. Precondition: not empty, policy not keep.
double combine_replicates(std::vector<double> values, ReplicatePolicy policy);

/// Entity with the sorted distinct ids, and the code of every sample.
Entity make_entity(const std::string& name, const std::vector<std::string>& id_of_row);

/// Label with the sorted distinct levels; "" = unknown.
LabelBlock make_label(const std::string& name, const std::vector<std::string>& values);

/// The join id of every id of the entity: its own, or what `via` holds in its rows.
/// `source_row`: per sample, its row in `samples`.
std::vector<std::string> join_keys(const Entity& entity,
                                   const std::vector<std::uint64_t>& source_row,
                                   const Table& samples, const std::string& via,
                                   Diagnostics& diagnostics);

}  // namespace cupel::detail
