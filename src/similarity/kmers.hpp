#pragma once
/// k-mers of sequences: as sets, and as MinHash sketches (Broder 1997,
/// doi:10.1109/SEQUEN.1997.666900; Mash: Ondov et al. 2016, doi:10.1186/s13059-016-0997-x).
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "similarity/similarity.hpp"
#include "similarity/token_sets.hpp"

namespace cupel {

constexpr std::uint32_t kLongestKmer = 13;  ///< 26^13 < 2^64

/// Calls take(code) for every k-mer of a sequence of letters A-Z, in order; code = its digits in
/// base 26.
template <typename Take>
void for_kmers(const std::string& sequence, std::uint32_t k, const Take& take) {
  std::uint64_t highest = 1;
  for (std::uint32_t i = 1; i < k; ++i) highest *= 26;
  std::uint64_t code = 0;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    code = code % highest * 26 + static_cast<std::uint64_t>(sequence[i] - 'A');
    if (i + 1 >= k) take(code);
  }
}

struct KmerSets {
  TokenSets rows;
  std::optional<TokenSets> cols;
};
/// The distinct k-mers of each sequence; one shorter than k has none. Both sides number alike.
KmerSets kmer_sets(const std::vector<std::string>& rows, const std::vector<std::string>* cols,
                   std::uint32_t k);

struct MinHashOptions {
  std::uint32_t k = 3;
  std::uint32_t sketch = 256;
  std::uint64_t seed = 0;
  std::string parameters;
};
/// An estimate of the k-mer Jaccard index from the `sketch` smallest hashes of each sequence: the
/// share of the smallest hashes of the union that both hold. Exact where a union is not larger than
/// the sketch. Standard error about sqrt(J (1 - J) / sketch).
std::unique_ptr<Similarity> make_minhash(const std::vector<std::string>& rows,
                                         const std::vector<std::string>* cols,
                                         const MinHashOptions& options);

}  // namespace cupel
