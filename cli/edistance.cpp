// cupel edistance: energy distance of every perturbation's cells to the control cells.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "area/perturbation/cell_space.hpp"
#include "base/random.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
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
  std::string variant = "squared-u";
  std::string space = "X";
  std::string matrix = "X";
  std::string normalize = "none";
  std::string log1p = "off";
  std::uint32_t permutations = 0;
  std::optional<std::uint32_t> max_cells;
  std::string out;
};

struct Sets {
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

Sets make_sets(const CellFile& file, const Flags& flags, std::uint64_t seed) {
  const Categories groups = file.obs_categories(flags.group_by);
  std::vector<PointSet> of_level(groups.levels.size());
  for (std::uint32_t i = 0; i < groups.code.size(); ++i) {
    if (groups.code[i] != Categories::kMissing) of_level[groups.code[i]].push_back(i);
  }
  Sets sets;
  for (std::size_t level = 0; level < of_level.size(); ++level) {
    if (flags.max_cells) subsample(of_level[level], *flags.max_cells, seed, level);
    if (groups.levels[level] == flags.reference) {
      sets.reference = std::move(of_level[level]);
    } else if (!of_level[level].empty()) {
      sets.names.push_back(groups.levels[level]);
      sets.sets.push_back(std::move(of_level[level]));
    }
  }
  if (sets.reference.empty()) {
    std::string some;
    for (std::size_t i = 0; i < std::min<std::size_t>(sets.names.size(), 8); ++i) {
      some += (i > 0 ? ", " : "") + sets.names[i];
    }
    fail_input("no cells of the reference \"" + flags.reference + "\"",
               {.file = file.source(), .column_name = flags.group_by, .value = flags.reference},
               "labels there are: " + some + (sets.names.size() > 8 ? ", ..." : ""));
  }
  return sets;
}

int run(const Flags& flags, Session& session) {
  const EnergyVariant variant = parse_energy_variant(flags.variant);
  const auto file = open_cells(flags.file, session.context);
  const Sets sets = make_sets(*file, flags, session.context.seed);
  const auto space =
      perturbation::read_space(*file,
                               {.space = flags.space,
                                .matrix = flags.matrix,
                                .transform = parse_transform(flags.normalize, flags.log1p == "on")},
                               session.context);
  const auto distance =
      energy_distances(space.points, sets.sets, sets.reference, variant, session.context);
  const bool is_tested = flags.permutations > 0;
  EnergyTest test;
  if (is_tested) {
    test = energy_test(space.points, sets.sets, sets.reference, variant, flags.permutations,
                       session.context.seed, session.context);
  }
  CsvWriter csv;
  std::vector<std::string> header{"perturbation", "n_cells", "n_reference",
                                  "variant",      "space",   "e_distance"};
  if (is_tested) header.insert(header.end(), {"p_value", "p_adjusted"});
  csv.row(header);
  for (std::size_t i = 0; i < sets.names.size(); ++i) {
    csv.text(sets.names[i]).integer(static_cast<std::int64_t>(sets.sets[i].size()));
    csv.integer(static_cast<std::int64_t>(sets.reference.size()));
    csv.text(flags.variant).text(flags.space).number(distance[i]);
    if (is_tested) csv.number(test.p_value[i]).number(test.p_adjusted[i]);
    csv.end_row();
  }
  if (flags.out == "-") {
    session.print(csv.bytes());
    return 0;
  }
  write_file_atomic(flags.out, csv.bytes());
  const auto n_undefined = static_cast<std::size_t>(
      std::ranges::count_if(distance, [](double d) { return std::isnan(d); }));
  const auto n_significant = static_cast<std::size_t>(
      std::ranges::count_if(test.p_adjusted, [](double p) { return p < 0.05; }));
  if (session.json) {
    JsonOut json;
    json.text("out", flags.out).text("variant", flags.variant).text("space", space.text);
    json.number("n_perturbations", static_cast<double>(sets.names.size()));
    json.number("n_reference", static_cast<double>(sets.reference.size()));
    json.number("n_undefined", static_cast<double>(n_undefined));
    if (is_tested) json.number("n_significant", static_cast<double>(n_significant));
    session.print(json.dump());
    return 0;
  }
  session.print(flags.out + ": " + flags.variant + " E-distances of " +
                std::to_string(sets.names.size()) + " perturbations to " +
                std::to_string(sets.reference.size()) + " cells of " + flags.reference + " (" +
                space.text + ")\n");
  if (n_undefined > 0) {
    session.print(std::to_string(n_undefined) + " are undefined: fewer than two cells\n");
  }
  if (is_tested) {
    session.print(std::to_string(n_significant) +
                  " differ from the reference (adjusted p < 0.05, " +
                  std::to_string(flags.permutations) + " permutations)\n");
  }
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
  arguments.option("--out", flags->out, "Table, - for stdout",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
