#include "model/inner_split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

/// Code per sample of an entity ("cell") or of one of its labels ("cell.tissue").
class Unit {
 public:
  Unit(const Dataset& data, std::string_view name)
      : entity_(data.entity(name.substr(0, name.find('.')))) {
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) {
      n_levels_ = entity_.ids.size();
      return;
    }
    label_ = entity_.find_label(name.substr(dot + 1));
    if (label_ == nullptr) {
      fail(ErrorKind::internal,
           "split is blind to \"" + std::string(name) + "\", which is no label");
    }
    n_levels_ = label_->levels.size() + 1;
  }

  [[nodiscard]] std::size_t n_levels() const noexcept { return n_levels_; }
  [[nodiscard]] std::uint32_t of(std::uint32_t row) const noexcept {
    const std::uint32_t code = entity_.code_of_sample[row];
    if (label_ == nullptr) return code;
    const std::uint32_t level = label_->code[code];
    return level == LabelBlock::kUnknown ? static_cast<std::uint32_t>(n_levels_ - 1) : level;
  }

 private:
  const Entity& entity_;
  const LabelBlock* label_ = nullptr;
  std::size_t n_levels_ = 0;
};

/// Blind to whole tissues is blind to their cell lines: one unit an entity, its label if given.
std::vector<std::string> coarsest_units(const std::vector<std::string>& blind_to) {
  std::vector<std::string> units;
  for (const auto& name : blind_to) {
    const bool has_label =
        std::any_of(blind_to.begin(), blind_to.end(),
                    [&](const std::string& other) { return other.starts_with(name + "."); });
    if (!has_label) units.push_back(name);
  }
  return units;
}

std::vector<std::uint8_t> levels_in(const Unit& unit, std::span<const std::uint32_t> rows) {
  std::vector<std::uint8_t> seen(unit.n_levels(), 0);
  for (const std::uint32_t row : rows) seen[unit.of(row)] = 1;
  return seen;
}

bool validation_is_like_test(const FitRequest& request, std::span<const Unit> units) {
  if (request.validation.empty()) return false;
  for (const Unit& unit : units) {
    const auto in_training = levels_in(unit, request.train);
    for (const std::uint32_t row : request.validation) {
      if (in_training[unit.of(row)]) return false;
    }
  }
  return true;
}

/// Marks `share` of the levels that are in training, at least one, never all.
std::vector<std::uint8_t> hold_out_levels(const Unit& unit, std::span<const std::uint32_t> rows,
                                          double share, std::uint64_t seed, std::uint64_t index) {
  const auto seen = levels_in(unit, rows);
  std::vector<std::uint32_t> levels;
  for (std::uint32_t level = 0; level < seen.size(); ++level) {
    if (seen[level]) levels.push_back(level);
  }
  Rng rng(seed, "inner split", index);
  rng.shuffle(std::span<std::uint32_t>(levels));
  const auto wanted =
      static_cast<std::size_t>(std::lround(share * static_cast<double>(levels.size())));
  const std::size_t n_held =
      levels.size() < 2 ? 0 : std::clamp<std::size_t>(wanted, 1, levels.size() - 1);
  std::vector<std::uint8_t> held(seen.size(), 0);
  for (std::size_t i = 0; i < n_held; ++i) held[levels[i]] = 1;
  return held;
}

InnerSplit hold_out_rows(const FitRequest& request, double share) {
  std::vector<std::uint32_t> rows(request.train.begin(), request.train.end());
  std::sort(rows.begin(), rows.end());
  InnerSplit inner;
  const auto n_tune =
      static_cast<std::size_t>(std::lround(share * static_cast<double>(rows.size())));
  if (n_tune == 0 || n_tune == rows.size()) {
    inner.fit = std::move(rows);
    return inner;
  }
  Rng rng(request.seed, "inner split");
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  rng.shuffle(std::span<std::uint32_t>(order));
  std::vector<std::uint8_t> held(rows.size(), 0);
  for (std::size_t i = 0; i < n_tune; ++i) held[order[i]] = 1;
  for (std::size_t i = 0; i < rows.size(); ++i)
    (held[i] ? inner.tune : inner.fit).push_back(rows[i]);
  return inner;
}

}  // namespace

InnerSplit inner_split(const FitRequest& request, double share) {
  std::vector<Unit> units;
  for (const auto& name : coarsest_units(request.split.blind_to)) {
    units.emplace_back(request.data, name);
  }
  if (validation_is_like_test(request, units)) {
    return {.fit = {request.train.begin(), request.train.end()},
            .tune = {request.validation.begin(), request.validation.end()},
            .from_validation = true};
  }
  if (units.empty()) return hold_out_rows(request, share);

  const double share_of_units = units.size() > 1 ? std::min(0.5, 2.0 * share) : share;
  std::vector<std::vector<std::uint8_t>> held;
  for (std::size_t u = 0; u < units.size(); ++u) {
    held.push_back(hold_out_levels(units[u], request.train, share_of_units, request.seed, u));
  }
  InnerSplit inner;
  for (const std::uint32_t row : request.train) {
    std::size_t n_held = 0;
    for (std::size_t u = 0; u < units.size(); ++u) n_held += held[u][units[u].of(row)];
    if (n_held == 0) inner.fit.push_back(row);
    if (n_held == units.size()) inner.tune.push_back(row);
  }
  if (inner.fit.empty() || inner.tune.empty()) {
    inner.fit.assign(request.train.begin(), request.train.end());
    inner.tune.clear();
  }
  return inner;
}

}  // namespace cupel
