#pragma once
/// Training subsets for learning curves: nested prefixes of one shuffled list of units per repeat
/// (Branson et al. 2023), over pairs, cell lines or drugs. The test rows never change.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/split.hpp"

namespace cupel {

/// Log-spaced sizes from about a hundredth of `n_units` (at least 2) up to `n_units` itself.
std::vector<std::size_t> curve_sizes(std::size_t n_units, std::size_t n_sizes);

/// Number of training units of `split`: rows for "pairs", distinct ids for an entity ("cells" or
/// "drugs": the entity's name with an s).
std::size_t count_units(const Dataset& data, const Split& split, std::string_view over);

/// `split` with only the first `size` units (of the order drawn for `repeat`) left in training; the
/// others are left out with the reason "learning_curve". The full size gives `split` itself.
Split curve_split(const Dataset& data, const Split& split, std::string_view over, std::size_t size,
                  std::uint64_t seed);

}  // namespace cupel
