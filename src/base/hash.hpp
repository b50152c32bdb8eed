#pragma once
/// SHA-256 (OpenSSL) of bytes and files; names of trials, provenance of inputs.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cupel {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& update(const void* bytes, std::size_t size);
  Sha256& update(std::string_view text) { return update(text.data(), text.size()); }
  /// Length-prefixed, so that ("ab","c") and ("a","bc") differ.
  Sha256& field(std::string_view text);
  [[nodiscard]] std::string hex();  ///< 64 lower-case digits; ends the computation

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
/// Throws Error{io} if the file cannot be read.
std::string sha256_file(const std::filesystem::path& path);

}  // namespace cupel
