#include "overlap_inputs.hpp"

#include <charconv>
#include <filesystem>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/split.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "split/files.hpp"
#include "split/roles.hpp"

namespace cupel::cli {
namespace {

void check(const SideFlags& flags) {
  const bool two_files = !flags.train.empty() || !flags.test.empty();
  const bool one_file = !flags.data.empty();
  if (two_files == one_file || flags.train.empty() != flags.test.empty()) {
    fail(ErrorKind::usage, "which items are training, which are test?", {},
         "give --train A --test B, or --data FILE with --split split.csv or --split-column NAME");
  }
  if (one_file && flags.split.empty() == flags.split_column.empty()) {
    fail(ErrorKind::usage, "which rows of --data are training, which are test?", {},
         "give either --split FILE (or a folder with train.csv and test.csv) or --split-column "
         "NAME");
  }
  if (two_files && !(flags.split.empty() && flags.split_column.empty())) {
    fail(ErrorKind::usage,
         "--split and --split-column go with --data, not with --train and --test");
  }
}

/// One row number per line, 0-based; a first line that is no number is a header.
std::vector<std::uint64_t> row_numbers(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path);
  std::vector<std::uint64_t> rows;
  std::string_view rest = bytes;
  for (std::size_t line_number = 1; !rest.empty(); ++line_number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::uint64_t row = 0;
    const auto [last, problem] = std::from_chars(line.data(), line.data() + line.size(), row);
    if (problem == std::errc{} && last == line.data() + line.size()) {
      rows.push_back(row);
    } else if (!line.empty() && line_number > 1) {
      fail_input("a row number was expected",
                 {.file = path.string(), .row = line_number, .value = std::string(line)},
                 "the files of a split folder have one 0-based row number per line");
    }
  }
  return rows;
}

std::vector<Role> roles_of_folder(const std::filesystem::path& folder, std::uint64_t n_rows) {
  std::vector<Role> roles(n_rows, Role::left_out);
  for (const auto& [name, role] :
       {std::pair("train.csv", Role::train), std::pair("test.csv", Role::test)}) {
    for (const std::uint64_t row : row_numbers(folder / name)) {
      if (row >= n_rows) {
        fail_input("row " + std::to_string(row) + " is beyond the " + std::to_string(n_rows) +
                       " rows of the data",
                   {.file = (folder / name).string()}, "the split belongs to other data");
      }
      if (roles[row] != Role::left_out) {
        fail_input("row " + std::to_string(row) + " is given twice",
                   {.file = (folder / name).string()}, "each row belongs to one side");
      }
      roles[row] = role;
    }
  }
  return roles;
}

std::vector<Role> roles_of_fold(const std::vector<std::int64_t>& folds, const SideFlags& flags) {
  if (!flags.fold) {
    fail(ErrorKind::usage, "the split has folds: which one?", {.file = flags.split},
         "add --fold K");
  }
  std::vector<Role> roles;
  for (const auto fold : folds) {
    roles.push_back(fold == kNoFold                                  ? Role::left_out
                    : fold == static_cast<std::int64_t>(*flags.fold) ? Role::test
                                                                     : Role::train);
  }
  return roles;
}

std::vector<Role> roles_of_rows(const SideFlags& flags, const ItemFlags& item_flags,
                                std::uint64_t n_rows, const Session& session) {
  const Context& context = session.context;
  if (!flags.split_column.empty()) {
    const Table table = read_csv(
        found_file(flags.data, session),
        {.delimiter = items_options(item_flags).delimiter, .columns = {flags.split_column}},
        context);
    const Column& column = table.at(flags.split_column);
    if (column.type != ColumnType::text) return roles_of_fold(read_folds(table, column), flags);
    return read_roles(table, column);
  }
  if (std::filesystem::is_directory(flags.split)) return roles_of_folder(flags.split, n_rows);
  Dataset data;
  data.n_source_rows = n_rows;
  SplitFile file = read_split_file(flags.split, data, context);
  return file.role.empty() ? roles_of_fold(file.fold, flags) : std::move(file.role);
}

struct Numbers {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

Numbers divide(const Items& items, const std::vector<Role>& roles, Sides& sides) {
  Numbers numbers;
  std::size_t n_used = 0;
  for (const Role role : roles) {
    n_used += role == Role::left_out ? 0 : 1;
    sides.n_validation += role == Role::validation ? 1 : 0;
  }
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    const Role role = roles[static_cast<std::size_t>(items.row_of(i))];
    if (role == Role::test) numbers.test.push_back(i);
    if (role == Role::train || role == Role::validation) numbers.train.push_back(i);
  }
  sides.n_unused = roles.size() - n_used;
  sides.n_lost = n_used - numbers.train.size() - numbers.test.size();
  return numbers;
}

/// Items of a given matrix have no content: only their numbers.
Items named_items(const Items& items, const std::vector<std::uint32_t>& wanted) {
  Items out;
  out.source = items.source;
  out.inputs = items.inputs;
  for (const std::uint32_t i : wanted) {
    out.ids.push_back(items.ids[i]);
    out.source_row.push_back(items.row_of(i));
  }
  return out;
}

/// What was read, without the items themselves.
Items account_of(const Items& items) {
  Items account;
  account.source = items.source;
  account.ids = items.ids;
  account.inputs = items.inputs;
  account.left_out = items.left_out;
  account.diagnostics = items.diagnostics;
  return account;
}

/// Similarities of parts of a given matrix.
void cut_matrix(Sides& sides, const Items& all, const Numbers& numbers, const SimilarityKind& kind,
                const KindOptions& options, const Context& context) {
  sides.whole = kind.make(all, nullptr, options, context);
  sides.train = named_items(all, numbers.train);
  sides.test = named_items(all, numbers.test);
  const auto block = [&](const auto& rows, const auto& cols, bool symmetric) {
    return std::make_unique<SimilarityBlock>(*sides.whole, rows, cols, symmetric);
  };
  sides.test_by_train = block(numbers.test, numbers.train, false);
  sides.within_train = block(numbers.train, numbers.train, true);
  sides.within_test = block(numbers.test, numbers.test, true);
}

void require_both_sides(const Sides& sides) {
  for (const Items* side : {&sides.train, &sides.test}) {
    if (side->size() > 0) continue;
    fail_input(std::string("the split has no ") + (side == &sides.train ? "training" : "test") +
                   " items, so there is no overlap to measure",
               {.file = side->source}, "check the roles, and the rows that were left out");
  }
}

/// Fills the two sides from one file and its split.
void read_one_file(Sides& sides, const SideFlags& flags, const ItemFlags& item_flags,
                   const SimilarityKind& kind, const KindOptions& options, const Session& session) {
  const Items all = load_items(flags.data, kind, item_flags, session);
  const auto roles = roles_of_rows(flags, item_flags, all.n_source_rows, session);
  if (roles.size() != all.n_source_rows) {
    fail_input("the split has " + std::to_string(roles.size()) + " rows, the data " +
                   std::to_string(all.n_source_rows),
               {.file = flags.data}, "the split belongs to other data");
  }
  const Numbers numbers = divide(all, roles, sides);
  sides.read.push_back(account_of(all));
  if (kind.form == ItemForm::matrix) {
    cut_matrix(sides, all, numbers, kind, options, session.context);
  } else {
    sides.train = select_items(all, numbers.train);
    sides.test = select_items(all, numbers.test);
  }
}

}  // namespace

void add_side_flags(Arguments& arguments, SideFlags& flags) {
  arguments.option("--train", flags.train, "Training items",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--test", flags.test, "Test items", {.placeholder = "FILE", .is_file = true});
  arguments.option("--data", flags.data, "One file with all items",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--split", flags.split,
                   "Its split: row,role or row,fold, or a folder with train.csv and test.csv",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--split-column", flags.split_column,
                   "Its column of roles (train, validation, test) or folds",
                   {.placeholder = "NAME"});
  arguments.option("--fold", flags.fold, "The fold that is tested", {.placeholder = "K"});
}

Sides read_sides(const SideFlags& flags, const ItemFlags& item_flags, const SimilarityKind& kind,
                 const KindOptions& options, bool within, const Session& session) {
  check(flags);
  if (kind.form == ItemForm::matrix && flags.data.empty()) {
    fail(ErrorKind::usage, "given similarities are between all items of one file", {},
         "give --data FILE and its --split");
  }
  Sides sides;
  if (!flags.data.empty()) {
    read_one_file(sides, flags, item_flags, kind, options, session);
  } else {
    sides.train = load_items(flags.train, kind, item_flags, session);
    sides.test = load_items(flags.test, kind, item_flags, session);
    sides.read.push_back(account_of(sides.train));
    sides.read.push_back(account_of(sides.test));
  }
  require_both_sides(sides);
  if (sides.whole != nullptr) return sides;
  sides.test_by_train = kind.make(sides.test, &sides.train, options, session.context);
  if (within) {
    sides.within_train = kind.make(sides.train, nullptr, options, session.context);
    sides.within_test = kind.make(sides.test, nullptr, options, session.context);
  }
  return sides;
}

}  // namespace cupel::cli
