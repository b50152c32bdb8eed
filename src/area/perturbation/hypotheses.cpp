#include "area/perturbation/hypotheses.hpp"

#include <array>

namespace cupel::perturbation {

std::span<const Hypothesis> hypotheses() noexcept {
  static const std::array<Hypothesis, 5> kHypotheses{{
      {.id = "perturbation_response",
       .title = "The specific response to a perturbation",
       .question = "Does the model know anything about a perturbation beyond the shift that all "
                   "perturbations share?",
       .explanation =
           "Perturbed cells differ from control cells in ways that have little to do with the "
           "perturbation: stress, cell cycle, selection, the effect of the assay itself. The mean "
           "of "
           "the training perturbations knows this shift, and nothing of the perturbation that is "
           "asked for. The bar is the strongest predictor that does not know which perturbation it "
           "is: no change, means of perturbations, means within a context.",
       .hidden = {"perturbation_id", "target_genes", "members", "perturbation_features"},
       .needs_blind = {"perturbation"},
       .secondary_statistic = "discrimination",
       .is_main = true,
       .if_not_shown =
           "Do not read the predictions as the response to a perturbation: {bar}, which does not "
           "know which one it is, does as well. Look at the discrimination score, and at the "
           "perturbations with a strong response.",
       .if_bar_is_near = "Report discrimination between perturbations, where the gain shows.",
       .remedy = "hold perturbations out: {scheme: unseen_perturbation}"},
      {.id = "beyond_additive",
       .title = "More than the sum of single effects",
       .question = "Does the model know how two perturbations act together?",
       .explanation =
           "Most combinations do nearly what the sum of their single effects says. The additive "
           "baseline adds the changes that training saw for the members, and cannot know synergy, "
           "buffering or suppression. The bar is the strongest predictor that uses means, sums and "
           "identities only.",
       .highest_rung = Rung::constrained,
       .needs_blind = {"combination"},
       .secondary_statistic = "pearson_shift",
       .if_not_shown =
           "Do not claim that interactions are predicted: {bar} does as well. Use it, or test on "
           "combinations that are known to interact.",
       .if_bar_is_near = "Most of the response is additive: report the gain on combinations that "
                         "depart from the sum.",
       .remedy = "hold combinations out: {scheme: unseen_combination}"},
      {.id = "context_transfer",
       .title = "How an unseen context responds",
       .question =
           "Does the model know how another cell type or donor responds, beyond the mean response "
           "of the contexts that it has seen?",
       .explanation =
           "For a context without perturbed cells in training, the mean change of the same "
           "perturbation in other contexts, added to the context's own control, is the response of "
           "an average context. Only a model above the strongest such mean has used what is "
           "particular to the new one. Control cells of the new context are known to all.",
       .highest_rung = Rung::identities,
       .needs_blind = {"context"},
       .secondary_statistic = "pearson_shift",
       .if_not_shown =
           "For new contexts use {bar}: the model adds nothing that matters. Report it beside the "
           "model.",
       .if_bar_is_near = "Report the gain per context and perturbation.",
       .remedy = "hold a context out: {scheme: unseen_context}"},
      {.id = "perturbation_in_context",
       .title = "Responses particular to a perturbation in a context",
       .question =
           "When both the perturbation and the context are known, does the model know more than "
           "both on their own?",
       .explanation =
           "The two-way additive baseline is what a perturbation does on average plus what sets "
           "the "
           "context apart. What is left is the interaction: a gene that matters in one cell type "
           "and not in another.",
       .highest_rung = Rung::identities,
       .needs_mixed = true,
       .secondary_statistic = "pearson_shift",
       .if_not_shown = "Do not claim responses particular to a cell type: {bar} knows only "
                       "averages and does as "
                       "well.",
       .if_bar_is_near = "Report the gain over the sum of both effects.",
       .remedy = "hold out perturbations in some contexts that training has seen in others"},
      {.id = "beyond_simple_models",
       .title = "More than simple models",
       .question = "Is a large model needed, or does a linear or nearest-neighbour model do?",
       .explanation =
           "A linear model on the principal components of the perturbed gene, or the response of "
           "the perturbation with the nearest embedding, uses the same information as a deep model "
           "at no cost. The bar is the strongest baseline of all, whatever it sees.",
       .needs_blind = {"perturbation", "context"},
       .secondary_statistic = "discrimination",
       .if_not_shown = "Use {bar}: it is simpler and no worse. If the model is to be kept, show a "
                       "case in which "
                       "it is needed.",
       .if_bar_is_near = "Report {bar} beside the model.",
       .remedy = "add a split that holds out perturbations or contexts"},
  }};
  return kHypotheses;
}

}  // namespace cupel::perturbation
