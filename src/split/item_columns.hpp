#pragma once
/// Columns beside the items of a table, for splits: labels, weights, values, groups.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/matrix.hpp"
#include "cupel/table.hpp"
#include "similarity/items.hpp"

namespace cupel {

/// The rows of the items in the table; throws Error{input} if the table has other rows than the
/// items' file.
std::vector<std::size_t> table_rows(const Table& table, const Items& items);

/// A number per item: weights must be above 0 and known.
std::vector<double> weight_column(const Table& table, const std::string& name,
                                  std::span<const std::size_t> rows);
/// Numbers as they are; text (ISO dates) by its rank in byte order; NaN where missing.
std::vector<double> value_column(const Table& table, const std::string& name,
                                 std::span<const std::size_t> rows);
/// A class per item: text and numbers of few levels as they are, other numbers in `n_bins` bins of
/// equal count. Missing is a class of its own.
std::vector<std::uint32_t> label_column(const Table& table, const std::string& name,
                                        std::span<const std::size_t> rows, std::uint32_t n_bins);
/// A number per group; items without one are groups of their own.
std::vector<std::uint32_t> group_column(const Table& table, const std::string& name,
                                        std::span<const std::size_t> rows);
/// 0/1 labels, a column each.
Matrix<double> label_columns(const Table& table, std::span<const std::string> names,
                             std::span<const std::size_t> rows);

/// Items of a table without a similarity: ids, rows, and the target if it is named.
Items plain_items(const Table& table, const std::string& id_column,
                  const std::string& target_column);

}  // namespace cupel
