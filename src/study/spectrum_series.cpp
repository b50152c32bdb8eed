#include "study/spectrum_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "similarity/graph.hpp"
#include "similarity/items_read.hpp"
#include "split/overlap_profile.hpp"
#include "split/overlap_series.hpp"
#include "split/spectra.hpp"
#include "split/spectra_import.hpp"
#include "study/schema.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

/// Two columns without a header, under the names given.
Table two_columns(const fs::path& path, const std::string& first, const std::string& second,
                  bool second_is_text, const Context& context) {
  const std::string bytes = read_bytes(path);
  const std::string_view line = std::string_view(bytes).substr(0, bytes.find('\n'));
  const char delimiter = line.find('\t') != std::string_view::npos ? '\t' : ',';
  CsvOptions options{.delimiter = delimiter, .quote = 0};
  options.types[first] = ColumnType::text;
  if (second_is_text) options.types[second] = ColumnType::text;
  return parse_csv(first + delimiter + second + "\n" + bytes, path.string(), options, context);
}

InputFile input_of(const std::string& role, const std::string& name, const fs::path& path) {
  return {.role = role,
          .file = name,
          .sha256 = sha256_file(path),
          .bytes = static_cast<std::uint64_t>(fs::file_size(path))};
}

Items read_without_header(const fs::path& path, ItemForm form, const Context& context) {
  if (form != ItemForm::mutations && form != ItemForm::sequence) {
    fail_input("only mutations and sequences can be read without a header", {.file = path.string()},
               "add a header line to the file");
  }
  const Table table = two_columns(path, "id", "text", true, context);
  Items items{.source = path.string()};
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    items.ids.push_back(table.at("id").as_text(row));
    items.texts.push_back(table.at("text").as_text(row));
  }
  return items;
}

class Loader {
 public:
  Loader(const SpectrumStudy& study, const CatalogueOptions& catalogue, const Context& context)
      : study_(study), catalogue_(catalogue), context_(context) {}

  SpectrumSeries load() {
    const SimilarityKind& kind = find_similarity_kind(study_.kind);
    Items items = read_items_file(kind.form);
    if (!study_.series.folder.empty()) imported_ = import_spectra_splits(folder(), context_);
    if (study_.items.only_in_series) {
      items = with_phenotypes(std::move(items));
    } else if (!study_.items.target_file.empty()) {
      add_targets(items);
    }
    out_.set =
        make_item_set(std::move(items), kind, study_.kind_options, study_.threshold, context_);
    if (!study_.series.folder.empty()) {
      import_splits();
    } else if (!study_.series.variant.empty()) {
      make_spectra();
    } else {
      make_own();
    }
    if (out_.splits.empty()) {
      fail_input("the series has no split", {.file = study_.source},
                 "see the diagnostics; fewer or lower lambdas leave more samples");
    }
    measure();
    return std::move(out_);
  }

 private:
  fs::path resolve(const std::string& reference) const {
    return resolve_file(reference, study_.base_folder, catalogue_);
  }

  /// Every file of a catalogue entry that is a split lies in one folder.
  fs::path folder() const {
    const std::string& name = study_.series.folder;
    if (!name.starts_with("catalogue:")) {
      const fs::path path(name);
      return path.is_absolute() ? path : fs::path(study_.base_folder) / path;
    }
    fs::path found;
    for (const auto& file : find_entry(name.substr(10)).files) {
      if (file.find("_SPLIT_") == std::string::npos) continue;
      found = resolve("catalogue:" + file).parent_path();
    }
    if (found.empty()) {
      fail(ErrorKind::usage, "the catalogue entry of the series has no split files",
           {.value = name});
    }
    return found;
  }

  Items read_items_file(ItemForm form) {
    const fs::path path = resolve(study_.items.file);
    Items items;
    if (study_.items.has_header) {
      items =
          read_items(path, form,
                     {.id_column = study_.items.id,
                      .text_column = study_.items.text,
                      .target_column = study_.items.target_file.empty() ? study_.items.target : "",
                      .feature_columns = study_.items.features},
                     context_);
    } else {
      items = read_without_header(path, form, context_);
    }
    items.source = study_.items.file;
    items.inputs = {input_of("items", study_.items.file, path)};
    out_.inputs = items.inputs;
    out_.diagnostics.merge(items.diagnostics);
    return items;
  }

  void add_targets(Items& items) {
    const auto& spec = study_.items;
    const fs::path path = resolve(spec.target_file);
    const Table table = spec.target_has_header ? read_csv(path, {}, context_)
                                               : two_columns(path, "id", "target", false, context_);
    const Column& ids = table.at(spec.target_id.empty() ? "id" : spec.target_id);
    const Column& targets = table.at(spec.target.empty() ? "target" : spec.target);
    if (targets.type == ColumnType::text) {
      fail_input("the targets are no numbers", {.file = table.source, .column_name = targets.name},
                 "code two classes as 0 and 1");
    }
    std::map<std::string, double> known;
    for (std::size_t row = 0; row < table.n_rows; ++row) {
      known.try_emplace(ids.as_text(row), targets.as_number(row));
    }
    items.targets.clear();
    for (const auto& id : items.ids) {
      const auto found = known.find(id);
      items.targets.push_back(found == known.end() ? OverlapProfile::kNone : found->second);
    }
    items.inputs.push_back(input_of("targets", spec.target_file, path));
    out_.inputs.push_back(items.inputs.back());
  }

  /// Targets as the split files state them; items in no split are left out.
  Items with_phenotypes(Items items) {
    std::map<std::string, double> known;
    const auto take = [&](const std::vector<std::string>& ids,
                          const std::vector<std::string>& phenotypes, const std::string& source) {
      for (std::size_t i = 0; i < phenotypes.size(); ++i) {
        const auto value = parse_number(phenotypes[i]);
        if (!value) {
          out_.diagnostics.add("phenotype_no_number", Severity::warning,
                               "phenotypes that are no number; those samples are left out",
                               ids[i] + ": " + phenotypes[i]);
          continue;
        }
        const auto [place, is_new] = known.try_emplace(ids[i], *value);
        if (!is_new && place->second != *value) {
          out_.diagnostics.add("phenotype_conflict", Severity::serious,
                               "samples whose phenotype differs between split files; the first "
                               "one was taken",
                               ids[i] + " in " + source);
        }
      }
    };
    for (const auto& split : imported_.splits) {
      take(split.train, split.train_phenotype, split.source);
      take(split.test, split.test_phenotype, split.source);
    }
    if (known.empty()) {
      fail_input("the files of the series hold no phenotypes", {.file = study_.series.folder},
                 "say where the targets are: `items: {target: COLUMN}` or `targets:`");
    }
    items.targets.clear();
    for (const auto& id : items.ids) {
      const auto found = known.find(id);
      items.targets.push_back(found == known.end() ? OverlapProfile::kNone : found->second);
    }
    return items;
  }

  void import_splits() {
    out_.diagnostics.merge(imported_.diagnostics);
    out_.parameter_title = "lambda";
    out_.falls_with_parameter = true;
    std::map<std::string, std::uint32_t> known;
    for (std::uint32_t i = 0; i < out_.set.size(); ++i) known[out_.set.items.ids[i]] = i;
    // Indices stand for rows of the file where no id is known.
    std::map<std::string, std::uint32_t> by_row;
    for (std::uint32_t i = 0; i < out_.set.size(); ++i) {
      by_row[std::to_string(out_.set.items.row_of(i))] = i;
    }
    for (const auto& source : imported_.splits) {
      const bool has_ids = std::ranges::any_of(
          source.test, [&](const std::string& id) { return known.contains(id); });
      Split split = new_split(source.parameter, source.repeat, false, imported_.layout);
      const auto give = [&](const std::vector<std::string>& ids, Role role) {
        for (const auto& id : ids) {
          const auto& names = has_ids ? known : by_row;
          const auto found = names.find(id);
          if (found == names.end()) {
            out_.diagnostics.add("unknown_sample", Severity::warning,
                                 "samples of the splits that are no item with a target; they were "
                                 "ignored",
                                 id);
          } else {
            split.role[found->second] = role;
          }
        }
      };
      give(source.train, Role::train);
      give(source.test, Role::test);
      add(std::move(split));
    }
  }

  void make_spectra() {
    const auto variant = parse_spectra_variant(study_.series.variant);
    out_.parameter_title = "lambda";
    out_.falls_with_parameter = true;
    const auto similarity = out_.set.among(context_);
    const SpectraGraph graph =
        make_spectra_graph(build_graph(*similarity, out_.set.threshold, context_), false);
    const SpectraComponents components = find_spectra_components(graph);
    check_spectra_graph(graph, components, variant);
    std::vector<SpectraSpec> specs;
    for (const double lambda : study_.series.lambdas) {
      for (std::uint32_t repeat = 0; repeat < study_.series.repeats; ++repeat) {
        specs.push_back({.variant = variant,
                         .parameter = lambda,
                         .seed = static_cast<std::uint32_t>(study_.seed + 42 + 2 * repeat),
                         .test_size = study_.series.test_share});
      }
    }
    const auto made = make_spectra_splits(graph, components, specs, context_);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const std::string place =
          fmt::format("lambda {}, seed {}", specs[i].parameter, specs[i].seed);
      if (!made[i].refusal.empty()) {
        out_.diagnostics.add("no_split", Severity::warning,
                             "levels at which the variant leaves too few samples", place);
        continue;
      }
      Split split =
          new_split(specs[i].parameter, static_cast<std::uint32_t>(i % study_.series.repeats),
                    false, study_.series.variant);
      for (const std::uint32_t item : made[i].train) split.role[item] = Role::train;
      for (const std::uint32_t item : made[i].test) split.role[item] = Role::test;
      add(std::move(split));
    }
  }

  void make_own() {
    out_.parameter_title = "overlap";
    const auto similarity = out_.set.among(context_);
    const OverlapSeries series = make_overlap_series(
        *similarity, {},
        {.levels = study_.series.levels,
         .repeats = study_.series.repeats,
         .threshold = out_.set.threshold,
         .test_share = study_.series.test_share,
         .control = study_.series.has_controls ? OverlapControl::same_test : OverlapControl::none,
         .seed = study_.seed},
        context_);
    for (const auto& one : series.splits) {
      Split split = new_split(one.level, one.repeat, one.is_control, "overlap");
      split.role = one.role;
      out_.splits.push_back(std::move(split));
    }
  }

  Split new_split(double parameter, std::uint32_t repeat, bool is_control,
                  const std::string& scheme) const {
    Split split{.name = "series",
                .scheme = scheme,
                .repeat = repeat,
                .seed = study_.seed,
                .parameters = fmt::format("level={}", format_double(parameter)),
                .level = parameter,
                .series_entity = "item",
                .is_control = is_control};
    if (is_control) split.name = "control";
    split.role.assign(out_.set.size(), Role::left_out);
    split.reason.assign(out_.set.size(), 0);
    split.reasons = {""};
    return split;
  }

  /// The split, and beside it a random one of the same sizes among all items.
  void add(Split split) {
    const auto train = split.rows(Role::train);
    const auto test = split.rows(Role::test);
    if (train.empty() || test.empty()) {
      out_.diagnostics.add("empty_side", Severity::warning, "splits with an empty side, left aside",
                           split.parameters);
      return;
    }
    Split control = new_split(split.level, split.repeat, true, "random");
    std::vector<std::uint32_t> all(out_.set.size());
    std::iota(all.begin(), all.end(), 0U);
    Rng rng(study_.seed, "control of level " + format_double(split.level), split.repeat);
    rng.shuffle(std::span(all));
    for (std::size_t i = 0; i < train.size() + test.size(); ++i) {
      control.role[all[i]] = i < train.size() ? Role::train : Role::test;
    }
    out_.splits.push_back(std::move(split));
    if (study_.series.has_controls) out_.splits.push_back(std::move(control));
  }

  void measure() {
    for (std::size_t s = 0; s < out_.splits.size(); ++s) {
      context_.report({.task = "measuring overlap", .done = s, .total = out_.splits.size()});
      Split& split = out_.splits[s];
      for (std::size_t i = 0; i < split.role.size(); ++i) {
        if (split.role[i] != Role::left_out) continue;
        if (split.reasons.size() == 1)
          split.reasons.emplace_back("not in this split of the series");
        split.reason[i] = 1;
      }
      const auto train = split.rows(Role::train);
      const auto similarity = out_.set.between(split.rows(Role::test), train, context_);
      split.overlap = measure_overlap(*similarity, out_.set.threshold, context_);
    }
  }

  const SpectrumStudy& study_;
  const CatalogueOptions& catalogue_;
  const Context& context_;
  ImportedSeries imported_;
  SpectrumSeries out_;
};

}  // namespace

SpectrumSeries load_spectrum_series(const SpectrumStudy& study, const CatalogueOptions& catalogue,
                                    const Context& context) {
  return Loader(study, catalogue, context).load();
}

}  // namespace cupel
