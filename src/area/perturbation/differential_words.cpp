// Differential expression within contexts, and what is computed in words.
#include "area/perturbation/differential.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

std::string fold_words(const DifferentialOptions& options) {
  if (options.scale == Scale::unknown) return "fold changes: none, the scale is not stated";
  const bool is_log = options.scale == Scale::log1p;
  const std::string mean = options.fold_change == FoldChange::geometric
                               ? (is_log ? "expm1(mean(x))" : "expm1(mean(log1p(x)))")
                               : (is_log ? "mean(expm1(x))" : "mean(x)");
  return "fold changes: log2 of the ratio of " + mean + ", " +
         (options.epsilon == 0.0 ? "nothing added (x/0 is infinite, 0/0 is 0)"
                                 : format_double(options.epsilon) + " added to both");
}

bool has_groups(const Categories& groups, const std::string& reference, bool against_rest) {
  bool has_reference = false;
  std::uint32_t first = Categories::kMissing;
  bool has_two = false;
  for (const auto code : groups.code) {
    if (code == Categories::kMissing) continue;
    if (first == Categories::kMissing) first = code;
    has_two = has_two || code != first;
    has_reference = has_reference || groups.levels[code] == reference;
  }
  return has_two && (against_rest || has_reference);
}

}  // namespace

std::vector<std::string> conventions(const DifferentialOptions& options) {
  std::vector<std::string> words;
  if (options.test == DifferentialTest::welch) {
    words.emplace_back("test: Welch's t, two-sided, degrees of freedom of Welch and Satterthwaite");
  } else {
    words.push_back(std::string("test: Mann-Whitney, two-sided, normal approximation ") +
                    (options.tie_correction ? "with" : "without") + " tie correction, " +
                    (options.continuity ? "with" : "without") + " continuity correction");
  }
  words.emplace_back(options.against_rest ? "against: all other cells that have a label"
                                          : "against: the cells of the reference");
  words.push_back("values: " + (options.transform.is_identity() ? std::string("as in the file")
                                                                : options.transform.text()));
  words.push_back(fold_words(options));
  switch (options.adjustment) {
    case Adjustment::benjamini_hochberg:
      words.emplace_back("p_adjusted: Benjamini-Hochberg over the genes of each perturbation");
      break;
    case Adjustment::benjamini_yekutieli:
      words.emplace_back("p_adjusted: Benjamini-Yekutieli over the genes of each perturbation");
      break;
    case Adjustment::none:
      words.emplace_back("p_adjusted: not adjusted");
      break;
  }
  return words;
}

std::vector<ContextResult> differential_expression_by_context(
    const CellMatrix& matrix, const std::vector<std::string>& genes, const Categories& groups,
    const Categories& contexts, const std::string& reference, const DifferentialOptions& options,
    std::vector<std::string>& left_out, const Context& context) {
  if (contexts.code.size() != groups.code.size()) {
    fail(ErrorKind::internal, "groups and contexts differ in size");
  }
  std::vector<ContextResult> results;
  for (std::uint32_t level = 0; level < contexts.levels.size(); ++level) {
    Categories here = groups;
    for (std::size_t cell = 0; cell < here.code.size(); ++cell) {
      if (contexts.code[cell] != level) here.code[cell] = Categories::kMissing;
    }
    if (!has_groups(here, reference, options.against_rest)) {
      left_out.push_back(contexts.levels[level]);
      continue;
    }
    results.push_back({contexts.levels[level],
                       differential_expression(matrix, genes, here, reference, options, context)});
  }
  if (results.empty()) {
    fail_input("no " + contexts.name + " has cells of the reference \"" + reference +
                   "\" and of another " + groups.name,
               {}, "check the columns with cupel inspect");
  }
  return results;
}

}  // namespace cupel::perturbation
