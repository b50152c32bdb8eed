// cupel split spectra: SPECTRA's splits of a list of similar pairs, in all variants.
#include "split_spectra.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "json_out.hpp"
#include "split/spectra.hpp"
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
  std::string nodes;
  std::string tau = "1,1,1";
};

/// What one call is asked to make.
struct Order {
  std::vector<std::string> parameters;  ///< as written
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

std::vector<std::string> cut_at_commas(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.emplace_back(trimmed(word));
  return words;
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

void check_flags(const Flags& flags) {
  if (flags.pairs.empty() || !flags.n || flags.parameter.empty()) {
    fail(ErrorKind::usage, "cupel split spectra needs --pairs, --n and --parameter", {},
         "cupel split spectra --variant spectrae-1.0.3 --pairs pairs.tsv --n 1000 --parameter 0.5 "
         "--seed 42 --out split");
  }
  if (!(flags.test_size > 0.0 && flags.test_size < 1.0)) {
    fail(ErrorKind::usage,
         "--test-size " + format_double(flags.test_size) + " is not between 0 and 1");
  }
}

/// Columns `samples` and `mutation_frequency` of --nodes, a row per sample.
void read_nodes(const Flags& flags, MsdScore& msd, const Session& session) {
  const auto taus = cut_at_commas(flags.tau);
  if (taus.size() != 3) fail(ErrorKind::usage, "--tau takes three numbers: number,mutation,degree");
  msd.tau_number = parse_number<double>(taus[0], "--tau", "a number");
  msd.tau_mutation = parse_number<double>(taus[1], "--tau", "a number");
  msd.tau_degree = parse_number<double>(taus[2], "--tau", "a number");
  if (flags.nodes.empty()) return;
  const Table table = read_csv(flags.nodes, {}, session.context);
  if (table.n_rows != *flags.n) {
    fail_input("the file has " + std::to_string(table.n_rows) + " rows for " +
                   std::to_string(*flags.n) + " samples",
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

Order read_order(const Flags& flags, std::uint32_t repeats, const Session& session) {
  check_flags(flags);
  Order order;
  SpectraSpec spec{.variant = parse_spectra_variant(flags.variant), .test_size = flags.test_size};
  if (spec.variant == SpectraVariant::paper_msd) read_nodes(flags, spec.msd, session);
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
  std::vector<SpectraSplit> splits;
  std::vector<OverlapProfile> overlaps;
};

Made make(const Flags& flags, const Order& order, const std::string& out, const Session& session) {
  Made made;
  std::string bytes = read_bytes(flags.pairs);
  made.input.file = flags.pairs;
  made.input.sha256 = sha256_hex(bytes);
  const auto pairs = parse_spectra_pairs(bytes, flags.pairs, session.context);
  std::string().swap(bytes);
  made.graph = make_spectra_graph(*flags.n, pairs, flags.weighted);
  const auto components = find_spectra_components(made.graph);
  made.input.n_components = components.n_components;
  made.input.n_cliques = components.cliques.size();
  check_spectra_graph(made.graph, components, order.specs.front().variant);
  made.splits = make_spectra_splits(made.graph, components, order.specs, session.context);
  if (!order.is_series && !made.splits.front().refusal.empty()) {
    fail_input(
        "no split at parameter " + order.parameters.front() + ": " + made.splits.front().refusal,
        {}, feasible(made.graph, components, order.specs.front(), session));
  }
  made.overlaps.resize(made.splits.size());
  parallel_for(session.context, made.splits.size(), [&](std::size_t k) {
    const SpectraSplit& split = made.splits[k];
    if (!split.refusal.empty()) return;
    made.overlaps[k] = measure_spectra_overlap(made.graph, split);
    std::filesystem::path folder = out;
    const std::string& text = order.parameters[k / order.seeds.size()];
    if (order.is_series) folder /= "SP_" + text + "_" + std::to_string(k % order.seeds.size());
    write_spectra_split(folder, made.graph, split, made.overlaps[k], text, made.input);
  });
  return made;
}

JsonOut split_json(const SpectraSplit& split, const OverlapProfile& overlap, std::size_t repeat) {
  JsonOut one = JsonOut::part();
  one.number("parameter", split.spec.parameter)
      .number("repeat", static_cast<double>(repeat))
      .number("seed", split.spec.seed)
      .number("n_train", static_cast<double>(split.train.size()))
      .number("n_test", static_cast<double>(split.test.size()));
  for (const SpectraLeftOut reason : {SpectraLeftOut::no_edge, SpectraLeftOut::universal,
                                      SpectraLeftOut::similar, SpectraLeftOut::no_live_neighbour}) {
    one.number("left_out_" + std::string(to_string(reason)),
               static_cast<double>(split.count(reason)));
  }
  one.number("share_with_neighbour", overlap.share_with_neighbour);
  if (!split.refusal.empty()) one.text("refusal", split.refusal);
  return one;
}

std::string split_line(const SpectraSplit& split, const OverlapProfile& overlap,
                       const std::string& parameter) {
  std::string line = parameter + " seed " + std::to_string(split.spec.seed) + ": ";
  if (!split.refusal.empty()) return line + "no split: " + split.refusal + "\n";
  line += std::to_string(split.train.size()) + " train, " + std::to_string(split.test.size()) +
          " test, " +
          std::to_string(split.left_out.size() - split.train.size() - split.test.size()) +
          " left out; " +
          std::to_string(static_cast<int>(std::lround(100 * overlap.share_with_neighbour))) +
          " % of the test has a neighbour in training\n";
  return line;
}

void print(const Flags& flags, const Order& order, const Made& made, const std::string& out,
           const Session& session) {
  if (session.json) {
    std::vector<JsonOut> parts;
    for (std::size_t k = 0; k < made.splits.size(); ++k) {
      parts.push_back(split_json(made.splits[k], made.overlaps[k], k % order.seeds.size()));
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
  for (std::size_t k = 0; k < made.splits.size(); ++k) {
    text += split_line(made.splits[k], made.overlaps[k], order.parameters[k / order.seeds.size()]);
  }
  session.print(text + out + "\n");
}

int run(const Flags& flags, const std::string& out, std::uint32_t repeats, Session& session) {
  const Order order = read_order(flags, repeats, session);
  const Made made = make(flags, order, out, session);
  print(flags, order, made, out, session);
  return 0;
}

}  // namespace

RunSpectra define_split_spectra(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel split spectra --variant spectrae-1.0.3 --pairs pairs.tsv --n 1000 \\\n"
      "      --parameter series --seeds 42,44,46 --out splits");
  auto variants = spectra_variant_names();
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
  arguments.option("--nodes", flags->nodes,
                   "paper-msd: columns samples, mutation_frequency; a row per sample",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--tau", flags->tau, "paper-msd: weights of number, mutation, degree",
                   {.placeholder = "A,B,C"});
  return [flags](const std::string& out, std::uint32_t repeats, Session& session) {
    return run(*flags, out, repeats, session);
  };
}

}  // namespace cupel::cli
