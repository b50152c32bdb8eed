#include "verdict/sample_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "stat/unit_means.hpp"
#include "study/sample_scores.hpp"

namespace cupel {
namespace {

// The rows of a mask: which fold, and what they are about, with codes from 0.
struct Rows {
  std::vector<std::size_t> index;  // into SplitResult::rows
  std::vector<std::uint32_t> fold;
  CompactCodes first;
  CompactCodes second;
};

Rows rows_of(const StudyRun& run, const SplitResult& split, const std::vector<std::uint8_t>& mask) {
  const Entity& a = run.data.entities.front();
  const Entity& b = run.data.entities.back();
  Rows rows;
  std::vector<std::uint32_t> code_a;
  std::vector<std::uint32_t> code_b;
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    if (mask[i] == 0) continue;
    rows.index.push_back(i);
    rows.fold.push_back(split.fold[i]);
    code_a.push_back(a.code_of_sample[split.rows[i]]);
    code_b.push_back(b.code_of_sample[split.rows[i]]);
  }
  rows.first = compact_codes(code_a);
  rows.second = compact_codes(code_b);
  return rows;
}

ResampleUnit unit_of(const StudyRun& run, const SplitResult& split, const Rows& rows) {
  const bool may_a = rows.first.level.size() >= kFewestResampledLevels;
  const bool may_b =
      run.data.entities.size() > 1 && rows.second.level.size() >= kFewestResampledLevels;
  const ResampleUnit wanted = choose_unit(run, split);
  if (run.study.statistics.unit != "auto") return wanted;
  if (!may_b) return ResampleUnit::a;
  if (!may_a) return ResampleUnit::b;
  return wanted;
}

// Units of both kinds side by side: an item is about one of each, and weighs as much as the product
// of their counts.
struct Units {
  ResampleUnit unit = ResampleUnit::a;
  std::size_t n_first = 0;
  std::size_t n_second = 0;
  UnitDraws draws;

  Units(const StudyRun& run, const SplitResult& split, const Rows& rows, const Context& context)
      : unit(unit_of(run, split, rows)),
        n_first(unit == ResampleUnit::b ? 0 : rows.first.level.size()),
        n_second(unit == ResampleUnit::a ? 0 : rows.second.level.size()) {
    const std::size_t n_draws = run.study.statistics.draws;
    draws = {.n_units = n_first + n_second,
             .counts = Matrix<std::uint16_t>(n_draws, n_first + n_second, 0)};
    add(0, n_first, "bootstrap unit a", run.study.seed, context);
    add(n_first, n_second, "bootstrap unit b", run.study.seed, context);
  }

  void add(std::size_t begin, std::size_t n, std::string_view purpose, std::uint64_t seed,
           const Context& context) {
    if (n == 0) return;
    const UnitDraws one = draw_units(n, draws.counts.rows, seed, purpose, context);
    for (std::size_t d = 0; d < draws.counts.rows; ++d) {
      std::ranges::copy(one.counts.row(d),
                        draws.counts.row(d).begin() + static_cast<std::ptrdiff_t>(begin));
    }
  }

  void add_item(const Rows& rows, std::size_t k, UnitItems& items) const {
    items.segment.push_back(rows.fold[k]);
    const auto second = static_cast<std::uint32_t>(n_first + rows.second.code[k]);
    items.unit.push_back(unit == ResampleUnit::b ? second : rows.first.code[k]);
    if (unit == ResampleUnit::both) items.partner.push_back(second);
  }

  // Leave-one-out values of the second kind stand behind those of the first.
  void part(Sample& sample) const {
    if (unit == ResampleUnit::a) return;
    const auto middle = sample.jackknife_a.begin() + static_cast<std::ptrdiff_t>(n_first);
    sample.jackknife_b.assign(middle, sample.jackknife_a.end());
    sample.jackknife_a.erase(middle, sample.jackknife_a.end());
  }
};

Sample undefined_sample(const Units& units) {
  return {.point = kUndefined,
          .draws = std::vector<double>(units.draws.n_draws(), kUndefined),
          .jackknife_a = std::vector<double>(units.n_first, kUndefined),
          .jackknife_b = std::vector<double>(units.n_second, kUndefined)};
}

// One metric of all entries.
std::vector<Sample> resample_metric(const Rows& rows, const Units& units,
                                    const std::vector<const Entry*>& entries, std::size_t metric,
                                    const Context& context) {
  std::vector<std::size_t> counted;  // positions in rows
  for (std::size_t k = 0; k < rows.index.size(); ++k) {
    const bool is_defined = std::ranges::any_of(entries, [&](const Entry* entry) {
      return !std::isnan(entry->metrics(rows.index[k], metric));
    });
    if (is_defined) counted.push_back(k);
  }
  std::vector<std::size_t> complete;  // entries
  for (std::size_t e = 0; e < entries.size(); ++e) {
    const bool is_complete = std::ranges::none_of(counted, [&](std::size_t k) {
      return std::isnan(entries[e]->metrics(rows.index[k], metric));
    });
    if (is_complete && !counted.empty()) complete.push_back(e);
  }
  UnitItems items{.segment = {},
                  .unit = {},
                  .partner = {},
                  .values = Matrix<double>(counted.size(), complete.size())};
  for (std::size_t i = 0; i < counted.size(); ++i) {
    units.add_item(rows, counted[i], items);
    for (std::size_t c = 0; c < complete.size(); ++c) {
      items.values(i, c) = entries[complete[c]]->metrics(rows.index[counted[i]], metric);
    }
  }
  std::vector<Sample> out(entries.size(), undefined_sample(units));
  if (complete.empty()) return out;
  auto samples = resample_means(items, units.draws, MeanKind::mean, context);
  for (std::size_t c = 0; c < complete.size(); ++c) {
    units.part(samples[c]);
    out[complete[c]] = std::move(samples[c]);
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> sample_mask(const StudyRun& run, const SplitResult& split,
                                      const Entry& entry) {
  const std::size_t n_outputs = run.data.n_outputs();
  std::vector<std::uint8_t> mask(split.rows.size(), 0);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const std::span<const double> values(entry.values.data() + i * n_outputs, n_outputs);
    mask[i] = std::ranges::all_of(values, [](double v) { return std::isnan(v); }) ? 0 : 1;
  }
  const auto primary = find_sample_metric(*run.area, run.study.primary_metric);
  if (!primary || !run.predictors[entry.predictor]->info().is_model) return mask;
  // Where the metric is undefined for every predictor it is not this model's fault.
  std::vector<std::uint8_t> defined = mask;
  bool is_defined_somewhere = false;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const bool for_some = std::ranges::any_of(
        split.entries, [&](const Entry& other) { return !std::isnan(other.metrics(i, *primary)); });
    if (for_some && std::isnan(entry.metrics(i, *primary))) defined[i] = 0;
    if (!std::isnan(entry.metrics(i, *primary))) is_defined_somewhere = true;
  }
  return is_defined_somewhere ? defined : mask;
}

Evidence sample_evidence(const StudyRun& run, const SplitResult& split,
                         const std::vector<std::uint8_t>& mask,
                         const std::vector<const Entry*>& entries, const Context& context) {
  const Rows rows = rows_of(run, split, mask);
  const Units units(run, split, rows, context);
  const std::string& a = run.data.entities.front().name;
  const std::string& b = run.data.entities.back().name;
  Evidence evidence{.split = &split};
  evidence.n_rows = rows.index.size();
  evidence.n_units = units.unit == ResampleUnit::both ? std::min(units.n_first, units.n_second)
                                                      : units.draws.n_units;
  evidence.unit = units.unit == ResampleUnit::a   ? a
                  : units.unit == ResampleUnit::b ? b
                                                  : a + " and " + b;
  evidence.measures = measures_of(run);
  std::map<std::size_t, std::vector<std::size_t>> seeds;  // predictor -> positions in `entries`
  for (std::size_t e = 0; e < entries.size(); ++e) seeds[entries[e]->predictor].push_back(e);
  for (const auto& [predictor, positions] : seeds) evidence.predictors.push_back(predictor);
  for (std::size_t m = 0; m < evidence.measures.size(); ++m) {
    const std::vector<Sample> samples = resample_metric(rows, units, entries, m, context);
    auto& row = evidence.values.emplace_back();
    for (const auto& [predictor, positions] : seeds) {
      std::vector<const Sample*> of_seeds;
      for (const std::size_t e : positions) of_seeds.push_back(&samples[e]);
      row.push_back(mean_sample(of_seeds));
    }
  }
  return evidence;
}

}  // namespace cupel
