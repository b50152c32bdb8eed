#include "area/drug_response/compounds.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "io/rdkit_fingerprint.hpp"

namespace cupel {
namespace {

constexpr std::size_t kShortestName = 3;  // "5" or "B" name nothing

class Groups {
 public:
  explicit Groups(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }

  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b, const std::string& reason) {
    links_.push_back({std::min(a, b), reason});
    const auto low = std::min(root(a), root(b));
    const auto high = std::max(root(a), root(b));
    parent_[high] = low;
  }
  /// Reasons of the links inside the group of each root.
  std::map<std::uint32_t, std::set<std::string>> reasons() {
    std::map<std::uint32_t, std::set<std::string>> found;
    for (const auto& [member, reason] : links_) found[root(member)].insert(reason);
    return found;
  }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<std::pair<std::uint32_t, std::string>> links_;
};

std::string label_of(const LabelBlock* block, std::size_t i) {
  if (block == nullptr || block->code[i] == LabelBlock::kUnknown) return "";
  return block->levels[block->code[i]];
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || c == '.';
  });
}

std::vector<std::string> split_synonyms(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',' || c == ';' || c == '|')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// Joins every id to the first one with the same key; empty keys join nothing.
std::unordered_map<std::string, std::uint32_t> join_equal(const std::vector<std::string>& keys,
                                                          const std::string& reason,
                                                          Groups& groups) {
  std::unordered_map<std::string, std::uint32_t> first;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    if (keys[i].empty()) continue;
    const auto [place, is_new] = first.try_emplace(keys[i], i);
    if (!is_new) groups.join(place->second, i, reason);
  }
  return first;
}

}  // namespace

std::string normalise_compound_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes of non-ASCII letters stay: alpha and beta forms are not one compound.
    if (std::isalnum(byte) != 0 || byte >= 0x80U) plain += static_cast<char>(std::tolower(byte));
  }
  return plain.size() < kShortestName ? "" : plain;
}

Compounds find_compounds(const Entity& drug) {
  const std::size_t n = drug.ids.size();
  const LabelBlock* smiles = drug.find_label("smiles");
  const LabelBlock* pubchem = drug.find_label("pubchem");
  const LabelBlock* name = drug.find_label("name");
  const LabelBlock* synonyms = drug.find_label("synonyms");
  std::vector<std::string> structures(n);
  std::vector<std::string> numbers(n);
  std::vector<std::string> names(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (const auto text = label_of(smiles, i); !text.empty()) structures[i] = parent_smiles(text);
    numbers[i] = label_of(pubchem, i);
    if (!is_number(numbers[i])) numbers[i].clear();  // "none", "several"
    std::string given = label_of(name, i);
    if (given.empty() && !is_number(drug.ids[i])) given = drug.ids[i];
    names[i] = normalise_compound_name(given);
  }
  Groups groups(n);
  join_equal(structures, "same SMILES", groups);
  join_equal(numbers, "same PubChem id", groups);
  const auto first_with_name = join_equal(names, "same name", groups);
  for (std::uint32_t i = 0; i < n; ++i) {
    for (const auto& synonym : split_synonyms(label_of(synonyms, i))) {
      const auto known = first_with_name.find(normalise_compound_name(synonym));
      if (known == first_with_name.end()) continue;
      const auto other = known->second;
      const bool structures_differ = !structures[i].empty() && !structures[other].empty() &&
                                     structures[i] != structures[other];
      if (!structures_differ && groups.root(other) != groups.root(i)) {
        groups.join(other, i, "a synonym of one is the name of the other");
      }
    }
  }
  Compounds result;
  std::map<std::uint32_t, CompoundGroup> found;
  for (std::uint32_t i = 0; i < n; ++i) {
    result.compound_of_drug.push_back(groups.root(i));
    found[groups.root(i)].drugs.push_back(i);
  }
  const auto reasons = groups.reasons();
  for (auto& [root, group] : found) {
    if (group.drugs.size() < 2) continue;
    const auto& set = reasons.at(root);
    group.reason = join(std::vector<std::string>(set.begin(), set.end()), " and ");
    result.groups.push_back(std::move(group));
  }
  return result;
}

}  // namespace cupel
