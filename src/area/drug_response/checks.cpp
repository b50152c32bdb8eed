#include "area/drug_response/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cupel/error.hpp"
#include "stat/moments.hpp"

namespace cupel::detail {
namespace {

struct Range {
  double low = 0.0;
  double q25 = 0.0;
  double median = 0.0;
  double q75 = 0.0;
  double high = 0.0;

  [[nodiscard]] double spread() const { return (q75 - q25) / 1.349; }  // sd of a normal
};

Range range_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  return {sorted.front(), at(0.25), at(0.5), at(0.75), sorted.back()};
}

/// What the numbers look like, by their range alone.
std::string looks_like(const Range& seen) {
  if (seen.low >= 0.0 && seen.high <= 1.5) return "AUC";
  const bool is_skewed = seen.low >= 0.0 && seen.high > 50.0 && seen.high > 5.0 * seen.median;
  if (is_skewed) return seen.median > 100.0 ? "nM" : "uM";
  if (seen.median < -8.0) return "ln M";
  if (seen.high < 0.0 && seen.median < -3.5) return "log10 M";
  if (seen.median > 7.0 && seen.spread() > 1.5) return "ln nM";
  if (seen.low > 1.5 && seen.median > 3.5 && seen.spread() < 1.6) return "pIC50";
  return seen.spread() < 1.5 ? "log10 uM" : "ln uM";
}

std::string plain_unit(const std::string& unit) {
  std::string plain;
  for (const char c : unit) {
    if (c != ' ' && c != '_' && c != '(' && c != ')')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

/// Units whose values look alike.
bool agrees(const std::string& unit, const std::string& looks, const Range& seen) {
  const std::string stated = plain_unit(unit);
  if (stated == plain_unit(looks)) return true;
  // A narrow panel of drugs can have little spread on any logarithmic scale.
  if (stated == "lnum" && looks == "log10 uM") return seen.spread() > 1.2;
  if (stated == "log10nm") return looks == "log10 uM" || looks == "pIC50" || looks == "ln uM";
  if (stated == "log10um") return looks == "ln uM" && seen.spread() < 2.0;
  return false;
}

bool is_known(const std::string& unit) {
  static constexpr const char* kKnown[] = {"lnum",   "lnnm", "lnm", "log10um", "log10nm",
                                           "log10m", "um",   "nm",  "auc",     "pic50"};
  return std::find(std::begin(kKnown), std::end(kKnown), plain_unit(unit)) != std::end(kKnown);
}

struct PairRows {
  std::uint32_t drug, cell, sample;
};

std::vector<PairRows> sorted_pairs(const Dataset& data) {
  const auto& drugs = data.entity("drug").code_of_sample;
  const auto& cells = data.entity("cell").code_of_sample;
  std::vector<PairRows> rows;
  for (std::uint32_t i = 0; i < drugs.size(); ++i) rows.push_back({drugs[i], cells[i], i});
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.drug, a.cell, a.sample) < std::tie(b.drug, b.cell, b.sample);
  });
  return rows;
}

}  // namespace

void check_unit(std::span<const double> target, const std::string& unit, Diagnostics& diagnostics) {
  if (target.size() < 50) return;
  const Range seen = range_of(target);
  const std::string looks = looks_like(seen);
  const std::string numbers =
      fmt::format("minimum {:.4g}, median {:.4g}, maximum {:.4g}, spread {:.3g}", seen.low,
                  seen.median, seen.high, seen.spread());
  if (unit.empty()) {
    diagnostics.add("unit_not_stated", Severity::note,
                    "The unit of the target is not stated; its values look like " + looks + " (" +
                        numbers + ").");
  } else if (is_known(unit) && !agrees(unit, looks, seen)) {
    diagnostics.add("unit_looks_wrong", Severity::warning,
                    "The target is said to be in " + unit + ", but its values look like " + looks +
                        " (" + numbers + "): errors, margins and any binary label depend on it.");
  }
}

void check_replicates(Dataset& data) {
  const auto rows = sorted_pairs(data);
  const double limit = 2.0 * standard_deviation(data.targets.values);
  const auto& drug = data.entity("drug");
  const auto& cell = data.entity("cell");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& a = rows[i - 1];
    const auto& b = rows[i];
    if (a.drug != b.drug || a.cell != b.cell) continue;
    const double difference = std::abs(data.target(a.sample) - data.target(b.sample));
    const std::string example =
        fmt::format("{} on {} (data rows {} and {}): {:g} and {:g}", drug.ids[a.drug],
                    cell.ids[a.cell], data.source_row[a.sample], data.source_row[b.sample],
                    data.target(a.sample), data.target(b.sample));
    data.diagnostics.add(
        "replicated_pair", Severity::note,
        "Rows that measure a (drug, cell line) pair again; splits keep them together.", example);
    if (difference == 0.0) {
      data.diagnostics.add("copied_row", Severity::warning,
                           "Rows that repeat a pair with exactly the same value: copies rather "
                           "than replicates, which make noise look small.",
                           example);
    } else if (difference > limit) {
      data.diagnostics.add("conflicting_replicate", Severity::warning,
                           "Replicates that differ by more than twice the standard deviation of "
                           "the whole target.",
                           example);
    }
  }
}

void check_shape(Dataset& data, const std::string& file) {
  if (data.n_samples() == 0) {
    std::string reasons;
    for (const auto& item : data.left_out) {
      reasons +=
          fmt::format("{}{} {}", reasons.empty() ? "" : ", ", item.source_rows.size(), item.reason);
    }
    fail_input("no row can be used (" + (reasons.empty() ? "the file is empty" : reasons) + ")",
               {.file = file}, "check the columns named under data: responses: columns");
  }
  const auto [low, high] =
      std::minmax_element(data.targets.values.begin(), data.targets.values.end());
  if (*low == *high) {
    fail_input(fmt::format("all {} usable targets are {:g}: nothing can be learned or judged",
                           data.n_samples(), *low),
               {.file = file, .column_name = data.target_name}, "check the target column");
  }
  if (data.entity("drug").ids.size() == 1) {
    data.diagnostics.add("one_drug", Severity::serious,
                         "There is one drug only: drug-blind splits, per-cell-line scores and the "
                         "use of chemistry cannot be judged.",
                         data.entity("drug").ids.front());
  }
  if (data.entity("cell").ids.size() == 1) {
    data.diagnostics.add("one_cell", Severity::serious,
                         "There is one cell line only: cancer-blind splits, per-drug scores and "
                         "the use of cell-line features cannot be judged.",
                         data.entity("cell").ids.front());
  }
}

}  // namespace cupel::detail
