#pragma once
/// What people see on stderr: log lines and progress. A bar on a terminal, else a line per 30 s.
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "cupel/context.hpp"

namespace cupel::cli {

/// Not with --no-color, $NO_COLOR, TERM=dumb, or when stderr is no terminal.
bool colors_wanted(bool no_color_flag);
/// ANSI styles: bold, dim, red, green, yellow.
std::string styled_text(std::string_view text, std::string_view style);

class Terminal {
 public:
  Terminal(bool quiet, int verbose, bool color);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  void log(LogLevel level, std::string_view text);
  void progress(const Progress& event);

 private:
  using Clock = std::chrono::steady_clock;
  void clear_bar();

  std::mutex mutex_;
  LogLevel least_;
  bool quiet_;
  bool color_;
  bool is_terminal_;
  bool bar_shown_ = false;
  Clock::time_point last_;
};

}  // namespace cupel::cli
