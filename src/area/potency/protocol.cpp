// Notes on splits of molecules: what is on both sides, what is nearly so, what is too small.
#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <unordered_set>

#include "area/potency/checks.hpp"
#include "cupel/error.hpp"
#include "model/nearest_neighbours.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::potency {
namespace {

constexpr double kNearCopy = 0.9;         // Tanimoto from which a test compound is a near copy
constexpr std::size_t kSmallTest = 50;    // test rows below which a fold says little
constexpr double kTooEven = 1e-4;         // probability of cliffs that evenly dealt by chance
constexpr double kManyNearCopies = 0.05;  // share of test rows that is worth a note

struct Count {
  std::size_t n = 0;
  std::size_t n_test = 0;
  std::vector<std::string> examples;

  void add(bool is_hit, const std::string& example) {
    ++n_test;
    if (!is_hit) return;
    ++n;
    if (examples.size() < Diagnostics::kMaxExamples) examples.push_back(example);
  }
  [[nodiscard]] double share() const {
    return n_test == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(n_test);
  }
};

std::string percent(double share) { return fmt::format("{:.1f} %", 100.0 * share); }

std::vector<std::pair<std::string, std::string>> evidence_of(const Split& split,
                                                             const Count& count) {
  std::vector<std::pair<std::string, std::string>> out{{"split", split.name},
                                                       {"test rows", std::to_string(count.n_test)},
                                                       {"of these", std::to_string(count.n)}};
  if (!count.examples.empty()) out.emplace_back("for example", count.examples.front());
  return out;
}

/// Everything that is counted over the folds of one split.
class FoldCounter {
 public:
  explicit FoldCounter(const Dataset& data)
      : data_(data),
        ligand_(data.entities.front()),
        parent_(ligand_.find_label("parent")),
        fingerprint_(ligand_.find_features("fingerprint")),
        cliff_(find_label("cliff")),
        censored_(find_label("censored")) {}

  void add(const Split& fold) {
    std::unordered_set<std::uint32_t> ligands;
    std::unordered_set<std::uint32_t> parents;
    std::vector<std::uint32_t> train;
    for (const Role role : {Role::train, Role::validation}) {
      for (const auto row : fold.rows(role)) {
        const auto code = ligand_.code_of_sample[row];
        if (ligands.insert(code).second) train.push_back(code);
        if (parent_ != nullptr) parents.insert(parent_->code[code]);
        count_cliff(row, train_cliffs_);
      }
    }
    const auto test = fold.rows(Role::test);
    for (const auto row : test) {
      const auto code = ligand_.code_of_sample[row];
      const bool known = ligands.contains(code);
      const std::string& id = ligand_.ids[code];
      same_ligand_.add(known, id);
      const bool has_parent = parent_ != nullptr && parent_->code[code] != LabelBlock::kUnknown;
      same_parent_.add(!known && has_parent && parents.contains(parent_->code[code]), id);
      if (censored_ != nullptr) limits_.add(censored_->code[row] == 0, id);
      count_cliff(row, test_cliffs_);
    }
    count_near_copies(train, test);
    measure_evenness(fold);
    if (test.size() < kSmallTest) small_.push_back(&fold);
    for (std::size_t i = 0; i < fold.role.size(); ++i) {
      if (fold.role[i] != Role::left_out || is_of_other_task(fold, i)) continue;
      count_cliff(static_cast<std::uint32_t>(i), left_out_cliffs_);
    }
  }

  [[nodiscard]] std::vector<ProtocolNote> notes(std::span<const Split> folds) const {
    const Split& split = folds.front();
    std::vector<ProtocolNote> out;
    if (same_ligand_.n > 0) out.push_back(note_same_ligand(split));
    if (same_parent_.n > 0) out.push_back(note_same_parent(split));
    if (near_.share() >= kManyNearCopies) out.push_back(note_near_copies(split));
    if (limits_.n > 0) out.push_back(note_limits(split));
    if (const double z = difference(left_out_cliffs_, all_kept()); std::abs(z) > 4.0) {
      out.push_back(note_cliff_filter(split));
    }
    if (is_stratified_on_cliffs(split)) out.push_back(note_stratified(split));
    if (!small_.empty()) out.push_back(note_small(split, folds.size()));
    return out;
  }

 private:
  const LabelBlock* find_label(std::string_view name) const {
    for (const auto& label : data_.sample_labels) {
      if (label.name == name) return &label;
    }
    return nullptr;
  }

  static bool is_of_other_task(const Split& fold, std::size_t i) {
    return !fold.task.empty() && !fold.reason.empty() &&
           fold.reasons[fold.reason[i]] == "other_task";
  }

  void count_cliff(std::uint32_t row, Count& count) const {
    if (cliff_ != nullptr) count.add(cliff_->code[row] == 0, {});
  }

  /// How far the number of test cliffs is from its expectation, were the rows dealt by chance: z^2
  /// with the variance of the hypergeometric law.
  void measure_evenness(const Split& fold) {
    if (cliff_ == nullptr) return;
    double n = 0.0;
    double n_test = 0.0;
    double cliffs = 0.0;
    double test_cliffs = 0.0;
    for (std::size_t row = 0; row < fold.role.size(); ++row) {
      if (fold.role[row] == Role::left_out) continue;
      const double is_cliff = cliff_->code[row] == 0 ? 1.0 : 0.0;
      n += 1.0;
      cliffs += is_cliff;
      if (fold.role[row] != Role::test) continue;
      n_test += 1.0;
      test_cliffs += is_cliff;
    }
    const double share = n > 1.0 ? cliffs / n : 0.0;
    const double variance = n_test * share * (1.0 - share) * (n - n_test) / std::max(n - 1.0, 1.0);
    if (variance < 1.0) return;  // too few cliffs to see anything
    const double off = test_cliffs - n_test * share;
    sum_of_squares_ += off * off / variance;
    ++n_measured_;
  }

  /// By the scheme, or because chance would hardly ever deal the cliffs so evenly in all folds.
  [[nodiscard]] bool is_stratified_on_cliffs(const Split& split) const {
    if (cliff_ == nullptr) return false;
    if (split.scheme == "cluster_stratified") return true;
    return n_measured_ > 1 && boost::math::gamma_p(0.5 * static_cast<double>(n_measured_),
                                                   0.5 * sum_of_squares_) < kTooEven;
  }

  void count_near_copies(const std::vector<std::uint32_t>& train,
                         const std::vector<std::uint32_t>& test) {
    if (fingerprint_ == nullptr || !fingerprint_->bits || train.empty()) return;
    std::vector<std::uint32_t> queries;
    for (const auto row : test) queries.push_back(ligand_.code_of_sample[row]);
    const NearestRows found = nearest(*fingerprint_->bits, train, queries, {.k = 1}, Context{});
    for (std::size_t q = 0; q < queries.size(); ++q) {
      const bool is_near =
          found.begin[q] < found.begin[q + 1] && found.similarity[found.begin[q]] >= kNearCopy;
      near_.add(is_near, ligand_.ids[queries[q]]);
    }
  }

  [[nodiscard]] Count all_kept() const {
    Count out;
    out.n = train_cliffs_.n + test_cliffs_.n;
    out.n_test = train_cliffs_.n_test + test_cliffs_.n_test;
    return out;
  }

  /// z of the difference between two shares; 0 where a group is too small to say.
  static double difference(const Count& a, const Count& b) {
    if (a.n_test < 20 || b.n_test < 20) return 0.0;
    const auto n = static_cast<double>(a.n_test);
    const auto m = static_cast<double>(b.n_test);
    const double pooled = static_cast<double>(a.n + b.n) / (n + m);
    const double error = std::sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m));
    return error > 0.0 ? (a.share() - b.share()) / error : 0.0;
  }

  [[nodiscard]] ProtocolNote note_same_ligand(const Split& split) const {
    return {.code = "ligand_on_both_sides",
            .severity = Severity::serious,
            .title = "The same molecule in training and test",
            .sentence = fmt::format("{} of {} test rows of {} are about a ligand that training has "
                                    "measured in the same assay: looking it up is enough.",
                                    same_ligand_.n, same_ligand_.n_test, split.name),
            .evidence = evidence_of(split, same_ligand_),
            .recommendation =
                "Keep all rows of a ligand on one side, or combine them first "
                "(replicates: mean)."};
  }

  [[nodiscard]] ProtocolNote note_same_parent(const Split& split) const {
    const bool many = same_parent_.share() > 0.02;
    return {.code = "parent_on_both_sides",
            .severity = many ? Severity::warning : Severity::note,
            .title = "Salts or stereoisomers of training compounds in the test set",
            .sentence = fmt::format("{} of {} test rows of {} ({}) are about another form (salt, "
                                    "charge, stereoisomer) of a training compound.",
                                    same_parent_.n, same_parent_.n_test, split.name,
                                    percent(same_parent_.share())),
            .evidence = evidence_of(split, same_parent_),
            .recommendation =
                "Split by parent, or say so beside the score; 2-D fingerprints "
                "cannot tell such compounds apart."};
  }

  [[nodiscard]] ProtocolNote note_near_copies(const Split& split) const {
    return {.code = "near_copies_in_training",
            .severity = near_.share() > 0.25 ? Severity::warning : Severity::note,
            .title = "Near copies of test compounds in training",
            .sentence = fmt::format("{} of {} test rows of {} ({}) have a training compound with a "
                                    "Tanimoto similarity of 0.9 or more: the split asks for "
                                    "interpolation between close analogues.",
                                    near_.n, near_.n_test, split.name, percent(near_.share())),
            .evidence = evidence_of(split, near_),
            .recommendation =
                "Read the error against similarity to training, and add a split by "
                "scaffold or cluster."};
  }

  [[nodiscard]] ProtocolNote note_limits(const Split& split) const {
    return {.code = "limits_as_values",
            .severity = Severity::warning,
            .title = "Limits taken as values",
            .sentence = fmt::format("{} of {} test rows of {} are limits (< or >), scored as if "
                                    "they had been measured.",
                                    limits_.n, limits_.n_test, split.name),
            .evidence = evidence_of(split, limits_),
            .recommendation = "Read the metrics with the ending _exact, or leave the limits out."};
  }

  [[nodiscard]] ProtocolNote note_cliff_filter(const Split& split) const {
    return {.code = "filter_follows_cliffs",
            .severity = Severity::serious,
            .title = "What was left out follows the measured values",
            .sentence = fmt::format(
                "{} of the rows that {} leaves out are on activity cliffs, and {} of those that it "
                "keeps: rows were chosen by what the test is about, so its error means little.",
                percent(left_out_cliffs_.share()), split.name, percent(all_kept().share())),
            .evidence = {{"split", split.name},
                         {"rows left out", std::to_string(left_out_cliffs_.n_test)}},
            .recommendation = "Filter by structure alone; never look at the values."};
  }

  [[nodiscard]] ProtocolNote note_stratified(const Split& split) const {
    const bool is_known = split.scheme == "cluster_stratified";
    return {
        .code = "split_follows_cliffs",
        .severity = Severity::note,
        .title = "The split looked at measured values",
        .sentence = fmt::format(
            "{}: {} of the training rows of {} are on activity cliffs, and {} of the test rows. "
            "Whether a compound is on a cliff follows from its measured value and those of its "
            "neighbours, test rows included, so the test labels had a say in who is tested.",
            is_known ? "The scheme deals cliff compounds to training and test in equal shares"
                     : fmt::format("Cliff compounds are dealt to training and test more evenly "
                                   "than chance does ({} test sets)",
                                   n_measured_),
            percent(train_cliffs_.share()), split.name, percent(test_cliffs_.share())),
        .evidence = {{"split", split.name},
                     {"cliffs in training", percent(train_cliffs_.share())},
                     {"cliffs in test", percent(test_cliffs_.share())}},
        .recommendation =
            "Compare models on it as they stand; do not read the share of cliffs or the error on "
            "them as what new compounds would bring. A split by structure or time needs no "
            "values."};
  }

  [[nodiscard]] ProtocolNote note_small(const Split& split, std::size_t n_folds) const {
    const auto smallest = std::min_element(
        small_.begin(), small_.end(),
        [](const Split* a, const Split* b) { return a->count(Role::test) < b->count(Role::test); });
    const std::size_t n = (*smallest)->count(Role::test);
    const std::string where =
        (*smallest)->task.empty() ? "fold " + std::to_string((*smallest)->fold) : (*smallest)->task;
    return {
        .code = "small_test_sets",
        .severity = n < 20 ? Severity::warning : Severity::note,
        .title = "Small test sets",
        .sentence = fmt::format("{} of {} test sets of {} have fewer than {} rows, the smallest "
                                "{} ({}): a difference within one of them is mostly chance.",
                                small_.size(), n_folds, split.name, kSmallTest, n, where),
        .evidence = {{"split", split.name}, {"smallest", std::to_string(n)}},
        .recommendation = "Judge over all of them together, or repeat the split."};
  }

  const Dataset& data_;
  const Entity& ligand_;
  const LabelBlock* parent_;
  const FeatureBlock* fingerprint_;
  const LabelBlock* cliff_;
  const LabelBlock* censored_;
  Count same_ligand_, same_parent_, near_, limits_;
  Count train_cliffs_, test_cliffs_, left_out_cliffs_;
  double sum_of_squares_ = 0.0;  // over the folds where cliffs are enough
  std::size_t n_measured_ = 0;
  std::vector<const Split*> small_;
};

}  // namespace

std::vector<ProtocolNote> check_protocol(const Dataset& data, std::span<const Split> folds) {
  if (folds.empty()) return {};
  FoldCounter counter(data);
  for (const auto& fold : folds) counter.add(fold);
  return counter.notes(folds);
}

}  // namespace cupel::potency
