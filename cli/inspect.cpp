// cupel inspect: what a file of cells holds, and what its values look like.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"
#include "item_inputs.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

constexpr std::size_t kLevelsShown = 4;
constexpr std::size_t kLevelsInJson = 50;

struct Flags {
  std::string input;
  std::string matrix;  ///< empty = X, or the first there is
  std::string rows = "20000";
};

struct Level {
  std::string name;
  std::size_t count = 0;
};

/// A column of annotations in short.
struct ColumnFacts {
  std::string name;
  std::string type;
  std::size_t n_missing = 0;
  std::vector<Level> levels;  ///< of texts, the most frequent first
  double min = std::nan("");  ///< of numbers
  double max = std::nan("");
};

struct Findings {
  std::vector<ColumnFacts> obs;
  std::vector<ColumnFacts> var;
  bool is_measured = false;
  MatrixFacts facts;
  ScaleGuess guess;
  std::vector<std::string> warnings;
};

std::size_t rows_of(const std::string& text) {
  if (text == "all") return std::numeric_limits<std::size_t>::max();
  std::size_t n = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, n);
  if (read.ec != std::errc{} || read.ptr != end || n == 0) {
    fail(ErrorKind::usage, "--rows \"" + text + "\" is no number of cells", {}, "10000, or all");
  }
  return n;
}

ColumnFacts facts_of(const Column& column, Categories categories) {
  ColumnFacts facts{.name = column.name, .type = std::string(to_string(column.type))};
  const std::size_t n = column.size();
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_missing = column.is_missing(i) ||
                            (column.type == ColumnType::number && std::isnan(column.numbers[i]));
    if (is_missing) {
      ++facts.n_missing;
    } else if (column.type != ColumnType::text) {
      facts.min = std::fmin(facts.min, column.as_number(i));
      facts.max = std::fmax(facts.max, column.as_number(i));
    }
  }
  if (column.type != ColumnType::text) return facts;
  for (auto& level : categories.levels) facts.levels.push_back({std::move(level), 0});
  for (const auto code : categories.code) {
    if (code != Categories::kMissing) ++facts.levels[code].count;
  }
  std::ranges::stable_sort(facts.levels, std::greater{}, &Level::count);
  return facts;
}

void warn_of_values(const MatrixFacts& facts, bool is_whole, const std::string& path,
                    std::vector<std::string>& warnings) {
  const auto warn = [&](std::uint64_t n, const std::string& what) {
    if (n > 0) warnings.push_back(fmt::format("{} has {} {}", path, n, what));
  };
  warn(facts.n_nan, "values that are not a number (NaN)");
  warn(facts.n_infinite, "infinite values");
  warn(facts.n_negative, "negative values: neither counts nor log1p of counts");
  warn(facts.n_empty_rows, "cells whose values sum to zero");
  if (is_whole) warn(facts.n_empty_columns, "genes that are zero in every cell");
}

std::vector<std::string> warnings_of(const CellFile& file) {
  std::vector<std::string> warnings;
  for (const auto& one : file.diagnostics().all()) {
    std::vector<std::string> examples = one.examples;
    if (examples.size() > 3) examples.resize(3);
    warnings.push_back(fmt::format("{}{}{}{}", one.message,
                                   one.count > 1 ? fmt::format(" ({})", one.count) : "",
                                   examples.empty() ? "" : ": ", join(examples, ", ")));
  }
  const bool has_raw =
      std::ranges::find(file.matrices(), "raw/X", &MatrixInfo::path) != file.matrices().end();
  if (has_raw) {
    warnings.emplace_back(
        "raw is present: it often holds the counts, with genes of its own (--matrix raw)");
  }
  return warnings;
}

Findings look_at(const CellFile& file, const Flags& flags, const Session& session) {
  Findings found;
  for (const auto& column : file.obs().columns) {
    found.obs.push_back(facts_of(
        column, column.type == ColumnType::text ? file.obs_categories(column.name) : Categories{}));
  }
  for (const auto& column : file.var().columns) {
    found.var.push_back(
        facts_of(column, column.type == ColumnType::text ? categories_of(column) : Categories{}));
  }
  found.warnings = warnings_of(file);
  if (file.matrices().empty()) {
    found.warnings.emplace_back("the file has no matrix");
    return found;
  }
  const CellMatrix& matrix = file.matrix(flags.matrix);
  found.is_measured = true;
  found.facts = measure(matrix, rows_of(flags.rows), session.context);
  found.guess = looks_like(found.facts);
  const std::string where =
      found.facts.n_rows == file.n_cells()
          ? matrix.info().path
          : fmt::format("{} (first {} cells)", matrix.info().path, found.facts.n_rows);
  warn_of_values(found.facts, found.facts.n_rows == file.n_cells(), where, found.warnings);
  return found;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const double value = static_cast<double>(bytes);
  if (value < 1e6) return fmt::format("{:.1f} KB", value / 1e3);
  if (value < 1e9) return fmt::format("{:.1f} MB", value / 1e6);
  return fmt::format("{:.1f} GB", value / 1e9);
}

double density(const MatrixInfo& info) {
  const double n = static_cast<double>(info.rows) * static_cast<double>(info.cols);
  return n > 0.0 ? static_cast<double>(info.n_stored) / n : std::nan("");
}

std::string text_of(const MatrixInfo& info) {
  std::string line = fmt::format("{:<14} {} x {}, {} {}", info.path, info.rows, info.cols,
                                 to_string(info.layout), info.type);
  if (info.layout != MatrixLayout::dense) {
    line += fmt::format(", {} stored ({:.3g} %)", info.n_stored, 100.0 * density(info));
  }
  return line + fmt::format(", {}, {}", info.compression, bytes_text(info.bytes_on_disk));
}

std::string text_of(const ColumnFacts& column) {
  std::string line = fmt::format("{:<20} {}", column.name, column.type);
  if (!column.levels.empty()) {
    line += fmt::format(", {} levels:", column.levels.size());
    const std::size_t n = std::min(kLevelsShown, column.levels.size());
    for (std::size_t i = 0; i < n; ++i) {
      line += fmt::format("{} {} ({})", i == 0 ? "" : ",", column.levels[i].name,
                          column.levels[i].count);
    }
    if (column.levels.size() > n) line += ", ..";
  }
  if (!std::isnan(column.min)) {
    line += fmt::format(", {:.6g} to {:.6g}", column.min, column.max);
  }
  if (column.n_missing > 0) line += fmt::format(", {} missing", column.n_missing);
  return line;
}

/// A heading for the first line, blanks for those that follow.
void add_lines(std::string& text, const std::string& heading,
               const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += fmt::format("{:<11}{}\n", i == 0 ? heading : "", lines[i]);
  }
}

std::string text_of(const CellFile& file, const Findings& found, const Flags& flags) {
  std::string text = fmt::format("{:<11}{} ({})\n", "file", file.source(), file.format());
  text += fmt::format("{:<11}{} cells x {} genes\n", "shape", file.n_cells(), file.n_genes());
  std::vector<std::string> lines;
  for (const auto& info : file.matrices()) lines.push_back(text_of(info));
  add_lines(text, "matrices", lines);
  for (const auto* part : {&found.obs, &found.var}) {
    lines.clear();
    for (const auto& column : *part) lines.push_back(text_of(column));
    add_lines(text, part == &found.obs ? "obs" : "var", lines);
  }
  if (found.is_measured) {
    const MatrixFacts& facts = found.facts;
    add_lines(text, "values",
              {fmt::format("of {}, {} {} cells", file.matrix(flags.matrix).info().path,
                           facts.n_rows == file.n_cells() ? "all" : "the first", facts.n_rows),
               fmt::format("{:.6g} to {:.6g}, {} not zero, {} fractional", facts.min, facts.max,
                           facts.n_nonzero, facts.n_fractional),
               fmt::format("sums of cells {:.6g} to {:.6g}, median {:.6g}", facts.smallest_row_sum,
                           facts.largest_row_sum, facts.median_row_sum)});
    const std::string scale = found.guess.scale == Scale::unknown
                                  ? "looks like neither counts nor log1p"
                                  : fmt::format("looks like {}", to_string(found.guess.scale));
    add_lines(text, "", {scale + ": " + found.guess.because});
  }
  add_lines(text, "warnings", found.warnings);
  return text;
}

JsonOut json_of(const MatrixInfo& info) {
  JsonOut json = JsonOut::part();
  json.text("path", info.path).text("layout", to_string(info.layout)).text("type", info.type);
  json.number("rows", static_cast<double>(info.rows));
  json.number("cols", static_cast<double>(info.cols));
  json.number("n_stored", static_cast<double>(info.n_stored)).number("density", density(info));
  json.text("compression", info.compression);
  json.number("bytes_on_disk", static_cast<double>(info.bytes_on_disk));
  return json;
}

JsonOut json_of(const ColumnFacts& column) {
  JsonOut json = JsonOut::part();
  json.text("name", column.name).text("type", column.type);
  json.number("n_missing", static_cast<double>(column.n_missing));
  if (column.type == "text") {
    json.number("n_levels", static_cast<double>(column.levels.size()));
    std::vector<JsonOut> levels;
    for (std::size_t i = 0; i < std::min(kLevelsInJson, column.levels.size()); ++i) {
      levels.push_back(JsonOut::part());
      levels.back().text("level", column.levels[i].name);
      levels.back().number("count", static_cast<double>(column.levels[i].count));
    }
    json.objects("levels", levels);
  } else {
    json.number("min", column.min).number("max", column.max);
  }
  return json;
}

JsonOut json_of(const MatrixFacts& facts) {
  JsonOut json = JsonOut::part();
  json.number("n_rows", static_cast<double>(facts.n_rows));
  json.number("n_nonzero", static_cast<double>(facts.n_nonzero));
  json.number("n_nan", static_cast<double>(facts.n_nan));
  json.number("n_infinite", static_cast<double>(facts.n_infinite));
  json.number("n_negative", static_cast<double>(facts.n_negative));
  json.number("n_fractional", static_cast<double>(facts.n_fractional));
  json.number("min", facts.min).number("max", facts.max);
  json.number("smallest_row_sum", facts.smallest_row_sum);
  json.number("median_row_sum", facts.median_row_sum);
  json.number("largest_row_sum", facts.largest_row_sum);
  json.number("smallest_expm1_sum", facts.smallest_expm1_sum);
  json.number("median_expm1_sum", facts.median_expm1_sum);
  json.number("largest_expm1_sum", facts.largest_expm1_sum);
  json.number("n_empty_rows", static_cast<double>(facts.n_empty_rows));
  json.number("n_empty_columns", static_cast<double>(facts.n_empty_columns));
  return json;
}

template <typename T>
std::vector<JsonOut> json_of_all(const std::vector<T>& values) {
  std::vector<JsonOut> json;
  for (const auto& value : values) json.push_back(json_of(value));
  return json;
}

std::string json_of(const CellFile& file, const Findings& found, const Flags& flags) {
  JsonOut json;
  json.text("file", file.source()).text("format", file.format());
  json.number("n_cells", static_cast<double>(file.n_cells()));
  json.number("n_genes", static_cast<double>(file.n_genes()));
  json.objects("matrices", json_of_all(file.matrices()));
  json.objects("obs", json_of_all(found.obs)).objects("var", json_of_all(found.var));
  if (found.is_measured) {
    json.text("matrix", file.matrix(flags.matrix).info().path);
    json.object("facts", json_of(found.facts));
    json.text("looks_like", to_string(found.guess.scale)).text("because", found.guess.because);
  }
  json.texts("warnings", found.warnings);
  return json.dump();
}

int run(Flags& flags, Session& session) {
  const auto file = open_cells(found_file(flags.input, session), session.context);
  if (flags.matrix.empty()) {
    const auto& all = file->matrices();
    const bool has_x = std::ranges::find(all, "X", &MatrixInfo::path) != all.end();
    flags.matrix = has_x || all.empty() ? "X" : all.front().path;
  }
  const Findings found = look_at(*file, flags, session);
  session.print(session.json ? json_of(*file, found, flags) : text_of(*file, found, flags));
  return 0;
}

}  // namespace

Run define_inspect(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel inspect screen.h5ad");
  arguments.example("cupel inspect screen.h5ad --matrix layers/counts --rows all");
  arguments.example("cupel inspect plate.gctx --json");
  arguments.description(
      "Shows the matrices, the annotations with their most frequent levels, and what the values "
      "look\nlike. What they are stays yours to say: whole numbers may be counts, or something "
      "rounded.");
  arguments.positional("FILE", flags->input,
                       "Cells x genes: .h5ad, .gct, .gctx, .npz, a folder or file of MatrixMarket");
  arguments.option("--matrix", flags->matrix,
                   "Whose values are looked at: X, counts (layers/counts), raw, obsm/X_pca",
                   {.placeholder = "PATH"});
  arguments.option("--rows", flags->rows, "Cells whose values are looked at: a number, or all",
                   {.placeholder = "N"});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
