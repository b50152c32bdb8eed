#pragma once
/// cupel split --area perturbation: files of perturbation, context and role instead of rows.
#include "app.hpp"
#include "cupel/study.hpp"
#include "inputs.hpp"
#include "split_out.hpp"

namespace cupel::cli {

int run_split_profiles(const SplitSpec& spec, const DataFlags& flags, const SplitOut& call,
                       Session& session);

}  // namespace cupel::cli
