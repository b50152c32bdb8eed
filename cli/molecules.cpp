// cupel molecules: read, standardise, and find what is there more than once.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <memory>
#include <set>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/molecule_groups.hpp"
#include "io/write.hpp"
#include "item_inputs.hpp"
#include "molecule_inputs.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  MoleculeFlags molecules;
  std::vector<std::string> columns;
  bool nanomolar = false;
  double conflict = 1.0;
  bool scaffold = false;
  std::string out;
};

/// The records and what was made of them, a position per record.
struct Rows {
  std::vector<MoleculeRecord> records;
  std::vector<std::string> standardised, canonical, parent, scaffold;
  std::vector<double> values;  ///< empty without a target
  std::size_t n_without_value = 0;
  MoleculeGroups groups;
  MoleculeProblems problems;
};

double number_of(std::string_view text) {
  text = trimmed(text);
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc{} && end == text.data() + text.size() && !text.empty();
  return whole && std::isfinite(value) ? value : std::nan("");
}

/// The value on the scale on which values are compared: 9 - log10(nM) for concentrations.
double value_of(const std::string& text, bool nanomolar) {
  const double value = number_of(text);
  if (!nanomolar) return value;
  return value > 0.0 ? 9.0 - std::log10(value) : std::nan("");
}

void add_batch(std::vector<MoleculeRecord>&& records, const Flags& flags, bool has_target,
               Rows& rows, const Context& context) {
  std::vector<std::string> smiles;
  for (const auto& record : records) {
    smiles.push_back(record.problem.empty() ? record.smiles : "");
  }
  MoleculeFeatures made =
      compute_features(smiles,
                       {.canonical = true,
                        .parent = true,
                        .murcko = flags.scaffold,
                        .max_atoms = static_cast<std::uint64_t>(flags.molecules.max_atoms)},
                       context);
  for (std::size_t i = 0; i < records.size(); ++i) {
    MoleculeRecord& record = records[i];
    if (record.problem.empty()) record.problem = made.problem[i];
    rows.problems.add(record);
    if (has_target) {
      rows.values.push_back(record.extra.empty() ? std::nan("")
                                                 : value_of(record.extra.front(), flags.nanomolar));
      rows.n_without_value += std::isnan(rows.values.back()) ? 1 : 0;
    }
    rows.records.push_back(std::move(record));
    rows.canonical.push_back(std::move(made.canonical[i]));
    rows.parent.push_back(std::move(made.parent[i]));
    if (flags.scaffold) rows.scaffold.push_back(std::move(made.murcko[i]));
  }
}

MoleculeFileOptions options_of(const Flags& flags, bool& has_target) {
  MoleculeFileOptions options = molecule_options(flags.molecules);
  for (const auto& [role, name] : parse_pairs(flags.columns, "--columns")) {
    if (role == "smiles") {
      options.smiles_column = name;
    } else if (role == "id") {
      options.id_column = name;
    } else if (role == "target") {
      options.extra_columns = {name};
      has_target = true;
    } else {
      fail(ErrorKind::usage, "--columns has no role \"" + role + "\"", {},
           "roles are smiles, id and target: --columns smiles=SMILES,target=pIC50");
    }
  }
  if (!has_target && flags.nanomolar) {
    fail(ErrorKind::usage, "--nanomolar says how the target is to be read, and there is none", {},
         "name its column: --columns target=NAME");
  }
  // Without a scheme features are computed of the SMILES at once.
  options.parse = flags.molecules.standardise != "none";
  return options;
}

Rows read_rows(const Flags& flags, const Session& session) {
  bool has_target = false;
  const MoleculeFileOptions options = options_of(flags, has_target);
  Rows rows;
  stream_molecules(found_file(flags.molecules.input, session), options, session.context,
                   [&](MoleculeBatch&& batch) {
                     add_batch(std::move(batch.records), flags, has_target, rows, session.context);
                   });
  rows.groups = group_molecules(rows.canonical, rows.parent, rows.values);
  return rows;
}

bool is_conflict(const Rows& rows, std::size_t i, const Flags& flags) {
  return rows.groups.spread[i] > flags.conflict;  // false for NaN
}

void write_csv_of(const Flags& flags, const Rows& rows) {
  const bool standardised = flags.molecules.standardise != "none";
  std::vector<std::string> header{"row", "line", "id", "smiles", "canonical"};
  if (standardised) header.emplace_back("standardised");
  header.emplace_back("parent");
  if (flags.scaffold) header.emplace_back("scaffold");
  if (!rows.values.empty()) header.emplace_back(flags.nanomolar ? "p_value" : "value");
  header.insert(header.end(), {"duplicate_of", "replicate_of"});
  if (!rows.values.empty()) header.insert(header.end(), {"spread", "conflict"});
  header.emplace_back("problem");
  CsvWriter csv;
  csv.row(header);
  const auto row_or_none = [&](std::size_t row) {
    if (row == MoleculeGroups::kNone) {
      csv.missing();
    } else {
      csv.integer(static_cast<std::int64_t>(rows.records[row].number));
    }
  };
  for (std::size_t i = 0; i < rows.records.size(); ++i) {
    const MoleculeRecord& record = rows.records[i];
    csv.integer(static_cast<std::int64_t>(record.number))
        .integer(static_cast<std::int64_t>(record.line));
    csv.text(record.id).text(record.smiles).text(rows.canonical[i]);
    if (standardised) csv.text(record.standardised);
    csv.text(rows.parent[i]);
    if (flags.scaffold) csv.text(rows.scaffold[i]);
    if (!rows.values.empty()) csv.number(rows.values[i]);
    row_or_none(rows.groups.duplicate_of[i]);
    row_or_none(rows.groups.replicate_of[i]);
    if (!rows.values.empty()) {
      csv.number(rows.groups.spread[i]);
      csv.text(!record.problem.empty() ? "" : is_conflict(rows, i, flags) ? "yes" : "no");
    }
    csv.text(record.problem).end_row();
  }
  csv.save(flags.out);
}

struct Counts {
  std::size_t duplicates = 0;
  std::size_t replicates = 0;
  std::size_t conflicting_rows = 0;
  std::size_t conflicting_compounds = 0;
  std::vector<std::size_t> examples;  ///< records of the first conflicts
};

Counts count(const Rows& rows, const Flags& flags) {
  constexpr std::size_t kExamples = 5;
  Counts counts;
  std::set<std::string_view> compounds;
  for (std::size_t i = 0; i < rows.records.size(); ++i) {
    counts.duplicates += rows.groups.duplicate_of[i] != MoleculeGroups::kNone ? 1 : 0;
    counts.replicates += rows.groups.replicate_of[i] != MoleculeGroups::kNone ? 1 : 0;
    if (!is_conflict(rows, i, flags)) continue;
    ++counts.conflicting_rows;
    if (compounds.insert(rows.parent[i]).second && counts.examples.size() < kExamples) {
      counts.examples.push_back(i);
    }
  }
  counts.conflicting_compounds = compounds.size();
  return counts;
}

std::string as_text(const Flags& flags, const Rows& rows, const Counts& counts) {
  const std::size_t n = rows.records.size();
  const std::size_t n_bad = rows.problems.count();
  std::string text =
      fmt::format("records      {} from {}: {} read, {} with a problem\n", grouped(n),
                  flags.molecules.input, grouped(n - n_bad), grouped(n_bad));
  text += fmt::format("molecules    {} different, {} records repeat an earlier one\n",
                      grouped(rows.groups.n_molecules), grouped(counts.duplicates));
  text += fmt::format(
      "compounds    {} different parents, {} records are another salt, charge or stereoisomer\n",
      grouped(rows.groups.n_compounds), grouped(counts.replicates));
  if (!rows.values.empty()) {
    text += fmt::format(
        "values       {} of {} records have one; {} records of {} compounds differ "
        "by more than {}\n",
        grouped(n - rows.n_without_value), grouped(n), grouped(counts.conflicting_rows),
        grouped(counts.conflicting_compounds), format_double(flags.conflict));
    for (const std::size_t i : counts.examples) {
      text += fmt::format("             row {}: {} ({:.2f} apart)\n", rows.records[i].number,
                          rows.parent[i], rows.groups.spread[i]);
    }
  }
  if (!flags.out.empty()) text += "file         " + flags.out + "\n";
  if (!flags.molecules.problems.empty()) text += "problems     " + flags.molecules.problems + "\n";
  return text;
}

std::string as_json(const Flags& flags, const Rows& rows, const Counts& counts) {
  JsonOut out;
  out.text("input", flags.molecules.input).text("standardise", flags.molecules.standardise);
  out.number("rows", static_cast<double>(rows.records.size()));
  out.number("problems", static_cast<double>(rows.problems.count()));
  out.objects("reasons", rows.problems.json());
  out.number("molecules", static_cast<double>(rows.groups.n_molecules));
  out.number("duplicates", static_cast<double>(counts.duplicates));
  out.number("compounds", static_cast<double>(rows.groups.n_compounds));
  out.number("replicates", static_cast<double>(counts.replicates));
  if (!rows.values.empty()) {
    out.number("without_value", static_cast<double>(rows.n_without_value));
    out.number("conflict_above", flags.conflict);
    out.number("conflicting_rows", static_cast<double>(counts.conflicting_rows));
    out.number("conflicting_compounds", static_cast<double>(counts.conflicting_compounds));
  }
  if (!flags.out.empty()) out.text("out", flags.out);
  return out.dump();
}

int run(const Flags& flags, Session& session) {
  const Rows rows = read_rows(flags, session);
  rows.problems.finish(flags.molecules, session);
  if (!flags.out.empty()) write_csv_of(flags, rows);
  const Counts counts = count(rows, flags);
  session.print(session.json ? as_json(flags, rows, counts) : as_text(flags, rows, counts));
  return 0;
}

}  // namespace

Run define_molecules(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel molecules assay.csv --columns smiles=SMILES,target=pIC50 --out clean.csv");
  arguments.example(
      "cupel molecules library.sdf.gz --standardise parent --scaffold --out clean.csv");
  arguments.example("cupel molecules assay.csv --columns target=IC50_nM --nanomolar --json");
  arguments.description(
      "Every record of the file is a row of --out: canonical SMILES, parent, the earlier row that "
      "it\n"
      "repeats (duplicate_of: same molecule; replicate_of: same parent), the spread of the values "
      "of\n"
      "its parent, or the problem.");
  add_molecule_flags(arguments, flags->molecules);
  arguments.option("--columns", flags->columns,
                   "Columns or SD fields by role: smiles=NAME,id=NAME,target=NAME",
                   {.placeholder = "ROLE=NAME,.."});
  arguments.flag("--nanomolar", flags->nanomolar,
                 "The target is a concentration in nM; values are compared as 9 - log10");
  arguments.option("--conflict", flags->conflict,
                   "Values of a parent that differ by more conflict (default 1: tenfold)",
                   {.placeholder = "D"});
  arguments.flag("--scaffold", flags->scaffold, "Also the Murcko scaffold");
  arguments.option("--out", flags->out, "A row per record, as CSV",
                   {.placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
