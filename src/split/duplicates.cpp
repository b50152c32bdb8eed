// Items that stand on both sides of a split.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <unordered_map>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "similarity/mutation_sets.hpp"
#include "split/leakage.hpp"

namespace cupel {
namespace {

template <typename T>
std::string bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Texts that are equal for items that are the same.
std::vector<std::string> identity_keys(const Items& items, ItemForm form,
                                       const std::string& separator, const Context& context) {
  std::vector<std::string> keys(items.size());
  constexpr std::size_t kChunk = 256;
  parallel_for(context, (keys.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
    for (std::size_t i = chunk * kChunk; i < std::min(keys.size(), (chunk + 1) * kChunk); ++i) {
      switch (form) {
        case ItemForm::smiles:
          keys[i] = canonical_smiles(items.texts[i]);
          break;
        case ItemForm::sequence:
          keys[i] = upper(items.texts[i]);
          break;
        case ItemForm::mutations: {
          const auto parts = split_mutations(items.texts[i], separator);
          const std::set<std::string> sorted(parts.begin(), parts.end());
          keys[i] = join(std::vector<std::string>(sorted.begin(), sorted.end()), "\n");
          break;
        }
        case ItemForm::bits:
          keys[i] = bytes_of(items.bits.row(i));
          break;
        case ItemForm::vector:
          keys[i] = bytes_of(items.vectors.row(i));
          break;
        case ItemForm::matrix:
          break;
      }
    }
  });
  return keys;
}

enum class Agreement { unknown, same, conflict };

Agreement compare_targets(const Items& test, std::size_t a, const Items& train, std::size_t b,
                          double tolerance) {
  const std::string x = test.target_text(a);
  const std::string y = train.target_text(b);
  if (x.empty() || y.empty()) return Agreement::unknown;
  const bool numbers = test.target_levels.empty() && train.target_levels.empty();
  const bool differ = numbers ? std::abs(test.targets[a] - train.targets[b]) > tolerance : x != y;
  return differ ? Agreement::conflict : Agreement::same;
}

}  // namespace

Duplicates find_duplicates(const Items& train, const Items& test, ItemForm form,
                           const LeakageOptions& options, const Context& context) {
  Duplicates found{.is_known = form != ItemForm::matrix, .conflicts = {}};
  if (!found.is_known) return found;
  const std::string separator =
      form == ItemForm::mutations ? detect_mutation_separator({&train, &test}) : "";
  std::unordered_map<std::string, std::vector<std::uint32_t>> copies;
  const auto train_keys = identity_keys(train, form, separator, context);
  for (std::uint32_t j = 0; j < train_keys.size(); ++j) copies[train_keys[j]].push_back(j);
  const auto test_keys = identity_keys(test, form, separator, context);
  for (std::uint32_t i = 0; i < test_keys.size(); ++i) {
    const auto place = copies.find(test_keys[i]);
    if (place == copies.end()) continue;
    ++found.n_test;
    bool known = false;
    bool conflict = false;
    for (const std::uint32_t j : place->second) {
      const Agreement agreement = compare_targets(test, i, train, j, options.label_tolerance);
      known = known || agreement != Agreement::unknown;
      if (agreement != Agreement::conflict) continue;
      if (!conflict && found.conflicts.size() < options.n_worst) {
        found.conflicts.push_back({i, j, 1.0});
      }
      conflict = true;
      if (!test.target_levels.empty() || !train.target_levels.empty()) continue;
      const double difference = std::abs(test.targets[i] - train.targets[j]);
      if (!(difference <= found.largest_difference)) found.largest_difference = difference;
    }
    found.n_known += known ? 1 : 0;
    found.n_conflicts += conflict ? 1 : 0;
  }
  return found;
}

std::vector<std::string> mutation_tokens(const Items& items, const std::string& separator) {
  std::set<std::string> tokens;
  for (const auto& text : items.texts) {
    for (const auto part : split_mutations(text, separator)) tokens.emplace(part);
  }
  return {tokens.begin(), tokens.end()};
}

std::vector<std::string> kmer_tokens(const Items& items, std::size_t k) {
  std::set<std::string> tokens;
  for (const auto& text : items.texts) {
    const std::string sequence = upper(text);
    for (std::size_t i = 0; i + k <= sequence.size(); ++i) tokens.insert(sequence.substr(i, k));
  }
  return {tokens.begin(), tokens.end()};
}

}  // namespace cupel
