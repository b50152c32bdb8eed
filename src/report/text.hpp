#pragma once
/// The words of the report: headline, one sentence per model, explanations, methods.
#include <string>
#include <utility>
#include <vector>

#include "report/results.hpp"

namespace cupel {

struct ModelWords {
  std::string name;
  std::string title;
  std::string sentence;
  std::vector<const Finding*> findings;  ///< primary ones, in the order of the hypotheses
  std::vector<std::string> recommendations;
  std::vector<std::string> flags;  ///< codes of its serious protocol notes
};

struct Summary {
  std::string headline;
  std::vector<std::string> sentences;
  std::vector<ModelWords> models;
};
Summary summarise(const AuditResults& results);

struct Explanation {
  std::string id;
  std::string title;
  std::string text;
};
/// What a reader of these results is likely to get wrong, with this study's numbers.
std::vector<Explanation> explain(const AuditResults& results);

struct Citation {
  std::string key;
  std::string text;
  std::string doi;
};
struct Methods {
  std::vector<std::string> paragraphs;
  std::vector<Citation> citations;
};
/// Ready for a paper: every convention that changes a number is stated.
Methods methods(const AuditResults& results);

/// What is known of a predictor, or of a model with published scores; nullptr if unknown.
const PredictorInfo* find_info(const StudyRun& run, const std::string& name);
/// Title of a predictor by name (the name itself if unknown).
std::string title_of(const StudyRun& run, const std::string& name);
/// Models under audit, then those known by published scores, each once.
std::vector<std::string> model_names(const StudyRun& run);

/// "drugs", "cell lines", "ligands".
std::string plural_of(const std::string& entity);
/// What the folds are about, where each is a data set of its own: "assay", else "task".
std::string task_word(const Dataset& data);
/// How the pairs of the study were found, in words.
std::string pair_rule_words(const StudyRun& run);

/// The verdicts over tasks on models that have published scores only: all that is known of them.
std::vector<Finding> published_findings(const AuditResults& results);

/// A model with published scores in one line, of which there may be dozens: "SVM (published): worse
/// than 5-NN on 28 of 30 assays; learned beyond_size; worse beyond_neighbours". "" for others.
std::string published_brief(const AuditResults& results, const ModelWords& model);

/// The primary findings: those on the study's metric, its area along a series or its value on
/// pairs, before the second looks.
bool is_primary(const AuditResults& results, const Finding& finding);

}  // namespace cupel
