#pragma once
/// All-pairs identity of sequences by optimal alignment.
#include <memory>
#include <string>
#include <vector>

#include "simd/align_kernels.hpp"
#include "similarity/alignment.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct IdentityOptions {
  AlignmentScoring scoring;
  std::string kind;
  std::string parameters;
  const AlignKernels* kernels = nullptr;  ///< null: align_kernels()
};

/// `cols` null: among the rows, symmetric. Sequences of letters A-Z; an empty one has identity 0 to
/// all.
std::unique_ptr<Similarity> make_alignment_identity(const std::vector<std::string>& rows,
                                                    const std::vector<std::string>* cols,
                                                    const IdentityOptions& options);

/// spectra_identity(row, column), which is not symmetric. Among one set of items it is computed as
/// SPECTRA's scripts do, for row < column, and (column, row) has the same value.
std::unique_ptr<Similarity> make_spectra_identity(const std::vector<std::string>& rows,
                                                  const std::vector<std::string>* cols,
                                                  const AlignKernels* kernels = nullptr);

}  // namespace cupel
