#pragma once
/// Joining entity and feature tables to the ids of the responses.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"

namespace cupel::detail {

/// Trimmed, and "905933.0" -> "905933".
std::string join_key(std::string_view text);

/// `*` stands for any run of characters, `?` for one.
bool matches_glob(std::string_view text, std::string_view pattern) noexcept;

/// Row of the table per entity id, or kNoRow.
struct Join {
  static constexpr std::uint32_t kNoRow = LabelBlock::kUnknown;
  std::vector<std::uint32_t> row_of_id;
  std::size_t n_joined = 0;
};

/// `keys`: the join id of each id of the entity ("" = none). `what` names the table in codes and
/// messages: "cell_expression". Repeated ids whose lines differ are counted.
/// Throws Error{input} if nothing joins.
Join join_table(const Table& table, const std::string& id_column,
                const std::vector<std::string>& keys, const std::string& what,
                Diagnostics& diagnostics);

/// Text columns and those that `wanted` names become labels of the entity.
void add_labels(Entity& entity, const Table& table, const EntityTableSpec& spec, const Join& join);

/// Numeric columns that match `spec.columns` become a feature block of the entity.
void add_features(Entity& entity, const Table& table, const FeatureTableSpec& spec,
                  const Join& join, Diagnostics& diagnostics);

}  // namespace cupel::detail
