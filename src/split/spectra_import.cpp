#include "split/spectra_import.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/gexf.hpp"
#include "io/pickle.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

/// A number that is the whole text, else NaN.
double whole_number(std::string_view text) noexcept {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? value
                                                                                   : std::nan("");
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// ---- folders SP_{lambda}_{repeat}

/// Takes a folder's name apart; no value if it is not such a folder.
std::optional<ImportedSplit> named_by_folder(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const std::size_t last = name.rfind('_');
  if (!name.starts_with("SP_") || last <= 3) return std::nullopt;
  ImportedSplit split;
  split.parameter_text = name.substr(3, last - 3);
  split.parameter = whole_number(split.parameter_text);
  const double repeat = whole_number(std::string_view(name).substr(last + 1));
  if (!std::isfinite(split.parameter) || !(repeat >= 0 && repeat < 1e9)) return std::nullopt;
  split.repeat = static_cast<std::uint32_t>(repeat);
  split.source = folder.string();
  return split;
}

std::vector<std::string> pickled_ids(const fs::path& path) {
  const Pickle pickle = Pickle::parse(read_bytes(path), path.string());
  return pickle.texts(pickle.root());
}

double pickled_overlap(const fs::path& path) {
  if (!fs::exists(path)) return std::nan("");
  const Pickle pickle = Pickle::parse(read_bytes(path), path.string());
  const PickleValue* value = pickle.find(pickle.root(), "cross_split_overlap");
  if (value == nullptr) return std::nan("");
  if (value->kind == PickleValue::Kind::number) return value->number;
  return value->kind == PickleValue::Kind::integer ? static_cast<double>(value->integer)
                                                   : std::nan("");
}

std::vector<std::string> listed_ids(const fs::path& path) {
  const std::string text = read_bytes(path);
  std::vector<std::string> ids;
  for (const auto line : lines_of(text)) ids.emplace_back(line);
  return ids;
}

double stated_by_cupel(const fs::path& path) {
  if (!fs::exists(path)) return std::nan("");
  const auto facts = nlohmann::json::parse(read_bytes(path), nullptr, false);
  if (!facts.is_object() || !facts.contains("overlap") || !facts["overlap"].is_object()) {
    return std::nan("");
  }
  const auto& overlap = facts["overlap"];
  const auto found = overlap.find("share_with_neighbour");
  return found != overlap.end() && found->is_number() ? found->get<double>() : std::nan("");
}

/// Reads a folder of one split; "" if it is none, else the layout.
std::string read_folder(const fs::path& folder, ImportedSplit& split) {
  const auto has = [&folder](const char* name) { return fs::exists(folder / name); };
  if (has("train_IDs.pkl") && has("test_IDs.pkl")) {
    split.train = pickled_ids(folder / "train_IDs.pkl");
    split.test = pickled_ids(folder / "test_IDs.pkl");
    split.stated_overlap = pickled_overlap(folder / "stats.pkl");
    return "spectrae-2.0";
  }
  if (has("train.pkl") && has("test.pkl")) {
    split.train = pickled_ids(folder / "train.pkl");
    split.test = pickled_ids(folder / "test.pkl");
    split.stated_overlap = pickled_overlap(folder / "stats.pkl");
    return "spectrae";
  }
  if (has("train.csv") && has("test.csv")) {
    split.train = listed_ids(folder / "train.csv");
    split.test = listed_ids(folder / "test.csv");
    split.stated_overlap = stated_by_cupel(folder / "split.json");
    return "cupel";
  }
  return {};
}

// ---- the paper's lambda_*.txt

/// "Train: ['A', "B", 3]" as Python prints a list of texts or numbers.
std::vector<std::string> printed_list(std::string_view line, std::string_view label,
                                      const std::string& source, std::size_t row) {
  const auto refuse = [&](const std::string& what) {
    fail_input(what, {.file = source, .row = row, .column = 0, .column_name = {}, .value = {}},
               "the line should be " + std::string(label) + " ['first id', 'second id', ...]");
  };
  if (!line.starts_with(label))
    refuse("the line does not begin with \"" + std::string(label) + "\"");
  line = trimmed(line.substr(label.size()));
  if (line.size() < 2 || line.front() != '[' || line.back() != ']') refuse("there is no list");
  line = line.substr(1, line.size() - 2);
  std::vector<std::string> ids;
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ' || line[at] == ',') {
      ++at;
      continue;
    }
    std::string id;
    if (line[at] == '\'' || line[at] == '"') {
      const char quote = line[at++];
      while (at < line.size() && line[at] != quote) {
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        id += line[at++];
      }
      if (at++ >= line.size()) refuse("the list is cut off");
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      id = std::string(trimmed(line.substr(at, end - at)));
      at = end;
    }
    ids.push_back(std::move(id));
  }
  return ids;
}

bool is_lambda_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("lambda_") && path.extension() == ".txt";
}

ImportedSplit read_lambda_file(const fs::path& path) {
  const std::string text = read_bytes(path);
  const auto lines = lines_of(text);
  const std::string source = path.string();
  if (lines.size() != 3) {
    fail_input("the file has " + std::to_string(lines.size()) + " lines instead of three",
               {.file = source},
               "line 1: lambda, overlap, n; line 2: Train: [...]; line 3: Test: [...]");
  }
  ImportedSplit split;
  split.source = source;
  std::vector<std::string> head;
  std::string_view rest = lines[0];
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\t'), rest.size());
    head.emplace_back(trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (head.size() != 3 || !std::isfinite(whole_number(head[0])) ||
      !std::isfinite(whole_number(head[1])) || !std::isfinite(whole_number(head[2]))) {
    fail_input("the first line is not lambda, overlap and number of samples",
               {.file = source,
                .row = 1,
                .column = 0,
                .column_name = {},
                .value = std::string(lines[0].substr(0, 60))});
  }
  split.parameter_text = head[0];
  split.parameter = whole_number(head[0]);
  split.stated_overlap = whole_number(head[1]);
  split.train = printed_list(lines[1], "Train:", source, 2);
  split.test = printed_list(lines[2], "Test:", source, 3);
  if (static_cast<double>(split.train.size() + split.test.size()) != whole_number(head[2])) {
    fail_input("the first line states " + head[2] + " samples, but there are " +
                   std::to_string(split.train.size()) + " + " + std::to_string(split.test.size()),
               {.file = source}, "get the whole file again");
  }
  return split;
}

// ---- {set}_{lambda}_MUTATION_SPLIT_{repeat}_{TRAIN|TEST}

struct MutationName {
  std::string parameter;  ///< "0_5" is lambda 0.5
  std::string repeat;
  bool is_train = false;
};

std::optional<MutationName> mutation_name(const fs::path& path) {
  constexpr std::string_view kMiddle = "_MUTATION_SPLIT_";
  const std::string name = path.filename().string();
  const std::size_t middle = name.find(kMiddle);
  if (middle == std::string::npos) return std::nullopt;
  const std::string tail = name.substr(middle + kMiddle.size());
  const std::size_t bar = tail.find('_');
  if (bar == std::string::npos) return std::nullopt;
  const std::string part = tail.substr(bar + 1);
  if (part != "TRAIN" && part != "TEST") return std::nullopt;
  std::string head = name.substr(0, middle);  // "RIF_0_5", or "RIF_0.5"
  const std::size_t first = head.find_first_of("0123456789", head.find('_'));
  if (first == std::string::npos) return std::nullopt;
  MutationName out{
      .parameter = head.substr(first), .repeat = tail.substr(0, bar), .is_train = part == "TRAIN"};
  std::replace(out.parameter.begin(), out.parameter.end(), '_', '.');
  if (!std::isfinite(whole_number(out.parameter)) || !(whole_number(out.repeat) >= 0))
    return std::nullopt;
  return out;
}

void read_mutation_file(const fs::path& path, std::vector<std::string>& ids,
                        std::vector<std::string>& phenotypes) {
  const std::string text = read_bytes(path);
  for (const auto line : lines_of(text)) {
    const std::size_t tab = line.find('\t');
    ids.emplace_back(line.substr(0, tab));
    phenotypes.emplace_back(tab == std::string_view::npos ? "" : trimmed(line.substr(tab + 1)));
  }
}

// ---- all together

class Importer {
 public:
  explicit Importer(const Context& context) : context_(context) {}

  void take(const fs::path& path) {
    context_.check_cancelled();
    if (fs::is_directory(path)) return take_folder(path);
    if (is_lambda_file(path)) return keep("paper-lambda", read_lambda_file(path));
    const auto name = mutation_name(path);
    if (!name) return;
    ImportedSplit& split = mutations_[{whole_number(name->parameter), whole_number(name->repeat)}];
    split.parameter_text = name->parameter;
    split.parameter = whole_number(name->parameter);
    split.repeat = static_cast<std::uint32_t>(whole_number(name->repeat));
    if (split.source.empty()) split.source = path.string();
    read_mutation_file(path, name->is_train ? split.train : split.test,
                       name->is_train ? split.train_phenotype : split.test_phenotype);
  }

  ImportedSeries finish(const fs::path& path) {
    for (auto& [key, split] : mutations_) {
      if (split.train.empty() || split.test.empty()) {
        series_.diagnostics.add("half_a_split", Severity::warning,
                                "a split whose training or test file is not there was left aside",
                                split.source);
      } else {
        keep("paper-mutation", std::move(split));
      }
    }
    if (series_.splits.empty()) {
      fail_input("no split was found", {.file = path.string()},
                 "give a folder with SP_{lambda}_{repeat} folders of spectrae or cupel, with "
                 "lambda_*.txt, or with *_MUTATION_SPLIT_* files");
    }
    std::stable_sort(series_.splits.begin(), series_.splits.end(),
                     [](const ImportedSplit& a, const ImportedSplit& b) {
                       return a.parameter != b.parameter ? a.parameter < b.parameter
                                                         : a.repeat < b.repeat;
                     });
    for (const auto& split : series_.splits) check_ids(split);
    return std::move(series_);
  }

 private:
  void take_folder(const fs::path& folder) {
    auto split = named_by_folder(folder);
    if (!split) return;
    const std::string layout = read_folder(folder, *split);
    if (!layout.empty()) return keep(layout, std::move(*split));
    series_.diagnostics.add("no_split_in_folder", Severity::warning,
                            "a folder named as a split holds no train and test lists that can be "
                            "read (tensors of torch cannot); it was left aside",
                            folder.string());
  }
  void keep(const std::string& layout, ImportedSplit split) {
    if (series_.layout.empty()) series_.layout = layout;
    if (series_.layout != layout) {
      fail_input("the folder holds splits of two kinds, " + series_.layout + " and " + layout,
                 {.file = split.source}, "give them apart");
    }
    series_.splits.push_back(std::move(split));
  }
  void check_ids(const ImportedSplit& split) {
    std::unordered_map<std::string_view, int> side;
    const auto see = [&](const std::string& id, int where) {
      const auto [found, is_new] = side.emplace(id, where);
      if (is_new) return;
      if (found->second == where) {
        series_.diagnostics.add("id_twice", Severity::warning,
                                "a sample stands twice in one part of a split",
                                split.source + ": " + id);
      } else {
        series_.diagnostics.add("id_on_both_sides", Severity::serious,
                                "a sample is in training and test of the same split: its score "
                                "shows memory, nothing else",
                                split.source + ": " + id);
      }
    };
    for (const auto& id : split.train) see(id, 0);
    for (const auto& id : split.test) see(id, 1);
  }

  const Context& context_;
  ImportedSeries series_;
  std::map<std::pair<double, double>, ImportedSplit> mutations_;
};

}  // namespace

ImportedSeries import_spectra_splits(const fs::path& path, const Context& context) {
  Importer importer(context);
  if (!fs::exists(path)) {
    fail(ErrorKind::io, "there is no such file or folder", {.file = path.string()});
  }
  importer.take(path);
  if (fs::is_directory(path)) {
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(path)) entries.push_back(entry.path());
    std::sort(entries.begin(), entries.end());
    for (const auto& entry : entries) importer.take(entry);
  }
  return importer.finish(path);
}

ImportedGraph import_property_graph(const fs::path& path) {
  GexfGraph graph = parse_gexf(read_bytes(path), path.string());
  ImportedGraph out;
  out.ids = std::move(graph.ids);
  out.edges.reserve(graph.edges.size());
  for (const auto& edge : graph.edges) out.edges.push_back({edge.a, edge.b, edge.weight});
  return out;
}

}  // namespace cupel
