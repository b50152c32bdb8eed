#include "io/corpus.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/byte_stream.hpp"
#include "io/fasta.hpp"

namespace cupel {
namespace {

using Take = std::function<bool(CorpusText&)>;

/// `format`, or what the name says: .fasta .fa .faa .fas .fna, .smi .smiles .ism .txt, .csv .tsv
/// .tab.
CorpusFormat format_of(const std::filesystem::path& path, const CorpusOptions& options) {
  if (options.format != CorpusFormat::automatic) return options.format;
  if (!options.text_column.empty()) return CorpusFormat::delimited;
  std::filesystem::path name = path.filename();
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  const std::string extension = lower(name.extension().string());
  const auto among = [&](std::initializer_list<std::string_view> known) {
    return std::find(known.begin(), known.end(), extension) != known.end();
  };
  if (among({".fasta", ".fa", ".faa", ".fas", ".fna"})) return CorpusFormat::fasta;
  if (among({".smi", ".smiles", ".ism", ".txt"})) return CorpusFormat::list;
  if (among({".csv", ".tsv", ".tab"})) return CorpusFormat::delimited;
  fail(ErrorKind::usage, "the name of the corpus does not say its format", {.file = path.string()},
       "name it .fasta, .smi, .csv or .tsv (then .gz or .zst), or state the format");
}

/// The cells of a line; false if a quote is left open.
bool split_cells(std::string_view line, char delimiter, std::vector<std::string>& cells) {
  cells.assign(1, "");
  bool quoted = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (c == '"' && quoted && k + 1 < line.size() && line[k + 1] == '"') {
      cells.back() += '"';
      ++k;
    } else if (c == '"' && (quoted || cells.back().empty())) {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return !quoted;
}

std::size_t column_place(const std::vector<std::string>& header, const std::string& name,
                         const std::string& file) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    const std::string near = nearest_word(name, header);
    fail(
        ErrorKind::usage, "there is no column \"" + name + "\"", {.file = file, .row = 1},
        (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "columns: " + join(header, ", "));
  }
  return static_cast<std::size_t>(found - header.begin());
}

Diagnostics stream_list(const std::filesystem::path& path, const Take& take) {
  LineStream lines(path);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    CorpusText text{.id = std::string(trimmed(line.substr(end))),
                    .text = std::string(line.substr(0, end)),
                    .line = lines.number()};
    if (text.id.empty()) text.id = std::to_string(text.line);
    if (!take(text)) break;
  }
  return {};
}

Diagnostics stream_delimited(const std::filesystem::path& path, const CorpusOptions& options,
                             const Take& take) {
  LineStream lines(path);
  Diagnostics diagnostics;
  std::string_view line;
  if (!lines.next(line)) return diagnostics;
  const std::string_view kinds = "\t;,";
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  const char delimiter = *std::max_element(kinds.begin(), kinds.end(),
                                           [&](char a, char b) { return count(a) < count(b); });
  std::vector<std::string> header;
  std::vector<std::string> cells;
  split_cells(line, delimiter, header);
  if (options.text_column.empty()) {
    fail(ErrorKind::usage, "a delimited corpus needs the name of the column that holds its texts",
         {.file = lines.name()}, "columns: " + join(header, ", "));
  }
  const std::size_t text_at = column_place(header, options.text_column, lines.name());
  const bool has_id = !options.id_column.empty();
  const std::size_t id_at = has_id ? column_place(header, options.id_column, lines.name()) : 0;
  while (lines.next(line)) {
    if (line.empty()) continue;
    if (!split_cells(line, delimiter, cells) || cells.size() != header.size()) {
      fail_input("the line has " + std::to_string(cells.size()) + " cells, the header " +
                     std::to_string(header.size()) + ", or a quote is left open",
                 {.file = lines.name(), .row = lines.number()},
                 "repair the line; line breaks within quotes cannot be streamed");
    }
    CorpusText text{.text = std::string(trimmed(cells[text_at])), .line = lines.number()};
    text.id = has_id ? cells[id_at] : std::to_string(text.line);
    if (text.text.empty()) {
      diagnostics.add("empty_text", Severity::warning, "a line without a text was left out",
                      text.id);
      continue;
    }
    if (!take(text)) break;
  }
  return diagnostics;
}

}  // namespace

Diagnostics stream_corpus(const std::filesystem::path& path, const CorpusOptions& options,
                          const Take& take) {
  switch (format_of(path, options)) {
    case CorpusFormat::list:
      return stream_list(path, take);
    case CorpusFormat::delimited:
      return stream_delimited(path, options, take);
    default:
      break;
  }
  return stream_fasta(path, {}, [&](FastaRecord& record) {
    if (record.sequence.empty()) return true;
    CorpusText text{
        .id = std::move(record.id), .text = std::move(record.sequence), .line = record.line};
    return take(text);
  });
}

}  // namespace cupel
