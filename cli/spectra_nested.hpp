#pragma once
/// `cupel spectra --predictions`: ready predictions against the distance of each test row from the
/// training set.
#include <optional>
#include <string>
#include <vector>

#include "item_inputs.hpp"
#include "report/spectra.hpp"

namespace cupel::cli {

struct NestedFlags {
  std::string predictions;
  std::vector<std::string> columns;
  std::string train;
  std::string test;
  std::string nearest;
  std::string similarity_column;
  std::optional<double> threshold;
  std::vector<std::string> limits;
  std::string metric;
  std::string axis = "novelty";
  std::uint32_t draws = 1000;
  double confidence = 0.95;
  double margin = 0.02;
  KindFlags kind;
  ItemFlags items;
};

SpectraOutcome nested_outcome(const NestedFlags& flags, const Session& session);

}  // namespace cupel::cli
