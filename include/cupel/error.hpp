#pragma once
/// The whole error policy. Exceptions leave cupel's API only as `cupel::Error`; its kind is the
/// process's exit code, the class in Python and the field `kind` in JSON. Bad *rows* are not errors
/// but data: see diagnostics.hpp.
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cupel {

enum class ErrorKind : int {
  usage = 2,          ///< wrong flags or arguments
  input = 3,          ///< the data or the study file is not valid
  io = 4,             ///< a file could not be read or written
  unsupported = 5,    ///< the feature is not built in
  numeric = 6,        ///< a computation has no finite answer
  internal = 70,      ///< a bug in cupel
  interrupted = 130,  ///< Ctrl-C or cancellation
};

std::string_view to_string(ErrorKind kind) noexcept;

/// Place of an error. Zero or empty means unknown. `row` is the 1-based line of the file.
struct Where {
  std::string file;
  std::size_t row = 0;
  std::size_t column = 0;
  std::string column_name;
  std::string value;  ///< the offending text, as it stands in the file
};

/// `file:row:column (column "name", value "x")`, leaving out what is unknown.
std::string to_string(const Where& where);

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string message, Where where = {}, std::string hint = {});
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const Where& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorKind kind_;
  std::string message_;
  Where where_;
  std::string hint_;
};

/// Throws `Error`. `message` says what and why it matters, `hint` how to fix it.
[[noreturn]] void fail(ErrorKind kind, std::string message, Where where = {},
                       std::string hint = {});
[[noreturn]] inline void fail_input(std::string message, Where where = {}, std::string hint = {}) {
  fail(ErrorKind::input, std::move(message), std::move(where), std::move(hint));
}

}  // namespace cupel
