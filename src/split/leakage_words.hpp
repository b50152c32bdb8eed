#pragma once
/// The leakage report in sentences: what was seen, and what to do about it.
#include <string>
#include <vector>

#include "similarity/null_model.hpp"
#include "split/leakage.hpp"

namespace cupel {

struct LeakageWords {
  std::vector<std::string> seen;   ///< most important first
  std::vector<std::string> to_do;  ///< empty: nothing
};

/// `chance` null = the level of chance was not estimated.
LeakageWords leakage_words(const LeakageReport& report, const ChanceLevel* chance);

/// "38 %", "0.4 %", "0.02 %".
std::string percent_text(double share);

}  // namespace cupel
