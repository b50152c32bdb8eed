#include "spectra_nested.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/csv.hpp"
#include "model/similar_items.hpp"
#include "similarity/null_model.hpp"
#include "study/schema.hpp"
#include "verdict/spectrum_nested.hpp"

namespace cupel::cli {
namespace {

constexpr std::size_t kNeighbours = 10;

const Column* first_of(const Table& table, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (const Column* found = table.find(name)) return found;
  }
  return nullptr;
}

const Column& numbers(const Table& table, const Column& column) {
  if (column.type == ColumnType::text) {
    fail_input("the column does not hold numbers alone",
               {.file = table.source, .row = table.line(0), .column_name = column.name},
               "name another column, or repair the cells");
  }
  return column;
}

/// Reads --predictions and brings the test rows, their targets and their distances together.
class Nested {
 public:
  Nested(const NestedFlags& flags, const Session& session)
      : flags_(flags),
        session_(session),
        table_(read_csv(flags.predictions, {}, session.context)) {}

  SpectraOutcome outcome() {
    ids_ = first_of(table_, flags_.items.id_column.empty()
                                ? std::vector<std::string>{"id", "test_id", "name"}
                                : std::vector<std::string>{flags_.items.id_column});
    target_ =
        first_of(table_, flags_.items.target_column.empty()
                             ? std::vector<std::string>{"target", "truth", "y_true", "y", "label"}
                             : std::vector<std::string>{flags_.items.target_column});
    const int n_ways = static_cast<int>(!flags_.train.empty()) +
                       static_cast<int>(!flags_.nearest.empty()) +
                       static_cast<int>(!flags_.similarity_column.empty());
    if (n_ways != 1) {
      fail(ErrorKind::usage, "how similar is each test row to the training set?", {},
           "give one of --train FILE --test FILE --kind KIND, --nearest nearest.csv (from `cupel "
           "overlap --out`), and --similarity-column COLUMN of the predictions");
    }
    rows_.threshold = flags_.threshold.value_or(kUndefined);
    if (!flags_.train.empty()) measure();
    if (!flags_.nearest.empty()) read_nearest();
    if (!flags_.similarity_column.empty()) read_similarity();
    add_models();
    return summarise();
  }

 private:
  void add(SpectrumPredictor predictor, std::vector<double> values) {
    rows_.predictors.push_back(std::move(predictor));
    rows_.predictions.push_back(std::move(values));
  }

  /// Per row of the predictions: the item it is about.
  std::vector<std::size_t> match(const Items& test) {
    std::vector<std::size_t> out;
    if (ids_ != nullptr) {
      std::map<std::string, std::size_t> known;
      for (std::size_t i = 0; i < test.size(); ++i) known[test.ids[i]] = i;
      // Test rows that are no items (an unreadable SMILES) have no id any more, but predictions.
      std::size_t n_left_out = 0;
      for (const auto& reason : test.left_out) n_left_out += reason.source_rows.size();
      std::vector<std::size_t> matched;
      for (std::size_t row = 0; row < table_.n_rows; ++row) {
        const auto found = known.find(ids_->as_text(row));
        if (found != known.end()) {
          out.push_back(found->second);
          matched.push_back(row);
        } else if (row - matched.size() >= n_left_out) {
          fail_input("a predicted id is no test item",
                     {.file = table_.source,
                      .row = table_.line(row),
                      .column_name = ids_->name,
                      .value = ids_->as_text(row)},
                     "are predictions and --test about the same items? --id-column names the ids");
        }
      }
      if (matched.size() < table_.n_rows) {
        notes_.push_back(std::to_string(table_.n_rows - matched.size()) +
                         " predictions are of test rows that are no items; they were left out.");
        keep_rows(table_, matched);
      }
      return out;
    }
    std::map<std::uint64_t, std::size_t> by_row;
    for (std::size_t i = 0; i < test.size(); ++i) by_row[test.row_of(i)] = i;
    const Column* rows = table_.find("row");
    for (std::size_t row = 0; row < table_.n_rows; ++row) {
      const double number = rows == nullptr ? double(row) : rows->as_number(row);
      const auto found = by_row.find(static_cast<std::uint64_t>(number));
      if (found == by_row.end() || (rows == nullptr && table_.n_rows != test.size())) {
        fail_input("the predictions cannot be matched with the test items",
                   {.file = table_.source, .row = table_.line(row)},
                   "give both files a column `id`, or the predictions a column `row` (0-based)");
      }
      out.push_back(found->second);
    }
    return out;
  }

  /// Similarities, baselines and targets from the files of items.
  void measure() {
    if (flags_.test.empty() || flags_.kind.kind.empty()) {
      fail(ErrorKind::usage, "--train needs --test and --kind", {},
           "for example --train train.csv --test test.csv --kind ecfp-tanimoto");
    }
    const SimilarityKind& kind = find_similarity_kind(flags_.kind.kind);
    const KindOptions options = kind_options(flags_.kind);
    if (kind.form == ItemForm::matrix) {
      fail(ErrorKind::usage, "a given matrix has no training file", {},
           "use `cupel overlap --kind matrix --out nearest.csv`, then --nearest nearest.csv");
    }
    const Items train = load_items(flags_.train, kind, flags_.items, session_);
    const Items test = load_items(flags_.test, kind, flags_.items, session_);
    const auto similarity = kind.make(test, &train, options, session_.context);
    similarity_name_ = kind.name;
    similarity_parameters_ = similarity->parameters();
    rows_.threshold = flags_.threshold.value_or(kind.default_threshold);
    rows_.n_train = train.size();
    const bool has_targets = !train.targets.empty();
    const std::vector<double> targets =
        has_targets ? train.targets : std::vector<double>(train.size(), 0.0);
    require_known(train);
    const SimilarAnswers found =
        ask_similar_items(*similarity, targets, kNeighbours, session_.context);
    const auto item = match(test);
    take_targets(test, item);
    for (const std::size_t i : item) rows_.nearest.push_back(found.nearest[i]);
    set_units(test, item);
    if (has_targets) {
      const double mean = std::accumulate(targets.begin(), targets.end(), 0.0) /
                          static_cast<double>(targets.size());
      add({.name = "mean", .title = "Mean"}, std::vector<double>(item.size(), mean));
      std::vector<double> copied;
      std::vector<double> weighted;
      for (const std::size_t i : item) {
        copied.push_back(found.copied[i]);
        weighted.push_back(found.weighted[i]);
      }
      add({.name = "nearest_copy",
           .title = "1-NN copy",
           .rung = Rung::constrained,
           .copies_nearest = true},
          std::move(copied));
      add({.name = "nearest_neighbours", .title = "k-NN", .rung = Rung::constrained},
          std::move(weighted));
    } else {
      notes_.push_back("The training file has no targets: no baselines could be fitted. " +
                       std::string("--target-column names them."));
    }
    const NullModel null = null_model(kind, test, &train, options, {}, session_.context);
    null_p99_ = null.p99;
    const ChanceLevel chance = chance_level(null, rows_.threshold, train.size());
    if (chance.is_inside_noise) null_note_ = chance.sentence;
  }

  static void require_known(const Items& train) {
    if (std::ranges::any_of(train.targets, [](double y) { return std::isnan(y); })) {
      fail_input("training items without a target", {.file = train.source},
                 "remove them: baselines are fitted on all training items");
    }
  }

  void take_targets(const Items& test, const std::vector<std::size_t>& item) {
    if (target_ == nullptr && test.targets.empty()) {
      fail_input("there are no targets of the test rows", {.file = table_.source},
                 "add a column `target` to the predictions or the test file");
    }
    for (std::size_t row = 0; row < table_.n_rows; ++row) {
      rows_.truth.push_back(target_ != nullptr ? numbers(table_, *target_).as_number(row)
                                               : test.targets[item[row]]);
    }
  }

  /// Items with the same text are not independent.
  void set_units(const Items& test, const std::vector<std::size_t>& item) {
    std::map<std::string_view, std::uint32_t> known;
    for (std::uint32_t row = 0; row < item.size() && !test.texts.empty(); ++row) {
      const auto next = static_cast<std::uint32_t>(known.size());
      rows_.unit.push_back(known.try_emplace(test.texts[item[row]], next).first->second);
    }
  }

  void read_nearest() {
    const Table nearest = read_csv(flags_.nearest, {}, session_.context);
    const Column& similarity = numbers(nearest, nearest.at("similarity"));
    const Column* ids = nearest.find("test_id");
    const Column* rows = nearest.find("test_index");
    const Column* train_target = nearest.find("train_target");
    const Column* test_target = nearest.find("test_target");
    std::map<std::string, std::size_t> known;
    const Column* mine = ids_ != nullptr && ids != nullptr ? ids_ : table_.find("row");
    const Column* theirs = ids_ != nullptr && ids != nullptr ? ids : rows;
    for (std::size_t i = 0; i < nearest.n_rows; ++i) {
      known[mine == nullptr ? std::to_string(i) : theirs->as_text(i)] = i;
    }
    std::vector<double> copied;
    for (std::size_t row = 0; row < table_.n_rows; ++row) {
      const auto found = known.find(mine == nullptr ? std::to_string(row) : mine->as_text(row));
      if (found == known.end()) {
        fail_input("a predicted row is not in the table of nearest items",
                   {.file = table_.source, .row = table_.line(row)},
                   "give the predictions the column `id` (= test_id) or `row` (= test_index)");
      }
      const std::size_t i = found->second;
      rows_.nearest.push_back(similarity.as_number(i));
      if (target_ == nullptr && test_target == nullptr) {
        fail_input("there are no targets of the test rows", {.file = table_.source},
                   "add a column `target` to the predictions");
      }
      rows_.truth.push_back(target_ != nullptr ? numbers(table_, *target_).as_number(row)
                                               : numbers(nearest, *test_target).as_number(i));
      if (train_target != nullptr) {
        copied.push_back(numbers(nearest, *train_target).as_number(i));
      }
    }
    similarity_name_ = "as in " + flags_.nearest;
    if (train_target != nullptr) {
      add({.name = "nearest_copy",
           .title = "1-NN copy",
           .rung = Rung::constrained,
           .copies_nearest = true},
          std::move(copied));
    } else {
      notes_.push_back(
          "The table of nearest items has no train_target: whether the model beats "
          "copying them cannot be told.");
    }
  }

  void read_similarity() {
    const Column& similarity = numbers(table_, table_.at(flags_.similarity_column));
    if (target_ == nullptr) {
      fail_input("there are no targets of the test rows", {.file = table_.source},
                 "add a column `target` to the predictions");
    }
    for (std::size_t row = 0; row < table_.n_rows; ++row) {
      rows_.nearest.push_back(similarity.as_number(row));
      rows_.truth.push_back(numbers(table_, *target_).as_number(row));
    }
    similarity_name_ = "column " + flags_.similarity_column;
    notes_.push_back(
        "Without the training set there are no baselines: a fall along the curve says "
        "how the model fares far from training, not what it has learned.");
  }

  void add_models() {
    std::vector<const Column*> models;
    for (const auto& name : flags_.columns) models.push_back(&table_.at(name));
    if (models.empty()) {
      for (const auto& column : table_.columns) {
        const bool is_other = &column == ids_ || &column == target_ || column.name == "row" ||
                              column.name == flags_.similarity_column ||
                              column.type == ColumnType::text;
        if (!is_other) models.push_back(&column);
      }
    }
    if (models.empty()) {
      fail_input("no column with predictions was found", {.file = table_.source},
                 "name it: --prediction-column COLUMN");
    }
    for (const Column* model : models) {
      std::vector<double> values;
      for (std::size_t row = 0; row < table_.n_rows; ++row) {
        values.push_back(numbers(table_, *model).as_number(row));
      }
      add({.name = model->name,
           .title = model->name,
           .rung = Rung::model,
           .is_model = true,
           .may_be_bar = false},
          std::move(values));
    }
  }

  SpectraOutcome summarise() {
    NestedOptions options;
    for (const auto& word : flags_.limits) {
      const auto limit = parse_number(word);
      if (!limit) fail(ErrorKind::usage, "--levels wants numbers, not \"" + word + "\"");
      options.limits.push_back(*limit);
    }
    SpectrumInput input = nested_spectrum(rows_, options);
    input.name = "predictions";
    input.title = "Predictions of " + flags_.predictions;
    input.similarity = similarity_name_;
    input.similarity_parameters = similarity_parameters_;
    input.null_p99 = null_p99_;
    input.null_note = null_note_;
    const bool has_labels =
        std::ranges::all_of(rows_.truth, [](double y) { return y == 0.0 || y == 1.0; });
    SpectrumOptions spectrum{.metric = flags_.metric,
                             .n_draws = flags_.draws,
                             .confidence = flags_.confidence,
                             .margin = flags_.margin,
                             .seed = session_.context.seed};
    if (spectrum.metric.empty()) spectrum.metric = has_labels ? "auroc" : "rmse";
    spectrum.axis = flags_.axis == "novelty"   ? SpectrumAxis::novelty
                    : flags_.axis == "overlap" ? SpectrumAxis::overlap
                                               : SpectrumAxis::parameter;
    SpectraOutcome outcome;
    outcome.spectrum = summarise_spectrum(std::move(input), spectrum, session_.context);
    auto& sentences = outcome.spectrum.sentences;
    sentences.insert(sentences.end(), notes_.begin(), notes_.end());
    outcome.data_lines = {fmt::format("{} test rows of {}", table_.n_rows, flags_.predictions)};
    if (rows_.n_train > 0) {
      outcome.data_lines.push_back(
          fmt::format("{} training items of {}", rows_.n_train, flags_.train));
    }
    return outcome;
  }

  const NestedFlags& flags_;
  const Session& session_;
  Table table_;
  const Column* ids_ = nullptr;
  const Column* target_ = nullptr;
  NestedRows rows_;
  std::string similarity_name_;
  std::string similarity_parameters_;
  double null_p99_ = kUndefined;
  std::string null_note_;
  std::vector<std::string> notes_;
};

}  // namespace

SpectraOutcome nested_outcome(const NestedFlags& flags, const Session& session) {
  return Nested(flags, session).outcome();
}

}  // namespace cupel::cli
