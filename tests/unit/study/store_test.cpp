#include "study/store.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <thread>

#include "base/hash.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder =
        fs::temp_directory_path() / ("cupel_store_" + std::to_string(::getpid()) + "_" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder);
  }
  void TearDown() override { fs::remove_all(folder); }
  fs::path folder;
};

std::string hash_of(int i) { return sha256_hex("trial " + std::to_string(i)); }

TrialKey key_of(int i) {
  return {.split = "mixed",
          .fold = static_cast<std::uint32_t>(i),
          .repeat = 0,
          .predictor = "drug_mean",
          .seed = std::numeric_limits<std::uint64_t>::max()};
}

TrialResult result_of(int i, std::size_t n = 100) {
  TrialResult result;
  for (std::size_t k = 0; k < n; ++k) {
    result.values.push_back(static_cast<double>(i) + 0.1 * static_cast<double>(k));
  }
  result.seconds = 0.25;
  return result;
}

TEST_F(StoreTest, GivesBackWhatWasSaved) {
  TrialResult result = result_of(3);
  result.values[1] = std::nan("");
  result.values[2] = -std::numeric_limits<double>::infinity();
  result.values[3] = -0.0;
  result.diagnostics.add("fallback", Severity::note, "unseen drug", "Erlotinib", 5);
  Store store(folder);
  EXPECT_FALSE(store.load(hash_of(3)).has_value());
  store.save(hash_of(3), key_of(3), result);
  const auto loaded = store.load(hash_of(3));
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->values.size(), result.values.size());
  EXPECT_TRUE(std::isnan(loaded->values[1]));
  EXPECT_EQ(loaded->values[2], result.values[2]);
  EXPECT_TRUE(std::signbit(loaded->values[3]));
  EXPECT_EQ(loaded->values[4], result.values[4]);
  EXPECT_EQ(loaded->seconds, 0.25);
  const Diagnostic* item = loaded->diagnostics.find("fallback");
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(item->count, 5U);
  EXPECT_EQ(item->examples, std::vector<std::string>{"Erlotinib"});
  EXPECT_EQ(item->severity, Severity::note);
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0], key_of(3));
}

TEST_F(StoreTest, EmptyResultIsAResult) {
  Store store(folder);
  store.save(hash_of(1), key_of(1), {});
  ASSERT_TRUE(store.load(hash_of(1)).has_value());
  EXPECT_TRUE(store.load(hash_of(1))->values.empty());
}

TEST_F(StoreTest, DamagedTrialIsComputedAgain) {
  for (const int kind : {0, 1, 2, 3}) {
    Store store(folder);
    store.save(hash_of(kind), key_of(kind), result_of(kind));
    const fs::path file = store.path_of(hash_of(kind));
    if (kind == 0) fs::resize_file(file, fs::file_size(file) - 1);
    if (kind == 1) fs::resize_file(file, 0);
    if (kind == 2) {
      std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
      bytes.put('\x7f');
    }
    if (kind == 3) {  // a whole file, but of another trial
      store.save(hash_of(100), key_of(100), result_of(100));
      fs::copy_file(store.path_of(hash_of(100)), file, fs::copy_options::overwrite_existing);
    }
    EXPECT_FALSE(store.load(hash_of(kind)).has_value()) << kind;
    const Diagnostics diagnostics = store.diagnostics();
    ASSERT_NE(diagnostics.find("damaged_trial"), nullptr) << kind;
    store.save(hash_of(kind), key_of(kind), result_of(kind));
    EXPECT_TRUE(store.load(hash_of(kind)).has_value()) << kind;
  }
}

TEST_F(StoreTest, IndexIsRebuiltFromTheTrials) {
  {
    Store store(folder);
    for (int i = 0; i < 20; ++i) store.save(hash_of(i), key_of(i), result_of(i));
  }
  fs::remove(folder / "index.sqlite");
  {
    Store store(folder);
    EXPECT_EQ(store.list().size(), 20U);
  }
  std::ofstream(folder / "index.sqlite", std::ios::binary) << "this is no data base at all......";
  {
    Store store(folder);
    EXPECT_NE(store.diagnostics().find("index_rebuilt"), nullptr);
    EXPECT_EQ(store.list().size(), 20U);
    fs::remove(store.path_of(hash_of(7)));
    EXPECT_EQ(store.list().size(), 19U) << "a trial that is gone leaves the index";
  }
  Store store(folder);
  const auto entries = store.entries();
  ASSERT_EQ(entries.size(), 19U);
  EXPECT_EQ(entries[0].hash, hash_of(0));
  EXPECT_EQ(entries[0].seconds, 0.25);
}

TEST_F(StoreTest, ConcurrentWritersKeepEverything) {
  constexpr int kProcesses = 3;
  constexpr int kTrials = 60;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      int status = 0;
      try {
        Store store(folder);
        std::vector<std::thread> threads;
        for (int t = 0; t < 2; ++t) {
          threads.emplace_back([&store, t] {
            for (int i = t; i < kTrials; i += 2) {
              store.save(hash_of(i), key_of(i), result_of(i));
            }
          });
        }
        for (auto& thread : threads) thread.join();
      } catch (...) {
        status = 1;
      }
      ::_exit(status);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  Store store(folder);
  EXPECT_EQ(store.list().size(), static_cast<std::size_t>(kTrials));
  for (int i = 0; i < kTrials; ++i) {
    const auto loaded = store.load(hash_of(i));
    ASSERT_TRUE(loaded.has_value()) << i;
    EXPECT_EQ(loaded->values, result_of(i).values);
  }
  EXPECT_TRUE(fs::is_empty(folder / "tmp"));
}

// A child saves trials as fast as it can and is killed at different moments: what is found is
// whole, and what was reported as saved is found.
TEST_F(StoreTest, SurvivesKillAtAnyMoment) {
  std::size_t n_found_before = 0;
  for (int round = 0; round < 12; ++round) {
    int channel[2];
    ASSERT_EQ(::pipe(channel), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      Store store(folder);
      for (int i = round * 10000;; ++i) {
        store.save(hash_of(i), key_of(i), result_of(i, 14000));
        if (::write(channel[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(channel[1]);
    int last = 0;
    ASSERT_EQ(::read(channel[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    std::this_thread::sleep_for(std::chrono::microseconds(1500 * round + 137));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(channel[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
    }
    ::close(channel[0]);

    Store store(folder);
    for (int i = round * 10000; i <= last; ++i) {
      const auto loaded = store.load(hash_of(i));
      ASSERT_TRUE(loaded.has_value()) << "trial " << i << " of round " << round;
      ASSERT_EQ(loaded->values.back(), result_of(i, 14000).values.back());
    }
    const std::size_t n_found = store.entries().size();
    EXPECT_GE(n_found, n_found_before + static_cast<std::size_t>(last - round * 10000 + 1));
    EXPECT_EQ(store.diagnostics().find("damaged_trial"), nullptr);
    n_found_before = n_found;
  }
}

TEST_F(StoreTest, RefusesWhatIsNoHash) {
  Store store(folder);
  EXPECT_THROW((void)store.load("../../etc/passwd"), Error);
  EXPECT_THROW(store.save("ABCDEF0123", key_of(0), {}), Error);
}

TEST_F(StoreTest, FolderThatCannotBeMadeIsAnIoError) {
  std::ofstream(folder.string()) << "a file";
  try {
    Store store(folder);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
  }
}

TEST_F(StoreTest, FullDiskIsAnIoErrorAndLosesNothing) {
  Store store(folder);
  store.save(hash_of(1), key_of(1), result_of(1));
  // The size of files is limited instead of filling a disk: write() fails the same way.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      Store full(folder);
      full.save(hash_of(2), key_of(2), result_of(2, 14000));
    } catch (const Error& error) {
      status = error.kind() == ErrorKind::io ? 0 : 2;
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  Store after(folder);
  EXPECT_FALSE(after.load(hash_of(2)).has_value());
  EXPECT_TRUE(after.load(hash_of(1)).has_value());
  EXPECT_TRUE(fs::is_empty(folder / "tmp"));
}

}  // namespace
}  // namespace cupel
