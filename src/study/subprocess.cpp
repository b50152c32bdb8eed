#include "study/subprocess.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string_view>
#include <thread>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (value_ < 0) {
      fail(ErrorKind::io, std::string("cannot open: ") + std::strerror(errno),
           {.file = path.string()});
    }
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

/// Only what is safe between fork and exec in a program with threads.
[[noreturn]] void become_shell(const char* command, const char* folder, int in, int out, int err,
                               pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before prctl
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) std::signal(signal, SIG_DFL);
  if (::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0) ::_exit(127);
  if (*folder != '\0' && ::chdir(folder) != 0) ::_exit(127);
  ::execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  ::_exit(127);
}

/// True once the child has ended; it stays a zombie, so that its group id cannot be reused.
bool has_ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child;
}

bool wait_until(pid_t child, Clock::time_point limit, const Context& context) {
  auto pause = std::chrono::milliseconds(1);
  while (!has_ended(child)) {
    const bool cancelled =
        context.cancel != nullptr && context.cancel->load(std::memory_order_relaxed);
    if (cancelled || Clock::now() >= limit) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(50));
  }
  return true;
}

/// Ends the whole group and reaps the child.
int end_group(pid_t child, bool ended) {
  if (!ended) {
    ::kill(-child, SIGTERM);
    wait_until(child, Clock::now() + std::chrono::seconds(2), Context{});
  }
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ShellResult run_shell(const std::string& command, const ShellOptions& options,
                      const Context& context) {
  const Descriptor in("/dev/null", O_RDONLY);
  const Descriptor out(options.output_file, O_CREAT | O_TRUNC | O_WRONLY);
  const Descriptor err(options.error_file, O_CREAT | O_TRUNC | O_WRONLY);
  const std::string folder = options.folder.string();
  const auto started = Clock::now();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    fail(ErrorKind::io, std::string("cannot start a process: ") + std::strerror(errno));
  }
  if (child == 0) {
    become_shell(command.c_str(), folder.c_str(), in.get(), out.get(), err.get(), parent);
  }
  ::setpgid(child, child);  // both do it: whoever comes first
  const auto limit = started + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(std::min(options.timeout_s, 1e8)));
  const bool ended = wait_until(child, limit, context);
  ShellResult result;
  result.exit_code = end_group(child, ended);
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  if (!ended) context.check_cancelled();
  result.timed_out = !ended;
  return result;
}

std::string shell_quote(const std::string& text) {
  const bool harmless = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=+:@%,").find(c) != std::string_view::npos;
  });
  if (harmless) return text;
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string last_lines(const std::filesystem::path& path, std::size_t n_lines) {
  constexpr std::streamoff kMaxBytes = 4000;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kMaxBytes));
  std::string text(static_cast<std::size_t>(std::min(size, kMaxBytes)), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  std::size_t begin = text.size();
  for (std::size_t n = 0; n < n_lines && begin != std::string::npos && begin > 0; ++n) {
    begin = text.rfind('\n', begin - 1);
  }
  return begin == std::string::npos ? text : text.substr(begin == 0 ? 0 : begin + 1);
}

}  // namespace cupel
