#include "study/file_predictor.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/error.hpp"
#include "predictor_fixture.hpp"

namespace cupel {
namespace {

class FilePredictorTest : public testing::Test {
 protected:
  FilePredictorTest() : folder("file_predictor"), data(small_data()) {
    spec.name = "mine";
    spec.predictions = "p.csv";
    spec.column = "prediction";
  }
  FileModel load(const std::string& csv) {
    folder.write("p.csv", csv);
    return make_file_predictor(spec, data, folder.path.string(), {}, {"targets"}, {});
  }
  Prediction predict(const FileModel& model, std::uint32_t fold, std::uint64_t seed = 0) {
    const Split split = small_split(data, fold);
    const auto train = split.rows(Role::train);
    const auto test = split.rows(Role::test);
    const auto fitted = model.predictor->fit(
        {.data = data, .train = train, .validation = {}, .split = split, .seed = seed}, {});
    return fitted->predict(data, test, {});
  }
  std::size_t count(const Diagnostics& diagnostics, const std::string& code) {
    const Diagnostic* found = diagnostics.find(code);
    return found == nullptr ? 0 : found->count;
  }
  Error error_of(const std::string& csv) {
    try {
      load(csv);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return Error(ErrorKind::internal, "");
  }
  TestFolder folder;
  Dataset data;
  ModelSpec spec;
};

TEST_F(FilePredictorTest, MatchesBySourceRow) {
  std::string csv = "row,prediction\n";
  for (const auto row : data.source_row) {
    csv += std::to_string(row) + "," + std::to_string(row) + ".5\n";
  }
  const FileModel model = load(csv);
  EXPECT_EQ(model.seeds, std::vector<std::uint64_t>{0});
  EXPECT_EQ(model.input.sha256.size(), 64U);
  const Prediction out = predict(model, 2);
  ASSERT_EQ(out.values.size(), 4U);
  EXPECT_EQ(out.values[0], 2.5);
  EXPECT_EQ(out.values[1], 6.5);  // sample 5 is source row 6: row 5 was left out
  EXPECT_TRUE(out.diagnostics.empty());
  EXPECT_TRUE(model.diagnostics.empty());
}

TEST_F(FilePredictorTest, MatchesByIdsForEveryReplicate) {
  const FileModel model = load("cell,drug,prediction\nc0,11,1.5\nc1,A,2\nc2,B b,3\n");
  const Prediction first = predict(model, 0);
  EXPECT_EQ(first.values[0], 1.5);
  EXPECT_EQ(predict(model, 2).values[3], 1.5);  // sample 11, the replicate
  EXPECT_EQ(count(first.diagnostics, "missing_prediction"), 3U);
}

TEST_F(FilePredictorTest, IdsThatPandasMadeFloatsMatch) {
  const FileModel model = load("cell,drug,prediction\nc0,11.0,1.5\nc1,A,2\n");
  EXPECT_EQ(predict(model, 0).values[0], 1.5);
}

TEST_F(FilePredictorTest, CountsWhatCannotBeUsed) {
  const FileModel model = load(
      "drug,cell,prediction\n"
      "11,c0,1\n11,c0,1\n"                                          // duplicate
      "11,c1,2\n11,c1,3\n"                                          // conflict: the first counts
      "11,c2,nan\n11,c3,inf\n"                                      // no numbers
      "Z,c0,1\nA,zz,1\n"                                            // unknown ids
      "B b,c3,1\n");                                                // never measured
  EXPECT_EQ(count(model.diagnostics, "duplicate_prediction"), 2U);  // and for its replicate
  EXPECT_EQ(count(model.diagnostics, "conflicting_prediction"), 1U);
  EXPECT_EQ(count(model.diagnostics, "prediction_without_value"), 1U);
  EXPECT_EQ(count(model.diagnostics, "prediction_infinite"), 1U);
  EXPECT_EQ(count(model.diagnostics, "prediction_unknown_drug"), 1U);
  EXPECT_EQ(count(model.diagnostics, "prediction_unknown_cell"), 1U);
  EXPECT_EQ(count(model.diagnostics, "prediction_unknown_pair"), 1U);
  EXPECT_EQ(model.diagnostics.find("conflicting_prediction")->examples[0],
            "row 1 (11, c1): lines 4 and 5");
  const Prediction out = predict(model, 1);
  EXPECT_EQ(out.values[0], 2.0);
  EXPECT_TRUE(std::isnan(predict(model, 2).values[0]));
  EXPECT_TRUE(std::isnan(predict(model, 0).values[1]));
}

TEST_F(FilePredictorTest, ANumberBesideAnEmptyCellIsTheNumber) {
  const FileModel model = load("row,prediction\n0,\n0,4\n1,1\n");
  EXPECT_EQ(predict(model, 0).values[0], 4.0);
  EXPECT_EQ(count(model.diagnostics, "conflicting_prediction"), 0U);
}

TEST_F(FilePredictorTest, RowsOutsideTheFileAndLeftOutRows) {
  const FileModel model = load("row,prediction\n0,1\n-1,1\n13,1\n1.5,1\n5,1\n");
  EXPECT_EQ(count(model.diagnostics, "prediction_unknown_row"), 3U);
  EXPECT_EQ(count(model.diagnostics, "prediction_of_left_out_row"), 1U);
}

TEST_F(FilePredictorTest, FoldColumnTellsWrongSplits) {
  spec.columns = {{"row", "r"}, {"fold", "f"}};
  const FileModel model = load("r,f,prediction\n0,0,1\n1,0,1\n3,0,2\n0,1,9\n");
  const Prediction out = predict(model, 0);
  EXPECT_EQ(out.values[0], 1.0);
  EXPECT_EQ(out.values[1], 2.0);
  EXPECT_EQ(count(out.diagnostics, "prediction_for_other_row"), 1U);  // row 1
  EXPECT_EQ(out.diagnostics.find("prediction_for_other_row")->severity, Severity::serious);
  EXPECT_EQ(count(out.diagnostics, "missing_prediction"), 2U);
  EXPECT_EQ(count(predict(model, 2).diagnostics, "missing_prediction"), 4U);
}

TEST_F(FilePredictorTest, SplitColumnChoosesTheSplit) {
  spec.columns = {{"row", "row"}, {"split", "s"}};
  const FileModel model = load("row,s,prediction\n0,mixed,1\n0,lines,2\n");
  EXPECT_EQ(predict(model, 0).values[0], 1.0);
}

TEST_F(FilePredictorTest, SeedsAndEpochs) {
  spec.columns = {{"row", "row"}, {"seed", "s"}, {"epoch", "e"}};
  const FileModel model = load("row,s,e,prediction\n0,3,1,1\n0,3,2,2\n0,4,1,5\n1,3,2,7\n");
  EXPECT_EQ(model.seeds, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(model.predictor->epochs(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(predict(model, 0, 3).values[0], 2.0);
  EXPECT_EQ(predict(model, 0, 4).values[0], 5.0) << "this run ended at epoch 1";
  const Split split = small_split(data, 0);
  const auto rows = split.rows(Role::test);
  EXPECT_EQ(model.predictor->predict(data, split, 3, rows, 1).values[0], 1.0);
  EXPECT_THROW((void)predict(model, 0, 5), Error);
}

TEST_F(FilePredictorTest, CoverageOfFilesWithoutFolds) {
  const FileModel model = load("row,prediction\n0,1\n1,1\n");
  const std::vector<Split> splits{small_split(data, 0)};
  EXPECT_EQ(count(model.predictor->check_coverage(data, splits), "prediction_for_other_row"), 1U);
}

TEST_F(FilePredictorTest, ErrorsNameFileAndFix) {
  EXPECT_NE(error_of("a,prediction\n1,2\n").message().find("which rows"), std::string::npos);
  EXPECT_NE(error_of("row,predicted\n1,2\n").hint().find("did you mean"), std::string::npos);
  const Error text = error_of("row,prediction\n0,1\n1,high\n");
  EXPECT_EQ(text.where().row, 3U);
  EXPECT_EQ(text.where().value, "high");
  EXPECT_EQ(error_of("row,prediction\n").kind(), ErrorKind::input);
  EXPECT_NE(error_of("drug,cell,prediction\nx,y,1\n").message().find("not one line"),
            std::string::npos);
  EXPECT_NE(error_of("row,prediction\nr0,1\n").message().find("0-based"), std::string::npos);
  spec.columns = {{"row", "row"}, {"fold", "f"}};
  EXPECT_EQ(error_of("row,f,prediction\n0,first,1\n").where().column_name, "f");
}

TEST_F(FilePredictorTest, WideFileBecomesOneModelPerColumn) {
  Study study;
  study.base_folder = folder.path.string();
  study.data.columns = {{"drug", "drug"}, {"cell", "cell"}, {"target", "y"}};
  spec.column = "*";
  spec.columns = {{"fold", "k"}};
  study.models = {spec};
  folder.write("p.csv", "drug,cell,y,k,RF,note,SVM\nA,c0,1,0,1,x,2\n");
  expand_wide_models(study, {}, {});
  ASSERT_EQ(study.models.size(), 2U);
  EXPECT_EQ(study.models[0].name, "RF");
  EXPECT_EQ(study.models[1].column, "SVM");
  folder.write("p.csv", "drug,cell,y,k\nA,c0,1,0\n");
  study.models = {spec};
  EXPECT_THROW(expand_wide_models(study, {}, {}), Error);
}

}  // namespace
}  // namespace cupel
