#pragma once
/// Which column of a table is the id, the text, the target; and the accounting of rows that are no
/// items. Shared by the readers of items.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/table.hpp"
#include "similarity/items_read.hpp"

namespace cupel::detail {

/// Names (lower case) that mean the same thing, most usual first.
std::span<const std::string> usual_names(ItemForm form);

/// The column of that name (any case). Throws Error{input} with `flag` in the hint.
std::string named_column(const Table& table, const std::string& name, const std::string& flag);
/// The text column: as named, else the only one with a usual name. Throws Error{input}.
std::string find_text_column(const Table& table, ItemForm form, const ItemsOptions& options);
/// As named, else the first usual name; "" = none.
std::string find_id_column(const Table& table, const ItemsOptions& options);
/// As named, else the only usual name; "" = none. Several are noted in the diagnostics.
std::string find_target_column(const Table& table, const ItemsOptions& options, Items& items);

/// Ids of the kept rows; without a column their row numbers.
void set_ids(Items& items, const Column* ids);
/// Targets of the kept rows from a column of text or numbers: numbers if all that is there is a
/// number, class labels if nothing is; a mix leaves the rest unknown and says so.
void set_targets(Items& items, const Column* column);

/// Notes that a row is no item. `reason` is snake_case, `why` the sentence of the diagnostic.
void leave_out(Items& items, std::string_view reason, std::string_view why, std::uint64_t row,
               std::string_view example);
/// Throws Error{input} if no item is left.
void require_items(const Items& items);
/// Reads the file's name and hash into `inputs`.
void note_input(Items& items, std::string_view bytes);

/// Lower-case extension without .gz or .zst: ".csv".
std::string plain_extension(const std::filesystem::path& path);

/// The numeric forms; `bytes` is the unpacked file.
void read_vectors(Items& items, std::string bytes, const std::string& extension,
                  const ItemsOptions& options, const Context& context);
void read_bits(Items& items, std::string bytes, const std::string& extension,
               const ItemsOptions& options, const Context& context);
void read_given(Items& items, std::string bytes, const std::string& extension,
                const ItemsOptions& options, const Context& context);

}  // namespace cupel::detail
