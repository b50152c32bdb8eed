// MatrixMarket exchange format (Boisvert, Pozo & Remington 1996, NISTIR 5935), text only.
#include <fast_float/fast_float.h>

#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/csv_problem.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kMostOfOneSide = 0xFFFF'FFFE;

enum class Symmetry : std::uint8_t { general, symmetric, skew };

class MatrixMarketParser {
 public:
  MatrixMarketParser(std::string_view text, const std::string& source)
      : text_(text), source_(source) {}

  MatrixMarket parse() {
    read_banner();
    read_size();
    if (matrix_.is_dense) {
      read_dense();
    } else {
      read_entries();
    }
    while (next_line()) {
      if (!line_.empty()) {
        fail_here("there is more than the " + std::to_string(n_stated_) +
                      " values that the size line states",
                  0, "correct the size line, or write the file again");
      }
    }
    return std::move(matrix_);
  }

 private:
  /// Without the line end and blanks around.
  bool next_line() {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    raw_ = text_.substr(at_, end - at_);
    line_ = trimmed(raw_);
    at_ = end + 1;
    ++number_;
    return true;
  }

  /// Next line that holds something and is no comment.
  bool next_content() {
    while (next_line()) {
      if (line_.starts_with('%')) {
        read_comment(line_);
      } else if (!line_.empty()) {
        return true;
      }
    }
    return false;
  }

  [[noreturn]] void fail_here(const std::string& message, std::size_t column,
                              const std::string& hint) const {
    fail_input(message,
               {.file = source_, .row = number_, .column = column, .value = printable(line_)},
               hint);
  }

  void read_banner() {
    constexpr const char* kHint =
        "the first line reads \"%%MatrixMarket matrix coordinate real general\", as "
        "scipy.io.mmwrite and Matrix::writeMM write it";
    if (!next_line() || !lower(line_).starts_with("%%matrixmarket")) {
      if (number_ == 0) number_ = 1;
      fail_here("this is no MatrixMarket file: the first line is not its banner", 0, kHint);
    }
    std::vector<std::string> words;
    const std::string banner = lower(line_);
    for (std::size_t at = 0; at < banner.size();) {
      const std::size_t begin = std::min(banner.find_first_not_of(" \t", at), banner.size());
      at = std::min(banner.find_first_of(" \t", begin), banner.size());
      if (at > begin) words.push_back(banner.substr(begin, at - begin));
    }
    if (words.size() != 5 || words[1] != "matrix") {
      fail_here("the MatrixMarket banner has not its five words", 0, kHint);
    }
    matrix_.is_dense = words[2] == "array";
    if (!matrix_.is_dense && words[2] != "coordinate") {
      fail_here("the MatrixMarket format \"" + words[2] + "\" is none", 0, "coordinate or array");
    }
    matrix_.field = words[3] == "double" ? "real" : words[3];
    const bool known = matrix_.field == "real" || matrix_.field == "integer" ||
                       (matrix_.field == "pattern" && !matrix_.is_dense);
    if (!known) {
      fail_here("the MatrixMarket field \"" + words[3] + "\" cannot be read as expression", 0,
                "real, integer or (coordinate) pattern");
    }
    if (words[4] == "symmetric") {
      symmetry_ = Symmetry::symmetric;
    } else if (words[4] == "skew-symmetric") {
      symmetry_ = Symmetry::skew;
    } else if (words[4] != "general") {
      fail_here("the MatrixMarket symmetry \"" + words[4] + "\" cannot be read as expression", 0,
                "general, symmetric or skew-symmetric");
    }
  }

  /// "%rows: genes" says what the rows are.
  void read_comment(std::string_view comment) {
    std::string text;
    for (const char c : lower(comment.substr(1))) {
      if (c != ' ' && c != '\t' && c != '%') text += c;
    }
    if (text == "rows:genes" || text == "rows:cells") matrix_.rows = text.substr(5);
  }

  std::size_t read_count(const char*& place, const char* what) {
    const char* const end = line_.data() + line_.size();
    while (place < end && (*place == ' ' || *place == '\t')) ++place;
    std::uint64_t value = 0;
    const auto [next, problem] = std::from_chars(place, end, value);
    const bool ends = next == end || *next == ' ' || *next == '\t';
    if (problem != std::errc{} || !ends) {
      fail_here(std::string("the ") + what + " is not a whole number",
                static_cast<std::size_t>(place - raw_.data()) + 1, "see the line");
    }
    place = next;
    return value;
  }

  double read_value(const char*& place) {
    const char* const end = line_.data() + line_.size();
    while (place < end && (*place == ' ' || *place == '\t')) ++place;
    if (place < end && *place == '+') ++place;
    double value = 0.0;
    const auto [next, problem] = fast_float::from_chars(place, end, value);
    const bool ends = next == end || *next == ' ' || *next == '\t';
    if (problem == std::errc::invalid_argument || !ends) {
      fail_here("the value is not a number", static_cast<std::size_t>(place - raw_.data()) + 1,
                "a number in decimal, as in 1, 0.25 or 3e-4");
    }
    place = next;
    return value;
  }

  void expect_line_end(const char* place) const {
    if (place != line_.data() + line_.size()) {
      fail_here("there is more in the line than belongs there",
                static_cast<std::size_t>(place - raw_.data()) + 1,
                matrix_.is_dense ? "one value per line" : "row, column and value");
    }
  }

  void read_size() {
    if (!next_content()) {
      fail_here("the size line is missing: the file ends before it", 0, "copy the file again");
    }
    const char* place = line_.data();
    matrix_.n_rows = read_count(place, "number of rows");
    matrix_.n_cols = read_count(place, "number of columns");
    if (!matrix_.is_dense) n_stated_ = read_count(place, "number of values");
    expect_line_end(place);
    if (matrix_.n_rows > kMostOfOneSide || matrix_.n_cols > kMostOfOneSide) {
      fail_here("more rows or columns than 2^32", 0, "check the size line");
    }
    if (symmetry_ != Symmetry::general && matrix_.n_rows != matrix_.n_cols) {
      fail_here("a symmetric matrix has as many rows as columns", 0, "check the size line");
    }
    if (matrix_.is_dense) n_stated_ = n_dense_values();
    // A value takes two bytes at least ("1\n"), an entry four: larger counts cannot be true.
    const std::size_t n_left = text_.size() - std::min(at_, text_.size());
    const std::size_t shortest = matrix_.is_dense ? 2 : 4;
    if (n_stated_ > 0 && n_stated_ > (n_left + 1) / shortest) {
      fail_here("the size line states " + std::to_string(n_stated_) + " values, but only " +
                    std::to_string(n_left) + " bytes follow: the file is cut off",
                0, "copy or download it again");
    }
  }

  std::size_t n_dense_values() const {
    const std::size_t n = matrix_.n_rows;
    if (symmetry_ == Symmetry::general) {
      return n != 0 && matrix_.n_cols > text_.size() / n + 1 ? text_.size() : n * matrix_.n_cols;
    }
    if (n > text_.size()) return text_.size();  // too many in any case
    return symmetry_ == Symmetry::symmetric ? n * (n + 1) / 2
                                            : n * (n - std::min<std::size_t>(n, 1)) / 2;
  }

  [[noreturn]] void fail_cut_off(std::size_t n_read) const {
    fail_input("the file is cut off: " + std::to_string(n_read) + " of the " +
                   std::to_string(n_stated_) + " values that the size line states are there",
               {.file = source_, .row = number_}, "copy or download it again");
  }

  std::uint32_t read_index(const char*& place, std::size_t n, const char* what) {
    const char* const begin = place;
    const std::size_t index = read_count(place, what);
    if (index < 1 || index > n) {
      fail_here(
          std::string("the ") + what + " lies outside of 1 to " + std::to_string(n),
          static_cast<std::size_t>(begin - raw_.data()) + 1,
          index == 0 ? "indices count from 1" : "check the size line (rows, columns, values)");
    }
    return static_cast<std::uint32_t>(index - 1);
  }

  void read_entries() {
    const bool mirrored = symmetry_ != Symmetry::general;
    matrix_.entries.reserve(mirrored ? 2 * n_stated_ : n_stated_);
    for (std::size_t i = 0; i < n_stated_; ++i) {
      if (!next_content()) fail_cut_off(i);
      const char* place = line_.data();
      const std::uint32_t row = read_index(place, matrix_.n_rows, "row");
      const std::uint32_t col = read_index(place, matrix_.n_cols, "column");
      const double value = matrix_.field == "pattern" ? 1.0 : read_value(place);
      expect_line_end(place);
      matrix_.entries.push_back({row, col, value});
      if (mirrored && row != col) {
        matrix_.entries.push_back({col, row, symmetry_ == Symmetry::skew ? -value : value});
      }
    }
  }

  /// Column after column; of a symmetric matrix the part from the diagonal on.
  void read_dense() {
    const std::size_t n_rows = matrix_.n_rows;
    matrix_.dense.assign(n_rows * matrix_.n_cols, 0.0);
    std::size_t n_read = 0;
    for (std::size_t col = 0; n_rows > 0 && col < matrix_.n_cols; ++col) {
      const std::size_t first = symmetry_ == Symmetry::general     ? 0
                                : symmetry_ == Symmetry::symmetric ? col
                                                                   : col + 1;
      for (std::size_t row = first; row < n_rows; ++row, ++n_read) {
        if (!next_content()) fail_cut_off(n_read);
        const char* place = line_.data();
        const double value = read_value(place);
        expect_line_end(place);
        matrix_.dense[row * matrix_.n_cols + col] = value;
        if (symmetry_ != Symmetry::general) {
          matrix_.dense[col * matrix_.n_cols + row] =
              symmetry_ == Symmetry::skew && row != col ? -value : value;
        }
      }
    }
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
  std::string_view raw_;
  std::string_view line_;
  Symmetry symmetry_ = Symmetry::general;
  std::size_t n_stated_ = 0;
  MatrixMarket matrix_;
};

}  // namespace

MatrixMarket parse_matrix_market(std::string_view text, const std::string& source) {
  return MatrixMarketParser(text, source).parse();
}

}  // namespace cupel::detail
