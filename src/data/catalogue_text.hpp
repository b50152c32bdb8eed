#pragma once
/// The embedded text of the catalogue.
#include <string_view>

namespace cupel::detail {
std::string_view catalogue_text() noexcept;
std::string_view catalogue_spectra_text() noexcept;  ///< the sets of overlap spectra
std::string_view catalogue_potency_text() noexcept;  ///< ligand potency
std::string_view catalogue_perturbation_text() noexcept;
}  // namespace cupel::detail
