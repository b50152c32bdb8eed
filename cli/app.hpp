#pragma once
/// The command line, once for all commands. CLI11 is behind this header (app.cpp includes it, and
/// nothing else does). A command is one file with one function that declares its arguments and
/// returns what to run.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"

namespace cupel::cli {

/// What every command has: the global flags and the ways out.
struct Session {
  bool json = false;
  bool quiet = false;
  int verbose = 0;
  bool color = false;
  std::optional<std::uint64_t> seed;  ///< --seed, if given
  std::string mirror;                 ///< --mirror, or "" (then $CUPEL_MIRROR)
  std::string command_line;           ///< as typed, for reports
  Context context;                    ///< threads, seed (0 if not given), log, progress, cancel

  /// Writes the result to stdout. Throws Error{io} if that fails.
  void print(std::string_view text) const;
  /// Marks text for the terminal (bold, green, ...) if colours are on.
  [[nodiscard]] std::string styled(std::string_view text, std::string_view style) const;
};

using Run = std::function<int(Session&)>;

struct OptionTraits {
  bool required = false;
  std::string environment;           ///< variable that is read if the flag is not given
  std::vector<std::string> allowed;  ///< for help and completion; checked by the parser
  std::string placeholder = "X";     ///< "DIR"
  bool is_file = false;              ///< completion offers files
};

/// The arguments of one command. References must live until the command has run.
class Arguments {
 public:
  struct State;
  explicit Arguments(State& state) : state_(state) {}
  void example(const std::string& line);
  void description(const std::string& text);
  void positional(const std::string& name, std::string& value, const std::string& doc,
                  bool required = true, std::vector<std::string> allowed = {});
  void positional(const std::string& name, std::vector<std::string>& values, const std::string& doc,
                  bool required = true);
  void option(const std::string& flag, std::string& value, const std::string& doc,
              OptionTraits traits = {});
  void option(const std::string& flag, std::vector<std::string>& values, const std::string& doc,
              OptionTraits traits = {});
  void option(const std::string& flag, double& value, const std::string& doc,
              OptionTraits traits = {});
  void option(const std::string& flag, std::optional<double>& value, const std::string& doc,
              OptionTraits traits = {});
  void option(const std::string& flag, std::uint32_t& value, const std::string& doc,
              OptionTraits traits = {});
  void option(const std::string& flag, std::optional<std::uint32_t>& value, const std::string& doc,
              OptionTraits traits = {});
  void flag(const std::string& flag, bool& value, const std::string& doc);

 private:
  State& state_;
};

struct Command {
  std::string name;
  std::string one_line;
  std::function<Run(Arguments&)> define;
};

/// Parses, runs, and turns every way to fail into text and an exit code.
int run_program(const std::vector<Command>& commands, int argc, const char* const* argv,
                const std::atomic<bool>& cancel);

/// What a shell completion needs to know of the program.
struct FlagInfo {
  std::string name;  ///< "--out"
  std::string doc;
  bool takes_value = false;
  bool is_file = false;
  std::vector<std::string> allowed;
};
struct CommandInfo {
  std::string name;
  std::string one_line;
  std::vector<FlagInfo> flags;
  std::vector<std::string> words;  ///< allowed first positional words
};
std::vector<CommandInfo> describe(const std::vector<Command>& commands);

}  // namespace cupel::cli
