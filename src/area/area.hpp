#pragma once
/// What an area of molecular AI brings to the common core: how its files become a data set, which
/// predictors are blind to what, and which hypotheses a model of this area is hoped to fulfil.
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"
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
  /// Judged on pairs of samples (verdict/pair_scores.hpp) instead of on all rows.
  bool about_pairs = false;
  /// Second look beside the primary metric: a statistic of stat/resample.hpp, or "".
  std::string secondary_statistic;
  /// The question that a reader of the area asks first: the headline answers it.
  bool is_main = false;
  /// What to do when it is not shown; "" = the general advice. {bar} is the title of the bar.
  std::string if_not_shown;
  /// Where to look for a gain that is small beside what the bar explains.
  std::string if_bar_is_near;
  /// How to make the hypothesis testable when no split of the study tests it.
  std::string remedy;
};

/// A role that a column of the samples' table can have.
struct ColumnRole {
  std::string name;  ///< "drug", "smiles", "target"
  std::string doc;   ///< one sentence
  bool required = true;
};

struct LoadedData {
  Dataset data;
  std::vector<InputFile> inputs;
  Table samples;  ///< the samples' table as read: splits may name its columns
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

/// A metric of one sample whose target is a vector (an expression profile).
struct SampleMetric {
  std::string name;   ///< "pearson_delta"
  std::string title;  ///< "Pearson of changes"
  std::string description;
  bool higher_is_better = true;
  double perfect = 1.0;  ///< value of an exact prediction
};

/// What an area adds to the report in its own words: sentences, tables and simple plots.
struct SectionColumn {
  std::string name;
  std::string title;
  bool is_number = true;
  int digits = 3;
  std::string note;    ///< shown with the title
  bool below = false;  ///< in small print below the column before, as intervals are
};
struct SectionTable {
  std::string title;
  std::vector<SectionColumn> columns;
  std::vector<std::vector<std::string>> rows;  ///< numbers as text; "" = undefined
};
/// Values of several series over the same categories (dots), or over x (lines).
struct SectionSeries {
  std::string name;
  std::vector<double> x;  ///< lines only
  std::vector<double> y;
  std::vector<double> low;  ///< empty = no interval
  std::vector<double> high;
};
struct SectionPlot {
  std::string title;
  std::string kind = "dots";  ///< dots, lines, scatter
  std::string x_label;
  std::string y_label;
  std::vector<std::string> categories;  ///< dots only
  std::vector<SectionSeries> series;
  double reference = std::numeric_limits<double>::quiet_NaN();  ///< a line across; NaN = none
};
struct AreaSection {
  std::string id;  ///< "noise_ceiling"
  std::string title;
  std::vector<std::string> sentences;  ///< what it shows, first of all
  std::vector<SectionTable> tables;
  std::vector<SectionPlot> plots;
  std::string explanation;  ///< how it was made, folded away
  bool of_data = false;     ///< about the data, whatever the split: shown once
};

/// A baseline that is not on the ladder unless it is asked for, and why.
struct LeftOutBaseline {
  std::string name;
  std::string title;
  std::string reason;
};

/// Predictions of one predictor on the test samples of one split, all folds one after another.
struct TestPredictions {
  const PredictorInfo* info = nullptr;
  std::span<const double> values;  ///< rows x n_outputs
};
struct SectionRequest {
  const Study& study;
  const Dataset& data;
  std::string split;  ///< name
  std::span<const Split> folds;
  std::span<const std::uint32_t> rows;  ///< test samples, fold after fold
  std::span<const std::uint32_t> fold;  ///< per row: index into folds
  std::span<const TestPredictions> predictors;
};

class Area {
 public:
  virtual ~Area() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::string_view title() const noexcept = 0;
  /// The roles of the samples' columns, in the order of the documentation.
  [[nodiscard]] virtual std::span<const ColumnRole> column_roles() const noexcept = 0;
  /// Paths of `spec` are relative to `base_folder`.
  [[nodiscard]] virtual LoadedData load(const DataSpec& spec, const std::string& base_folder,
                                        const CatalogueOptions& catalogue,
                                        const Context& context) const = 0;
  /// All folds of one split of the study.
  [[nodiscard]] virtual std::vector<Split> make_splits(const LoadedData& loaded,
                                                       const SplitSpec& spec,
                                                       const std::string& base_folder,
                                                       const Context& context) const = 0;
  /// The scheme of a study that names no split.
  [[nodiscard]] virtual std::string default_scheme() const = 0;
  /// Names of the schemes that make_splits knows.
  [[nodiscard]] virtual std::vector<std::string> split_schemes() const = 0;
  /// What the test set of a scheme holds, for sentences ("perturbations not seen in training");
  /// "" = splits go by their names.
  [[nodiscard]] virtual std::string scheme_in_words(std::string_view) const { return {}; }
  [[nodiscard]] virtual std::vector<std::string> default_baselines(const Dataset& data) const = 0;
  /// Known baselines that default_baselines leaves out, where the area gives reasons.
  [[nodiscard]] virtual std::vector<LeftOutBaseline> left_out_baselines(const Dataset&) const {
    return {};
  }
  /// The zero of every skill.
  [[nodiscard]] virtual std::string null_baseline() const { return "global_mean"; }
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
  /// The baseline that copies the nearest training samples; a claim about pairs or about distance
  /// must beat it. "" = the area has none.
  [[nodiscard]] virtual std::string neighbour_baseline() const { return {}; }
  /// Twins of models that a study asks for without saying which.
  [[nodiscard]] virtual TwinSpec default_twins() const { return {}; }
  /// Modes of twins that mean something in this area.
  [[nodiscard]] virtual std::vector<std::string> twin_modes() const {
    return {"svrc", "svcc", "svrd", "svcd", "one", "all_but"};
  }
  /// Views that a model reads, as "entity.block"; empty = all of the data.
  [[nodiscard]] virtual std::vector<std::string> views_of(const ModelSpec& spec) const {
    return spec.features;
  }
  /// Where targets are vectors: the metrics of a sample, the first one being the natural default;
  /// empty = targets are numbers.
  [[nodiscard]] virtual std::span<const SampleMetric> sample_metrics() const noexcept { return {}; }
  /// Their values for the test samples `rows` of one fold: rows x metrics, NaN = undefined.
  /// `prediction` is rows x n_outputs; what a metric needs to know of the training set (the mean
  /// perturbed profile, ...) it takes from the fold's training rows.
  [[nodiscard]] virtual Matrix<double> score_samples(const Dataset& data, const Split& fold,
                                                     std::span<const std::uint32_t> rows,
                                                     std::span<const double> prediction) const;
  /// A model whose predictions are a file of a format of the area; nullptr = the common tables.
  [[nodiscard]] virtual std::unique_ptr<Predictor> make_file_model(
      const ModelSpec& spec, const LoadedData& loaded, const std::string& base_folder,
      const CatalogueOptions& catalogue, std::vector<InputFile>& inputs,
      const Context& context) const;
  /// More of the report, split by split, after everything ran.
  [[nodiscard]] virtual std::vector<AreaSection> sections(const SectionRequest& request,
                                                          const Context& context) const;
  /// A picture of what the sample is about, as SVG text; "" = none.
  [[nodiscard]] virtual std::string depict(const Dataset& data, std::uint32_t sample) const;
};

/// Throws Error{usage} with the areas there are.
const Area& find_area(std::string_view name);
std::span<const Area* const> areas() noexcept;

}  // namespace cupel
