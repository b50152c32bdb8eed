#include "study/store_index.hpp"

#include <sqlite3.h>

#include <utility>

namespace cupel::detail {
namespace {

sqlite3* db(void* pointer) { return static_cast<sqlite3*>(pointer); }
sqlite3_stmt* statement(void* pointer) { return static_cast<sqlite3_stmt*>(pointer); }

void bind_text(sqlite3_stmt* row, int position, const std::string& text) {
  sqlite3_bind_text(row, position, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

std::string column_text(sqlite3_stmt* row, int position) {
  const auto* text = sqlite3_column_text(row, position);
  const int size = sqlite3_column_bytes(row, position);
  return text == nullptr
             ? ""
             : std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

// The file can be remade from the trials, so nothing waits for the disk.
constexpr const char* kSetUp =
    "PRAGMA synchronous = OFF;"
    "CREATE TABLE IF NOT EXISTS trial (hash TEXT PRIMARY KEY, split TEXT NOT NULL,"
    " fold INTEGER NOT NULL, repeat INTEGER NOT NULL, predictor TEXT NOT NULL,"
    " seed INTEGER NOT NULL, status TEXT NOT NULL, seconds REAL NOT NULL)"
    " STRICT, WITHOUT ROWID;";

}  // namespace

StoreIndex::StoreIndex(std::filesystem::path file) : file_(std::move(file)) {
  if (open()) return;
  give_up();
  std::error_code ignored;
  was_damaged_ = std::filesystem::exists(file_, ignored);
  std::filesystem::remove(file_, ignored);
  std::filesystem::remove(file_.string() + "-journal", ignored);
  if (!open()) give_up();
}

StoreIndex::~StoreIndex() { give_up(); }

bool StoreIndex::open() {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(file_.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_ = handle;
  if (opened != SQLITE_OK) return false;
  sqlite3_busy_timeout(handle, 10'000);
  if (sqlite3_exec(handle, kSetUp, nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  sqlite3_stmt* check = nullptr;
  bool sound =
      sqlite3_prepare_v2(handle, "PRAGMA quick_check(1)", -1, &check, nullptr) == SQLITE_OK &&
      sqlite3_step(check) == SQLITE_ROW && column_text(check, 0) == "ok";
  sqlite3_finalize(check);
  sqlite3_stmt* insert = nullptr;
  sound = sound &&
          sqlite3_prepare_v2(handle, "INSERT OR REPLACE INTO trial VALUES (?,?,?,?,?,?,'done',?)",
                             -1, &insert, nullptr) == SQLITE_OK;
  insert_ = insert;
  return sound;
}

void StoreIndex::give_up() {
  sqlite3_finalize(statement(insert_));
  sqlite3_close(db(database_));
  insert_ = nullptr;
  database_ = nullptr;
}

void StoreIndex::run(const char* sql) {
  if (usable() && sqlite3_exec(db(database_), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    give_up();
  }
}

void StoreIndex::begin() { run("BEGIN IMMEDIATE"); }
void StoreIndex::commit() { run("COMMIT"); }

void StoreIndex::put(const StoreEntry& entry) {
  if (!usable()) return;
  sqlite3_stmt* row = statement(insert_);
  bind_text(row, 1, entry.hash);
  bind_text(row, 2, entry.key.split);
  sqlite3_bind_int64(row, 3, entry.key.fold);
  sqlite3_bind_int64(row, 4, entry.key.repeat);
  bind_text(row, 5, entry.key.predictor);
  sqlite3_bind_int64(row, 6, static_cast<sqlite3_int64>(entry.key.seed));
  sqlite3_bind_double(row, 7, entry.seconds);
  const int done = sqlite3_step(row);
  sqlite3_reset(row);
  if (done != SQLITE_DONE) give_up();
}

void StoreIndex::remove(const std::string& hash) {
  if (!usable()) return;
  sqlite3_stmt* row = nullptr;
  sqlite3_prepare_v2(db(database_), "DELETE FROM trial WHERE hash = ?", -1, &row, nullptr);
  bind_text(row, 1, hash);
  const int done = sqlite3_step(row);
  sqlite3_finalize(row);
  if (done != SQLITE_DONE) give_up();
}

std::map<std::string, StoreEntry> StoreIndex::all() {
  std::map<std::string, StoreEntry> found;
  if (!usable()) return found;
  sqlite3_stmt* row = nullptr;
  sqlite3_prepare_v2(db(database_),
                     "SELECT hash, split, fold, repeat, predictor, seed, seconds FROM trial", -1,
                     &row, nullptr);
  int step = SQLITE_ERROR;
  while (row != nullptr && (step = sqlite3_step(row)) == SQLITE_ROW) {
    StoreEntry entry;
    entry.hash = column_text(row, 0);
    entry.key = {.split = column_text(row, 1),
                 .fold = static_cast<std::uint32_t>(sqlite3_column_int64(row, 2)),
                 .repeat = static_cast<std::uint32_t>(sqlite3_column_int64(row, 3)),
                 .predictor = column_text(row, 4),
                 .seed = static_cast<std::uint64_t>(sqlite3_column_int64(row, 5))};
    entry.seconds = sqlite3_column_double(row, 6);
    found.emplace(entry.hash, std::move(entry));
  }
  sqlite3_finalize(row);
  if (step != SQLITE_DONE) {
    give_up();
    found.clear();
  }
  return found;
}

}  // namespace cupel::detail
