#pragma once
/// Metrics of cell-eval2 (0.20) on differential expression. Both sides are tested against the
/// control cells of the truth and on the same genes; a reference-only gate decides which
/// perturbations are scored at all (NaN outside), and inside it a prediction that leaves a metric
/// undefined is charged the worst value.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel::perturbation::cell_eval2 {

/// Perturbations x genes.
struct DeSide {
  Matrix<double> change;      ///< log2 fold change
  Matrix<double> p_value;     ///< 1 where undefined
  Matrix<double> p_adjusted;  ///< over the genes here
};

struct DePair {
  std::vector<std::string> genes;  ///< those that were tested
  DeSide truth;
  DeSide predicted;
  std::vector<std::optional<std::uint32_t>> own_gene;  ///< place in `genes`
  [[nodiscard]] std::size_t n_perturbations() const { return own_gene.size(); }
};

inline constexpr double kAlpha = 0.05;
inline constexpr std::size_t kGateSize = 10;
inline constexpr double kPurityFloor = 0.9;

enum class Side : std::uint8_t { truth, predicted };
enum class Sign : std::uint8_t { all, up, down };
enum class Agreement : std::uint8_t { informedness, markedness, mcc };

/// Of the 2 x 2 table of `a` true and `b` predicted genes among `g`, `tp` in both; -1 where one
/// side holds none or all.
double agreement(Agreement measure, double tp, double a, double b, double g);

std::vector<double> overlap(const DePair& de, Side depth_of, std::size_t k);
std::vector<double> significant_counts(const DePair& de, Side side);
/// One value for the panel: Spearman of the counts of significant genes.
double spearman_of_counts(const DePair& de);
std::vector<double> recall(const DePair& de);
std::vector<double> direction_match(const DePair& de);
std::vector<double> model_direction_match(const DePair& de);
std::vector<double> spearman_of_changes(const DePair& de, Sign sign);
/// sum |predicted - true| / sum |true| of log2 fold changes over truly significant genes but the
/// own one; NaN (no row) below kGateSize genes.
std::vector<double> lfc_nmae(const DePair& de);
/// Of two halves of the truth's cells, with the significant genes and the changes of all cells in
/// the gate and the denominator; genes that a half did not test are 0 there.
std::vector<double> lfc_nmae_of_halves(const DePair& all, const DePair& halves);
std::vector<double> pr_auc(const DePair& de);
std::vector<double> roc_auc(const DePair& de);
std::vector<double> overlap_adjusted(const DePair& de);
std::vector<double> significance_agreement(const DePair& de, Agreement measure);
/// #(both) / #(either) without the own gene; 1 where neither has any.
std::vector<double> jaccard(const DePair& de);

/// Direction metrics: which calls of the prediction have the sign of the reference.
std::vector<double> direction_precision(const DePair& de);

/// Which genes are ranked: those significant in the truth, or all.
enum class Universe : std::uint8_t { adjudicated, all };
/// Deepest prefix of the predicted ranking with purity 1 - alpha / 2, over the significant genes of
/// the truth.
std::vector<double> direction_sensitivity(const DePair& de, Universe universe);
/// The same without the own gene and with purity 0.9; `corrected`: with purity q + (1 - alpha)(1 -
/// q), q the rate of the more frequent sign in the truth.
std::vector<double> direction_reach(const DePair& de, Universe universe, bool corrected);

/// From k (calls with the right sign), n_pred (calls that the truth can judge), n_conf (significant
/// genes of the truth), q and d = max(1 - q, 0.05), without the own gene.
struct Fidelity {
  double fidelity;            ///< (k / n_pred - q) / d
  double fidelity_raw;        ///< k / n_pred
  double coverage;            ///< n_pred / n_conf
  double yield;               ///< (k - q n_pred) / (n_conf d)
  double yield_raw;           ///< k / n_conf
  double fidelity_yield;      ///< min(1, coverage) fidelity
  double fidelity_yield_raw;  ///< k / max(n_pred, n_conf)
};
std::vector<Fidelity> direction_fidelity(const DePair& de);

}  // namespace cupel::perturbation::cell_eval2
