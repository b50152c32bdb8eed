#include "data/catalogue.hpp"

#include <cstdlib>
#include <system_error>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "catalogue:";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_entry_with(const std::string& file) {
  for (const auto& entry : catalogue()) {
    for (const auto& name : entry.files) {
      if (name == file) return entry.name;
    }
  }
  return file;
}

/// Looks in the mirror, then in the cache.
FileStatus look_for(const CatalogueFile& file, const CatalogueOptions& options) {
  FileStatus status{.file = file.name, .state = FileState::missing, .path = {}, .note = {}};
  for (const auto& folder : {options.mirror, options.cache}) {
    if (folder.empty()) continue;
    const fs::path path = folder / file.mirror_path;
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
      if (status.state == FileState::missing) status.path = path;
      continue;
    }
    const std::string seen = sha256_file(path);
    if (seen == file.sha256) {
      return {.file = file.name, .state = FileState::verified, .path = path, .note = {}};
    }
    status = {.file = file.name,
              .state = FileState::damaged,
              .path = path,
              .note = "its SHA-256 is " + seen + ", expected " + file.sha256};
  }
  return status;
}

std::string describe_sources(const CatalogueFile& file) {
  std::vector<std::string> names;
  for (const auto& source : file.sources) names.push_back(source.repository);
  return join(names, ", ");
}

std::string fetch_hint(const CatalogueFile& file) {
  const std::string command = "cupel data get " + first_entry_with(file.name);
  if (!file.is_assembled()) return "run `" + command + "`, or set CUPEL_MIRROR to a folder with it";
  return "this file was assembled from " + describe_sources(file) + " (" + file.recipe +
         "), so only a mirror serves it: run `" + command +
         " --mirror DIR`, or set CUPEL_MIRROR=DIR, where DIR holds " + file.mirror_path;
}

}  // namespace

std::string CatalogueFile::url() const {
  if (is_assembled() || sources.size() != 1) return "";
  const auto& source = sources.front();
  return "https://raw.githubusercontent.com/" + source.repository + "/" + source.commit + "/" +
         source.path;
}

std::string_view to_string(FileState state) noexcept {
  switch (state) {
    case FileState::verified:
      return "verified";
    case FileState::missing:
      return "missing";
    case FileState::damaged:
      return "damaged";
    case FileState::assembled:
      return "assembled";
  }
  return "missing";
}

CatalogueOptions catalogue_options(const std::string& mirror_flag) {
  CatalogueOptions options;
  options.mirror = mirror_flag.empty() ? environment("CUPEL_MIRROR") : mirror_flag;
  if (const auto cache = environment("CUPEL_CACHE"); !cache.empty()) {
    options.cache = cache;
  } else if (const auto xdg = environment("XDG_CACHE_HOME"); !xdg.empty()) {
    options.cache = fs::path(xdg) / "cupel";
  } else if (const auto home = environment("HOME"); !home.empty()) {
    options.cache = fs::path(home) / ".cache" / "cupel";
  }
  return options;
}

fs::path resolve_file(const std::string& reference, const std::string& base_folder,
                      const CatalogueOptions& options) {
  if (!reference.starts_with(kPrefix)) {
    const fs::path path(reference);
    return path.is_absolute() || base_folder.empty() ? path : fs::path(base_folder) / path;
  }
  const CatalogueFile& file = find_catalogue_file(reference.substr(kPrefix.size()));
  const FileStatus status = look_for(file, options);
  if (status.state == FileState::verified) return status.path;
  if (status.state == FileState::damaged) {
    fail(ErrorKind::io, "this is not the catalogue's file: " + status.note,
         {.file = status.path.string()}, "delete it, then " + fetch_hint(file));
  }
  fail(ErrorKind::io,
       "the catalogue file \"" + file.name + "\" is neither in a mirror nor in the cache",
       {.file = status.path.string()}, fetch_hint(file));
}

DataSpec apply_catalogue(const DataSpec& spec) {
  if (spec.catalogue.empty()) return spec;
  const CatalogueEntry& entry = find_entry(spec.catalogue);
  if (entry.data.file.empty() && entry.data.files.empty()) {
    fail_input("the catalogue entry \"" + entry.name + "\" holds no responses, only " +
                   join(entry.files, ", "),
               {}, "use an entry with responses, or name the file as catalogue:FILE");
  }
  DataSpec filled = spec;
  if (filled.file.empty() && filled.files.empty()) {
    filled.file = entry.data.file;
    filled.files = entry.data.files;
  }
  for (const auto& [role, column] : entry.data.columns) filled.columns.try_emplace(role, column);
  if (filled.unit.empty()) filled.unit = entry.data.unit;
  if (filled.cliffs.rule.empty() && filled.cliffs.column.empty()) filled.cliffs = entry.data.cliffs;
  // Scale and what is done to the cells belong together; so do the labels and their separator.
  if (filled.profiles.control.empty()) {
    filled.profiles.control = entry.data.profiles.control;
    filled.profiles.separator = entry.data.profiles.separator;
  }
  if (filled.profiles.scale.empty()) {
    filled.profiles.scale = entry.data.profiles.scale;
    filled.profiles.normalize = entry.data.profiles.normalize;
    filled.profiles.log1p = entry.data.profiles.log1p;
  }
  if (filled.entity_tables.empty()) filled.entity_tables = entry.data.entity_tables;
  if (filled.feature_tables.empty()) filled.feature_tables = entry.data.feature_tables;
  return filled;
}

std::vector<FileStatus> verify_entry(const CatalogueEntry& entry, const CatalogueOptions& options) {
  std::vector<FileStatus> statuses;
  for (const auto& name : entry.files) {
    const CatalogueFile& file = find_catalogue_file(name);
    FileStatus status = look_for(file, options);
    if (status.state == FileState::missing) status.note = fetch_hint(file);
    statuses.push_back(std::move(status));
  }
  return statuses;
}

}  // namespace cupel
