#include "inputs.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>

#include "area/drug_response/compounds.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "split/make.hpp"

namespace cupel::cli {
namespace {

/// The column that holds the ids of an entity's table.
std::string id_column(const Table& table, const std::string& entity, const std::string& own) {
  for (const auto& wanted : {own, entity, std::string("id")}) {
    for (const auto& column : table.columns) {
      if (!wanted.empty() && lower(column.name) == lower(wanted)) return column.name;
    }
  }
  return table.columns.front().name;
}

std::string own_column(const DataSpec& spec, const std::string& entity) {
  const auto found = spec.columns.find(entity);
  return found == spec.columns.end() ? entity : found->second;
}

EntityTableSpec entity_table(const std::string& file, const std::string& entity,
                             const DataSpec& spec, const Session& session) {
  const Table table =
      read_csv(resolve_file(file, ".", catalogue_options(session.mirror)), {}, session.context);
  EntityTableSpec out{.entity = entity, .file = file};
  out.id = id_column(table, entity, own_column(spec, entity));
  static const std::vector<std::string> kLabels{"smiles",   "name",    "target", "pathway",
                                                "synonyms", "pubchem", "tissue"};
  for (const auto& column : table.columns) {
    const std::string label = lower(column.name);
    if (column.name != out.id &&
        std::find(kLabels.begin(), kLabels.end(), label) != kLabels.end()) {
      out.labels.emplace(label, column.name);
    }
  }
  session.context.say(LogLevel::debug, entity + " table: ids from column \"" + out.id + "\"");
  return out;
}

FeatureTableSpec feature_table(const std::string& word, const DataSpec& spec,
                               const Session& session) {
  const std::size_t equals = word.find('=');
  const std::size_t dot = word.find('.');
  const std::string entity = word.substr(0, std::min(dot, word.size()));
  if (equals == std::string::npos || dot == std::string::npos || dot > equals ||
      (entity != "drug" && entity != "cell")) {
    fail(ErrorKind::usage, "--features has to be drug.NAME=FILE or cell.NAME=FILE", {.value = word},
         "for example --features cell.expression=expression.csv.gz");
  }
  FeatureTableSpec out{.entity = entity,
                       .name = word.substr(dot + 1, equals - dot - 1),
                       .file = word.substr(equals + 1)};
  const Table table =
      read_csv(resolve_file(out.file, ".", catalogue_options(session.mirror)), {}, session.context);
  out.id = id_column(table, entity, own_column(spec, entity));
  return out;
}

}  // namespace

void add_data_flags(Arguments& arguments, DataFlags& flags, bool required) {
  arguments.option("--area", flags.area, "What the samples are",
                   {.allowed = {"drug_response", "potency"}});
  arguments.option("--data", flags.data,
                   "Responses: CSV or TSV (plain, .gz, .zst), - for stdin, or catalogue:NAME",
                   {.required = required, .placeholder = "FILE", .is_file = true});
  arguments.option("--columns", flags.columns,
                   "Their columns: drug=..,cell=..,target=.. (default: drug, cell, target)",
                   {.placeholder = "ROLE=COLUMN,.."});
  arguments.option("--unit", flags.unit, "Unit of the response: \"ln uM\", AUC",
                   {.placeholder = "UNIT"});
  arguments.option("--drugs", flags.drugs, "Drug table: id, smiles, name, ...",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--cells", flags.cells, "Cell-line table: id, tissue, ...",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--features", flags.features,
                   "Wide numeric table: cell.expression=FILE (may be repeated)",
                   {.placeholder = "VIEW=FILE"});
}

std::map<std::string, std::string> parse_pairs(const std::vector<std::string>& words,
                                               const std::string& flag) {
  std::vector<std::string> parts;
  for (const auto& word : words) {
    std::size_t begin = 0;
    while (begin <= word.size()) {
      const std::size_t end = std::min(word.find(',', begin), word.size());
      const std::string part = word.substr(begin, end - begin);
      if (part.find('=') == std::string::npos && !parts.empty() && begin > 0) {
        parts.back() += "," + part;  // a comma inside a column's name
      } else {
        parts.push_back(part);
      }
      begin = end + 1;
    }
  }
  std::map<std::string, std::string> out;
  for (const auto& part : parts) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size()) {
      fail(ErrorKind::usage, flag + " takes ROLE=COLUMN pairs", {.value = part},
           "for example " + flag + " drug=DRUG_NAME,cell=COSMIC_ID,target=LN_IC50");
    }
    if (!out.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
      fail(ErrorKind::usage, flag + " names a role twice", {.value = part});
    }
  }
  return out;
}

DataSpec data_spec(const DataFlags& flags, const Session& session) {
  DataSpec spec;
  constexpr std::string_view kCatalogue = "catalogue:";
  if (flags.data.starts_with(kCatalogue) && flags.columns.empty()) {
    spec.catalogue = flags.data.substr(kCatalogue.size());
  } else {
    spec.file = flags.data;
    spec.columns = {{"drug", "drug"}, {"cell", "cell"}, {"target", "target"}};
    for (const auto& [role, column] : parse_pairs(flags.columns, "--columns")) {
      if (!spec.columns.contains(role)) {
        fail(ErrorKind::usage, "--columns knows the roles drug, cell and target", {.value = role});
      }
      spec.columns[role] = column;
    }
  }
  spec.unit = flags.unit;
  if (!flags.drugs.empty()) {
    spec.entity_tables.push_back(entity_table(flags.drugs, "drug", spec, session));
  }
  if (!flags.cells.empty()) {
    spec.entity_tables.push_back(entity_table(flags.cells, "cell", spec, session));
  }
  for (const auto& word : flags.features) {
    spec.feature_tables.push_back(feature_table(word, spec, session));
  }
  return spec;
}

namespace {

/// Standard input as a file, for as long as it is read: its bytes are hashed and parsed.
class SpooledInput {
 public:
  explicit SpooledInput(std::string& path) {
    if (path != "-") return;
    file_ = std::filesystem::temp_directory_path() /
            ("cupel-stdin-" + std::to_string(::getpid()) + ".csv");
    write_file_atomic(file_, std::string{std::istreambuf_iterator<char>(std::cin), {}});
    path = file_.string();
  }
  ~SpooledInput() {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
  }
  SpooledInput(const SpooledInput&) = delete;
  SpooledInput& operator=(const SpooledInput&) = delete;

 private:
  std::filesystem::path file_;
};

}  // namespace

DrugResponse load_data(const DataFlags& flags, const Session& session) {
  DataSpec spec = data_spec(flags, session);
  const SpooledInput spooled(spec.file);
  DrugResponse loaded =
      load_drug_response(spec, ".", catalogue_options(session.mirror), session.context);
  show(loaded.data.diagnostics, session);
  return loaded;
}

Split load_split(const std::string& path, std::optional<std::uint32_t> fold,
                 const DrugResponse& loaded, const Session& session) {
  const SplitSpec spec{.name = "split", .scheme = "file", .file = path};
  const auto compounds = find_compounds(loaded.data.entity("drug")).compound_of_drug;
  const auto splits = make_splits(
      loaded.data, spec,
      {.responses = &loaded.responses, .base_folder = ".", .compound_of_drug = compounds},
      session.context);
  if (!fold && splits.size() > 1) {
    fail(ErrorKind::usage,
         "the split file has " + std::to_string(splits.size()) + " folds: which one?",
         {.file = path}, "add --fold K");
  }
  if (!fold) return splits.front();
  for (const auto& split : splits) {
    if (split.fold == *fold) return split;
  }
  fail(ErrorKind::usage, "the split file has no fold " + std::to_string(*fold), {.file = path},
       "it has " + std::to_string(splits.size()) + " folds, numbered from 0");
}

void show(const Diagnostics& diagnostics, const Session& session) {
  for (const auto& item : diagnostics.all()) {
    std::string text = std::to_string(item.count) + " x " + item.code + ": " + item.message;
    if (!item.examples.empty()) text += " (" + item.examples.front() + ")";
    session.context.say(item.severity == Severity::note ? LogLevel::debug : LogLevel::warning,
                        text);
  }
}

}  // namespace cupel::cli
