#pragma once
/// The SQLite index over the trial files: a cache that may be lost at any time.
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "study/store.hpp"

namespace cupel::detail {

class StoreIndex {
 public:
  /// Opens or creates the index; a damaged one is removed and made anew (then `was_damaged`).
  explicit StoreIndex(std::filesystem::path file);
  ~StoreIndex();
  StoreIndex(const StoreIndex&) = delete;
  StoreIndex& operator=(const StoreIndex&) = delete;

  [[nodiscard]] bool was_damaged() const noexcept { return was_damaged_; }
  /// False after an error that a retry did not cure; the calls below then do nothing.
  [[nodiscard]] bool usable() const noexcept { return database_ != nullptr; }
  void put(const StoreEntry& entry);
  void remove(const std::string& hash);
  [[nodiscard]] std::map<std::string, StoreEntry> all();
  void begin();
  void commit();

 private:
  struct Close;
  bool open();
  void give_up();
  void run(const char* sql);

  std::filesystem::path file_;
  bool was_damaged_ = false;
  void* database_ = nullptr;  ///< sqlite3*
  void* insert_ = nullptr;    ///< sqlite3_stmt*
};

}  // namespace cupel::detail
