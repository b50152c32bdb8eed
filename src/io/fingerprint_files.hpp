#pragma once
/// Fingerprints and descriptors as files that NumPy, chemfp and cupel itself read.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

/// .npy, uint8: a 0/1 column per bit.
void write_bits_npy(const std::filesystem::path& path, const PackedBits& bits);
/// .npy, uint8, eight bits a byte, the first bit highest: numpy.packbits(bits, axis=1).
void write_packed_npy(const std::filesystem::path& path, const PackedBits& bits);
void write_counts_npy(const std::filesystem::path& path, const Matrix<std::uint16_t>& counts);
void write_floats_npy(const std::filesystem::path& path, const Matrix<float>& values);

/// chemfp's FPS (https://chemfp.readthedocs.io/en/latest/fps_format.html): `HEX tab ID`. Blanks in
/// ids become spaces.
void write_fps(const std::filesystem::path& path, const PackedBits& bits,
               std::span<const std::string> ids, const std::string& type,
               const std::string& source);

/// row,id,bits: the numbers of the bits that are on, with blanks between.
void write_bits_csv(const std::filesystem::path& path, const PackedBits& bits,
                    std::span<const std::string> ids);
/// row,id,counts: `bit:count` of those that are not 0.
void write_counts_csv(const std::filesystem::path& path, const Matrix<std::uint16_t>& counts,
                      std::span<const std::string> ids);
/// row,id and a column per name; NaN is an empty cell.
void write_floats_csv(const std::filesystem::path& path, const Matrix<float>& values,
                      std::span<const std::string> names, std::span<const std::string> ids);

}  // namespace cupel
