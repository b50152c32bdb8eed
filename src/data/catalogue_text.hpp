#pragma once
/// The embedded text of the catalogue.
#include <string_view>

namespace cupel::detail {
std::string_view catalogue_text() noexcept;
}  // namespace cupel::detail
