#include "study/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <mutex>
#include <utility>

#include "cupel/error.hpp"
#include "study/store_index.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".trial";

std::optional<std::string> read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  const auto size = file.tellg();
  if (size < 0) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.seekg(0);
  file.read(bytes.data(), size);
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

[[noreturn]] void fail_write(const fs::path& path, int error) {
  fail(ErrorKind::io, std::string("cannot write a trial to the store: ") + std::strerror(error),
       {.file = path.string()},
       error == ENOSPC ? "free some space and run the same command again; nothing done is lost"
                       : "check the folder's rights, or choose another one with --store");
}

/// Writes the bytes under a name of its own, then renames: readers see all of it or nothing.
void write_whole(const fs::path& temporary, const fs::path& final_path, std::string_view bytes) {
  const int descriptor = ::open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (descriptor < 0) fail_write(final_path, errno);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), final_path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail_write(final_path, error);
  }
}

/// Removes what killed processes left half-written, once nobody can still be writing it.
void remove_stale(const fs::path& folder) {
  std::error_code ignored;
  const auto limit = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const auto& item : fs::directory_iterator(folder, ignored)) {
    const auto changed = fs::last_write_time(item.path(), ignored);
    if (!ignored && changed < limit) fs::remove(item.path(), ignored);
  }
}

void check_hash(const std::string& hash) {
  const bool good = hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                    });
  if (!good) fail(ErrorKind::internal, "not a trial's hash: \"" + hash + "\"");
}

}  // namespace

struct Store::State {
  explicit State(const fs::path& root) : folder(root), index(root / "index.sqlite") {}

  fs::path folder;
  detail::StoreIndex index;
  mutable std::mutex mutex;  ///< guards index, diagnostics
  Diagnostics diagnostics;
  std::atomic<std::uint64_t> counter{0};

  void note_index_lost() {
    if (index.usable() || diagnostics.find("index_unavailable") != nullptr) return;
    diagnostics.add("index_unavailable", Severity::note,
                    "the store's index cannot be written; results are kept without it");
  }
};

Store::Store(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "objects", error);
  if (!error) fs::create_directories(folder / "tmp", error);
  if (error) {
    fail(ErrorKind::io, "cannot make the folder of the store: " + error.message(),
         {.file = folder.string()}, "choose another folder with --store");
  }
  remove_stale(folder / "tmp");
  state_ = std::make_unique<State>(folder);
  if (state_->index.was_damaged()) {
    state_->diagnostics.add("index_rebuilt", Severity::note,
                            "the store's index was damaged and was rebuilt from the trials");
  }
  state_->note_index_lost();
}

Store::~Store() = default;

fs::path Store::path_of(const std::string& hash) const {
  return state_->folder / "objects" / hash.substr(0, 2) / (hash + std::string(kSuffix));
}

std::optional<TrialResult> Store::load(const std::string& hash) {
  check_hash(hash);
  const auto bytes = read_bytes(path_of(hash));
  if (!bytes) return std::nullopt;
  auto decoded = detail::decode_trial(*bytes);
  if (decoded && decoded->hash == hash) return std::move(decoded->result);
  const std::lock_guard lock(state_->mutex);
  state_->diagnostics.add("damaged_trial", Severity::warning,
                          "a stored trial did not pass its checksum and is computed again",
                          path_of(hash).string());
  return std::nullopt;
}

void Store::save(const std::string& hash, const TrialKey& key, const TrialResult& result) {
  check_hash(hash);
  const std::string bytes = detail::encode_trial(hash, key, result);
  const fs::path final_path = path_of(hash);
  std::error_code error;
  fs::create_directories(final_path.parent_path(), error);
  if (error) fail_write(final_path, error.value());
  const auto number = state_->counter.fetch_add(1);
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const fs::path temporary = state_->folder / "tmp" /
                             (hash.substr(0, 16) + "." + std::to_string(::getpid()) + "." +
                              std::to_string(now) + "." + std::to_string(number));
  write_whole(temporary, final_path, bytes);
  const std::lock_guard lock(state_->mutex);
  state_->index.put({.hash = hash, .key = key, .seconds = result.seconds});
  state_->note_index_lost();
}

std::vector<StoreEntry> Store::entries() {
  const std::lock_guard lock(state_->mutex);
  auto known = state_->index.all();
  std::vector<StoreEntry> found;
  state_->index.begin();
  std::error_code ignored;
  for (const auto& item : fs::recursive_directory_iterator(state_->folder / "objects", ignored)) {
    if (item.path().extension() != kSuffix) continue;
    const std::string hash = item.path().stem().string();
    if (auto node = known.extract(hash)) {
      found.push_back(std::move(node.mapped()));
      continue;
    }
    const auto bytes = read_bytes(item.path());
    const auto decoded = bytes ? detail::decode_trial(*bytes) : std::nullopt;
    if (!decoded || decoded->hash != hash) continue;
    found.push_back({.hash = hash, .key = decoded->key, .seconds = decoded->result.seconds});
    state_->index.put(found.back());
  }
  for (const auto& [hash, entry] : known) state_->index.remove(hash);
  state_->index.commit();
  state_->note_index_lost();
  std::sort(found.begin(), found.end(), [](const StoreEntry& a, const StoreEntry& b) {
    return std::tie(a.key, a.hash) < std::tie(b.key, b.hash);
  });
  return found;
}

std::vector<TrialKey> Store::list() {
  std::vector<TrialKey> keys;
  for (auto& entry : entries()) keys.push_back(std::move(entry.key));
  return keys;
}

Diagnostics Store::diagnostics() const {
  const std::lock_guard lock(state_->mutex);
  return state_->diagnostics;
}

}  // namespace cupel
