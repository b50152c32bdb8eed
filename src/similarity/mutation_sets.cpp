#include "similarity/mutation_sets.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::string_view kAllSeparators = ":-,;|/+_ ";

/// SPECTRA's split files hold this word as a sample of its own; it stays one token.
constexpr std::string_view kNoMutation = "NO_MUTATION";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_residue(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*' || c == '=' || c == '?';
}

/// Takes the characters at the front that belong; false if there are fewer than `fewest`.
template <typename Belongs>
bool take(std::string_view& text, const Belongs& belongs, std::size_t fewest = 1) {
  std::size_t n = 0;
  while (n < text.size() && belongs(text[n])) ++n;
  text.remove_prefix(n);
  return n >= fewest;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// A199D
bool is_substitution(std::string_view text) {
  return take(text, is_residue) && take(text, is_digit) && take(text, is_residue) && text.empty();
}

/// [759807, 767320]:761155:C:T, where a deleted or inserted stretch may be empty or "-"
bool is_barcode(std::string_view text) {
  const auto base = [](char c) { return is_residue(c) || c == '-' || c == '<' || c == '>'; };
  return take_word(text, "[") && take(text, is_digit) && take_word(text, ", ") &&
         take(text, is_digit) && take_word(text, "]:") && take(text, is_digit) &&
         take_word(text, ":") && take(text, base, 0) && take_word(text, ":") &&
         take(text, base, 0) && text.empty();
}

[[noreturn]] void fail_ambiguous(const Items& items, std::size_t i, const std::string& why) {
  fail(ErrorKind::usage,
       "it cannot be told for sure how the mutations of \"" + items.ids[i] +
           "\" are separated: " + why,
       {.file = items.source, .value = items.texts[i].substr(0, 120)},
       "give the option separator: one of " + join(mutation_separators(), "  "));
}

/// All texts but kNoMutation, which says nothing of the separator.
template <typename Visit>
void for_texts(const std::vector<const Items*>& all, const Visit& visit) {
  for (const Items* items : all) {
    for (std::size_t i = 0; i < items->texts.size(); ++i) {
      if (items->texts[i] != kNoMutation) visit(*items, i, items->texts[i]);
    }
  }
}

using IsMutation = bool (*)(std::string_view);
void require_mutations(const std::vector<const Items*>& all, std::string_view separator,
                       IsMutation is_mutation, const std::string& pattern) {
  for_texts(all, [&](const Items& items, std::size_t i, std::string_view text) {
    const auto parts = split_mutations(text, separator);
    for (const auto part : parts) {
      if (!is_mutation(part)) {
        fail_ambiguous(
            items, i,
            "the part \"" + std::string(part.substr(0, 60)) + "\" does not read " + pattern);
      }
    }
    const auto dangling = [&](char c) { return separator.find(c) != std::string_view::npos; };
    if (!text.empty() && (dangling(text.front()) || dangling(text.back()))) {
      fail_ambiguous(items, i, "it begins or ends with what may be a separator or a deletion");
    }
  });
}

}  // namespace

const std::vector<std::string>& mutation_separators() {
  static const std::vector<std::string> kNames = {":", "-", ",", ";",     "|",
                                                  "/", "+", "_", "space", "bracket"};
  return kNames;
}

std::string detect_mutation_separator(const std::vector<const Items*>& all) {
  bool brackets = false;
  std::string present;  // separators seen so far
  for_texts(all, [&](const Items&, std::size_t, const std::string& raw) {
    const std::string_view text = trimmed(raw);
    brackets = brackets || text.find('[') != std::string_view::npos;
    for (const char c : text) {
      if (kAllSeparators.find(c) != std::string_view::npos && present.find(c) == std::string::npos)
        present += c;
    }
  });
  if (brackets) {
    require_mutations(all, "bracket", is_barcode, "[begin, end]:position:from:to");
    return "bracket";
  }
  if (present.empty()) return ":";
  if (present.size() > 1) {
    for_texts(all, [&](const Items& items, std::size_t i, const std::string& text) {
      if (text.find(present[1]) != std::string::npos) {
        fail_ambiguous(
            items, i,
            std::string("the texts hold both '") + present[0] + "' and '" + present[1] + "'");
      }
    });
  }
  const std::string separator = present == " " ? "space" : present;
  require_mutations(all, separator, is_substitution, "letters, digits, letters (A199D)");
  return separator;
}

std::vector<std::string_view> split_mutations(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  const bool bracket = separator == "bracket";
  const char sign = separator == "space" ? ' ' : bracket ? '-' : separator.front();
  std::size_t begin = 0;
  for (std::size_t k = 0; k <= text.size(); ++k) {
    const bool cut = k == text.size() ||
                     (text[k] == sign && (!bracket || (k + 1 < text.size() && text[k + 1] == '[')));
    if (!cut) continue;
    const auto part = trimmed(text.substr(begin, k - begin));
    if (!part.empty()) parts.push_back(part);
    begin = k + 1;
  }
  return parts;
}

MutationSets mutation_sets(const Items& rows, const Items* cols, const std::string& separator) {
  std::unordered_map<std::string_view, std::uint32_t> number;
  const auto read = [&](const Items& items) {
    if (items.texts.size() != items.size()) {
      fail_input("the items have no mutations", {.file = items.source},
                 "name the column that holds the mutations");
    }
    TokenSets sets;
    std::vector<std::uint32_t> tokens;
    for (const auto& text : items.texts) {
      tokens.clear();
      for (const auto mutation : split_mutations(text, separator)) {
        const auto next = static_cast<std::uint32_t>(number.size());
        tokens.push_back(number.try_emplace(mutation, next).first->second);
      }
      sets.add(tokens);
    }
    return sets;
  };
  MutationSets sets;
  sets.rows = read(rows);
  if (cols) sets.cols = read(*cols);
  return sets;
}

}  // namespace cupel
