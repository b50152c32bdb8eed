#include "io/h5ad_table.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "cupel/error.hpp"
#include "io/h5_array.hpp"

namespace cupel::h5 {
namespace {

Column text_column(const std::vector<std::string>& texts) {
  Column column;
  column.text_ends.reserve(texts.size());
  for (const auto& text : texts) column.push_text(text);
  return column;
}

// Reads the columns of one dataframe.
class FrameReader {
 public:
  FrameReader(const File& file, std::string path, const Context& context, Diagnostics& diagnostics)
      : file_(file), path_(std::move(path)), context_(context), diagnostics_(diagnostics) {}

  Frame read() {
    if (file_.is_dataset(path_)) return read_compound();
    if (!file_.is_group(path_)) {
      fail_input("there is no \"" + path_ + "\": this is no .h5ad file", {.file = file_.source()},
                 "an .h5ad file has X, obs and var; GCTX and other HDF5 files have their own "
                 "extensions");
    }
    return read_group();
  }

 private:
  struct Values {
    Column column;
    std::vector<std::string> levels;  // of categories, in their order
    bool is_categorical = false;
  };

  // --- a group with a dataset or a group per column ---
  Frame read_group() {
    Frame frame;
    frame.is_old = file_.text_attribute(path_, "encoding-version").value_or("") != "0.2.0";
    std::string index = file_.text_attribute(path_, "_index").value_or("_index");
    const auto children = file_.children(path_);
    if (!std::ranges::binary_search(children, index)) {
      index = std::ranges::binary_search(children, "index") ? "index" : index;
    }
    if (!std::ranges::binary_search(children, index)) {
      file_.fail_at(path_, "the column \"" + index + "\" with the names of the rows is missing");
    }
    const auto names = read_column(path_ + "/" + index);
    if (!names) file_.fail_at(path_ + "/" + index, "the names of the rows are no texts");
    take_names(names->column, frame);
    const auto order = file_.texts_attribute(path_, "column-order");
    std::vector<std::string> columns = order ? *order : children;
    if (!order) std::erase_if(columns, [&](const auto& name) { return name == "__categories"; });
    for (const auto& name : columns) {
      if (name == index) continue;
      if (!std::ranges::binary_search(children, name)) {
        leave_out(name, "is named in column-order and missing");
        continue;
      }
      if (auto values = read_column(path_ + "/" + name)) add(frame, name, std::move(*values));
    }
    return frame;
  }

  void take_names(const Column& column, Frame& frame) {
    frame.names.reserve(column.size());
    for (std::size_t i = 0; i < column.size(); ++i) frame.names.push_back(column.as_text(i));
    frame.table.source = file_.source();
    frame.table.n_rows = frame.names.size();
  }

  void add(Frame& frame, const std::string& name, Values values) {
    if (values.column.size() != frame.table.n_rows) {
      file_.fail_at(path_ + "/" + name, "has " + std::to_string(values.column.size()) +
                                            " values, there are " +
                                            std::to_string(frame.table.n_rows) + " rows");
    }
    values.column.name = name;
    if (values.is_categorical) frame.levels[name] = std::move(values.levels);
    frame.table.columns.push_back(std::move(values.column));
  }

  void leave_out(const std::string& name, const std::string& why) {
    diagnostics_.add("column_left_out", Severity::note,
                     "columns of kinds that a table cannot hold are left out",
                     path_ + "/" + name + " " + why);
  }

  std::string short_name(const std::string& path) const { return path.substr(path_.size() + 1); }

  std::optional<Values> read_column(const std::string& path) {
    if (file_.is_group(path)) {
      const std::string encoding = file_.text_attribute(path, "encoding-type").value_or("");
      if (encoding == "categorical") return categorical(path + "/codes", path + "/categories");
      if (encoding.starts_with("nullable-")) return nullable(path);
      leave_out(short_name(path), encoding.empty() ? "is a group" : "is encoded as " + encoding);
      return std::nullopt;
    }
    if (auto categories = file_.referred(path, "categories")) {
      return categorical(path, *categories);
    }
    return plain(path);
  }

  std::optional<Values> plain(const std::string& path) {
    const DatasetInfo info = file_.dataset(path);
    if (info.dims.size() > 1) {
      leave_out(short_name(path), "has " + std::to_string(info.dims.size()) + " dimensions");
      return std::nullopt;
    }
    Values values;
    if (info.type.kind == Kind::text) {
      values.column = text_column(file_.texts(info));
      return values;
    }
    if (info.dims.empty()) {
      leave_out(short_name(path), "is a single value");
      return std::nullopt;
    }
    if (info.type.kind == Kind::compound || info.type.kind == Kind::other) {
      leave_out(short_name(path), "is " + info.type.name);
      return std::nullopt;
    }
    const Array array = open(path);
    if (info.type.kind == Kind::floating) {
      values.column.type = ColumnType::number;
      values.column.numbers = array.numbers(context_);
    } else if (info.type.kind == Kind::boolean) {
      for (const auto flag : array.integers(context_)) {
        values.column.push_text(flag != 0 ? "True" : "False");
      }
    } else {
      values.column.type = ColumnType::integer;
      values.column.integers = array.integers(context_);
    }
    return values;
  }

  // File outlives the reader; Array wants a shared owner only for itself.
  [[nodiscard]] Array open(const std::string& path) const {
    return {std::shared_ptr<const File>(std::shared_ptr<const File>{}, &file_), path};
  }

  std::optional<Values> nullable(const std::string& path) {
    auto values = plain(path + "/values");
    if (!values) return std::nullopt;
    const auto mask = open(path + "/mask").integers(context_);
    if (mask.size() != values->column.size()) {
      file_.fail_at(path, "has " + std::to_string(values->column.size()) +
                              " values and a mask of " + std::to_string(mask.size()));
    }
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (mask[i] != 0) mark_missing(values->column, i);
    }
    return values;
  }

  static void mark_missing(Column& column, std::size_t row) {
    if (column.missing.empty()) column.missing.assign(column.size(), 0);
    column.missing[row] = 1;
    if (column.type == ColumnType::number) {
      column.numbers[row] = std::numeric_limits<double>::quiet_NaN();
    }
    if (column.type == ColumnType::integer) column.integers[row] = 0;
  }

  std::optional<Values> categorical(const std::string& codes_path,
                                    const std::string& categories_path) {
    const auto categories = plain(categories_path);
    if (!categories) return std::nullopt;
    const auto codes = open(codes_path).integers(context_);
    return coded(codes_path, codes, categories->column);
  }

  Values coded(const std::string& path, const std::vector<std::int64_t>& codes,
               const Column& categories) {
    Values values;
    values.is_categorical = true;
    const std::size_t n_levels = categories.size();
    for (std::size_t i = 0; i < n_levels; ++i) values.levels.push_back(categories.as_text(i));
    Column& column = values.column;
    column.type = categories.type;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::int64_t code = codes[i];
      if (code < -1 || (code >= 0 && static_cast<std::uint64_t>(code) >= n_levels)) {
        file_.fail_at(path, "row " + std::to_string(i) + " has the code " + std::to_string(code) +
                                ", there are " + std::to_string(n_levels) + " categories");
      }
      if (code < 0 && column.missing.empty()) column.missing.assign(codes.size(), 0);
      if (code < 0) column.missing[i] = 1;
      const auto level = static_cast<std::size_t>(std::max<std::int64_t>(code, 0));
      if (column.type == ColumnType::text) {
        column.push_text(code < 0 ? std::string_view{} : categories.text(level));
      } else if (column.type == ColumnType::integer) {
        column.integers.push_back(code < 0 ? 0 : categories.integers[level]);
      } else {
        column.numbers.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN()
                                          : categories.numbers[level]);
      }
    }
    return values;
  }

  // --- a compound dataset (anndata 0.6 and before); its first field are the names ---
  Frame read_compound() {
    const DatasetInfo info = file_.dataset(path_);
    if (info.type.kind != Kind::compound || info.fields.empty() || info.dims.size() != 1) {
      file_.fail_at(path_, "is no table of annotations");
    }
    Frame frame;
    frame.is_old = true;
    bool has_names = false;
    for (const auto& field : info.fields) {
      auto values = read_field(info, field);
      if (!has_names) {
        if (!values) file_.fail_at(path_, "the names of the rows are no texts");
        take_names(values->column, frame);
        has_names = true;
      } else if (values) {
        add(frame, field.name, std::move(*values));
      }
    }
    return frame;
  }

  std::optional<Values> read_field(const DatasetInfo& info, const Field& field) {
    Values values;
    if (!field.dims.empty()) {
      leave_out(field.name, "has several values per row");
      return std::nullopt;
    }
    if (field.type.kind == Kind::text) {
      values.column = text_column(file_.texts(info, &field));
      return values;
    }
    const bool is_number = field.type.kind == Kind::integer || field.type.kind == Kind::floating ||
                           field.type.kind == Kind::boolean;
    if (!is_number) {
      leave_out(field.name, "is " + field.type.name);
      return std::nullopt;
    }
    values.column.type = ColumnType::number;
    values.column.numbers = file_.field_numbers(info, field);
    if (field.type.kind == Kind::floating) return values;
    const std::vector<double> numbers = std::move(values.column.numbers);
    const std::vector<std::int64_t> integers(numbers.begin(), numbers.end());
    const std::string categories = "uns/" + field.name + "_categories";
    if (field.type.kind == Kind::integer && file_.is_dataset(categories)) {
      if (const auto levels = plain(categories)) {
        return coded(path_ + "/" + field.name, integers, levels->column);
      }
    }
    values.column = {};
    if (field.type.kind == Kind::boolean) {
      for (const auto flag : integers) values.column.push_text(flag != 0 ? "True" : "False");
    } else {
      values.column.type = ColumnType::integer;
      values.column.integers = integers;
    }
    return values;
  }

  const File& file_;
  std::string path_;
  const Context& context_;
  Diagnostics& diagnostics_;
};

}  // namespace

Frame read_frame(const File& file, const std::string& path, const Context& context,
                 Diagnostics& diagnostics) {
  return FrameReader(file, path, context, diagnostics).read();
}

}  // namespace cupel::h5
