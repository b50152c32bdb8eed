// Reads pairs of samples: made for tens of millions of lines, in fixed pieces on all threads.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "split/spectra_files.hpp"

namespace cupel {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 22U;

bool is_blank(char c) noexcept { return c == '\t' || c == ',' || c == ' ' || c == '\r'; }

/// Cuts fields off one line.
class Fields {
 public:
  explicit Fields(std::string_view line) : line_(line) {}
  /// The next field, "" at the end.
  std::string_view next() noexcept {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
    const std::size_t begin = at_;
    while (at_ < line_.size() && !is_blank(line_[at_])) ++at_;
    return line_.substr(begin, at_ - begin);
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

bool read_index(std::string_view text, std::uint32_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_value(std::string_view text, double& out) noexcept {
  if (text.size() == 1 && (text[0] == '0' || text[0] == '1')) {
    out = text[0] - '0';
    return true;
  }
  if (text.empty() || text == "True" || text == "true") {
    out = 1.0;
    return true;
  }
  if (text == "False" || text == "false") {
    out = 0.0;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(out);
}

[[noreturn]] void fail_line(std::string_view text, std::size_t offset, const std::string& source,
                            std::size_t column, std::string_view value) {
  const auto row = static_cast<std::size_t>(
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  const Where where{
      .file = source, .row = row, .column = column, .column_name = {}, .value = std::string(value)};
  if (column == 3) {
    fail_input("the similarity of a pair is not a finite number", where,
               "give a number, or 0 for a pair that is not similar");
  }
  if (column == 4)
    fail_input("a pair has three fields: i, j, value", where, "leave out the others");
  fail_input("a sample of a pair is not a whole number from 0 on", where,
             "write a line as: first sample, tab, second sample, tab, similarity");
}

void parse_piece(std::string_view text, std::size_t begin, std::size_t end,
                 const std::string& source, std::vector<SpectraPair>& out) {
  while (begin < end) {
    const std::size_t stop = std::min(text.find('\n', begin), end);
    Fields fields(text.substr(begin, stop - begin));
    const std::string_view i = fields.next();
    if (!i.empty()) {
      const std::string_view j = fields.next();
      const std::string_view value = fields.next();
      const std::string_view rest = fields.next();
      SpectraPair pair;
      if (!read_index(i, pair.i)) fail_line(text, begin, source, 1, i);
      if (!read_index(j, pair.j)) fail_line(text, begin, source, 2, j);
      if (!read_value(value, pair.value)) fail_line(text, begin, source, 3, value);
      if (!rest.empty()) fail_line(text, begin, source, 4, rest);
      out.push_back(pair);
    }
    begin = stop + 1;
  }
}

/// Bytes of a first line of words, with its end; 0 if the first line is a pair.
std::size_t header_bytes(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view first = Fields(text.substr(0, end)).next();
  const bool is_word = !first.empty() && first.find_first_of("0123456789+-.") != 0;
  return is_word ? std::min(end + 1, text.size()) : 0;
}

}  // namespace

std::vector<SpectraPair> parse_spectra_pairs(std::string_view text, const std::string& source,
                                             const Context& context) {
  std::vector<std::size_t> cuts{header_bytes(text)};
  while (cuts.back() < text.size()) {
    const std::size_t at = std::min(cuts.back() + kPieceBytes, text.size());
    const std::size_t line_end = at == text.size() ? at : text.find('\n', at);
    cuts.push_back(line_end >= text.size() ? text.size() : line_end + 1);
  }
  std::vector<std::vector<SpectraPair>> pieces(cuts.size() - 1);
  parallel_for(context, pieces.size(), [&](std::size_t p) {
    pieces[p].reserve((cuts[p + 1] - cuts[p]) / 12);
    parse_piece(text, cuts[p], cuts[p + 1], source, pieces[p]);
  });
  if (pieces.size() == 1) return std::move(pieces.front());
  std::vector<SpectraPair> pairs;
  std::size_t total = 0;
  for (const auto& piece : pieces) total += piece.size();
  pairs.reserve(total);
  for (auto& piece : pieces) {
    pairs.insert(pairs.end(), piece.begin(), piece.end());
    std::vector<SpectraPair>().swap(piece);
  }
  return pairs;
}

std::vector<SpectraPair> read_spectra_pairs(const std::filesystem::path& path,
                                            const Context& context) {
  return parse_spectra_pairs(read_bytes(path), path.string(), context);
}

}  // namespace cupel
