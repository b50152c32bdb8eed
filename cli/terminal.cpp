#include "terminal.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace cupel::cli {
namespace {

constexpr auto kBarPause = std::chrono::milliseconds(100);
constexpr auto kLinePause = std::chrono::seconds(30);
constexpr std::size_t kBarWidth = 24;

void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string count_text(const Progress& event) {
  std::string text(event.task);
  text += " " + std::to_string(event.done);
  return event.total > 0 ? text + "/" + std::to_string(event.total) : text;
}

}  // namespace

bool colors_wanted(bool no_color_flag) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return !no_color_flag && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb") && ::isatty(2) != 0;
}

std::string styled_text(std::string_view text, std::string_view style) {
  const char* code = style == "bold"     ? "1"
                     : style == "dim"    ? "2"
                     : style == "red"    ? "31"
                     : style == "green"  ? "32"
                     : style == "yellow" ? "33"
                                         : "0";
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

Terminal::Terminal(bool quiet, int verbose, bool color)
    : least_(quiet          ? LogLevel::error
             : verbose >= 1 ? LogLevel::debug
                            : LogLevel::info),
      quiet_(quiet),
      color_(color),
      is_terminal_(::isatty(2) != 0),
      last_(Clock::now()) {}

Terminal::~Terminal() { clear_bar(); }

void Terminal::clear_bar() {
  if (bar_shown_) put("\r\033[K");
  bar_shown_ = false;
}

void Terminal::log(LogLevel level, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (level < least_) return;
  clear_bar();
  std::string line;
  if (level == LogLevel::warning)
    line = (color_ ? styled_text("warning", "yellow") : "warning") + ": ";
  if (level == LogLevel::error) line = (color_ ? styled_text("error", "red") : "error") + ": ";
  put(line + std::string(text) + "\n");
}

void Terminal::progress(const Progress& event) {
  const std::lock_guard lock(mutex_);
  if (quiet_) return;
  const auto now = Clock::now();
  const bool is_last = event.total > 0 && event.done >= event.total;
  if (is_terminal_) {
    if (now - last_ < kBarPause && !is_last) return;
    last_ = now;
    if (is_last) return clear_bar();
    std::string bar;
    if (event.total > 0) {
      const std::size_t filled = kBarWidth * event.done / event.total;
      bar = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + "] ";
    }
    put("\r\033[K" + bar + count_text(event));
    bar_shown_ = true;
    return;
  }
  if (now - last_ < kLinePause) return;
  last_ = now;
  put(count_text(event) + "\n");
}

}  // namespace cupel::cli
