// cupel split spectra: SPECTRA's splits of a list of similar pairs, in all variants.
#include "split_spectra.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "item_inputs.hpp"
#include "json_out.hpp"
#include "similarity/engine.hpp"
#include "split/spectra.hpp"
#include "split/spectra_cupel.hpp"
#include "split/spectra_files.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string variant = "spectrae-1.0.3";
  std::string pairs;
  std::optional<std::uint32_t> n;
  std::string parameter;
  std::string seeds;
  bool weighted = false;
  double test_size = 0.2;
  double train_share = 0.5;
  std::string nodes;
  std::string tau = "1,0,0";
};

/// What one call is asked to make.
struct Order {
  bool is_cupel = false;                ///< cupel's own variant
  std::vector<std::string> parameters;  ///< as written
  std::vector<double> values;           ///< of the parameters
  std::vector<std::uint32_t> seeds;
  std::vector<SpectraSpec> specs;  ///< parameter by parameter, seed by seed
  bool is_series = false;          ///< folders SP_{parameter}_{repeat} below --out
};

template <typename T>
T parse_number(const std::string& text, const std::string& flag, const std::string& wanted) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
    fail(ErrorKind::usage, flag + ": \"" + text + "\" is not " + wanted);
  }
  return value;
}

std::vector<std::uint32_t> seeds_of(const Flags& flags, std::uint32_t repeats,
                                    const Session& session) {
  std::vector<std::uint32_t> seeds;
  for (const auto& word : cut_at_commas(flags.seeds)) {
    seeds.push_back(
        parse_number<std::uint32_t>(word, "--seeds", "a whole number from 0 to 4294967295"));
  }
  if (!seeds.empty()) return seeds;
  if (session.context.seed + repeats > 0xFFFFFFFFULL) {
    fail(ErrorKind::usage, "SPECTRA takes seeds from 0 to 4294967295 only");
  }
  for (std::uint32_t r = 0; r < repeats; ++r) {
    seeds.push_back(static_cast<std::uint32_t>(session.context.seed) + r);
  }
  return seeds;
}

void check_flags(const Flags& flags, const SpectraCall& call) {
  const bool has_pairs = !flags.pairs.empty() && flags.n.has_value();
  if (has_pairs == !call.input.empty() || flags.parameter.empty()) {
    fail(ErrorKind::usage,
         "cupel split spectra needs --parameter, and either --pairs with --n or items with --kind",
         {},
         "cupel split spectra --variant spectrae-1.0.3 --pairs pairs.tsv --n 1000 --parameter 0.5 "
         "--seed 42 --out split");
  }
  if (!(flags.test_size > 0.0 && flags.test_size < 1.0)) {
    fail(ErrorKind::usage,
         "--test-size " + format_double(flags.test_size) + " is not between 0 and 1");
  }
  if (!(flags.train_share > 0.0 && flags.train_share + flags.test_size <= 1.0)) {
    fail(ErrorKind::usage, "--train-share " + format_double(flags.train_share) +
                               " is not above 0 and at most what --test-size leaves");
  }
}

/// Columns `samples` and `mutation_frequency` of --nodes, a row per sample.
void read_nodes(const Flags& flags, std::size_t n_samples, MsdScore& msd, const Session& session) {
  const auto taus = cut_at_commas(flags.tau);
  if (taus.size() != 3) fail(ErrorKind::usage, "--tau takes three numbers: number,mutation,degree");
  msd.tau_number = parse_number<double>(taus[0], "--tau", "a number");
  msd.tau_mutation = parse_number<double>(taus[1], "--tau", "a number");
  msd.tau_degree = parse_number<double>(taus[2], "--tau", "a number");
  if (flags.nodes.empty()) return;
  const Table table = read_csv(flags.nodes, {}, session.context);
  if (table.n_rows != n_samples) {
    fail_input("the file has " + std::to_string(table.n_rows) + " rows for " +
                   std::to_string(n_samples) + " samples",
               {.file = flags.nodes}, "give a row per sample, in order");
  }
  const auto take = [&](const std::string& name, std::vector<double>& out) {
    const Column& column = table.at(name);
    for (std::size_t r = 0; r < table.n_rows; ++r) {
      const double value = column.is_missing(r) ? -1.0 : column.as_number(r);
      if (!(value >= 0.0)) {
        fail_input("a value is not a number >= 0",
                   {.file = flags.nodes, .row = r + 2, .column_name = name});
      }
      out.push_back(value);
    }
  };
  take("samples", msd.n_samples);
  take("mutation_frequency", msd.mutation_frequency);
}

Order read_order(const Flags& flags, std::uint32_t repeats, std::size_t n_samples,
                 const Session& session) {
  Order order{.is_cupel = flags.variant == kCupelVariant};
  SpectraSpec spec{.test_size = flags.test_size};
  if (!order.is_cupel) spec.variant = parse_spectra_variant(flags.variant);
  if (spec.variant == SpectraVariant::paper_msd) read_nodes(flags, n_samples, spec.msd, session);
  if (flags.parameter == "series") {
    const auto series = spectra_series();
    order.parameters.assign(series.begin(), series.end());
  } else {
    order.parameters = cut_at_commas(flags.parameter);
  }
  order.seeds = seeds_of(flags, repeats, session);
  order.is_series = order.parameters.size() > 1 || order.seeds.size() > 1;
  for (const auto& text : order.parameters) {
    spec.parameter = parse_number<double>(text, "--parameter", "a number, a list, or \"series\"");
    if (!(spec.parameter >= 0.0 && spec.parameter <= 1.0)) {
      fail(ErrorKind::usage, "--parameter " + text + " is not between 0 and 1");
    }
    order.values.push_back(spec.parameter);
    for (const std::uint32_t seed : order.seeds) {
      spec.seed = seed;
      order.specs.push_back(spec);
    }
  }
  return order;
}

/// Which parameters of the usual series give a split, for messages.
std::string feasible(const SpectraGraph& graph, const SpectraComponents& components,
                     SpectraSpec spec, const Session& session) {
  const auto texts = spectra_series();
  std::vector<SpectraSpec> specs;
  for (const auto& text : texts) {
    spec.parameter = std::stod(text);
    specs.push_back(spec);
  }
  const auto splits = make_spectra_splits(graph, components, specs, session.context);
  std::vector<std::string> words;
  for (std::size_t k = 0; k < texts.size(); ++k) {
    if (!splits[k].refusal.empty()) continue;
    words.push_back(texts[k] + " (" +
                    std::to_string(splits[k].train.size() + splits[k].test.size()) + " samples)");
  }
  return words.empty() ? "no parameter gives a split of this graph"
                       : "with this seed these parameters do: " + join(words, ", ");
}

struct Made {
  SpectraGraph graph;
  SpectraInput input;
  std::vector<SpectraRecord> records;  ///< parameter by parameter, seed by seed
};

/// Records of the variants of SPECTRA.
std::vector<SpectraRecord> spectra_records(const SpectraGraph& graph,
                                           const SpectraComponents& components, const Order& order,
                                           const Session& session) {
  check_spectra_graph(graph, components, order.specs.front().variant);
  auto splits = make_spectra_splits(graph, components, order.specs, session.context);
  if (!order.is_series && !splits.front().refusal.empty()) {
    fail_input("no split at parameter " + order.parameters.front() + ": " + splits.front().refusal,
               {}, feasible(graph, components, order.specs.front(), session));
  }
  std::vector<SpectraRecord> records(splits.size());
  parallel_for(session.context, splits.size(), [&](std::size_t k) {
    records[k] =
        spectra_record(graph, std::move(splits[k]), order.parameters[k / order.seeds.size()]);
  });
  return records;
}

/// Records of cupel's own variant: one series per seed.
std::vector<SpectraRecord> cupel_records(const SpectraGraph& graph, const Order& order,
                                         const Flags& flags, const Session& session) {
  std::vector<SpectraRecord> records(order.specs.size());
  for (std::size_t r = 0; r < order.seeds.size(); ++r) {
    auto made =
        make_cupel_splits(graph, order.values, order.parameters, order.seeds[r],
                          {.test = flags.test_size, .train = flags.train_share}, session.context);
    for (std::size_t p = 0; p < made.size(); ++p) {
      records[p * order.seeds.size() + r] = std::move(made[p]);
    }
  }
  return records;
}

/// The graph of a file of pairs.
void read_pairs(const Flags& flags, Made& made, const Session& session) {
  std::string bytes = read_bytes(flags.pairs);
  made.input.file = flags.pairs;
  made.input.sha256 = sha256_hex(bytes);
  const auto pairs = parse_spectra_pairs(bytes, flags.pairs, session.context);
  std::string().swap(bytes);
  made.graph = make_spectra_graph(*flags.n, pairs, flags.weighted);
}

/// The graph of items: as if their pairs had been written row by row. A sample is a data row of
/// the file; rows that are no items have no edge.
void compare_items(const SpectraCall& call, bool weighted, Made& made, const Session& session) {
  if (call.shared.kind.kind.empty()) {
    fail(ErrorKind::usage, "cupel split spectra INPUT needs --kind", {},
         "cupel list similarities; for example --kind kmer-jaccard --threshold 0.3");
  }
  const SimilarityKind& kind = find_similarity_kind(call.shared.kind.kind);
  const Items items = load_items(call.input, kind, call.shared.items, session);
  const auto similarity =
      make_similarity(kind.name, items, nullptr, kind_options(call.shared.kind), session.context);
  const double threshold = weighted ? -std::numeric_limits<double>::infinity()
                                    : call.shared.threshold.value_or(kind.default_threshold);
  std::vector<SpectraPair> pairs;
  for (const Hit& hit : pairs_at_least(*similarity, threshold, session.context)) {
    if (hit.value == 0.0 && !weighted) continue;
    pairs.push_back({static_cast<std::uint32_t>(items.row_of(hit.row)),
                     static_cast<std::uint32_t>(items.row_of(hit.col)), hit.value});
  }
  made.input.file = call.input;
  if (!items.inputs.empty()) made.input.sha256 = items.inputs.front().sha256;
  made.graph =
      make_spectra_graph(std::max<std::size_t>(items.n_source_rows, items.size()), pairs, weighted);
}

void make(const Flags& flags, const Order& order, const std::string& out, const Session& session,
          Made& made) {
  const auto components = find_spectra_components(made.graph);
  made.input.n_components = components.n_components;
  made.input.n_cliques = components.cliques.size();
  made.records = order.is_cupel ? cupel_records(made.graph, order, flags, session)
                                : spectra_records(made.graph, components, order, session);
  parallel_for(session.context, made.records.size(), [&](std::size_t k) {
    const SpectraRecord& record = made.records[k];
    if (!record.refusal.empty()) return;
    std::filesystem::path folder = out;
    if (order.is_series) {
      folder /= "SP_" + record.parameter_text + "_" + std::to_string(k % order.seeds.size());
    }
    write_spectra_split(folder, made.graph, record, made.input);
  });
}

JsonOut split_json(const SpectraRecord& record, std::size_t repeat) {
  JsonOut one = JsonOut::part();
  one.number("parameter", record.parameter)
      .number("repeat", static_cast<double>(repeat))
      .number("seed", record.seed)
      .number("n_train", static_cast<double>(record.train.size()))
      .number("n_test", static_cast<double>(record.test.size()))
      .number("n_left_out", static_cast<double>(record.n_left_out()));
  for (const auto& group : record.left_out) {
    one.number("left_out_" + group.reason, static_cast<double>(group.samples.size()));
  }
  one.number("share_with_neighbour", record.overlap.share_with_neighbour);
  if (!record.control_train.empty()) {
    one.number("control_share_with_neighbour", record.control_overlap.share_with_neighbour);
  }
  if (!record.refusal.empty()) one.text("refusal", record.refusal);
  return one;
}

std::string split_line(const SpectraRecord& record) {
  std::string line = record.parameter_text + " seed " + std::to_string(record.seed) + ": ";
  if (!record.refusal.empty()) return line + "no split: " + record.refusal + "\n";
  const auto percent = [](double share) { return std::to_string(std::lround(100 * share)) + " %"; };
  line += std::to_string(record.train.size()) + " train, " + std::to_string(record.test.size()) +
          " test, " + std::to_string(record.n_left_out()) + " left out; " +
          percent(record.overlap.share_with_neighbour) + " of the test has a neighbour in training";
  if (!record.control_train.empty()) {
    line += " (control: " + percent(record.control_overlap.share_with_neighbour) + ")";
  }
  return line + "\n";
}

void print(const Flags& flags, const Order& order, const Made& made, const std::string& out,
           const Session& session) {
  if (session.json) {
    std::vector<JsonOut> parts;
    for (std::size_t k = 0; k < made.records.size(); ++k) {
      parts.push_back(split_json(made.records[k], k % order.seeds.size()));
    }
    JsonOut result;
    result.text("scheme", "spectra").text("variant", flags.variant).text("out", out);
    result.number("n", static_cast<double>(made.graph.n_samples))
        .number("nodes", static_cast<double>(made.graph.n_nodes()))
        .number("edges", static_cast<double>(made.graph.n_edges()))
        .number("components", static_cast<double>(made.input.n_components))
        .number("density", made.graph.density())
        .boolean("weighted", made.graph.is_weighted());
    session.print(result.objects("splits", parts).dump());
    return;
  }
  std::string text = "property graph: " + std::to_string(made.graph.n_nodes()) + " of " +
                     std::to_string(made.graph.n_samples) + " samples, " +
                     std::to_string(made.graph.n_edges()) + " edges, " +
                     std::to_string(made.input.n_components) + " components (" +
                     std::to_string(made.input.n_cliques) + " cliques)\n";
  for (const auto& record : made.records) text += split_line(record);
  session.print(text + out + "\n");
}

int run(const Flags& flags, const SpectraCall& call, Session& session) {
  check_flags(flags, call);
  Made made;
  if (call.input.empty()) {
    read_pairs(flags, made, session);
  } else {
    compare_items(call, flags.weighted, made, session);
  }
  const Order order = read_order(flags, call.repeats, made.graph.n_samples, session);
  make(flags, order, call.out, session, made);
  print(flags, order, made, call.out, session);
  return 0;
}

}  // namespace

RunSpectra define_split_spectra(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel split spectra --variant spectrae-1.0.3 --pairs pairs.tsv --n 1000 \\\n"
      "      --parameter series --seeds 42,44,46 --out splits");
  arguments.example(
      "cupel split spectra proteins.fasta --kind kmer-jaccard --threshold 0.2 \\\n"
      "      --parameter series --seeds 42,44,46 --out splits");
  auto variants = spectra_variant_names();
  variants.emplace_back(kCupelVariant);
  arguments.option("--variant", flags->variant, "spectra: which SPECTRA",
                   {.allowed = std::move(variants), .placeholder = "VARIANT"});
  arguments.option("--pairs", flags->pairs, "spectra: lines i, j, similarity; samples from 0",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--n", flags->n, "spectra: number of samples", {.placeholder = "N"});
  arguments.option("--parameter", flags->parameter,
                   "spectra: lambda, a list of it, or \"series\" for 0.00,0.05,...,1.00",
                   {.placeholder = "L"});
  arguments.option("--seeds", flags->seeds,
                   "spectra: a seed per repeat (default: --seed, --seed + 1, ...)",
                   {.placeholder = "LIST"});
  arguments.flag("--weighted", flags->weighted,
                 "spectra: use the similarities, not only the edges");
  arguments.option("--test-size", flags->test_size, "spectra: share of the test (default 0.2)",
                   {.placeholder = "SHARE"});
  arguments.option("--train-share", flags->train_share,
                   "variant cupel: share of training at every parameter (default 0.5)",
                   {.placeholder = "SHARE"});
  arguments.option("--nodes", flags->nodes,
                   "paper-msd: columns samples, mutation_frequency; a row per sample",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--tau", flags->tau,
                   "paper-msd: weights of number, mutation, degree (default 1,0,0)",
                   {.placeholder = "A,B,C"});
  return [flags](const SpectraCall& call, Session& session) { return run(*flags, call, session); };
}

}  // namespace cupel::cli
