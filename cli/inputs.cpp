#include "inputs.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <system_error>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"

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

/// Every column but the id holds 0 and 1 only: fingerprints.
bool holds_bits(const Table& table, const std::string& id) {
  for (const auto& column : table.columns) {
    if (column.name == id || column.type == ColumnType::text) continue;
    for (std::size_t row = 0; row < table.n_rows; ++row) {
      const double value = column.as_number(row);
      if (value != 0.0 && value != 1.0) return false;
    }
  }
  return true;
}

std::uint32_t whole_number(const std::string& text, const std::string& what) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc{} && result.ptr == text.data() + text.size()) return value;
  fail(ErrorKind::usage, what + " has to be a whole number", {.value = text});
}

FeatureTableSpec feature_table(const std::string& word, const DataSpec& spec,
                               const Session& session) {
  const std::size_t equals = word.find('=');
  const std::size_t dot = word.find('.');
  const std::string entity = word.substr(0, std::min(dot, word.size()));
  static const std::vector<std::string> kEntities{"drug", "cell", "ligand", "perturbation", "gene"};
  if (equals == std::string::npos || dot == std::string::npos || dot > equals ||
      !contains(kEntities, entity)) {
    fail(ErrorKind::usage,
         "--features has to be ENTITY.NAME=FILE, of drug, cell, ligand, perturbation or gene",
         {.value = word}, "for example --features cell.expression=expression.csv.gz");
  }
  FeatureTableSpec out{.entity = entity,
                       .name = word.substr(dot + 1, equals - dot - 1),
                       .file = word.substr(equals + 1)};
  const Table table =
      read_csv(resolve_file(out.file, ".", catalogue_options(session.mirror)), {}, session.context);
  out.id = id_column(table, entity, own_column(spec, entity == "ligand" ? "id" : entity));
  out.binary = entity == "ligand" && holds_bits(table, out.id);
  return out;
}

void check_roles(const std::map<std::string, std::string>& columns,
                 std::span<const ColumnRole> roles) {
  std::vector<std::string> names;
  for (const auto& role : roles) names.push_back(role.name);
  for (const auto& [role, column] : columns) {
    if (contains(names, role)) continue;
    const std::string last = names.back();
    names.pop_back();
    fail(ErrorKind::usage, "--columns knows the roles " + join(names, ", ") + " and " + last,
         {.value = role});
  }
}

/// The flags `molecules` and `cliffs`, as the study file would have them.
void read_molecules(const DataFlags& flags, DataSpec& spec) {
  if (!flags.molecules.empty()) {
    for (const auto& [key, value] : parse_pairs(flags.molecules, "--molecules")) {
      if (key == "standardise") {
        spec.molecules.standardise = value;
      } else if (key == "radius" || key == "bits") {
        (key == "radius" ? spec.molecules.radius : spec.molecules.bits) =
            whole_number(value, "--molecules " + key);
      } else {
        fail(ErrorKind::usage, "--molecules knows standardise, radius and bits", {.value = key});
      }
    }
  }
  if (flags.cliffs.empty()) return;
  for (const auto& [key, value] : parse_pairs(flags.cliffs, "--cliffs")) {
    if (key != "rule" && key != "column") {
      fail(ErrorKind::usage, "--cliffs knows rule and column", {.value = key},
           "for example --cliffs rule=moleculeace");
    }
    (key == "rule" ? spec.cliffs.rule : spec.cliffs.column) = value;
  }
}

}  // namespace

std::vector<std::string> area_names() {
  std::vector<std::string> names;
  for (const Area* area : areas()) names.emplace_back(area->name());
  return names;
}

void add_data_flags(Arguments& arguments, DataFlags& flags, bool required) {
  arguments.option("--area", flags.area, "What the samples are", {.allowed = area_names()});
  arguments.option("--data", flags.data,
                   "Samples: CSV or TSV (plain, .gz, .zst), - for stdin, or catalogue:NAME; of "
                   "perturbation: cells (h5ad, mtx, gct, gctx, npz)",
                   {.required = required, .placeholder = "FILE", .is_file = true});
  arguments.option(
      "--columns", flags.columns,
      "Their columns: drug=..,cell=..,target=.., smiles=..,target=..[,assay=..,id=..] or "
      "perturbation=..[,context=..,guide=..]; default: named like the role",
      {.placeholder = "ROLE=COLUMN,.."});
  arguments.option("--unit", flags.unit,
                   "Unit of the target: \"ln uM\", AUC; nM, uM, M become p values",
                   {.placeholder = "UNIT"});
  arguments.option("--drugs", flags.drugs, "Drug table: id, smiles, name, ...",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--cells", flags.cells, "Cell-line table: id, tissue, ...",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--features", flags.features,
                   "Wide numeric table: cell.expression=FILE (may be repeated)",
                   {.placeholder = "VIEW=FILE"});
  arguments.option("--molecules", flags.molecules,
                   "potency: standardise=none|largest|neutral|parent,radius=2,bits=2048",
                   {.placeholder = "KEY=VALUE,.."});
  arguments.option("--cliffs", flags.cliffs,
                   "potency: activity cliffs by rule=NAME, or column=NAME",
                   {.placeholder = "KEY=VALUE"});
}

void add_profile_flags(Arguments& arguments, DataFlags& flags, const std::string& matrix_flag,
                       const std::string& control_flag) {
  ProfileSpec& profiles = flags.profiles;
  arguments.option(control_flag, profiles.control, "perturbation: label of the unperturbed cells",
                   {.placeholder = "LABEL"});
  arguments.option(matrix_flag, profiles.matrix, "perturbation: X, layers/NAME, raw/X",
                   {.placeholder = "PATH"});
  arguments.option("--scale", profiles.scale, "perturbation: what the values are",
                   {.allowed = {"counts", "normalized", "log1p"}});
  arguments.option("--normalize", profiles.normalize,
                   "perturbation: scale every cell to this sum first: TARGET, median or none",
                   {.placeholder = "TARGET"});
  arguments.flag("--log1p", profiles.log1p, "perturbation: take log1p after that");
  arguments.option("--pseudobulk", profiles.pseudobulk, "perturbation: how cells become a profile",
                   {.allowed = {"mean", "log_of_mean", "group_sum"}});
  arguments.option("--separator", profiles.separator,
                   "perturbation: between the members of a combination (default: +)",
                   {.placeholder = "TEXT"});
  arguments.option("--guide-map", profiles.guide_map,
                   "perturbation: CSV guide,target: the labels are guides",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--min-cells", profiles.min_cells,
                   "perturbation: leave out groups with fewer cells (default: 10)",
                   {.placeholder = "N"});
  arguments.option("--genes", profiles.genes,
                   "perturbation: outputs: all, top_control:N or file:PATH (default: all)",
                   {.placeholder = "CHOICE"});
  arguments.option("--halves", profiles.halves,
                   "perturbation: seeded pairs of halves of the cells (default: 5)",
                   {.placeholder = "N"});
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
  const auto roles = find_area(flags.area).column_roles();
  constexpr std::string_view kCatalogue = "catalogue:";
  if (flags.data.starts_with(kCatalogue) && flags.columns.empty()) {
    spec.catalogue = flags.data.substr(kCatalogue.size());
  } else {
    spec.file = flags.data;
    if (!flags.columns.empty()) spec.columns = parse_pairs(flags.columns, "--columns");
    check_roles(spec.columns, roles);
    for (const auto& role : roles) {
      // Ligands with an id may have features instead of a molecule.
      if (!role.required || (role.name == "smiles" && spec.columns.contains("id"))) continue;
      spec.columns.try_emplace(role.name, role.name);
    }
  }
  spec.unit = flags.unit;
  if (spec.catalogue.empty()) spec.profiles = flags.profiles;
  read_molecules(flags, spec);
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

LoadedData load_data(const DataFlags& flags, const Session& session) {
  DataSpec spec = data_spec(flags, session);
  const SpooledInput spooled(spec.file);
  LoadedData loaded =
      find_area(flags.area).load(spec, ".", catalogue_options(session.mirror), session.context);
  show(loaded.data.diagnostics, session);
  return loaded;
}

std::vector<Split> load_splits(const std::string& path, std::optional<std::uint32_t> fold,
                               const LoadedData& loaded, const Session& session) {
  const SplitSpec spec{.name = "split", .scheme = "file", .file = path};
  auto splits = find_area(loaded.data.area).make_splits(loaded, spec, ".", session.context);
  std::set<std::string> tasks;
  for (const auto& split : splits) tasks.insert(split.task);
  if (!fold && splits.size() > tasks.size()) {
    fail(ErrorKind::usage,
         "the split file has " + std::to_string(splits.size()) + " folds: which one?",
         {.file = path}, "add --fold K");
  }
  if (!fold) return splits;
  const std::size_t n_folds = splits.size();
  std::erase_if(splits, [&](const Split& split) { return split.fold != *fold; });
  if (!splits.empty()) return splits;
  fail(ErrorKind::usage, "the split file has no fold " + std::to_string(*fold), {.file = path},
       "it has " + std::to_string(n_folds) + " folds, numbered from 0");
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
