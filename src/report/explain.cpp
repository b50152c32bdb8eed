// What a reader of the scores is likely to get wrong.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/explain_parts.hpp"

namespace cupel {
namespace {

void explain_missing(const AuditResults& results, std::vector<Explanation>& all) {
  std::set<std::string> tested;
  for (const auto& finding : results.findings) {
    if (!finding.split.empty()) tested.insert(finding.hypothesis);
  }
  std::vector<std::string> remedies;
  for (const auto& hypothesis : results.run.area->hypotheses()) {
    if (!tested.contains(hypothesis.id)) {
      remedies.push_back(hypothesis.title + ": " + hypothesis.remedy);
    }
  }
  if (remedies.empty()) return;
  all.push_back({.id = "untested",
                 .title = "What this study cannot show",
                 .text = "No split here tests the following, whatever the scores. " +
                         join(remedies, "; ") + "."});
}

void explain_series(const AuditResults& results, std::vector<Explanation>& all) {
  for (const auto& spectrum : results.spectra) {
    const std::string& entity = spectrum.input.entity;
    all.push_back(
        {.id = "series_" + spectrum.input.name,
         .title = fmt::format("How to read the curve over {}s ({})", entity, spectrum.input.name),
         .text = fmt::format(
             "Every split of the series tests {0}s that training has not seen, with as many of "
             "them "
             "in training at every level; only their similarity to the nearest training {0} falls. "
             "The control tests the same {0}s after training on as many random ones: where curve "
             "and control part, similarity alone is the reason. A model that only copies the "
             "nearest {0} falls with the curve; one that has learned what the features mean stays "
             "above {1} to its end.",
             entity, "the baselines that cannot see them")});
  }
}

}  // namespace

std::vector<Explanation> explain(const AuditResults& results) {
  std::vector<Explanation> all;
  const Dataset& data = results.run.data;
  if (data.find_entity("drug") != nullptr && data.find_entity("cell") != nullptr) {
    detail::explain_response(results, all);
  }
  detail::explain_tasks(results, all);
  detail::explain_distances(results, all);
  detail::explain_pairs(results, all);
  detail::explain_published(results, all);
  explain_series(results, all);
  explain_missing(results, all);
  return all;
}

}  // namespace cupel
