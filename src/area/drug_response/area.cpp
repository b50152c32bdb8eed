// Drug response as an Area: cell-line sensitivity, (drug, cell line) -> ln IC50 or AUC.
#include "area/area.hpp"

#include <algorithm>
#include <array>

#include "area/drug_response/baselines.hpp"
#include "area/drug_response/compounds.hpp"
#include "area/drug_response/hypotheses.hpp"
#include "area/drug_response/load.hpp"
#include "split/leaks.hpp"
#include "split/make.hpp"

namespace cupel {
namespace {

class DrugResponseArea final : public Area {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "drug_response"; }
  [[nodiscard]] std::string_view title() const noexcept override {
    return "cell-line drug sensitivity";
  }

  [[nodiscard]] std::span<const ColumnRole> column_roles() const noexcept override {
    static const std::array<ColumnRole, 3> kRoles{{
        {.name = "drug", .doc = "id of the drug"},
        {.name = "cell", .doc = "id of the cell line"},
        {.name = "target", .doc = "measured response"},
    }};
    return kRoles;
  }

  [[nodiscard]] LoadedData load(const DataSpec& spec, const std::string& base_folder,
                                const CatalogueOptions& catalogue,
                                const Context& context) const override {
    DrugResponse loaded = load_drug_response(spec, base_folder, catalogue, context);
    return {.data = std::move(loaded.data),
            .inputs = std::move(loaded.inputs),
            .samples = std::move(loaded.responses)};
  }

  [[nodiscard]] std::vector<Split> make_splits(const LoadedData& loaded, const SplitSpec& spec,
                                               const std::string& base_folder,
                                               const Context& context) const override {
    return cupel::make_splits(
        loaded.data, spec,
        {.responses = &loaded.samples,
         .base_folder = base_folder,
         .compound_of_drug = find_compounds(loaded.data.entity("drug")).compound_of_drug},
        context);
  }

  [[nodiscard]] std::string default_scheme() const override { return "mixed"; }

  [[nodiscard]] std::vector<std::string> split_schemes() const override {
    return cupel::split_schemes();
  }

  [[nodiscard]] std::vector<std::string> default_baselines(const Dataset& data) const override {
    return drug_response::default_baselines(data);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_baseline(const BaselineSpec& spec,
                                                         const Dataset& data) const override {
    return drug_response::make_baseline(spec.name, spec.options, data, spec.as);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_reference(const ModelSpec& spec,
                                                          const Dataset& data) const override {
    return drug_response::make_reference(spec.reference, spec.name, spec.features, spec.options,
                                         data, spec.title);
  }

  [[nodiscard]] Information model_information(const Dataset&) const override {
    return {"targets", "drug_id", "cell_id", "tissue", "drug_features", "cell_features"};
  }

  [[nodiscard]] std::span<const Hypothesis> hypotheses() const noexcept override {
    return drug_response::hypotheses();
  }

  [[nodiscard]] std::vector<ProtocolNote> check_protocol(
      const Dataset& data, std::span<const Split> folds) const override {
    const Compounds compounds = find_compounds(data.entity("drug"));
    std::vector<ProtocolNote> notes;
    for (const auto& fold : folds) {
      for (auto& leak : find_leaks(data, fold, compounds.compound_of_drug)) {
        const bool known = std::any_of(notes.begin(), notes.end(), [&](const ProtocolNote& note) {
          return note.code == leak.code;
        });
        if (known) continue;  // the first fold that shows it is evidence enough
        notes.push_back(
            {.code = leak.code,
             .severity = leak.severity,
             .title = title_of_leak(leak.code),
             .sentence = leak.sentence,
             .evidence = {{"split", fold.name},
                          {"fold", std::to_string(fold.fold)},
                          {"test rows", std::to_string(leak.n_test_rows)},
                          {"for example", leak.evidence.empty() ? "" : leak.evidence.front()}},
             .recommendation = remedy_of_leak(leak.code)});
      }
    }
    return notes;
  }

 private:
  static std::string title_of_leak(const std::string& code) {
    if (code == "compound_on_both_sides") return "One compound under two ids";
    if (code == "not_blind") return "The split is not as blind as its name";
    return "The same pair in training and test";
  }
  static std::string remedy_of_leak(const std::string& code) {
    if (code == "compound_on_both_sides") {
      return "Set merge_compounds: true for this split, or map synonyms and re-screens to one id.";
    }
    if (code == "not_blind") return "Make the split by the unit that is to be unseen.";
    return "Keep all measurements of a pair on one side, or average them first (replicates: mean).";
  }
};

}  // namespace

const Area& drug_response_area() noexcept {
  static const DrugResponseArea kArea;
  return kArea;
}

}  // namespace cupel
