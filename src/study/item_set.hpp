#pragma once
/// The items of a spectrum study with their similarity: what its splits, its overlaps and its
/// baselines are made from.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/overlap.hpp"
#include "model/sparse_linear.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"

namespace cupel {

struct ItemSet {
  Items items;
  std::vector<double> targets;  ///< per item, finite
  bool has_labels = false;      ///< targets are 0 and 1
  const SimilarityKind* kind = nullptr;
  KindOptions options;
  std::string parameters;      ///< of the similarity, canonical
  double threshold = 0.0;      ///< from which an item is a neighbour
  std::string separator;       ///< mutations: how they are told apart
  SparseRows features;         ///< one-hot mutations, 3-mer counts, fingerprint bits, numbers
  std::string features_title;  ///< "mutations"; "" = the kind has none
  SparseRows sites;            ///< mutations: where they are, whatever they change; see below
  SparseRows counts;           ///< one column, the number of mutations; no columns otherwise
  std::unique_ptr<Similarity> whole;  ///< of given similarities; null for all other kinds
  std::vector<std::uint32_t> unit;    ///< equal for items with the same text: not independent

  [[nodiscard]] std::size_t size() const noexcept { return targets.size(); }
  /// Rows are `test`, columns are `train`.
  [[nodiscard]] std::unique_ptr<Similarity> between(std::span<const std::uint32_t> test,
                                                    std::span<const std::uint32_t> train,
                                                    const Context& context) const;
  /// All items among themselves.
  [[nodiscard]] std::unique_ptr<Similarity> among(const Context& context) const;
  /// |A n B| / |A u B| of the sets of mutations of both sides; NaN if items have none.
  [[nodiscard]] double set_jaccard(std::span<const std::uint32_t> test,
                                   std::span<const std::uint32_t> train) const;
};

/// The site of a mutation is its text up to the last digit: SA108 of SA108D, and
/// "[759807, 767320]:761155" of "[759807, 767320]:761155:C:T", which also has the region
/// "[759807, 767320]". Variants without a mutation in common may share sites.
///
/// `items.targets` must be given; items whose target is unknown are left out and accounted for.
/// `threshold` NaN: the kind's default. Throws Error{input} without targets.
ItemSet make_item_set(Items items, const SimilarityKind& kind, const KindOptions& options,
                      double threshold, const Context& context);

/// The items as a data set with one entity, `item`, whose texts are its label `text`. Sample i is
/// item i.
Dataset as_dataset(const ItemSet& set, const std::string& name);

}  // namespace cupel
