// Transcriptomic perturbation response as an Area: cells of a screen -> expression profiles.
#include "area/area.hpp"

#include "area/perturbation/baselines.hpp"
#include "area/perturbation/file_model.hpp"
#include "area/perturbation/hypotheses.hpp"
#include "area/perturbation/leaks.hpp"
#include "area/perturbation/load.hpp"
#include "area/perturbation/sample_metrics.hpp"
#include "area/perturbation/sections.hpp"
#include "area/perturbation/splits.hpp"

namespace cupel {
namespace {

class PerturbationArea final : public Area {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "perturbation"; }
  [[nodiscard]] std::string_view title() const noexcept override {
    return "transcriptomic perturbation response";
  }

  [[nodiscard]] std::span<const ColumnRole> column_roles() const noexcept override {
    return perturbation::column_roles();
  }

  [[nodiscard]] LoadedData load(const DataSpec& spec, const std::string& base_folder,
                                const CatalogueOptions& catalogue,
                                const Context& context) const override {
    return perturbation::load_profiles(spec, base_folder, catalogue, context);
  }

  [[nodiscard]] std::vector<Split> make_splits(const LoadedData& loaded, const SplitSpec& spec,
                                               const std::string& base_folder,
                                               const Context& context) const override {
    return perturbation::make_perturbation_splits(loaded, spec, base_folder, context);
  }

  [[nodiscard]] std::string default_scheme() const override { return "unseen_perturbation"; }

  [[nodiscard]] std::vector<std::string> split_schemes() const override {
    return perturbation::perturbation_split_schemes();
  }

  [[nodiscard]] std::vector<std::string> default_baselines(const Dataset& data) const override {
    return perturbation::default_baselines(data);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_baseline(const BaselineSpec& spec,
                                                         const Dataset& data) const override {
    return perturbation::make_baseline(spec.name, spec.options, data, spec.as);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_reference(const ModelSpec& spec,
                                                          const Dataset& data) const override {
    return perturbation::make_reference(spec.reference, spec.name, spec.features, spec.options,
                                        data, spec.title);
  }

  [[nodiscard]] Information model_information(const Dataset&) const override {
    return {"targets",      "control", "context_id",           "perturbation_id",
            "target_genes", "members", "perturbation_features"};
  }

  [[nodiscard]] std::span<const Hypothesis> hypotheses() const noexcept override {
    return perturbation::hypotheses();
  }

  [[nodiscard]] std::vector<ProtocolNote> check_protocol(
      const Dataset& data, std::span<const Split> folds) const override {
    return perturbation::check_protocol(data, folds);
  }

  [[nodiscard]] std::span<const SampleMetric> sample_metrics() const noexcept override {
    return perturbation::sample_metrics();
  }

  [[nodiscard]] Matrix<double> score_samples(const Dataset& data, const Split& fold,
                                             std::span<const std::uint32_t> rows,
                                             std::span<const double> prediction) const override {
    return perturbation::score_samples(data, fold, rows, prediction);
  }

  [[nodiscard]] std::unique_ptr<Predictor> make_file_model(const ModelSpec& spec,
                                                           const LoadedData& loaded,
                                                           const std::string& base_folder,
                                                           const CatalogueOptions& catalogue,
                                                           std::vector<InputFile>& inputs,
                                                           const Context& context) const override {
    const Information sees = spec.sees.empty() ? model_information(loaded.data)
                                               : Information(spec.sees.begin(), spec.sees.end());
    return perturbation::make_file_model(spec, loaded, base_folder, catalogue, sees, inputs,
                                         context);
  }

  [[nodiscard]] std::vector<AreaSection> sections(const SectionRequest& request,
                                                  const Context& context) const override {
    return perturbation::make_sections(
        {.metrics = perturbation::sample_metrics(), .score = perturbation::score_samples}, request,
        context);
  }

  /// Perturbations of a test set are new, so an identity code is no more than a permuted row.
  [[nodiscard]] TwinSpec default_twins() const override {
    return {.kinds = {"permuted", "labels"}, .modes = {"one"}};
  }
  [[nodiscard]] std::vector<std::string> twin_modes() const override { return {"one", "all_but"}; }

  [[nodiscard]] std::vector<std::string> views_of(const ModelSpec& spec) const override {
    std::vector<std::string> views;
    for (const auto& block : spec.features) {
      views.push_back(block.find('.') == std::string::npos ? "perturbation." + block : block);
    }
    return views;
  }
};

}  // namespace

const Area& perturbation_area() noexcept {
  static const PerturbationArea kArea;
  return kArea;
}

}  // namespace cupel
