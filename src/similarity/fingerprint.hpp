#pragma once
/// Similarity of binary fingerprints, from a = ones of x, b = ones of y, c = ones of both:
///   Tanimoto c / (a + b - c)   (Jaccard 1901; Rogers & Tanimoto 1960)
///   Dice     2 c / (a + b)     (Dice 1945)
///   cosine   c / sqrt(a b)     (Ochiai 1957)
///   Euclid   -(a + b - 2 c)    minus the squared distance, for neighbours only: no name on the
///                              command line, as 0 and 1 are not its ends
/// Two fingerprints without a single bit have similarity 0 by every measure: nothing is common.
/// (RDKit 2022.09 gives them Tanimoto 1, but Dice and cosine 0.)
///
/// A threshold is decided without dividing. For Tanimoto >= t: c >= s (a + b), s = t / (1 + t).
/// With the fingerprints folded to 512 bits (bit b to b mod 512) and f = ones common to the folded
/// ones,
///   c <= f + min(e_x, e_y),   e = ones lost in folding,
/// because common bits that fold onto each other are lost on both sides. So f + min(e_x, e_y) <
/// s (a + b) excludes a pair after a quarter (2048 bits) of the work, exactly; what is left is
/// counted in full and decided by the same division as `values`. Dense fingerprints, where little
/// is excluded, are counted in full at once.
#include <memory>
#include <string>
#include <string_view>

#include "simd/bit_kernels.hpp"
#include "simd/packed_bits.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

enum class BitMeasure { tanimoto, dice, cosine, euclid };
std::string_view to_string(BitMeasure measure) noexcept;
/// The value from the three counts.
double bit_similarity(BitMeasure measure, std::uint32_t ones_x, std::uint32_t ones_y,
                      std::uint32_t common) noexcept;

struct FingerprintOptions {
  BitMeasure measure = BitMeasure::tanimoto;
  std::string kind = "fingerprint-tanimoto";
  std::string parameters;
  const BitKernels* kernels = nullptr;  ///< null: bit_kernels()
};

/// `cols` null: among the rows. Takes 64 bytes an item beside the fingerprints. Throws
/// Error{input} if the two sets differ in their number of bits.
std::unique_ptr<Similarity> fingerprint_similarity(PackedBits rows,
                                                   std::unique_ptr<PackedBits> cols,
                                                   const FingerprintOptions& options);

}  // namespace cupel
