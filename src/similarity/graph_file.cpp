#include "similarity/graph_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <istream>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/hash.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "similarity/engine.hpp"
#include "similarity/upper_edges.hpp"

namespace cupel {
namespace {

static_assert(std::endian::native == std::endian::little, "graph files are little-endian");

constexpr std::string_view kMagic = "CUPELGRF";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kHasWeights = 1;
constexpr std::size_t kHashDigits = 64;
constexpr std::uint64_t kTrailer = sizeof(std::uint64_t) + kHashDigits;

struct Header {
  std::uint32_t flags = kHasWeights;
  std::uint64_t n_nodes = 0;
  double threshold = 0.0;
  std::string_view kind;
  std::string_view parameters;
};

/// Writes nodes in order; nodes that are left out have no edges.
class GraphWriter {
 public:
  GraphWriter(const std::filesystem::path& path, const Header& header)
      : file_(path), header_(header) {
    put_bytes(kMagic);
    put(kVersion);
    put(header.flags);
    put(header.n_nodes);
    put(header.threshold);
    for (const std::string_view text : {header.kind, header.parameters}) {
      put(static_cast<std::uint32_t>(text.size()));
      put_bytes(text);
    }
  }

  void node(std::uint64_t number, std::span<const std::uint32_t> higher,
            std::span<const double> weights) {
    skip_to(number);
    put(static_cast<std::uint32_t>(higher.size()));
    put_bytes(as_text(higher));
    if ((header_.flags & kHasWeights) != 0) put_bytes(as_text(weights));
    ++next_node_;
    n_edges_ += higher.size();
    if (buffer_.size() > kBuffer) flush();
  }

  std::uint64_t finish() {
    skip_to(header_.n_nodes);
    put(n_edges_);
    flush();
    file_.write(hash_.hex());
    file_.commit();
    return n_edges_;
  }

 private:
  static constexpr std::size_t kBuffer = std::size_t{1} << 20;

  template <typename T>
  static std::string_view as_text(std::span<const T> values) {
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
  }
  template <typename T>
  void put(T value) {
    put_bytes({reinterpret_cast<const char*>(&value), sizeof value});
  }
  void put_bytes(std::string_view bytes) { buffer_ += bytes; }
  void skip_to(std::uint64_t number) {
    for (; next_node_ < number; ++next_node_) {
      put(std::uint32_t{0});
      if (buffer_.size() > kBuffer) flush();
    }
  }
  void flush() {
    hash_.update(buffer_);
    file_.write(buffer_);
    buffer_.clear();
  }

  AtomicFile file_;
  Header header_;
  Sha256 hash_;
  std::string buffer_;
  std::uint64_t next_node_ = 0;
  std::uint64_t n_edges_ = 0;
};

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  fail_input("not a whole graph file of cupel: " + what, {.file = name},
             "write it again with the version of cupel that reads it");
}

/// Reads numbers and never more bytes than the file has before its trailer.
class GraphReader {
 public:
  GraphReader(std::istream& file, std::uint64_t size, std::string name)
      : file_(file), name_(std::move(name)) {
    if (size < kTrailer) refuse(name_, "it ends early");
    left_ = size - kTrailer;
  }
  template <typename T>
  T number() {
    T value{};
    bytes(&value, sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    need(size, 1);
    std::string value(size, '\0');
    bytes(value.data(), size);
    return value;
  }
  template <typename T>
  void numbers(std::vector<T>& values, std::uint64_t n) {
    need(n, sizeof(T));
    values.resize(n);
    bytes(values.data(), n * sizeof(T));
  }
  /// Whether `n` things of `size` bytes can still come.
  void need(std::uint64_t n, std::uint64_t size) const {
    if (n > left_ / size) refuse(name_, "it ends early");
  }
  std::uint64_t trailer() {
    if (left_ != 0) refuse(name_, "bytes follow after the last node");
    left_ = sizeof(std::uint64_t);
    return number<std::uint64_t>();
  }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  void bytes(void* to, std::uint64_t size) {
    need(size, 1);
    file_.read(static_cast<char*>(to), static_cast<std::streamsize>(size));
    if (!file_) refuse(name_, "it ends early");
    left_ -= size;
  }
  std::istream& file_;
  std::string name_;
  std::uint64_t left_ = 0;
};

/// The SHA-256 that stands at the end of the file is that of what stands before it.
void check_hash(std::istream& file, std::uint64_t size, const std::string& name) {
  if (size < kTrailer + kMagic.size()) refuse(name, "it ends early");
  Sha256 hash;
  std::uint64_t left = size - kHashDigits;
  std::string buffer(std::min<std::uint64_t>(left, std::uint64_t{1} << 20), '\0');
  bool first = true;
  while (left > 0) {
    const std::uint64_t n = std::min<std::uint64_t>(left, buffer.size());
    file.read(buffer.data(), static_cast<std::streamsize>(n));
    if (!file) fail(ErrorKind::io, "reading the file failed", {.file = name});
    const std::string_view part(buffer.data(), n);
    if (first && !part.starts_with(kMagic)) refuse(name, "it does not begin with CUPELGRF");
    first = false;
    hash.update(part);
    left -= n;
  }
  std::string digits(kHashDigits, '\0');
  file.read(digits.data(), static_cast<std::streamsize>(kHashDigits));
  if (!file || digits != hash.hex()) {
    fail_input("the graph file is damaged: its content does not have the SHA-256 that it names",
               {.file = name}, "copy it again, or write it again");
  }
}

void read_node(GraphReader& reader, std::uint32_t node, std::uint64_t n_nodes, bool has_weights,
               UpperEdges& edges, std::vector<std::uint32_t>& higher, std::vector<double>& weights,
               double threshold) {
  const auto n = reader.number<std::uint32_t>();
  reader.numbers(higher, n);
  if (has_weights) reader.numbers(weights, n);
  std::uint32_t previous = node;
  for (std::size_t k = 0; k < n; ++k) {
    if (higher[k] <= previous || higher[k] >= n_nodes) {
      refuse(reader.name(), "the neighbours of node " + std::to_string(node) + " are out of order");
    }
    const double weight = has_weights ? weights[k] : 1.0;
    if (!std::isfinite(weight) || (has_weights && weight < threshold)) {
      refuse(reader.name(), "a weight of node " + std::to_string(node) + " is below the threshold");
    }
    edges.add(node, higher[k], weight);
    previous = higher[k];
  }
}

}  // namespace

void save_graph(const NeighbourGraph& graph, const std::filesystem::path& path) {
  const bool has_weights = !graph.weight.empty() || graph.neighbour.empty();
  GraphWriter writer(path, {.flags = has_weights ? kHasWeights : 0,
                            .n_nodes = graph.n_nodes(),
                            .threshold = graph.threshold,
                            .kind = graph.kind,
                            .parameters = graph.parameters});
  for (std::size_t node = 0; node < graph.n_nodes(); ++node) {
    const auto neighbours = graph.neighbours(node);
    const auto first = static_cast<std::size_t>(
        std::upper_bound(neighbours.begin(), neighbours.end(), node) - neighbours.begin());
    const auto weights = graph.weights(node);
    writer.node(node, neighbours.subspan(first),
                weights.empty() ? weights : weights.subspan(first));
  }
  writer.finish();
}

std::uint64_t write_graph(const Similarity& similarity, double threshold,
                          const std::filesystem::path& path, const Context& context) {
  if (!similarity.is_symmetric()) {
    fail(ErrorKind::internal, "a neighbour graph needs a similarity among one set of items");
  }
  const std::string parameters = similarity.parameters();
  GraphWriter writer(path, {.n_nodes = similarity.n_rows(),
                            .threshold = threshold,
                            .kind = similarity.kind(),
                            .parameters = parameters});
  std::vector<std::uint32_t> higher;
  std::vector<double> weights;
  for_pairs_at_least(similarity, threshold, context, [&](const std::vector<Hit>& hits) {
    for (std::size_t k = 0; k < hits.size(); ++k) {
      higher.push_back(hits[k].col);
      weights.push_back(hits[k].value);
      if (k + 1 < hits.size() && hits[k + 1].row == hits[k].row) continue;
      writer.node(hits[k].row, higher, weights);
      higher.clear();
      weights.clear();
    }
  });
  return writer.finish();
}

NeighbourGraph parse_graph(std::istream& file, std::uint64_t size, const std::string& name,
                           const MemoryLimit& memory) {
  GraphReader reader(file, size, name);
  for (const char letter : kMagic) {
    if (reader.number<char>() != letter) refuse(name, "it does not begin with CUPELGRF");
  }
  const auto version = reader.number<std::uint32_t>();
  if (version != kVersion) {
    fail_input("the graph file has version " + std::to_string(version) + "; this cupel reads " +
                   std::to_string(kVersion),
               {.file = name},
               "write it again with this cupel, or read it with the one that wrote it");
  }
  const auto flags = reader.number<std::uint32_t>();
  if ((flags & ~kHasWeights) != 0) refuse(name, "it has flags that this version does not know");
  const auto n_nodes = reader.number<std::uint64_t>();
  const auto threshold = reader.number<double>();
  if (std::isnan(threshold)) refuse(name, "its threshold is no number");
  std::string kind = reader.text();
  std::string parameters = reader.text();
  reader.need(n_nodes, sizeof(std::uint32_t));
  if (n_nodes > std::numeric_limits<std::uint32_t>::max()) refuse(name, "it has too many nodes");
  const bool has_weights = (flags & kHasWeights) != 0;
  // What is left of the file are nodes and edges: that bounds the edges before any is read.
  const double bytes_per_edge = has_weights ? 12.0 : 4.0;
  const double most_edges =
      (static_cast<double>(size) - 4.0 * static_cast<double>(n_nodes)) / bytes_per_edge;
  const double needed = 36.0 * most_edges + 32.0 * static_cast<double>(n_nodes);
  if (needed > static_cast<double>(memory.in_force())) {
    fail_input(
        fmt::format("the graph needs up to {:.3g} GiB of memory, but {:.3g} GiB are allowed",
                    needed / 1073741824.0, static_cast<double>(memory.in_force()) / 1073741824.0),
        {.file = name}, "allow more memory, or write the graph at a higher threshold");
  }
  UpperEdges edges(n_nodes);
  std::uint64_t n_edges = 0;
  std::vector<std::uint32_t> higher;
  std::vector<double> weights;
  for (std::uint32_t node = 0; node < n_nodes; ++node) {
    read_node(reader, node, n_nodes, has_weights, edges, higher, weights, threshold);
    n_edges += edges.n_of_node[node];
  }
  if (reader.trailer() != n_edges) refuse(name, "it names another number of edges than it holds");
  NeighbourGraph graph = two_way_graph(std::move(edges));
  if (!has_weights) graph.weight.clear();
  graph.threshold = threshold;
  graph.kind = std::move(kind);
  graph.parameters = std::move(parameters);
  return graph;
}

NeighbourGraph load_graph(const std::filesystem::path& path, const MemoryLimit& memory) {
  const std::string name = path.string();
  std::ifstream file(path, std::ios::binary);
  std::error_code problem;
  const std::uint64_t size = std::filesystem::file_size(path, problem);
  if (!file || problem) {
    fail(ErrorKind::io, "cannot open the graph file for reading", {.file = name},
         "check the name and the permissions");
  }
  check_hash(file, size, name);
  file.clear();
  file.seekg(0);
  return parse_graph(file, size, name, memory);
}

}  // namespace cupel
