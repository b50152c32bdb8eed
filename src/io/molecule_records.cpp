#include "io/molecule_records.hpp"

#include <algorithm>
#include <deque>
#include <optional>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/byte_stream.hpp"
#include "io/csv_records.hpp"

namespace cupel::detail {
namespace {

/// A quote that is never closed would swallow the file.
constexpr std::size_t kMaxRowBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxEntryBytes = std::size_t{16} << 20;
constexpr std::size_t kGuessLines = 100;

// ---- SMILES lists

class SmilesList : public MoleculeSource {
 public:
  explicit SmilesList(const std::filesystem::path& path) : lines_(path) {}

  bool next(RawMolecule& raw) override {
    std::string_view line;
    while (lines_.next(line)) {
      line = trimmed(line);
      if (line.starts_with('#')) continue;
      const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
      const std::string_view smiles = line.substr(0, end);
      if (n_records_ == 0 && !seen_header_ && is_header(smiles)) {
        seen_header_ = true;
        continue;
      }
      raw.record.number = n_records_++;
      raw.record.line = lines_.number();
      raw.record.smiles = smiles;
      raw.record.id = trimmed(line.substr(end));
      if (smiles.empty()) raw.record.problem = "the line is empty";
      return true;
    }
    return false;
  }

 private:
  static bool is_header(std::string_view word) {
    static const std::vector<std::string> kWords{"smiles",          "smi",       "canonical_smiles",
                                                 "isomeric_smiles", "structure", "mol"};
    return contains(kWords, lower(word));
  }
  LineStream lines_;
  std::uint64_t n_records_ = 0;
  bool seen_header_ = false;
};

// ---- tables

class MoleculeTable : public MoleculeSource {
 public:
  MoleculeTable(const std::filesystem::path& path, const MoleculeFileOptions& options, bool tabs)
      : lines_(path) {
    peek();
    dialect_.delimiter = tabs ? '\t' : guess_delimiter(begin_of_file(), dialect_.quote);
    std::string header;
    std::uint64_t line = 0;
    while (header.empty() && !ahead_.empty()) take_row(header, line);
    if (trimmed(header).empty()) {
      fail_input("the table is empty", {.file = lines_.name()}, "its first row names the columns");
    }
    names_ = cells_of(header);
    smiles_ = smiles_column(options.smiles_column);
    if (!options.id_column.empty()) id_ = named(options.id_column, "id");
    if (options.id_column.empty()) id_ = usual_id();
    for (const auto& name : options.extra_columns) extra_.push_back(named(name, "extra"));
    require_unique(smiles_);
    if (id_) require_unique(*id_);
    for (const std::size_t at : extra_) require_unique(at);
  }

  bool next(RawMolecule& raw) override {
    std::string row;
    std::uint64_t line = 0;
    if (!take_row(row, line)) return false;
    if (trimmed(row).empty() && is_rest_empty()) return false;
    raw.record.number = n_records_++;
    raw.record.line = line;
    raw.record.id = std::to_string(raw.record.number);
    if (trimmed(row).empty()) {
      raw.record.problem = "the line is empty";
      return true;
    }
    const std::vector<std::string> cells = cells_of(row);
    const auto cell = [&](std::size_t at) { return at < cells.size() ? cells[at] : std::string(); };
    raw.record.smiles = trimmed(cell(smiles_));
    if (id_ && !cell(*id_).empty()) raw.record.id = cell(*id_);
    for (const std::size_t at : extra_) raw.record.extra.push_back(cell(at));
    if (cells.size() != names_.size()) {
      raw.record.problem = "the row has " + std::to_string(cells.size()) + " cells, the header " +
                           std::to_string(names_.size());
    } else if (raw.record.smiles.empty()) {
      raw.record.problem = "the cell is empty";
    }
    return true;
  }

 private:
  struct Line {
    std::string text;
    std::uint64_t number = 0;
  };

  void peek() {
    std::string_view text;
    while (ahead_.size() < kGuessLines && lines_.next(text)) {
      ahead_.push_back({std::string(text), lines_.number()});
    }
  }
  std::string begin_of_file() const {
    std::string text;
    for (const auto& line : ahead_) text += line.text + "\n";
    return text;
  }

  bool take_line(std::string& text, std::uint64_t& number) {
    if (ahead_.empty()) {
      std::string_view line;
      if (!lines_.next(line)) return false;
      text = line;
      number = lines_.number();
      return true;
    }
    text = std::move(ahead_.front().text);
    number = ahead_.front().number;
    ahead_.pop_front();
    return true;
  }

  /// Physical lines up to the end of the row: a quoted cell may hold line ends.
  bool take_row(std::string& row, std::uint64_t& line) {
    if (!take_line(row, line)) return false;
    while (std::ranges::count(row, dialect_.quote) % 2 != 0) {
      std::string more;
      std::uint64_t number = 0;
      if (row.size() > kMaxRowBytes || !take_line(more, number)) {
        fail_input("a quoted cell is not closed", {.file = lines_.name(), .row = line},
                   "close the quote, or double it (\"\") where it belongs to the text");
      }
      row += "\n" + more;
    }
    return true;
  }

  /// Keeps what it looks at.
  bool is_rest_empty() {
    std::deque<Line> seen;
    Line line;
    bool empty = true;
    while (empty && take_line(line.text, line.number)) {
      empty = trimmed(line.text).empty();
      seen.push_back(line);
    }
    seen.insert(seen.end(), std::make_move_iterator(ahead_.begin()),
                std::make_move_iterator(ahead_.end()));
    ahead_ = std::move(seen);
    return empty;
  }

  std::vector<std::string> cells_of(std::string_view row) const {
    std::vector<std::string> cells;
    std::string scratch;
    for (const auto cell : split_record(row, 0, dialect_).cells) {
      cells.emplace_back(unquoted(cell, dialect_.quote, scratch));
    }
    return cells;
  }

  std::size_t named(const std::string& name, const std::string& role) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return i;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (lower(trimmed(names_[i])) == lower(name)) return i;
    }
    const std::string near = nearest_word(name, names_);
    fail_input("there is no column \"" + name + "\"" + (role == "extra" ? "" : " for the " + role),
               {.file = lines_.name(), .row = 1},
               (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                   "there are: " + join(names_, ", "));
  }

  void require_unique(std::size_t at) const {
    if (std::ranges::count(names_, names_[at]) == 1) return;
    fail_input("several columns are named \"" + names_[at] + "\"",
               {.file = lines_.name(), .row = 1}, "rename those that are not meant");
  }

  std::optional<std::size_t> usual_id() const {
    static const std::vector<std::string> kNames{"id", "name", "compound_id", "chembl_id"};
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (contains(kNames, lower(trimmed(names_[i])))) return i;
    }
    return std::nullopt;
  }

  std::size_t smiles_column(const std::string& name) const {
    if (!name.empty()) return named(name, "SMILES");
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string word = lower(trimmed(names_[i]));
      if (word == "smiles") return i;
      if (word.find("smiles") != std::string::npos) fitting.push_back(i);
    }
    if (fitting.size() == 1) return fitting.front();
    fail_input(
        fitting.empty() ? "no column is named smiles" : "several columns could hold the SMILES",
        {.file = lines_.name(), .row = 1},
        "name the column that holds the SMILES; there are: " + join(names_, ", "));
  }

  LineStream lines_;
  std::deque<Line> ahead_;  ///< read to find the delimiter, or to see whether only blanks follow
  CsvDialect dialect_;
  std::vector<std::string> names_;
  std::size_t smiles_ = 0;
  std::optional<std::size_t> id_;
  std::vector<std::size_t> extra_;
  std::uint64_t n_records_ = 0;
};

// ---- SD files

class SdFile : public MoleculeSource {
 public:
  SdFile(const std::filesystem::path& path, const MoleculeFileOptions& options)
      : lines_(path), fields_(options.extra_columns) {
    if (!options.id_column.empty()) fields_.push_back(options.id_column);
    has_id_field_ = !options.id_column.empty();
  }

  bool next(RawMolecule& raw) override {
    values_.assign(fields_.size(), "");
    field_.reset();
    in_value_ = false;
    bool is_joined = false;
    bool has_text = false;
    bool in_block = true;
    std::size_t n_lines = 0;
    std::size_t n_bytes = 0;
    std::string_view line;
    bool ended = false;
    while (!ended && lines_.next(line)) {
      if (n_lines++ == 0) {
        raw.record.line = lines_.number();
        raw.record.id = trimmed(line);
      }
      ended = line.starts_with("$$$$");
      if (ended) break;
      has_text = has_text || !trimmed(line).empty();
      n_bytes += line.size() + 1;
      if (!in_block) {
        is_joined = is_joined || (!in_value_ && line.starts_with("M  END"));
        take_field(line);
      } else if (n_bytes <= kMaxEntryBytes) {
        raw.block.append(line).push_back('\n');
        in_block = !line.starts_with("M  END");
      }
    }
    if (!ended && !has_text) return false;
    finish(raw, has_text, n_bytes);
    if (is_joined && raw.record.problem.empty()) {
      raw.record.problem = "not a valid mol block: another follows before the line $$$$";
      raw.block.clear();
    }
    return true;
  }

 private:
  void finish(RawMolecule& raw, bool has_text, std::size_t n_bytes) {
    raw.record.number = n_records_++;
    if (has_id_field_) {
      raw.record.id = values_.back();
      values_.pop_back();
    }
    raw.record.extra = values_;
    if (raw.record.id.starts_with("$$$$")) raw.record.id.clear();
    if (!has_text) {
      raw.record.problem = "the entry is empty";
    } else if (n_bytes > kMaxEntryBytes) {
      raw.record.problem = "too large: the entry has more than 16 MiB";
    }
    if (!raw.record.problem.empty()) raw.block.clear();
  }

  /// `> 25 <NAME>`, then lines of the value up to an empty one.
  void take_field(std::string_view line) {
    in_value_ = line.starts_with('>') || (in_value_ && !line.empty());
    if (line.starts_with('>')) {
      const std::size_t begin = line.find('<');
      const std::size_t end = line.rfind('>');
      field_.reset();
      if (begin == std::string_view::npos || end <= begin) return;
      const std::string_view name = line.substr(begin + 1, end - begin - 1);
      const auto place = std::ranges::find(fields_, name);
      if (place == fields_.end()) return;
      field_ = static_cast<std::size_t>(place - fields_.begin());
    } else if (line.empty()) {
      field_.reset();
    } else if (field_ && values_[*field_].size() < kMaxRowBytes) {
      std::string& value = values_[*field_];
      if (!value.empty()) value += ' ';
      value += line;
    }
  }

  LineStream lines_;
  std::vector<std::string> fields_;
  bool has_id_field_ = false;
  std::vector<std::string> values_;  ///< per field, of the entry
  std::optional<std::size_t> field_;
  bool in_value_ = false;  ///< between a field's name and the empty line
  std::uint64_t n_records_ = 0;
};

std::string format_of(const std::filesystem::path& path, const MoleculeFileOptions& options) {
  static const std::vector<std::string> kFormats{"smi", "csv", "tsv", "sdf"};
  if (!options.format.empty()) {
    if (contains(kFormats, options.format)) return options.format;
    fail(ErrorKind::usage, "there is no format of molecules \"" + options.format + "\"", {},
         "there are: " + join(kFormats, ", "));
  }
  std::filesystem::path name = path;
  if (const auto end = lower(name.extension().string()); end == ".gz" || end == ".zst") {
    name.replace_extension();
  }
  const std::string end = lower(name.extension().string());
  if (end == ".smi" || end == ".smiles" || end == ".txt") return "smi";
  if (end == ".csv") return "csv";
  if (end == ".tsv" || end == ".tab") return "tsv";
  if (end == ".sdf" || end == ".sd" || end == ".mol") return "sdf";
  fail(ErrorKind::usage, "the name does not say which format the molecules have",
       {.file = path.string()}, "say it: " + join(kFormats, ", "));
}

}  // namespace

std::unique_ptr<MoleculeSource> open_molecules(const std::filesystem::path& path,
                                               const MoleculeFileOptions& options) {
  const std::string format = format_of(path, options);
  if (format == "sdf") return std::make_unique<SdFile>(path, options);
  if (format != "smi") return std::make_unique<MoleculeTable>(path, options, format == "tsv");
  if (!options.extra_columns.empty() || !options.smiles_column.empty() ||
      !options.id_column.empty()) {
    fail(ErrorKind::usage, "a list of SMILES has no columns to choose", {.file = path.string()},
         "its lines are: SMILES, a blank, the name; for more write a table");
  }
  return std::make_unique<SmilesList>(path);
}

}  // namespace cupel::detail
