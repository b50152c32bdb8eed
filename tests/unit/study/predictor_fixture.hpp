#pragma once
/// A small data set of 3 drugs x 4 cell lines with one replicate and one row left out.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"

namespace cupel {

inline Dataset small_data() {
  Dataset data;
  data.area = "drug_response";
  data.entities = {{.name = "drug", .ids = {"11", "A", "B b"}},
                   {.name = "cell", .ids = {"c0", "c1", "c2", "c3"}}};
  // Source rows 0..12; row 5 is left out; row 12 repeats (11, c0).
  std::uint64_t row = 0;
  const auto add = [&](std::uint32_t drug, std::uint32_t cell) {
    if (row == 5) ++row;
    data.entities[0].code_of_sample.push_back(drug);
    data.entities[1].code_of_sample.push_back(cell);
    data.source_row.push_back(row++);
  };
  for (std::uint32_t drug = 0; drug < 3; ++drug) {
    for (std::uint32_t cell = 0; cell < 4; ++cell) {
      if (drug != 2 || cell != 3) add(drug, cell);
    }
  }
  add(0, 0);
  data.n_source_rows = row;
  data.left_out = {{"target_missing", {5}}};
  data.targets = Matrix<double>(data.source_row.size(), 1);
  for (std::size_t i = 0; i < data.targets.rows; ++i) data.targets(i, 0) = static_cast<double>(i);
  return data;
}

/// Test rows are the samples i with i % 3 == fold.
inline Split small_split(const Dataset& data, std::uint32_t fold,
                         const std::string& name = "mixed") {
  Split split{.name = name, .scheme = "mixed", .fold = fold};
  for (std::size_t i = 0; i < data.n_samples(); ++i) {
    split.role.push_back(i % 3 == fold ? Role::test : Role::train);
  }
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  return split;
}

/// A folder that is removed at the end.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name)
      : path(std::filesystem::temp_directory_path() /
             ("cupel_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~TestFolder() { std::filesystem::remove_all(path); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
  std::filesystem::path path;
};

}  // namespace cupel
