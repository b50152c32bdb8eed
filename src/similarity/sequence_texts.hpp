#pragma once
/// Sequences as the kernels want them, checked once.
#include <string>
#include <vector>

#include "similarity/items.hpp"

namespace cupel {

enum class GapLetters { refuse, allow };  ///< '-' and '.', as in rows of a multiple alignment

/// The texts in upper case, without blanks at the ends and without one '*' (stop) at the end.
/// Throws Error{input} with the id for anything that is not a letter A-Z, and if there are no
/// texts.
std::vector<std::string> sequence_texts(const Items& items, GapLetters gaps = GapLetters::refuse);

}  // namespace cupel
