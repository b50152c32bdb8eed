// cupel similarity: all pairs of items above a threshold, as edges of a graph.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "item_inputs.hpp"
#include "json_out.hpp"
#include "similarity/engine.hpp"
#include "similarity/graph.hpp"
#include "similarity/graph_file.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string input;
  std::string against;
  KindFlags kind;
  ItemFlags items;
  std::optional<double> threshold;
  std::optional<std::uint32_t> top;
  std::string out;
  std::string graph;
  bool ids = false;
  bool no_null = false;
};

/// Nodes and edges as they come; components by union-find, the smaller number being the root.
class EdgeCount {
 public:
  EdgeCount(std::size_t n_rows, std::size_t n_cols, bool symmetric)
      : first_col_(symmetric ? 0 : n_rows), parent_(symmetric ? n_rows : n_rows + n_cols) {
    std::iota(parent_.begin(), parent_.end(), 0U);
    degree_.assign(parent_.size(), 0);
  }
  void add(std::uint32_t row, std::uint32_t col) {
    const auto other = static_cast<std::uint32_t>(first_col_ + col);
    ++n_edges_;
    ++degree_[row];
    ++degree_[other];
    const std::uint32_t a = root(row);
    const std::uint32_t b = root(other);
    parent_[std::max(a, b)] = std::min(a, b);
  }
  struct Sizes {
    std::size_t n_components = 0;
    std::size_t largest = 0;
    std::size_t n_isolates = 0;
  };
  Sizes sizes() {
    std::vector<std::size_t> size(parent_.size(), 0);
    for (std::uint32_t i = 0; i < parent_.size(); ++i) ++size[root(i)];
    Sizes sizes;
    for (std::size_t i = 0; i < size.size(); ++i) {
      sizes.n_components += size[i] > 0 ? 1 : 0;
      sizes.largest = std::max(sizes.largest, size[i]);
      sizes.n_isolates += degree_[i] == 0 ? 1 : 0;
    }
    return sizes;
  }
  [[nodiscard]] std::uint64_t n_edges() const noexcept { return n_edges_; }
  [[nodiscard]] std::size_t n_nodes() const noexcept { return parent_.size(); }

 private:
  std::uint32_t root(std::uint32_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  std::size_t first_col_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint64_t> degree_;
  std::uint64_t n_edges_ = 0;
};

/// edges.csv, written block by block.
class EdgeFile {
 public:
  EdgeFile(const std::string& path, const Items& rows, const Items& cols, bool ids)
      : rows_(rows), cols_(cols), ids_(ids) {
    if (path.empty()) return;
    file_ = std::make_unique<AtomicFile>(path == "-" ? "/dev/stdout" : path);
    file_->write(ids ? "i,j,value,id_i,id_j\n" : "i,j,value\n");
  }
  void add(std::uint32_t row, std::uint32_t col, double value) {
    if (!file_) return;
    csv_.integer(static_cast<std::int64_t>(rows_.row_of(row)));
    csv_.integer(static_cast<std::int64_t>(cols_.row_of(col))).number(value);
    if (ids_) csv_.text(rows_.ids[row]).text(cols_.ids[col]);
    csv_.end_row();
    if (csv_.bytes().size() > (1U << 20)) file_->write(csv_.take());
  }
  void commit() {
    if (!file_) return;
    file_->write(csv_.take());
    file_->commit();
  }

 private:
  const Items& rows_;
  const Items& cols_;
  bool ids_;
  std::unique_ptr<AtomicFile> file_;
  CsvWriter csv_;
};

struct Result {
  std::string kind;
  std::string parameters;
  std::string instruction_set;
  bool symmetric = true;
  double threshold = 0.0;
  std::size_t n_nodes = 0;
  std::uint64_t n_edges = 0;
  double density = 0.0;
  double mean_value = 0.0;
  EdgeCount::Sizes sizes;
  NullModel null;
  ChanceLevel chance;
};

void check_flags(const Flags& flags, bool symmetric) {
  if (flags.top && !flags.graph.empty()) {
    fail(ErrorKind::usage, "--top and --graph exclude each other: a graph has all pairs", {},
         "leave one of them out");
  }
  if (!symmetric && !flags.graph.empty()) {
    fail(ErrorKind::usage, "--graph is for one set of items, not for --against", {},
         "leave one of them out");
  }
  if (flags.top && *flags.top == 0) fail(ErrorKind::usage, "--top has to be at least 1");
}

/// Calls take(row, col, value) for every pair that was asked for.
template <typename Take>
void visit_pairs(const Similarity& similarity, const Flags& flags, double threshold,
                 const Session& session, const Take& take) {
  if (!flags.graph.empty()) {
    const NeighbourGraph graph = build_graph(similarity, threshold, session.context);
    save_graph(graph, flags.graph);
    for (std::uint32_t row = 0; row < graph.n_nodes(); ++row) {
      const auto neighbours = graph.neighbours(row);
      for (std::size_t k = 0; k < neighbours.size(); ++k) {
        if (neighbours[k] > row) take(row, neighbours[k], graph.weights(row)[k]);
      }
    }
    return;
  }
  if (!flags.top) {
    for_pairs_at_least(similarity, threshold, session.context, [&](const std::vector<Hit>& hits) {
      for (const Hit& hit : hits) take(hit.row, hit.col, hit.value);
    });
    return;
  }
  const auto lists = top_k(similarity, *flags.top, session.context);
  for (std::uint32_t row = 0; row < lists.size(); ++row) {
    for (const Nearest& item : lists[row]) {
      if (!flags.threshold || item.value >= threshold) take(row, item.col, item.value);
    }
  }
}

void count_pairs(const Similarity& similarity, const Flags& flags, const Items& rows,
                 const Items& cols, Result& result, const Session& session) {
  EdgeCount edges(similarity.n_rows(), similarity.n_cols(), result.symmetric);
  EdgeFile file(flags.out, rows, cols, flags.ids);
  double sum = 0.0;
  visit_pairs(similarity, flags, result.threshold, session,
              [&](std::uint32_t row, std::uint32_t col, double value) {
                edges.add(row, col);
                file.add(row, col, value);
                sum += value;
              });
  file.commit();
  result.n_nodes = edges.n_nodes();
  result.n_edges = edges.n_edges();
  result.mean_value = sum / static_cast<double>(result.n_edges);
  result.sizes = edges.sizes();
  const auto n = static_cast<double>(similarity.n_rows());
  const double n_pairs =
      result.symmetric ? n * (n - 1.0) / 2.0 : n * static_cast<double>(similarity.n_cols());
  result.density = n_pairs > 0.0 ? static_cast<double>(result.n_edges) / n_pairs : 0.0;
}

std::string as_json(const Result& result, const Flags& flags, const Items& rows,
                    const Items* cols) {
  JsonOut out;
  out.text("kind", result.kind).text("parameters", result.parameters);
  out.text("instruction_set", result.instruction_set).number("threshold", result.threshold);
  if (flags.top) out.number("top", *flags.top);
  out.object("input", items_json(rows));
  if (cols != nullptr) out.object("against", items_json(*cols));
  out.number("left_out", static_cast<double>(count_left_out(rows) +
                                             (cols != nullptr ? count_left_out(*cols) : 0)));
  out.number("nodes", static_cast<double>(result.n_nodes));
  out.number("edges", static_cast<double>(result.n_edges)).number("density", result.density);
  out.number("mean_edge_value", result.mean_value);
  out.number("components", static_cast<double>(result.sizes.n_components));
  out.number("largest_component", static_cast<double>(result.sizes.largest));
  out.number("isolates", static_cast<double>(result.sizes.n_isolates));
  if (!result.null.values.empty()) out.object("null", chance_json(result.null, result.chance));
  if (!flags.out.empty()) out.text("out", flags.out);
  if (!flags.graph.empty()) out.text("graph", flags.graph);
  return out.dump();
}

std::string as_text(const Result& result, const Flags& flags, const Items& rows,
                    const Items* cols) {
  std::string text = kind_title(result.kind, result.parameters) + ", threshold " +
                     format_double(result.threshold) +
                     (result.instruction_set.empty() ? "" : ", " + result.instruction_set) + "\n";
  for (const Items* items : {&rows, cols}) {
    if (items == nullptr) continue;
    text += fmt::format("items       {} from {}, {} rows left out\n", grouped(items->size()),
                        items->source, grouped(count_left_out(*items)));
  }
  text += fmt::format("{}       {}, density {:.3g}\n", flags.top ? "pairs" : "edges",
                      grouped(result.n_edges), result.density);
  text +=
      fmt::format("components  {}, the largest has {} of {} items; {} items have no neighbour\n",
                  grouped(result.sizes.n_components), grouped(result.sizes.largest),
                  grouped(result.n_nodes), grouped(result.sizes.n_isolates));
  if (!result.chance.sentence.empty()) text += "chance      " + result.chance.sentence + "\n";
  if (!flags.out.empty()) text += "file        " + flags.out + "\n";
  if (!flags.graph.empty()) text += "graph       " + flags.graph + "\n";
  return text;
}

int run(const Flags& flags, Session& session) {
  const SimilarityKind& kind = find_similarity_kind(flags.kind.kind);
  const KindOptions options = kind_options(flags.kind);
  const bool symmetric = flags.against.empty();
  check_flags(flags, symmetric);
  const Items rows = load_items(flags.input, kind, flags.items, session);
  std::unique_ptr<Items> cols;
  if (!symmetric) {
    cols = std::make_unique<Items>(load_items(flags.against, kind, flags.items, session));
  }
  const auto similarity = kind.make(rows, cols.get(), options, session.context);
  Result result{.kind = kind.name,
                .parameters = similarity->parameters(),
                .instruction_set = similarity->instruction_set(),
                .symmetric = symmetric,
                .threshold = flags.threshold.value_or(kind.default_threshold)};
  if (!flags.no_null) {
    result.null = null_model(kind, rows, cols.get(), options, {}, session.context);
    result.chance = chance_level(result.null, result.threshold, similarity->n_cols());
    if (result.chance.is_inside_noise && flags.out == "-") {  // else it stands in the result
      session.context.say(LogLevel::warning, result.chance.sentence);
    }
  }
  count_pairs(*similarity, flags, rows, cols ? *cols : rows, result, session);
  if (flags.out != "-") {
    session.print(session.json ? as_json(result, flags, rows, cols.get())
                               : as_text(result, flags, rows, cols.get()));
  }
  return 0;
}

}  // namespace

Run define_similarity(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel similarity molecules.csv --kind ecfp-tanimoto --threshold 0.5 --out edges.csv");
  arguments.example(
      "cupel similarity proteins.fasta --kind global-identity --denominator shortest \\\n"
      "      --threshold 0.3 --out edges.csv --json");
  arguments.example(
      "cupel similarity test.smi --against train.smi --kind ecfp-tanimoto --top 5 \\\n"
      "      --ids --out neighbours.csv");
  arguments.description(
      "Exact: every pair is decided. i and j are 0-based data rows of the files; rows that are no\n"
      "item (a SMILES that cannot be read) are left out and counted. `null` is the level that\n"
      "unrelated items reach by chance; a threshold inside it is reported.");
  arguments.positional("INPUT", flags->input, "CSV, TSV, FASTA, SMILES, FPS, .npy; plain, gz, zst");
  arguments.option("--against", flags->against, "Second file: pairs of INPUT x this",
                   {.placeholder = "FILE", .is_file = true});
  add_kind_flags(arguments, flags->kind);
  arguments.option("--threshold", flags->threshold, "Least similarity (default: the kind's)",
                   {.placeholder = "T"});
  arguments.option("--top", flags->top, "The K most similar of every item, instead of all pairs",
                   {.placeholder = "K"});
  arguments.option("--out", flags->out, "Pairs as i,j,value; - for stdout",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--graph", flags->graph, "Neighbour graph in binary form, for splits",
                   {.placeholder = "FILE", .is_file = true});
  arguments.flag("--ids", flags->ids, "Also the ids of both items in --out");
  arguments.flag("--no-null", flags->no_null, "Do not estimate the level of chance");
  add_item_flags(arguments, flags->items);
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
