#include "study/command_predictor.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <iterator>
#include <thread>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "predictor_fixture.hpp"
#include "study/subprocess.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

class CommandTest : public testing::Test {
 protected:
  CommandTest() : folder("command predictor"), data(small_data()) {
    spec.name = "mine";
    spec.kind = ModelKind::command;
  }
  Prediction run(const std::string& command, const Context& context = {}) {
    spec.command = command;
    const auto model =
        make_command_predictor(spec, folder.path.string(), folder.path / "work", {"targets"});
    const Split split = small_split(data, 1);
    const auto train = split.rows(Role::train);
    const auto test = split.rows(Role::test);
    const auto fitted = model->fit(
        {.data = data, .train = train, .validation = {}, .split = split, .seed = 42}, context);
    return fitted->predict(data, test, context);
  }
  Error error_of(const std::string& command, const Context& context = {}) {
    try {
      run(command, context);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return Error(ErrorKind::internal, "");
  }
  static std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::size_t count(const Prediction& out, const std::string& code) {
    const Diagnostic* found = out.diagnostics.find(code);
    return found == nullptr ? 0 : found->count;
  }
  TestFolder folder;
  Dataset data;
  ModelSpec spec;
};

const std::string kGood =
    "awk -F, 'NR == 1 {print \"row,prediction\"} NR > 1 {print $1 \",\" $1 * 2}' {test} > {out}";

TEST_F(CommandTest, TrainsAndPredicts) {
  const Prediction out = run("cp {train} seen_train.csv; cp {test} seen_test.csv; " + kGood);
  ASSERT_EQ(out.values.size(), 4U);
  EXPECT_EQ(out.values[0], 2.0);
  EXPECT_EQ(out.values[1], 8.0);
  EXPECT_TRUE(out.diagnostics.empty());
  EXPECT_EQ(text_of(folder.path / "seen_test.csv"),
            "row,drug,cell\n1,11,c1\n4,A,c0\n8,A,c3\n11,B b,c2\n");
  EXPECT_EQ(text_of(folder.path / "seen_train.csv").substr(0, 38),
            "row,drug,cell,target\n0,11,c0,0\n2,11,c2");
}

TEST_F(CommandTest, FillsInTheTrialAndTheEntities) {
  run(kGood +
      "; echo {seed} {fold} {split} {other} > words.txt; cp {drugs} d.csv; cp {cells} c.csv");
  EXPECT_EQ(text_of(folder.path / "words.txt"), "42 1 mixed {other}\n");
  EXPECT_EQ(text_of(folder.path / "d.csv"), "drug\n11\nA\nB b\n");
  EXPECT_EQ(text_of(folder.path / "c.csv"), "cell\nc0\nc1\nc2\nc3\n");
}

TEST_F(CommandTest, ExitCodeComesWithTheEndOfStderr) {
  const Error error = error_of("echo first >&2; echo 'CUDA out of memory' >&2; exit 7");
  EXPECT_EQ(error.kind(), ErrorKind::input);
  EXPECT_NE(error.message().find("exit code 7"), std::string::npos);
  EXPECT_NE(error.message().find("split mixed, fold 1, seed 42"), std::string::npos);
  EXPECT_NE(error.hint().find("CUDA out of memory"), std::string::npos);
  EXPECT_EQ(text_of(error.where().file), "first\nCUDA out of memory\n");
}

TEST_F(CommandTest, DeathBySignalIsReported) {
  EXPECT_NE(error_of("kill -SEGV $$").message().find("exit code 139"), std::string::npos);
}

TEST_F(CommandTest, UnknownProgram) {
  const Error error = error_of("no_such_program_here {train} {test} {out}");
  EXPECT_NE(error.message().find("exit code 127"), std::string::npos);
  EXPECT_NE(error.hint().find("not found"), std::string::npos);
}

TEST_F(CommandTest, HangIsStoppedWithAllItStarted) {
  // A busy machine may not have started the child within a short time limit: then with a longer
  // one.
  std::string pid;
  for (const double limit : {0.3, 3.0, 20.0}) {
    spec.timeout_s = limit;
    const auto started = std::chrono::steady_clock::now();
    const Error error = error_of("sleep 120 & echo $! > pid.txt; sleep 120");
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(60));
    EXPECT_NE(error.message().find("stopped after " + format_double(limit) + " s"),
              std::string::npos)
        << error.message();
    pid = text_of(folder.path / "pid.txt");
    if (!pid.empty()) break;
  }
  ASSERT_FALSE(pid.empty()) << "the command never began";
  const std::string stat = "/proc/" + std::to_string(std::stoi(pid)) + "/stat";
  // Gone, or a zombie that nobody reaps in this container: not running in any case.
  const auto is_running = [&] {
    const std::string state = text_of(stat);
    return !state.empty() && state.find(") Z") == std::string::npos;
  };
  for (int i = 0; i < 1000 && is_running(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(is_running()) << text_of(stat);
}

TEST_F(CommandTest, HangThatIgnoresTermIsKilled) {
  spec.timeout_s = 0.2;
  const auto started = std::chrono::steady_clock::now();
  error_of("trap '' TERM; while :; do sleep 0.1; done");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(40));
}

TEST_F(CommandTest, CancelStopsIt) {
  std::atomic<bool> cancel{false};
  std::jthread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    cancel = true;
  });
  const auto started = std::chrono::steady_clock::now();
  const Error error = error_of("sleep 60", {.cancel = &cancel});
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(40));
}

TEST_F(CommandTest, NoOutput) {
  EXPECT_NE(error_of("true").message().find("wrote no file"), std::string::npos);
}

TEST_F(CommandTest, OldOutputIsNotTakenForNew) {
  run(kGood);
  EXPECT_NE(error_of("true").message().find("wrote no file"), std::string::npos);
}

TEST_F(CommandTest, GarbageOutput) {
  const Error binary = error_of("head -c 3000 /dev/urandom > {out}");
  EXPECT_EQ(binary.kind(), ErrorKind::input);
  EXPECT_NE(binary.hint().find("expected: row,prediction"), std::string::npos);
  EXPECT_NE(error_of("echo hello > {out}").message().find("cannot be used"), std::string::npos);
  EXPECT_NE(error_of(": > {out}").message().find("cannot be used"), std::string::npos);
  const Error text = error_of("printf 'row,prediction\\n1,high\\n' > {out}");
  EXPECT_EQ(text.where().value, "high");
  EXPECT_NE(error_of("printf 'row,prediction\\n0,1\\n' > {out}").message().find("not one of its 1"),
            std::string::npos);
}

TEST_F(CommandTest, MissingOtherAndDuplicateRowsAreCounted) {
  const Prediction out =
      run("printf 'row,prediction\\n1,1\\n1,1\\n4,2\\n4,3\\n0,1\\n99,1\\n8,nan\\n' > {out}");
  EXPECT_EQ(out.values[0], 1.0);
  EXPECT_EQ(out.values[1], 2.0);
  EXPECT_TRUE(std::isnan(out.values[2]));
  EXPECT_TRUE(std::isnan(out.values[3]));
  EXPECT_EQ(count(out, "duplicate_prediction"), 1U);
  EXPECT_EQ(count(out, "conflicting_prediction"), 1U);
  EXPECT_EQ(count(out, "prediction_for_other_row"), 1U);
  EXPECT_EQ(count(out, "prediction_unknown_row"), 1U);
  EXPECT_EQ(count(out, "missing_prediction"), 2U);
}

TEST_F(CommandTest, OutputById) {
  const Prediction out =
      run("printf 'drug,cell,prediction\\n11,c1,5\\nA,c0,6\\nA,c3,7\\nB b,c2,8\\n' > {out}");
  EXPECT_EQ(out.values, (std::vector<double>{5, 6, 7, 8}));
}

TEST_F(CommandTest, AChangedProgramIsAnotherModel) {
  folder.write("train.py", "print(1)\n");
  spec.command = "python3 train.py {train} {test} {out}";
  const auto make = [&] {
    return make_command_predictor(spec, folder.path.string(), "work", {})->info().parameters;
  };
  const std::string before = make();
  EXPECT_EQ(before, make());
  folder.write("train.py", "print(2)\n");
  EXPECT_NE(before, make());
}

TEST(ShellQuote, OneWordWhateverIsInIt) {
  EXPECT_EQ(shell_quote("/a/b-c.csv"), "/a/b-c.csv");
  EXPECT_EQ(shell_quote("/a b/'c'"), "'/a b/'\\''c'\\'''");
  EXPECT_EQ(shell_quote(""), "''");
}

TEST(LastLines, OfAFile) {
  const TestFolder folder("last_lines");
  const auto file = folder.write("x", "1\n2\n3\n\n");
  EXPECT_EQ(last_lines(file, 2), "2\n3");
  EXPECT_EQ(last_lines(file, 9), "1\n2\n3");
  EXPECT_EQ(last_lines(folder.path / "none", 2), "");
}

}  // namespace
}  // namespace cupel
