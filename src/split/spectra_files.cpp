#include "split/spectra_files.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

using Json = nlohmann::ordered_json;

std::string lines_of(const std::vector<std::uint32_t>& samples) {
  std::string text;
  text.reserve(samples.size() * 6);
  for (const std::uint32_t sample : samples) {
    text += std::to_string(sample);
    text += '\n';
  }
  return text;
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json left_out_json(const SpectraRecord& record) {
  Json out = Json::array();
  for (const auto& group : record.left_out) {
    out.push_back({{"reason", group.reason},
                   {"explanation", group.explanation},
                   {"count", group.samples.size()},
                   {"samples", group.samples}});
  }
  return out;
}

Json overlap_json(const OverlapProfile& overlap) {
  return {{"share_with_neighbour", number(overlap.share_with_neighbour)},
          {"neighbour_at_least", number(overlap.threshold)},
          {"nearest_mean", number(overlap.nearest_mean)},
          {"nearest_median", number(overlap.nearest_median)},
          {"nearest_p90", number(overlap.nearest_p90)},
          {"nearest_max", number(overlap.nearest_max)},
          {"mean_pair", number(overlap.mean_pair)}};
}

}  // namespace

std::size_t SpectraRecord::n_left_out() const noexcept {
  std::size_t n = 0;
  for (const auto& group : left_out) n += group.samples.size();
  return n;
}

SpectraRecord spectra_record(const SpectraGraph& graph, SpectraSplit split,
                             std::string parameter_text) {
  SpectraRecord record{.variant = std::string(to_string(split.spec.variant)),
                       .parameter = split.spec.parameter,
                       .parameter_text = std::move(parameter_text),
                       .seed = split.spec.seed,
                       .test_size = split.spec.test_size,
                       .overlap = measure_spectra_overlap(graph, split),
                       .refusal = split.refusal};
  for (const SpectraLeftOut reason : {SpectraLeftOut::no_edge, SpectraLeftOut::universal,
                                      SpectraLeftOut::similar, SpectraLeftOut::no_live_neighbour}) {
    SpectraLeftOutGroup group{.reason = std::string(to_string(reason)),
                              .explanation = std::string(explain(reason))};
    for (std::uint32_t s = 0; s < split.left_out.size(); ++s) {
      if (split.left_out[s] == reason) group.samples.push_back(s);
    }
    if (!group.samples.empty()) record.left_out.push_back(std::move(group));
  }
  record.train = std::move(split.train);
  record.test = std::move(split.test);
  return record;
}

void write_spectra_split(const std::filesystem::path& folder, const SpectraGraph& graph,
                         const SpectraRecord& record, const SpectraInput& input) {
  Json out{{"cupel", version()},
           {"scheme", "spectra"},
           {"variant", record.variant},
           {"parameter", record.parameter},
           {"parameter_text", record.parameter_text},
           {"seed", record.seed},
           {"weighted", graph.is_weighted()},
           {"test_size", record.test_size},
           {"n", graph.n_samples},
           {"n_train", record.train.size()},
           {"n_test", record.test.size()},
           {"n_left_out", record.n_left_out()},
           {"left_out", left_out_json(record)},
           {"overlap", overlap_json(record.overlap)}};
  if (!record.control_train.empty()) {
    out["overlap_asked_for"] = number(record.level);
    out["control"] = {{"n_train", record.control_train.size()},
                      {"overlap", overlap_json(record.control_overlap)}};
  }
  out["graph"] = {{"nodes", graph.n_nodes()},
                  {"edges", graph.n_edges()},
                  {"density", graph.density()},
                  {"components", input.n_components},
                  {"cliques", input.n_cliques}};
  out["input"] = {{"pairs", input.file}, {"sha256", input.sha256}};
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    fail(ErrorKind::io, "cannot create the folder: " + problem.message(), {.file = folder.string()},
         "choose a folder that you may write to");
  }
  write_file_atomic(folder / "train.csv", lines_of(record.train), Sync::no);
  write_file_atomic(folder / "test.csv", lines_of(record.test), Sync::no);
  if (!record.control_train.empty()) {
    write_file_atomic(folder / "control_train.csv", lines_of(record.control_train), Sync::no);
  }
  write_file_atomic(folder / "split.json", out.dump(1) + "\n", Sync::no);
}

}  // namespace cupel
