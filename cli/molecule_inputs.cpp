#include "molecule_inputs.hpp"

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "item_inputs.hpp"

namespace cupel::cli {

void add_molecule_flags(Arguments& arguments, MoleculeFlags& flags) {
  arguments.positional("FILE", flags.input,
                       "SMILES list, CSV, TSV or SD file; plain, gz, zst; - for stdin");
  arguments.option("--format", flags.format, "If the name does not say it",
                   {.allowed = {"smi", "csv", "tsv", "sdf"}, .placeholder = "FORMAT"});
  const auto schemes = standardise_schemes();
  arguments.option("--standardise", flags.standardise,
                   "Before all else: largest fragment; neutral; parent (no stereo, no isotopes)",
                   {.allowed = {schemes.begin(), schemes.end()}, .placeholder = "SCHEME"});
  arguments.option("--problems", flags.problems,
                   "List of the bad records: row,line,id,smiles,reason",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--max-atoms", flags.max_atoms, "Larger molecules are a problem (default 999)",
                   {.placeholder = "N"});
  arguments.flag("--strict", flags.strict, "A bad record is an error");
}

MoleculeFileOptions molecule_options(const MoleculeFlags& flags) {
  constexpr double kMost = 5000.0;  // RDKit walks molecules recursively
  if (!(flags.max_atoms >= 1.0 && flags.max_atoms <= kMost)) {
    fail(ErrorKind::usage, "--max-atoms is 1 to 5000", {.value = format_double(flags.max_atoms)});
  }
  return {.format = flags.format,
          .smiles_column = flags.smiles_column,
          .id_column = flags.id_column,
          .standardise = flags.standardise,
          .max_atoms = static_cast<std::uint64_t>(flags.max_atoms)};
}

void MoleculeProblems::add(const MoleculeRecord& record) {
  if (record.problem.empty()) return;
  ++by_code_[std::string(problem_code(record.problem))];
  rows_.push_back(record);
}

void MoleculeProblems::finish(const MoleculeFlags& flags, const Session& session) const {
  if (!flags.problems.empty()) {
    CsvWriter csv;
    csv.row(std::vector<std::string>{"row", "line", "id", "smiles", "reason"});
    for (const auto& row : rows_) {
      csv.integer(static_cast<std::int64_t>(row.number))
          .integer(static_cast<std::int64_t>(row.line))
          .text(row.id)
          .text(row.smiles)
          .text(row.problem)
          .end_row();
    }
    csv.save(flags.problems);
  }
  if (rows_.empty()) return;
  const MoleculeRecord& first = rows_.front();
  if (flags.strict) {
    fail_input(
        first.problem +
            (rows_.size() == 1 ? "" : "; " + grouped(rows_.size() - 1) + " more records are bad"),
        {.file = flags.input, .row = first.line, .value = first.smiles.substr(0, 80)},
        "correct the record, or leave --strict out: bad records are then counted");
  }
  std::string text =
      grouped(rows_.size()) + (rows_.size() == 1 ? " record" : " records") + " cannot be read:";
  for (const auto& [code, count] : by_code_) {
    text += " " + grouped(count) + " x " + code + (code == by_code_.rbegin()->first ? "" : ",");
  }
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(kShown, rows_.size()); ++i) {
    text += "\n  line " + std::to_string(rows_[i].line) +
            (rows_[i].id.empty() ? "" : " (" + rows_[i].id.substr(0, 40) + ")") + ": " +
            rows_[i].problem;
  }
  if (rows_.size() > kShown && flags.problems.empty()) text += "\n  --problems FILE lists them all";
  session.context.say(LogLevel::warning, text);
}

std::vector<JsonOut> MoleculeProblems::json() const {
  std::vector<JsonOut> parts;
  for (const auto& [code, count] : by_code_) {
    JsonOut part = JsonOut::part();
    part.text("reason", code).number("count", static_cast<double>(count));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace cupel::cli
