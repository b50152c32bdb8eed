#pragma once
/// A model under audit that is a file of ready predictions.
///
/// A line is about a sample (`row`, or `drug` and `cell`: then about every replicate of the pair),
/// and may name the split, the fold, the seed and the epoch it was made for. Without a fold column
/// a prediction stands for its row in whatever fold tests it. Of several epochs the last is used.
/// Codes of the diagnostics of single lines: prediction_rows.hpp. Beside them, per fold:
/// `missing_prediction`, `prediction_for_other_row` (only if the file names folds).
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "area/area.hpp"
#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"
#include "data/catalogue.hpp"

namespace cupel {

/// Tables that were read, by path, so that the models of one wide file read it once.
class PredictionFiles {
 public:
  struct File {
    Table table;
    std::string sha256;
    std::uint64_t bytes = 0;
  };
  const File& read(const std::filesystem::path& path, const Context& context);

 private:
  std::map<std::filesystem::path, std::unique_ptr<File>> files_;
};

class FilePredictor final : public Predictor {
 public:
  /// `data_columns`: names of the responses' columns, tried where the file names no ids.
  FilePredictor(const ModelSpec& spec, const PredictionFiles::File& file, const Dataset& data,
                const std::map<std::string, std::string>& data_columns, const Information& sees);

  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  /// The request's seed chooses the run if the file has a seed column, else it is ignored.
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest& request,
                                            const Context& context) const override;

  /// Seeds in the file, ascending; empty = it names none.
  [[nodiscard]] const std::vector<std::uint64_t>& seeds() const noexcept { return seeds_; }
  /// Epochs in the file, ascending; empty = it names none.
  [[nodiscard]] const std::vector<std::int64_t>& epochs() const noexcept { return epochs_; }
  /// What was odd in the file as a whole.
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  /// Predictions of `rows` in this split and fold, after `epoch` (default: the last one).
  [[nodiscard]] Prediction predict(const Dataset& data, const Split& split, std::uint64_t seed,
                                   std::span<const std::uint32_t> rows,
                                   std::optional<std::int64_t> epoch = std::nullopt) const;
  /// Counts predictions for rows that no fold of these splits tests (`prediction_for_other_row`):
  /// for files that name no folds.
  [[nodiscard]] Diagnostics check_coverage(const Dataset& data,
                                           std::span<const Split> splits) const;

 private:
  struct Run {  ///< what a line was made for; unnamed = "" or -1
    std::string split;
    std::int64_t fold = -1;
    std::int64_t seed = -1;
    std::int64_t epoch = -1;
    friend bool operator==(const Run&, const Run&) = default;
    friend bool operator<(const Run& a, const Run& b) {
      return std::tie(a.split, a.fold, a.seed, a.epoch) <
             std::tie(b.split, b.fold, b.seed, b.epoch);
    }
  };
  struct Value {
    std::uint32_t sample = 0;
    double value = 0.0;
  };
  void load(const Table& table, const ModelSpec& spec, const Dataset& data,
            const std::map<std::string, std::string>& data_columns);

  PredictorInfo info_;
  std::map<Run, std::vector<Value>> runs_;  ///< values ascending by sample
  bool has_split_ = false;
  bool has_fold_ = false;
  std::vector<std::uint64_t> seeds_;
  std::vector<std::int64_t> epochs_;
  Diagnostics diagnostics_;
};

struct FileModel {
  std::unique_ptr<FilePredictor> predictor;
  std::vector<std::uint64_t> seeds;  ///< at least one; {0} if the file names none
  InputFile input;
  Diagnostics diagnostics;  ///< of the file as a whole: show them
};

/// Reads (through `files`, if given) and aligns the file of `spec`, whose `column` must not be "*".
FileModel make_file_predictor(const ModelSpec& spec, const Dataset& data,
                              const std::string& base_folder, const CatalogueOptions& catalogue,
                              const Information& sees, const Context& context,
                              PredictionFiles* files = nullptr,
                              const std::map<std::string, std::string>& data_columns = {});

/// Replaces every model with column "*" (`columns_as_models: all`) by one model per numeric column
/// of its file that has no other role, neither there nor in the responses.
/// Throws Error{input} if there is none, or if a name is taken.
void expand_wide_models(Study& study, const CatalogueOptions& catalogue, const Context& context,
                        PredictionFiles* files = nullptr);

}  // namespace cupel
