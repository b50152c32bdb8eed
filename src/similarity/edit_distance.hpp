#pragma once
/// Similarities that count differing letters: Hamming at fixed positions, Levenshtein with gaps.
#include <memory>
#include <string>
#include <vector>

#include "similarity/similarity.hpp"

namespace cupel {

enum class UnequalLengths { error, zero };

/// 1 - mismatches / length; two empty texts are equal (1). Sequences of unequal length have no
/// Hamming distance: by default an Error{input} when the similarity is made, or 0 on request.
std::unique_ptr<Similarity> make_hamming(std::vector<std::string> rows,
                                         const std::vector<std::string>* cols,
                                         UnequalLengths unequal, std::string parameters);

/// 1 - Levenshtein distance / longer length (edlib: Sosic & Sikic 2017,
/// doi:10.1093/bioinformatics/btw753); two empty texts are equal (1).
std::unique_ptr<Similarity> make_edit(std::vector<std::string> rows,
                                      const std::vector<std::string>* cols, std::string parameters);

}  // namespace cupel
