#pragma once
/// `cupel split spectra`: flags and run of one scheme of cupel split.
#include <functional>
#include <string>

#include "app.hpp"
#include "split_items.hpp"

namespace cupel::cli {

/// What `cupel split` has read for all its schemes.
struct SpectraCall {
  std::string input;  ///< items, instead of --pairs
  std::string out;    ///< a folder
  std::uint32_t repeats = 1;
  const SharedSplitFlags& shared;
};
/// Makes the splits and writes them to the folder.
using RunSpectra = std::function<int(const SpectraCall& call, Session& session)>;

/// Declares the flags that only this scheme has; --out and --repeats are those of cupel split.
RunSpectra define_split_spectra(Arguments& arguments);

}  // namespace cupel::cli
