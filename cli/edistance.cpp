// cupel edistance: energy distance of every perturbation's cells to the control cells.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "area/perturbation/cell_space.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/cells.hpp"
#include "io/write.hpp"
#include "json_out.hpp"
#include "metric/energy_distance.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string file;
  std::string group_by;
  std::string reference;
  std::string context;
  std::string variant = "squared-u";
  std::string space = "X";
  std::string matrix = "X";
  std::string normalize = "none";
  std::string log1p = "off";
  std::uint32_t permutations = 0;
  std::optional<std::uint32_t> max_cells;
  std::string memory = "4GiB";
  std::string out;
};

struct Sets {
  std::string context;
  std::vector<std::string> names;
  std::vector<PointSet> sets;
  PointSet reference;
};

/// At most `max_cells` of a set, drawn by (seed, number of the level), in file order.
void subsample(PointSet& set, std::uint32_t max_cells, std::uint64_t seed, std::uint64_t level) {
  if (set.size() <= max_cells) return;
  Rng rng(seed, "edistance_cells", level);
  rng.shuffle(std::span<std::uint32_t>(set));
  set.resize(max_cells);
  std::ranges::sort(set);
}

[[noreturn]] void fail_reference(const Sets& sets, const CellFile& file, const Flags& flags) {
  const std::size_t n_shown = std::min<std::size_t>(sets.names.size(), 8);
  std::string some = join(std::span(sets.names).first(n_shown), ", ");
  if (n_shown < sets.names.size()) some += ", ...";
  fail_input("no cells of the reference \"" + flags.reference + "\"" +
                 (sets.context.empty() ? "" : " in " + sets.context),
             {.file = file.source(), .column_name = flags.group_by, .value = flags.reference},
             "labels there are: " + some);
}

/// The sets of one context (`wanted` of `contexts`, or all cells).
Sets make_sets(const CellFile& file, const Categories& groups, const Categories* contexts,
               std::uint32_t wanted, const Flags& flags, std::uint64_t seed) {
  std::vector<PointSet> of_level(groups.levels.size());
  for (std::uint32_t i = 0; i < groups.code.size(); ++i) {
    if (groups.code[i] == Categories::kMissing) continue;
    if (contexts == nullptr || contexts->code[i] == wanted) of_level[groups.code[i]].push_back(i);
  }
  Sets sets;
  if (contexts != nullptr) sets.context = contexts->levels[wanted];
  for (std::size_t level = 0; level < of_level.size(); ++level) {
    const std::uint64_t stream = wanted * groups.levels.size() + level;
    if (flags.max_cells) subsample(of_level[level], *flags.max_cells, seed, stream);
    if (groups.levels[level] == flags.reference) {
      sets.reference = std::move(of_level[level]);
    } else if (!of_level[level].empty()) {
      sets.names.push_back(groups.levels[level]);
      sets.sets.push_back(std::move(of_level[level]));
    }
  }
  if (sets.reference.empty() && !sets.names.empty()) fail_reference(sets, file, flags);
  if (contexts == nullptr && sets.names.empty()) {
    fail_input("there is no perturbation beside the reference \"" + flags.reference + "\"",
               {.file = file.source(), .column_name = flags.group_by},
               "check --group-by: its column holds one label only");
  }
  return sets;
}

std::vector<Sets> all_sets(const CellFile& file, const Flags& flags, std::uint64_t seed) {
  const Categories groups = file.obs_categories(flags.group_by);
  if (flags.context.empty()) return {make_sets(file, groups, nullptr, 0, flags, seed)};
  const Categories contexts = file.obs_categories(flags.context);
  std::vector<Sets> out;
  for (std::uint32_t c = 0; c < contexts.levels.size(); ++c) {
    Sets sets = make_sets(file, groups, &contexts, c, flags, seed);
    if (!sets.names.empty()) out.push_back(std::move(sets));
  }
  return out;
}

struct Totals {
  std::size_t n_sets = 0;
  std::size_t n_undefined = 0;
  std::size_t n_significant = 0;
};

void write_header(const Flags& flags, CsvWriter& csv) {
  csv.text("perturbation");
  if (!flags.context.empty()) csv.text("context");
  for (const char* name : {"n_cells", "n_reference", "variant", "space", "e_distance"}) {
    csv.text(name);
  }
  if (flags.permutations > 0) csv.text("p_value").text("p_adjusted");
  csv.end_row();
}

void write_rows(const Flags& flags, const Points& points, const Sets& sets, Session& session,
                CsvWriter& csv, Totals& totals) {
  const EnergyVariant variant = parse_energy_variant(flags.variant);
  const auto distance =
      energy_distances(points, sets.sets, sets.reference, variant, session.context);
  EnergyTest test;
  if (flags.permutations > 0) {
    test = energy_test(points, sets.sets, sets.reference, variant, flags.permutations,
                       session.context.seed, session.context);
  }
  for (std::size_t i = 0; i < sets.names.size(); ++i) {
    csv.text(sets.names[i]);
    if (!flags.context.empty()) csv.text(sets.context);
    csv.integer(static_cast<std::int64_t>(sets.sets[i].size()));
    csv.integer(static_cast<std::int64_t>(sets.reference.size()));
    csv.text(flags.variant).text(flags.space).number(distance[i]);
    if (flags.permutations > 0) csv.number(test.p_value[i]).number(test.p_adjusted[i]);
    csv.end_row();
    ++totals.n_sets;
    if (std::isnan(distance[i])) ++totals.n_undefined;
    if (flags.permutations > 0 && test.p_adjusted[i] < 0.05) ++totals.n_significant;
  }
}

void print_summary(const Flags& flags, const std::string& space, const Totals& totals,
                   Session& session) {
  if (session.json) {
    JsonOut json;
    json.text("out", flags.out).text("variant", flags.variant).text("space", space);
    json.number("n_distances", static_cast<double>(totals.n_sets));
    json.number("n_undefined", static_cast<double>(totals.n_undefined));
    if (flags.permutations > 0) {
      json.number("n_significant", static_cast<double>(totals.n_significant));
    }
    session.print(json.dump());
    return;
  }
  session.print(flags.out + ": " + std::to_string(totals.n_sets) + " " + flags.variant +
                " E-distances to " + flags.reference + " (" + space + ")\n");
  if (totals.n_undefined > 0) {
    session.print(std::to_string(totals.n_undefined) + " are undefined: fewer than two cells\n");
  }
  if (flags.permutations > 0) {
    session.print(std::to_string(totals.n_significant) +
                  " differ from the reference (adjusted p < 0.05, " +
                  std::to_string(flags.permutations) + " permutations)\n");
  }
}

/// Distances need all cells at once: a value and its column.
void check_memory(const CellFile& file, const Flags& flags) {
  const bool is_held = flags.space.starts_with("obsm:");
  const auto& info = file.matrix(is_held ? "obsm/" + flags.space.substr(5) : flags.matrix).info();
  const auto bytes = info.n_stored * (sizeof(double) + sizeof(std::uint32_t));
  if (bytes <= parse_bytes(flags.memory)) return;
  fail(ErrorKind::usage,
       "distances need all cells of " + info.path + " in memory, " +
           format_double(std::ceil(static_cast<double>(bytes) / 1048576.0)) + " MiB",
       {.file = file.source()}, "a larger --memory, or --space obsm:KEY with fewer dimensions");
}

int run(const Flags& flags, Session& session) {
  const auto file = open_cells(flags.file, session.context);
  check_memory(*file, flags);
  const auto all = all_sets(*file, flags, session.context.seed);
  const auto space =
      perturbation::read_space(*file,
                               {.space = flags.space,
                                .matrix = flags.matrix,
                                .transform = parse_transform(flags.normalize, flags.log1p == "on")},
                               session.context);
  CsvWriter csv;
  write_header(flags, csv);
  Totals totals;
  for (const Sets& sets : all) write_rows(flags, space.points, sets, session, csv, totals);
  if (flags.out == "-") {
    session.print(csv.bytes());
    return 0;
  }
  write_file_atomic(flags.out, csv.bytes());
  print_summary(flags, space.text, totals, session);
  return 0;
}

}  // namespace

Run define_edistance(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel edistance screen.h5ad --group-by perturbation --reference control \\\n"
      "      --variant squared-u --space pca:50 --permutations 1000 --out e.csv");
  arguments.example(
      "cupel edistance counts.h5ad --group-by target --reference non-targeting \\\n"
      "      --normalize 10000 --log1p on --variant euclid-v --out e.csv");
  arguments.description(
      "E = 2 d(perturbed, reference) - d(perturbed, perturbed) - d(reference, reference), with d\n"
      "the mean distance of pairs of cells. Variant and space change the number by orders of\n"
      "magnitude and stand in every row of the output.");
  arguments.positional("FILE", flags->file, "Cells: .h5ad, .mtx, .gctx, ..");
  arguments.option("--group-by", flags->group_by, "Column of obs with the perturbations",
                   {.required = true, .placeholder = "COL"});
  arguments.option("--reference", flags->reference, "Label of the control cells",
                   {.required = true, .placeholder = "LABEL"});
  arguments.option("--context", flags->context,
                   "Column of obs (cell type, batch): distances within each, to its own controls",
                   {.placeholder = "COL"});
  arguments.option("--variant", flags->variant,
                   "Distance, and within a set all pairs (v) or pairs of different cells (u)",
                   {.allowed = {"euclid-v", "euclid-u", "squared-v", "squared-u"}});
  arguments.option("--space", flags->space, "X (genes), pca:N, obsm:KEY", {.placeholder = "SPACE"});
  arguments.option("--matrix", flags->matrix, "Matrix of the genes: X, layers/counts, raw/X",
                   {.placeholder = "PATH"});
  arguments.option("--normalize", flags->normalize, "Sum that every cell is scaled to first",
                   {.placeholder = "none|median|N"});
  arguments.option("--log1p", flags->log1p, "Take log1p", {.allowed = {"on", "off"}});
  arguments.option("--permutations", flags->permutations,
                   "E-test with that many permutations (0 = none)", {.placeholder = "N"});
  arguments.option("--max-cells", flags->max_cells, "Draw at most N cells per label (--seed)",
                   {.placeholder = "N"});
  arguments.option("--memory", flags->memory, "For all cells at once", {.placeholder = "SIZE"});
  arguments.option("--out", flags->out, "Table, - for stdout",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
