#pragma once
/// Small text helpers that several modules need.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

/// Shortest text that reads back as the same double; "nan", "inf", "-inf".
std::string format_double(double value);
/// The candidate with the smallest edit distance to `word`, or "" if none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);
std::string join(std::span<const std::string> words, std::string_view separator);
bool contains(std::span<const std::string> words, std::string_view word) noexcept;
/// Without blanks (space, tab, line ends) at both ends.
std::string_view trimmed(std::string_view text) noexcept;
/// ASCII letters in lower case; all other bytes as they are.
std::string lower(std::string_view text);
/// The version in CMakeLists.txt, "0.1.0".
std::string_view version() noexcept;

}  // namespace cupel
