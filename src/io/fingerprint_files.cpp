#include "io/fingerprint_files.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "io/npy.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{1} << 20;

/// Written piece by piece; the rows of `write_row` are appended to the text it is given.
template <typename WriteRow>
void write_rows(const std::filesystem::path& path, std::string begin, std::size_t n_rows,
                const WriteRow& write_row) {
  AtomicFile file(path);
  std::string text = std::move(begin);
  for (std::size_t i = 0; i < n_rows; ++i) {
    write_row(i, text);
    if (text.size() > kFlushBytes) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  file.commit();
}

template <typename T>
void append_values(std::span<const T> values, std::string& text) {
  text.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

/// Bit `first + k` is bit k of the byte.
unsigned byte_at(const PackedBits& bits, std::size_t row, std::size_t first) {
  return static_cast<unsigned>(bits.row(row)[first / 64] >> (first % 64)) & 0xFFU;
}

unsigned mirrored(unsigned byte) {
  unsigned out = 0;
  for (unsigned k = 0; k < 8; ++k) out |= ((byte >> k) & 1U) << (7 - k);
  return out;
}

/// Reads back as the same float; "" for NaN.
std::string shortest(float value) {
  if (std::isnan(value)) return "";
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string without_blanks(std::string id) {
  for (char& c : id) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return id;
}

}  // namespace

void write_bits_npy(const std::filesystem::path& path, const PackedBits& bits) {
  write_rows(path, npy_header("|u1", bits.rows, bits.n_bits), bits.rows,
             [&](std::size_t row, std::string& text) {
               for (std::size_t bit = 0; bit < bits.n_bits; ++bit) {
                 text += static_cast<char>(bits.test(row, bit) ? 1 : 0);
               }
             });
}

void write_packed_npy(const std::filesystem::path& path, const PackedBits& bits) {
  write_rows(path, npy_header("|u1", bits.rows, (bits.n_bits + 7) / 8), bits.rows,
             [&](std::size_t row, std::string& text) {
               for (std::size_t bit = 0; bit < bits.n_bits; bit += 8) {
                 text += static_cast<char>(mirrored(byte_at(bits, row, bit)));
               }
             });
}

void write_counts_npy(const std::filesystem::path& path, const Matrix<std::uint16_t>& counts) {
  write_rows(path, npy_header("<u2", counts.rows, counts.cols), counts.rows,
             [&](std::size_t row, std::string& text) { append_values(counts.row(row), text); });
}

void write_floats_npy(const std::filesystem::path& path, const Matrix<float>& values) {
  write_rows(path, npy_header("<f4", values.rows, values.cols), values.rows,
             [&](std::size_t row, std::string& text) { append_values(values.row(row), text); });
}

void write_fps(const std::filesystem::path& path, const PackedBits& bits,
               std::span<const std::string> ids, const std::string& type,
               const std::string& source) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::string begin = "#FPS1\n#num_bits=" + std::to_string(bits.n_bits) + "\n#type=" + type +
                            "\n#software=cupel/" + std::string(version()) +
                            "\n#source=" + without_blanks(source) + "\n";
  write_rows(path, begin, bits.rows, [&](std::size_t row, std::string& text) {
    for (std::size_t bit = 0; bit < bits.n_bits; bit += 8) {
      const unsigned byte = byte_at(bits, row, bit);
      text += kDigits[byte >> 4];
      text += kDigits[byte & 0xFU];
    }
    text += '\t' + without_blanks(ids[row]) + '\n';
  });
}

void write_bits_csv(const std::filesystem::path& path, const PackedBits& bits,
                    std::span<const std::string> ids) {
  write_rows(path, "row,id,bits\n", bits.rows, [&](std::size_t row, std::string& text) {
    std::string on;
    for (std::size_t bit = 0; bit < bits.n_bits; ++bit) {
      if (bits.test(row, bit)) on += (on.empty() ? "" : " ") + std::to_string(bit);
    }
    CsvWriter csv;
    csv.integer(static_cast<std::int64_t>(row)).text(ids[row]).text(on).end_row();
    text += csv.take();
  });
}

void write_counts_csv(const std::filesystem::path& path, const Matrix<std::uint16_t>& counts,
                      std::span<const std::string> ids) {
  write_rows(path, "row,id,counts\n", counts.rows, [&](std::size_t row, std::string& text) {
    std::string on;
    for (std::size_t bit = 0; bit < counts.cols; ++bit) {
      if (counts(row, bit) == 0) continue;
      on += (on.empty() ? "" : " ") + std::to_string(bit) + ":" + std::to_string(counts(row, bit));
    }
    CsvWriter csv;
    csv.integer(static_cast<std::int64_t>(row)).text(ids[row]).text(on).end_row();
    text += csv.take();
  });
}

void write_floats_csv(const std::filesystem::path& path, const Matrix<float>& values,
                      std::span<const std::string> names, std::span<const std::string> ids) {
  std::string begin = "row,id";
  for (const auto& name : names) begin += "," + name;
  write_rows(path, begin + "\n", values.rows, [&](std::size_t row, std::string& text) {
    CsvWriter csv;
    csv.integer(static_cast<std::int64_t>(row)).text(ids[row]);
    for (const float value : values.row(row)) csv.text(shortest(value));
    csv.end_row();
    text += csv.take();
  });
}

}  // namespace cupel
