#include "similarity/entity_similarity.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/kinds.hpp"

namespace cupel {
namespace {

std::string label_of(ItemForm form) {
  return form == ItemForm::smiles ? "smiles" : std::string(to_string(form)) + "s";
}

bool reads_label(ItemForm form) {
  return form == ItemForm::smiles || form == ItemForm::sequence || form == ItemForm::mutations;
}

std::vector<std::string> fitting_blocks(const Entity& entity, ItemForm form, bool is_natural) {
  std::vector<std::string> names;
  for (const auto& block : entity.features) {
    if (is_natural || form == ItemForm::vector || block.binary) names.push_back(block.name);
  }
  return names;
}

[[noreturn]] void refuse(const Entity& entity, const std::string& what, std::string hint) {
  fail_input("the similarity of the " + entity.name + "s " + what, {}, std::move(hint));
}

const FeatureBlock& choose_block(const Entity& entity, ItemForm form, bool is_natural,
                                 std::string_view wanted) {
  const auto fitting = fitting_blocks(entity, form, is_natural);
  if (!wanted.empty()) {
    if (contains(fitting, std::string(wanted))) return *entity.find_features(wanted);
    const std::string near = nearest_word(wanted, fitting);
    refuse(entity, "cannot be computed from \"" + std::string(wanted) + "\"",
           (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
               "feature tables that fit: " + (fitting.empty() ? "none" : join(fitting, ", ")));
  }
  if (fitting.empty()) {
    refuse(entity, "needs a feature table" + std::string(form == ItemForm::bits ? " of bits" : ""),
           "give the " + entity.name + "s features (data: features:), or `smiles` for drugs");
  }
  // A ligand has several views, and one that everybody means.
  if (fitting.size() > 1 && entity.name == "ligand" && contains(fitting, "fingerprint")) {
    return *entity.find_features("fingerprint");
  }
  if (fitting.size() > 1) {
    refuse(entity, "could be computed from several feature tables",
           "name one with `features`: " + join(fitting, ", "));
  }
  return *entity.find_features(fitting.front());
}

Items block_items(const Entity& entity, const FeatureBlock& block, ItemForm form,
                  std::vector<std::uint32_t>& codes) {
  Items items;
  items.source = entity.name + "." + block.name;
  for (std::uint32_t code = 0; code < entity.ids.size(); ++code) {
    if (block.present[code] == 0) continue;
    codes.push_back(code);
    items.ids.push_back(entity.ids[code]);
  }
  if (form == ItemForm::bits) {
    items.bits = packed_rows(block, codes);
    return items;
  }
  if (block.bits != nullptr) {
    items.vectors = Matrix<double>(codes.size(), block.bits->n_bits);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      for (std::size_t j = 0; j < block.bits->n_bits; ++j) {
        items.vectors(i, j) = block.bits->test(codes[i], j) ? 1.0 : 0.0;
      }
    }
    return items;
  }
  items.vectors = Matrix<double>(codes.size(), block.values.cols);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t j = 0; j < block.values.cols; ++j) {
      items.vectors(i, j) = static_cast<double>(block.values(codes[i], j));
    }
  }
  return items;
}

Items label_items(const Entity& entity, const LabelBlock& label,
                  std::vector<std::uint32_t>& codes) {
  Items items;
  items.source = entity.name + "." + label.name;
  for (std::uint32_t code = 0; code < entity.ids.size(); ++code) {
    if (label.code[code] == LabelBlock::kUnknown) continue;
    codes.push_back(code);
    items.ids.push_back(entity.ids[code]);
    items.texts.push_back(label.levels[label.code[code]]);
  }
  return items;
}

const LabelBlock& choose_label(const Entity& entity, ItemForm form, std::string_view wanted) {
  const std::string name = wanted.empty() ? label_of(form) : std::string(wanted);
  if (const LabelBlock* label = entity.find_label(name)) return *label;
  std::vector<std::string> names;
  for (const auto& label : entity.labels) names.push_back(label.name);
  refuse(entity, "needs the label \"" + name + "\"",
         "name its column in the " + entity.name + " table" +
             (names.empty() ? "" : "; labels there are: " + join(names, ", ")));
}

struct EntityItems {
  const SimilarityKind* kind = nullptr;
  Items items;
  std::vector<std::uint32_t> codes;
  std::string features;
};

EntityItems entity_items(const Entity& entity, std::string_view kind, std::string_view features) {
  const bool is_natural = kind.empty();
  std::string name(kind);
  if (is_natural) {
    const bool binary = choose_block(entity, ItemForm::vector, true, features).binary;
    name = binary ? "fingerprint-tanimoto" : "centred-pearson";
  }
  EntityItems chosen{.kind = &find_similarity_kind(name)};
  const ItemForm form = chosen.kind->form;
  if (reads_label(form)) {
    const LabelBlock& label = choose_label(entity, form, features);
    chosen.items = label_items(entity, label, chosen.codes);
    chosen.features = label.name;
  } else if (form == ItemForm::matrix) {
    refuse(entity, "cannot be of kind " + chosen.kind->name,
           "it needs a file of its own; `cupel spectra` takes one");
  } else {
    const FeatureBlock& block = choose_block(entity, form, is_natural, features);
    chosen.items = block_items(entity, block, form, chosen.codes);
    chosen.features = block.name;
  }
  if (chosen.items.size() < 2) {
    refuse(entity, "needs at least two of them with " + chosen.features,
           "check that the ids of the table are those of the responses");
  }
  return chosen;
}

}  // namespace

PackedBits packed_rows(const FeatureBlock& block, const std::vector<std::uint32_t>& codes) {
  if (block.bits != nullptr) {
    PackedBits chosen(codes.size(), block.bits->n_bits);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      std::ranges::copy(block.bits->row(codes[i]), chosen.row(i).begin());
    }
    return chosen;
  }
  PackedBits bits(codes.size(), block.values.cols);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t j = 0; j < block.values.cols; ++j) {
      if (block.values(codes[i], j) != 0.0F) bits.set(i, j);
    }
  }
  return bits;
}

EntitySimilarity entity_similarity(const Entity& entity, std::string_view kind,
                                   std::string_view features, const Context& context) {
  EntityItems chosen = entity_items(entity, kind, features);
  return {.similarity = chosen.kind->make(chosen.items, nullptr, {}, context),
          .code_of_item = std::move(chosen.codes),
          .features = std::move(chosen.features),
          .default_threshold = chosen.kind->default_threshold};
}

std::string similarity_features(const Entity& entity, std::string_view kind,
                                std::string_view features) {
  return entity_items(entity, kind, features).features;
}

NullModel entity_null_model(const Entity& entity, std::string_view kind, std::string_view features,
                            const Context& context) {
  const EntityItems chosen = entity_items(entity, kind, features);
  return null_model(*chosen.kind, chosen.items, nullptr, {}, {}, context);
}

}  // namespace cupel
