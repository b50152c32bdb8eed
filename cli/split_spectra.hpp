#pragma once
/// `cupel split spectra`: flags and run of one scheme of cupel split.
#include <functional>
#include <string>

#include "app.hpp"

namespace cupel::cli {

/// Makes the splits and writes them to the folder `out`.
using RunSpectra =
    std::function<int(const std::string& out, std::uint32_t repeats, Session& session)>;

/// Declares the flags that only this scheme has; --out and --repeats are those of cupel split.
RunSpectra define_split_spectra(Arguments& arguments);

}  // namespace cupel::cli
