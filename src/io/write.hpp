#pragma once
/// Files that are either whole or not there, and delimited text to put in them.
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cupel/table.hpp"

namespace cupel {

/// `Sync::no`: whole after a killed process, but a power cut may lose it; for many small files that
/// can be made again.
enum class Sync : std::uint8_t { no, yes };

/// Writes to a temporary file in the same folder, syncs it, and renames it to `path`; after a crash
/// or a full disk the old file is there, or the new one, never a part. What is no regular file
/// (a pipe, /dev/stdout) is written directly; of a link the file it leads to is replaced. Throws
/// Error{io}; the temporary file is removed.
void write_file_atomic(const std::filesystem::path& path, std::string_view bytes,
                       Sync sync = Sync::yes);

/// The same, written piece by piece: without `commit` nothing is left.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void write(std::string_view bytes);
  void commit(Sync sync = Sync::yes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Removes what killed processes left of write_file_atomic in the folder. Only for folders in which
/// nobody else is writing.
void remove_partial_files(const std::filesystem::path& folder) noexcept;

/// Builds delimited text cell by cell: RFC 4180 quoting where needed, doubles in the shortest form
/// that reads back the same, NaN and missing as empty cells. A text that a reader takes for missing
/// ("NA") is written as it stands.
class CsvWriter {
 public:
  explicit CsvWriter(char delimiter = ',') noexcept;

  CsvWriter& text(std::string_view value);
  CsvWriter& number(double value);
  CsvWriter& integer(std::int64_t value);
  CsvWriter& missing();
  void end_row();
  /// A whole row of texts, as for the header.
  void row(std::span<const std::string> values);

  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  /// The text; the writer is empty afterwards.
  [[nodiscard]] std::string take();
  /// write_file_atomic, gzipped if the name ends in ".gz".
  void save(const std::filesystem::path& path) const;

 private:
  void begin_cell();
  [[nodiscard]] bool needs_quotes(std::string_view value) const noexcept;
  std::string bytes_;
  std::size_t row_begin_ = 0;
  bool first_ = true;  ///< the next cell is the first of its row
  char delimiter_;
  std::array<bool, 256> special_{};  ///< bytes that make a cell need quotes
};

/// A table with its header.
std::string to_csv(const Table& table, char delimiter = ',');
/// to_csv, written atomically, gzipped if the name ends in ".gz".
void write_csv(const std::filesystem::path& path, const Table& table, char delimiter = ',');

}  // namespace cupel
