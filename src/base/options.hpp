#pragma once
/// Options of a learner or a similarity, given as text (study file, command line) and read once,
/// typed and checked.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

/// Each getter names an option, its default and its range; `finish` refuses what nobody asked for.
/// Every problem is Error{usage} that names the learner, the option and what is allowed.
class Options {
 public:
  Options(std::map<std::string, std::string> values, std::string learner);

  double number(const std::string& name, double fallback, double low, double high);
  std::uint32_t count(const std::string& name, std::uint32_t fallback, std::uint32_t low,
                      std::uint32_t high);
  std::string choice(const std::string& name, const std::string& fallback,
                     const std::vector<std::string>& allowed);
  /// Comma-separated; at least one value.
  std::vector<double> numbers(const std::string& name, std::vector<double> fallback, double low,
                              double high);
  std::vector<std::uint32_t> counts(const std::string& name, std::vector<std::uint32_t> fallback,
                                    std::uint32_t low, std::uint32_t high);

  /// Throws Error{usage} if an option was given that no getter asked for.
  void finish() const;
  /// `depth=8 eta=0.3`: every option asked for, with the value in force, by name.
  [[nodiscard]] std::string canonical(std::string_view separator = " ") const;

 private:
  [[nodiscard]] const std::string* find(const std::string& name);
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> in_force_;
  std::string learner_;
};

}  // namespace cupel
