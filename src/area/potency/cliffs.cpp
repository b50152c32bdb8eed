#include "area/potency/cliffs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "area/potency/cliff_kinds.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "io/scaffolds.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/engine.hpp"
#include "similarity/fingerprint.hpp"

namespace cupel::potency {
namespace {

constexpr double kCap = 0.99;  ///< of CliffPair::sali

/// Whether two potencies differ enough for a structural rule.
struct FoldTest {
  double fold = 10.0;
  bool at_least = false;
  bool by_log = false;

  [[nodiscard]] bool operator()(const CliffInput& input, std::uint32_t i,
                                std::uint32_t j) const noexcept {
    if (by_log) {
      const double excess = input.log_difference(i, j) - std::log10(fold);
      return at_least ? excess >= -kLogTie : excess > kLogTie;
    }
    const auto [low, high] = std::minmax(input.value_nM[i], input.value_nM[j]);
    return at_least ? high / low >= fold : high / low > fold;
  }
};

enum Reason : std::uint8_t { kEcfp = 1, kScaffold = 2, kLevenshtein = 4 };

std::uint8_t parse_reasons(const std::string& text) {
  std::uint8_t reasons = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (word == "ecfp") {
      reasons |= kEcfp;
    } else if (word == "scaffold") {
      reasons |= kScaffold;
    } else if (word == "levenshtein") {
      reasons |= kLevenshtein;
    } else {
      fail(ErrorKind::usage, "option by: \"" + word + "\" is no similarity of this rule", {},
           "join some of ecfp, scaffold, levenshtein by +, as in by=ecfp+levenshtein");
    }
    begin = end + 1;
  }
  return reasons;
}

std::string reason_words(std::uint8_t reasons) {
  std::vector<std::string> words;
  if ((reasons & kEcfp) != 0) words.emplace_back("ecfp");
  if ((reasons & kScaffold) != 0) words.emplace_back("scaffold");
  if ((reasons & kLevenshtein) != 0) words.emplace_back("levenshtein");
  return join(words, "+");
}

/// The options of the structural rules.
struct Structural {
  double threshold = 0.9;
  FoldTest is_far;
  std::uint8_t reasons = kEcfp;
  ScaffoldKind scaffold = ScaffoldKind::generic_whole;
  EcfpOptions ecfp;
};

Structural read_structural(Options& options) {
  Structural read{
      .threshold = options.number("similarity", 0.9, 0.0, 1.0),
      .is_far = {.fold = options.number("fold", 10.0, 1.0, 1e12),
                 .at_least = options.choice("at_least", "no", {"no", "yes"}) == "yes",
                 .by_log = options.choice("compare", "ratio", {"ratio", "log"}) == "log"},
      .reasons = parse_reasons(options.text("by", "ecfp")),
      .scaffold = find_scaffold_kind(options.text("scaffold", "generic_whole")),
      .ecfp = {.radius = options.count("radius", 2, 0, 8),
               .n_bits = options.count("bits", 1024, 64, 1U << 16)}};
  options.finish();
  return read;
}

/// The distinct SMILES, in order, and each row's place among them.
struct DistinctSmiles {
  std::vector<std::string> smiles;
  std::vector<std::uint32_t> of_row;
};

DistinctSmiles distinct(std::span<const std::string> smiles) {
  DistinctSmiles out;
  std::unordered_map<std::string_view, std::uint32_t> place;
  for (const auto& text : smiles) {
    const auto [known, is_new] =
        place.try_emplace(text, static_cast<std::uint32_t>(out.smiles.size()));
    if (is_new) out.smiles.push_back(text);
    out.of_row.push_back(known->second);
  }
  return out;
}

struct SimilarPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::uint8_t reasons = 0;
  double similarity = 0.0;
};

/// One entry a pair, with all its reasons; ordered.
void merge(std::vector<SimilarPair>& pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const SimilarPair& a, const SimilarPair& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  std::size_t n = 0;
  for (const SimilarPair& pair : pairs) {
    if (n > 0 && pairs[n - 1].first == pair.first && pairs[n - 1].second == pair.second) {
      pairs[n - 1].reasons |= pair.reasons;
      pairs[n - 1].similarity = std::max(pairs[n - 1].similarity, pair.similarity);
    } else {
      pairs[n++] = pair;
    }
  }
  pairs.resize(n);
}

CliffFinding dispatch(const CliffRule& rule, const CliffInput& input, Options& options,
                      const Context& context) {
  if (rule.name == "mmp") return find_matched(input, options, context);
  if (rule.name == "sali") return find_sali(input, options, context);
  if (rule.name == "sas") return find_sas(input, options, context);
  return find_structural(input, options, context);
}

/// Fills `sali` of pairs whose rule does not compute it.
void add_sali(const CliffInput& input, std::vector<CliffPair>& pairs, const Context& context) {
  if (pairs.empty()) return;
  const auto similarity = ecfp_similarity(input, kEcfpRadius, kEcfpBits, context);
  for (CliffPair& pair : pairs) {
    pair.sali = sali_of(pair.log_difference, similarity->at(pair.first, pair.second), kCap);
  }
}

std::string potency_problem(double value_nM) {
  if (std::isnan(value_nM)) return "no potency";
  if (!std::isfinite(value_nM)) return "the potency is not finite";
  return value_nM > 0.0 ? "" : "the potency is not positive";
}

std::map<std::string, std::string> with_defaults(
    const CliffRule& rule, const std::map<std::string, std::string>& options) {
  std::vector<std::string> names;
  for (const auto& [name, value] : rule.defaults) names.push_back(name);
  std::map<std::string, std::string> all = rule.defaults;
  for (const auto& [name, value] : options) {
    if (!all.contains(name)) {
      const std::string nearest = nearest_word(name, names);
      fail(ErrorKind::usage, "cliff rule " + rule.name + " has no option \"" + name + "\"", {},
           nearest.empty() ? "it has " + join(names, ", ") : "did you mean " + nearest + "?");
    }
    all[name] = value;
  }
  return all;
}

/// What the rule compares, of molecules that are each read once.
EcfpWithScaffold make_prints(std::span<const std::string> smiles, const CliffRule& rule,
                             const std::map<std::string, std::string>& options,
                             const Context& context) {
  const EcfpOptions whole{.radius = kEcfpRadius, .n_bits = kEcfpBits};
  if (rule.defaults.contains("by")) {
    Options read(options, "cliff rule " + rule.name);
    const Structural structural = read_structural(read);
    if ((structural.reasons & kScaffold) != 0) {
      return ecfp_with_scaffold(smiles, structural.scaffold, whole, structural.ecfp, context);
    }
  }
  return {.whole = ecfp(smiles, whole, context), .scaffold = {}};
}

PackedBits gather(const PackedBits& from, const DistinctSmiles& molecules,
                  std::span<const std::uint32_t> rows) {
  if (from.n_bits == 0) return {};
  PackedBits bits(rows.size(), from.n_bits);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    std::ranges::copy(from.row(molecules.of_row[rows[k]]), bits.row(k).begin());
  }
  return bits;
}

CliffInput select(const DistinctSmiles& molecules, std::span<const double> value_nM,
                  const EcfpWithScaffold& prints, std::span<const std::uint32_t> rows) {
  CliffInput input{.ecfp = gather(prints.whole.bits, molecules, rows),
                   .scaffold = gather(prints.scaffold.bits, molecules, rows)};
  for (const auto row : rows) {
    input.smiles.push_back(molecules.smiles[molecules.of_row[row]]);
    input.value_nM.push_back(value_nM[row]);
    input.log10_value.push_back(std::log10(value_nM[row]));
  }
  return input;
}

void add_counts(const std::vector<std::pair<std::string, std::uint64_t>>& counts,
                std::vector<std::pair<std::string, std::uint64_t>>& sums) {
  for (const auto& [name, count] : counts) {
    const auto found = std::ranges::find(sums, name, &std::pair<std::string, std::uint64_t>::first);
    if (found == sums.end()) {
      sums.emplace_back(name, count);
    } else {
      found->second += count;
    }
  }
}

}  // namespace

double CliffInput::log_difference(std::uint32_t i, std::uint32_t j) const noexcept {
  return std::abs(log10_value[i] - log10_value[j]);
}

double sali_of(double log_difference, double similarity, double cap) noexcept {
  return log_difference / (1.0 - std::min(similarity, cap));
}

std::unique_ptr<Similarity> ecfp_similarity(const CliffInput& input, unsigned radius,
                                            std::size_t n_bits, const Context& context) {
  if (radius == kEcfpRadius && n_bits == kEcfpBits) {
    return fingerprint_similarity(input.ecfp, nullptr, {});
  }
  auto fingerprints = ecfp(input.smiles, {.radius = radius, .n_bits = n_bits}, context);
  return fingerprint_similarity(std::move(fingerprints.bits), nullptr, {});
}

CliffFinding find_structural(const CliffInput& input, Options& options, const Context& context) {
  const Structural rule = read_structural(options);
  std::vector<SimilarPair> similar;
  const auto collect = [&](const Similarity& similarity, Reason reason) {
    for_pairs_at_least(similarity, rule.threshold, context, [&](const std::vector<Hit>& hits) {
      for (const Hit& hit : hits) {
        if (rule.is_far(input, hit.row, hit.col) &&
            input.value_nM[hit.row] != input.value_nM[hit.col])
          similar.push_back({hit.row, hit.col, reason, hit.value});
      }
    });
  };
  if ((rule.reasons & kEcfp) != 0) {
    collect(*ecfp_similarity(input, rule.ecfp.radius, rule.ecfp.n_bits, context), kEcfp);
  }
  if ((rule.reasons & kScaffold) != 0) {
    collect(*fingerprint_similarity(input.scaffold, nullptr, {}), kScaffold);
  }
  if ((rule.reasons & kLevenshtein) != 0) {
    collect(*make_edit(input.smiles, nullptr, ""), kLevenshtein);
  }
  merge(similar);
  CliffFinding finding;
  for (const SimilarPair& pair : similar) {
    const double difference = input.log_difference(pair.first, pair.second);
    finding.pairs.push_back({.first = pair.first,
                             .second = pair.second,
                             .similarity = pair.similarity,
                             .because = reason_words(pair.reasons),
                             .log_difference = difference,
                             .score = difference});
  }
  add_sali(input, finding.pairs, context);
  return finding;
}

CliffFinding find_matched(const CliffInput& input, Options& options, const Context& context) {
  const double least = options.number("difference", 2.0, 0.0, 100.0);
  const MatchedPairOptions cut{
      .max_substituent_atoms = options.count("max_substituent_atoms", 13, 1, 999),
      .max_difference = options.count("max_difference", 8, 0, 999),
      .min_core_ratio = options.number("min_core_ratio", 2.0, 0.0, 1000.0),
      .cuts = find_cut_rule(options.text("cuts", "acyclic"))};
  options.finish();
  const auto is_far = [&](std::uint32_t i, std::uint32_t j) {
    const double difference = input.log_difference(i, j);
    return difference > 0.0 && difference >= least - kLogTie;
  };
  CliffFinding finding;
  for (const MatchedPair& pair : matched_pairs(input.smiles, cut, context, is_far)) {
    const double difference = input.log_difference(pair.first, pair.second);
    const double larger = std::max(pair.atoms_first, pair.atoms_second);
    finding.pairs.push_back({.first = pair.first,
                             .second = pair.second,
                             .similarity = pair.core_atoms / (pair.core_atoms + larger),
                             .because = "mmp",
                             .log_difference = difference,
                             .score = difference});
  }
  add_sali(input, finding.pairs, context);
  return finding;
}

Cliffs find_cliffs(std::span<const std::string> smiles, std::span<const double> value_nM,
                   const CliffRule& rule, const std::map<std::string, std::string>& options,
                   const Context& context) {
  const std::vector<std::uint32_t> group(smiles.size(), 0);
  return find_cliffs_within(smiles, value_nM, group, rule, options, context);
}

Cliffs find_cliffs_within(std::span<const std::string> smiles, std::span<const double> value_nM,
                          std::span<const std::uint32_t> group, const CliffRule& rule,
                          const std::map<std::string, std::string>& options,
                          const Context& context) {
  if (smiles.size() != value_nM.size() || smiles.size() != group.size()) {
    fail(ErrorKind::internal, "find_cliffs: molecules, values and groups differ in number");
  }
  const auto in_force = with_defaults(rule, options);
  const DistinctSmiles molecules = distinct(smiles);
  const EcfpWithScaffold prints = make_prints(molecules.smiles, rule, in_force, context);
  Cliffs cliffs{.flag = std::vector<std::uint8_t>(smiles.size(), 0), .problem = {}};
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
  members[group.empty() ? 0 : group.front()];  // so that the options are read even without rows
  for (std::uint32_t i = 0; i < smiles.size(); ++i) {
    cliffs.problem.push_back(prints.whole.problem[molecules.of_row[i]]);
    if (cliffs.problem[i].empty()) cliffs.problem[i] = potency_problem(value_nM[i]);
    if (cliffs.problem[i].empty()) members[group[i]].push_back(i);
  }
  for (const auto& [number, rows] : members) {
    const CliffInput input = select(molecules, value_nM, prints, rows);
    Options read(in_force, "cliff rule " + rule.name);
    CliffFinding finding = dispatch(rule, input, read, context);
    cliffs.parameters = read.canonical();
    for (CliffPair& pair : finding.pairs) {
      pair.first = rows[pair.first];
      pair.second = rows[pair.second];
      cliffs.flag[pair.first] = cliffs.flag[pair.second] = 1;
      cliffs.pairs.push_back(std::move(pair));
    }
    add_counts(finding.counts, cliffs.counts);
    if (finding.limit) cliffs.limits.push_back(*finding.limit);
  }
  if (members.size() > 1) {
    std::sort(cliffs.pairs.begin(), cliffs.pairs.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    });
  }
  return cliffs;
}

}  // namespace cupel::potency
