#pragma once
/// cupel score on two files of cells: perturbed profiles against predicted ones, by a preset.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"

namespace cupel::cli {

struct ProfileScoreFlags {
  std::string truth;
  std::string group_by;
  std::string reference;
  std::string context;
  std::string preset;
  std::string matrix = "X";
  std::string scale;
  std::string normalize = "none";
  bool log1p = false;
  std::vector<std::string> options;
  std::string memory = "4GiB";
  std::string train_labels;
  std::string out;
  [[nodiscard]] bool asked() const { return !truth.empty() || !preset.empty(); }
};

void add_profile_score_flags(Arguments& arguments, ProfileScoreFlags& flags);
/// A split.csv over perturbations, and which of its folds.
struct SplitFile {
  std::string path;
  std::optional<std::uint32_t> fold;
};

/// `split`: only its test perturbations are scored, and its training labels are used where
/// `train_labels` is not given.
int score_profiles(const ProfileScoreFlags& flags, const std::string& predictions,
                   const SplitFile& split, Session& session);

}  // namespace cupel::cli
