#pragma once
/// NumPy's .npy files (format 1 to 3; numpy.lib.format): the array as it lies on disk.
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {

struct NpyArray {
  std::string source;  ///< file, for messages
  char kind = 'f';     ///< f floating point, u unsigned, i signed, b boolean, S bytes, U text
  std::size_t item_size = 4;
  std::vector<std::size_t> shape;
  bool fortran_order = false;  ///< columns first
  std::string bytes;           ///< of the elements, little-endian

  /// Element of a 2-D array, exactly as double (64-bit integers beyond 2^53 are rounded).
  [[nodiscard]] double at(std::size_t row, std::size_t col) const noexcept;
  /// Element of an array of any rank, in the order of the bytes.
  [[nodiscard]] double at(std::size_t index) const noexcept;
  /// The same of kind S or U, as UTF-8.
  [[nodiscard]] std::string text(std::size_t index) const;
  [[nodiscard]] bool is_text() const noexcept { return kind == 'S' || kind == 'U'; }
  [[nodiscard]] std::size_t n_elements() const noexcept;
  [[nodiscard]] std::size_t rows() const noexcept { return shape[0]; }
  [[nodiscard]] std::size_t cols() const noexcept { return shape[1]; }
  /// A 2-D array as a matrix.
  [[nodiscard]] Matrix<double> matrix() const;
};

/// Reads a 2-D array of float16/32/64, integers or booleans; gzip and zstd are unpacked.
/// Throws Error{io} or Error{input} (not an .npy file, cut off, other type, order or rank; pickled
/// objects are refused).
NpyArray read_npy(const std::filesystem::path& path);
NpyArray parse_npy(std::string bytes, const std::string& source);
/// The same for any rank, and for texts of fixed length too.
NpyArray parse_npy_array(std::string bytes, const std::string& source);

/// What stands before the elements of a 2-D array in C order: "<f8", "|u1", "<u2".
std::string npy_header(std::string_view type, std::size_t rows, std::size_t cols);
/// The bytes of an .npy file with float64 elements.
std::string npy_bytes(const Matrix<double>& values);

}  // namespace cupel
