#include "io/h5_trial.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "cupel/error.hpp"
#include "io/h5_file.hpp"

namespace cupel::h5 {
namespace {

// Of computing: several times what annotations take that are a whole file of this size.
rlim_t seconds_for(std::uint64_t n_bytes) noexcept {
  return 2 + n_bytes / (std::uint64_t{4} << 20);
}

[[noreturn]] void run_child(rlim_t seconds, const std::function<void()>& attempt) {
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const rlimit time = {seconds, seconds};
  setrlimit(RLIMIT_CPU, &time);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    std::signal(signal, SIG_DFL);
  }
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) {
    dup2(nowhere, STDERR_FILENO);  // what malloc says of its damaged heap
  }
  try {
    attempt();
  } catch (...) {  // the parent meets it again
  }
  _exit(0);
}

}  // namespace

void try_in_child(const std::string& source, std::uint64_t n_bytes,
                  const std::function<void()>& attempt) {
  pid_t child = -1;
  {
    const std::lock_guard lock(library_mutex());  // no other thread is inside libhdf5
    child = fork();
    if (child == 0) {
      forget_library_mutex();
      run_child(seconds_for(n_bytes), attempt);
    }
  }
  if (child < 0) return;  // no process to spare: without the trial
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return;
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  fail_input("the file is damaged: HDF5's own library fails on it", {.file = source},
             "fetch or write it again; h5dump or h5check may say where");
}

}  // namespace cupel::h5
