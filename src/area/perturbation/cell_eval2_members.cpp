// The members of cell-eval2's profile `full`, by its names: what each is, and how it is computed.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "area/perturbation/cell_eval2_run.hpp"

namespace cupel::perturbation::cell_eval2 {
namespace {

enum class Kind : std::uint8_t { rows, panel };

struct Recipe {
  Member member;
  Kind kind = Kind::rows;
  bool absent_where_undefined = false;
  std::function<std::vector<double>(const DePair&)> of_de;
  std::function<std::vector<double>(const Expression&, const Context&)> of_expression;
};

using Recipes = std::vector<Recipe>;

PresetMetric metric(std::string name, bool higher, double perfect, std::string text) {
  return {.name = std::move(name),
          .higher_is_better = higher,
          .per_perturbation = true,
          .perfect = perfect,
          .description = std::move(text)};
}

void add_expression(Recipes& all) {
  const auto add = [&](const char* name, bool higher, double perfect, const char* text, auto value,
                       bool scored = true, bool vcc = false) {
    all.push_back({.member = {.metric = metric(name, higher, perfect, text),
                              .is_de = false,
                              .is_scored = scored,
                              .in_vcc2026 = vcc},
                   .of_de = {},
                   .of_expression = [value](const Expression& e, const Context& context) {
                     static_cast<void>(context);
                     return value(e);
                   }});
  };
  add("expr_mae", false, 0.0, "mean absolute error of the profiles", mae);
  for (const auto distance : {ProfileDistance::l1, ProfileDistance::l2, ProfileDistance::cosine}) {
    const bool vcc = distance == ProfileDistance::cosine;
    all.push_back(
        {.member = {.metric = metric(fmt::format("pds_{}", to_string(distance)), true, 1.0,
                                     fmt::format("1 - mid-rank / (n - 1) of the own true change by "
                                                 "{} distance; the target genes of the whole panel "
                                                 "are left out",
                                                 to_string(distance))),
                    .is_de = false,
                    .is_scored = true,
                    .in_vcc2026 = vcc},
         .of_de = {},
         .of_expression = [distance](const Expression& e, const Context& context) {
           return discrimination(e, distance, context);
         }});
  }
  add("delta_pearson", true, 1.0,
      "Pearson of the changes from the truth's control; -1 for a constant prediction",
      delta_pearson);
  add("expr_mse", false, 0.0, "mean squared error of the profiles", mse);
  add("expr_mse_unbiased", false, 0.0,
      "mean squared error less the sampling noise of both profiles, without the own gene",
      mse_unbiased, false, true);
  add("expr_mse_unbiased_capped", false, 0.0,
      "the same; the prediction's noise counts for no more than the truth's, nor in sum for more "
      "than its profiles spread over perturbations",
      mse_unbiased_capped, false, true);
  add("expr_distance_unbiased", true, kUndefined,
      "squared distance of truth and control less the noise of both (of the truth alone)",
      distance_unbiased, false, true);
  add("expr_real_mass_ratio", true, kUndefined,
      "sum of expm1 of the true profile over its target (1 for group sums)", real_mass_ratio, false,
      true);
  all.push_back({.member = {.metric = metric("expr_mse_unbiased_capped_norm", false, 0.0,
                                             "sum of expr_mse_unbiased_capped over sum of "
                                             "expr_distance_unbiased; about 1 for predicting the "
                                             "control; one value for the panel"),
                            .is_de = false,
                            .is_scored = true,
                            .in_vcc2026 = true},
                 .kind = Kind::panel,
                 .of_de = {},
                 .of_expression = [](const Expression& e, const Context& context) {
                   static_cast<void>(context);
                   return std::vector<double>{
                       mse_unbiased_capped_norm(mse_unbiased_capped(e), distance_unbiased(e))};
                 }});
  all.back().member.metric.per_perturbation = false;
  add("delta_mse", false, 0.0, "expr_mse: the shared control cancels", delta_mse);
  add("delta_mae", false, 0.0, "expr_mae: the shared control cancels", delta_mae);
}

void add_sets(
    Recipes& all,
    const std::function<Recipe&(const char*, bool, double, std::string,
                                std::function<std::vector<double>(const DePair&)>)>& add) {
  for (const auto side : {Side::truth, Side::predicted}) {
    for (const std::size_t k : {0, 50, 100, 200, 500}) {
      const std::string name = fmt::format("{}{}", side == Side::truth ? "overlap" : "precision",
                                           k == 0 ? "" : fmt::format("_top{}", k));
      add(name.c_str(), true, 1.0,
          fmt::format("genes in common among the first k significant ones by |log2 fold change|, "
                      "over k ({} the number of significant {} genes)",
                      k == 0 ? "k =" : fmt::format("k = {}, at most", k),
                      side == Side::truth ? "true" : "predicted"),
          [side, k](const DePair& de) { return overlap(de, side, k); });
    }
  }
  add("nsig_counts_real", true, kUndefined, "significant genes of the truth (a count)",
      [](const DePair& de) { return significant_counts(de, Side::truth); })
      .member.is_scored = false;
  add("nsig_counts_pred", true, kUndefined, "significant genes of the prediction (a count)",
      [](const DePair& de) { return significant_counts(de, Side::predicted); })
      .member.is_scored = false;
  auto& counts = add("nsig_spearman", true, 1.0,
                     "Spearman over perturbations of the number of significant genes; undefined "
                     "below 10 perturbations with any, -1 for a constant prediction",
                     [](const DePair& de) { return std::vector{spearman_of_counts(de)}; });
  counts.kind = Kind::panel;
  counts.member.metric.per_perturbation = false;
  add("sig_recall", true, 1.0, "share of the significant genes that are predicted significant",
      recall);
  add("direction_match", true, 1.0, "share of the significant genes whose predicted sign is right",
      direction_match);
  add("model_direction_match", true, 1.0,
      "share of the predicted significant genes whose sign is right; 0 without any",
      model_direction_match);
  for (const auto& [word, sign] :
       {std::pair{"lfc_spearman", Sign::all}, std::pair{"lfc_spearman_pos", Sign::up},
        std::pair{"lfc_spearman_neg", Sign::down}}) {
    add(word, true, 1.0, "Spearman of the log2 fold changes of the significant genes",
        [sign = sign](const DePair& de) { return spearman_of_changes(de, sign); });
  }
  auto& nmae =
      add("lfc_nmae", false, 0.0,
          "sum |predicted - true| / sum |true| of the log2 fold changes of the significant "
          "genes but the own one; 1 = no change predicted; no row below 10 genes",
          lfc_nmae);
  nmae.absent_where_undefined = true;
  nmae.member.in_vcc2026 = true;
  add("pr_auc", true, 1.0, "average precision of -log10 of the predicted adjusted p", pr_auc);
  add("roc_auc", true, 1.0, "ROC AUC of the same", roc_auc);
  add("overlap_adjusted", true, 1.0,
      "Matthews correlation of the significant genes and as many predicted ones", overlap_adjusted);
  for (const auto& [word, measure] : {std::pair{"precision_adjusted", Agreement::markedness},
                                      std::pair{"sig_recall_adjusted", Agreement::informedness},
                                      std::pair{"sig_mcc", Agreement::mcc}}) {
    add(word, true, 1.0,
        "agreement of true and predicted significance beyond chance (0); -1 where one side calls "
        "none or all",
        [measure = measure](const DePair& de) { return significance_agreement(de, measure); });
  }
  static_cast<void>(all);
}

void add_directions(
    const std::function<Recipe&(const char*, bool, double, std::string,
                                std::function<std::vector<double>(const DePair&)>)>& add) {
  add("direction_precision", true, 1.0,
      "share of the predicted significant genes that the truth can judge whose sign is right",
      direction_precision);
  add("direction_sensitivity", true, 1.0,
      "deepest prefix of the predicted ranking of significant genes with 0.975 right signs, over "
      "their number",
      [](const DePair& de) { return direction_sensitivity(de, Universe::adjudicated); });
  add("direction_sensitivity_universe", true, kUndefined, "the same over the ranking of all genes",
      [](const DePair& de) { return direction_sensitivity(de, Universe::all); });
  const auto fidelity = [&](const char* name, double perfect, const char* text,
                            double Fidelity::* field) -> Recipe& {
    return add(name, true, perfect, text, [field](const DePair& de) {
      std::vector<double> values;
      for (const auto& one : direction_fidelity(de)) values.push_back(one.*field);
      return values;
    });
  };
  fidelity("direction_fidelity", 1.0, "(k / n_pred - q) / max(1 - q, 0.05)", &Fidelity::fidelity);
  fidelity("direction_fidelity_raw", 1.0, "k / n_pred: right signs among the calls",
           &Fidelity::fidelity_raw);
  fidelity("direction_coverage", kUndefined, "n_pred / n_conf: calls over significant genes",
           &Fidelity::coverage);
  fidelity("direction_yield", kUndefined, "(k - q n_pred) / (n_conf d)", &Fidelity::yield);
  fidelity("direction_yield_raw", kUndefined, "k / n_conf", &Fidelity::yield_raw);
  fidelity("direction_fidelity_yield", 1.0, "min(1, coverage) direction_fidelity",
           &Fidelity::fidelity_yield);
  fidelity("direction_fidelity_yield_raw", 1.0,
           "k / max(n_pred, n_conf): right calls over calls or over significant genes",
           &Fidelity::fidelity_yield_raw)
      .member.in_vcc2026 = true;
  for (const auto universe : {Universe::adjudicated, Universe::all}) {
    for (const bool corrected : {true, false}) {
      const bool all = universe == Universe::all;
      const std::string name =
          fmt::format("direction_reach{}{}", all ? "_unbounded" : "", corrected ? "" : "_raw");
      add(name.c_str(), true, all ? kUndefined : 1.0,
          fmt::format("deepest prefix of the predicted ranking of {} genes with {} right signs, "
                      "over the number of significant genes, without the own gene",
                      all ? "all" : "significant", corrected ? "q + 0.95 (1 - q)" : "0.9"),
          [universe, corrected](const DePair& de) {
            return direction_reach(de, universe, corrected);
          })
          .member.in_vcc2026 = !all && !corrected;
    }
  }
  add("sig_jaccard", true, 1.0,
      "significant genes in common over those of either side, without the own one; 1 for none",
      jaccard)
      .member.in_vcc2026 = true;
}

Recipes make_recipes() {
  Recipes all;
  all.reserve(64);
  add_expression(all);
  const auto add = [&all](const char* name, bool higher, double perfect, std::string text,
                          std::function<std::vector<double>(const DePair&)> value) -> Recipe& {
    all.push_back({.member = {.metric = metric(std::string("de_wilcoxon_") + name, higher, perfect,
                                               std::move(text)),
                              .is_de = true,
                              .is_scored = true,
                              .in_vcc2026 = false},
                   .of_de = std::move(value),
                   .of_expression = {}});
    return all.back();
  };
  add_sets(all, add);
  add_directions(add);
  return all;
}

const Recipes& recipes() {
  static const Recipes all = make_recipes();
  return all;
}

}  // namespace

const std::vector<Member>& members() {
  static const std::vector<Member> all = [] {
    std::vector<Member> out;
    for (const auto& recipe : recipes()) out.push_back(recipe.member);
    return out;
  }();
  return all;
}

std::vector<MetricColumn> columns(const Expression* expression, const DePair* de,
                                  const Wanted& wanted, const Context& context) {
  std::vector<MetricColumn> out;
  for (const auto& recipe : recipes()) {
    const std::string& name = recipe.member.metric.name;
    if (!wanted(name)) continue;
    MetricColumn column{.metric = name};
    if (recipe.of_de && de != nullptr) {
      column.values = recipe.of_de(*de);
    } else if (recipe.of_expression && expression != nullptr) {
      column.values = recipe.of_expression(*expression, context);
    } else {
      continue;
    }
    column.is_panel = recipe.kind == Kind::panel;
    column.has_rows = name != "expr_mse_unbiased_capped_norm";
    if (recipe.absent_where_undefined) {
      for (const double value : column.values) column.absent.push_back(std::isnan(value) ? 1 : 0);
    }
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace cupel::perturbation::cell_eval2
