#pragma once
/// What an area of molecular AI brings to the common core: how its files become a data set, which
/// predictors are blind to what, and which hypotheses a model of this area is hoped to fulfil.
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "data/catalogue.hpp"

namespace cupel {

/// A claim about learning, and what a predictor that fulfils it must beat.
struct Hypothesis {
  std::string id;
  std::string title;
  std::string question;
  std::string explanation;
  /// The bar is the strongest baseline that sees none of these ...
  Information hidden;
  /// ... and stands on no higher rung than this.
  Rung highest_rung = Rung::full;
  /// The split must be blind to one of these ("drug", "cell", "cell.tissue") ...
  std::vector<std::string> needs_blind;
  /// ... or, if true, to nothing at all (every entity of the test set is known from training).
  bool needs_mixed = false;
  /// Second look beside the primary metric: a statistic of stat/resample.hpp, or "".
  std::string secondary_statistic;
  /// How to make the hypothesis testable when no split of the study tests it.
  std::string remedy;
};

struct LoadedStudyData {
  Dataset data;
  std::vector<InputFile> inputs;
  /// For every split of the study, its folds, in order.
  std::vector<std::vector<Split>> splits;
};

/// A rule that was broken, or kept in doubt, by data, split or model: named when seen.
struct ProtocolNote {
  std::string code;
  Severity severity = Severity::warning;
  std::string model;  ///< "" = the study as a whole
  std::string title;
  std::string sentence;
  std::vector<std::pair<std::string, std::string>> evidence;
  std::string recommendation;
};

class Area {
 public:
  virtual ~Area() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::string_view title() const noexcept = 0;
  /// Reads the data and makes the splits of the study.
  [[nodiscard]] virtual LoadedStudyData load(const Study& study, const CatalogueOptions& catalogue,
                                             const Context& context) const = 0;
  [[nodiscard]] virtual std::vector<std::string> default_baselines(const Dataset& data) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Predictor> make_baseline(const BaselineSpec& spec,
                                                                 const Dataset& data) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Predictor> make_reference(const ModelSpec& spec,
                                                                  const Dataset& data) const = 0;
  /// What a model of the area is taken to see when its author does not say.
  [[nodiscard]] virtual Information model_information(const Dataset& data) const = 0;
  [[nodiscard]] virtual std::span<const Hypothesis> hypotheses() const noexcept = 0;
  /// Leaks and broken rules that only this area can see in its data and splits.
  [[nodiscard]] virtual std::vector<ProtocolNote> check_protocol(
      const Dataset& data, std::span<const Split> folds) const = 0;
};

/// Throws Error{usage} with the areas there are.
const Area& find_area(std::string_view name);
std::span<const Area* const> areas() noexcept;

}  // namespace cupel
