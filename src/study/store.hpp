#pragma once
/// Trials on disk. A trial's result is a file named by the hash of everything it depends on:
///
///     FOLDER/objects/ab/abcdef....trial    the truth; written beside and renamed, never changed
///     FOLDER/index.sqlite                  a cache of the files' headers, for look-ups by people
///
/// A result is there whole or not at all, at whatever moment a process is killed, and several
/// processes may work in one folder: they write the same bytes under the same name. The index is
/// compared with the files when it is read and rebuilt if it is missing, damaged or behind.
/// Files are not fsynced: after a power cut a damaged one fails its checksum and is computed again.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/diagnostics.hpp"

namespace cupel {

/// What people call a trial. Its identity is the hash, which covers much more.
struct TrialKey {
  std::string split;
  std::uint32_t fold = 0;
  std::uint32_t repeat = 0;
  std::string predictor;
  std::uint64_t seed = 0;
  friend auto operator<=>(const TrialKey&, const TrialKey&) = default;
};

struct TrialResult {
  std::vector<double> values;  ///< predictions of the test rows; NaN bits are kept
  Diagnostics diagnostics;
  double seconds = 0.0;  ///< wall time of the fit and the prediction
};

struct StoreEntry {
  std::string hash;
  TrialKey key;
  double seconds = 0.0;
};

/// All members may be called from any thread.
class Store {
 public:
  /// Creates the folder if needed. Throws Error{io} if that fails.
  explicit Store(const std::filesystem::path& folder);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The result, or nullopt if there is none, or if the file is damaged (then counted in
  /// `diagnostics()` as `damaged_trial`; the next `save` replaces it).
  [[nodiscard]] std::optional<TrialResult> load(const std::string& hash);
  /// Throws Error{io} if the result cannot be written whole (disk full, no rights).
  void save(const std::string& hash, const TrialKey& key, const TrialResult& result);
  /// Every trial there is, sorted by key. Reads the headers of files that the index does not know.
  [[nodiscard]] std::vector<StoreEntry> entries();
  [[nodiscard]] std::vector<TrialKey> list();
  /// What was odd so far: `damaged_trial`, `index_rebuilt`, `index_unavailable`.
  [[nodiscard]] Diagnostics diagnostics() const;
  /// Where the file of a trial is, whether it exists or not.
  [[nodiscard]] std::filesystem::path path_of(const std::string& hash) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

namespace detail {
/// The bytes of a trial file: magic, header size, JSON header, doubles, SHA-256 of all before.
std::string encode_trial(const std::string& hash, const TrialKey& key, const TrialResult& result);
struct DecodedTrial {
  std::string hash;
  TrialKey key;
  TrialResult result;
};
/// nullopt if the bytes are not a whole, unaltered trial file.
std::optional<DecodedTrial> decode_trial(std::string_view bytes);
}  // namespace detail

}  // namespace cupel
