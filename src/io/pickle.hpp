#pragma once
/// A safe reader of Python pickles, protocols 0 to 5: it knows plain values and nothing else.
///
/// Read are None, bool, int (64 bits), float, str, bytes, list, tuple, set, frozenset, dict, numpy
/// scalars and one-dimensional numpy arrays of numbers. A pickle is a program for a stack machine
/// that may call any Python function; here no function is ever called: the few names that numpy's
/// own numbers need are understood as data, every other name and opcode is refused.
///
/// Values live in one flat arena, so that shared and self-referring values cost nothing and cannot
/// blow up. O(bytes) time and memory.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct PickleValue {
  enum class Kind { none, boolean, integer, number, text, bytes, sequence, mapping, name };
  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< also of a boolean
  double number = 0.0;
  std::string text;                  ///< UTF-8; of bytes: as they are
  std::vector<std::uint32_t> items;  ///< places in the arena; of a mapping: key, value, key, ...
};

class Pickle {
 public:
  /// Throws Error{input} for a pickle that is damaged, or holds what is not read; `source` is the
  /// file for messages.
  static Pickle parse(std::string_view bytes, const std::string& source);

  [[nodiscard]] const PickleValue& root() const { return values_[root_]; }
  [[nodiscard]] const PickleValue& at(std::uint32_t place) const { return values_[place]; }

  /// A sequence of scalars as texts: integers in decimal, floats in the shortest form.
  /// Throws Error{input} if the value is something else.
  [[nodiscard]] std::vector<std::string> texts(const PickleValue& value) const;
  /// The value of a text key of a mapping; null if there is none.
  [[nodiscard]] const PickleValue* find(const PickleValue& mapping, std::string_view key) const;

 private:
  friend class PickleReader;
  std::string source_;
  std::size_t n_bytes_ = 0;
  std::vector<PickleValue> values_;
  std::uint32_t root_ = 0;
};

}  // namespace cupel
