#pragma once
/// Embeddings of genes and of perturbations, given with the data or derived from training profiles.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"

namespace cupel::perturbation {

/// A row per gene (output) or per perturbation; rows that are not present are 0.
struct Embedding {
  Matrix<double> values;
  std::vector<std::uint8_t> present;
};

/// Scores of the outputs on the first principal components of the matrix genes x profiles, its
/// columns (profiles) centred over the genes: prcomp of Ahlmann-Eltze et al. Profiles are those of
/// `rows` and, `with_control`, the controls of their contexts. O(genes x profiles^2).
Embedding gene_components(const Dataset& data, std::span<const std::uint32_t> rows, std::size_t n,
                          bool with_control);
/// Standard normal numbers, a row per output.
Embedding random_genes(const Dataset& data, std::size_t n, std::uint64_t seed);
/// A block of ProfileData::gene_features. Throws Error{input} with the blocks there are.
Embedding given_genes(const Dataset& data, const std::string& block);

/// Sum over the members of the rows of the genes that they target; present where all are outputs.
Embedding perturbations_from_genes(const Dataset& data, const Embedding& genes);
/// A feature block of the entity perturbation. Throws Error{input} with the blocks there are.
Embedding given_perturbations(const Dataset& data, const std::string& block);

/// Perturbations all of whose members are outputs, as a share.
double share_of_targets_among_outputs(const Dataset& data);

}  // namespace cupel::perturbation
