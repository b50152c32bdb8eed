#include "area/perturbation/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <set>

#include "area/perturbation/cell_groups.hpp"
#include "area/perturbation/gene_choice.hpp"
#include "area/perturbation/profile_parts.hpp"
#include "area/perturbation/replicates.hpp"
#include "area/tables.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "data/profiles.hpp"
#include "io/csv.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kMeasuredRows = 20000;

std::string role_column(const DataSpec& spec, const std::string& role) {
  const auto found = spec.columns.find(role);
  return found == spec.columns.end() ? "" : found->second;
}

/// What the spec itself must state.
void check_spec(const DataSpec& spec, const std::string& source) {
  const Where where{.file = source};
  if (role_column(spec, "perturbation").empty()) {
    fail_input("the column with the perturbations is not named", where,
               "columns: {perturbation: NAME}, or --columns perturbation=NAME");
  }
  if (spec.profiles.control.empty()) {
    fail_input("the label of the unperturbed cells is not stated", where,
               "profiles: {control: LABEL}, or --control LABEL");
  }
  if (spec.profiles.scale.empty()) {
    fail_input("what the values are is not stated, and it is not guessed", where,
               "profiles: {scale: counts | normalized | log1p}, or --scale; `cupel inspect` says "
               "what they look like");
  }
}

/// The values must not contradict what they are said to be.
void check_scale(const CellMatrix& matrix, Scale scale, const std::string& source,
                 Diagnostics& diagnostics, const Context& context) {
  const MatrixFacts facts = measure(matrix, kMeasuredRows, context);
  const Where where{.file = source, .column_name = matrix.info().path};
  if (facts.n_nan + facts.n_infinite > 0) {
    fail_input(std::to_string(facts.n_nan + facts.n_infinite) + " values are not finite", where,
               "fill or drop them first");
  }
  if (facts.n_negative > 0 && scale != Scale::log1p) {
    fail_input(fmt::format("{} values are negative, so they are not {}", facts.n_negative,
                           to_string(scale)),
               where, "name another matrix (layers/counts, raw/X)");
  }
  if (scale == Scale::counts && facts.n_fractional > 0) {
    fail_input(fmt::format("scale is counts, but {} of {} values are fractional",
                           facts.n_fractional, facts.n_nonzero),
               where, "say scale: log1p or normalized, or name the matrix that holds the counts");
  }
  if (scale == Scale::log1p && facts.n_nonzero > 0 && facts.n_fractional == 0) {
    fail_input("scale is log1p, but all values are whole numbers", where,
               "say scale: counts and let log1p be taken (log1p: true)");
  }
  if (scale == Scale::log1p && facts.max >= 15.0) {
    diagnostics.add("large_log_values", Severity::warning,
                    "Values of 15 and more are rare after log1p: e^15 is 3 million counts. Are "
                    "they logarithms?",
                    format_double(facts.max));
  }
  if (facts.n_negative > 0) {
    diagnostics.add("negative_values", Severity::warning,
                    "Values are negative: the matrix was centred or scaled, and its profiles are "
                    "not log-expression.",
                    matrix.info().path, static_cast<std::size_t>(facts.n_negative));
  }
}

/// The kind of pseudobulk must fit the scale.
PseudobulkKind checked_kind(const ProfileSpec& spec, Scale scale, const CellTransform& transform) {
  const auto kind = parse_pseudobulk(spec.pseudobulk);
  if (scale == Scale::log1p && (!transform.is_identity() || kind != PseudobulkKind::mean)) {
    fail(ErrorKind::usage,
         "the values are log1p already: they are not normalised, logarithmised or summed again", {},
         "leave normalize, log1p and pseudobulk out, or start from the counts");
  }
  if (kind != PseudobulkKind::mean && transform.log1p) {
    fail(ErrorKind::usage, "the pseudobulk " + spec.pseudobulk + " takes the logarithm itself", {},
         "leave log1p out");
  }
  if (kind == PseudobulkKind::group_sum && !transform.is_identity()) {
    fail(ErrorKind::usage, "group_sum sums counts: cells are not normalised before", {},
         "leave normalize out");
  }
  return kind;
}

std::string pseudobulk_text(const ProfileSpec& spec, Scale scale, const CellTransform& transform) {
  std::string values(to_string(scale));
  values += " values";
  if (!transform.is_identity()) values += " after " + transform.text();
  if (spec.pseudobulk == "log_of_mean") return "ln(1 + mean) of " + values;
  if (spec.pseudobulk == "group_sum") {
    return "ln(1 + " + format_double(spec.bulk_target) + " * sum / total) of " + values;
  }
  return "mean of " + values;
}

/// Which groups become samples; the others are left out with their reason.
std::vector<std::uint32_t> kept_groups(const SampleGroups& cells, std::uint32_t min_cells,
                                       Dataset& data) {
  detail::LeftOutRows left_out;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t g = 0; g < cells.groups.size(); ++g) {
    const auto& group = cells.groups[g];
    const std::string example =
        cells.labels.ids[group.perturbation] + " in " + cells.contexts[group.context];
    if (cells.n_control[group.context] == 0) {
      left_out.add("context_without_control", g);
      data.diagnostics.add("context_without_control", Severity::warning,
                           "Contexts without control cells have no reference; what was measured "
                           "in them is left out.",
                           example);
    } else if (group.n_cells < min_cells) {
      left_out.add("too_few_cells", g);
      data.diagnostics.add(
          "too_few_cells", Severity::warning,
          fmt::format("Perturbations with fewer than {} cells in a context are left out there.",
                      min_cells),
          fmt::format("{}: {}", example, group.n_cells));
    } else {
      kept.push_back(g);
    }
  }
  data.left_out = std::move(left_out.items);
  return kept;
}

void add_number(Table& table, const std::string& name, std::vector<std::int64_t> values) {
  Column column{.name = name, .type = ColumnType::integer};
  column.integers = std::move(values);
  table.columns.push_back(std::move(column));
}

Table sample_table(const SampleGroups& cells, const std::string& source) {
  Table table{.source = source, .n_rows = cells.groups.size()};
  Column perturbation{.name = "perturbation"};
  Column context{.name = "context"};
  Column kind{.name = "kind"};
  std::vector<std::int64_t> n_cells;
  std::vector<std::int64_t> n_control;
  for (const auto& group : cells.groups) {
    perturbation.push_text(cells.labels.ids[group.perturbation]);
    context.push_text(cells.contexts[group.context]);
    kind.push_text(cells.labels.members[group.perturbation].size() == 1 ? "single" : "combination");
    n_cells.push_back(static_cast<std::int64_t>(group.n_cells));
    n_control.push_back(static_cast<std::int64_t>(cells.n_control[group.context]));
  }
  table.columns = {std::move(perturbation), std::move(context), std::move(kind)};
  add_number(table, "n_cells", std::move(n_cells));
  add_number(table, "n_control_cells", std::move(n_control));
  return table;
}

/// Guides of the cells of every perturbation, joined by ",".
std::vector<std::string> guides_of(const CellFile& cells, const std::string& column,
                                   const ParsedColumn& labels) {
  const Categories guides = cells.obs_categories(column);
  std::vector<std::set<std::string>> found(labels.ids.size());
  for (std::size_t cell = 0; cell < labels.code.size(); ++cell) {
    if (labels.code[cell] < found.size() && guides.code[cell] != Categories::kMissing) {
      found[labels.code[cell]].insert(guides.levels[guides.code[cell]]);
    }
  }
  std::vector<std::string> text;
  for (const auto& set : found) text.push_back(join(std::vector(set.begin(), set.end()), ","));
  return text;
}

void add_entities(const CellFile& cells, const SampleGroups& groups,
                  std::span<const std::uint32_t> kept, const DataSpec& spec, Dataset& data,
                  ProfileData& profiles) {
  std::vector<std::string> perturbation;
  std::vector<std::string> context;
  for (const auto g : kept) {
    perturbation.push_back(groups.labels.ids[groups.groups[g].perturbation]);
    context.push_back(groups.contexts[groups.groups[g].context]);
    data.source_row.push_back(g);
  }
  data.entities = {detail::make_entity("perturbation", perturbation),
                   detail::make_entity("context", context)};
  Entity& entity = data.entities.front();
  const bool has_guides = !role_column(spec, "guide").empty();
  const auto all_guides = has_guides ? guides_of(cells, role_column(spec, "guide"), groups.labels)
                                     : std::vector<std::string>{};
  std::vector<std::string> kind;
  std::vector<std::string> order;
  std::vector<std::string> members;
  std::vector<std::string> written;
  std::vector<std::string> guides;
  for (const auto& id : entity.ids) {
    const auto at = static_cast<std::size_t>(std::ranges::lower_bound(groups.labels.ids, id) -
                                             groups.labels.ids.begin());
    const auto& own = groups.labels.members[at];
    profiles.members.push_back(own);
    kind.emplace_back(own.size() == 1 ? "single" : "combination");
    order.push_back(std::to_string(own.size()));
    members.push_back(join(own, "+"));
    written.push_back(join(groups.labels.written[at], " | "));
    if (has_guides) guides.push_back(all_guides[at]);
  }
  entity.labels = {detail::make_label("kind", kind), detail::make_label("order", order),
                   detail::make_label("members", members), detail::make_label("written", written)};
  if (has_guides) entity.labels.push_back(detail::make_label("guides", guides));
}

LabelRules label_rules(const ProfileSpec& spec, detail::TableReader& reader) {
  LabelRules rules{.control = spec.control, .separators = parse_separators(spec.separator)};
  if (spec.guide_map.empty()) return rules;
  reader.mark_text(spec.guide_map, "guide");
  reader.mark_text(spec.guide_map, "target");
  rules.guide_target = guide_targets(reader.read("guide map", spec.guide_map));
  return rules;
}

/// Groups that no sample and no control needs have no codes, and cost nothing.
std::vector<std::uint32_t> codes_of_kept(const SampleGroups& cells,
                                         std::span<const std::uint32_t> kept,
                                         std::span<const std::uint32_t> context_of_code) {
  const std::size_t n_contexts = cells.contexts.size();
  std::vector<std::uint32_t> new_code(n_contexts + cells.groups.size(), CellGroups::kNoGroup);
  std::uint32_t next = 0;
  for (const auto context : context_of_code) new_code[context] = next++;
  for (const auto g : kept) new_code[n_contexts + g] = next++;
  std::vector<std::uint32_t> code(cells.code.size(), CellGroups::kNoGroup);
  for (std::size_t cell = 0; cell < code.size(); ++cell) {
    if (cells.code[cell] != CellGroups::kNoGroup) code[cell] = new_code[cells.code[cell]];
  }
  return code;
}

/// Entity "context" holds only contexts of kept samples: their codes in the file's order.
std::vector<std::uint32_t> used_contexts(const SampleGroups& cells, const Entity& context) {
  std::vector<std::uint32_t> used;
  for (const auto& id : context.ids) {
    used.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(cells.contexts, id) -
                                              cells.contexts.begin()));
  }
  return used;
}

void check_genes(const std::vector<std::string>& genes, Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (const auto& gene : genes) {
    if (!seen.insert(gene).second) {
      diagnostics.add("duplicate_gene", Severity::warning,
                      "Gene names that occur twice: metrics count the gene twice, and what is "
                      "joined by name goes to the first.",
                      gene);
    }
  }
}

LoadedData load(const CellFile& cells, const DataSpec& spec, detail::TableReader& reader,
                const std::string& base_folder, const CatalogueOptions& catalogue,
                const Context& context) {
  const ProfileSpec& wanted = spec.profiles;
  check_spec(spec, cells.source());
  const Scale scale = parse_scale(wanted.scale);
  const CellTransform transform = parse_transform(wanted.normalize, wanted.log1p);
  const auto kind = checked_kind(wanted, scale, transform);
  const CellMatrix& matrix = cells.matrix(wanted.matrix);

  LoadedData loaded;
  Dataset& data = loaded.data;
  data.area = "perturbation";
  data.name = spec.catalogue.empty() ? std::filesystem::path(cells.source()).filename().string()
                                     : spec.catalogue;
  data.target_name = "expression";
  data.diagnostics.merge(cells.diagnostics());
  check_scale(matrix, scale, cells.source(), data.diagnostics, context);

  const SampleGroups groups =
      sample_groups(cells, role_column(spec, "perturbation"), role_column(spec, "context"),
                    label_rules(wanted, reader), data.diagnostics);
  loaded.samples = sample_table(groups, cells.source());
  data.n_source_rows = groups.groups.size();
  const auto kept = kept_groups(groups, wanted.min_cells, data);
  if (kept.empty()) {
    fail_input(
        fmt::format("none of the {} groups of perturbed cells can be used", groups.groups.size()),
        {.file = cells.source()},
        data.diagnostics.empty() ? "" : data.diagnostics.all().back().message);
  }
  auto profiles = std::make_shared<ProfileData>();
  profiles->control = wanted.control;
  profiles->pseudobulk = pseudobulk_text(wanted, scale, transform);
  add_entities(cells, groups, kept, spec, data, *profiles);

  const auto contexts = used_contexts(groups, data.entities[1]);
  const auto code = codes_of_kept(groups, kept, contexts);
  PseudobulkOptions options{.transform = transform};
  for (std::uint32_t s = 0; s < wanted.halves; ++s) options.half_seeds.push_back(context.seed + s);
  context.report({.task = "reading " + cells.source()});
  const ProfileSource source{.matrix = matrix,
                             .groups = {contexts.size() + kept.size(), code},
                             .n_controls = contexts.size(),
                             .kind = kind,
                             .bulk_target = wanted.bulk_target};
  const auto& all_genes = matrix.info().path == "raw/X" ? cells.raw_gene_ids() : cells.gene_ids();
  const auto choose = [&](const Matrix<double>& controls) {
    return choose_genes(wanted.genes, all_genes, controls, base_folder, catalogue, context,
                        data.diagnostics);
  };
  data.targets = make_profiles(source, options, all_genes, choose, *profiles, context);
  check_genes(profiles->genes, data.diagnostics);
  if (const auto column = role_column(spec, "replicate"); !column.empty()) {
    add_replicates(source, cells.obs_categories(column), transform, all_genes, *profiles,
                   data.diagnostics, context);
  }
  add_t_statistic(data, *profiles);
  add_target_genes(data.entities[0], *profiles);
  join_features(data, *profiles, spec, reader);
  data.output_names = profiles->genes;
  data.profiles = std::move(profiles);
  return loaded;
}

}  // namespace

std::span<const ColumnRole> column_roles() noexcept {
  static const std::array<ColumnRole, 4> kRoles{{
      {.name = "perturbation", .doc = "label of the perturbation of every cell (obs column)"},
      {.name = "context",
       .doc = "cell type, donor or condition with control cells of its own",
       .required = false},
      {.name = "replicate", .doc = "biological replicate of the cell", .required = false},
      {.name = "guide", .doc = "guide of the cell", .required = false},
  }};
  return kRoles;
}

LoadedData load_profiles(const CellFile& cells, const DataSpec& spec,
                         const std::string& base_folder, const CatalogueOptions& catalogue,
                         const Context& context) {
  detail::TableReader reader(base_folder, catalogue, context);
  LoadedData loaded = load(cells, spec, reader, base_folder, catalogue, context);
  loaded.inputs = reader.inputs();
  loaded.data.sha256 = reader.sha256();
  return loaded;
}

LoadedData load_profiles(const DataSpec& given, const std::string& base_folder,
                         const CatalogueOptions& catalogue, const Context& context) {
  const DataSpec spec = apply_catalogue(given);
  if (spec.file.empty()) {
    fail_input("the study names no file of cells", {}, "add data: {file: screen.h5ad, ...}");
  }
  const auto path = resolve_file(spec.file, base_folder, catalogue);
  const auto cells = open_cells(path, context);
  detail::TableReader reader(base_folder, catalogue, context);
  LoadedData loaded = load(*cells, spec, reader, base_folder, catalogue, context);
  std::error_code ignored;
  InputFile file{.role = "cells",
                 .file = spec.file,
                 .sha256 = std::filesystem::is_directory(path, ignored) ? "" : sha256_file(path),
                 .bytes = std::filesystem::is_directory(path, ignored)
                              ? 0
                              : std::filesystem::file_size(path, ignored)};
  loaded.data.sha256 = Sha256().field(file.sha256).field(reader.sha256()).hex();
  loaded.inputs = reader.inputs();
  loaded.inputs.insert(loaded.inputs.begin(), std::move(file));
  return loaded;
}

}  // namespace cupel::perturbation
