#include "split/files.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "split/roles.hpp"

namespace cupel {
namespace {

using Json = nlohmann::ordered_json;

std::filesystem::path sidecar_of(std::filesystem::path path) {
  return path.replace_extension(".json");
}

Json describe(const Dataset& data, const Split& split) {
  Json json;
  json["name"] = split.name;
  json["scheme"] = split.scheme;
  if (!split.task.empty()) json["task"] = split.task;
  json["fold"] = split.fold;
  json["repeat"] = split.repeat;
  json["seed"] = split.seed;
  json["parameters"] = split.parameters;
  json["blind_to"] = split.blind_to;
  json["split_sha256"] = split.sha256();
  if (!split.series_entity.empty()) {
    json["level"] = split.level;
    json["is_control"] = split.is_control;
    json["overlap"] = {{"n_train", split.overlap.n_train},
                       {"n_test", split.overlap.n_test},
                       {"threshold", split.overlap.threshold},
                       {"share_with_neighbour", split.overlap.share_with_neighbour},
                       {"nearest_mean", split.overlap.nearest_mean}};
  }
  json["counts"] = Json::array();
  for (const auto& row : count_source_rows(data, split)) {
    Json line{{"role", row.role}, {"count", row.count}};
    if (!row.reason.empty()) line["reason"] = row.reason;
    json["counts"].push_back(line);
  }
  return json;
}

void write_sidecar(const std::filesystem::path& path, const Dataset& data, Json splits,
                   const std::string& csv) {
  Json json;
  json["cupel"] = version();
  json["file_sha256"] = sha256_hex(csv);
  json["data_sha256"] = data.sha256;
  json["n_source_rows"] = data.n_source_rows;
  json["splits"] = std::move(splits);
  write_file_atomic(sidecar_of(path), json.dump(2) + "\n");
}

/// The sidecar, if there is one, must belong to the same number of rows.
void check_sidecar(const std::filesystem::path& path, const Dataset& data) {
  const auto sidecar = sidecar_of(path);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(sidecar, ignored)) return;
  const Json json = Json::parse(read_bytes(sidecar), nullptr, false);
  if (!json.is_object() || !json.contains("n_source_rows")) return;  // not ours
  const auto known = json.value("n_source_rows", std::uint64_t{0});
  if (known == data.n_source_rows) return;
  fail_input(fmt::format("this split was made for a table of {} rows, the data have {}", known,
                         data.n_source_rows),
             {.file = path.string()},
             "make the split again from these data, or use those it was made from");
}

/// For each source row, the row of the table that speaks of it.
std::vector<std::size_t> rows_by_source(const Table& table, std::uint64_t n_source_rows) {
  const Column& column = table.at("row");
  constexpr auto kNowhere = static_cast<std::size_t>(-1);
  std::vector<std::size_t> place(n_source_rows, kNowhere);
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    const auto fault = [&](const std::string& message, const std::string& hint) {
      fail_input(message,
                 {.file = table.source,
                  .row = table.line(i),
                  .column_name = "row",
                  .value = column.as_text(i)},
                 hint);
    };
    const double value = column.type == ColumnType::text ? kUndefined : column.as_number(i);
    if (!(value >= 0.0) || value >= static_cast<double>(n_source_rows) ||
        value != static_cast<double>(static_cast<std::uint64_t>(value))) {
      fault(fmt::format("this is no row of the data, which have {} rows", n_source_rows),
            "rows are numbered from 0 without the header");
    }
    auto& known = place[static_cast<std::size_t>(value)];
    if (known != kNowhere) {
      fault(fmt::format("this row is given twice, first at line {}", table.line(known)),
            "give each row one line");
    }
    known = i;
  }
  for (std::size_t row = 0; row < place.size(); ++row) {
    if (place[row] != kNowhere) continue;
    fail_input(fmt::format("row {} of the data has no line in the split ({} lines for {} rows)",
                           row, table.n_rows, n_source_rows),
               {.file = table.source},
               "give every data row a line; rows that are not to be used have the role left_out");
  }
  return place;
}

template <typename T>
std::vector<T> reorder(const std::vector<T>& values, const std::vector<std::size_t>& place) {
  std::vector<T> ordered;
  ordered.reserve(place.size());
  for (const auto from : place) ordered.push_back(values[from]);
  return ordered;
}

}  // namespace

void write_split_file(const std::filesystem::path& path, const Dataset& data, const Split& split) {
  write_task_file(path, data, {&split, 1});
}

void write_task_file(const std::filesystem::path& path, const Dataset& data,
                     std::span<const Split> splits) {
  std::vector<Role> role(data.n_source_rows, Role::left_out);
  Json described = Json::array();
  std::set<std::string> tasks;
  for (const auto& split : splits) {
    if (!tasks.insert(split.task).second) {
      fail(ErrorKind::usage, "a file of roles holds one split of each assay", {},
           "write one file per fold and repeat, or the folds of one repeat as row,fold");
    }
    for (std::size_t i = 0; i < split.role.size(); ++i) {
      if (split.role[i] != Role::left_out) role[data.source_row[i]] = split.role[i];
    }
    described.push_back(describe(data, split));
  }
  std::string csv = "row,role\n";
  for (std::size_t row = 0; row < role.size(); ++row) {
    csv += fmt::format("{},{}\n", row, to_string(role[row]));
  }
  write_file_atomic(path, csv);
  write_sidecar(path, data, std::move(described), csv);
}

void write_series_file(const std::filesystem::path& path, const Dataset& data,
                       std::span<const Split> splits) {
  const Entity& entity = data.entity(splits.front().series_entity);
  CsvWriter csv;
  csv.row(std::vector<std::string>{"fold", "level", "repeat", "control", entity.name, "role",
                                   "reason"});
  Json described = Json::array();
  for (const auto& split : splits) {
    // All rows of an id have its role.
    std::vector<std::size_t> row_of_id(entity.ids.size(), 0);
    for (std::size_t i = split.role.size(); i-- > 0;) row_of_id[entity.code_of_sample[i]] = i;
    for (std::size_t id = 0; id < entity.ids.size(); ++id) {
      const std::size_t row = row_of_id[id];
      csv.integer(split.fold).number(split.level).integer(split.repeat);
      csv.integer(split.is_control ? 1 : 0).text(entity.ids[id]);
      csv.text(to_string(split.role[row])).text(split.reasons[split.reason[row]]).end_row();
    }
    described.push_back(describe(data, split));
  }
  write_file_atomic(path, csv.bytes());
  write_sidecar(path, data, std::move(described), std::string(csv.bytes()));
}

void write_fold_file(const std::filesystem::path& path, const Dataset& data,
                     std::span<const Split> folds) {
  std::vector<std::int64_t> fold(data.n_source_rows, kNoFold);
  Json splits = Json::array();
  for (const auto& split : folds) {
    if (split.repeat != folds.front().repeat || split.scheme != folds.front().scheme) {
      fail(ErrorKind::usage, "a fold file holds the folds of one repeat of one scheme", {},
           "write one file per repeat");
    }
    for (const auto sample : split.rows(Role::test)) {
      auto& known = fold[data.source_row[sample]];
      if (known != kNoFold) {
        fail(ErrorKind::usage,
             fmt::format("row {} is tested in folds {} and {}", data.source_row[sample], known,
                         split.fold),
             {}, "write one file per fold");
      }
      known = split.fold;
    }
    splits.push_back(describe(data, split));
  }
  std::string csv = "row,fold\n";
  for (std::size_t row = 0; row < fold.size(); ++row) {
    csv +=
        fold[row] == kNoFold ? fmt::format("{},\n", row) : fmt::format("{},{}\n", row, fold[row]);
  }
  write_file_atomic(path, csv);
  write_sidecar(path, data, std::move(splits), csv);
}

SplitFile read_split_file(const std::filesystem::path& path, const Dataset& data,
                          const Context& context) {
  const Table table = read_csv(path, {}, context);
  check_sidecar(path, data);
  const Column* role = table.find("role");
  const Column* fold = table.find("fold");
  if (role == nullptr && fold == nullptr) {
    fail_input("a split file needs a column `role` or `fold` beside `row`",
               {.file = table.source, .row = 1}, "for example: row,role / 0,train / 1,test");
  }
  const auto place = rows_by_source(table, data.n_source_rows);
  if (role != nullptr) return {.role = reorder(read_roles(table, *role), place), .fold = {}};
  return {.role = {}, .fold = reorder(read_folds(table, *fold), place)};
}

std::vector<RowCount> count_source_rows(const Dataset& data, const Split& split) {
  std::vector<RowCount> counts;
  for (const Role role : {Role::train, Role::validation, Role::test}) {
    counts.push_back({std::string(to_string(role)), "", split.count(role)});
  }
  std::map<std::string, std::uint64_t> by_reason;
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] == Role::left_out) ++by_reason[split.reasons[split.reason[i]]];
  }
  for (const auto& item : data.left_out) by_reason[item.reason] += item.source_rows.size();
  for (const auto& [reason, count] : by_reason) counts.push_back({"left_out", reason, count});
  return counts;
}

}  // namespace cupel
