#include "split_items.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"
#include "inputs.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/scaffolds.hpp"
#include "io/write.hpp"
#include "item_inputs.hpp"
#include "split/item_columns.hpp"
#include "split/item_files.hpp"
#include "split/item_methods.hpp"
#include "split/overlap_series.hpp"
#include "split_pairs.hpp"

namespace cupel::cli {
namespace {

constexpr const char* kSeries = "overlap";
constexpr const char* kPairs = "pairs";

struct Flags : SharedSplitFlags {
  std::string label;
  std::string weight;
  [[nodiscard]] double test_share() const { return test.value_or(kTestShare); }
};

/// Everything that was read: the items live as long as what refers to them.
struct Loaded {
  Items items;
  std::unique_ptr<Similarity> similarity;
  double threshold = OverlapProfile::kNone;
  ItemSplitInput input;
};

void load_columns(const Flags& flags, const ItemSplitCall& call, const Table& table,
                  Loaded& loaded) {
  const auto rows = table_rows(table, loaded.items);
  auto& input = loaded.input;
  if (!flags.weight.empty()) input.traits.weight = weight_column(table, flags.weight, rows);
  if (!flags.value.empty()) input.values = value_column(table, flags.value, rows);
  if (!flags.group.empty()) input.group = group_column(table, flags.group, rows);
  if (flags.label.empty()) return;
  const auto names = cut_at_commas(flags.label);
  if (call.method == "multilabel") {
    input.labels = label_columns(table, names, rows);
  } else if (names.size() == 1) {
    input.traits.label = label_column(table, names.front(), rows, flags.bins);
  } else {
    fail(ErrorKind::usage, "only the method multilabel takes several labels",
         {.value = flags.label}, "name one column, or use `cupel split multilabel`");
  }
}

bool needs_scaffolds(const Flags& flags, const ItemSplitCall& call) {
  return call.method.starts_with("scaffold") && flags.group.empty();
}

bool needs_table(const Flags& flags, const ItemSplitCall& call) {
  return (flags.kind.kind.empty() && !needs_scaffolds(flags, call)) || !flags.weight.empty() ||
         !flags.value.empty() || !flags.group.empty() || !flags.label.empty();
}

/// Reads the SMILES (those that cannot be read are left out) and groups them by Murcko scaffold;
/// molecules without a ring are one group.
void load_by_scaffold(const Flags& flags, const ItemSplitCall& call, Session& session,
                      Loaded& loaded) {
  loaded.items =
      load_items(call.input, find_similarity_kind("ecfp-tanimoto"), flags.items, session);
  const Scaffolds made = scaffolds(loaded.items.texts, ScaffoldKind::murcko, session.context);
  std::map<std::string, std::uint32_t> number;
  for (const auto& scaffold : made.smiles) {
    const auto next = static_cast<std::uint32_t>(number.size());
    loaded.input.group.push_back(number.try_emplace(scaffold, next).first->second);
  }
}

Loaded load(const Flags& flags, const ItemSplitCall& call, Session& session) {
  Loaded loaded;
  Table table;
  if (needs_table(flags, call)) {
    const auto path = resolve_file(call.input, ".", catalogue_options(session.mirror));
    const auto delimiter = flags.items.delimiter == "tab"  ? '\t'
                           : flags.items.delimiter.empty() ? '\0'
                                                           : flags.items.delimiter.front();
    table = read_csv(path, {.delimiter = delimiter}, session.context);
  }
  if (needs_scaffolds(flags, call) && !flags.kind.kind.empty()) {
    fail(ErrorKind::usage, "the method " + call.method + " finds the scaffolds of SMILES by itself",
         {}, "leave --kind out, or name a column with --group");
  }
  if (needs_scaffolds(flags, call)) {
    load_by_scaffold(flags, call, session, loaded);
  } else if (flags.kind.kind.empty()) {
    loaded.items = plain_items(table, flags.items.id_column, flags.items.target_column);
    const auto bytes = read_bytes(resolve_file(call.input, ".", catalogue_options(session.mirror)));
    loaded.items.inputs = {
        {.role = "items", .file = call.input, .sha256 = sha256_hex(bytes), .bytes = bytes.size()}};
  } else {
    const SimilarityKind& kind = find_similarity_kind(flags.kind.kind);
    ItemFlags item_flags = flags.items;
    for (const auto& name : call.features) {
      item_flags.features += (item_flags.features.empty() ? "" : ",") + name;
    }
    loaded.items = load_items(call.input, kind, item_flags, session);
    loaded.similarity = make_similarity(kind.name, loaded.items, nullptr, kind_options(flags.kind),
                                        session.context);
    loaded.threshold = flags.threshold.value_or(kind.default_threshold);
  }
  auto& input = loaded.input;
  input.n_items = loaded.items.size();
  input.similarity = loaded.similarity.get();
  if (loaded.items.vectors.rows > 0) input.vectors = &loaded.items.vectors;
  input.targets = loaded.items.targets;
  input.options = flags.options;
  input.options.threshold = loaded.threshold;
  input.options.n_clusters = flags.clusters.value_or(0);
  input.seed = session.context.seed;
  if (table.n_rows > 0) load_columns(flags, call, table, loaded);
  return loaded;
}

std::vector<std::pair<std::string, std::string>> parameters_of(const Flags& flags,
                                                               const ItemSplitCall& call,
                                                               const Loaded& loaded,
                                                               const PartRequest& request) {
  std::vector<std::pair<std::string, std::string>> all;
  std::vector<std::string> shares;
  for (const double share : request.share) shares.push_back(format_double(share));
  all.emplace_back(request.are_folds ? "folds" : "shares",
                   request.are_folds ? std::to_string(request.share.size()) : join(shares, ","));
  all.emplace_back("tolerance", format_double(request.tolerance));
  if (!std::isnan(loaded.threshold)) all.emplace_back("threshold", format_double(loaded.threshold));
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) all.emplace_back(key, value);
  };
  add("label", flags.label);
  if (!flags.label.empty()) add("bins", std::to_string(flags.bins));
  add("weight", flags.weight);
  add("value", flags.value);
  add("group", flags.group);
  if (flags.clusters) add("clusters", std::to_string(*flags.clusters));
  if (call.method == "guaranteed" || call.method == "hi") {
    add("max_left_out", format_double(flags.options.max_left_out));
  }
  if (call.method == "lo") {
    add("min_members", std::to_string(flags.options.min_members));
    add("min_spread", format_double(flags.options.min_spread));
  }
  return all;
}

/// One line per part and what was measured, for people.
std::string words_of(const ItemSplitRecord& record, const std::string& path) {
  std::string text = path + "\n";
  const auto& parts = *record.parts;
  for (std::size_t p = 0; p < record.request->share.size(); ++p) {
    const auto n = std::count(parts.part.begin(), parts.part.end(), static_cast<std::int32_t>(p));
    text += fmt::format("{}: {} items\n", part_name(*record.request, p), n);
  }
  const auto n_out = std::count(parts.part.begin(), parts.part.end(), kNoPart);
  if (n_out > 0) text += fmt::format("left out: {} items\n", n_out);
  if (record.overlap.tested.empty()) return text;
  text += fmt::format("highest similarity across parts {:.4g}; leakage {:.4g}\n",
                      record.overlap.max_across, record.overlap.leakage);
  for (std::size_t k = 0; k < record.overlap.tested.size(); ++k) {
    const auto& profile = record.overlap.tested[k];
    text += fmt::format(
        "{}: nearest training item {:.4g} on average, {:.4g} at most; {:.3g} % have a "
        "neighbour >= {}\n",
        record.request->are_folds ? "fold " + std::to_string(k) : "test", profile.nearest_mean,
        profile.nearest_max, 100.0 * profile.share_with_neighbour, profile.threshold);
  }
  return text;
}

int run_method(const Flags& flags, const ItemSplitCall& call, Session& session) {
  const ItemMethod& method = *find_item_method(call.method);
  Loaded loaded = load(flags, call, session);
  PartRequest request =
      call.folds ? fold_request(*call.folds) : role_request(flags.test_share(), call.validation);
  request.tolerance = flags.tolerance;
  loaded.input.request = request;
  const ItemParts parts = split_items(method, loaded.input, session.context);
  ItemSplitRecord record{.items = &loaded.items,
                         .parts = &parts,
                         .request = &request,
                         .method = method.name,
                         .parameters = parameters_of(flags, call, loaded, request),
                         .seed = loaded.input.seed};
  if (loaded.similarity) {
    record.similarity = loaded.similarity->kind();
    record.similarity_parameters = loaded.similarity->parameters();
    record.overlap = measure_item_split(*loaded.similarity, parts, request, loaded.input.traits,
                                        loaded.threshold, session.context);
  }
  const std::string json = write_item_split(call.out, record);
  session.print(session.json ? json : words_of(record, call.out));
  return 0;
}

OverlapSeriesOptions series_options(const Flags& flags, const ItemSplitCall& call,
                                    const Loaded& loaded) {
  OverlapSeriesOptions options{.measure = parse_overlap_measure(flags.measure),
                               .threshold = loaded.threshold,
                               .test_share = flags.test_share(),
                               .train_share = flags.train,
                               .control = parse_overlap_control(flags.series_control()),
                               .seed = loaded.input.seed};
  if (call.repeats) options.repeats = *call.repeats;
  const WantedLevels wanted = parse_levels(flags.levels);
  options.levels = wanted.overlaps;
  if (wanted.overlaps.empty()) options.n_levels = wanted.count;
  return options;
}

ItemParts parts_of(const OverlapSplit& split) {
  ItemParts parts = all_in_parts(std::vector<std::int32_t>(split.role.size(), 0));
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] == Role::test) parts.part[i] = 1;
    if (split.role[i] == Role::left_out) {
      leave_out_item(parts, i, std::string(overlap_reasons()[split.reason[i]]));
    }
  }
  return parts;
}

int run_series(const Flags& flags, const ItemSplitCall& call, Session& session) {
  if (call.folds || call.validation > 0.0) {
    fail(ErrorKind::usage, "an overlap series of items has no folds and no validation set", {},
         "leave --folds and --validation out");
  }
  const Loaded loaded = load(flags, call, session);
  if (!loaded.similarity) {
    fail(ErrorKind::usage, "an overlap series needs a similarity", {},
         "name one with --kind; `cupel list similarities` explains them");
  }
  const auto options = series_options(flags, call, loaded);
  const OverlapSeries series =
      make_overlap_series(*loaded.similarity, loaded.input.traits.weight, options, session.context);
  std::filesystem::create_directories(call.out);
  const PartRequest request = role_request(flags.test_share(), 0.0);
  std::string text =
      fmt::format("{} test and {} training items; {} from {:.4g} (random) down to {:.4g}\n",
                  series.n_test, series.n_train, flags.measure, series.highest, series.lowest);
  std::vector<JsonOut> splits;
  for (const auto& split : series.splits) {
    const ItemParts parts = parts_of(split);
    ItemSplitRecord record{
        .items = &loaded.items,
        .parts = &parts,
        .request = &request,
        .method = kSeries,
        .parameters = {{"measure", flags.measure},
                       {"control", flags.series_control()},
                       {"n_test", std::to_string(series.n_test)},
                       {"n_train", std::to_string(series.n_train)},
                       {"neighbourhood", std::to_string(series.neighbourhood_size)}},
        .seed = loaded.input.seed,
        .similarity = std::string(loaded.similarity->kind()),
        .similarity_parameters = loaded.similarity->parameters(),
        .overlap = {.max_across = split.overlap.nearest_max, .tested = {split.overlap}},
        .level = split.level,
        .repeat = split.repeat,
        .is_control = split.is_control};
    const std::string name = fmt::format("level{}_repeat{}{}.csv", split.level_index, split.repeat,
                                         split.is_control ? "_control" : "");
    write_item_split(std::filesystem::path(call.out) / name, record);
    text += fmt::format("{}: level {:.4g}, nearest {:.4g} on average, {:.3g} % with a neighbour\n",
                        name, split.level, split.overlap.nearest_mean,
                        100.0 * split.overlap.share_with_neighbour);
    splits.push_back(JsonOut::part());
    splits.back().text("file", name).number("level", split.level).number("repeat", split.repeat);
    splits.back().boolean("is_control", split.is_control);
    splits.back().number("nearest_mean", split.overlap.nearest_mean);
    splits.back().number("nearest_max", split.overlap.nearest_max);
    splits.back().number("share_with_neighbour", split.overlap.share_with_neighbour);
  }
  JsonOut out;
  out.text("method", kSeries).number("seed", static_cast<double>(loaded.input.seed));
  out.number("n_test", static_cast<double>(series.n_test));
  out.number("n_train", static_cast<double>(series.n_train));
  out.number("highest", series.highest).number("lowest", series.lowest);
  const std::string json = out.numbers("levels", series.levels).objects("splits", splits).dump();
  write_file_atomic(std::filesystem::path(call.out) / "series.json", json);
  session.print(session.json ? json : text);
  return 0;
}

void define_series_flags(Arguments& arguments, Flags& flags) {
  arguments.option("--levels", flags.levels,
                   "overlap: how many levels, or overlaps with commas (0.6,0.5)",
                   {.placeholder = "N|LIST"});
  arguments.option("--measure", flags.measure, "overlap: what a level means",
                   {.allowed = {"nearest_mean", "share_with_neighbour"}, .placeholder = "NAME"});
  arguments.option(
      "--control", flags.control,
      "overlap: the size-matched control: same_test, random, none; perturbation: label "
      "of the unperturbed cells",
      {.placeholder = "NAME"});
  arguments.option("--train", flags.train, "overlap: share of items to train on (default 0.5)",
                   {.placeholder = "SHARE"});
}

void define_method_flags(Arguments& arguments, Flags& flags) {
  arguments.option("--threshold", flags.threshold,
                   "Similarity from which items are similar (default: the kind's)",
                   {.placeholder = "T"});
  arguments.option("--test", flags.test, "Share of the test set", {.placeholder = "SHARE"});
  arguments.option("--tolerance", flags.tolerance, "How far a part may be from its share",
                   {.placeholder = "SHARE"});
  arguments.option("--label", flags.label,
                   "Column to spread evenly over the parts; multilabel: several with commas",
                   {.placeholder = "COLUMN"});
  arguments.option("--bins", flags.bins, "Bins of equal count of a continuous label",
                   {.placeholder = "N"});
  arguments.option("--weight", flags.weight, "Column of weights (rows per item, ...)",
                   {.placeholder = "COLUMN"});
  arguments.option("--value", flags.value,
                   "sorted, time: column of the time or the target property",
                   {.placeholder = "COLUMN"});
  arguments.option("--group", flags.group,
                   "groups, scaffold, analogue_series: column of what stays together",
                   {.placeholder = "COLUMN"});
  arguments.option("--clusters", flags.clusters,
                   "kmeans, datasail, cluster_stratified: number of clusters",
                   {.placeholder = "N"});
  arguments.option("--max-left-out", flags.options.max_left_out,
                   "guaranteed, hi: refuse to leave out more", {.placeholder = "SHARE"});
  arguments.option("--starts", flags.options.starts, "hi, datasail: tries", {.placeholder = "N"});
  arguments.option("--min-members", flags.options.min_members, "lo: least size of a test cluster",
                   {.placeholder = "N"});
  arguments.option("--min-spread", flags.options.min_spread,
                   "lo: least standard deviation of a cluster's targets", {.placeholder = "SD"});
}

}  // namespace

std::vector<std::string> cut_at_commas(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.emplace_back(trimmed(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return words;
}

WantedLevels parse_levels(const std::string& text) {
  const auto words = cut_at_commas(text);
  std::vector<double> numbers;
  for (const auto& word : words) {
    char* end = nullptr;
    numbers.push_back(std::strtod(word.c_str(), &end));
    if (word.empty() || *end != '\0') numbers.clear();
    if (numbers.empty()) break;
  }
  if (numbers.empty()) {
    fail(ErrorKind::usage, "--levels takes a number of levels, or overlaps with commas",
         {.value = text}, "for example --levels 8, or --levels 0.6,0.5,0.4");
  }
  const bool is_count = numbers.size() == 1 && numbers[0] >= 1.0 && numbers[0] <= 1000.0 &&
                        numbers[0] == std::floor(numbers[0]) &&
                        words[0].find('.') == std::string::npos;
  if (is_count) return {.count = static_cast<std::uint32_t>(numbers[0])};
  return {.overlaps = numbers};
}

std::vector<std::string> item_split_methods() {
  std::vector<std::string> names;
  for (const auto& method : item_methods()) names.push_back(method.name);
  names.emplace_back(kSeries);
  names.emplace_back(kPairs);
  return names;
}

ItemSplitCommand define_split_items(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel split guaranteed molecules.csv --kind ecfp-tanimoto --threshold 0.4 \\\n"
      "      --label active --folds 5 --seed 1 --out folds.csv");
  arguments.example(
      "cupel split overlap molecules.csv --kind ecfp-tanimoto --levels 8 --repeats 3 --out series");
  add_kind_flags(arguments, flags->kind, false);
  add_item_flags(arguments, flags->items, false);
  define_method_flags(arguments, *flags);
  define_series_flags(arguments, *flags);
  const RunPairSplit pairs = define_split_pairs(arguments);
  const auto run_items = [flags, pairs](const ItemSplitCall& call, Session& session) {
    if (call.method == kSeries) return run_series(*flags, call, session);
    if (call.method != kPairs) return run_method(*flags, call, session);
    return pairs(call,
                 {.test = flags->test_share(),
                  .tolerance = flags->tolerance,
                  .clusters = flags->clusters.value_or(0),
                  .starts = flags->options.starts,
                  .weight = flags->weight},
                 session);
  };
  return {.run = run_items, .shared = flags};
}

}  // namespace cupel::cli
