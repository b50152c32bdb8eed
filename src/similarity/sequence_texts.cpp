#include "similarity/sequence_texts.hpp"

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {

std::vector<std::string> sequence_texts(const Items& items, GapLetters gaps) {
  if (items.texts.size() != items.size()) {
    fail_input("the items have no sequences", {.file = items.source},
               "give a FASTA file, or name the column that holds the sequences");
  }
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::string_view text = trimmed(items.texts[i]);
    if (!text.empty() && text.back() == '*') text.remove_suffix(1);
    std::string upper(text);
    for (std::size_t k = 0; k < upper.size(); ++k) {
      if (upper[k] >= 'a' && upper[k] <= 'z') upper[k] = static_cast<char>(upper[k] - 'a' + 'A');
      const bool letter = upper[k] >= 'A' && upper[k] <= 'Z';
      const bool gap = gaps == GapLetters::allow && (upper[k] == '-' || upper[k] == '.');
      if (!letter && !gap) {
        fail_input("sequence \"" + items.ids[i] + "\" has a character at position " +
                       std::to_string(k + 1) + " that is no letter, so it cannot be compared",
                   {.file = items.source, .value = std::string(text.substr(k, 1))},
                   "remove it, or write X for an unknown residue");
      }
    }
    texts.push_back(std::move(upper));
  }
  return texts;
}

}  // namespace cupel
