#include "area/potency/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "area/potency/rows.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

constexpr double kConflict = 1.0;  // log units

std::uint32_t assay_of(const Dataset& data, std::uint32_t sample) {
  return data.entities.size() > 1 ? data.entities[1].code_of_sample[sample] : 0;
}

/// Samples in the order of (assay, key): runs of equal ones are groups.
template <typename Key>
std::vector<std::uint32_t> sorted_by(const Dataset& data, const Key& key) {
  std::vector<std::uint32_t> order(data.n_samples());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(assay_of(data, a), key(a)) < std::pair(assay_of(data, b), key(b));
  });
  return order;
}

/// Calls `body(members)` for every run of samples with one assay and key.
template <typename Key, typename Body>
void for_groups(const Dataset& data, const Key& key, const Body& body) {
  const auto order = sorted_by(data, key);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && key(order[end]) == key(order[begin]) &&
           assay_of(data, order[end]) == assay_of(data, order[begin])) {
      ++end;
    }
    body(std::span<const std::uint32_t>(order.data() + begin, end - begin));
    begin = end;
  }
}

std::string example_of(const Dataset& data, const SampleTable& samples, std::uint32_t a,
                       std::uint32_t b) {
  const Entity& ligand = data.entities.front();
  return fmt::format("{} ({} and {}): {:.4g} and {:.4g}",
                     ligand.ids[ligand.code_of_sample[a]].substr(0, 80),
                     samples.place(data.source_row[a]), samples.place(data.source_row[b]),
                     data.target(a), data.target(b));
}

void check_replicates(Dataset& data, const SampleTable& samples) {
  const auto& codes = data.entities.front().code_of_sample;
  Diagnostics found;
  for_groups(
      data, [&](std::uint32_t i) { return codes[i]; },
      [&](std::span<const std::uint32_t> members) {
        for (std::size_t k = 1; k < members.size(); ++k) {
          const double difference =
              std::abs(data.target(members[k]) - data.target(members.front()));
          const std::string example = example_of(data, samples, members.front(), members[k]);
          found.add("replicated_ligand", Severity::note,
                    "Rows that measure a ligand again in the same assay; splits that cupel makes "
                    "keep them together.",
                    example);
          if (difference == 0.0) {
            found.add("copied_row", Severity::warning,
                      "Rows that repeat a ligand with exactly the same value: copies rather than "
                      "replicates, which make noise look small.",
                      example);
          } else if (difference > kConflict) {
            found.add("conflicting_replicate", Severity::warning,
                      "Rows of one ligand that differ by more than 1 (tenfold) from its first.",
                      example);
          }
        }
      });
  data.diagnostics.merge(found);
}

/// Pooled variance within groups.
struct Spread {
  double squares = 0.0;
  std::size_t degrees = 0;
  std::size_t groups = 0;

  void add(std::span<const double> values) {
    if (values.size() < 2) return;
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    degrees += values.size() - 1;
    ++groups;
  }
  [[nodiscard]] double deviation() const {
    return std::sqrt(squares / static_cast<double>(degrees));
  }
};

void check_parents(Dataset& data, const SampleTable& samples) {
  constexpr std::size_t kEnough = 10;  // degrees of freedom
  const Entity& ligand = data.entities.front();
  const LabelBlock* parent = ligand.find_label("parent");
  if (parent == nullptr) return;
  Diagnostics found;
  Spread spread;
  for_groups(
      data, [&](std::uint32_t i) { return parent->code[ligand.code_of_sample[i]]; },
      [&](std::span<const std::uint32_t> members) {
        const std::uint32_t first = members.front();
        if (parent->code[ligand.code_of_sample[first]] == LabelBlock::kUnknown) return;
        std::map<std::uint32_t, double> of_form;  // its first value
        for (const std::uint32_t row : members) {
          of_form.emplace(ligand.code_of_sample[row], data.target(row));
        }
        std::vector<double> values;
        for (const auto& [form, value] : of_form) values.push_back(value);
        spread.add(values);
        for (const std::uint32_t other : members.subspan(1)) {
          if (ligand.code_of_sample[other] == ligand.code_of_sample[first]) continue;
          const std::string example = example_of(data, samples, first, other);
          found.add("stereo_siblings", Severity::note,
                    "Ligands that share their parent (salts, stereoisomers, isotopes, charges) "
                    "with another ligand of the assay.",
                    example);
          if (std::abs(data.target(other) - data.target(first)) > kConflict) {
            found.add("conflicting_parent", Severity::warning,
                      "Ligands of one parent whose values differ by more than 1 (tenfold): two "
                      "measurements, or stereoisomers that the fingerprint cannot tell apart.",
                      example);
          }
        }
      });
  if (spread.degrees >= kEnough) {
    found.add("parent_spread", Severity::note,
              fmt::format("Forms of one parent (salts, stereoisomers) differ with a standard "
                          "deviation of {:.2g}: noise and real differences together, so no "
                          "ceiling is drawn from it.",
                          spread.deviation()),
              {}, spread.groups);
  }
  data.diagnostics.merge(found);
}

double share(std::span<const double> values, double low, double high) {
  const auto n = std::count_if(values.begin(), values.end(),
                               [&](double value) { return value >= low && value < high; });
  return static_cast<double>(n) / static_cast<double>(values.size());
}

/// "pIC50", "pKi", "-log10 M", or not stated: values of about 2 to 12 are expected.
bool means_p_values(const std::string& unit) {
  return unit.empty() || unit == "-log10 M" || unit == "p" ||
         (unit.size() > 1 && unit[0] == 'p' && std::isupper(static_cast<unsigned char>(unit[1])));
}

void check_unit(Dataset& data, const std::string& stated) {
  if (data.n_samples() < 20 || !(is_concentration(stated) || means_p_values(stated))) return;
  std::vector<double> sorted = data.targets.values;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[sorted.size() / 2];
  const std::string numbers = fmt::format("minimum {:.4g}, median {:.4g}, maximum {:.4g}",
                                          sorted.front(), median, sorted.back());
  const double usual = share(sorted, 0.0, 14.0);
  const double large = share(sorted, 20.0, 1e300);
  if (is_concentration(stated) && median > 7.9 && sorted.front() > 7.5 && sorted.back() < 9.1) {
    data.diagnostics.add("unit_looks_wrong", Severity::warning,
                         "The values are said to be " + stated + ", but after -log10 they are " +
                             numbers + ": they look like p values already.");
  } else if (!is_concentration(stated) && median > 20.0) {
    data.diagnostics.add("unit_looks_wrong", Severity::warning,
                         "The values (" + numbers +
                             ") look like concentrations, not like p values (about 2 to 12): "
                             "errors in them follow the weakest compounds. State the unit (nM, uM, "
                             "M) and they become "
                             "p values.");
  } else if (usual > 0.5 && large > 0.0) {
    data.diagnostics.add("unit_mixed", Severity::serious,
                         "Most values look like p values and some like concentrations (" + numbers +
                             "): two units in one column.",
                         {}, static_cast<std::size_t>(large * static_cast<double>(sorted.size())));
  }
}

}  // namespace

void check_shape(const Dataset& data, const std::string& file) {
  if (data.n_samples() == 0) {
    std::string reasons;
    for (const auto& item : data.left_out) {
      reasons +=
          fmt::format("{}{} {}", reasons.empty() ? "" : ", ", item.source_rows.size(), item.reason);
    }
    fail_input("no row can be used (" + (reasons.empty() ? "the file is empty" : reasons) + ")",
               {.file = file}, "check the columns that were named: smiles and target");
  }
  const auto [low, high] =
      std::minmax_element(data.targets.values.begin(), data.targets.values.end());
  if (*low < *high) return;
  fail_input(fmt::format("all {} usable values are {:g}: nothing can be learned or judged",
                         data.n_samples(), *low),
             {.file = file, .column_name = data.target_name}, "check the target column");
}

void check_values(Dataset& data, const std::string& stated_unit, const SampleTable& samples) {
  check_replicates(data, samples);
  check_parents(data, samples);
  check_unit(data, stated_unit);
}

}  // namespace cupel::potency
