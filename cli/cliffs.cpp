// cupel cliffs: which molecules of a table are on an activity cliff, by a named rule.
#include "area/potency/cliffs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

using potency::CliffPair;
using potency::CliffRule;
using potency::Cliffs;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Flags {
  std::string input;
  std::vector<std::string> columns;
  std::string rule = "moleculeace";
  std::vector<std::string> options;
  std::string within;
  std::string out;
  std::string pairs;
  bool list = false;
};

struct Columns {
  std::string smiles = "smiles";
  std::string id;
  std::string value;
  bool in_p_units = false;
};

/// The table, a molecule per row.
struct Molecules {
  std::vector<std::string> smiles;
  std::vector<std::string> id;
  std::vector<double> value;         ///< as given; NaN = none
  std::vector<std::string> problem;  ///< of the value, else ""
  std::vector<std::uint32_t> group;
  std::vector<std::string> group_names;
};

Columns read_columns(const Flags& flags) {
  auto roles = parse_pairs(flags.columns, "--columns");
  const std::vector<std::string> known{"smiles", "value_nM", "value_p", "id"};
  for (const auto& [role, column] : roles) {
    if (contains(known, role)) continue;
    fail(ErrorKind::usage, "--columns of cliffs knows the roles " + join(known, ", "),
         {.value = role}, "for example --columns smiles=smiles,value_nM=Ki_nM,id=name");
  }
  if (roles.contains("value_nM") == roles.contains("value_p")) {
    fail(ErrorKind::usage, "--columns has to name the potency once", {},
         "give value_nM=COLUMN for IC50, EC50, Ki in nM, or value_p=COLUMN for pIC50, pEC50, pKi");
  }
  Columns columns{.in_p_units = roles.contains("value_p")};
  columns.value = roles.at(columns.in_p_units ? "value_p" : "value_nM");
  if (roles.contains("smiles")) columns.smiles = roles.at("smiles");
  if (roles.contains("id")) columns.id = roles.at("id");
  return columns;
}

std::map<std::string, std::string> read_options(const std::vector<std::string>& words) {
  std::map<std::string, std::string> options;
  for (const auto& word : words) {
    for (std::size_t begin = 0; begin <= word.size();) {
      const std::size_t end = std::min(word.find(',', begin), word.size());
      const std::string part = word.substr(begin, end - begin);
      const std::size_t equals = part.find('=');
      if (equals == std::string::npos || equals == 0) {
        fail(ErrorKind::usage, "--options takes NAME=VALUE pairs", {.value = part},
             "for example --options fold=100,similarity=0.8; `cupel cliffs --list` has them all");
      }
      if (!options.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
        fail(ErrorKind::usage, "--options names " + part.substr(0, equals) + " twice");
      }
      begin = end + 1;
    }
  }
  return options;
}

/// The potency of a row; what is no number is a problem of the row, what cannot be in this unit is
/// an error: it is the wrong column.
double read_value(const Table& table, const Column& column, std::size_t row, bool in_p_units,
                  std::string& problem) {
  if (column.is_missing(row)) return kNaN;
  const std::string_view text = trimmed(column.text(row));
  double value = kNaN;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) {
    problem = "the potency \"" + std::string(text.substr(0, 40)) + "\" is not a number";
    return kNaN;
  }
  const Where where{.file = table.source,
                    .row = table.line(row),
                    .column_name = column.name,
                    .value = std::string(text.substr(0, 40))};
  if (!in_p_units && value < 0.0) {
    fail_input("a potency in nM cannot be negative", where,
               "name the column with the values in nM; if they are pIC50, pEC50 or pKi, write "
               "--columns value_p=" +
                   column.name);
  }
  if (in_p_units && std::abs(value) > 30.0) {
    fail_input("a potency in p units cannot be beyond 30", where,
               "p units are -log10 of the molar value, as 7.3; if the values are in nM, write "
               "--columns value_nM=" +
                   column.name);
  }
  return value;
}

Molecules read(const Flags& flags, const Columns& columns, const Session& session) {
  CsvOptions options;
  for (const auto& name : {columns.smiles, columns.value, columns.id, flags.within}) {
    if (!name.empty()) options.types[name] = ColumnType::text;
  }
  const Table table = read_csv(flags.input, options, session.context);
  const Column& smiles = table.at(columns.smiles);
  const Column& value = table.at(columns.value);
  const Column* id = columns.id.empty() ? nullptr : &table.at(columns.id);
  const Column* within = flags.within.empty() ? nullptr : &table.at(flags.within);
  Molecules molecules;
  std::map<std::string, std::uint32_t, std::less<>> number_of;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    std::string problem;
    molecules.value.push_back(read_value(table, value, row, columns.in_p_units, problem));
    molecules.problem.push_back(std::move(problem));
    molecules.smiles.emplace_back(smiles.text(row));
    molecules.id.emplace_back(id != nullptr ? id->text(row) : "");
    const std::string name(within != nullptr ? within->text(row) : "");
    const auto [entry, is_new] =
        number_of.emplace(name, static_cast<std::uint32_t>(number_of.size()));
    if (is_new) molecules.group_names.push_back(name);
    molecules.group.push_back(entry->second);
  }
  return molecules;
}

std::string because_of(const Cliffs& cliffs, std::size_t row, const Molecules& molecules) {
  return molecules.problem[row].empty() ? cliffs.problem[row] : molecules.problem[row];
}

void write_flags(const std::string& path, const Molecules& molecules, const Cliffs& cliffs) {
  std::vector<std::int64_t> n_pairs(molecules.smiles.size(), 0);
  for (const CliffPair& pair : cliffs.pairs) {
    ++n_pairs[pair.first];
    ++n_pairs[pair.second];
  }
  CsvWriter csv;
  csv.row(std::vector<std::string>{"row", "id", "smiles", "value", "cliff", "n_pairs", "reason"});
  for (std::size_t row = 0; row < molecules.smiles.size(); ++row) {
    const std::string reason = because_of(cliffs, row, molecules);
    csv.integer(static_cast<std::int64_t>(row)).text(molecules.id[row]).text(molecules.smiles[row]);
    csv.number(molecules.value[row]);
    if (reason.empty()) {
      csv.integer(cliffs.flag[row]).integer(n_pairs[row]).missing();
    } else {
      csv.missing().missing().text(reason);
    }
    csv.end_row();
  }
  if (path == "-") {
    write_file_atomic("/dev/stdout", csv.bytes());
  } else {
    csv.save(path);
  }
}

void write_pairs(const std::string& path, const Molecules& molecules, const Cliffs& cliffs) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"first", "second", "similarity", "because", "log_difference",
                                   "sali", "id_first", "id_second"});
  for (const CliffPair& pair : cliffs.pairs) {
    csv.integer(pair.first).integer(pair.second).number(pair.similarity).text(pair.because);
    csv.number(pair.log_difference).number(pair.sali);
    csv.text(molecules.id[pair.first]).text(molecules.id[pair.second]).end_row();
  }
  csv.save(path);
}

using Counts = std::vector<std::pair<std::string, std::size_t>>;

/// The most frequent first; ties by name.
template <typename Words>
Counts count_words(const Words& words) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& word : words) ++counts[word];
  Counts sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted,
                           [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

struct Summary {
  std::size_t n_rows = 0;
  std::size_t n_cliff = 0;
  Counts not_looked_at;
  Counts because;
};

Summary summarise(const Molecules& molecules, const Cliffs& cliffs) {
  Summary summary{.n_rows = molecules.smiles.size()};
  std::vector<std::string> reasons;
  for (std::size_t row = 0; row < summary.n_rows; ++row) {
    summary.n_cliff += cliffs.flag[row];
    const std::string reason = because_of(cliffs, row, molecules);
    // One line for all values that are no numbers, whatever stands there.
    if (!reason.empty())
      reasons.push_back(molecules.problem[row].empty() ? reason : "the potency is not a number");
  }
  summary.not_looked_at = count_words(reasons);
  std::vector<std::string> because;
  for (const CliffPair& pair : cliffs.pairs) because.push_back(pair.because);
  summary.because = count_words(because);
  return summary;
}

std::size_t total(const Counts& counts) {
  std::size_t sum = 0;
  for (const auto& [word, count] : counts) sum += count;
  return sum;
}

std::string as_text(const CliffRule& rule, const Flags& flags, const Cliffs& cliffs,
                    const Summary& summary, std::size_t n_groups) {
  const std::size_t n_looked_at = summary.n_rows - total(summary.not_looked_at);
  std::string text = fmt::format("{}: {}\n", rule.name, rule.description);
  text += "options    " + cliffs.parameters + "\n";
  text += fmt::format("molecules  {} looked at, {} not", n_looked_at, total(summary.not_looked_at));
  for (const auto& [reason, count] : summary.not_looked_at) {
    text += fmt::format("; {} x {}", count, reason);
  }
  if (n_groups > 1) text += fmt::format("; within {} groups of {}", n_groups, flags.within);
  text += fmt::format("\ncliffs     {} molecules ({:.1f} %) in {} pairs\n", summary.n_cliff,
                      100.0 * static_cast<double>(summary.n_cliff) /
                          std::max(1.0, static_cast<double>(n_looked_at)),
                      cliffs.pairs.size());
  if (summary.because.size() > 1) {
    text += "because   ";
    for (const auto& [word, count] : summary.because) text += fmt::format(" {} {}", word, count);
    text += "\n";
  }
  for (const auto& [name, count] : cliffs.counts) text += fmt::format("{}  {}\n", name, count);
  if (cliffs.limits.size() == 1) text += fmt::format("limit      {:.4g}\n", cliffs.limits[0]);
  if (!flags.out.empty()) text += "file       " + flags.out + "\n";
  if (!flags.pairs.empty()) text += "pairs      " + flags.pairs + "\n";
  return text;
}

template <typename Pairs>
JsonOut counts_json(const Pairs& counts) {
  JsonOut out = JsonOut::part();
  for (const auto& [word, count] : counts) out.number(word, static_cast<double>(count));
  return out;
}

std::string as_json(const CliffRule& rule, const Flags& flags, const Cliffs& cliffs,
                    const Summary& summary, std::size_t n_groups) {
  JsonOut out;
  out.text("rule", rule.name).text("description", rule.description).text("source", rule.source);
  out.text("options", cliffs.parameters);
  out.number("rows", static_cast<double>(summary.n_rows));
  out.number("groups", static_cast<double>(n_groups));
  out.number("looked_at", static_cast<double>(summary.n_rows - total(summary.not_looked_at)));
  out.object("not_looked_at", counts_json(summary.not_looked_at));
  out.number("cliff_molecules", static_cast<double>(summary.n_cliff));
  out.number("cliff_pairs", static_cast<double>(cliffs.pairs.size()));
  out.object("because", counts_json(summary.because));
  if (!cliffs.counts.empty()) out.object("pairs", counts_json(cliffs.counts));
  if (!cliffs.limits.empty()) out.numbers("limits", cliffs.limits);
  if (!flags.out.empty()) out.text("out", flags.out);
  if (!flags.pairs.empty()) out.text("pairs_file", flags.pairs);
  return out.dump();
}

int list_rules(Session& session) {
  if (session.json) {
    std::vector<JsonOut> rules;
    for (const CliffRule& rule : potency::cliff_rules()) {
      JsonOut one = JsonOut::part();
      one.text("name", rule.name).text("description", rule.description).text("source", rule.source);
      JsonOut defaults = JsonOut::part();
      for (const auto& [name, value] : rule.defaults) defaults.text(name, value);
      rules.push_back(std::move(one.object("options", defaults)));
    }
    JsonOut options = JsonOut::part();
    for (const auto& option : potency::cliff_options())
      options.text(option.name, option.description);
    session.print(JsonOut().objects("rules", rules).object("options", options).dump());
    return 0;
  }
  std::string text = "rules\n";
  for (const CliffRule& rule : potency::cliff_rules()) {
    std::vector<std::string> defaults;
    for (const auto& [name, value] : rule.defaults) defaults.push_back(name + "=" + value);
    text += fmt::format("  {:<21} {}\n  {:<21} {}\n  {:<21} {}\n", rule.name, rule.description, "",
                        "options: " + join(defaults, " "), "", "source: " + rule.source);
  }
  text += "\noptions\n";
  for (const auto& option : potency::cliff_options()) {
    text += fmt::format("  {:<21} {}\n", option.name, option.description);
  }
  session.print(text);
  return 0;
}

int run(const Flags& flags, Session& session) {
  if (flags.list) return list_rules(session);
  if (flags.input.empty() || (flags.out.empty() && flags.pairs.empty())) {
    fail(ErrorKind::usage, "cupel cliffs needs FILE and --out or --pairs", {},
         "for example cupel cliffs molecules.csv --columns smiles=smiles,value_nM=Ki "
         "--out flags.csv");
  }
  const CliffRule& rule = potency::find_cliff_rule(flags.rule);
  const Columns columns = read_columns(flags);
  auto options = read_options(flags.options);
  // p units are rounded logarithms: going back to ratios would let rounding decide ties.
  if (columns.in_p_units && rule.defaults.contains("compare")) options.emplace("compare", "log");
  const Molecules molecules = read(flags, columns, session);
  std::vector<double> value_nM = molecules.value;
  if (columns.in_p_units) {
    for (double& value : value_nM) value = std::pow(10.0, 9.0 - value);
  }
  const Cliffs cliffs = potency::find_cliffs_within(molecules.smiles, value_nM, molecules.group,
                                                    rule, options, session.context);
  if (!flags.out.empty()) write_flags(flags.out, molecules, cliffs);
  if (!flags.pairs.empty()) write_pairs(flags.pairs, molecules, cliffs);
  if (flags.out == "-") return 0;
  const Summary summary = summarise(molecules, cliffs);
  const std::size_t n_groups = molecules.group_names.size();
  session.print(session.json ? as_json(rule, flags, cliffs, summary, n_groups)
                             : as_text(rule, flags, cliffs, summary, n_groups));
  return 0;
}

}  // namespace

Run define_cliffs(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel cliffs CHEMBL2835_Ki.csv --columns 'smiles=smiles,value_nM=exp_mean [nM]' \\\n"
      "      --rule moleculeace --out flags.csv --pairs pairs.csv");
  arguments.example(
      "cupel cliffs assays.csv --columns smiles=SMILES,value_p=pIC50,id=name --within assay \\\n"
      "      --rule mmp --options difference=1.5 --out flags.csv");
  arguments.example("cupel cliffs --list");
  arguments.description(
      "--out has a row per row of FILE: row, id, smiles, value, cliff (1: in at least one cliff\n"
      "pair; empty with a reason where the row was not looked at), n_pairs. --pairs has a row per\n"
      "pair, by 0-based rows. Of values in p units, differences of log10 are compared.");
  arguments.positional("FILE", flags->input, "Table with SMILES and potencies; plain, gz, zst",
                       false);
  arguments.option("--columns", flags->columns,
                   "smiles=, value_nM= or value_p=, id= (smiles: default \"smiles\")",
                   {.placeholder = "ROLE=COLUMN,.."});
  arguments.option("--rule", flags->rule, "What a cliff is; --list has the definitions",
                   {.placeholder = "NAME"});
  arguments.option("--options", flags->options, "Options of the rule",
                   {.placeholder = "NAME=VALUE,.."});
  arguments.option("--within", flags->within, "Column: pairs only of rows with one value in it",
                   {.placeholder = "COLUMN"});
  arguments.option("--out", flags->out, "Flags, a row per molecule; - for stdout",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--pairs", flags->pairs, "The cliff pairs",
                   {.placeholder = "FILE", .is_file = true});
  arguments.flag("--list", flags->list, "Print the rules and their options");
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
