/// Baselines that look at no more than a number of a molecule, or at its scaffold. O(rows).
#include <algorithm>
#include <cmath>
#include <utility>

#include "area/potency/baseline_parts.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

FitFunction fit_constant(double (*constant)(std::vector<double>)) {
  return [constant](const FitRequest& request, const Context&) -> PredictFunction {
    const double value = constant(targets_of(request.data, request.train));
    return [value](const Dataset&, std::span<const std::uint32_t> rows, const Context&) {
      return Prediction{.values = std::vector<double>(rows.size(), value), .diagnostics = {}};
    };
  };
}

double mean(std::vector<double> y) { return mean_of(y); }

/// Of an even number the mean of the middle two, as in numpy.
double median(std::vector<double> y) {
  const std::size_t half = y.size() / 2;
  std::nth_element(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(half), y.end());
  if (y.size() % 2 == 1) return y[half];
  const double below = *std::max_element(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(half));
  return (below + y[half]) / 2.0;
}

std::size_t column_of(const Dataset& data, const std::string& descriptor) {
  const auto& names = data.entity("ligand").find_features("size")->feature_names;
  const auto found = std::find(names.begin(), names.end(), descriptor);
  if (found == names.end()) {
    fail_input("the ligands' size features have no column " + descriptor, {},
               "compute them with cupel, or give a column of that name");
  }
  return static_cast<std::size_t>(found - names.begin());
}

/// y = a + b x by least squares on the training rows; the mean where x is not known.
FitFunction fit_line(const std::string& descriptor) {
  return [descriptor](const FitRequest& request, const Context&) -> PredictFunction {
    const std::size_t column = column_of(request.data, descriptor);
    const auto value = [column](const Dataset& data, std::uint32_t row) -> double {
      const Entity& ligands = data.entity("ligand");
      const std::uint32_t ligand = ligands.code_of_sample[row];
      const FeatureBlock& size = *ligands.find_features("size");
      return size.present[ligand] ? size.values(ligand, column) : std::nan("");
    };
    double n = 0.0;
    double mean_x = 0.0;
    double mean_y = 0.0;
    for (const std::uint32_t row : request.train) {
      const double x = value(request.data, row);
      if (!std::isfinite(x)) continue;
      n += 1.0;
      mean_x += (x - mean_x) / n;
      mean_y += (request.data.target(row) - mean_y) / n;
    }
    double xx = 0.0;
    double xy = 0.0;
    for (const std::uint32_t row : request.train) {
      const double x = value(request.data, row) - mean_x;
      if (!std::isfinite(x)) continue;
      xx += x * x;
      xy += x * (request.data.target(row) - mean_y);
    }
    const double slope = xx > 0.0 ? xy / xx : 0.0;
    const double fallback = mean_of(targets_of(request.data, request.train));
    return [=](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      Prediction prediction;
      for (const std::uint32_t row : rows) {
        const double x = value(data, row);
        if (std::isfinite(x)) {
          prediction.values.push_back(mean_y + slope * (x - mean_x));
          continue;
        }
        prediction.values.push_back(fallback);
        prediction.diagnostics.add(
            "no_descriptor", Severity::note,
            "rows whose ligand has no " + descriptor + " were given the training mean");
      }
      return prediction;
    };
  };
}

FitFunction fit_scaffold_mean() {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const Entity& ligands = request.data.entity("ligand");
    const LabelBlock& scaffold = *ligands.find_label("scaffold");
    std::vector<std::uint32_t> codes;
    std::vector<double> y;
    for (const std::uint32_t row : request.train) {
      const std::uint32_t code = scaffold.code[ligands.code_of_sample[row]];
      if (code == LabelBlock::kUnknown) continue;
      codes.push_back(code);
      y.push_back(request.data.target(row));
    }
    const double overall = mean_of(targets_of(request.data, request.train));
    std::vector<double> sum(scaffold.levels.size(), 0.0);
    std::vector<double> n(scaffold.levels.size(), 0.0);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      sum[codes[i]] += y[i];
      n[codes[i]] += 1.0;
    }
    return [=](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const Entity& entity = data.entity("ligand");
      const LabelBlock& label = *entity.find_label("scaffold");
      Prediction prediction;
      for (const std::uint32_t row : rows) {
        const std::uint32_t code = label.code[entity.code_of_sample[row]];
        const bool known = code < n.size() && n[code] > 0.0;
        prediction.values.push_back(known ? sum[code] / n[code] : overall);
        if (known) continue;
        const bool none = code == LabelBlock::kUnknown;
        prediction.diagnostics.add(none ? "no_scaffold" : "unseen_scaffold", Severity::note,
                                   none ? "rows whose ligand has no ring, and so no scaffold, were "
                                          "given the global mean"
                                        : "rows whose scaffold has no training row were given the "
                                          "global mean",
                                   none ? "" : label.levels[code]);
      }
      return prediction;
    };
  };
}

BaselineEntry constant_entry(std::string name, std::string title, std::string description,
                             double (*constant)(std::vector<double>)) {
  return {.info = {.name = std::move(name),
                   .title = std::move(title),
                   .rung = Rung::null,
                   .sees = {"targets"},
                   .description = std::move(description),
                   .fallback = "none needed",
                   .source = "constant predictor"},
          .needs = {},
          .make = [constant](Options&, PredictorInfo&) { return fit_constant(constant); }};
}

BaselineEntry line_entry(const std::string& descriptor, const std::string& title,
                         const std::string& words) {
  return {.info = {.name = descriptor,
                   .title = title,
                   .rung = Rung::constrained,
                   .sees = {"targets", "size"},
                   .description = "a + b x, x = " + words +
                                  ", by least squares on the training "
                                  "rows",
                   .fallback = "the global mean for a ligand without the descriptor",
                   .source = "size and lipophilicity as confounders of potency, Kenny & Montanari "
                             "2013, doi:10.1007/s10822-012-9631-5"},
          .needs = {"size"},
          .make = [descriptor](Options&, PredictorInfo&) { return fit_line(descriptor); }};
}

}  // namespace

std::vector<BaselineEntry> simple_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(constant_entry("global_mean", "Global mean",
                                   "mean of all training targets of the assay", mean));
  entries.push_back(constant_entry("median", "Median",
                                   "median of all training targets of the assay: the constant "
                                   "that absolute error rewards",
                                   median));
  entries.push_back(line_entry("heavy_atoms", "Heavy atoms", "the number of heavy atoms"));
  entries.push_back(line_entry("molecular_weight", "Molecular weight", "the molecular weight"));
  entries.push_back(line_entry("logp", "logP", "Crippen's logP"));
  entries.push_back(line_entry("tpsa", "Polar surface", "the topological polar surface area"));
  entries.push_back(
      {.info = {.name = "scaffold_mean",
                .title = "Scaffold mean",
                .rung = Rung::means,
                .sees = {"targets", "scaffold"},
                .description = "mean of the training targets with the same Murcko scaffold",
                .fallback = "the global mean for an unseen scaffold, or a ligand without rings",
                .source = "scaffolds: Bemis & Murcko 1996, doi:10.1021/jm9602928"},
       .needs = {"scaffold"},
       .make = [](Options&, PredictorInfo&) { return fit_scaffold_mean(); }});
  return entries;
}

}  // namespace cupel::potency
