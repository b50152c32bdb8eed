#pragma once
/// Running an audit and printing what came out; shared by `audit` and `demo`.
#include "app.hpp"
#include "cupel/study.hpp"
#include "report/audit.hpp"

namespace cupel::cli {

/// Runs the audit, prints the summary (or JSON), and returns the exit code: 1 if `fail_on` names a
/// verdict ("worse", "not shown", "cannot tell") that some finding has, or is "any-fault" and a
/// serious protocol fault was seen; else 0.
int run_audit(const Study& study, const AuditOptions& options,
              const std::vector<std::string>& fail_on, Session& session);

}  // namespace cupel::cli
