#include "verdict/pair_items.hpp"

#include <algorithm>

namespace cupel::detail {
namespace {

// Per sample: 1 = its compound is in a pair.
std::vector<std::uint8_t> flags_of(const Dataset& data, const PairBlock& block) {
  std::vector<std::uint8_t> flag(data.n_samples(), 0);
  const auto label = std::ranges::find(data.sample_labels, block.name, &LabelBlock::name);
  if (label != data.sample_labels.end()) {
    for (std::size_t i = 0; i < flag.size(); ++i) {
      const std::uint32_t code = label->code[i];
      flag[i] = code != LabelBlock::kUnknown && label->levels[code] == block.name ? 1 : 0;
    }
    return flag;
  }
  for (const auto* side : {&block.first, &block.second}) {
    for (const std::uint32_t sample : *side) flag[sample] = 1;
  }
  return flag;
}

double order_score(double truth_difference, double predicted_difference) {
  if (predicted_difference == 0.0) return 0.5;
  return (truth_difference > 0.0) == (predicted_difference > 0.0) ? 1.0 : 0.0;
}

// Collects items whose number is not known beforehand.
class ItemBuilder {
 public:
  explicit ItemBuilder(std::size_t n_predictors) : n_predictors_(n_predictors) {}
  // `value(e)` for every entry e.
  template <typename Value>
  void add(std::size_t segment, std::uint32_t unit, std::uint32_t partner, Value value) {
    items_.segment.push_back(static_cast<std::uint32_t>(segment));
    items_.unit.push_back(unit);
    items_.partner.push_back(partner);
    for (std::size_t e = 0; e < n_predictors_; ++e) items_.values.values.push_back(value(e));
  }
  UnitItems take() {
    items_.values.rows = items_.unit.size();
    items_.values.cols = n_predictors_;
    return std::move(items_);
  }

 private:
  std::size_t n_predictors_;
  UnitItems items_;
};

}  // namespace

std::vector<std::optional<std::size_t>> positions_in_fold(const Dataset& data,
                                                          const SplitResult& split,
                                                          std::size_t fold) {
  std::vector<std::optional<std::size_t>> position(data.n_samples());
  for (std::size_t i = split.fold_begin[fold]; i < split.fold_begin[fold + 1]; ++i) {
    position[split.rows[i]] = i;
  }
  return position;
}

PairItems make_pair_items(const StudyRun& run, const SplitResult& split, const EntryGroup& group,
                          const PairBlock& block) {
  const Dataset& data = run.data;
  const std::vector<std::uint8_t> flag = flags_of(data, block);
  const auto& codes = data.entities.front().code_of_sample;
  std::vector<std::uint32_t> present;  // positions
  std::vector<std::uint32_t> ligand;
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    if (group.mask[i] == 0) continue;
    present.push_back(static_cast<std::uint32_t>(i));
    ligand.push_back(codes[split.rows[i]]);
  }
  const CompactCodes units = compact_codes(ligand);
  std::vector<std::uint32_t> unit_of(split.rows.size(), UnitItems::kNone);
  for (std::size_t k = 0; k < present.size(); ++k) unit_of[present[k]] = units.code[k];

  const std::size_t n_entries = group.entries.size();
  ItemBuilder cliff(n_entries);
  ItemBuilder noncliff(n_entries);
  ItemBuilder sign(n_entries);
  ItemBuilder to_train(n_entries);
  const auto predicted = [&](std::size_t e, std::size_t row) {
    return group.entries[e]->values[row];
  };
  for (const std::uint32_t i : present) {
    ItemBuilder& rows = flag[split.rows[i]] != 0 ? cliff : noncliff;
    rows.add(split.fold[i], unit_of[i], UnitItems::kNone, [&](std::size_t e) {
      const double error = predicted(e, i) - split.truth[i];
      return error * error;
    });
  }
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    auto position = positions_in_fold(data, split, f);
    for (auto& place : position) {
      if (place && group.mask[*place] == 0) place.reset();
    }
    for (std::size_t k = 0; k < block.size(); ++k) {
      std::uint32_t a = block.first[k];
      std::uint32_t b = block.second[k];
      const double truth = data.target(a) - data.target(b);
      if (truth == 0.0) continue;
      if (position[a] && position[b]) {
        const std::size_t i = *position[a];
        const std::size_t j = *position[b];
        sign.add(f, unit_of[i], unit_of[j], [&](std::size_t e) {
          return order_score(truth, predicted(e, i) - predicted(e, j));
        });
        continue;
      }
      if (!position[a]) std::swap(a, b);
      if (!position[a] || split.folds[f].role[b] != Role::train) continue;
      const std::size_t i = *position[a];
      to_train.add(f, unit_of[i], UnitItems::kNone, [&](std::size_t e) {
        return order_score(data.target(a) - data.target(b), predicted(e, i) - data.target(b));
      });
    }
  }
  return {.cliff = cliff.take(),
          .noncliff = noncliff.take(),
          .sign = sign.take(),
          .sign_to_train = to_train.take(),
          .n_rows = present.size(),
          .n_units = units.level.size()};
}

}  // namespace cupel::detail
