#pragma once
/// Does a predicted profile lie nearer to its own true profile than to those of other
/// perturbations? Known as perturbation discrimination score (cell-eval), centroid accuracy
/// (Systema), normalised inverse rank (Miller et al.) and rank metrics (PerturBench); they count
/// the same comparisons and differ in ties, denominator and excluded genes.
///
/// Euclidean and cosine distances come from one blocked matrix product in double, Manhattan
/// distances from sums in float; every comparison that their rounding could decide is done again in
/// double, term by term, so that the counts are those of the definition. O(n m genes); memory
/// O(genes) per row of a block, never n x m.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

/// Squared Euclidean distances rank as l2. Cosine distance is 1 - a'b / (|a| |b|), and 1 where a or
/// b is the zero vector (as in cell-eval2 and scikit-learn).
enum class ProfileDistance : std::uint8_t { l1, l2, cosine };
std::string_view to_string(ProfileDistance distance) noexcept;

struct DiscriminationOptions {
  ProfileDistance distance = ProfileDistance::l2;
  /// Genes (columns) that take no part in any comparison.
  std::span<const std::uint32_t> panel;
  /// Per predicted row: genes that take no part in its comparisons (its own targets). Empty = none.
  std::span<const std::vector<std::uint32_t>> excluded;
  /// Per predicted row: its own true row. Empty = the row of the same number.
  std::span<const std::uint32_t> own;
  /// Distances that differ by less than this times the own distance (cosine: by less than this) are
  /// equal: rounding is no evidence.
  double tie_tolerance = 1e-12;
};

/// What one predicted profile sees. Others are all true rows but its own.
struct DiscriminationRow {
  std::uint32_t n_others = 0;
  std::uint32_t n_closer = 0;        ///< others strictly closer than the own
  std::uint32_t n_equal = 0;         ///< others as close as the own
  std::uint32_t n_equal_before = 0;  ///< those of them with a smaller row number
  double own_distance = 0.0;         ///< NaN where the predicted row is not finite

  /// 0 = nearest. Ties count half: the expected rank when they are broken at random.
  [[nodiscard]] double mid_rank() const noexcept;
  /// 1 - mid_rank / (n - 1), n = others + 1: 1 best, .5 by chance, 0 worst (cell-eval2). NaN
  /// without others.
  [[nodiscard]] double score() const noexcept;
  /// 1 - mid_rank / n: 1 best, 1/n worst.
  [[nodiscard]] double score_over_n() const noexcept;
  /// 1 - position / n in a stable sort of the distances (cell-eval; NumPy's argsort is not stable).
  [[nodiscard]] double position_score() const noexcept;
  /// Share of the others that are strictly farther: Systema's centroid accuracy, Miller's
  /// normalised inverse rank; a tie counts as lost.
  [[nodiscard]] double share_farther() const noexcept;
  /// score() if every tie were lost, and if every tie were won.
  [[nodiscard]] double lowest_score() const noexcept;
  [[nodiscard]] double highest_score() const noexcept;
};

/// `predicted` (n x genes) against `truth` (m x genes). Rows of `predicted` with NaN or infinity
/// are undefined (own_distance NaN, all scores NaN). Equal for any number of threads. Throws
/// Error{input} where truth is not finite or shapes do not match.
std::vector<DiscriminationRow> discriminate(const Matrix<double>& predicted,
                                            const Matrix<double>& truth,
                                            const DiscriminationOptions& options,
                                            const Context& context);

/// Several distances: those that need the matrix product share it. One result per distance.
std::vector<std::vector<DiscriminationRow>> discriminate(const Matrix<double>& predicted,
                                                         const Matrix<double>& truth,
                                                         std::span<const ProfileDistance> distances,
                                                         const DiscriminationOptions& options,
                                                         const Context& context);

/// Distance of two profiles by definition, without the genes of `excluded` (ascending).
double profile_distance(ProfileDistance distance, std::span<const double> a,
                        std::span<const double> b, std::span<const std::uint32_t> excluded = {});

}  // namespace cupel
