#include "app.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "terminal.hpp"

namespace cupel::cli {

struct Arguments::State {
  CLI::App* app = nullptr;
  std::vector<std::string> examples;
  std::string description;
  std::map<const CLI::Option*, OptionTraits> traits;
  Run run;
};

namespace {

using State = Arguments::State;

CLI::Option* keep(State& state, CLI::Option* option, OptionTraits traits) {
  if (traits.required) option->required();
  if (!traits.environment.empty()) option->envname(traits.environment);
  state.traits[option] = std::move(traits);
  return option;
}

/// One allowed word, with the nearest one in the message if it is none.
std::function<std::string(const std::string&)> word_check(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const std::string& word) {
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end()) {
      return std::string();
    }
    const std::string near = nearest_word(word, allowed);
    return "\"" + word + "\" is not one of: " + join(allowed, ", ") +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  };
}

// Values are handed over in callbacks, so that the caller's defaults stay where a flag is not
// given.
template <typename T>
CLI::Option* add(State& state, const std::string& flag, T& value, const std::string& doc,
                 OptionTraits traits) {
  CLI::Option* option = state.app->add_option(flag, value, doc);
  option->check(word_check(traits.allowed));
  return keep(state, option, std::move(traits));
}

struct Program {
  explicit Program(const std::vector<Command>& commands) : app("cupel") {
    app.name("cupel");
    app.set_help_flag("-h,--help", "Show this help");
    app.set_version_flag("-V,--version", "cupel " + std::string(version()), "Print the version");
    app.require_subcommand(0, 1);
    app.fallthrough();
    add_globals();
    for (const auto& command : commands) {
      auto state = std::make_unique<State>();
      state->app = app.add_subcommand(command.name, command.one_line);
      state->app->fallthrough();
      state->app->set_help_flag("-h,--help", "Show this help");
      Arguments arguments(*state);
      state->run = command.define(arguments);
      states.push_back(std::move(state));
    }
  }

  void add_globals() {
    app.add_flag("--json", session.json, "Result (and error) as JSON on stdout");
    app.add_flag("-q,--quiet", session.quiet, "Errors only on stderr");
    app.add_flag("-v,--verbose", session.verbose, "More on stderr; -vv for everything");
    app.add_option("--seed", seed, "Seed of all random numbers [CUPEL_SEED]")
        ->envname("CUPEL_SEED");
    app.add_option("--threads", threads,
                   "Threads (default: all cores); never changes a result [CUPEL_THREADS]")
        ->envname("CUPEL_THREADS")
        ->check(CLI::Range(1, 4096));
    app.add_option("--mirror", session.mirror, "Folder with catalogue files [CUPEL_MIRROR]");
    app.add_flag("--no-color", no_color, "No colours (also NO_COLOR)");
  }

  [[nodiscard]] const State* chosen() const {
    for (const auto& state : states) {
      if (state->app->parsed()) return state.get();
    }
    return nullptr;
  }

  CLI::App app;
  Session session;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  bool no_color = false;
  std::vector<std::unique_ptr<State>> states;
};

// ---- help

std::string option_line(const CLI::Option& option, const OptionTraits& traits) {
  std::string left = "  " + option.get_name(option.get_positional(), !option.get_positional());
  if (option.get_positional()) {
    left = "  " + option.get_name(true);
  } else if (option.get_expected_max() != 0) {
    left += " " + (traits.allowed.empty() || traits.allowed.size() > 5 ? traits.placeholder
                                                                       : join(traits.allowed, "|"));
  }
  std::string right = option.get_description();
  if (traits.required) right += " (required)";
  if (!traits.environment.empty()) right += " [" + traits.environment + "]";
  if (left.size() < 28) return left + std::string(28 - left.size(), ' ') + right + "\n";
  return left + "\n" + std::string(28, ' ') + right + "\n";
}

std::string globals_text(const Program& program) {
  std::string out = "\nGlobal flags\n";
  for (const CLI::Option* option : program.app.get_options()) {
    const bool is_folder = option->get_name() == "--mirror";
    out += option_line(*option, {.placeholder = is_folder ? "DIR" : "N"});
  }
  return out;
}

std::string command_help(const Program& program, const State& state) {
  std::string out = "cupel " + state.app->get_name() + ": " + state.app->get_description() + "\n";
  if (!state.examples.empty()) {
    out += "\nExamples\n";
    for (const auto& line : state.examples) out += "  " + line + "\n";
  }
  if (!state.description.empty()) out += "\n" + state.description + "\n";
  std::string usage = "cupel " + state.app->get_name();
  std::string arguments;
  std::string flags;
  for (const CLI::Option* option : state.app->get_options()) {
    const auto known = state.traits.find(option);
    const OptionTraits traits = known == state.traits.end() ? OptionTraits{} : known->second;
    if (option->get_positional()) {
      usage += traits.required ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
      arguments += option_line(*option, traits);
    } else {
      flags += option_line(*option, traits);
    }
  }
  out += "\nUsage: " + usage + " [flags]\n";
  if (!arguments.empty()) out += "\nArguments\n" + arguments;
  out += "\nFlags\n" + flags;
  return out + globals_text(program);
}

std::string program_help(const Program& program) {
  std::string out =
      "cupel: what did a molecular AI model really learn?\n"
      "\nExamples\n"
      "  cupel demo\n"
      "  cupel audit study.yaml --out report\n"
      "  cupel audit --predictions mine.csv --data responses.csv \\\n"
      "      --columns drug=DRUG,cell=CELL,target=LN_IC50 --split split.csv --out report\n"
      "\nCommands\n";
  for (const auto& state : program.states) {
    const std::string name = state->app->get_name();
    out += "  " + name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') +
           state->app->get_description() + "\n";
  }
  return out + globals_text(program) +
         "\n`cupel COMMAND --help` shows a command's examples and flags.\n"
         "Exit codes: 0 ok, 1 finding (--fail-on), 2 usage, 3 input, 4 I/O, 5 not built in,\n"
         "6 numeric, 70 bug, 130 interrupted.\n";
}

// ---- did you mean

/// What the user may have meant by the first word that nobody knows.
Error usage_error(const Program& program, int argc, const char* const* argv,
                  const CLI::ParseError& cause) {
  const State* state = program.chosen();
  std::vector<std::string> names;
  for (const auto& known : program.states) names.push_back(known->app->get_name());
  std::vector<std::string> flags;
  const auto add_flags = [&](const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
      for (const auto& name : option->get_snames()) flags.push_back("-" + name);
    }
  };
  add_flags(program.app);
  if (state != nullptr) add_flags(*state->app);
  const std::string help =
      "`cupel " + (state == nullptr ? "" : state->app->get_name() + " ") + "--help` lists them";
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word.size() < 2 || word[0] != '-') {
      if (state != nullptr || i > 1) continue;
      const std::string near = nearest_word(word, names);
      return {ErrorKind::usage,
              "there is no command \"" + word + "\"",
              {},
              (near.empty() ? "" : "did you mean \"" + near + "\"? ") + help};
    }
    word = word.substr(0, word.find('='));
    const bool is_number = word.find_first_not_of("-+.0123456789eE") == std::string::npos;
    const bool is_short = word[1] != '-';
    if (is_number || is_short || std::find(flags.begin(), flags.end(), word) != flags.end())
      continue;
    const std::string near = nearest_word(word, flags);
    return {ErrorKind::usage,
            "there is no flag \"" + word + "\"",
            {},
            (near.empty() ? "" : "did you mean \"" + near + "\"? ") + help};
  }
  return {ErrorKind::usage, cause.what(), {}, help};
}

// ---- ways out

int report_error(const Error& error, const Session& session) {
  if (session.json) {
    const nlohmann::ordered_json out{{"error",
                                      {{"kind", to_string(error.kind())},
                                       {"message", error.message()},
                                       {"where",
                                        {{"file", error.where().file},
                                         {"row", error.where().row},
                                         {"column", error.where().column},
                                         {"column_name", error.where().column_name},
                                         {"value", error.where().value}}},
                                       {"hint", error.hint()}}}};
    const std::string text =
        out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  const std::string text = session.styled("error", "red") + ": " + std::string(error.what()) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  return static_cast<int>(error.kind());
}

int report_bug(const std::string& what, const Session& session) {
  const Error error(ErrorKind::internal, what, {},
                    "this is a bug in cupel, not a fault of your files; please report it with the "
                    "command and the output of `cupel doctor --json`");
  return report_error(error, session);
}

std::string shell_line(int argc, const char* const* argv) {
  std::string line = "cupel";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n\"'\\$`*?&|;<>(){}[]#~!") == std::string::npos;
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += " " + (plain ? word : quoted + "'");
  }
  return line;
}

void fill_session(Program& program, int argc, const char* const* argv,
                  const std::atomic<bool>& cancel) {
  Session& session = program.session;
  if (program.app.count("--seed") > 0 || std::getenv("CUPEL_SEED") != nullptr) {
    session.seed = program.seed;
  }
  session.color = colors_wanted(program.no_color);
  session.command_line = shell_line(argc, argv);
  session.context.n_threads =
      program.threads > 0 ? program.threads : std::max(1U, std::thread::hardware_concurrency());
  session.context.seed = session.seed.value_or(0);
  session.context.cancel = &cancel;
  auto terminal = std::make_shared<Terminal>(session.quiet, session.verbose, session.color);
  session.context.log = [terminal](LogLevel level, std::string_view text) {
    terminal->log(level, text);
  };
  session.context.progress = [terminal](const Progress& event) { terminal->progress(event); };
}

int run_chosen(Program& program, const State& state) {
  Session& session = program.session;
  try {
    const int code = state.run(session);
    session.context.progress = nullptr;
    return code;
  } catch (const Error& error) {
    session.context.progress = nullptr;  // clears the progress bar
    session.context.log = nullptr;
    return report_error(error, session);
  } catch (const std::bad_alloc&) {
    return report_error(Error(ErrorKind::io, "there is not enough memory", {},
                              "use fewer --threads or a smaller study"),
                        session);
  } catch (const std::exception& error) {
    return report_bug(error.what(), session);
  } catch (...) {
    return report_bug("an unknown exception was thrown", session);
  }
}

}  // namespace

void Session::print(std::string_view text) const {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    fail(ErrorKind::io, "cannot write to standard output");
  }
}

std::string Session::styled(std::string_view text, std::string_view style) const {
  return color ? styled_text(text, style) : std::string(text);
}

void Arguments::example(const std::string& line) { state_.examples.push_back(line); }
void Arguments::description(const std::string& text) { state_.description = text; }

void Arguments::positional(const std::string& name, std::string& value, const std::string& doc,
                           bool required, std::vector<std::string> allowed) {
  add(state_, name, value, doc, {.required = required, .allowed = std::move(allowed)});
}
void Arguments::positional(const std::string& name, std::vector<std::string>& values,
                           const std::string& doc, bool required) {
  add(state_, name, values, doc, {.required = required});
}
void Arguments::option(const std::string& flag, std::string& value, const std::string& doc,
                       OptionTraits traits) {
  add(state_, flag, value, doc, std::move(traits));
}
void Arguments::option(const std::string& flag, std::vector<std::string>& values,
                       const std::string& doc, OptionTraits traits) {
  add(state_, flag, values, doc, std::move(traits));
}
void Arguments::option(const std::string& flag, double& value, const std::string& doc,
                       OptionTraits traits) {
  add(state_, flag, value, doc, std::move(traits));
}
void Arguments::option(const std::string& flag, std::optional<double>& value,
                       const std::string& doc, OptionTraits traits) {
  add(state_, flag, value, doc, std::move(traits));
}
void Arguments::option(const std::string& flag, std::uint32_t& value, const std::string& doc,
                       OptionTraits traits) {
  add(state_, flag, value, doc, std::move(traits));
}
void Arguments::option(const std::string& flag, std::optional<std::uint32_t>& value,
                       const std::string& doc, OptionTraits traits) {
  add(state_, flag, value, doc, std::move(traits));
}
void Arguments::flag(const std::string& flag, bool& value, const std::string& doc) {
  keep(state_, state_.app->add_flag(flag, value, doc), {});
}

int run_program(const std::vector<Command>& commands, int argc, const char* const* argv,
                const std::atomic<bool>& cancel) {
  Program program(commands);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const State* state = program.chosen();
    program.session.print(state == nullptr ? program_help(program) : command_help(program, *state));
    return 0;
  } catch (const CLI::CallForVersion&) {
    program.session.print("cupel " + std::string(version()) + "\n");
    return 0;
  } catch (const CLI::ParseError& error) {
    program.session.color = colors_wanted(program.no_color);
    for (int i = 1; i < argc; ++i) {
      if (std::string_view(argv[i]) == "--json") program.session.json = true;
    }
    return report_error(usage_error(program, argc, argv, error), program.session);
  }
  fill_session(program, argc, argv, cancel);
  const State* state = program.chosen();
  if (state == nullptr) {
    program.session.print(program_help(program));
    return argc > 1 ? static_cast<int>(ErrorKind::usage) : 0;
  }
  return run_chosen(program, *state);
}

std::vector<CommandInfo> describe(const std::vector<Command>& commands) {
  const Program program(commands);
  std::vector<CommandInfo> out;
  const auto add_flags = [](CommandInfo& info, const CLI::App& app, const State* state) {
    for (const CLI::Option* option : app.get_options()) {
      OptionTraits traits;
      if (state != nullptr) {
        const auto known = state->traits.find(option);
        if (known != state->traits.end()) traits = known->second;
      }
      if (option->get_positional()) {
        if (info.words.empty()) info.words = traits.allowed;
        continue;
      }
      for (const auto& name : option->get_lnames()) {
        info.flags.push_back({.name = "--" + name,
                              .doc = option->get_description(),
                              .takes_value = option->get_expected_max() != 0,
                              .is_file = traits.is_file,
                              .allowed = traits.allowed});
      }
    }
  };
  for (const auto& state : program.states) {
    CommandInfo info{.name = state->app->get_name(), .one_line = state->app->get_description()};
    add_flags(info, *state->app, state.get());
    add_flags(info, program.app, nullptr);
    out.push_back(std::move(info));
  }
  return out;
}

}  // namespace cupel::cli
