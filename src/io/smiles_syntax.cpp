// What is wrong with a text that RDKit refuses as SMILES, and how large a text is before it is
// read.
#include <algorithm>
#include <cctype>
#include <vector>

#include "io/rdkit_molecule.hpp"

namespace cupel::detail {
namespace {

constexpr std::string_view kBare = "BCNOPSFIbcnops*";  // Cl and Br begin with one of them
constexpr std::string_view kBonds = "-=#$:/\\~.>";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Walks the text once; stops at the first thing that no SMILES has.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::string problem() {
    while (at_ < text_.size()) {
      std::string found = step();
      if (!found.empty()) return found;
    }
    if (!branches_.empty()) return "the parenthesis" + place(branches_.back()) + " is not closed";
    for (std::size_t ring = 0; ring < open_.size(); ++ring) {
      if (open_[ring] > 0) {
        return "ring " + std::to_string(ring) + ", opened" + place(open_[ring] - 1) +
               ", is not closed";
      }
    }
    return "";
  }

 private:
  static std::string place(std::size_t at) { return " at character " + std::to_string(at + 1); }

  std::string step() {
    const char c = text_[at_];
    if (c == '[') return bracket();
    if (c == '(') {
      branches_.push_back(at_++);
      return "";
    }
    if (c == ')') {
      if (branches_.empty()) return "a parenthesis is closed that was not opened," + place(at_);
      branches_.pop_back();
      ++at_;
      return "";
    }
    if (is_digit(c) || c == '%') return ring();
    if (kBare.find(c) != std::string_view::npos) {
      const std::string_view two = text_.substr(at_, 2);
      at_ += two == "Cl" || two == "Br" ? 2 : 1;
      return "";
    }
    if (kBonds.find(c) != std::string_view::npos) {
      ++at_;
      return "";
    }
    const bool printable = c > ' ' && c <= '~';
    return (printable ? std::string("\"") + c + "\"" : std::string("a byte that is no SMILES")) +
           place(at_) +
           (std::isalpha(static_cast<unsigned char>(c)) != 0
                ? " is no atom that may stand without brackets"
                : " means nothing there");
  }

  std::string bracket() {
    const std::size_t end = text_.find(']', at_);
    if (end == std::string_view::npos) return "the bracket" + place(at_) + " is not closed";
    if (end == at_ + 1) return "the brackets" + place(at_) + " are empty";
    at_ = end + 1;
    return "";
  }

  std::string ring() {
    const std::size_t begin = at_;
    std::size_t number = 0;
    if (text_[at_] != '%') {
      number = static_cast<std::size_t>(text_[at_++] - '0');
    } else {
      ++at_;
      const bool wrapped = at_ < text_.size() && text_[at_] == '(';
      if (wrapped) ++at_;
      std::size_t n_digits = 0;
      while (at_ < text_.size() && is_digit(text_[at_]) && n_digits < (wrapped ? 5U : 2U)) {
        number = number * 10 + static_cast<std::size_t>(text_[at_++] - '0');
        ++n_digits;
      }
      if (n_digits == 0 || (!wrapped && n_digits < 2)) {
        return "two digits have to follow the %" + place(begin);
      }
      if (wrapped && (at_ >= text_.size() || text_[at_++] != ')')) {
        return "the ring number" + place(begin) + " is not closed";
      }
    }
    if (number >= open_.size()) open_.resize(number + 1, 0);
    open_[number] = open_[number] > 0 ? 0 : begin + 1;
    return "";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> branches_;
  std::vector<std::size_t> open_;  ///< per ring number: 1 + where it was opened, 0 = not open
};

}  // namespace

std::string smiles_syntax_problem(std::string_view smiles) { return Walk(smiles).problem(); }

SmilesSize size_of_smiles(std::string_view smiles) noexcept {
  SmilesSize size;
  std::uint64_t ring_ends = 0;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const char c = smiles[i];
    if (c == ' ' || c == '\t') break;  // a name follows
    if (c == '[') {
      ++size.atoms;
      i = std::min(smiles.find(']', i), smiles.size());
    } else if (c == '%') {
      ++ring_ends;
      i += 2;
    } else if (is_digit(c)) {
      ++ring_ends;
    } else if (kBare.find(c) != std::string_view::npos) {
      ++size.atoms;
      if (smiles.substr(i, 2) == "Cl" || smiles.substr(i, 2) == "Br") ++i;
    }
  }
  size.ring_closures = ring_ends / 2;
  return size;
}

}  // namespace cupel::detail
