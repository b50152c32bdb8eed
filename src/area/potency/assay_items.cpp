#include "area/potency/assay_items.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "cupel/error.hpp"
#include "similarity/entity_similarity.hpp"
#include "similarity/fingerprint.hpp"
#include "similarity/grouped.hpp"
#include "split/similarity_table.hpp"

namespace cupel::potency {
namespace {

constexpr std::size_t kTabulated = 8192;  ///< items; 8 n^2 bytes

std::uint32_t item_key(const Entity& ligand, const LabelBlock* parent, std::uint32_t code) {
  if (parent == nullptr || parent->code[code] == LabelBlock::kUnknown) return code;
  return static_cast<std::uint32_t>(ligand.ids.size()) + parent->code[code];
}

const FeatureBlock& fingerprint_of(const Dataset& data) {
  const FeatureBlock* block = data.entity("ligand").find_features("fingerprint");
  if (block != nullptr) return *block;
  fail_input("this split needs the similarity of the molecules, but they have no fingerprints", {},
             "give SMILES (columns: {smiles: ...}), or fingerprints of your own");
}

void check_present(const Dataset& data, const FeatureBlock& block, const AssayItems& items) {
  for (const auto& members : items.ligands) {
    for (const auto code : members) {
      if (block.present[code] != 0) continue;
      fail_input("the molecule " + data.entity("ligand").ids[code] + " has no fingerprint", {},
                 "leave it out of the data, or use a split that needs no similarity");
    }
  }
}

}  // namespace

std::vector<TaskRows> assays_of(const Dataset& data) {
  const Entity* assay = data.find_entity("assay");
  std::vector<TaskRows> tasks(assay == nullptr ? 1 : assay->ids.size());
  for (std::size_t t = 0; assay != nullptr && t < tasks.size(); ++t) tasks[t].task = assay->ids[t];
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) {
    tasks[assay == nullptr ? 0 : assay->code_of_sample[i]].rows.push_back(i);
  }
  std::erase_if(tasks, [](const TaskRows& one) { return one.rows.empty(); });
  return tasks;
}

AssayItems assay_items(const Dataset& data, const TaskRows& task, ItemKind kind) {
  const Entity& ligand = data.entity("ligand");
  const LabelBlock* parent = kind == ItemKind::compound ? ligand.find_label("parent") : nullptr;
  AssayItems items{.task = task};
  std::map<std::uint32_t, std::uint32_t> item_of_key;
  std::vector<double> n_rows;
  for (const auto row : task.rows) {
    const auto code = ligand.code_of_sample[row];
    const auto key = kind == ItemKind::row ? row : item_key(ligand, parent, code);
    const auto [place, is_new] =
        item_of_key.try_emplace(key, static_cast<std::uint32_t>(items.size()));
    const auto item = place->second;
    if (is_new) {
      items.first_row.push_back(row);
      items.ligands.emplace_back();
      items.target.push_back(0.0);
      n_rows.push_back(0.0);
    }
    items.item_of_row.push_back(item);
    auto& members = items.ligands[item];
    if (std::find(members.begin(), members.end(), code) == members.end()) members.push_back(code);
    items.target[item] += data.target(row);
    n_rows[item] += 1.0;
  }
  for (std::size_t i = 0; i < n_rows.size(); ++i) items.target[i] /= n_rows[i];
  if (items.size() < task.rows.size()) items.traits.weight = std::move(n_rows);
  return items;
}

std::unique_ptr<Similarity> item_similarity(const Dataset& data, const AssayItems& items,
                                            const Context& context) {
  const FeatureBlock& block = fingerprint_of(data);
  check_present(data, block, items);
  std::vector<std::uint32_t> codes;
  std::vector<std::vector<std::uint32_t>> members;
  for (const auto& ligands : items.ligands) {
    members.emplace_back(ligands.size());
    std::iota(members.back().begin(), members.back().end(),
              static_cast<std::uint32_t>(codes.size()));
    codes.insert(codes.end(), ligands.begin(), ligands.end());
  }
  auto similarity = fingerprint_similarity(packed_rows(block, codes), nullptr, {});
  if (codes.size() == items.size()) return similarity;
  if (codes.size() <= kTabulated) {
    // A group's values are looked up member by member.
    similarity = std::make_unique<SimilarityTable>(tabulate_similarity(*similarity, context));
  }
  return group_items(std::move(similarity), std::move(members));
}

Matrix<double> item_vectors(const Dataset& data, const AssayItems& items) {
  const FeatureBlock& block = fingerprint_of(data);
  check_present(data, block, items);
  std::vector<std::uint32_t> codes;
  for (const auto& ligands : items.ligands) codes.push_back(ligands.front());
  const PackedBits bits = packed_rows(block, codes);
  Matrix<double> vectors(codes.size(), bits.n_bits);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t b = 0; b < bits.n_bits; ++b) vectors(i, b) = bits.test(i, b) ? 1.0 : 0.0;
  }
  return vectors;
}

ItemClusters label_groups(const Dataset& data, const AssayItems& items, const std::string& label) {
  const Entity& ligand = data.entity("ligand");
  const LabelBlock* block = ligand.find_label(label);
  if (block == nullptr) {
    fail_input("this split needs the " + label + " of the molecules, which the data do not have",
               {}, "give SMILES (columns: {smiles: ...}), or name a column of groups");
  }
  // Level numbers, joined where the ligands of one item have several (union-find).
  const auto n_levels = static_cast<std::uint32_t>(block->levels.size());
  const auto empty = std::find(block->levels.begin(), block->levels.end(), "");
  const auto none = empty == block->levels.end()
                        ? n_levels
                        : static_cast<std::uint32_t>(empty - block->levels.begin());
  std::vector<std::uint32_t> joined(n_levels + 1);
  std::iota(joined.begin(), joined.end(), 0U);
  const auto root = [&](std::uint32_t level) {
    while (joined[level] != level) level = joined[level] = joined[joined[level]];
    return level;
  };
  const auto level_of = [&](std::uint32_t code) {
    return block->code[code] == LabelBlock::kUnknown ? none : block->code[code];
  };
  for (const auto& members : items.ligands) {
    for (const auto code : members) joined[root(level_of(code))] = root(level_of(members.front()));
  }
  std::vector<std::uint32_t> groups;
  for (const auto& members : items.ligands) groups.push_back(root(level_of(members.front())));
  return first_met(groups);
}

}  // namespace cupel::potency
