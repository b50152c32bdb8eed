#pragma once
/// Roles and folds as the user gives them, in a column of the responses or in a split file.
#include <cstdint>
#include <string_view>
#include <vector>

#include "cupel/error.hpp"
#include "cupel/split.hpp"
#include "cupel/table.hpp"

namespace cupel {

inline constexpr std::int64_t kNoFold = -1;

/// A fold number per row of the table, kNoFold where the cell is empty.
/// Throws Error{input} at the first value that is not a whole number >= 0.
std::vector<std::int64_t> read_folds(const Table& table, const Column& column);

/// A role per row of the table; an empty cell is left_out.
/// Throws Error{input} at the first unknown role.
std::vector<Role> read_roles(const Table& table, const Column& column);

/// Throws Error{input} that lists the four roles.
Role parse_role(std::string_view text, const Where& where);

}  // namespace cupel
