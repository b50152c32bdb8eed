// Peak memory of passes over a file of cells: a child process does the pass, and its largest
// resident memory is held against that of a child that only opens the file.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "area/perturbation/differential.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "base/random.hpp"
#include "io/cells.hpp"
#include "io/h5ad_write.hpp"

namespace cupel {
namespace {

using namespace perturbation;  // NOLINT

constexpr std::size_t kCells = 16000;
constexpr std::size_t kGenes = 1000;
constexpr std::size_t kGroups = 8;
constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kRoom = 16;  // MiB beside the limit: results, work spaces, raw chunks

/// Whether `work` holds in a child process, and the child's largest resident memory in MiB.
struct Peak {
  bool good = false;
  double mib = 0.0;
};

Peak peak_of(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    bool good = false;
    try {
      good = work();
    } catch (...) {
    }
    _exit(good ? 0 : 1);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0,
          static_cast<double>(usage.ru_maxrss) / 1024.0};
}

/// 4.8 M stored values: 38 MiB as floats with their columns.
bool write_screen(const std::filesystem::path& path) {
  H5adContent content;
  Column label{.name = "group"};
  for (std::size_t i = 0; i < kCells; ++i) {
    content.cell_ids.push_back("c" + std::to_string(i));
    label.push_text("g" + std::to_string(i % kGroups));
  }
  for (std::size_t j = 0; j < kGenes; ++j) content.gene_ids.push_back("G" + std::to_string(j));
  content.obs = {.source = "memory", .n_rows = kCells, .columns = {label}};
  Rng rng(1, "screen");
  std::size_t first = 0;
  const auto next = [&](CellBlock<double>& block) {
    if (first == kCells) return false;
    block = {.first_row = first, .n_rows = 1000, .n_cols = kGenes, .row_begin = {0}};
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      for (std::uint32_t j = 0; j < kGenes; ++j) {
        if (rng.below(10) >= 3) continue;
        block.columns.push_back(j);
        block.values.push_back(1.0 + rng.below(5));
      }
      block.row_begin.push_back(block.values.size());
    }
    first += block.n_rows;
    return true;
  };
  write_h5ad(path, content, next, {.gzip_level = 1}, {});
  return true;
}

class BoundedMemory : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers have memory of their own";
#endif
    path_ = std::filesystem::temp_directory_path() /
            ("cupel_memory_" + std::to_string(getpid()) + ".h5ad");
    ASSERT_TRUE(peak_of([&] { return write_screen(path_); }).good);
    opened_ = peak_of([&] {
      const auto cells = open_cells(path_, {});
      return cells->obs_categories("group").levels.size() == kGroups;
    });
    ASSERT_TRUE(opened_.good);
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] double above_opened(const Peak& peak) const { return peak.mib - opened_.mib; }

  [[nodiscard]] Peak test_genes(std::size_t memory, std::size_t fewest_passes) const {
    return peak_of([&] {
      const auto cells = open_cells(path_, {});
      DifferentialOptions options{.scale = Scale::counts, .memory_bytes = memory};
      const auto result =
          differential_expression(cells->matrix("X"), cells->gene_ids(),
                                  cells->obs_categories("group"), "g0", options, {.n_threads = 2});
      return result.n_passes >= fewest_passes && result.groups.size() == kGroups - 1;
    });
  }

  std::filesystem::path path_;
  Peak opened_;
};

TEST_F(BoundedMemory, DifferentialExpressionReadsAgainWhatDoesNotFit) {
  const Peak small = test_genes(12 * kMiB, 2);
  ASSERT_TRUE(small.good);
  EXPECT_LT(above_opened(small), 12.0 + kRoom);
  const Peak large = test_genes(256 * kMiB, 1);
  ASSERT_TRUE(large.good);
  EXPECT_GT(above_opened(large), 12.0 + kRoom);  // so that the bound above says something
}

TEST_F(BoundedMemory, PseudobulksHoldABlock) {
  const auto peak = [&](std::size_t memory) {
    return peak_of([&] {
      const auto cells = open_cells(path_, {});
      const Categories groups = cells->obs_categories("group");
      PseudobulkOptions options;
      options.memory_bytes = memory;
      const auto bulk = accumulate(cells->matrix("X"), {.count = kGroups, .code = groups.code},
                                   options, {.n_threads = 2});
      return bulk.all.n_cells[0] == kCells / kGroups;
    });
  };
  const Peak small = peak(4 * kMiB);
  ASSERT_TRUE(small.good);
  EXPECT_LT(above_opened(small), 4.0 + kRoom);
  const Peak large = peak(256 * kMiB);
  ASSERT_TRUE(large.good);
  EXPECT_GT(above_opened(large), 4.0 + kRoom);
}

}  // namespace
}  // namespace cupel
