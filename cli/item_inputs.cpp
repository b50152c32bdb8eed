#include "item_inputs.hpp"

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"
#include "inputs.hpp"

namespace cupel::cli {
namespace {

struct NamedOption {
  std::string flag;
  std::string key;
  std::string doc;
  std::string placeholder;
};

/// Options that are asked for so often that they have a flag; all others go through --option.
const std::vector<NamedOption>& named_options() {
  static const std::vector<NamedOption> kOptions{
      {"--radius", "radius", "ECFP: radius in bonds", "R"},
      {"--bits", "bits", "ECFP: length of the fingerprint", "N"},
      {"--k", "k", "k-mers: their length", "K"},
      {"--matrix", "matrix", "Alignment: substitution matrix; perturbation: X, layers/NAME, raw/X",
       "NAME"},
      {"--gap-open", "gap_open", "Alignment: cost of the first residue of a gap", "COST"},
      {"--gap-extend", "gap_extend", "Alignment: cost of every further residue", "COST"},
      {"--denominator", "denominator", "Alignment: what identities are divided by", "NAME"}};
  return kOptions;
}

std::vector<std::string> names_between_commas(const std::string& text) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (!text.empty() && begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

char delimiter_of(const std::string& text) {
  if (text.empty()) return 0;
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() != 1) {
    fail(ErrorKind::usage, "--delimiter takes one character or tab", {.value = text});
  }
  return text.front();
}

}  // namespace

void add_kind_flags(Arguments& arguments, KindFlags& flags, bool required) {
  std::vector<std::string> names;
  for (const auto& kind : similarity_kinds()) names.push_back(kind.name);
  arguments.option(
      "--kind", flags.kind,
      "Which similarity; `cupel list similarities` explains them: " + join(names, ", "),
      {.required = required, .placeholder = "KIND"});
  arguments.option("--option", flags.options, "Option of the kind: --option radius=3 (repeatable)",
                   {.placeholder = "KEY=VALUE"});
  for (const auto& option : named_options()) {
    arguments.option(option.flag, flags.named[option.key], option.doc,
                     {.placeholder = option.placeholder});
  }
}

void add_item_flags(Arguments& arguments, ItemFlags& flags, bool with_features) {
  arguments.option("--text-column", flags.text_column,
                   "Column of the SMILES, sequence, mutations or fingerprint",
                   {.placeholder = "NAME"});
  arguments.option("--id-column", flags.id_column, "Column of the ids", {.placeholder = "NAME"});
  arguments.option("--target-column", flags.target_column, "Column of the target",
                   {.placeholder = "NAME"});
  if (with_features) {
    arguments.option("--features", flags.features,
                     "Columns of vectors or 0/1 fingerprints (default: all that are numeric)",
                     {.placeholder = "NAME,.."});
  }
  arguments.option("--delimiter", flags.delimiter, "Of the columns; tab for a tab (default: found)",
                   {.placeholder = "C"});
}

KindOptions kind_options(const KindFlags& flags) {
  KindOptions options = parse_pairs(flags.options, "--option");
  for (const auto& option : named_options()) {
    const auto given = flags.named.find(option.key);
    if (given == flags.named.end() || given->second.empty()) continue;
    if (!options.emplace(option.key, given->second).second) {
      fail(ErrorKind::usage, option.flag + " and --option " + option.key + "=.. are both given");
    }
  }
  return options;
}

ItemsOptions items_options(const ItemFlags& flags) {
  return {.id_column = flags.id_column,
          .text_column = flags.text_column,
          .target_column = flags.target_column,
          .feature_columns = names_between_commas(flags.features),
          .delimiter = delimiter_of(flags.delimiter)};
}

std::filesystem::path found_file(const std::string& path, const Session& session) {
  if (!path.starts_with("catalogue:")) return path;
  return resolve_file(path, ".", catalogue_options(session.mirror));
}

Items load_items(const std::string& path, const SimilarityKind& kind, const ItemFlags& flags,
                 const Session& session) {
  Items items =
      read_items(found_file(path, session), kind.form, items_options(flags), session.context);
  show(items.diagnostics, session);
  return items;
}

JsonOut items_json(const Items& items) {
  JsonOut out = JsonOut::part();
  out.text("file", items.source);
  if (!items.inputs.empty()) out.text("sha256", items.inputs.front().sha256);
  out.number("rows", static_cast<double>(items.size() + count_left_out(items)));
  out.number("items", static_cast<double>(items.size()));
  std::vector<JsonOut> left_out;
  for (const auto& one : items.left_out) {
    left_out.push_back(JsonOut::part());
    left_out.back().text("reason", one.reason);
    left_out.back().number("count", static_cast<double>(one.source_rows.size()));
    std::vector<double> rows;
    for (const auto row : one.source_rows) {
      if (rows.size() < Diagnostics::kMaxExamples) rows.push_back(static_cast<double>(row));
    }
    left_out.back().numbers("first_rows", rows);
  }
  return std::move(out.objects("left_out", left_out).diagnostics("diagnostics", items.diagnostics));
}

JsonOut chance_json(const NullModel& null, const ChanceLevel& level) {
  JsonOut out = JsonOut::part();
  out.text("method", null.method).number("n_pairs", static_cast<double>(null.values.size()));
  out.number("mean", null.mean).number("p95", null.p95).number("p99", null.p99);
  out.number("p999", null.p999).number("max", null.max);
  out.number("threshold", level.threshold).number("pair_share", level.pair_share);
  out.number("expected_neighbours", level.expected_neighbours);
  out.number("query_share", level.query_share);
  out.boolean("threshold_inside_noise", level.is_inside_noise);
  out.number("noise_ends", level.noise_ends);
  return std::move(out.text("sentence", level.sentence));
}

std::uint64_t count_left_out(const Items& items) {
  std::uint64_t n = 0;
  for (const auto& one : items.left_out) n += one.source_rows.size();
  return n;
}

std::string kind_title(const std::string& kind, const std::string& parameters) {
  return parameters.empty() ? kind : kind + " (" + parameters + ")";
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

}  // namespace cupel::cli
