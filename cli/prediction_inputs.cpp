#include "prediction_inputs.hpp"

#include <cmath>
#include <filesystem>

#include "cupel/error.hpp"
#include "study/file_predictor.hpp"

namespace cupel::cli {
namespace {

class NamedPredictor final : public Predictor {
 public:
  explicit NamedPredictor(const std::string& name) {
    info_.name = name;
    info_.title = name;
    info_.is_model = true;
  }
  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest&, const Context&) const override {
    fail(ErrorKind::internal, "a name cannot be fitted");
  }

 private:
  PredictorInfo info_;
};

}  // namespace

void add_prediction_flags(Arguments& arguments, PredictionFlags& flags, bool required) {
  arguments.option("--split", flags.split, "split.csv: row,role or row,fold",
                   {.required = required, .placeholder = "FILE", .is_file = true});
  arguments.option("--fold", flags.fold, "Test fold of a row,fold file", {.placeholder = "K"});
  arguments.option(
      "--prediction-columns", flags.columns,
      "Columns of the predictions: row=.., or drug=..,cell=.. (smiles=..), and prediction=..",
      {.placeholder = "ROLE=COLUMN,.."});
}

std::unique_ptr<Predictor> ScoredPredictions::make_predictor() const {
  return std::make_unique<NamedPredictor>(name);
}

ScoredPredictions read_scored(const std::string& file, const PredictionFlags& flags,
                              const DataFlags& data_flags, const Dataset& data,
                              const std::vector<Split>& splits, const Session& session) {
  ModelSpec spec{.name = std::filesystem::path(file).filename().string(),
                 .predictions = file,
                 .column = "prediction"};
  if (!flags.columns.empty()) {
    spec.columns = parse_pairs(flags.columns, "--prediction-columns");
    if (auto column = spec.columns.extract("prediction")) spec.column = column.mapped();
  }
  const FileModel model =
      make_file_predictor(spec, data, ".", catalogue_options(session.mirror), {}, session.context,
                          nullptr, data_spec(data_flags, session).columns);
  ScoredPredictions out{.name = spec.name};
  if (model.seeds.size() > 1) {
    fail(ErrorKind::usage, "the file holds predictions of several seeds", {.file = file},
         "keep one seed per file");
  }
  out.diagnostics = model.diagnostics;
  for (const auto& split : splits) {
    const auto rows = split.rows(Role::test);
    const Prediction prediction = model.predictor->predict(data, split, model.seeds.front(), rows);
    out.begin.push_back(out.rows.size());
    out.rows.insert(out.rows.end(), rows.begin(), rows.end());
    out.values.insert(out.values.end(), prediction.values.begin(), prediction.values.end());
    out.n_train += split.count(Role::train);
    out.diagnostics.merge(prediction.diagnostics);
  }
  out.begin.push_back(out.rows.size());
  for (const double value : out.values) out.n_predicted += std::isnan(value) ? 0 : 1;
  out.diagnostics.merge(model.predictor->check_coverage(data, splits));
  show(out.diagnostics, session);
  if (out.n_predicted == 0) {
    fail_input("no test row of the split has a prediction", {.file = file},
               "is this the file of another split or fold?");
  }
  return out;
}

}  // namespace cupel::cli
