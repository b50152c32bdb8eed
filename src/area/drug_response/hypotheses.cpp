#include "area/drug_response/hypotheses.hpp"

#include <array>

namespace cupel::drug_response {

namespace {

constexpr const char* kWithinDrugs = "Score within drugs, where the gain shows.";

}  // namespace

std::span<const Hypothesis> hypotheses() noexcept {
  static const std::array<Hypothesis, 4> kHypotheses{{
      {.id = "beyond_distribution",
       .title = "More than the target distribution",
       .question = "Does the model know more than the means of drugs, lines and tissues?",
       .explanation =
           "Most of the variance of drug response lies between drugs, so the drugs' training means "
           "score high without any pharmacogenomics. The bar is the strongest combination of "
           "means: "
           "global, drug, line, tissue, tissue x drug, and drug + line.",
       .hidden = {"drug_features", "cell_features"},
       .highest_rung = Rung::means,
       .secondary_statistic = "macro_drug_pearson",
       .if_bar_is_near = kWithinDrugs,
       .remedy = "add any split"},
      {.id = "beyond_identity",
       .title = "More than identities",
       .question = "Does the model use any feature, rather than which drug and which line it is?",
       .explanation =
           "When drug and line are both known from training, a factorisation of the response "
           "matrix "
           "that sees no feature at all fills the gaps. Only a model above the best predictor on "
           "identities can owe its score to features.",
       .hidden = {"drug_features", "cell_features"},
       .highest_rung = Rung::identities,
       .needs_mixed = true,
       .secondary_statistic = "macro_drug_pearson",
       .if_not_shown =
           "Do not attribute the score to features: {bar} reaches it without. Test on unseen lines "
           "and unseen drugs.",
       .if_bar_is_near = kWithinDrugs,
       .remedy = "add a split in which drugs and lines are known from training: {scheme: mixed}"},
      {.id = "cell_features",
       .title = "Features of the cell line",
       .question = "Are the features of the cell line used to predict lines never seen?",
       .explanation =
           "For a line that training never saw, identity is worth nothing: what is left is the "
           "drug's mean, per tissue where the tissue is known, and whatever the line's features "
           "tell. The bar sees everything but those features.",
       .hidden = {"cell_features"},
       .highest_rung = Rung::full,
       .needs_blind = {"cell", "cell.tissue"},
       .secondary_statistic = "macro_drug_pearson",
       .if_not_shown = "Score per drug, add cell lines rather than pairs, and compare with the "
                       "model on permuted "
                       "features before claiming pharmacogenomics.",
       .if_bar_is_near = kWithinDrugs,
       .remedy = "add a split whose test lines are unseen: {scheme: cancer_blind}"},
      {.id = "drug_chemistry",
       .title = "Chemistry of the drug",
       .question = "Is the drug's chemistry used to predict drugs never seen?",
       .explanation =
           "For a drug that training never saw, the bar is the sensitivity of each line averaged "
           "over the known drugs, and everything else that does not look at the drug's structure, "
           "target or pathway.",
       .hidden = {"drug_features"},
       .highest_rung = Rung::full,
       .needs_blind = {"drug"},
       .secondary_statistic = "macro_cell_pearson",
       .if_not_shown =
           "A claim to predict new drugs is not supported. Claim known drugs only, or add drugs: "
           "their "
           "number, not the number of pairs, limits what chemistry can be learned. Where sensitive "
           "or "
           "resistant is all that is asked, judge the binarised response (auroc per drug).",
       .if_bar_is_near = kWithinDrugs,
       .remedy = "add a split whose test drugs are unseen: {scheme: drug_blind}"},
  }};
  return kHypotheses;
}

}  // namespace cupel::drug_response
