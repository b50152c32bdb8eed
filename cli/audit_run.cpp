#include "audit_run.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

JsonOut finding_json(const Finding& finding) {
  JsonOut out = JsonOut::part();
  out.text("hypothesis", finding.hypothesis).text("predictor", finding.predictor);
  out.text("against", finding.against).text("split", finding.split).text("metric", finding.metric);
  out.number("estimate", finding.estimate).number("low", finding.low).number("high", finding.high);
  out.number("margin", finding.margin).number("p_adjusted", finding.p_adjusted);
  out.number("share_explained", finding.share_explained);
  out.text("verdict", to_string(finding.verdict)).text("sentence", finding.sentence);
  out.text("recommendation", finding.recommendation);
  return out;
}

std::string as_json(const AuditOutcome& outcome) {
  JsonOut out;
  out.text("headline", outcome.headline);
  std::vector<JsonOut> models;
  for (const auto& model : outcome.models) {
    JsonOut one = JsonOut::part();
    one.text("name", model.name).text("title", model.title);
    if (!model.brief.empty()) one.text("brief", model.brief);
    one.texts("lines", model.lines).texts("flags", model.flags);
    models.push_back(std::move(one));
  }
  out.objects("models", models);
  std::vector<JsonOut> findings;
  for (const auto& finding : outcome.findings) findings.push_back(finding_json(finding));
  out.objects("findings", findings);
  out.text("report_json", outcome.report_json.string());
  out.text("report_html", outcome.report_html.string());
  out.number("n_trials", static_cast<double>(outcome.n_trials));
  out.number("n_trials_reused", static_cast<double>(outcome.n_trials_reused));
  out.boolean("was_complete", outcome.was_complete).number("seconds", outcome.seconds);
  return out.dump();
}

std::string as_text(const AuditOutcome& outcome, const Session& session) {
  std::string out = session.styled(outcome.headline, "bold") + "\n";
  bool is_first = true;
  for (const auto& model : outcome.models) {
    if (!model.brief.empty()) {  // one line each: there may be dozens
      out += (is_first ? "\n" : "") + model.brief + "\n";
      is_first = false;
      continue;
    }
    out += "\n" + model.title + "\n";
    for (const auto& line : model.lines) out += "  " + line + "\n";
    if (!model.flags.empty()) out += "  protocol: " + join(model.flags, ", ") + "\n";
  }
  out += "\n" + std::to_string(outcome.n_trials) + " trials, " +
         std::to_string(outcome.n_trials_reused) + " of them reused\n";
  const auto& page = outcome.report_html.empty() ? outcome.report_json : outcome.report_html;
  return out + "report: " + page.string() + "\n";
}

}  // namespace

int run_audit(const Study& study, const AuditOptions& options,
              const std::vector<std::string>& fail_on, Session& session) {
  const AuditOutcome outcome = audit(study, options, session.context);
  session.context.report({.task = "done", .done = 1, .total = 1});
  session.print(session.json ? as_json(outcome) : as_text(outcome, session));
  const auto wanted = [&](std::string_view word) {
    return std::find(fail_on.begin(), fail_on.end(), word) != fail_on.end();
  };
  for (const auto& finding : outcome.findings) {
    if (wanted(to_string(finding.verdict))) return 1;
  }
  for (const auto& model : outcome.models) {
    if (!model.flags.empty() && wanted("fault")) return 1;
  }
  return 0;
}

}  // namespace cupel::cli
