#pragma once
/// The words in which the schema of the study file is written. For the schema's own files.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "study/schema.hpp"

namespace cupel::detail::words {

using Kind = ValueSpec::Kind;

inline ValueSpec text() { return {}; }
inline ValueSpec choice(std::vector<std::string> allowed) {
  return {.kind = Kind::choice, .allowed = std::move(allowed)};
}
inline ValueSpec integer(double minimum, double maximum = 4294967295.0) {
  return {.kind = Kind::integer, .minimum = minimum, .maximum = maximum};
}
inline ValueSpec number() { return {.kind = Kind::number}; }
inline ValueSpec number(double minimum, double maximum) {
  return {.kind = Kind::number, .minimum = minimum, .maximum = maximum};
}
inline ValueSpec boolean() { return {.kind = Kind::boolean}; }
inline ValueSpec duration() {
  return {.kind = Kind::duration, .minimum = 0.001, .maximum = 31536000.0};
}
inline ValueSpec list(ValueSpec item) {
  return {.kind = Kind::list, .item = std::make_shared<const ValueSpec>(std::move(item))};
}
inline ValueSpec table(ValueSpec item) {
  return {.kind = Kind::table, .item = std::make_shared<const ValueSpec>(std::move(item))};
}
inline ValueSpec section(SectionSpec spec) {
  return {.kind = Kind::section, .section = std::make_shared<const SectionSpec>(std::move(spec))};
}
inline ValueSpec any_of(ValueSpec first, std::vector<ValueSpec> others) {
  first.alternatives = std::move(others);
  return first;
}
/// An option of a learner: a text, or a list of texts to choose from.
inline ValueSpec option() { return any_of(text(), {list(text())}); }

inline constexpr double kMaxSeed = 9007199254740992.0;  // 2^53: exact in every JSON reader

}  // namespace cupel::detail::words

namespace cupel::detail {

/// schema_data.cpp
SectionSpec data_section();
/// schema_splits.cpp
SectionSpec split_section();

}  // namespace cupel::detail
