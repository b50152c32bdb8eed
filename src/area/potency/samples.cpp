#include "area/potency/samples.hpp"

#include <algorithm>
#include <filesystem>

#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

constexpr const char* kTextRoles[] = {"smiles", "id", "assay", "relation"};

/// What both types can be written as without loss.
ColumnType common_type(ColumnType a, ColumnType b) {
  if (a == b) return a;
  return a == ColumnType::text || b == ColumnType::text ? ColumnType::text : ColumnType::number;
}

/// A column of all files under one name, row after row.
class JoinedColumn {
 public:
  JoinedColumn(std::string name, ColumnType type) {
    column_.name = std::move(name);
    column_.type = type;
  }

  void append(const Column* part, std::size_t n_rows) {
    for (std::size_t row = 0; row < n_rows; ++row) {
      const bool missing = part == nullptr || part->is_missing(row);
      column_.missing.push_back(missing ? 1 : 0);
      if (column_.type == ColumnType::text) {
        column_.push_text(missing ? std::string() : part->as_text(row));
      } else if (column_.type == ColumnType::integer) {
        column_.integers.push_back(missing ? 0 : part->integers[row]);
      } else {
        column_.numbers.push_back(missing ? kUndefined : part->as_number(row));
      }
    }
  }

  void append_text(const std::string& text, std::size_t n_rows) {
    for (std::size_t row = 0; row < n_rows; ++row) {
      column_.missing.push_back(0);
      column_.push_text(text);
    }
  }

  Column take() { return std::move(column_); }

 private:
  static constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  Column column_;
};

std::string short_name(const std::string& file) {
  return std::filesystem::path(file.substr(file.find(':') + 1)).filename().string();
}

/// Names in the order in which the files bring them, with the type that holds all parts.
std::vector<std::pair<std::string, ColumnType>> columns_of(const std::vector<Table>& tables) {
  std::vector<std::pair<std::string, ColumnType>> columns;
  for (const auto& table : tables) {
    for (const auto& column : table.columns) {
      const auto known = std::find_if(columns.begin(), columns.end(),
                                      [&](const auto& item) { return item.first == column.name; });
      if (known == columns.end()) {
        columns.emplace_back(column.name, column.type);
      } else {
        known->second = common_type(known->second, column.type);
      }
    }
  }
  return columns;
}

void check_columns(const Table& table, const DataSpec& spec, const std::string& assay_column) {
  if (table.find(assay_column) != nullptr) {
    fail_input(
        "the file has a column \"" + assay_column + "\" of its own, and is one of several assays",
        {.file = table.source, .row = 1, .column_name = assay_column},
        "give the joined table's assay column another name: columns: {assay: ...}");
  }
  for (const auto& [role, column] : spec.columns) {
    if (role != "assay") (void)table.at(column);
  }
}

SampleTable join_files(const DataSpec& spec, detail::TableReader& reader) {
  SampleTable out;
  out.assay_column = detail::column_of(spec, "assay");
  std::vector<Table> tables;
  for (const auto& [assay, file] : spec.files) {
    (void)reader.read("samples of " + assay, file);
    tables.push_back(reader.take(file));
    check_columns(tables.back(), spec, out.assay_column);
    out.files.push_back(short_name(file));
    out.begin.push_back(out.table.n_rows);
    out.table.n_rows += tables.back().n_rows;
    for (std::size_t row = 0; row < tables.back().n_rows; ++row) {
      out.table.line_of_row.push_back(tables.back().line(row));
    }
  }
  out.table.source = std::to_string(tables.size()) + " files";
  for (const auto& [name, type] : columns_of(tables)) {
    JoinedColumn joined(name, type);
    for (const auto& table : tables) joined.append(table.find(name), table.n_rows);
    out.table.columns.push_back(joined.take());
  }
  JoinedColumn assays(out.assay_column, ColumnType::text);
  std::size_t t = 0;
  for (const auto& [assay, file] : spec.files) assays.append_text(assay, tables[t++].n_rows);
  out.table.columns.push_back(assays.take());
  return out;
}

}  // namespace

std::string SampleTable::place(std::uint64_t row) const {
  const std::string line = "line " + std::to_string(table.line(row));
  if (files.size() < 2) return line;
  const auto next = std::upper_bound(begin.begin(), begin.end(), row);
  return files[static_cast<std::size_t>(next - begin.begin()) - 1] + ", " + line;
}

SampleTable read_samples(const DataSpec& spec, detail::TableReader& reader) {
  std::vector<std::string> files{spec.file};
  if (!spec.files.empty()) {
    files.clear();
    for (const auto& [assay, file] : spec.files) files.push_back(file);
  }
  for (const auto& file : files) {
    for (const auto* role : kTextRoles) reader.mark_text(file, detail::column_of(spec, role));
    reader.mark_ids(spec, file);
  }
  if (!spec.files.empty()) return join_files(spec, reader);
  SampleTable out;
  (void)reader.read("samples", spec.file);
  out.table = reader.take(spec.file);
  out.files = {short_name(spec.file)};
  out.begin = {0};
  if (spec.columns.contains("assay")) out.assay_column = spec.columns.at("assay");
  return out;
}

}  // namespace cupel::potency
