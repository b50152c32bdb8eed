#include "similarity/items_read.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "similarity/items_columns.hpp"

namespace cupel {
namespace {

using detail::leave_out;

constexpr std::string_view kBadSmiles = "RDKit cannot read the SMILES; the rows are left out";
constexpr std::string_view kEmpty = "the cell that should hold the item is empty; left out";
constexpr std::string_view kBadSequence =
    "a sequence has other characters than letters, - and . (and * at its end); left out";

bool is_sequence(std::string_view text) {
  if (text.ends_with('*')) text.remove_suffix(1);  // a stop codon
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
  });
}

/// A text per row, before it is known whether it is an item.
struct RawTexts {
  std::vector<std::string> text;
  std::vector<std::string> id;  ///< empty = from a column, or row numbers
};

/// Keeps the rows whose text is an item of the form.
void keep_good_rows(Items& items, ItemForm form, RawTexts raw, const Context& context) {
  const std::size_t n = raw.text.size();
  std::vector<std::string> problem(n);
  if (form == ItemForm::smiles) {
    constexpr std::size_t kChunk = 256;
    parallel_for(context, (n + kChunk - 1) / kChunk, [&](std::size_t chunk) {
      for (std::size_t i = chunk * kChunk; i < std::min(n, (chunk + 1) * kChunk); ++i) {
        if (!raw.text[i].empty()) problem[i] = smiles_problem(raw.text[i]);
      }
    });
  }
  items.n_source_rows = n;
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < n; ++row) {
    std::string& text = raw.text[row];
    if (text.empty() && form == ItemForm::mutations) {
      items.diagnostics.add("no_mutations", Severity::note,
                            "an empty cell is the wild type: the set without mutations",
                            "row " + std::to_string(row));
    }
    if (text.empty() && form != ItemForm::mutations) {
      leave_out(items, "empty", kEmpty, row, raw.id.empty() ? "" : raw.id[row]);
    } else if (!problem[row].empty()) {
      leave_out(items, "bad_smiles", kBadSmiles, row, text + " (" + problem[row] + ")");
    } else if (form == ItemForm::sequence && !is_sequence(text)) {
      leave_out(items, "bad_sequence", kBadSequence, row, text);
    } else {
      items.source_row.push_back(row);
      items.texts.push_back(std::move(text));
      if (!raw.id.empty()) ids.push_back(std::move(raw.id[row]));
    }
  }
  if (ids.empty()) {
    detail::set_ids(items, nullptr);
  } else {
    items.ids = std::move(ids);
  }
}

/// `SMILES name` lines; a first line that names the column is skipped.
RawTexts smi_lines(std::string_view bytes) {
  RawTexts raw;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = trimmed(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view smiles = line.substr(0, blank);
    const bool is_header = raw.text.empty() && lower(smiles) == "smiles";
    if (is_header || (line.empty() && bytes.empty())) continue;
    const std::string_view name = trimmed(line.substr(blank));
    raw.id.emplace_back(name.empty() ? std::to_string(raw.text.size()) : std::string(name));
    raw.text.emplace_back(smiles);
  }
  return raw;
}

/// Records of a FASTA file: the id is the header up to the first blank.
RawTexts fasta_records(std::string_view bytes) {
  RawTexts raw;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = trimmed(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.starts_with('>')) {
      const std::string_view name =
          line.substr(1, std::min(line.find_first_of(" \t"), line.size()) - 1);
      raw.id.emplace_back(name.empty() ? std::to_string(raw.text.size()) : std::string(name));
      raw.text.emplace_back();
    } else if (!raw.text.empty() && !line.starts_with(';')) {
      for (const char c : line) {
        if (c != ' ' && c != '\t') raw.text.back() += c;
      }
    }
  }
  return raw;
}

void read_text_table(Items& items, ItemForm form, std::string_view bytes,
                     const ItemsOptions& options, const Context& context) {
  CsvOptions csv{.delimiter = options.delimiter, .missing_values = {""}};
  const Table names = parse_csv(bytes, items.source, csv, context);
  const std::string text = detail::find_text_column(names, form, options);
  std::string id = detail::find_id_column(names, options);
  if (id == text && options.id_column.empty()) id.clear();
  const std::string target = detail::find_target_column(names, options, items);
  for (const auto& name : {text, id, target}) {
    if (name.empty()) continue;
    if (!contains(csv.columns, name)) csv.columns.push_back(name);
    csv.types[name] = ColumnType::text;
  }
  const Table table = parse_csv(bytes, items.source, csv, context);
  const Column& cells = table.at(text);
  RawTexts raw;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    raw.text.emplace_back(trimmed(cells.text(row)));
  }
  keep_good_rows(items, form, std::move(raw), context);
  detail::set_ids(items, id.empty() ? nullptr : &table.at(id));
  detail::set_targets(items, target.empty() ? nullptr : &table.at(target));
}

void read_texts(Items& items, ItemForm form, std::string_view bytes, const std::string& extension,
                const ItemsOptions& options, const Context& context) {
  const bool is_smi = extension == ".smi" || extension == ".smiles" || extension == ".ism";
  if (form == ItemForm::sequence && trimmed(bytes.substr(0, 4096)).starts_with('>')) {
    keep_good_rows(items, form, fasta_records(bytes), context);
  } else if (form == ItemForm::smiles && is_smi) {
    keep_good_rows(items, form, smi_lines(bytes), context);
  } else {
    read_text_table(items, form, bytes, options, context);
  }
}

template <typename T>
void pick(std::vector<T>& values, std::span<const std::uint32_t> wanted) {
  if (values.empty()) return;
  std::vector<T> out;
  out.reserve(wanted.size());
  for (const std::uint32_t i : wanted) out.push_back(values[i]);
  values = std::move(out);
}

Matrix<double> picked_rows(const Matrix<double>& all, std::span<const std::uint32_t> wanted) {
  Matrix<double> out(wanted.size(), all.cols);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::copy_n(all.row(wanted[i]).begin(), all.cols, out.row(i).begin());
  }
  return out;
}

}  // namespace

std::string Items::target_text(std::size_t item) const {
  if (targets.empty() || std::isnan(targets[item])) return "";
  if (target_levels.empty()) return format_double(targets[item]);
  return target_levels[static_cast<std::size_t>(targets[item])];
}

Items read_items(const std::filesystem::path& path, ItemForm form, const ItemsOptions& options,
                 const Context& context) {
  Items items;
  items.source = path == "-" ? "standard input" : path.string();
  std::string bytes = read_bytes(path);
  detail::note_input(items, bytes);
  const std::string extension = detail::plain_extension(path);
  switch (form) {
    case ItemForm::vector:
      detail::read_vectors(items, std::move(bytes), extension, options, context);
      break;
    case ItemForm::bits:
      detail::read_bits(items, std::move(bytes), extension, options, context);
      break;
    case ItemForm::matrix:
      detail::read_given(items, std::move(bytes), extension, options, context);
      break;
    default:
      read_texts(items, form, bytes, extension, options, context);
  }
  detail::require_items(items);
  if (items.size() > 0xFFFFFFF0U) {
    fail_input("the file has more items than can be numbered (4,294,967,280)",
               {.file = items.source}, "cut it into several files");
  }
  return items;
}

Items select_items(const Items& items, std::span<const std::uint32_t> wanted) {
  Items out;
  out.source = items.source;
  out.inputs = items.inputs;
  out.target_levels = items.target_levels;
  out.target_name = items.target_name;
  out.feature_names = items.feature_names;
  out.n_source_rows = items.n_source_rows;
  out.ids = items.ids;
  out.texts = items.texts;
  out.targets = items.targets;
  pick(out.ids, wanted);
  pick(out.texts, wanted);
  pick(out.targets, wanted);
  for (const std::uint32_t i : wanted) out.source_row.push_back(items.row_of(i));
  if (items.vectors.rows > 0) out.vectors = picked_rows(items.vectors, wanted);
  if (items.bits.rows > 0) {
    out.bits = PackedBits(wanted.size(), items.bits.n_bits);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::copy_n(items.bits.row(wanted[i]).begin(), items.bits.n_words, out.bits.row(i).begin());
    }
  }
  return out;
}

}  // namespace cupel
