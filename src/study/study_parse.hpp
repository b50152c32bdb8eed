#pragma once
/// Reads a study file. Every value is typed by the schema (schema.hpp), never by its looks.
#include <filesystem>
#include <string>
#include <string_view>

#include "cupel/study.hpp"

namespace cupel {

/// Parses the text of a study file. `source` is its name in error messages; relative paths in it
/// are relative to `base_folder`. A model with `columns_as_models: [A, B]` becomes one model per
/// column; with `all` it stays one model whose `column` is "*", for `expand_wide_models`
/// (file_predictor.hpp) to fill in once the file is at hand.
/// Throws Error{input} with line and column at the first thing that is not as the schema wants it.
Study parse_study(std::string_view yaml, const std::string& source, const std::string& base_folder);

/// As above, from a file; "-" reads standard input. Throws Error{io} if it cannot be read.
Study read_study(const std::filesystem::path& path);

}  // namespace cupel
