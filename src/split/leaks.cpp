#include "split/leaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.hpp"
#include "split/units.hpp"

namespace cupel {
namespace {

bool is_training(Role role) { return role == Role::train || role == Role::validation; }

void add_evidence(Leak& leak, std::string text) {
  if (leak.evidence.size() < Diagnostics::kMaxExamples) leak.evidence.push_back(std::move(text));
}

const std::string& id_of(const Dataset& data, std::string_view entity, std::size_t sample) {
  const Entity& owner = data.entity(entity);
  return owner.ids[owner.code_of_sample[sample]];
}

void find_pairs(const Dataset& data, const Split& split, std::vector<Leak>& leaks) {
  const Units pairs = pair_units(data);
  std::vector<std::vector<std::uint32_t>> trained(pairs.count);
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (is_training(split.role[i])) {
      trained[pairs.of_sample[i]].push_back(static_cast<std::uint32_t>(i));
    }
  }
  Leak replicate{.code = "pair_on_both_sides"};
  Leak copy{.code = "copied_row_on_both_sides"};
  for (const auto row : split.rows(Role::test)) {
    const auto& others = trained[pairs.of_sample[row]];
    if (others.empty()) continue;
    const bool copied = std::any_of(others.begin(), others.end(), [&](auto other) {
      return data.target(other) == data.target(row);
    });
    Leak& leak = copied ? copy : replicate;
    ++leak.n_test_rows;
    add_evidence(leak, fmt::format("{} on {} (data rows {} and {})", id_of(data, "drug", row),
                                   id_of(data, "cell", row), data.source_row[row],
                                   data.source_row[others.front()]));
  }
  replicate.sentence = fmt::format(
      "{} test rows repeat a (drug, cell line) pair of the training set: a model can score by "
      "remembering the pair.",
      replicate.n_test_rows);
  copy.sentence = fmt::format(
      "{} test rows stand in the training set with the same value: their score says nothing.",
      copy.n_test_rows);
  for (auto* leak : {&replicate, &copy}) {
    if (leak->n_test_rows > 0) leaks.push_back(std::move(*leak));
  }
}

void find_compounds_across(const Dataset& data, const Split& split,
                           std::span<const std::uint32_t> compound_of_drug,
                           std::vector<Leak>& leaks) {
  const Entity& drug = data.entity("drug");
  std::unordered_map<std::uint32_t, std::uint32_t> trained;  // compound -> a drug of training
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (is_training(split.role[i])) {
      trained.try_emplace(compound_of_drug[drug.code_of_sample[i]], drug.code_of_sample[i]);
    }
  }
  std::map<std::uint32_t, std::size_t> touched;  // test drug -> rows
  for (const auto row : split.rows(Role::test)) ++touched[drug.code_of_sample[row]];
  Leak leak{.code = "compound_on_both_sides"};
  for (const auto& [code, n_rows] : touched) {
    const auto twin = trained.find(compound_of_drug[code]);
    if (twin == trained.end()) continue;
    leak.n_test_rows += n_rows;
    add_evidence(leak, fmt::format("{} is tested, the same compound {} is trained on",
                                   drug.ids[code], drug.ids[twin->second]));
  }
  if (leak.n_test_rows == 0) return;
  leak.sentence = fmt::format(
      "{} test rows are about compounds that the training set holds under another id: the split is "
      "blind to ids, not to drugs.",
      leak.n_test_rows);
  leaks.push_back(std::move(leak));
}

struct Promise {
  const char* scheme;
  const char* unit;
  const char* words;
};
constexpr Promise kPromises[] = {
    {"cancer_blind", "cell", "cell lines"},     {"drug_blind", "drug", "drugs"},
    {"both_blind", "cell", "cell lines"},       {"both_blind", "drug", "drugs"},
    {"tissue_blind", "cell.tissue", "tissues"},
};

Leak broken_promise(const Dataset& data, const Split& split, const Promise& promise) {
  const std::string unit = promise.unit;
  const Units units =
      unit == "cell.tissue" ? label_units(data, "cell", "tissue") : entity_units(data, unit);
  std::vector<std::uint8_t> known(units.count, 0);
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (is_training(split.role[i]) && units.of_sample[i] != Units::kNone) {
      known[units.of_sample[i]] = 1;
    }
  }
  Leak leak{.code = "not_blind"};
  for (const auto row : split.rows(Role::test)) {
    if (units.of_sample[row] != Units::kNone && known[units.of_sample[row]] == 0) continue;
    ++leak.n_test_rows;
    const auto& id = id_of(data, unit == "drug" ? "drug" : "cell", row);
    if (leak.evidence.empty() || leak.evidence.back() != id) add_evidence(leak, id);
  }
  leak.sentence = fmt::format(
      "The split is called {}, but {} of its {} test rows share their {} with the training set.",
      split.scheme, leak.n_test_rows, split.count(Role::test), promise.words);
  return leak;
}

}  // namespace

std::vector<Leak> find_leaks(const Dataset& data, const Split& split,
                             std::span<const std::uint32_t> compound_of_drug) {
  std::vector<Leak> leaks;
  find_pairs(data, split, leaks);
  const bool blind_to_drug = contains(split.blind_to, "drug");
  if (blind_to_drug && !compound_of_drug.empty()) {
    find_compounds_across(data, split, compound_of_drug, leaks);
  }
  for (const auto& promise : kPromises) {
    if (split.scheme == promise.scheme && !contains(split.blind_to, promise.unit)) {
      leaks.push_back(broken_promise(data, split, promise));
    }
  }
  return leaks;
}

}  // namespace cupel
