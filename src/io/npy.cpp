#include "io/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "cupel/error.hpp"
#include "io/compressed.hpp"

static_assert(std::endian::native == std::endian::little, ".npy elements are read as they lie");

namespace cupel {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// IEEE 754 binary16.
double from_half(std::uint16_t half) noexcept {
  const int exponent = (half >> 10) & 0x1F;
  const int fraction = half & 0x3FF;
  const double sign = (half & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 0x1F) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 0x400, exponent - 25);
}

template <typename T>
double element(const char* place) noexcept {
  T value;
  std::memcpy(&value, place, sizeof(T));
  return static_cast<double>(value);
}

/// The text after `'key':` in the header's dictionary.
std::string_view entry(std::string_view header, std::string_view key, const std::string& source) {
  const std::string quoted = "'" + std::string(key) + "'";
  const auto place = header.find(quoted);
  const auto colon = place == std::string_view::npos ? place : header.find(':', place);
  if (colon == std::string_view::npos) {
    fail_input("the .npy header has no " + quoted, {.file = source},
               "write the array again with numpy.save");
  }
  auto rest = header.substr(colon + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

void read_type(std::string_view text, NpyArray& array) {
  const auto end = text.find('\'', 1);
  const std::string type(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
  const bool little = type.size() >= 5 && (type[1] == '<' || type[1] == '|');
  const char* const digits = type.data() + 3;
  const char* const last = type.data() + type.size() - 1;  // the closing quote
  std::uint32_t size = 0;
  const bool known = little && std::from_chars(digits, last, size).ptr == last && size > 0;
  array.kind = known ? type[2] : '?';
  array.item_size = size;
  const auto among = [size](std::initializer_list<std::uint32_t> sizes) {
    return std::find(sizes.begin(), sizes.end(), size) != sizes.end();
  };
  constexpr std::uint32_t kLongestText = 1U << 16;
  bool read = false;
  if (array.kind == 'f') read = among({2, 4, 8});
  if (array.kind == 'u' || array.kind == 'i') read = among({1, 2, 4, 8});
  if (array.kind == 'b') read = size == 1;
  if (array.is_text()) read = size <= kLongestText;
  if (array.kind == 'U') array.item_size = 4 * size;
  if (!read) {
    fail_input(
        "the array's element type is not one that cupel reads",
        {.file = array.source, .value = type.empty() ? std::string(text.substr(0, 20)) : type},
        "save it as float32, uint8 or bool, little-endian: numpy.save(file, "
        "array.astype('<f4'))");
  }
}

void read_shape(std::string_view text, NpyArray& array) {
  const auto close = text.find(')');
  if (!text.starts_with('(') || close == std::string_view::npos) {
    fail_input("the .npy header's shape cannot be read", {.file = array.source});
  }
  const char* place = text.data() + 1;
  const char* const end = text.data() + close;
  while (place < end) {
    std::size_t size = 0;
    const auto [next, problem] = std::from_chars(place, end, size);
    if (problem != std::errc{}) {
      ++place;
      continue;
    }
    array.shape.push_back(size);
    place = next;
  }
}

/// Whether `present` bytes are the elements. Without elements a shape could claim any size.
bool is_whole(const NpyArray& array, std::size_t present) {
  constexpr std::size_t kMostOfNothing = std::size_t{1} << 24;
  std::size_t n = array.item_size;
  bool is_empty = false;
  for (const std::size_t side : array.shape) is_empty = is_empty || side == 0;
  for (const std::size_t side : array.shape) {
    if (is_empty && side > kMostOfNothing) return false;
    if (is_empty) continue;
    if (side > present / n) return false;  // so that the product does not overflow
    n *= side;
  }
  return present == (is_empty ? 0 : n);
}

std::string shape_text(const NpyArray& array) {
  std::string text;
  for (const std::size_t side : array.shape) {
    text += (text.empty() ? "" : " x ") + std::to_string(side);
  }
  return text.empty() ? "1" : text;
}

void append_utf8(std::uint32_t code, std::string& out) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    }
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

}  // namespace

NpyArray parse_npy_array(std::string bytes, const std::string& source) {
  NpyArray array{.source = source, .shape = {}, .bytes = {}};
  if (!bytes.starts_with(kMagic) || bytes.size() < 12) {
    fail_input("this is not an .npy file: it does not start with \\x93NUMPY", {.file = source},
               "write it with numpy.save; .npz archives are not read, save the array alone");
  }
  const int major = static_cast<unsigned char>(bytes[6]);
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, length_bytes);
  const std::size_t begin = 8 + length_bytes + length;
  if (major > 3 || begin > bytes.size()) {
    fail_input("the .npy header is cut off or of an unknown version", {.file = source},
               "write the array again with numpy.save");
  }
  const std::string_view header(bytes.data() + 8 + length_bytes, length);
  read_type(entry(header, "descr", source), array);
  read_shape(entry(header, "shape", source), array);
  array.fortran_order = entry(header, "fortran_order", source).starts_with("True");
  const std::size_t present = bytes.size() - begin;
  if (!is_whole(array, present)) {
    fail_input("the array should have " + shape_text(array) + " elements of " +
                   std::to_string(array.item_size) + " bytes, but " + std::to_string(present) +
                   " bytes follow the header",
               {.file = source}, "the file is cut off or damaged: copy it again");
  }
  bytes.erase(0, begin);
  array.bytes = std::move(bytes);
  return array;
}

NpyArray parse_npy(std::string bytes, const std::string& source) {
  NpyArray array = parse_npy_array(std::move(bytes), source);
  if (array.shape.size() != 2) {
    fail_input("the array has " + std::to_string(array.shape.size()) +
                   " dimensions; a row per item and a column per feature are needed",
               {.file = source}, "reshape it to (n_items, n_features) before saving");
  }
  if (array.is_text()) {
    fail_input("the array holds texts; numbers are needed", {.file = source},
               "save it as float32, uint8 or bool");
  }
  return array;
}

NpyArray read_npy(const std::filesystem::path& path) {
  return parse_npy(read_bytes(path), path.string());
}

double NpyArray::at(std::size_t row, std::size_t col) const noexcept {
  return at(fortran_order ? col * shape[0] + row : row * shape[1] + col);
}

double NpyArray::at(std::size_t index) const noexcept {
  const char* const place = bytes.data() + index * item_size;
  switch (kind) {
    case 'f':
      if (item_size == 8) return element<double>(place);
      if (item_size == 4) return element<float>(place);
      {
        std::uint16_t half = 0;
        std::memcpy(&half, place, sizeof half);
        return from_half(half);
      }
    case 'i':
      if (item_size == 8) return element<std::int64_t>(place);
      if (item_size == 4) return element<std::int32_t>(place);
      return item_size == 2 ? element<std::int16_t>(place) : element<std::int8_t>(place);
    default:
      if (item_size == 8) return element<std::uint64_t>(place);
      if (item_size == 4) return element<std::uint32_t>(place);
      return item_size == 2 ? element<std::uint16_t>(place) : element<std::uint8_t>(place);
  }
}

std::size_t NpyArray::n_elements() const noexcept { return bytes.size() / item_size; }

std::string NpyArray::text(std::size_t index) const {
  const std::string_view element(bytes.data() + index * item_size, item_size);
  if (kind == 'S') return std::string(element.substr(0, element.find('\0')));
  std::string text;
  for (std::size_t i = 0; i + 4 <= element.size(); i += 4) {
    std::uint32_t code = 0;
    std::memcpy(&code, element.data() + i, 4);
    if (code == 0) break;
    append_utf8(code, text);
  }
  return text;
}

Matrix<double> NpyArray::matrix() const {
  Matrix<double> out(rows(), cols());
  for (std::size_t i = 0; i < rows(); ++i) {
    for (std::size_t j = 0; j < cols(); ++j) out(i, j) = at(i, j);
  }
  return out;
}

std::string npy_header(std::string_view type, std::size_t rows, std::size_t cols) {
  std::string header = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" +
                       std::to_string(rows) + ", " + std::to_string(cols) + "), }";
  header.append((64 - (10 + header.size() + 1) % 64) % 64, ' ');
  header += '\n';
  std::string out(kMagic);
  out += '\x01';
  out += '\0';
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header;
}

std::string npy_bytes(const Matrix<double>& values) {
  std::string out = npy_header("<f8", values.rows, values.cols);
  out.append(reinterpret_cast<const char*>(values.values.data()),
             values.values.size() * sizeof(double));
  return out;
}

}  // namespace cupel
