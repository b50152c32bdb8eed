#pragma once
/// The substitution matrices of NCBI BLAST (public domain): BLOSUM (Henikoff & Henikoff 1992,
/// doi:10.1073/pnas.89.22.10915) and PAM (Dayhoff et al. 1978).
#include <cstdint>
#include <span>
#include <string_view>

namespace cupel {

constexpr std::string_view kMatrixLetters = "ARNDCQEGHILKMFPSTWYVBZX";

struct SubstitutionMatrix {
  std::string_view name;  ///< "blosum62"
  /// Lower triangle with diagonal, row by row in the order of kMatrixLetters.
  std::span<const std::int8_t> lower;
};

std::span<const SubstitutionMatrix> substitution_matrices();

}  // namespace cupel
