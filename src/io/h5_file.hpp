#pragma once
/// HDF5 files as cupel reads them: objects by path, types as words, whole columns as texts and
/// numbers, and no error stack on stderr: what goes wrong is an Error with the file and the path.
///
/// A file is not trusted. Links into other files, external and virtual storage are refused (a file
/// could make us read any other one), and nothing is allocated from a declared size that the file
/// does not hold (`check_stored`).
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::h5 {

using Id = std::int64_t;  ///< hid_t

/// libhdf5 is not re-entrant, and it is one for the whole process: held by everything that calls
/// it.
std::recursive_mutex& library_mutex() noexcept;
/// No error stack on stderr from this thread: libhdf5 has one for each.
void silence_library();
/// In a copy of the process (fork), where the thread that held it is not there any more.
void forget_library_mutex();

/// Owns an identifier.
class Handle {
 public:
  using Close = int (*)(Id);
  Handle() = default;
  Handle(Id id, Close close) noexcept : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();
  [[nodiscard]] Id get() const noexcept { return id_; }
  explicit operator bool() const noexcept { return id_ >= 0; }

 private:
  Id id_ = -1;
  Close close_ = nullptr;
};

enum class Kind : std::uint8_t { integer, floating, boolean, text, compound, other };

struct Type {
  Kind kind = Kind::other;
  std::size_t size = 0;  ///< bytes of an element
  bool is_signed = true;
  bool big_endian = false;
  bool is_variable = false;  ///< texts of any length, kept apart from the dataset
  bool is_plain = false;     ///< integer or IEEE float whose bytes can be used as they are
  std::string name;          ///< "float32", "int64", "uint8", "bool", "text", "compound"
};

struct Filter {
  int id = 0;
  std::string name;  ///< "gzip", "shuffle", "lzf", "filter 32013 (zfp)"
  std::vector<unsigned> parameters;
};

struct Field {  ///< of a compound
  std::string name;
  Type type;                      ///< of one element
  std::vector<std::size_t> dims;  ///< empty = one element
};

struct DatasetInfo {
  std::string path;
  std::vector<std::size_t> dims;
  Type type;
  std::vector<Field> fields;
  std::vector<std::size_t> chunk;  ///< empty = not chunked
  std::vector<Filter> filters;     ///< in the order they were applied
  std::uint64_t bytes_on_disk = 0;
  std::uint64_t n_elements = 1;
  /// "gzip+shuffle", "none".
  [[nodiscard]] std::string compression() const;
  [[nodiscard]] std::uint64_t chunk_bytes() const noexcept;  ///< of an element where not chunked
};

class File {
 public:
  /// Throws Error{io} where there is no such file, Error{input} where it is not HDF5.
  static std::shared_ptr<const File> open(const std::filesystem::path& path);
  /// The bytes of a file; for tests.
  static std::shared_ptr<const File> open_image(std::string bytes, std::string source);

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] bool is_group(const std::string& path) const;
  [[nodiscard]] bool is_dataset(const std::string& path) const;
  /// Names of what a group holds, sorted; empty where it is none.
  [[nodiscard]] std::vector<std::string> children(const std::string& path) const;

  [[nodiscard]] std::optional<std::string> text_attribute(const std::string& path,
                                                          const std::string& name) const;
  [[nodiscard]] std::optional<std::vector<std::string>> texts_attribute(
      const std::string& path, const std::string& name) const;
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers_attribute(
      const std::string& path, const std::string& name) const;
  /// Path of the object an attribute refers to.
  [[nodiscard]] std::optional<std::string> referred(const std::string& path,
                                                    const std::string& name) const;

  [[nodiscard]] DatasetInfo dataset(const std::string& path) const;
  /// Chunks that are stored; all of them are looked up. 0 where the dataset is not chunked.
  std::uint64_t count_chunks(const std::string& path) const;
  [[nodiscard]] Handle open_dataset(const std::string& path) const;

  /// All elements of a dataset of variable texts, or of a text field of a compound dataset.
  [[nodiscard]] std::vector<std::string> texts(const DatasetInfo& info,
                                               const Field* field = nullptr) const;
  /// A field of numbers of a compound dataset, all rows, `dims` elements of each.
  [[nodiscard]] std::vector<double> field_numbers(const DatasetInfo& info,
                                                  const Field& field) const;

  [[noreturn]] void fail_at(const std::string& path, const std::string& message,
                            const std::string& hint = {}) const;

 private:
  File() = default;
  [[nodiscard]] Handle open_object(const std::string& path) const;
  [[nodiscard]] Handle open_attribute(const std::string& path, const std::string& name) const;

  std::string source_;
  std::string image_;
  Handle file_;
};

/// Throws Error{input} where a dataset declares far more than the file stores of it.
void check_stored(const File& file, const DatasetInfo& info);

}  // namespace cupel::h5
