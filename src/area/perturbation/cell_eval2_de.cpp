#include "area/perturbation/cell_eval2_de.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include "area/perturbation/cell_eval_metrics.hpp"
#include "metric/kernels.hpp"

namespace cupel::perturbation::cell_eval2 {
namespace {

constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

using Genes = std::vector<std::uint32_t>;

Genes significant(const DeSide& side, std::size_t p) {
  Genes genes;
  for (std::uint32_t j = 0; j < side.p_adjusted.cols; ++j) {
    if (side.p_adjusted(p, j) < kAlpha) genes.push_back(j);
  }
  return genes;
}

/// By descending |log2 fold change|, ties in the order of the genes.
Genes ranked(const DeSide& side, std::size_t p) {
  Genes genes = significant(side, p);
  std::ranges::stable_sort(genes, [&](std::uint32_t a, std::uint32_t b) {
    return std::abs(side.change(p, a)) > std::abs(side.change(p, b));
  });
  return genes;
}

bool has_any(const DeSide& side) {
  return std::ranges::any_of(side.p_adjusted.values, [](double q) { return q < kAlpha; });
}

std::size_t n_common(const Genes& a, const Genes& b, std::size_t n_genes) {
  std::vector<std::uint8_t> in_a(n_genes, 0);
  for (const auto j : a) in_a[j] = 1;
  return static_cast<std::size_t>(
      std::ranges::count_if(b, [&](std::uint32_t j) { return in_a[j] != 0; }));
}

Genes first(Genes genes, std::size_t n) {
  genes.resize(std::min(n, genes.size()));
  return genes;
}

Genes without(Genes genes, std::optional<std::uint32_t> own) {
  if (own) std::erase(genes, *own);
  return genes;
}

int sign_of(double value) { return (value > 0.0) - (value < 0.0); }

template <typename Value>
std::vector<double> each(const DePair& de, Value value) {
  std::vector<double> values;
  for (std::size_t p = 0; p < de.n_perturbations(); ++p) values.push_back(value(p));
  return values;
}

/// `value(p, significant genes of the truth)` where there are at least kGateSize.
template <typename Value>
std::vector<double> gated(const DePair& de, Value value) {
  return each(de, [&](std::size_t p) {
    const Genes genes = significant(de.truth, p);
    return genes.size() < kGateSize ? kNotDefined : value(p, genes);
  });
}

double share_of_equal_signs(const DePair& de, std::size_t p, const Genes& genes) {
  if (genes.empty()) return 0.0;  // the worst value
  const auto n = std::ranges::count_if(genes, [&](std::uint32_t j) {
    return sign_of(de.truth.change(p, j)) == sign_of(de.predicted.change(p, j));
  });
  return static_cast<double>(n) / static_cast<double>(genes.size());
}

template <typename Score>
std::vector<double> auc(const DePair& de, Score score) {
  // Zero p-values take the smallest positive one of the whole table (1e-10 without any).
  double floor = std::numeric_limits<double>::infinity();
  for (const double q : de.predicted.p_adjusted.values) {
    if (q > 0.0) floor = std::min(floor, q);
  }
  if (std::isinf(floor)) floor = 1e-10;
  return each(de, [&](std::size_t p) {
    const std::size_t n = significant(de.truth, p).size();
    if (n < kGateSize || n == de.genes.size()) return kNotDefined;
    std::vector<double> labels;
    std::vector<double> scores;
    for (std::size_t j = 0; j < de.genes.size(); ++j) {
      labels.push_back(de.truth.p_adjusted(p, j) < kAlpha ? 1.0 : 0.0);
      const double q = de.predicted.p_adjusted(p, j);
      scores.push_back(-std::log10(q == 0.0 ? floor : q));
    }
    return score(labels, scores);
  });
}

/// sum |a - b| / sum |scale| over the gate of a perturbation; NaN below kGateSize genes.
template <typename Difference>
double nmae(const DePair& de, std::size_t p, Difference difference) {
  Genes genes = without(significant(de.truth, p), de.own_gene[p]);
  std::erase_if(genes, [&](std::uint32_t j) { return !std::isfinite(de.truth.change(p, j)); });
  if (genes.size() < kGateSize) return kNotDefined;
  double error = 0.0;
  double size = 0.0;
  for (const auto j : genes) {
    error += std::abs(difference(j));
    size += std::abs(de.truth.change(p, j));
  }
  return size > 0.0 ? error / size : kNotDefined;
}

double finite_or_0(double value) { return std::isfinite(value) ? value : 0.0; }

}  // namespace

double agreement(Agreement measure, double tp, double a, double b, double g) {
  const bool truth_is_one_class = a <= 0.0 || a >= g;
  const bool predicted_is_one_class = b <= 0.0 || b >= g;
  switch (measure) {
    case Agreement::informedness:
      return truth_is_one_class ? -1.0 : tp / a - (b - tp) / (g - a);
    case Agreement::markedness:
      return predicted_is_one_class ? -1.0 : tp / b - (a - tp) / (g - b);
    case Agreement::mcc:
      break;
  }
  if (truth_is_one_class || predicted_is_one_class) return -1.0;
  return (tp * g - a * b) / std::sqrt(a * b * (g - a) * (g - b));
}

std::vector<double> overlap(const DePair& de, Side depth_of, std::size_t k) {
  const bool can = has_any(de.truth) && has_any(de.predicted);
  return each(de, [&](std::size_t p) {
    const Genes truth = ranked(de.truth, p);
    const Genes predicted = ranked(de.predicted, p);
    const std::size_t most = depth_of == Side::truth ? truth.size() : predicted.size();
    const std::size_t depth = k == 0 ? most : std::min(k, most);
    if (!can || depth == 0) return 0.0;
    return static_cast<double>(
               n_common(first(truth, depth), first(predicted, depth), de.genes.size())) /
           static_cast<double>(depth);
  });
}

std::vector<double> significant_counts(const DePair& de, Side side) {
  const DeSide& of = side == Side::truth ? de.truth : de.predicted;
  return each(de, [&](std::size_t p) { return static_cast<double>(significant(of, p).size()); });
}

double spearman_of_counts(const DePair& de) {
  const auto truth = significant_counts(de, Side::truth);
  const auto predicted = significant_counts(de, Side::predicted);
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t p = 0; p < truth.size(); ++p) {
    if (truth[p] == 0.0) continue;
    a.push_back(truth[p]);
    b.push_back(predicted[p]);
  }
  if (a.size() < kGateSize || std::set<double>(a.begin(), a.end()).size() < 2) return kNotDefined;
  if (std::set<double>(b.begin(), b.end()).size() < 2) return -1.0;
  return cell_eval::spearman_with_infinities(a, b);
}

std::vector<double> recall(const DePair& de) {
  return gated(de, [&](std::size_t p, const Genes& genes) {
    return static_cast<double>(n_common(genes, significant(de.predicted, p), de.genes.size())) /
           static_cast<double>(genes.size());
  });
}

std::vector<double> direction_match(const DePair& de) {
  return gated(
      de, [&](std::size_t p, const Genes& genes) { return share_of_equal_signs(de, p, genes); });
}

std::vector<double> model_direction_match(const DePair& de) {
  return each(de, [&](std::size_t p) {
    if (de.genes.size() < kGateSize) return kNotDefined;
    return share_of_equal_signs(de, p, significant(de.predicted, p));
  });
}

std::vector<double> spearman_of_changes(const DePair& de, Sign sign) {
  return each(de, [&](std::size_t p) {
    std::vector<double> a;
    std::vector<double> b;
    for (const auto j : significant(de.truth, p)) {
      const double change = de.truth.change(p, j);
      if (sign == Sign::up && !(change > 0.0)) continue;
      if (sign == Sign::down && !(change < 0.0)) continue;
      a.push_back(change);
      b.push_back(de.predicted.change(p, j));
    }
    if (a.size() < kGateSize || std::set<double>(a.begin(), a.end()).size() < 2) return kNotDefined;
    const double r = cell_eval::spearman_with_infinities(a, b);
    return std::isfinite(r) ? r : -1.0;
  });
}

std::vector<double> lfc_nmae(const DePair& de) {
  return each(de, [&](std::size_t p) {
    return nmae(de, p, [&](std::uint32_t j) {
      return finite_or_0(de.predicted.change(p, j)) - de.truth.change(p, j);
    });
  });
}

std::vector<double> lfc_nmae_of_halves(const DePair& all, const DePair& halves) {
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t j = 0; j < halves.genes.size(); ++j) place.emplace(halves.genes[j], j);
  return each(all, [&](std::size_t p) {
    return nmae(all, p, [&](std::uint32_t j) {
      const auto found = place.find(all.genes[j]);
      if (found == place.end()) return 0.0;
      return finite_or_0(halves.truth.change(p, found->second)) -
             finite_or_0(halves.predicted.change(p, found->second));
    });
  });
}

std::vector<double> pr_auc(const DePair& de) {
  return auc(de, [](const auto& labels, const auto& scores) {
    return detail::average_precision(labels, scores);
  });
}

std::vector<double> roc_auc(const DePair& de) {
  return auc(de,
             [](const auto& labels, const auto& scores) { return detail::auroc(labels, scores); });
}

std::vector<double> overlap_adjusted(const DePair& de) {
  return gated(de, [&](std::size_t p, const Genes& genes) {
    if (genes.size() == de.genes.size()) return kNotDefined;
    const Genes predicted = first(ranked(de.predicted, p), genes.size());
    return agreement(Agreement::mcc,
                     static_cast<double>(n_common(genes, predicted, de.genes.size())),
                     static_cast<double>(genes.size()), static_cast<double>(predicted.size()),
                     static_cast<double>(de.genes.size()));
  });
}

std::vector<double> significance_agreement(const DePair& de, Agreement measure) {
  return each(de, [&](std::size_t p) {
    const Genes truth = significant(de.truth, p);
    const Genes predicted = significant(de.predicted, p);
    if (measure != Agreement::markedness &&
        (truth.size() < kGateSize || truth.size() == de.genes.size())) {
      return kNotDefined;
    }
    return agreement(measure, static_cast<double>(n_common(truth, predicted, de.genes.size())),
                     static_cast<double>(truth.size()), static_cast<double>(predicted.size()),
                     static_cast<double>(de.genes.size()));
  });
}

std::vector<double> jaccard(const DePair& de) {
  return each(de, [&](std::size_t p) {
    const Genes truth = without(significant(de.truth, p), de.own_gene[p]);
    const Genes predicted = without(significant(de.predicted, p), de.own_gene[p]);
    const std::size_t both = n_common(truth, predicted, de.genes.size());
    const std::size_t either = truth.size() + predicted.size() - both;
    return either == 0 ? 1.0 : static_cast<double>(both) / static_cast<double>(either);
  });
}

}  // namespace cupel::perturbation::cell_eval2
