#include "study/trials.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "data/profiles.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {
namespace {

constexpr std::string_view kTrialFormat = "cupel-trial-1";

template <typename T>
void hash_values(Sha256& hash, const std::vector<T>& values) {
  const std::uint64_t size = values.size();
  hash.update(&size, sizeof size).update(values.data(), values.size() * sizeof(T));
}

TrialResult carry_out(const Dataset& data, const Trial& trial, const Context& context) {
  const auto started = std::chrono::steady_clock::now();
  const auto train = trial.split->rows(Role::train);
  const auto validation = trial.split->rows(Role::validation);
  const auto test = trial.split->rows(Role::test);
  const auto fitted = trial.predictor->fit({.data = data,
                                            .train = train,
                                            .validation = validation,
                                            .split = *trial.split,
                                            .seed = trial.seed},
                                           context);
  Prediction prediction = fitted->predict(data, test, context);
  if (prediction.values.size() != test.size() * data.targets.cols) {
    fail(ErrorKind::internal, "predictor " + trial.predictor->info().name + " gave " +
                                  std::to_string(prediction.values.size()) + " values for " +
                                  std::to_string(test.size()) + " rows");
  }
  return {
      .values = std::move(prediction.values),
      .diagnostics = std::move(prediction.diagnostics),
      .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count()};
}

// Rough order of cost, so that the last trials to start are short ones.
int cost_rank(const Predictor& predictor) {
  const PredictorInfo& info = predictor.info();
  if (info.trainable || !info.twin_of.empty()) return 3;
  if (info.rung >= Rung::identities && !info.is_model) return 2;
  return 1;
}

}  // namespace

std::string fingerprint(const Dataset& data) {
  Sha256 hash;
  hash.field(data.area);
  hash_values(hash, data.targets.values);
  for (const auto& entity : data.entities) {
    hash.field(entity.name);
    for (const auto& id : entity.ids) hash.field(id);
    hash_values(hash, entity.code_of_sample);
    for (const auto& block : entity.features) {
      hash.field(block.name);
      hash_values(hash, block.values.values);
      if (block.bits) hash_values(hash, block.bits->words);
      hash_values(hash, block.present);
    }
    for (const auto& label : entity.labels) {
      hash.field(label.name);
      for (const auto& level : label.levels) hash.field(level);
      hash_values(hash, label.code);
    }
  }
  if (data.profiles) {
    const ProfileData& profiles = *data.profiles;
    for (const auto& gene : profiles.genes) hash.field(gene);
    hash_values(hash, profiles.controls.values);
    hash_values(hash, profiles.n_cells);
    hash_values(hash, profiles.t_statistic.values);
    for (const auto& halves : profiles.halves) {
      for (const auto& half : halves.profiles) hash_values(hash, half.values);
    }
  }
  for (const auto& label : data.sample_labels) {
    hash.field(label.name);
    hash_values(hash, label.code);
  }
  return hash.hex();
}

std::string trial_hash(const std::string& data_fingerprint, const Trial& trial) {
  const PredictorInfo& info = trial.predictor->info();
  return Sha256()
      .field(kTrialFormat)
      .field(version())
      .field(data_fingerprint)
      .field(trial.split->sha256())
      .field(info.name)
      .field(info.parameters)
      .field(info.twin_of)
      .field(std::to_string(trial.seed))
      .hex();
}

TrialCounts run_trials(const Dataset& data, const std::string& data_fingerprint,
                       std::vector<Trial>& trials, Store& store, const std::string& task,
                       const Context& context) {
  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return cost_rank(*trials[a].predictor) > cost_rank(*trials[b].predictor);
  });
  std::atomic<std::size_t> n_done{0};
  std::atomic<std::size_t> n_reused{0};
  parallel_for(context, order.size(), [&](std::size_t position) {
    Trial& trial = trials[order[position]];
    const std::string hash = trial_hash(data_fingerprint, trial);
    if (auto known = store.load(hash)) {
      trial.result = std::move(*known);
      ++n_reused;
    } else {
      trial.result = carry_out(data, trial, context);
      store.save(hash,
                 {.split = trial.split->name,
                  .fold = trial.split->fold,
                  .repeat = trial.split->repeat,
                  .predictor = trial.predictor->info().name,
                  .seed = trial.seed},
                 trial.result);
    }
    context.report({.task = task, .done = ++n_done, .total = trials.size()});
  });
  return {.n_run = trials.size() - n_reused, .n_reused = n_reused};
}

}  // namespace cupel
