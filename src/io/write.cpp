#include "io/write.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "cupel/error.hpp"
#include "io/compressed.hpp"

namespace cupel {
namespace {

std::string hint_for(int reason, const std::filesystem::path& folder) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return "make room on the disk of \"" + folder.string() + "\" or choose another folder";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f) or choose another disk";
    case ENOENT:
    case ENOTDIR:
      return "create the folder \"" + folder.string() + "\" or choose another one";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a folder that you may write to, or change its permissions";
    default:
      return "check the disk or network drive and try again";
  }
}

/// A file that is open for writing; removes it again unless `keep` was called.
class OutputFile {
 public:
  OutputFile(std::filesystem::path written, std::filesystem::path wanted, int flags)
      : written_(std::move(written)), wanted_(std::move(wanted)) {
    descriptor_ = ::open(written_.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail_with("cannot open the file for writing");
    temporary_ = written_ != wanted_;
  }
  /// An open descriptor, which is taken over.
  OutputFile(int descriptor, const std::filesystem::path& wanted)
      : written_(wanted), wanted_(wanted), descriptor_(descriptor) {
    if (descriptor_ < 0) fail_with("cannot open the file for writing");
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (temporary_) ::unlink(written_.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail_with("the file could not be written");
      if (n == 0) {
        errno = ENOSPC;
        fail_with("the file could not be written");
      }
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail_with("the file could not be brought to the disk");
  }
  void close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) fail_with("closing the file failed");
  }
  void rename() {
    if (::rename(written_.c_str(), wanted_.c_str()) != 0)
      fail_with("the file cannot be put in place");
    temporary_ = false;
  }

 private:
  [[noreturn]] void fail_with(std::string what) const {
    const int reason = errno;
    auto folder = wanted_.parent_path();
    if (folder.empty()) folder = ".";
    fail(ErrorKind::io, std::move(what) + ": " + std::strerror(reason), {.file = wanted_.string()},
         hint_for(reason, folder));
  }

  std::filesystem::path written_;
  std::filesystem::path wanted_;
  int descriptor_ = -1;
  bool temporary_ = false;
};

constexpr std::string_view kPartMark = ".part-";

/// Creates an empty file beside `path`, under a name that no other process or thread has.
std::filesystem::path free_name_beside(const std::filesystem::path& path) {
  for (unsigned n = 0;; ++n) {
    auto name = path;
    name += std::string(kPartMark) + std::to_string(::getpid()) + "-" + std::to_string(n);
    const int descriptor = ::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor >= 0) ::close(descriptor);
    if (descriptor >= 0 || errno != EEXIST) return name;  // other failures come back on opening
  }
}

/// The rename itself must reach the disk; not every file system can do that, so best effort.
void sync_folder(const std::filesystem::path& folder) noexcept {
  const int descriptor =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

struct AtomicFile::State {
  OutputFile file;
  std::filesystem::path path;
  bool direct;
};

AtomicFile::AtomicFile(const std::filesystem::path& given) {
  // The process's own streams, wherever they lead: opening them by name would start at the
  // beginning of a file that they were redirected to, and a rename would replace the device.
  for (const auto& [name, stream] : {std::pair{"/dev/stdout", 1}, std::pair{"/dev/stderr", 2}}) {
    if (given == name) {
      state_.reset(new State{OutputFile(::fcntl(stream, F_DUPFD_CLOEXEC, 3), given), given, true});
      return;
    }
  }
  std::error_code ignored;
  // A link stays a link: what it leads to is replaced.
  const auto real = std::filesystem::canonical(given, ignored);
  const auto& path = real.empty() ? given : real;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(status)) {
    fail(ErrorKind::io, "cannot write the file: there is a folder of that name",
         {.file = path.string()}, "choose another name");
  }
  const bool direct = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  const auto written = direct ? path : free_name_beside(path);
  const int flags = direct ? 0 : O_CREAT | O_TRUNC;
  state_.reset(new State{OutputFile(written, path, flags), path, direct});
}

AtomicFile::~AtomicFile() = default;

void AtomicFile::write(std::string_view bytes) { state_->file.write(bytes); }

void AtomicFile::commit(Sync sync) {
  if (!state_->direct && sync == Sync::yes) state_->file.sync();
  state_->file.close();
  if (state_->direct) return;
  state_->file.rename();
  if (sync == Sync::yes) sync_folder(state_->path.parent_path());
}

void write_file_atomic(const std::filesystem::path& path, std::string_view bytes, Sync sync) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit(sync);
}

void remove_partial_files(const std::filesystem::path& folder) noexcept {
  std::error_code ignored;
  for (const auto& item : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = item.path().filename().string();
    const std::size_t mark = name.rfind(kPartMark);
    const bool is_partial =
        mark != std::string::npos && item.is_regular_file(ignored) &&
        name.find_first_not_of("0123456789-", mark + kPartMark.size()) == std::string::npos;
    if (is_partial) std::filesystem::remove(item.path(), ignored);
  }
}

CsvWriter::CsvWriter(char delimiter) noexcept : delimiter_(delimiter) {
  for (const char c : {delimiter, '"', '\n', '\r'}) special_[static_cast<unsigned char>(c)] = true;
}

bool CsvWriter::needs_quotes(std::string_view value) const noexcept {
  if (value.empty()) return false;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\xEF'; };
  bool found = is_blank(value.front()) || is_blank(value.back());  // \xEF: byte order mark
  for (const char c : value) found |= special_[static_cast<unsigned char>(c)];
  return found;
}

void CsvWriter::begin_cell() {
  if (!first_) bytes_ += delimiter_;
  first_ = false;
}

CsvWriter& CsvWriter::text(std::string_view value) {
  begin_cell();
  if (!needs_quotes(value)) {
    bytes_ += value;
    return *this;
  }
  bytes_ += '"';
  for (const char c : value) {
    if (c == '"') bytes_ += '"';
    bytes_ += c;
  }
  bytes_ += '"';
  return *this;
}

CsvWriter& CsvWriter::number(double value) {
  begin_cell();
  if (std::isnan(value)) return *this;
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  bytes_.append(buffer.data(), result.ptr);
  return *this;
}

CsvWriter& CsvWriter::integer(std::int64_t value) {
  begin_cell();
  std::array<char, 24> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  bytes_.append(buffer.data(), result.ptr);
  return *this;
}

CsvWriter& CsvWriter::missing() {
  begin_cell();
  return *this;
}

void CsvWriter::end_row() {
  if (bytes_.size() == row_begin_) bytes_ += "\"\"";  // an empty line would be no row
  bytes_ += '\n';
  row_begin_ = bytes_.size();
  first_ = true;
}

void CsvWriter::row(std::span<const std::string> values) {
  for (const auto& value : values) text(value);
  end_row();
}

std::string CsvWriter::take() {
  row_begin_ = 0;
  first_ = true;
  return std::exchange(bytes_, {});
}

void CsvWriter::save(const std::filesystem::path& path) const {
  if (path.extension() == ".gz") {
    write_file_atomic(path, gzip_compressed(bytes_));
  } else {
    write_file_atomic(path, bytes_);
  }
}

namespace {
CsvWriter written(const Table& table, char delimiter) {
  CsvWriter out(delimiter);
  for (const auto& column : table.columns) out.text(column.name);
  out.end_row();
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    for (const auto& column : table.columns) {
      if (column.is_missing(row)) {
        out.missing();
      } else if (column.type == ColumnType::number) {
        out.number(column.numbers[row]);
      } else if (column.type == ColumnType::integer) {
        out.integer(column.integers[row]);
      } else {
        out.text(column.text(row));
      }
    }
    out.end_row();
  }
  return out;
}
}  // namespace

std::string to_csv(const Table& table, char delimiter) { return written(table, delimiter).take(); }

void write_csv(const std::filesystem::path& path, const Table& table, char delimiter) {
  written(table, delimiter).save(path);
}

}  // namespace cupel
