#include "area/potency/baseline_parts.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {

std::vector<double> targets_of(const Dataset& data, std::span<const std::uint32_t> samples) {
  std::vector<double> y;
  y.reserve(samples.size());
  for (const std::uint32_t sample : samples) y.push_back(data.target(sample));
  return y;
}

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

namespace {

/// Column f of `values`, in place.
void standardise(Matrix<float>& values, std::size_t f, std::span<const std::uint32_t> ligands) {
  double sum = 0.0;
  double n = 0.0;
  for (const std::uint32_t ligand : ligands) {
    if (!std::isfinite(values(ligand, f))) continue;
    sum += values(ligand, f);
    n += 1.0;
  }
  const double mean = n > 0.0 ? sum / n : 0.0;
  double squares = 0.0;
  for (const std::uint32_t ligand : ligands) {
    if (!std::isfinite(values(ligand, f))) continue;
    squares += (values(ligand, f) - mean) * (values(ligand, f) - mean);
  }
  const double deviation = n > 0.0 ? std::sqrt(squares / n) : 0.0;
  for (std::size_t i = 0; i < values.rows; ++i) {
    const bool known = std::isfinite(values(i, f)) && deviation > 0.0;
    values(i, f) = known ? static_cast<float>((values(i, f) - mean) / deviation) : 0.0F;
  }
}

Matrix<float> unpacked(const PackedBits& bits) {
  Matrix<float> x(bits.rows, bits.n_bits);
  for (std::size_t i = 0; i < bits.rows; ++i) {
    for (std::size_t f = 0; f < bits.n_bits; ++f) x(i, f) = bits.test(i, f) ? 1.0F : 0.0F;
  }
  return x;
}

std::vector<std::uint32_t> ligands_of(const Dataset& data, std::span<const std::uint32_t> samples) {
  const auto& code = data.entity("ligand").code_of_sample;
  std::vector<std::uint32_t> ligands;
  ligands.reserve(samples.size());
  for (const std::uint32_t sample : samples) ligands.push_back(code[sample]);
  return ligands;
}

Prediction predict_on(const LigandTable& table, const PredictLigands& predict, double mean,
                      const Dataset& data, std::span<const std::uint32_t> rows,
                      const Context& context) {
  const auto ligands = ligands_of(data, rows);
  std::vector<std::uint32_t> known;
  for (const std::uint32_t ligand : ligands) {
    if (ligand >= table.present.size()) {
      fail(ErrorKind::internal,
           "a model was asked to predict another data set than it was fitted on");
    }
    if (table.present[ligand]) known.push_back(ligand);
  }
  Prediction prediction;
  const auto values = predict(known, context, prediction.diagnostics);
  std::size_t next = 0;
  for (const std::uint32_t ligand : ligands) {
    prediction.values.push_back(table.present[ligand] ? values[next++] : mean);
    if (table.present[ligand]) continue;
    prediction.diagnostics.add("no_features_ligand", Severity::note,
                               "rows whose ligand has no features were given the training mean",
                               data.entity("ligand").ids[ligand]);
  }
  return prediction;
}

}  // namespace

LigandTable ligand_table(const Dataset& data, const std::string& block,
                         std::span<const std::uint32_t> train) {
  const FeatureBlock* features = data.entity("ligand").find_features(block);
  if (features == nullptr) fail(ErrorKind::internal, "no ligand features " + block);
  LigandTable table{.bits = features->bits, .numbers = {}, .present = features->present};
  if (table.bits != nullptr) return table;
  table.numbers = features->values;
  std::vector<std::uint32_t> known;
  for (const std::uint32_t ligand : ligands_of(data, train)) {
    if (table.present[ligand]) known.push_back(ligand);
  }
  for (std::size_t f = 0; f < table.numbers.cols; ++f) standardise(table.numbers, f, known);
  return table;
}

LigandTable ligand_table(const Dataset& data, const std::vector<std::string>& blocks,
                         std::span<const std::uint32_t> train) {
  if (blocks.size() == 1) return ligand_table(data, blocks.front(), train);
  LigandTable all;
  for (const auto& block : blocks) {
    LigandTable one = ligand_table(data, block, train);
    if (one.bits != nullptr) one.numbers = unpacked(*one.bits);
    if (all.present.empty()) {
      all = std::move(one);
      all.bits = nullptr;
      continue;
    }
    Matrix<float> joined(all.numbers.rows, all.numbers.cols + one.numbers.cols);
    for (std::size_t i = 0; i < joined.rows; ++i) {
      const auto to = std::ranges::copy(all.numbers.row(i), joined.row(i).begin()).out;
      std::ranges::copy(one.numbers.row(i), to);
      all.present[i] = all.present[i] != 0 && one.present[i] != 0;
    }
    all.numbers = std::move(joined);
  }
  return all;
}

FitFunction fit_on(const std::string& block, FitLigands fit) {
  return fit_on(std::vector{block}, std::move(fit));
}

FitFunction fit_on(const std::vector<std::string>& blocks, FitLigands fit) {
  return [blocks, fit = std::move(fit)](const FitRequest& request,
                                        const Context& context) -> PredictFunction {
    const auto table =
        std::make_shared<const LigandTable>(ligand_table(request.data, blocks, request.train));
    const auto& code = request.data.entity("ligand").code_of_sample;
    std::vector<std::uint32_t> ligands;
    std::vector<double> y;
    for (const std::uint32_t row : request.train) {
      if (!table->present[code[row]]) continue;
      ligands.push_back(code[row]);
      y.push_back(request.data.target(row));
    }
    if (ligands.empty()) {
      fail_input("no training row has a ligand with the features " + join(blocks, ", "), {},
                 "check that the molecules of the training rows can be read");
    }
    const double mean = mean_of(targets_of(request.data, request.train));
    auto predict = fit(table, std::move(ligands), std::move(y), request.seed, context);
    return [table, mean, predict = std::move(predict)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context& at) {
      return predict_on(*table, predict, mean, data, rows, at);
    };
  };
}

FitLigands y_randomised(FitLigands fit) {
  return [fit = std::move(fit)](std::shared_ptr<const LigandTable> table,
                                std::vector<std::uint32_t> ligands, std::vector<double> y,
                                std::uint64_t seed, const Context& context) {
    Rng rng(seed, "y_randomised");
    rng.shuffle(std::span(y));
    return fit(std::move(table), std::move(ligands), std::move(y), seed, context);
  };
}

}  // namespace cupel::potency
