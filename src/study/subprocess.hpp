#pragma once
/// Runs a shell command in its own process group, so that whatever it starts ends with it.
#include <filesystem>
#include <string>

#include "cupel/context.hpp"

namespace cupel {

struct ShellOptions {
  std::filesystem::path folder;       ///< where the command runs
  std::filesystem::path output_file;  ///< gets stdout
  std::filesystem::path error_file;   ///< gets stderr
  double timeout_s = 7200.0;
};

struct ShellResult {
  int exit_code = 0;  ///< of the shell; 128 + signal if it was killed
  bool timed_out = false;
  double seconds = 0.0;
};

/// `/bin/sh -c command`, standard input empty. On time-out or cancellation the group gets SIGTERM
/// and two seconds later SIGKILL; what the command left running is killed when it ends.
/// Throws Error{io} if it cannot be started, Error{interrupted} on cancellation.
ShellResult run_shell(const std::string& command, const ShellOptions& options,
                      const Context& context);

/// The text as one word for the shell; unchanged if it is harmless.
std::string shell_quote(const std::string& text);

/// The end of a text file: at most `n_lines` lines and 4,000 bytes; "" if there is none.
std::string last_lines(const std::filesystem::path& path, std::size_t n_lines);

}  // namespace cupel
