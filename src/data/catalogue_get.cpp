// `cupel data get`: the only place that may use the network, through the system's curl or wget, so
// that proxies and certificates are the system's own.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <system_error>

#include "base/hash.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"

extern char** environ;  // NOLINT: POSIX

namespace cupel {
namespace {

namespace fs = std::filesystem;

/// Exit code of a program found on PATH, or -1 if it could not be started.
int run_program(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0)
    return -1;
  int state = 0;
  while (waitpid(child, &state, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/// Empty on success, else what went wrong.
std::string download(const std::string& url, const fs::path& target) {
  const int by_curl = run_program({"curl", "--fail", "--location", "--silent", "--show-error",
                                   "--retry", "2", "--output", target.string(), url});
  if (by_curl == 0) return "";
  if (by_curl != -1 && by_curl != 127) {
    return "curl ended with exit code " + std::to_string(by_curl) + " on " + url;
  }
  const int by_wget = run_program({"wget", "--quiet", "--output-document", target.string(), url});
  if (by_wget == 0) return "";
  if (by_wget != -1 && by_wget != 127) {
    return "wget ended with exit code " + std::to_string(by_wget) + " on " + url;
  }
  return "neither curl nor wget is installed; fetch " + url + " yourself and put it at the path";
}

/// Fills `part`; empty on success.
std::string fill(const CatalogueFile& file, const CatalogueOptions& options, const fs::path& part) {
  const fs::path in_mirror = options.mirror / file.mirror_path;
  if (!options.mirror.empty() && fs::is_regular_file(in_mirror)) {
    fs::copy_file(in_mirror, part, fs::copy_options::overwrite_existing);
    return "";
  }
  return download(file.url(), part);
}

FileStatus get_file(const CatalogueFile& file, const CatalogueOptions& options) {
  const fs::path target = options.cache / file.mirror_path;
  FileStatus status{.file = file.name, .state = FileState::missing, .path = target, .note = {}};
  if (fs::is_regular_file(target) && sha256_file(target) == file.sha256) {
    status.state = FileState::verified;
    return status;
  }
  const bool in_mirror =
      !options.mirror.empty() && fs::is_regular_file(options.mirror / file.mirror_path);
  if (file.is_assembled() && !in_mirror) {
    status.state = FileState::assembled;
    status.note = "assembled, only a mirror serves it: " + file.recipe;
    return status;
  }
  fs::create_directories(target.parent_path());
  const fs::path part = target.string() + ".part" + std::to_string(getpid());
  status.note = fill(file, options, part);
  if (status.note.empty()) {
    const std::string seen = sha256_file(part);
    if (seen == file.sha256) {
      fs::rename(part, target);
      status.state = FileState::verified;
      return status;
    }
    status.state = FileState::damaged;
    status.note = "the bytes received have SHA-256 " + seen + ", expected " + file.sha256;
  }
  std::error_code ignored;
  fs::remove(part, ignored);
  return status;
}

}  // namespace

std::vector<FileStatus> get_entry(const CatalogueEntry& entry, const CatalogueOptions& options,
                                  const Context& context) {
  if (options.cache.empty()) {
    fail(ErrorKind::usage, "there is no cache folder to put the files in", {},
         "set CUPEL_CACHE to a folder that you may write to");
  }
  std::vector<FileStatus> statuses;
  try {
    for (const auto& name : entry.files) {
      context.check_cancelled();
      context.report(
          {.task = "fetching " + name, .done = statuses.size(), .total = entry.files.size()});
      statuses.push_back(get_file(find_catalogue_file(name), options));
    }
  } catch (const fs::filesystem_error& error) {
    fail(ErrorKind::io, std::string("the file could not be stored: ") + error.code().message(),
         {.file = error.path1().string()}, "free some space, or set CUPEL_CACHE to another folder");
  }
  return statuses;
}

}  // namespace cupel
