// Sections that are words: summary, findings, hypotheses, explanations, methods.
#include <nlohmann/json.hpp>

#include "report/json_sections.hpp"

namespace cupel::detail {

Json findings_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& finding : results.findings) {
    all.push_back({{"hypothesis", finding.hypothesis},
                   {"predictor", finding.predictor},
                   {"against", finding.against},
                   {"split", finding.split},
                   {"metric", finding.metric},
                   {"unit", finding.unit},
                   {"estimate", finding.estimate},
                   {"low", finding.low},
                   {"high", finding.high},
                   {"margin", finding.margin},
                   {"p_value", finding.p_value},
                   {"p_adjusted", finding.p_adjusted},
                   {"minimum_detectable", finding.minimum_detectable},
                   {"share_explained", finding.share_explained},
                   {"share_low", finding.share_low},
                   {"share_high", finding.share_high},
                   {"n_rows", finding.n_rows},
                   {"n_units", finding.n_units},
                   {"verdict", to_string(finding.verdict)},
                   {"sentence", finding.sentence},
                   {"recommendation", finding.recommendation}});
  }
  return all;
}

Json hypotheses_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& hypothesis : results.run.area->hypotheses()) {
    all.push_back({{"id", hypothesis.id},
                   {"title", hypothesis.title},
                   {"question", hypothesis.question},
                   {"explanation", hypothesis.explanation}});
  }
  return all;
}

Json summary_section(const AuditResults& results, const Summary& summary) {
  Json models = Json::array();
  for (const auto& model : summary.models) {
    Json verdicts = Json::array();
    for (const Finding* finding : model.findings) {
      std::string title = finding->hypothesis;
      for (const auto& hypothesis : results.run.area->hypotheses()) {
        if (hypothesis.id == finding->hypothesis) title = hypothesis.title;
      }
      verdicts.push_back({{"hypothesis", finding->hypothesis},
                          {"title", title},
                          {"split", finding->split},
                          {"verdict", to_string(finding->verdict)},
                          {"sentence", finding->sentence}});
    }
    models.push_back({{"predictor", model.name},
                      {"title", model.title},
                      {"verdicts", verdicts},
                      {"sentence", model.sentence},
                      {"recommendations", model.recommendations},
                      {"flags", model.flags}});
  }
  return {{"headline", summary.headline}, {"sentences", summary.sentences}, {"models", models}};
}

Json explanations_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& item : explain(results)) {
    all.push_back({{"id", item.id}, {"title", item.title}, {"text", item.text}});
  }
  return all;
}

Json methods_section(const AuditResults& results) {
  const Methods words = methods(results);
  Json citations = Json::array();
  for (const auto& item : words.citations) {
    citations.push_back({{"key", item.key}, {"text", item.text}, {"doi", item.doi}});
  }
  return {{"paragraphs", words.paragraphs}, {"citations", citations}};
}

}  // namespace cupel::detail
