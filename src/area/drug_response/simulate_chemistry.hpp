#pragma once
/// Drug-like molecules put together from fragments: substituent + core + substituent.
#include <array>
#include <string>

namespace cupel::detail {

struct Core {
  const char* pathway;
  const char* smiles;  ///< a substituent may be written directly before and directly after it
};

inline constexpr std::array<Core, 12> kCores = {{
    {"EGFR signaling", "c1cc2c(cc1)ncnc2N"},
    {"ERK MAPK signaling", "c1ccc(cc1)NC(=O)N"},
    {"PI3K/MTOR signaling", "c1cc(nc(n1)N1CCOCC1)N"},
    {"Cell cycle", "c1cnc2[nH]ccc2c1"},
    {"DNA replication", "c1ccc2[nH]c(nc2c1)"},
    {"Chromatin histone acetylation", "c1ccc(cc1)C=CC(=O)N"},
    {"Apoptosis regulation", "c1ccc(cc1)S(=O)(=O)N"},
    {"RTK signaling", "c1ccc2c(c1)CC(=O)N2"},
    {"Mitosis", "c1ccc(cc1)c1nc2ccccc2n1"},
    {"Genome integrity", "c1ccc2c(c1)c(=O)[nH]nc2"},
    {"WNT signaling", "c1ccc(cc1)N1CCN(CC1)"},
    {"Protein stability", "c1ccc2c(c1)C(=O)N(C2=O)"},
}};

inline constexpr std::array<const char*, 10> kLeft = {
    "C", "CC", "CO", "F", "Cl", "FC(F)(F)", "CN(C)", "N#C", "CC(=O)N", "CS(=O)(=O)"};

inline constexpr std::array<const char*, 10> kRight = {
    "C",   "CC",        "CC(C)C",   "c3ccccc3", "c3ccc(F)cc3",
    "CCO", "CC3CCCCC3", "c3ccncc3", "CCN(C)C",  "Cc3ccccc3Cl"};

inline std::string molecule(std::size_t core, std::size_t left, std::size_t right) {
  return std::string(kLeft[left]) + kCores[core].smiles + kRight[right];
}

}  // namespace cupel::detail
