#pragma once
/// What `cupel overlap` writes: a page of text, JSON, and nearest.csv.
#include <string>

#include "overlap_inputs.hpp"
#include "similarity/null_model.hpp"
#include "split/leakage.hpp"
#include "split/leakage_words.hpp"

namespace cupel::cli {

struct OverlapResult {
  std::string kind;
  std::string parameters;
  std::string instruction_set;
  LeakageReport report;
  NullModel null;  ///< without values: not estimated
  ChanceLevel chance;
  LeakageWords words;
};

std::string overlap_text(const OverlapResult& result, const Sides& sides, const Session& session);
JsonOut overlap_json(const OverlapResult& result, const Sides& sides);

/// `train_index` of a nearest item is its row, `train_id` its id.
void write_nearest(const std::string& path, const OverlapResult& result, const Sides& sides);

/// A line per bin of the nearest similarities.
std::string histogram_text(const std::vector<double>& values);

}  // namespace cupel::cli
