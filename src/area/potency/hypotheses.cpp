#include "area/potency/hypotheses.hpp"

#include <array>

namespace cupel::potency {

std::span<const Hypothesis> hypotheses() noexcept {
  static const std::array<Hypothesis, 5> kHypotheses{{
      {.id = "beyond_distribution",
       .title = "More than the distribution of potencies",
       .question = "Does the model know more than the mean or median of the training compounds?",
       .explanation =
           "A model of a narrow series can look accurate in absolute terms because potencies are "
           "narrow: most predictions of a constant are within tenfold of experiment.",
       .hidden = {"size", "scaffold", "physchem", "neighbours", "fingerprint", "ligand_graph"},
       .highest_rung = Rung::means,
       .secondary_statistic = "pearson",
       .if_not_shown = "Do not quote the error in absolute terms: {bar} has it as well. Report the "
                       "gain over it, "
                       "and check that training converged.",
       .remedy = "add any split"},
      {.id = "beyond_size",
       .title = "More than size and scaffold",
       .question = "Does the model use structure, rather than how large and greasy a compound is, "
                   "and which scaffold it has?",
       .explanation =
           "Potency grows with size and lipophilicity, and compounds of one scaffold resemble each "
           "other. The bar is the strongest predictor that sees whole-molecule descriptors and the "
           "scaffold's mean, and no substructure.",
       .hidden = {"neighbours", "fingerprint", "ligand_graph"},
       .highest_rung = Rung::full,
       .secondary_statistic = "pearson",
       .if_not_shown =
           "Do not attribute the score to substructures: {bar} needs none. Report it beside the "
           "model, and score within scaffolds or among compounds of one size.",
       .if_bar_is_near = "Score within scaffolds, where the gain shows.",
       .remedy = "add any split"},
      {.id = "beyond_neighbours",
       .title = "More than looking up the nearest training compounds",
       .question = "Is the model better than a similarity-weighted mean of the nearest training "
                   "compounds?",
       .explanation =
           "Copying the values of the most similar training compounds learns nothing of structure "
           "and activity, yet it is what a test set of close analogues rewards. The bar is the "
           "best of the look-ups and of everything that sees less.",
       .hidden = {"fingerprint", "ligand_graph"},
       .highest_rung = Rung::full,
       .secondary_statistic = "pearson",
       .is_main = true,
       .if_not_shown =
           "Report {bar} beside the model: looking compounds up scores as well. Test on a split by "
           "scaffold or of low similarity to training before claiming that structure and activity "
           "were learned.",
       .if_bar_is_near = "Show at which similarity to training it arises.",
       .remedy = "add any split"},
      {.id = "beyond_fingerprint",
       .title = "More than a forest on fingerprints",
       .question = "Is the model better than classical learners on fingerprints?",
       .explanation =
           "Forests, boosting and ridge regression on circular fingerprints or MACCS keys know "
           "which substructures are there. What a graph, string or 3-D model claims beyond that "
           "has to show as a gain over the best of them.",
       .hidden = {"ligand_graph"},
       .highest_rung = Rung::full,
       .secondary_statistic = "pearson",
       .if_not_shown =
           "Do not claim that graphs, strings or shapes add to fingerprints: {bar} does as well at "
           "a "
           "fraction of the cost. Report it beside the model, tuned with the same effort.",
       .remedy = "add any split"},
      {.id = "activity_cliffs",
       .title = "Activity cliffs",
       .question = "Does the model predict similar compounds with very different potencies better "
                   "than look-up of neighbours?",
       .explanation =
           "On an activity cliff a small change of structure changes potency tenfold or more: "
           "exactly there a look-up must fail, and a model that understands the change need not. "
           "The bar is the look-up, in the error on cliff compounds and in the order of cliff "
           "pairs.",
       .hidden = {"fingerprint", "ligand_graph"},
       .highest_rung = Rung::full,
       .about_pairs = true,
       .remedy = "name a rule or a column: data: {cliffs: {rule: moleculeace}}"},
  }};
  return kHypotheses;
}

}  // namespace cupel::potency
