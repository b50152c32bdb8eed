#pragma once
/// The catalogue of known data sets: where each file comes from (repository, commit, path), its
/// SHA-256, size and terms, and a `DataSpec` that loads it. cupel holds no data: a file is found in
/// a mirror folder, or in the cache that `cupel data get NAME` fills.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/study.hpp"

namespace cupel {

struct CatalogueSource {
  std::string repository;  ///< "OWNER/NAME" on GitHub
  std::string commit;      ///< full, or the first digits where only these were recorded
  std::string path;        ///< inside the repository
};

struct CatalogueFile {
  std::string name;         ///< unique in the catalogue; what `catalogue:NAME` refers to
  std::string mirror_path;  ///< below the mirror folder: "drug_response/gdsc2_paso_drugs.csv"
  std::string sha256;
  std::uint64_t bytes = 0;
  std::vector<CatalogueSource> sources;
  std::string recipe;  ///< how the file was made from its sources; "" = byte-identical to the one
                       ///< source, which can then be downloaded

  [[nodiscard]] bool is_assembled() const noexcept { return !recipe.empty(); }
  /// Address of the bytes, or "" for an assembled file, which only a mirror serves.
  [[nodiscard]] std::string url() const;
};

struct CatalogueEntry {
  std::string name;  ///< "gdsc2-paso"
  std::string area;
  std::string title;
  std::string description;
  std::string licence;
  std::string terms;               ///< what the owner of the measurements asks for
  std::string citation;            ///< with DOI
  std::vector<std::string> files;  ///< names of catalogue files
  DataSpec data;                   ///< preset; `data.file` is empty when the entry has no responses
};

const std::vector<CatalogueEntry>& catalogue();
const std::vector<CatalogueFile>& catalogue_files();
/// Throws Error{usage} with the nearest name.
const CatalogueEntry& find_entry(std::string_view name);
const CatalogueFile& find_catalogue_file(std::string_view name);

struct CatalogueOptions {
  std::filesystem::path mirror;  ///< "" = no mirror
  std::filesystem::path cache;
};
/// Mirror: the flag, else $CUPEL_MIRROR. Cache: $CUPEL_CACHE, else $XDG_CACHE_HOME/cupel, else
/// ~/.cache/cupel.
CatalogueOptions catalogue_options(const std::string& mirror_flag = "");

/// Path of a file given as a path (relative to `base_folder`) or as `catalogue:NAME`. A catalogue
/// file is looked for in the mirror, then in the cache, and its SHA-256 is compared each time.
/// Throws Error{io} that names the command that would fetch it.
std::filesystem::path resolve_file(const std::string& reference, const std::string& base_folder,
                                   const CatalogueOptions& options);

/// The data preset of a catalogue entry under the keys that a study states itself.
/// Throws Error{input} if the entry holds no responses.
DataSpec apply_catalogue(const DataSpec& spec);

enum class FileState { verified, missing, damaged, assembled };
std::string_view to_string(FileState state) noexcept;

struct FileStatus {
  std::string file;
  FileState state = FileState::missing;
  std::filesystem::path path;  ///< where it was found, or looked for last
  std::string note;            ///< what was wrong, or what to do
};

/// Looks for every file of the entry and compares its hash; never uses the network.
std::vector<FileStatus> verify_entry(const CatalogueEntry& entry, const CatalogueOptions& options);
/// Puts every file of the entry into the cache: copied from the mirror if it has it, else
/// downloaded by `curl` or `wget`. The only function of cupel that uses the network. Assembled
/// files without a mirror are reported as such, not guessed.
std::vector<FileStatus> get_entry(const CatalogueEntry& entry, const CatalogueOptions& options,
                                  const Context& context);

}  // namespace cupel
