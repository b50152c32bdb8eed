#pragma once
/// Normalised spectral clustering of items by their similarity (Shi & Malik 2000,
/// doi:10.1109/34.868688; von Luxburg 2007, doi:10.1007/s11222-007-9033-z).
///
/// Affinity W = the similarity with a zero diagonal, D its row sums. The k leading eigenvectors u
/// of D^-1/2 W D^-1/2 (the k smallest of the normalised Laplacian), each divided by D^1/2, are the
/// items' coordinates; k-means (k-means++, ten starts, the least sum of squares) makes the groups.
/// That is the algorithm of scikit-learn's SpectralClustering(affinity = "precomputed"), whose
/// labels depend on ARPACK's start and on the version; these depend on the seed alone.
#include <cstddef>
#include <cstdint>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"
#include "split/item_clusters.hpp"

namespace cupel {

/// Similarities must be >= 0. Clusters are numbered by their first item; empty ones are gone. Items
/// without any similarity to others are taken as their own neighbours. O(n^2) bytes x 8, and
/// O(n^2) time per Lanczos step (a few hundred at most).
ItemClusters spectral_clusters(const Similarity& similarity, std::size_t k, std::uint64_t seed,
                               const Context& context);

}  // namespace cupel
