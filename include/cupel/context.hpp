#pragma once
/// What a long computation is given instead of globals: threads, seed, log, progress, cancel.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace cupel {

enum class LogLevel { debug, info, warning, error };

struct Progress {
  std::string_view task;  ///< "fitting baselines"
  std::size_t done = 0;
  std::size_t total = 0;  ///< 0 = unknown
};

struct Context {
  unsigned n_threads = 1;
  std::uint64_t seed = 0;
  std::function<void(LogLevel, std::string_view)> log;  ///< may be empty; called from any thread
  std::function<void(const Progress&)> progress;        ///< may be empty; called from any thread
  const std::atomic<bool>* cancel = nullptr;

  void say(LogLevel level, std::string_view text) const {
    if (log) log(level, text);
  }
  void report(const Progress& event) const {
    if (progress) progress(event);
  }
  /// Throws Error{interrupted} once cancellation was asked for.
  void check_cancelled() const;
};

}  // namespace cupel
