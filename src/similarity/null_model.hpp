#pragma once
/// What similarity chance gives: values between items that cannot be related, because what makes
/// them related was destroyed and the rest kept. A threshold inside this noise finds neighbours
/// that are none; with many training items every query has some.
///
/// | form | unrelated items | kept |
/// |---|---|---|
/// | sequence | residues shuffled within each sequence | composition, lengths |
/// | bits, smiles | every bit of the fingerprint drawn by its own frequency | bit frequencies |
/// | vector | every feature drawn from its own values | marginal distributions |
/// | mutations | mutations drawn by frequency, without replacement | set sizes, frequencies |
/// | matrix | random pairs of the items as they are | everything; includes true relatives |
///
/// m unrelated queries are compared with m unrelated references (m^2 pairs; items are drawn with
/// replacement). Deterministic by seed.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"

namespace cupel {

struct NullModel {
  std::string method;          ///< "residues shuffled within each sequence"
  bool has_relatives = false;  ///< random pairs: some may be truly related
  std::vector<double> values;  ///< ascending; similarities of unrelated pairs
  double mean = 0.0;
  double p95 = 0.0;  ///< quantiles, linear between order statistics
  double p99 = 0.0;
  double p999 = 0.0;
  double max = 0.0;

  /// Share of the unrelated pairs with similarity >= threshold.
  [[nodiscard]] double share_at_least(double threshold) const noexcept;
};

/// A threshold against the noise.
struct ChanceLevel {
  double threshold = 0.0;
  double pair_share = 0.0;           ///< p = P(s >= threshold) of an unrelated pair
  double expected_neighbours = 0.0;  ///< n p: of a query without relatives, among n references
  double query_share = 0.0;          ///< 1 - (1 - p)^n: such queries with one or more neighbours
  /// threshold <= p99.9 of unrelated pairs, or query_share >= 5 %: chance gives neighbours.
  bool is_inside_noise = false;
  /// A threshold has to be above this to be outside the noise, as far as the sample of unrelated
  /// pairs can tell.
  double noise_ends = 0.0;
  std::string sentence;  ///< what that means; a warning if it is inside the noise
};
ChanceLevel chance_level(const NullModel& null, double threshold, std::size_t n_references);

struct NullOptions {
  std::size_t n_queries = 320;  ///< m; fewer for long sequences, so that m^2 L^2 <= max_cells
  double max_cells = 4e9;
};

/// Unrelated versions of `rows` against those of `cols` (null = of rows too).
/// Throws as the kind's `make`.
NullModel null_model(const SimilarityKind& kind, const Items& rows, const Items* cols,
                     const KindOptions& options, const NullOptions& null, const Context& context);

/// `m` unrelated items of the form, drawn from `items`. Exposed for tests. Not for smiles, matrix.
Items unrelated_items(const Items& items, ItemForm form, std::size_t m, std::uint64_t seed,
                      std::string_view purpose, std::string_view separator);

/// The same from a similarity alone: random pairs of its rows and columns (never an item with
/// itself).
NullModel null_of_random_pairs(const Similarity& similarity, std::size_t n_pairs,
                               const Context& context);

}  // namespace cupel
