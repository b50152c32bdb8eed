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

Json left_out_json(const SpectraSplit& split) {
  Json out = Json::array();
  for (const SpectraLeftOut reason : {SpectraLeftOut::no_edge, SpectraLeftOut::universal,
                                      SpectraLeftOut::similar, SpectraLeftOut::no_live_neighbour}) {
    std::vector<std::uint32_t> samples;
    for (std::uint32_t s = 0; s < split.left_out.size(); ++s) {
      if (split.left_out[s] == reason) samples.push_back(s);
    }
    if (samples.empty()) continue;
    out.push_back({{"reason", to_string(reason)},
                   {"explanation", explain(reason)},
                   {"count", samples.size()},
                   {"samples", std::move(samples)}});
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

void write_spectra_split(const std::filesystem::path& folder, const SpectraGraph& graph,
                         const SpectraSplit& split, const OverlapProfile& overlap,
                         const std::string& parameter_text, const SpectraInput& input) {
  Json out{{"cupel", version()},
           {"scheme", "spectra"},
           {"variant", to_string(split.spec.variant)},
           {"parameter", split.spec.parameter},
           {"parameter_text", parameter_text},
           {"seed", split.spec.seed},
           {"weighted", graph.is_weighted()},
           {"test_size", split.spec.test_size},
           {"n", graph.n_samples},
           {"n_train", split.train.size()},
           {"n_test", split.test.size()},
           {"n_left_out", graph.n_samples - split.train.size() - split.test.size()},
           {"left_out", left_out_json(split)},
           {"overlap", overlap_json(overlap)},
           {"graph",
            {{"nodes", graph.n_nodes()},
             {"edges", graph.n_edges()},
             {"density", graph.density()},
             {"components", input.n_components},
             {"cliques", input.n_cliques}}},
           {"input", {{"pairs", input.file}, {"sha256", input.sha256}}}};
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    fail(ErrorKind::io, "cannot create the folder: " + problem.message(), {.file = folder.string()},
         "choose a folder that you may write to");
  }
  write_file_atomic(folder / "train.csv", lines_of(split.train));
  write_file_atomic(folder / "test.csv", lines_of(split.test));
  write_file_atomic(folder / "split.json", out.dump(1) + "\n");
}

}  // namespace cupel
