// Sections that are words: summary, findings, hypotheses, explanations, methods.
#include <nlohmann/json.hpp>

#include "report/json_sections.hpp"
#include "verdict/judge.hpp"

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
                   {"equivalent", is_equivalent(results.run, results.evidence, finding)},
                   {"sentence", finding.sentence},
                   {"recommendation", finding.recommendation}});
  }
  return all;
}

std::vector<Finding> read_findings(const Json& section) {
  const auto number = [](const Json& item, const char* key) {
    return item.at(key).is_null() ? kUndefined : item.at(key).get<double>();
  };
  std::vector<Finding> findings;
  for (const auto& item : section) {
    Finding finding{.hypothesis = item.at("hypothesis"),
                    .predictor = item.at("predictor"),
                    .against = item.at("against"),
                    .split = item.at("split"),
                    .metric = item.at("metric"),
                    .unit = item.at("unit"),
                    .estimate = number(item, "estimate"),
                    .low = number(item, "low"),
                    .high = number(item, "high"),
                    .margin = number(item, "margin"),
                    .p_value = number(item, "p_value"),
                    .p_adjusted = number(item, "p_adjusted"),
                    .minimum_detectable = number(item, "minimum_detectable"),
                    .share_explained = number(item, "share_explained"),
                    .share_low = number(item, "share_low"),
                    .share_high = number(item, "share_high"),
                    .n_rows = item.at("n_rows"),
                    .n_units = item.at("n_units"),
                    .sentence = item.at("sentence"),
                    .recommendation = item.at("recommendation")};
    for (const Verdict verdict :
         {Verdict::learned, Verdict::not_shown, Verdict::worse, Verdict::cannot_tell}) {
      if (item.at("verdict") == to_string(verdict)) finding.verdict = verdict;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
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
