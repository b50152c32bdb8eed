#pragma once
/// One writer per folder. The lock (flock on the folder itself) leaves no file and ends with the
/// process, however that ends.
#include <filesystem>

namespace cupel {

class FolderLock {
 public:
  /// Throws Error{io} if another process holds the folder; on file systems without locks it does
  /// nothing.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace cupel
