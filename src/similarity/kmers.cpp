#include "similarity/kmers.hpp"

#include <algorithm>
#include <bit>

namespace cupel {
namespace {

constexpr std::uint32_t kDirectK = 4;  // 26^4 numbers: the code itself is the token's number

/// The k-mers of a sequence by sorting.
void sorted_tokens(const std::string& sequence, std::uint32_t k,
                   std::vector<std::uint32_t>& tokens) {
  for_kmers(sequence, k,
            [&](std::uint64_t code) { tokens.push_back(static_cast<std::uint32_t>(code)); });
}

/// The same by a bit per possible k-mer, which is faster where there are few; `bits` is 0 before
/// and after.
void marked_tokens(const std::string& sequence, std::uint32_t k, std::vector<std::uint64_t>& bits,
                   std::vector<std::uint32_t>& tokens) {
  for_kmers(sequence, k,
            [&](std::uint64_t code) { bits[code / 64] |= std::uint64_t{1} << (code % 64); });
  for (std::size_t word = 0; word < bits.size(); ++word) {
    for (; bits[word] != 0; bits[word] &= bits[word] - 1) {
      tokens.push_back(static_cast<std::uint32_t>(64 * word) +
                       static_cast<std::uint32_t>(std::countr_zero(bits[word])));
    }
  }
}

TokenSets number_directly(const std::vector<std::string>& sequences, std::uint32_t k) {
  constexpr std::size_t kPossible = 26 * 26 * 26;  // 3-mers
  std::vector<std::uint64_t> bits((kPossible + 63) / 64);
  TokenSets sets;
  std::vector<std::uint32_t> tokens;
  for (const auto& sequence : sequences) {
    tokens.clear();
    if (k <= 3) {
      marked_tokens(sequence, k, bits, tokens);
    } else {
      sorted_tokens(sequence, k, tokens);
    }
    sets.add(tokens);
  }
  return sets;
}

/// All k-mers of the sequences, ascending, each once: a k-mer's number is its place.
std::vector<std::uint64_t> dictionary(const std::vector<std::string>& rows,
                                      const std::vector<std::string>* cols, std::uint32_t k) {
  std::vector<std::uint64_t> codes;
  const auto collect = [&](const std::vector<std::string>& sequences) {
    for (const auto& sequence : sequences) {
      for_kmers(sequence, k, [&](std::uint64_t code) { codes.push_back(code); });
    }
  };
  collect(rows);
  if (cols) collect(*cols);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

TokenSets number_by_dictionary(const std::vector<std::string>& sequences, std::uint32_t k,
                               const std::vector<std::uint64_t>& codes) {
  TokenSets sets;
  std::vector<std::uint32_t> tokens;
  for (const auto& sequence : sequences) {
    tokens.clear();
    for_kmers(sequence, k, [&](std::uint64_t code) {
      const auto place = std::lower_bound(codes.begin(), codes.end(), code);
      tokens.push_back(static_cast<std::uint32_t>(place - codes.begin()));
    });
    sets.add(tokens);
  }
  return sets;
}

/// The finaliser of SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195): one to one, so
/// different k-mers never collide.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9ULL;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

using Sketch = std::vector<std::uint64_t>;

std::vector<Sketch> sketches(const std::vector<std::string>& sequences,
                             const MinHashOptions& options) {
  const std::uint64_t salt = mixed(options.seed + 0x9E3779B97F4A7C15ULL);
  std::vector<Sketch> made;
  for (const auto& sequence : sequences) {
    Sketch hashes;
    for_kmers(sequence, options.k,
              [&](std::uint64_t code) { hashes.push_back(mixed(code ^ salt)); });
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    hashes.resize(std::min<std::size_t>(hashes.size(), options.sketch));
    hashes.shrink_to_fit();
    made.push_back(std::move(hashes));
  }
  return made;
}

double estimate(const Sketch& a, const Sketch& b, std::size_t size) noexcept {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t n_union = 0;
  std::size_t n_shared = 0;
  while (n_union < size && i < a.size() && j < b.size()) {
    const bool same = a[i] == b[j];
    const bool step_a = a[i] <= b[j];
    const bool step_b = b[j] <= a[i];
    n_shared += same ? 1 : 0;
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
    ++n_union;
  }
  n_union = std::min(size, n_union + (a.size() - i) + (b.size() - j));
  return n_union == 0 ? 0.0 : static_cast<double>(n_shared) / static_cast<double>(n_union);
}

class MinHash final : public Similarity {
 public:
  MinHash(std::vector<Sketch> rows, std::optional<std::vector<Sketch>> cols, MinHashOptions options)
      : rows_(std::move(rows)), own_cols_(std::move(cols)), options_(std::move(options)) {}

  std::string_view kind() const noexcept override { return "minhash-jaccard"; }
  std::string parameters() const override { return options_.parameters; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols_().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  void values(Range rows, Range cols, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
        out[k] = estimate(rows_[i], cols_()[j], options_.sketch);
      }
    }
  }

 private:
  const std::vector<Sketch>& cols_() const noexcept { return own_cols_ ? *own_cols_ : rows_; }
  std::vector<Sketch> rows_;
  std::optional<std::vector<Sketch>> own_cols_;
  MinHashOptions options_;
};

}  // namespace

KmerSets kmer_sets(const std::vector<std::string>& rows, const std::vector<std::string>* cols,
                   std::uint32_t k) {
  KmerSets sets;
  if (k <= kDirectK) {
    sets.rows = number_directly(rows, k);
    if (cols) sets.cols = number_directly(*cols, k);
    return sets;
  }
  const auto codes = dictionary(rows, cols, k);
  sets.rows = number_by_dictionary(rows, k, codes);
  if (cols) sets.cols = number_by_dictionary(*cols, k, codes);
  return sets;
}

std::unique_ptr<Similarity> make_minhash(const std::vector<std::string>& rows,
                                         const std::vector<std::string>* cols,
                                         const MinHashOptions& options) {
  std::optional<std::vector<Sketch>> col_sketches;
  if (cols) col_sketches = sketches(*cols, options);
  return std::make_unique<MinHash>(sketches(rows, options), std::move(col_sketches), options);
}

}  // namespace cupel
