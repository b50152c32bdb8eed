// cupel completion: scripts made from the tree of commands.
#include <memory>

#include "base/text.hpp"
#include "commands.hpp"

namespace cupel::cli {
namespace {

std::vector<std::string> flag_names(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const auto& flag : command.flags) names.push_back(flag.name);
  return names;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':') {
      out += std::string("\\") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string fish_text(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out;
}

std::string bash(const std::vector<CommandInfo>& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands) names.push_back(command.name);
  std::string out =
      "# cupel completion for bash: source this file\n"
      "_cupel() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local command=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"" +
      join(names, " ") +
      "\" -- \"$current\"))\n    return\n  fi\n  case \"$command $previous\" in\n";
  for (const auto& command : commands) {
    for (const auto& flag : command.flags) {
      if (flag.allowed.empty()) continue;
      out += "    '" + command.name + " " + flag.name + "') COMPREPLY=($(compgen -W \"" +
             join(flag.allowed, " ") + "\" -- \"$current\")); return ;;\n";
    }
  }
  out += "  esac\n  case \"$command\" in\n";
  for (const auto& command : commands) {
    const auto flags = flag_names(command);
    out += "    " + command.name +
           ")\n      case \"$current\" in\n        -*) COMPREPLY=($(compgen -W \"" +
           join(flags, " ") + "\" -- \"$current\")); return ;;\n      esac\n";
    if (!command.words.empty()) {
      out += "      COMPREPLY=($(compgen -W \"" + join(command.words, " ") +
             "\" -- \"$current\")); return ;;\n";
    } else {
      out += "      ;;\n";
    }
  }
  return out +
         "  esac\n  COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
         "complete -o filenames -F _cupel cupel\n";
}

std::string zsh(const std::vector<CommandInfo>& commands) {
  std::string out = "#compdef cupel\n_cupel() {\n  local -a commands\n  commands=(\n";
  for (const auto& command : commands) {
    out += "    '" + command.name + ":" + escaped(command.one_line) + "'\n";
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
      "  local command=$words[2]\n  shift words; (( CURRENT-- ))\n  case $command in\n";
  for (const auto& command : commands) {
    out += "    " + command.name + ")\n      _arguments -s";
    for (const auto& flag : command.flags) {
      out += " \\\n        '" + flag.name + "[" + escaped(flag.doc) + "]";
      if (flag.takes_value) {
        out += ":value:" + (flag.allowed.empty() ? (flag.is_file ? "_files" : "")
                                                 : "(" + join(flag.allowed, " ") + ")");
      }
      out += "'";
    }
    out += " \\\n        " +
           (command.words.empty() ? std::string("'*:file:_files'")
                                  : "'1:word:(" + join(command.words, " ") + ")'") +
           " ;;\n";
  }
  return out + "  esac\n}\n_cupel \"$@\"\n";
}

std::string fish(const std::vector<CommandInfo>& commands) {
  std::string out = "# cupel completion for fish\n";
  for (const auto& command : commands) {
    out += "complete -c cupel -n __fish_use_subcommand -f -a " + command.name + " -d '" +
           fish_text(command.one_line) + "'\n";
  }
  for (const auto& command : commands) {
    const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    if (!command.words.empty()) {
      out += "complete -c cupel" + condition + " -f -a '" + join(command.words, " ") + "'\n";
    }
    for (const auto& flag : command.flags) {
      out += "complete -c cupel" + condition + " -l " + flag.name.substr(2);
      if (flag.takes_value) out += flag.is_file ? " -r" : " -x";
      if (!flag.allowed.empty()) out += " -a '" + join(flag.allowed, " ") + "'";
      out += " -d '" + fish_text(flag.doc) + "'\n";
    }
  }
  return out;
}

}  // namespace

Run define_completion(Arguments& arguments) {
  auto shell = std::make_shared<std::string>();
  arguments.example("cupel completion bash > ~/.local/share/bash-completion/completions/cupel");
  arguments.example("cupel completion zsh > ~/.zfunc/_cupel");
  arguments.example("cupel completion fish > ~/.config/fish/completions/cupel.fish");
  arguments.positional("SHELL", *shell, "bash, zsh or fish", true, {"bash", "zsh", "fish"});
  return [shell](Session& session) {
    const auto commands = describe(all_commands());
    session.print(*shell == "bash"  ? bash(commands)
                  : *shell == "zsh" ? zsh(commands)
                                    : fish(commands));
    return 0;
  };
}

}  // namespace cupel::cli
