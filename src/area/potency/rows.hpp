#pragma once
/// The usable rows of the samples' table, with what each says.
#include <cstdint>
#include <string>
#include <vector>

#include "area/potency/samples.hpp"
#include "area/tables.hpp"

namespace cupel::potency {

/// One item per row in every vector; `smiles` is empty where the data have no molecules.
struct Rows {
  std::vector<std::uint64_t> source;
  std::vector<std::string> smiles;  ///< as written
  std::vector<std::string> ligand;  ///< id; "" until the molecules are read
  std::vector<std::string> assay;   ///< "" = the only one
  std::vector<double> target;       ///< in p units, or as given
  std::vector<double> value_nM;     ///< as measured; NaN = compute it from the target
  std::vector<std::uint8_t> is_censored;

  [[nodiscard]] std::size_t size() const noexcept { return source.size(); }

  template <typename Keep>
  void keep_if(Keep keep) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (!keep(i)) continue;
      source[n] = source[i];
      if (!smiles.empty() && n != i) smiles[n] = std::move(smiles[i]);
      if (n != i) ligand[n] = std::move(ligand[i]);
      if (n != i) assay[n] = std::move(assay[i]);
      target[n] = target[i];
      value_nM[n] = value_nM[i];
      is_censored[n] = is_censored[i];
      ++n;
    }
    source.resize(n);
    if (!smiles.empty()) smiles.resize(n);
    ligand.resize(n);
    assay.resize(n);
    target.resize(n);
    value_nM.resize(n);
    is_censored.resize(n);
  }
};

/// nM, uM, µM, mM, M in any case but that of M: the values are concentrations.
bool is_concentration(const std::string& unit);
/// Concentration in `unit` to -log10 of mol/l. Precondition: is_concentration(unit), value > 0.
double p_value_of(double value, const std::string& unit);

/// Rows that lack what they need are left out with their reason, counted with their place.
Rows usable_rows(const SampleTable& samples, const DataSpec& spec, detail::LeftOutRows& left_out,
                 Diagnostics& diagnostics);

}  // namespace cupel::potency
