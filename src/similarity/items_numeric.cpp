// Items whose values are numbers: vectors, fingerprints, and given similarities.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/npy.hpp"
#include "similarity/items_columns.hpp"

namespace cupel::detail {
namespace {

constexpr std::string_view kNotFinite =
    "a feature is missing or not finite, so the similarity is not defined; left out";

/// Columns of a table that hold the features, and its id and target.
struct WideTable {
  Table table;
  std::string id;
  std::string target;
  std::vector<const Column*> features;
};

/// The cells of the first line, if all are numbers.
std::vector<double> numbers_of_first_line(std::string_view bytes) {
  std::string_view rest = trimmed(bytes.substr(0, std::min(bytes.find('\n'), bytes.size())));
  std::vector<double> numbers;
  while (true) {
    const std::size_t end = std::min(rest.find_first_of(",;\t|"), rest.size());
    const std::string_view cell = trimmed(rest.substr(0, end));
    double value = 0.0;
    const auto [last, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (cell.empty() || problem != std::errc{} || last != cell.data() + cell.size()) return {};
    numbers.push_back(value);
    if (end == rest.size()) return numbers;
    rest.remove_prefix(end + 1);
  }
}

/// 0, 1, 2, ... or 1, 2, 3, ...: how tables without names number their columns.
bool counts_columns(const std::vector<double>& cells) {
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (cells[k] != static_cast<double>(k) + cells[0]) return false;
  }
  return cells[0] == 0.0 || cells[0] == 1.0;
}

/// Names of columns are not fractions, and not given twice.
bool can_be_names(std::vector<double> cells) {
  std::sort(cells.begin(), cells.end());
  return std::adjacent_find(cells.begin(), cells.end()) == cells.end() &&
         std::all_of(cells.begin(), cells.end(), [](double v) { return v == std::floor(v); });
}

/// A header in front of a file that has none, so that its first line is not lost.
std::string with_header(std::string bytes, std::size_t n_columns) {
  const std::string_view first =
      std::string_view(bytes).substr(0, std::min(bytes.find('\n'), bytes.size()));
  const std::size_t place = first.find_first_of(",;\t|");
  const char delimiter = place == std::string_view::npos ? ',' : first[place];
  std::string header;
  for (std::size_t k = 0; k < n_columns; ++k) {
    if (k > 0) header += delimiter;
    header += "c" + std::to_string(k);
  }
  return header + "\n" + std::move(bytes);
}

/// The bytes of a table of features, with names for its columns.
std::string with_names(Items& items, std::string bytes) {
  const auto cells = numbers_of_first_line(bytes);
  if (cells.empty() || counts_columns(cells) || can_be_names(cells)) return bytes;
  items.diagnostics.add("no_header", Severity::note,
                        "the first line holds values, not names of columns; it is read as data");
  return with_header(std::move(bytes), cells.size());
}

WideTable read_wide(Items& items, std::string_view bytes, const ItemsOptions& options,
                    const Context& context) {
  WideTable wide;
  wide.table = parse_csv(bytes, items.source, {.delimiter = options.delimiter}, context);
  wide.id = find_id_column(wide.table, options);
  wide.target = find_target_column(wide.table, options, items);
  for (const auto& name : options.feature_columns) {
    wide.features.push_back(&wide.table.at(named_column(wide.table, name, "--features")));
    if (wide.features.back()->type == ColumnType::text) {
      fail_input("the column holds text, not numbers",
                 {.file = items.source, .row = 1, .column_name = wide.features.back()->name},
                 "leave it out of --features");
    }
  }
  if (!wide.features.empty()) return wide;
  for (const auto& column : wide.table.columns) {
    if (column.name == wide.id || column.name == wide.target) continue;
    if (column.type == ColumnType::text) {
      items.diagnostics.add("text_column_not_used", Severity::note,
                            "columns of text are no features", column.name);
    } else {
      wide.features.push_back(&column);
    }
  }
  if (wide.features.empty()) {
    fail_input("no column holds numbers", {.file = items.source, .row = 1},
               "this kind of similarity needs a numeric column per feature, or an .npy file");
  }
  return wide;
}

void fill_ids_and_targets(Items& items, const WideTable& wide) {
  items.n_source_rows = wide.table.n_rows;
  set_ids(items, wide.id.empty() ? nullptr : &wide.table.at(wide.id));
  set_targets(items, wide.target.empty() ? nullptr : &wide.table.at(wide.target));
  for (const Column* column : wide.features) items.feature_names.push_back(column->name);
}

std::size_t first_bad(std::span<const double> values) {
  return static_cast<std::size_t>(
      std::find_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }) -
      values.begin());
}

/// Keeps the finite rows of `all`.
void keep_finite_rows(Items& items, Matrix<double> all,
                      const std::vector<std::string>& feature_names) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < all.rows; ++row) {
    const std::size_t bad = first_bad(all.row(row));
    if (bad < all.cols) {
      leave_out(items, "value_not_finite", kNotFinite, row,
                feature_names.empty() ? "column " + std::to_string(bad) : feature_names[bad]);
      continue;
    }
    if (kept != row) std::copy_n(all.row(row).begin(), all.cols, all.row(kept).begin());
    items.source_row.push_back(row);
    ++kept;
  }
  all.rows = kept;
  all.values.resize(kept * all.cols);
  items.vectors = std::move(all);
}

Matrix<double> feature_matrix(const std::vector<const Column*>& columns) {
  Matrix<double> all(columns.front()->size(), columns.size());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t i = 0; i < all.rows; ++i) all(i, j) = columns[j]->as_number(i);
  }
  return all;
}

std::vector<std::string> names_of(const std::vector<const Column*>& columns) {
  std::vector<std::string> names;
  for (const Column* column : columns) names.push_back(column->name);
  return names;
}

// ---- fingerprints

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_binary_text(std::string_view text) {
  return text.find_first_not_of("01") == std::string_view::npos;
}

/// Bit b of a string of 0s and 1s is its character b; hexadecimal text is bytes, as in FPS files:
/// bit b is bit b % 8 of byte b / 8.
bool set_bits(PackedBits& bits, std::size_t row, std::string_view text, bool binary) {
  for (std::size_t k = 0; k < text.size(); ++k) {
    const int digit =
        binary ? (text[k] == '0' || text[k] == '1' ? text[k] - '0' : -1) : hex_digit(text[k]);
    if (digit < 0) return false;
    const std::size_t first = binary ? k : (k % 2 == 0 ? k * 4 + 4 : k * 4 - 4);
    for (std::size_t b = 0; b < (binary ? 1U : 4U); ++b) {
      if (((digit >> b) & 1) != 0) bits.set(row, first + b);
    }
  }
  return true;
}

void bits_from_texts(Items& items, const std::vector<std::string>& texts, std::size_t n_bits,
                     bool binary) {
  std::size_t length = 0;
  for (const auto& text : texts) {
    if (length == 0) length = text.size();
  }
  if (n_bits == 0) n_bits = binary ? length : length * 4;
  PackedBits one(1, std::max(n_bits, length * 4));
  items.bits = PackedBits(0, n_bits);
  items.n_source_rows = texts.size();
  for (std::size_t row = 0; row < texts.size(); ++row) {
    std::fill(one.words.begin(), one.words.end(), 0);
    if (texts[row].empty()) {
      leave_out(items, "empty", "there is no fingerprint; left out", row, "");
    } else if (texts[row].size() != length || (!binary && length % 2 != 0)) {
      leave_out(items, "other_length", "a fingerprint has another length than the first; left out",
                row, std::to_string(texts[row].size()) + " characters");
    } else if (!set_bits(one, 0, texts[row], binary)) {
      leave_out(items, "bad_fingerprint", "a fingerprint has other characters; left out", row,
                texts[row]);
    } else {
      items.bits.words.insert(items.bits.words.end(), one.words.begin(),
                              one.words.begin() + static_cast<std::ptrdiff_t>(items.bits.n_words));
      ++items.bits.rows;
      items.source_row.push_back(row);
    }
  }
}

/// https://chemfp.readthedocs.io/en/latest/fps_format.html
void read_fps(Items& items, std::string_view bytes) {
  constexpr std::size_t kMaxEmptyBits = std::size_t{1} << 20;  // of a file without fingerprints
  std::vector<std::string> texts;
  std::vector<std::string> ids;
  std::size_t n_bits = 0;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = trimmed(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    constexpr std::string_view kBits = "#num_bits=";
    if (line.starts_with(kBits)) {
      std::from_chars(line.data() + kBits.size(), line.data() + line.size(), n_bits);
    }
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t tab = std::min(line.find('\t'), line.size());
    texts.emplace_back(line.substr(0, tab));
    ids.emplace_back(trimmed(line.substr(tab)));
  }
  if (n_bits > (texts.empty() ? kMaxEmptyBits : texts.front().size() * 4)) {
    fail_input("#num_bits is more than the first fingerprint has", {.file = items.source},
               "correct the header or write the file again");
  }
  bits_from_texts(items, texts, n_bits, false);
  for (const std::uint64_t row : items.source_row) {
    const auto at = static_cast<std::size_t>(row);
    items.ids.push_back(ids[at].empty() ? std::to_string(row) : ids[at]);
  }
}

void bits_from_npy(Items& items, const NpyArray& array) {
  const bool whole = array.kind != 'f';
  bool zero_one = true;
  for (std::size_t i = 0; i < array.rows() && zero_one; ++i) {
    for (std::size_t j = 0; j < array.cols() && zero_one; ++j) {
      zero_one = array.at(i, j) == 0.0 || array.at(i, j) == 1.0;
    }
  }
  const bool packed = !zero_one && array.kind == 'u' && array.item_size == 1;
  if (!zero_one && !packed) {
    fail_input("the array holds other values than 0 and 1", {.file = items.source},
               whole ? "save fingerprints as 0/1, or packed by numpy.packbits as uint8"
                     : "for real numbers use a kind such as cosine");
  }
  if (packed) {
    items.diagnostics.add("packed_bits", Severity::note,
                          "the uint8 array has values above 1, so it is read as packed, eight bits "
                          "a byte",
                          std::to_string(array.cols() * 8) + " bits");
  }
  items.bits = PackedBits(array.rows(), array.cols() * (packed ? 8 : 1));
  items.n_source_rows = array.rows();
  for (std::size_t i = 0; i < array.rows(); ++i) {
    items.source_row.push_back(i);
    for (std::size_t j = 0; j < array.cols(); ++j) {
      const auto value = static_cast<unsigned>(array.at(i, j));
      for (std::size_t b = 0; b < (packed ? 8U : 1U); ++b) {
        if (((value >> b) & 1U) != 0) items.bits.set(i, packed ? j * 8 + b : j);
      }
    }
  }
  set_ids(items, nullptr);
}

bool bits_from_text_column(Items& items, std::string_view bytes, const ItemsOptions& options,
                           const Context& context) {
  CsvOptions csv{.delimiter = options.delimiter};
  const Table names = parse_csv(bytes, items.source, csv, context);
  std::string column = options.text_column;
  if (column.empty()) {
    for (const auto& name : usual_names(ItemForm::bits)) {
      for (const auto& one : names.columns) {
        if (column.empty() && lower(one.name) == name) column = one.name;
      }
    }
    if (column.empty() || !options.feature_columns.empty()) return false;
  }
  column = named_column(names, column, "--text-column");
  csv.types[column] = ColumnType::text;
  WideTable wide;
  wide.table = parse_csv(bytes, items.source, csv, context);
  wide.id = find_id_column(wide.table, options);
  wide.target = find_target_column(wide.table, options, items);
  std::vector<std::string> texts;
  bool binary = true;
  for (std::size_t row = 0; row < wide.table.n_rows; ++row) {
    texts.emplace_back(trimmed(wide.table.at(column).text(row)));
    binary = binary && is_binary_text(texts.back());
  }
  bits_from_texts(items, texts, 0, binary);
  fill_ids_and_targets(items, wide);
  return true;
}

void bits_from_columns(Items& items, const WideTable& wide) {
  constexpr std::string_view kNotBinary = "a 0/1 column has another value or none; left out";
  items.bits = PackedBits(0, wide.features.size());
  for (std::size_t row = 0; row < wide.table.n_rows; ++row) {
    PackedBits one(1, wide.features.size());
    const Column* bad = nullptr;
    for (std::size_t j = 0; j < wide.features.size(); ++j) {
      const double value = wide.features[j]->as_number(row);
      if (value == 1.0) one.set(0, j);
      if (value != 0.0 && value != 1.0 && bad == nullptr) bad = wide.features[j];
    }
    if (bad != nullptr) {
      leave_out(items, "not_binary", kNotBinary, row, bad->name + " = " + bad->as_text(row));
      continue;
    }
    items.bits.words.insert(items.bits.words.end(), one.words.begin(), one.words.end());
    ++items.bits.rows;
    items.source_row.push_back(row);
  }
}

// ---- given similarities

bool is_symmetric(const Matrix<double>& matrix) {
  if (matrix.rows != matrix.cols) return false;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (matrix(i, j) != matrix(j, i)) return false;
    }
  }
  return true;
}

void fill_square(Items& items, Matrix<double> matrix) {
  if (matrix.rows != matrix.cols) {
    fail_input("the similarity matrix has " + std::to_string(matrix.rows) + " rows and " +
                   std::to_string(matrix.cols) + " columns; it has to be square",
               {.file = items.source}, "give the similarities among all items, or pairs i,j,value");
  }
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double allowed = 1e-9 * std::max(1.0, std::abs(matrix(i, j)));
      if (std::abs(matrix(i, j) - matrix(j, i)) <= allowed) continue;  // false for NaN
      fail_input(
          "the similarity matrix is not symmetric and finite: (" + std::to_string(i) + ", " +
              std::to_string(j) + ") is " + format_double(matrix(i, j)) + ", (" +
              std::to_string(j) + ", " + std::to_string(i) + ") is " + format_double(matrix(j, i)),
          {.file = items.source}, "decide which orientation counts, or take the larger of both");
    }
  }
  items.n_source_rows = matrix.rows;
  for (std::size_t i = 0; i < matrix.rows; ++i) items.source_row.push_back(i);
  items.vectors = std::move(matrix);
}

std::uint32_t item_number(const Column& column, std::size_t row, const Table& table) {
  const double value = column.type == ColumnType::text ? -1.0 : column.as_number(row);
  if (!(value >= 0.0) || value != std::floor(value) || value > 4294967279.0) {
    fail_input("an item number has to be a whole number from 0",
               {.file = table.source,
                .row = table.line(row),
                .column_name = column.name,
                .value = column.as_text(row)},
               "number the items from 0 in the order of the data");
  }
  return static_cast<std::uint32_t>(value);
}

void fill_pairs(Items& items, const Table& table) {
  std::size_t n = 0;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    GivenPair pair{.row = item_number(table.columns[0], row, table),
                   .col = item_number(table.columns[1], row, table),
                   .value = table.columns[2].type == ColumnType::text
                                ? std::nan("")
                                : table.columns[2].as_number(row)};
    n = std::max({n, std::size_t{pair.row} + 1, std::size_t{pair.col} + 1});
    if (!std::isfinite(pair.value)) {
      fail_input("a similarity has to be a finite number",
                 {.file = table.source,
                  .row = table.line(row),
                  .column_name = table.columns[2].name,
                  .value = table.columns[2].as_text(row)},
                 "leave out pairs that are not similar");
    }
    if (pair.row == pair.col) continue;  // an item with itself
    if (pair.row > pair.col) std::swap(pair.row, pair.col);
    items.pairs.push_back(pair);
  }
  const auto key = [](const GivenPair& p) { return std::pair(p.row, p.col); };
  std::sort(items.pairs.begin(), items.pairs.end(),
            [&](const GivenPair& a, const GivenPair& b) { return key(a) < key(b); });
  for (std::size_t k = 1; k < items.pairs.size(); ++k) {
    const auto& [a, b] = std::pair(items.pairs[k - 1], items.pairs[k]);
    if (key(a) != key(b) || a.value == b.value) continue;
    fail_input("the pair (" + std::to_string(a.row) + ", " + std::to_string(a.col) +
                   ") is given with two similarities, " + format_double(a.value) + " and " +
                   format_double(b.value),
               {.file = items.source}, "give each pair once, or the same value both ways");
  }
  items.pairs.erase(
      std::unique(items.pairs.begin(), items.pairs.end(),
                  [&](const GivenPair& a, const GivenPair& b) { return key(a) == key(b); }),
      items.pairs.end());
  items.n_source_rows = n;
  for (std::size_t i = 0; i < n; ++i) items.source_row.push_back(i);
}

}  // namespace

void read_vectors(Items& items, std::string bytes, const std::string& extension,
                  const ItemsOptions& options, const Context& context) {
  if (extension == ".npy") {
    const NpyArray array = parse_npy(std::move(bytes), items.source);
    items.n_source_rows = array.rows();
    keep_finite_rows(items, array.matrix(), {});
    set_ids(items, nullptr);
    return;
  }
  const std::string text = with_names(items, std::move(bytes));
  const WideTable wide = read_wide(items, text, options, context);
  keep_finite_rows(items, feature_matrix(wide.features), names_of(wide.features));
  fill_ids_and_targets(items, wide);
}

void read_bits(Items& items, std::string bytes, const std::string& extension,
               const ItemsOptions& options, const Context& context) {
  if (extension == ".npy") {
    bits_from_npy(items, parse_npy(std::move(bytes), items.source));
  } else if (extension == ".fps" || bytes.starts_with("#FPS1")) {
    read_fps(items, bytes);
  } else {
    const std::string text = with_names(items, std::move(bytes));
    if (bits_from_text_column(items, text, options, context)) return;
    const WideTable wide = read_wide(items, text, options, context);
    bits_from_columns(items, wide);
    fill_ids_and_targets(items, wide);
  }
}

void read_given(Items& items, std::string bytes, const std::string& extension,
                const ItemsOptions& options, const Context& context) {
  if (extension == ".npy") {
    fill_square(items, parse_npy(std::move(bytes), items.source).matrix());
    set_ids(items, nullptr);
    return;
  }
  const auto cells = numbers_of_first_line(bytes);
  const bool has_header = cells.empty() || (cells.size() > 3 && counts_columns(cells));
  const std::string text =
      has_header ? std::move(bytes) : with_header(std::move(bytes), cells.size());
  CsvOptions csv{.delimiter = options.delimiter};
  const Table table = parse_csv(text, items.source, csv, context);
  std::vector<const Column*> numeric;
  for (const auto& column : table.columns) {
    if (column.type != ColumnType::text) numeric.push_back(&column);
  }
  const bool is_pairs = table.columns.size() == 3 && numeric.size() == 3 &&
                        (table.n_rows != 3 || lower(table.columns[2].name) == "value" ||
                         !is_symmetric(feature_matrix(numeric)));
  if (is_pairs) {
    fill_pairs(items, table);
    set_ids(items, nullptr);
    return;
  }
  WideTable wide = read_wide(items, text, options, context);
  if (wide.id.empty() && wide.features.size() == table.n_rows + 1) {
    wide.features.erase(wide.features.begin());  // row names that are numbers
  }
  fill_square(items, feature_matrix(wide.features));
  set_ids(items, wide.id.empty() ? nullptr : &wide.table.at(wide.id));
  for (const Column* column : wide.features) items.feature_names.push_back(column->name);
}

}  // namespace cupel::detail
