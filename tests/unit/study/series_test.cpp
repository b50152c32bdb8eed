// Overlap series in a run: who takes part, what is stored, the same for any number of threads.
#include "study/series.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "area/drug_response/simulate.hpp"
#include "cupel/error.hpp"
#include "study/run.hpp"
#include "study/study_parse.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Series : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_series_" + std::to_string(getpid()));
    study_ = read_study(simulate_drug_response(
        folder_, {.n_drugs = 24, .n_cells = 30, .n_genes = 12, .n_tissues = 4, .n_folds = 2}, {}));
    study_.default_baselines = false;
    study_.baselines = {{.name = "drug_mean"}, {.name = "cell_mean"}, {.name = "cell_mean_oracle"}};
    study_.twins.draws = 0;
    study_.learning_curve.sizes = 0;
    study_.models.resize(1);  // ready predictions
    study_.models.push_back({.name = "ridge", .kind = ModelKind::reference, .reference = "ridge"});
    for (const char* entity : {"drug", "cell"}) {
      SplitSpec spec{.name = std::string("overlap_") + entity, .scheme = "overlap", .repeats = 1};
      spec.overlap = {.entity = entity, .levels = 2};
      study_.splits.push_back(spec);
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  StudyRun run(const std::string& store, unsigned n_threads = 1) {
    return run_study(study_, {.store = folder_ / store, .work = folder_ / "work"},
                     {.n_threads = n_threads, .seed = study_.seed});
  }
  std::vector<std::string> names(const StudyRun& run, const SeriesResult& series) {
    std::vector<std::string> all;
    for (const auto& member : series.members) {
      all.push_back(run.predictors[member.predictor]->info().name);
    }
    return all;
  }

  fs::path folder_;
  Study study_;
};

TEST_F(Series, RunsAllThatCanBeTrainedAndTheCopierOfTheNearest) {
  const StudyRun run = this->run("store");
  ASSERT_EQ(run.series.size(), 2U);
  EXPECT_EQ(run.splits.size(), 3U) << "a series is no set of folds";
  EXPECT_THAT(names(run, run.series[0]),
              ElementsAre("global_mean", "drug_mean", "cell_mean", "nearest_drug", "ridge"));
  EXPECT_THAT(names(run, run.series[1]),
              ElementsAre("global_mean", "drug_mean", "cell_mean", "nearest_cell", "ridge"));
  for (const auto& series : run.series) {
    EXPECT_THAT(run.predictors[series.nearest]->info().name, HasSubstr("nearest_"));
    ASSERT_EQ(series.splits.size(), 4U);
    for (const auto& member : series.members) {
      ASSERT_EQ(member.predictions.size(), series.splits.size());
      for (std::size_t s = 0; s < series.splits.size(); ++s) {
        EXPECT_EQ(member.predictions[s].size(), series.splits[s].count(Role::test));
      }
    }
  }
  for (const auto& split : run.splits) {
    for (const auto& entry : split.entries) {
      EXPECT_THAT(run.predictors[entry.predictor]->info().name, Not(HasSubstr("nearest_")));
    }
  }
}

TEST_F(Series, ThreadsAndTheStoreChangeNothing) {
  const StudyRun first = run("store");
  EXPECT_EQ(first.n_trials_reused, 0U);
  const StudyRun again = run("store", 2);
  EXPECT_EQ(again.n_trials, first.n_trials);
  EXPECT_EQ(again.n_trials_reused, first.n_trials);
  for (const unsigned n_threads : {2U, 5U}) {
    const StudyRun other = run("store" + std::to_string(n_threads), n_threads);
    for (std::size_t s = 0; s < first.series.size(); ++s) {
      ASSERT_EQ(other.series[s].members.size(), first.series[s].members.size());
      for (std::size_t m = 0; m < first.series[s].members.size(); ++m) {
        EXPECT_EQ(other.series[s].members[m].predictions, first.series[s].members[m].predictions);
        EXPECT_EQ(again.series[s].members[m].predictions, first.series[s].members[m].predictions);
      }
    }
  }
}

TEST_F(Series, AStoppedRunGoesOn) {
  const StudyRun whole = run("whole");
  std::atomic<bool> cancel{false};
  Context context{.seed = study_.seed};
  context.cancel = &cancel;
  context.progress = [&](const Progress& event) {
    if (event.task.find("overlap_drug") != std::string_view::npos && event.done == 7) cancel = true;
  };
  EXPECT_THROW(run_study(study_, {.store = folder_ / "cut", .work = folder_ / "work"}, context),
               Error);
  const StudyRun rest = run("cut");
  EXPECT_GE(rest.n_trials_reused, 7U);
  EXPECT_LT(rest.n_trials_reused, rest.n_trials);
  for (std::size_t s = 0; s < whole.series.size(); ++s) {
    for (std::size_t m = 0; m < whole.series[s].members.size(); ++m) {
      EXPECT_EQ(rest.series[s].members[m].predictions, whole.series[s].members[m].predictions);
    }
  }
}

TEST_F(Series, NamesChooseWhoTakesPart) {
  study_.splits.resize(4);
  study_.splits[3].overlap.predictors = {"cell_mean"};
  const StudyRun run = this->run("store");
  EXPECT_THAT(names(run, run.series[0]), ElementsAre("cell_mean", "nearest_drug"));
  study_.splits[3].overlap.predictors = {"cell_maen"};
  try {
    this->run("store");
    ADD_FAILURE() << "an unknown name was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.hint(), HasSubstr("did you mean \"cell_mean\"?"));
  }
}

TEST_F(Series, TwoSimilaritiesOfOneEntityHaveACopierEach) {
  study_.splits.erase(study_.splits.begin(), study_.splits.begin() + 4);
  study_.splits.push_back(study_.splits.front());
  study_.splits.back().name = "by_cosine";
  study_.splits.back().overlap.similarity = "cosine";
  study_.models.erase(study_.models.begin());
  const StudyRun run = this->run("store");
  EXPECT_THAT(names(run, run.series[0]), Contains("nearest_cell"));
  EXPECT_THAT(names(run, run.series[0]), Not(Contains("nearest_cell_by_cosine")));
  EXPECT_THAT(names(run, run.series[1]), Contains("nearest_cell_by_cosine"));
  EXPECT_THAT(names(run, run.series[1]), Not(Contains("nearest_cell")));
}

TEST_F(Series, ASimilarityOfSmilesNeedsNoFeatureTable) {
  study_.splits = {study_.splits[3]};
  study_.splits[0].overlap.similarity = "ecfp-tanimoto";
  const StudyRun run = this->run("store");
  EXPECT_THAT(names(run, run.series[0]), Contains("nearest_drug"));
  const auto& parameters = run.predictors[run.series[0].nearest]->info().parameters;
  EXPECT_EQ(parameters, "features=smiles similarity=ecfp-tanimoto");
}

}  // namespace
}  // namespace cupel
