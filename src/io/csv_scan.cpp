#include "io/csv_scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cupel::detail {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kStripe = 64;  // blocks per call of a mask kernel: 2 KiB of masks, in L1

struct BlockMasks {
  std::uint64_t delimiter = 0;
  std::uint64_t line_feed = 0;
  std::uint64_t carriage_return = 0;
  std::uint64_t quote = 0;
};
using MaskKernel = void (*)(const char* bytes, std::size_t n_blocks, const CsvDialect& dialect,
                            BlockMasks* out) noexcept;

void masks_portable(const char* bytes, std::size_t n_blocks, const CsvDialect& dialect,
                    BlockMasks* out) noexcept {
  for (std::size_t b = 0; b < n_blocks; ++b) {
    BlockMasks masks;
    for (std::size_t i = 0; i < kBlock; ++i) {
      const char c = bytes[b * kBlock + i];
      masks.delimiter |= std::uint64_t{c == dialect.delimiter} << i;
      masks.line_feed |= std::uint64_t{c == '\n'} << i;
      masks.carriage_return |= std::uint64_t{c == '\r'} << i;
      masks.quote |= std::uint64_t{c == dialect.quote} << i;
    }
    out[b] = masks;
  }
}

#if defined(__x86_64__)
std::uint64_t equal_sse2(const __m128i* at, __m128i wanted) noexcept {
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(at + i), wanted));
    mask |= std::uint64_t{static_cast<unsigned>(hits)} << (16 * i);
  }
  return mask;
}

void masks_sse2(const char* bytes, std::size_t n_blocks, const CsvDialect& dialect,
                BlockMasks* out) noexcept {
  const __m128i delimiter = _mm_set1_epi8(dialect.delimiter);
  const __m128i quote = _mm_set1_epi8(dialect.quote);
  const __m128i line_feed = _mm_set1_epi8('\n');
  const __m128i carriage_return = _mm_set1_epi8('\r');
  for (std::size_t b = 0; b < n_blocks; ++b) {
    const auto* at = reinterpret_cast<const __m128i*>(bytes + b * kBlock);
    out[b] = {equal_sse2(at, delimiter), equal_sse2(at, line_feed), equal_sse2(at, carriage_return),
              equal_sse2(at, quote)};
  }
}

__attribute__((target("avx2"))) std::uint64_t equal_avx2(__m256i low, __m256i high,
                                                         __m256i wanted) noexcept {
  const int a = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
  const int b = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
  return std::uint64_t{static_cast<unsigned>(a)} | std::uint64_t{static_cast<unsigned>(b)} << 32;
}

__attribute__((target("avx2"))) void masks_avx2(const char* bytes, std::size_t n_blocks,
                                                const CsvDialect& dialect,
                                                BlockMasks* out) noexcept {
  const __m256i delimiter = _mm256_set1_epi8(dialect.delimiter);
  const __m256i quote = _mm256_set1_epi8(dialect.quote);
  const __m256i line_feed = _mm256_set1_epi8('\n');
  const __m256i carriage_return = _mm256_set1_epi8('\r');
  for (std::size_t b = 0; b < n_blocks; ++b) {
    const auto* at = reinterpret_cast<const __m256i*>(bytes + b * kBlock);
    const __m256i low = _mm256_loadu_si256(at);
    const __m256i high = _mm256_loadu_si256(at + 1);
    out[b] = {equal_avx2(low, high, delimiter), equal_avx2(low, high, line_feed),
              equal_avx2(low, high, carriage_return), equal_avx2(low, high, quote)};
  }
}
#endif

MaskKernel kernel_for(SimdLevel level) noexcept {
#if defined(__x86_64__)
  if (level == SimdLevel::avx2) return masks_avx2;
  if (level == SimdLevel::sse2) return masks_sse2;
#endif
  (void)level;
  return masks_portable;
}

/// Calls `use(masks, offset)` for every 64 bytes until it gives false; the last block is padded.
template <typename Use>
void for_each_block(std::string_view text, const CsvDialect& dialect, SimdLevel level,
                    const Use& use) {
  const MaskKernel kernel = kernel_for(level);
  std::array<BlockMasks, kStripe> masks;
  const std::size_t n_whole = text.size() / kBlock;
  for (std::size_t block = 0; block < n_whole; block += kStripe) {
    const std::size_t n = std::min(kStripe, n_whole - block);
    kernel(text.data() + block * kBlock, n, dialect, masks.data());
    for (std::size_t b = 0; b < n; ++b) {
      if (!use(masks[b], (block + b) * kBlock)) return;
    }
  }
  if (const std::size_t rest = text.size() % kBlock; rest != 0) {
    std::array<char, kBlock> padded;
    padded.fill('a');  // nothing special: a delimiter is never a letter
    std::memcpy(padded.data(), text.data() + n_whole * kBlock, rest);
    kernel(padded.data(), 1, dialect, masks.data());
    use(masks[0], n_whole * kBlock);
  }
}

/// Few bits are set as a rule, so this beats the library call of a baseline x86-64.
std::size_t count_bits(std::uint64_t bits) noexcept {
  std::size_t n = 0;
  for (; bits != 0; bits &= bits - 1) ++n;
  return n;
}

/// Bit i = exclusive-or of the bits 0..i.
std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// Walks the masks of one stretch and collects separators; the state is what a block leaves to the
/// next one.
class Indexer {
 public:
  Indexer(std::string_view text, CellIndex& index) : text_(text), index_(index) {
    index_.n_records = index_.n_quoted_line_feeds = index_.problem_at = 0;
    index_.problem = ScanProblem::none;
    index_.ends.resize(std::max(index_.ends.capacity(), text.size() / 8 + 2 * kBlock));
    index_.ends[0] = std::numeric_limits<std::uint32_t>::max();
  }

  /// False once a problem was found.
  bool add_block(const BlockMasks& masks, std::size_t at) {
    std::uint64_t delimiter = masks.delimiter;
    std::uint64_t line_feed = masks.line_feed;
    if ((masks.quote | masks.carriage_return | inside_) != 0 || after_close_) {
      const std::uint64_t inside = prefix_xor(masks.quote) ^ inside_;
      delimiter &= ~inside;
      index_.n_quoted_line_feeds += count_bits(line_feed & inside);
      line_feed &= ~inside;
      if (!check_quotes(masks, delimiter | line_feed, inside, at)) return false;
      inside_ = 0 - (inside >> 63);
    }
    const std::uint64_t separators = delimiter | line_feed;
    after_separator_ = separators >> 63 != 0;
    index_.n_records += count_bits(line_feed);
    collect(separators, at);
    return true;
  }

  void finish() {
    if (inside_ != 0 && index_.problem == ScanProblem::none) {
      index_.problem = ScanProblem::open_quote;
      index_.problem_at = text_.size();
    }
    index_.ends.resize(n_ends_);
    if (!text_.empty() && index_.problem == ScanProblem::none && text_.back() != '\n') {
      index_.ends.push_back(static_cast<std::uint32_t>(text_.size()));
      ++index_.n_records;
    }
  }

 private:
  void collect(std::uint64_t separators, std::size_t at) {
    if (index_.ends.size() < n_ends_ + kBlock) index_.ends.resize(2 * index_.ends.size());
    std::uint32_t* out = index_.ends.data() + n_ends_;
    for (; separators != 0; separators &= separators - 1) {
      *out++ = static_cast<std::uint32_t>(at + static_cast<unsigned>(std::countr_zero(separators)));
    }
    n_ends_ = static_cast<std::size_t>(out - index_.ends.data());
  }

  /// An opening quote follows a separator or a closing quote (a doubled quote is close, open); a
  /// closing one is followed by a separator, a line end or an opening quote.
  bool check_quotes(const BlockMasks& masks, std::uint64_t separators, std::uint64_t inside,
                    std::size_t at) {
    const std::uint64_t open = masks.quote & inside;
    const std::uint64_t close = masks.quote & ~inside;
    const std::uint64_t after_close = (close << 1) | std::uint64_t{after_close_};
    const std::uint64_t may_open =
        (separators << 1) | std::uint64_t{after_separator_} | after_close;
    const std::uint64_t stray = open & ~may_open;
    const std::uint64_t tail =
        after_close & ~(separators | masks.carriage_return | open) & in_text(at);
    const std::uint64_t lone = lone_returns(masks, at) & ~inside;
    after_close_ = close >> 63 != 0;
    const std::uint64_t first = lowest(stray | tail | lone);
    if (first == 0) return true;
    index_.problem = (first & stray) != 0  ? ScanProblem::stray_quote
                     : (first & tail) != 0 ? ScanProblem::text_after_quote
                                           : ScanProblem::lone_return;
    index_.problem_at = at + static_cast<unsigned>(std::countr_zero(first));
    return false;
  }

  [[nodiscard]] std::uint64_t lone_returns(const BlockMasks& masks, std::size_t at) const noexcept {
    std::uint64_t followed = masks.line_feed >> 1;
    const std::size_t next = at + kBlock;
    if (next >= text_.size() || text_[next] == '\n') followed |= std::uint64_t{1} << 63;
    std::uint64_t lone = masks.carriage_return & ~followed;
    if (text_.size() - at <= kBlock) lone &= ~(std::uint64_t{1} << (text_.size() - at - 1));
    return lone;  // a return at the very end is a cut-off line end
  }

  /// Bits of a block that are in the text (the last block is padded).
  [[nodiscard]] std::uint64_t in_text(std::size_t at) const noexcept {
    const std::size_t left = text_.size() - at;
    return left >= kBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
  }

  static std::uint64_t lowest(std::uint64_t bits) noexcept { return bits & (~bits + 1); }

  std::string_view text_;
  CellIndex& index_;
  std::size_t n_ends_ = 1;
  std::uint64_t inside_ = 0;  ///< all ones between quotes
  bool after_close_ = false;
  bool after_separator_ = true;
};

/// Length of the valid UTF-8 sequence at `at`, 0 if there is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// No byte is NUL or beyond ASCII in these eight.
bool is_plain(std::uint64_t word) noexcept {
  return ((word | (word - 0x0101010101010101ULL)) & 0x8080808080808080ULL) == 0;
}

}  // namespace

SimdLevel best_simd_level() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 ? SimdLevel::avx2 : SimdLevel::sse2;
#else
  return SimdLevel::portable;
#endif
}

void index_cells(std::string_view text, const CsvDialect& dialect, SimdLevel level,
                 CellIndex& index) {
  Indexer indexer(text, index);
  for_each_block(text, dialect, level, [&](const BlockMasks& masks, std::size_t at) {
    return indexer.add_block(masks, at);
  });
  indexer.finish();
}

Survey survey(std::string_view text, const CsvDialect& dialect, SimdLevel level) {
  Survey found;
  std::uint64_t inside = 0;
  for_each_block(text, dialect, level, [&](const BlockMasks& masks, std::size_t) {
    std::uint64_t quoted = inside;
    if (masks.quote != 0) {
      quoted ^= prefix_xor(masks.quote);
      inside = 0 - (quoted >> 63);
      found.n_quotes += count_bits(masks.quote);
    }
    found.n_line_feeds_outside += count_bits(masks.line_feed & ~quoted);
    found.n_line_feeds_inside += count_bits(masks.line_feed & quoted);
    return true;
  });
  return found;
}

std::size_t find_invalid_byte(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    while (i + 32 <= text.size()) {
      std::array<std::uint64_t, 4> words;
      std::memcpy(words.data(), text.data() + i, 32);
      if (!(is_plain(words[0]) && is_plain(words[1]) && is_plain(words[2]) && is_plain(words[3]))) {
        break;
      }
      i += 32;
    }
    for (const std::size_t end = std::min(i + 32, text.size()); i < end;) {
      const auto byte = static_cast<unsigned char>(text[i]);
      const std::size_t length = byte >= 0x80 ? sequence_length(text, i) : byte != 0 ? 1 : 0;
      if (length == 0) return i;
      i += length;
    }
  }
  return std::string_view::npos;
}

std::vector<Cut> cut_at_records(std::string_view text, const CsvDialect& dialect, std::size_t step,
                                const std::vector<Survey>& surveys) {
  std::vector<Cut> cuts = {{0, 0}};
  std::size_t n_ends = 0;  // line feeds outside quotes so far
  bool inside = false;
  bool in_last_record = false;
  for (std::size_t s = 0; s < surveys.size(); ++s) {
    // The record that ends at the first such line feed behind the step's begin is number n_ends.
    std::size_t at = s * step;
    if (s > 0 && !in_last_record && at >= cuts.back().begin) {
      for (bool quoted = inside; at < text.size() && (quoted || text[at] != '\n'); ++at) {
        if (text[at] == dialect.quote) quoted = !quoted;
      }
      in_last_record = at + 1 >= text.size();
      if (!in_last_record) cuts.push_back({at + 1, n_ends + 1});
    }
    n_ends += inside ? surveys[s].n_line_feeds_inside : surveys[s].n_line_feeds_outside;
    inside ^= surveys[s].n_quotes % 2 != 0;
  }
  cuts.push_back({text.size(), n_ends + (text.ends_with('\n') ? 0U : 1U)});
  return cuts;
}

}  // namespace cupel::detail
