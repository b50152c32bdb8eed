#pragma once
/// How much of a test set is already known from training, by every measure in use, for any split:
///
/// * the nearest training item of each test item: distribution, and the share of test items with
/// one
///   at similarity >= t for all t;
/// * the mean similarity of all test x training pairs;
/// * DataSAIL's L (Joeres et al. 2025, doi:10.1038/s41467-025-58606-8; `eval_split`): similarity
///   summed over ordered pairs on different sides, over that of all ordered pairs of the union with
///   the diagonal. A constant similarity gives 1 - sum of squared shares (0.32 for 80/20), so L
///   alone says more about sizes than about leakage: L / (1 - sum s^2) is 1 for a random split;
/// * Jaccard index of the sets of mutations (or k-mers) of the two sides (SPECTRA's overlap of
///   mutational data): a set measure, which can be near 0 while every test item has a neighbour;
/// * exact duplicates, and duplicates whose targets differ.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/overlap.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct LeakedPair {
  std::uint32_t test = 0;   ///< index into the test items
  std::uint32_t train = 0;  ///< index into the training items
  double similarity = 0.0;
};

struct Duplicates {
  bool is_known = false;        ///< false: the form has no identity (given similarities)
  std::size_t n_test = 0;       ///< test items that are in training, exactly
  std::size_t n_known = 0;      ///< of these, with both targets known
  std::size_t n_conflicts = 0;  ///< of these, whose target differs from that of a training copy
  double largest_difference = OverlapProfile::kNone;  ///< of numeric targets
  std::vector<LeakedPair> conflicts;                  ///< the first, by test item
};

struct LeakageOptions {
  double threshold = OverlapProfile::kNone;
  std::size_t n_worst = 20;
  double label_tolerance = 0.0;  ///< numeric targets that differ by more are in conflict
};

struct LeakageReport {
  static constexpr std::size_t kLevels = 101;
  OverlapProfile profile;
  std::vector<double> nearest;              ///< per test item; NaN = no training item
  std::vector<std::uint32_t> nearest_item;  ///< index into the training items, lowest on ties
  std::vector<double> share_at;             ///< share of test with nearest >= k / 100
  double datasail_l = OverlapProfile::kNone;
  double datasail_l_random = OverlapProfile::kNone;  ///< 1 - sum s^2: of a constant similarity
  double datasail_l_normalised = OverlapProfile::kNone;
  double set_jaccard = OverlapProfile::kNone;
  std::string set_name;  ///< "mutations", "3-mers"; "" = no sets
  Duplicates duplicates;
  std::size_t n_indistinguishable = 0;  ///< test items with nearest >= 1, exact copies included
  std::vector<LeakedPair> worst;        ///< test items with their nearest, most similar first
};

/// Similarities of one split. `train` and `test` are among one side each; null = L is not measured.
struct SplitSimilarities {
  const Similarity* test_by_train = nullptr;
  const Similarity* train = nullptr;
  const Similarity* test = nullptr;
};

/// `form` says what makes two items the same. Throws Error{input} if a side is empty.
LeakageReport leakage_report(const Items& train, const Items& test, ItemForm form,
                             const SplitSimilarities& similarities, const LeakageOptions& options,
                             const Context& context);

/// |A and B| / |A or B| of two sets (repeats do not count); NaN if both are empty.
double set_jaccard(std::vector<std::string> a, std::vector<std::string> b);
/// The distinct tokens of the items: mutations (separator as detected or given) or k-mers.
std::vector<std::string> mutation_tokens(const Items& items, const std::string& separator);
std::vector<std::string> kmer_tokens(const Items& items, std::size_t k);

/// Test items that are the same as a training item: equal canonical SMILES, sequences (any case),
/// sets of mutations, bits or numbers.
Duplicates find_duplicates(const Items& train, const Items& test, ItemForm form,
                           const LeakageOptions& options, const Context& context);

/// Rows and columns of a symmetric similarity, which must outlive this.
class SimilarityBlock final : public Similarity {
 public:
  SimilarityBlock(const Similarity& whole, std::vector<std::uint32_t> rows,
                  std::vector<std::uint32_t> cols, bool symmetric);
  [[nodiscard]] std::string_view kind() const noexcept override { return whole_->kind(); }
  [[nodiscard]] std::string parameters() const override { return whole_->parameters(); }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return rows_.size(); }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return cols_.size(); }
  [[nodiscard]] bool is_symmetric() const noexcept override { return symmetric_; }
  void values(Range rows, Range cols, std::span<double> out) const override;

 private:
  const Similarity* whole_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> cols_;
  bool symmetric_;
};

}  // namespace cupel
