#pragma once
/// Bad rows, odd inputs and broken protocols are data: counted by code, with the first examples.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

enum class Severity { note, warning, serious };
std::string_view to_string(Severity severity) noexcept;

struct Diagnostic {
  std::string code;  ///< stable, snake_case: `unjoined_cell`, `duplicate_prediction`
  Severity severity = Severity::warning;
  std::string message;  ///< one sentence: what was seen, why it matters, what was done
  std::size_t count = 0;
  std::vector<std::string> examples;  ///< the first kMaxExamples
};

class Diagnostics {
 public:
  static constexpr std::size_t kMaxExamples = 20;
  /// Counts one more occurrence of `code` (or `count` of them); message and severity of the first
  /// call stay. An empty example is not stored.
  void add(std::string_view code, Severity severity, std::string_view message,
           std::string_view example = {}, std::size_t count = 1);
  void merge(const Diagnostics& other);
  [[nodiscard]] const Diagnostic* find(std::string_view code) const noexcept;
  [[nodiscard]] const std::vector<Diagnostic>& all() const noexcept { return items_; }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

 private:
  std::vector<Diagnostic> items_;  ///< in order of first occurrence
};

}  // namespace cupel
