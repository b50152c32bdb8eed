#pragma once
/// `cupel split SCHEME --area potency`: splits of molecules, within every assay.
#include "app.hpp"
#include "cupel/study.hpp"
#include "inputs.hpp"
#include "split_out.hpp"

namespace cupel::cli {

/// Makes the splits, writes them, and says what test and training have in common.
int run_split_molecules(const SplitSpec& spec, const DataFlags& data, const SplitOut& call,
                        Session& session);

}  // namespace cupel::cli
