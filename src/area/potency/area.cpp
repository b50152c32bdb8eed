// Ligand potency as an Area: QSAR, ligand -> pIC50 of one target or of several.
#include "area/area.hpp"

#include "area/potency/baselines.hpp"
#include "area/potency/checks.hpp"
#include "area/potency/hypotheses.hpp"
#include "area/potency/load.hpp"
#include "area/potency/splits.hpp"
#include "io/molecules.hpp"

namespace cupel {
namespace {

class PotencyArea final : public Area {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "potency"; }
  [[nodiscard]] std::string_view title() const noexcept override { return "ligand potency"; }

  [[nodiscard]] std::span<const ColumnRole> column_roles() const noexcept override {
    return potency::column_roles();
  }

  [[nodiscard]] LoadedData load(const DataSpec& spec, const std::string& base_folder,
                                const CatalogueOptions& catalogue,
                                const Context& context) const override {
    return potency::load_potency(spec, base_folder, catalogue, context);
  }

  [[nodiscard]] std::vector<Split> make_splits(const LoadedData& loaded, const SplitSpec& spec,
                                               const std::string& base_folder,
                                               const Context& context) const override {
    return potency::make_potency_splits(loaded, spec, base_folder, context);
  }

  [[nodiscard]] std::string default_scheme() const override { return "random"; }

  [[nodiscard]] std::vector<std::string> split_schemes() const override {
    return potency::potency_split_schemes();
  }

  [[nodiscard]] std::vector<std::string> default_baselines(const Dataset& data) const override {
    return potency::default_baselines(data);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_baseline(const BaselineSpec& spec,
                                                         const Dataset& data) const override {
    return potency::make_baseline(spec.name, spec.options, data, spec.as);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_reference(const ModelSpec& spec,
                                                          const Dataset& data) const override {
    return potency::make_reference(spec.reference, spec.name, spec.features, spec.options, data,
                                   spec.title);
  }

  [[nodiscard]] Information model_information(const Dataset&) const override {
    return {"targets", "size", "scaffold", "physchem", "neighbours", "fingerprint", "ligand_graph"};
  }

  [[nodiscard]] std::span<const Hypothesis> hypotheses() const noexcept override {
    return potency::hypotheses();
  }

  [[nodiscard]] std::vector<ProtocolNote> check_protocol(
      const Dataset& data, std::span<const Split> folds) const override {
    return potency::check_protocol(data, folds);
  }

  [[nodiscard]] std::string neighbour_baseline() const override { return "knn_weighted"; }

  /// Ligands of a test set are new, so an identity code is no more than a permuted row.
  [[nodiscard]] TwinSpec default_twins() const override {
    return {.kinds = {"permuted", "labels"}, .modes = {"one"}};
  }
  [[nodiscard]] std::vector<std::string> twin_modes() const override { return {"one", "all_but"}; }

  [[nodiscard]] std::vector<std::string> views_of(const ModelSpec& spec) const override {
    if (spec.kind != ModelKind::reference) return spec.features;
    std::vector<std::string> views;
    for (const auto& block : potency::reference_blocks(spec.features)) {
      views.push_back("ligand." + block);
    }
    return views;
  }

  [[nodiscard]] std::string depict(const Dataset& data, std::uint32_t sample) const override {
    const Entity& ligand = data.entity("ligand");
    const LabelBlock* smiles = ligand.find_label("smiles");
    const std::uint32_t code = ligand.code_of_sample[sample];
    if (smiles == nullptr || smiles->code[code] == LabelBlock::kUnknown) return {};
    return depict_svg(smiles->levels[smiles->code[code]], 280, 210);
  }
};

}  // namespace

const Area& potency_area() noexcept {
  static const PotencyArea kArea;
  return kArea;
}

}  // namespace cupel
