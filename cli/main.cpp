// cupel, the program.
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "commands.hpp"

namespace {

// The one global: a signal handler has no other way to be heard.
std::atomic<bool> cancel_requested{false};

extern "C" void on_interrupt(int) {
  if (cancel_requested.exchange(true)) _exit(130);  // asked twice
}

}  // namespace

int main(int argc, char** argv) {
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return cupel::cli::run_program(cupel::cli::all_commands(), argc, argv, cancel_requested);
}
