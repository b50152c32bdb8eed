#include "report/audit.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/folder_lock.hpp"
#include "io/write.hpp"
#include "report/comparison_csv.hpp"
#include "report/json_sections.hpp"
#include "report/json_spectrum.hpp"
#include "report/predicted_profiles.hpp"
#include "report/report_page.hpp"
#include "report/results.hpp"
#include "report/spectrum_csv.hpp"
#include "report/text.hpp"
#include "split/files.hpp"
#include "study/sample_scores.hpp"
#include "study/score.hpp"
#include "verdict/judge.hpp"
#include "verdict/protocol.hpp"
#include "verdict/series_spectrum.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using detail::Json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string findings_csv(const std::vector<Finding>& findings) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"hypothesis",
                                   "predictor",
                                   "against",
                                   "split",
                                   "metric",
                                   "estimate",
                                   "low",
                                   "high",
                                   "verdict",
                                   "margin",
                                   "p_value",
                                   "p_adjusted",
                                   "minimum_detectable",
                                   "share_explained",
                                   "share_low",
                                   "share_high",
                                   "unit",
                                   "n_rows",
                                   "n_units",
                                   "sentence",
                                   "recommendation"});
  for (const auto& finding : findings) {
    csv.text(finding.hypothesis).text(finding.predictor).text(finding.against).text(finding.split);
    csv.text(finding.metric).number(finding.estimate).number(finding.low).number(finding.high);
    csv.text(to_string(finding.verdict)).number(finding.margin).number(finding.p_value);
    csv.number(finding.p_adjusted).number(finding.minimum_detectable);
    csv.number(finding.share_explained).number(finding.share_low).number(finding.share_high);
    csv.text(finding.unit).integer(static_cast<std::int64_t>(finding.n_rows));
    csv.integer(static_cast<std::int64_t>(finding.n_units));
    csv.text(finding.sentence).text(finding.recommendation).end_row();
  }
  return csv.take();
}

// One line per test row, one column per predictor (and seed, where there are several).
std::string predictions_csv(const StudyRun& run, const SplitResult& split) {
  CsvWriter csv;
  csv.text("row").text("fold");
  for (const auto& entity : run.data.entities) csv.text(entity.name);
  csv.text("target");
  for (const auto& entry : split.entries) {
    const std::string& name = run.predictors[entry.predictor]->info().name;
    const bool several =
        std::count_if(split.entries.begin(), split.entries.end(),
                      [&](const Entry& other) { return other.predictor == entry.predictor; }) > 1;
    csv.text(several ? name + "@" + std::to_string(entry.seed) : name);
  }
  csv.end_row();
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    csv.integer(static_cast<std::int64_t>(run.data.source_row[split.rows[i]]))
        .integer(split.fold[i]);
    for (const auto& entity : run.data.entities) {
      csv.text(entity.ids[entity.code_of_sample[split.rows[i]]]);
    }
    csv.number(split.truth[i]);
    for (const auto& entry : split.entries) csv.number(entry.values[i]);
    csv.end_row();
  }
  return csv.take();
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

Json timings_section(const AuditResults& results) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  Json stages = Json::array();
  for (const auto& stage : results.run.stages) {
    stages.push_back({{"name", stage.name}, {"seconds", stage.seconds}});
  }
  return {{"total_s", results.total_seconds},
          {"stages", stages},
          {"n_threads", results.n_threads},
          {"peak_memory_mib", static_cast<double>(usage.ru_maxrss) / 1024.0},
          {"date", today()}};
}

Json study_section(const AuditResults& results) {
  const Study& study = results.run.study;
  const std::string& metric =
      study.margin.metric.empty() ? study.primary_metric : study.margin.metric;
  return {
      {"title", study.title.empty() ? results.run.data.name : study.title},
      {"area", study.area},
      {"hash", results.study_hash},
      {"file", fs::path(study.source).filename().string()},
      {"command", results.command_line},
      {"seed", study.seed},
      {"primary_metric", study.primary_metric},
      {"confidence", study.statistics.confidence},
      {"draws", study.statistics.draws},
      {"margin",
       {{"metric", metric}, {"value", study.margin.value}, {"relative", study.margin.relative}}}};
}

Json report_json(const AuditResults& results, const Summary& summary, const Context& context) {
  Json report;
  report["schema"] = "cupel-report";
  report["schema_version"] = 1;
  report["cupel_version"] = version();
  report["study"] = study_section(results);
  report["summary"] = detail::summary_section(results, summary);
  report["data"] = detail::data_section(results);
  report["diagnostics"] = detail::diagnostics_section(results);
  report["splits"] = detail::splits_section(results);
  report["predictors"] = detail::predictors_section(results);
  report["metrics"] = detail::metrics_section(results);
  report["scores"] = detail::scores_section(results);
  report["groups"] = detail::groups_section(results);
  report["hypotheses"] = detail::hypotheses_section(results);
  report["findings"] = detail::findings_section(results);
  report["ladders"] = detail::ladders_section(results);
  report["rankings"] = detail::rankings_section(results);
  report["corrected_tests"] = detail::corrected_tests_section(results);
  report["multiple_comparison"] = detail::multiple_comparison_section(results);
  report["twins"] = detail::twins_section(results);
  report["learning_curves"] = detail::curves_section(results, context);
  report["spectra"] = detail::spectra_json(results.spectra);
  report["tasks"] = detail::tasks_section(results);
  report["pairs"] = detail::pairs_section(results);
  report["distances"] = detail::distances_section(results);
  report["sections"] = detail::area_sections(results);
  report["protocol"] = detail::protocol_section(results);
  report["explanations"] = detail::explanations_section(results);
  report["methods"] = detail::methods_section(results);
  report["timings"] = timings_section(results);
  return report;
}

void make_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    fail(ErrorKind::io, "the folder of the report cannot be made: " + problem.message(),
         {.file = folder.string()}, "choose another folder with --out");
  }
}

// The files that an audit left, and from what: a study that stands there needs no work.
class Manifest {
 public:
  Manifest(fs::path folder, std::string study_hash)
      : folder_(std::move(folder)), study_hash_(std::move(study_hash)) {}

  void write(const std::string& name, std::string_view bytes) {
    make_folder((folder_ / name).parent_path());
    write_file_atomic(folder_ / name, bytes);
    files_[name] = sha256_hex(bytes);
  }

  // Files that were written by others below the folder.
  void add_existing(const std::string& name) { files_[name] = sha256_file(folder_ / name); }

  void finish(const std::vector<InputFile>& inputs, const AuditOutcome& outcome) {
    Json manifest{
        {"schema", "cupel-manifest"}, {"study", study_hash_}, {"headline", outcome.headline}};
    manifest["inputs"] = Json::array();
    for (const auto& input : inputs) {
      manifest["inputs"].push_back({{"file", input.file}, {"sha256", input.sha256}});
    }
    manifest["files"] = files_;
    manifest["models"] = Json::array();
    for (const auto& model : outcome.models) {
      manifest["models"].push_back({{"name", model.name},
                                    {"title", model.title},
                                    {"lines", model.lines},
                                    {"flags", model.flags},
                                    {"brief", model.brief}});
    }
    write_file_atomic(folder_ / "manifest.json", manifest.dump(1) + "\n");
  }

  // What stands there is of another study: while it is replaced the folder is no finished report.
  void withdraw() const {
    std::error_code ignored;
    fs::remove(folder_ / "manifest.json", ignored);
  }

  // True if the folder holds this study's finished report, from the same inputs, intact.
  bool stands(const Study& study, const CatalogueOptions& catalogue, AuditOutcome& outcome) const {
    try {
      std::ifstream file(folder_ / "manifest.json");
      if (!file) return false;
      const Json manifest = Json::parse(file);
      if (manifest.at("study") != study_hash_) return false;
      for (const auto& input : manifest.at("inputs")) {
        const auto path = resolve_file(input.at("file"), study.base_folder, catalogue);
        if (sha256_file(path) != input.at("sha256").get<std::string>()) return false;
      }
      for (const auto& [name, hash] : manifest.at("files").items()) {
        if (sha256_file(folder_ / name) != hash.get<std::string>()) return false;
      }
      outcome.headline = manifest.at("headline");
      for (const auto& model : manifest.at("models")) {
        outcome.models.push_back({model.at("name"), model.at("title"), model.at("lines"),
                                  model.at("flags"), model.value("brief", "")});
      }
      std::ifstream report(folder_ / "report.json");
      outcome.findings = detail::read_findings(Json::parse(report).at("findings"));
      return true;
    } catch (const std::exception&) {
      outcome = {};
      return false;  // an unreadable manifest only means that the work is done again
    }
  }

 private:
  fs::path folder_;
  std::string study_hash_;
  std::map<std::string, std::string> files_;
};

void describe_outcome(const AuditResults& results, const Summary& summary, AuditOutcome& outcome) {
  outcome.headline = summary.headline;
  for (const auto& model : summary.models) {
    ModelOutcome lines{.name = model.name,
                       .title = model.title,
                       .flags = model.flags,
                       .brief = published_brief(results, model)};
    for (const Finding* finding : model.findings) {
      lines.lines.push_back(fmt::format(
          "{:<12} {:<20} {}", to_string(finding->verdict), finding->hypothesis,
          finding->split.empty() ? finding->sentence : finding->split + ": " + finding->sentence));
    }
    outcome.models.push_back(std::move(lines));
  }
}

bool tests_a_row_twice(std::span<const Split> folds) {
  std::vector<std::uint8_t> tested(folds.front().role.size(), 0);
  for (const auto& fold : folds) {
    for (const std::uint32_t row : fold.rows(Role::test)) {
      if (tested[row]++ != 0) return true;
    }
  }
  return false;
}

// The folds of every split with their provenance: a file per repeat, or per fold where the user's
// folds test rows more than once.
void write_splits(const StudyRun& run, const fs::path& out, Manifest& manifest) {
  fs::create_directories(out / "splits");
  const auto keep = [&](const std::string& name) {
    manifest.add_existing(name + ".csv");
    manifest.add_existing(name + ".json");
  };
  for (const auto& split : run.splits) {
    for (std::size_t begin = 0; begin < split.folds.size();) {
      std::size_t end = begin;
      while (end < split.folds.size() && split.folds[end].repeat == split.folds[begin].repeat)
        ++end;
      const auto folds = std::span(split.folds).subspan(begin, end - begin);
      const std::string name =
          "splits/" + split.name + "-" + std::to_string(split.folds[begin].repeat);
      if (!tests_a_row_twice(folds)) {
        write_fold_file(out / (name + ".csv"), run.data, folds);
        keep(name);
      } else {
        for (const auto& fold : folds) {
          const std::string one = name + "-" + std::to_string(fold.fold);
          write_split_file(out / (one + ".csv"), run.data, fold);
          keep(one);
        }
      }
      begin = end;
    }
  }
  for (const auto& series : run.series) {
    write_series_file(out / "splits" / (series.name + ".csv"), run.data, series.splits);
    keep("splits/" + series.name);
  }
}

void write_outputs(const AuditResults& results, const Summary& summary, Manifest& manifest,
                   AuditOutcome& outcome, const fs::path& out, const Context& context) {
  manifest.write("scores.csv", scores_csv(results.scores));
  manifest.write("findings.csv", findings_csv(results.findings));
  if (!results.spectra.empty()) manifest.write("spectrum.csv", spectrum_csv(results.spectra));
  if (!results.tasks.tables.empty()) manifest.write("tasks.csv", tasks_csv(results.tasks));
  if (!results.pairs.scores.empty()) manifest.write("pairs.csv", pairs_csv(results.pairs));
  if (!results.distances.empty()) manifest.write("distances.csv", distances_csv(results.distances));
  for (const auto& split : results.run.splits) {
    if (has_vector_targets(results.run)) {
      write_predicted_profiles(results.run, split, out / "predictions" / (split.name + ".h5ad"),
                               context);
      manifest.add_existing("predictions/" + split.name + ".h5ad");
    } else {
      manifest.write("predictions/" + split.name + ".csv", predictions_csv(results.run, split));
    }
  }
  write_splits(results.run, out, manifest);
  const std::string json = report_json(results, summary, context).dump() + "\n";
  manifest.write("report.json", json);
  outcome.report_json = out / "report.json";
  if (has_report_page()) {
    manifest.write("report.html", render_report_page(json));
    outcome.report_html = out / "report.html";
  }
}

// What makes a model's numbers doubtful is said at once, not only in the report.
void tell_serious(const StudyRun& run, const Context& context) {
  const auto tell = [&](const std::string& whose, const Diagnostics& diagnostics) {
    for (const auto& item : diagnostics.all()) {
      if (item.severity < Severity::serious) continue;
      context.say(LogLevel::warning,
                  fmt::format("{}{} ({} x {}{})", whose, item.message, item.count, item.code,
                              item.examples.empty() ? "" : ", first: " + item.examples.front()));
    }
  };
  tell("", run.data.diagnostics);
  for (const auto& note : run.notes) {
    if (note.predictor < run.predictors.size() && run.predictors[note.predictor]->info().is_model) {
      tell(run.predictors[note.predictor]->info().name + ": ", note.diagnostics);
    }
  }
}

}  // namespace

AuditOutcome audit(const Study& study, const AuditOptions& options, const Context& context) {
  const auto start = Clock::now();
  AuditOutcome outcome;
  AuditResults results;
  results.command_line = options.command_line;
  results.n_threads = context.n_threads;
  results.study_hash = Sha256()
                           .field(version())
                           .field(study.area)
                           .field(options.study_text)
                           .field(std::to_string(study.seed))
                           .hex();
  Manifest manifest(options.out, results.study_hash);
  if (manifest.stands(study, options.catalogue, outcome)) {
    outcome.was_complete = true;
    outcome.report_json = options.out / "report.json";
    if (fs::exists(options.out / "report.html")) outcome.report_html = options.out / "report.html";
    outcome.seconds = seconds_since(start);
    return outcome;
  }
  make_folder(options.out);
  const FolderLock lock(options.out);
  remove_partial_files(options.out);
  remove_partial_files(options.out / "predictions");
  remove_partial_files(options.out / "splits");
  manifest.withdraw();
  results.run = run_study(study,
                          {.store = options.store.empty() ? options.out / "store" : options.store,
                           .work = options.out / "work",
                           .catalogue = options.catalogue},
                          context);
  tell_serious(results.run, context);
  auto& stages = results.run.stages;
  auto lap = Clock::now();
  const auto end_stage = [&](const char* name) {
    stages.push_back({name, seconds_since(lap)});
    lap = Clock::now();
  };
  results.scores = score_run(results.run, context);
  end_stage("metrics");
  results.evidence = gather_evidence(results.run, context);
  end_stage("bootstrap");
  if (!has_vector_targets(results.run)) results.noise = estimate_noise(results.run.data);
  results.protocol = check_protocol(results.run, results.noise);
  results.findings = judge(results.run, results.evidence, results.protocol);
  end_stage("verdicts");
  if (!results.run.series.empty()) {
    results.spectra = summarise_series(results.run, context);
    add_series_findings(series_findings(results.run, results.spectra), study.primary_metric,
                        results.findings);
    for (auto& note : series_notes(results.spectra)) results.protocol.push_back(std::move(note));
    end_stage("spectra");
  }
  results.tasks = compare_tasks(results.run, results.scores, context);
  add_series_findings(published_findings(results), study.primary_metric, results.findings);
  results.pairs = compare_pairs(results.run, context);
  add_series_findings(results.pairs.findings, study.primary_metric, results.findings);
  results.distances = distance_profiles(results.run, context);
  if (!results.tasks.tables.empty() || !results.pairs.block.empty() || !results.distances.empty()) {
    end_stage("tasks, pairs and distances");
  }
  results.sections = make_sections(results.run, context);
  if (!results.sections.empty()) end_stage("sections of the area");
  const Summary summary = summarise(results);
  describe_outcome(results, summary, outcome);
  results.total_seconds = seconds_since(start);
  write_outputs(results, summary, manifest, outcome, options.out, context);
  manifest.finish(results.run.inputs, outcome);
  outcome.findings = results.findings;
  outcome.n_trials = results.run.n_trials;
  outcome.n_trials_reused = results.run.n_trials_reused;
  outcome.seconds = seconds_since(start);
  return outcome;
}

}  // namespace cupel
