#pragma once
/// The machine behind Pickle::parse; internal to io/pickle.cpp and io/pickle_numpy.cpp.
#include <bit>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cupel/error.hpp"
#include "io/pickle.hpp"
#include "io/utf8.hpp"

namespace cupel {

/// The stack machine of the pickle protocol, for data only.
class PickleReader {
 public:
  PickleReader(std::string_view bytes, Pickle& out) : bytes_(bytes), out_(out) {}

  void run() {
    while (step()) {
    }
    if (stack_.size() != 1) refuse("it ends with " + std::to_string(stack_.size()) + " values");
    out_.root_ = stack_.back();
  }

 private:
  using Kind = PickleValue::Kind;
  [[noreturn]] void refuse(const std::string& why) const {
    fail_input("the pickle cannot be read safely: " + why + " (byte " + std::to_string(at_) + ")",
               {.file = out_.source_},
               "write the lists of samples as CSV or JSON with the tool that made the pickle");
  }

  // ---- bytes

  std::string_view take(std::size_t n) {
    if (n > bytes_.size() - at_) refuse("it is cut off");
    const auto part = bytes_.substr(at_, n);
    at_ += n;
    return part;
  }
  std::uint64_t unsigned_of(std::size_t n) {
    std::uint64_t value = 0;
    const auto part = take(n);
    for (std::size_t k = 0; k < n; ++k) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[k])) << (8 * k);
    }
    return value;
  }
  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) refuse("it is cut off");
    const auto part = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return part;
  }

  // ---- values

  std::uint32_t put(PickleValue value) {
    out_.values_.push_back(std::move(value));
    return static_cast<std::uint32_t>(out_.values_.size() - 1);
  }
  void push(PickleValue value) { stack_.push_back(put(std::move(value))); }
  void push_integer(std::int64_t value) {
    push({.kind = Kind::integer, .integer = value, .text = {}, .items = {}});
  }
  void push_boolean(bool value) {
    push({.kind = Kind::boolean, .integer = value ? 1 : 0, .text = {}, .items = {}});
  }
  void push_number(double value) {
    push({.kind = Kind::number, .number = value, .text = {}, .items = {}});
  }
  void push_text(std::string_view value, Kind kind = Kind::text) {
    push({.kind = kind, .text = std::string(value), .items = {}});
  }
  std::uint32_t pop() {
    if (stack_.empty() || (!marks_.empty() && marks_.back() == stack_.size())) {
      refuse("its stack is empty");
    }
    const std::uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  std::uint32_t top() const {
    if (stack_.empty()) refuse("its stack is empty");
    return stack_.back();
  }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse("it has no mark");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::uint32_t> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }
  void push_group(Kind kind, std::vector<std::uint32_t> items) {
    if (kind == Kind::mapping && items.size() % 2 != 0) refuse("a key has no value");
    push({.kind = kind, .text = {}, .items = std::move(items)});
  }
  void push_tuple(std::size_t n) {
    std::vector<std::uint32_t> items(n);
    for (std::size_t k = n; k-- > 0;) items[k] = pop();
    push_group(Kind::sequence, std::move(items));
  }
  void extend(Kind kind, const std::vector<std::uint32_t>& items) {
    PickleValue& group = out_.values_[top()];
    if (group.kind != kind) refuse("it adds to what is no list, set or dict");
    if (kind == Kind::mapping && items.size() % 2 != 0) refuse("a key has no value");
    group.items.insert(group.items.end(), items.begin(), items.end());
  }

  // ---- numbers as text

  template <typename T>
  T number_of(std::string_view text) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      refuse("\"" + std::string(text.substr(0, 40)) + "\" is no number of 64 bits");
    }
    return value;
  }
  void push_long(std::size_t n_bytes) {
    const auto part = take(n_bytes);
    if (n_bytes > 8) refuse("an integer has more than 64 bits");
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < n_bytes; ++k) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[k])) << (8 * k);
    }
    const bool is_negative =
        n_bytes > 0 && (static_cast<unsigned char>(part[n_bytes - 1]) & 0x80U) != 0;
    if (is_negative && n_bytes < 8) value |= ~std::uint64_t{0} << (8 * n_bytes);
    push_integer(static_cast<std::int64_t>(value));
  }
  void push_big_endian_double() {
    std::uint64_t value = 0;
    for (const char c : take(8)) value = value << 8U | static_cast<unsigned char>(c);
    push_number(std::bit_cast<double>(value));
  }
  /// 'abc' or "abc" of protocol 0, without escapes.
  void push_quoted(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back() || (text[0] != '\'' && text[0] != '"')) {
      refuse("a string has no quotes");
    }
    text = text.substr(1, text.size() - 2);
    if (text.find('\\') != std::string_view::npos) refuse("a string has escapes");
    push_text(text);
  }
  /// raw-unicode-escape of protocol 0: bytes are latin-1, \uXXXX and \UXXXXXXXX are characters.
  void push_raw_unicode(std::string_view text) {
    std::string out;
    for (std::size_t k = 0; k < text.size(); ++k) {
      std::uint32_t code = static_cast<unsigned char>(text[k]);
      const char next = k + 1 < text.size() ? text[k + 1] : '\0';
      if (text[k] == '\\' && (next == 'u' || next == 'U')) {
        const std::size_t n_digits = next == 'u' ? 4 : 8;
        const auto digits = text.substr(k + 2, n_digits);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (error != std::errc{} || digits.size() != n_digits || end != digits.data() + n_digits) {
          refuse("a string has a wrong escape");
        }
        k += 1 + n_digits;
      }
      if (code == 0) {
        out += '\0';
        continue;
      }
      if (!detail::is_character(code)) refuse("a string has what is no character");
      detail::append_utf8(code, out);
    }
    push_text(out);
  }

  // ---- names, and the values that numpy makes of them (pickle_numpy.cpp)

  void push_name(std::string module, std::string_view name);
  const PickleValue& value(std::uint32_t place) const { return out_.values_[place]; }
  const PickleValue& item(const PickleValue& group, std::size_t k) const {
    if (k >= group.items.size()) refuse("a call lacks arguments");
    return out_.values_[group.items[k]];
  }
  void reduce();
  /// State of a dtype (byte order) or of an array (version, shape, dtype, Fortran order, bytes).
  void build();
  /// The numbers of an array with one dimension, put into the arena.
  std::vector<std::uint32_t> array_of(const PickleValue& shape, const PickleValue& of_type,
                                      const PickleValue& data);
  std::size_t width_of(const std::string& type) const;
  PickleValue decode(const std::string& type, std::string_view raw) const;
  /// What an array or a set copies must not add up to more than the file: memory stays O(bytes).
  void spend(std::size_t n) {
    spent_ += n;
    if (spent_ > bytes_.size()) refuse("it unpacks to more than its own size");
  }
  /// UTF-8 of code points below 256 to one byte each.
  std::string latin1(std::string_view text);

  // ---- opcodes

  void remember(std::uint64_t slot) { memo_[slot] = top(); }
  void recall(std::uint64_t slot) {
    const auto found = memo_.find(slot);
    if (found == memo_.end()) refuse("it refers to a value that it does not have");
    stack_.push_back(found->second);
  }

  bool step();
  bool step_scalar(unsigned char code);
  bool step_group(unsigned char code);

  std::string_view bytes_;
  std::size_t at_ = 0;
  Pickle& out_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, std::uint32_t> memo_;
  std::size_t spent_ = 0;
};

}  // namespace cupel
