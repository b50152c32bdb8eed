#include "io/fasta.hpp"

#include <array>
#include <unordered_set>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/byte_stream.hpp"
#include "io/compressed.hpp"

namespace cupel {
namespace {

/// Upper case for a letter, the sign itself for a gap sign that is allowed, else 0.
using LetterTable = std::array<char, 256>;

LetterTable letter_table(const FastaOptions& options) {
  LetterTable table{};
  for (char c = 'A'; c <= 'Z'; ++c) {
    table[static_cast<unsigned char>(c)] = c;
    table[static_cast<unsigned char>(c - 'A' + 'a')] = c;
  }
  if (options.allow_gaps) {
    table['-'] = '-';
    table['.'] = '.';
  }
  return table;
}

/// Takes lines, gives records.
class FastaParser {
 public:
  FastaParser(std::string source, const FastaOptions& options,
              const std::function<bool(FastaRecord&)>& take)
      : source_(std::move(source)), letters_(letter_table(options)), take_(take) {}

  /// False when the taker has had enough.
  bool line(std::string_view text, std::size_t number) {
    text = trimmed(text);
    if (text.empty() || text.front() == ';') return true;
    if (text.front() != '>') {
      append(text, number);
      return true;
    }
    if (!finish()) return false;
    begin(trimmed(text.substr(1)), number);
    return true;
  }

  bool finish() {
    if (record_.line == 0) return true;
    if (record_.sequence.empty()) {
      diagnostics.add("empty_sequence", Severity::warning,
                      "a record without a sequence: it is like no other item", record_.id);
    }
    const bool go_on = take_(record_);
    record_ = {};
    stopped_ = false;
    return go_on;
  }

  Diagnostics diagnostics;

 private:
  void begin(std::string_view header, std::size_t number) {
    const std::size_t end = std::min(header.find_first_of(" \t"), header.size());
    if (end == 0) {
      fail_input("a record without an id: its results could not be named",
                 {.file = source_, .row = number}, "write an id right behind the '>'");
    }
    record_.id = header.substr(0, end);
    record_.description = trimmed(header.substr(end));
    record_.line = number;
  }

  void append(std::string_view text, std::size_t number) {
    if (record_.line == 0) {
      fail_input("this is no FASTA file: the first line that is not blank is no header",
                 {.file = source_, .row = number, .value = shown(text)},
                 "begin every record with a line \">id\"");
    }
    if (stopped_) fail_letter(text, 0, number);
    const std::size_t before = record_.sequence.size();
    record_.sequence.resize(before + text.size());
    for (std::size_t k = 0; k < text.size(); ++k) {
      const char letter = letters_[static_cast<unsigned char>(text[k])];
      if (letter == 0) {
        stopped_ = text[k] == '*' && k + 1 == text.size();
        if (!stopped_) fail_letter(text, k, number);
        record_.sequence.pop_back();
        return;
      }
      record_.sequence[before + k] = letter;
    }
  }

  [[noreturn]] void fail_letter(std::string_view text, std::size_t at, std::size_t number) const {
    const bool gap = text[at] == '-' || text[at] == '.';
    fail_input(
        stopped_ ? "the sequence of \"" + record_.id + "\" goes on behind its stop '*'"
                 : "the sequence of \"" + record_.id + "\" has a character that is no letter",
        {.file = source_, .row = number, .column = at + 1, .value = shown(text.substr(at, 1))},
        gap ? "take the gaps out, or use a kind that compares rows of an alignment (hamming)"
            : "remove it, or write X for an unknown residue");
  }

  /// Bytes that are not printable would spoil the message.
  static std::string shown(std::string_view text) {
    std::string clean;
    for (const char c : text.substr(0, 60)) clean += c >= ' ' && c <= '~' ? c : '?';
    return clean;
  }

  std::string source_;
  LetterTable letters_;
  const std::function<bool(FastaRecord&)>& take_;
  FastaRecord record_;
  bool stopped_ = false;
};

}  // namespace

Fasta parse_fasta(std::string_view text, const std::string& source, const FastaOptions& options) {
  Fasta fasta;
  std::unordered_set<std::string> ids;
  Diagnostics duplicates;
  const std::function<bool(FastaRecord&)> keep = [&](FastaRecord& record) {
    if (!ids.insert(record.id).second) {
      duplicates.add("duplicate_id", Severity::serious,
                     "an id occurs more than once, so results cannot be told apart by it",
                     record.id);
    }
    fasta.records.push_back(std::move(record));
    return true;
  };
  FastaParser parser(source, options, keep);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.line(text.substr(0, end), ++number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  parser.finish();
  fasta.diagnostics.merge(duplicates);
  fasta.diagnostics.merge(parser.diagnostics);
  return fasta;
}

Fasta read_fasta(const std::filesystem::path& path, const FastaOptions& options) {
  return parse_fasta(read_bytes(path), path == "-" ? "standard input" : path.string(), options);
}

Diagnostics stream_fasta(const std::filesystem::path& path, const FastaOptions& options,
                         const std::function<bool(FastaRecord&)>& take) {
  LineStream lines(path);
  FastaParser parser(lines.name(), options, take);
  std::string_view line;
  while (lines.next(line)) {
    if (!parser.line(line, lines.number())) return std::move(parser.diagnostics);
  }
  parser.finish();
  return std::move(parser.diagnostics);
}

}  // namespace cupel
