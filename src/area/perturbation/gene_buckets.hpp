#pragma once
/// The values of streamed cells gene by gene: a transposition that does not know how many values a
/// gene will have. Every gene owns a chain of small chunks, cut from large slabs of memory.
///
/// Blocks of cells are taken in by ranges of genes, each range by one thread, so that few places
/// are written to at a time. Within a gene the values are in the order of the cells, whatever the
/// threads. When memory ends, the last genes are dropped, to be read in another pass over the file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "cupel/context.hpp"
#include "io/cells.hpp"
#include "io/huge_pages.hpp"
#include "stat/radix_sort.hpp"

namespace cupel::perturbation {

/// Group of a cell that takes no part.
template <typename C>
inline constexpr C kNoGroup = std::numeric_limits<C>::max();

/// V: float or double; C: unsigned integer that holds a group.
template <typename V, typename C>
class GeneBuckets {
 public:
  using Key = OrderKey<V>;
  static constexpr std::size_t kChunk = 256;  ///< values
  static constexpr std::size_t kBytesPerValue = sizeof(Key) + sizeof(C);

  /// Genes [first, last) of the matrix. At least one gene is kept, whatever the memory.
  GeneBuckets(std::size_t first, std::size_t last, std::size_t memory_bytes)
      : first_(first),
        last_(last),
        max_chunks_(std::max<std::size_t>(memory_bytes / kChunkBytes, 1)),
        genes_(last - first) {}

  [[nodiscard]] std::size_t first() const noexcept { return first_; }
  [[nodiscard]] std::size_t last() const noexcept { return last_; }

  /// `group` is that of each row of the block. Zeros are not kept.
  void add(const CellBlock<V>& block, std::span<const C> group, const Context& context) {
    make_room(block);
    const std::size_t n_ranges = (last_ - first_ + kRange - 1) / kRange;
    parallel_for(context, n_ranges, [&](std::size_t r) {
      const std::size_t begin = first_ + r * kRange;
      const std::size_t end = std::min(begin + kRange, last_);
      for (std::size_t row = 0; row < block.n_rows; ++row) {
        if (group[row] != kNoGroup<C>) add_row(block, row, begin, end, group[row]);
      }
    });
  }

  /// All of a gene of [first, last), in the order of the cells.
  void gather(std::size_t gene, LabelledKeys<Key, C>& to) const {
    const Gene& bucket = genes_[gene - first_];
    to.resize(bucket.n);
    std::size_t at = 0;
    for (std::uint32_t chunk = bucket.head; at < bucket.n; chunk = next_[chunk]) {
      const std::size_t n = std::min(kChunk, bucket.n - at);
      const std::byte* begin = place(chunk);
      std::memcpy(to.keys.data() + at, begin, n * sizeof(Key));
      std::memcpy(to.labels.data() + at, begin + kChunk * sizeof(Key), n * sizeof(C));
      at += n;
    }
  }

 private:
  static constexpr std::size_t kChunkBytes = kChunk * kBytesPerValue;
  static constexpr std::size_t kChunksPerSlab = (std::size_t{32} << 20) / kChunkBytes;
  static constexpr std::size_t kRange = 512;  // genes a thread writes to at a time

  struct Gene {
    std::byte* tail = nullptr;
    std::size_t n = 0;
    std::uint32_t head = 0;
    std::uint32_t tail_index = 0;
  };

  [[nodiscard]] std::byte* place(std::uint32_t chunk) const noexcept {
    return slabs_[chunk / kChunksPerSlab].get() + chunk % kChunksPerSlab * kChunkBytes;
  }

  void add_row(const CellBlock<V>& block, std::size_t row, std::size_t begin, std::size_t end,
               C group) {
    if (!block.is_sparse) {
      const V* values = block.values.data() + row * block.n_cols;
      for (std::size_t gene = begin; gene < end; ++gene) put(gene, values[gene], group);
      return;
    }
    const auto columns =
        std::span(block.columns)
            .subspan(block.row_begin[row], block.row_begin[row + 1] - block.row_begin[row]);
    const V* values = block.values.data() + block.row_begin[row];
    auto i = static_cast<std::size_t>(
        std::ranges::lower_bound(columns, static_cast<std::uint32_t>(begin)) - columns.begin());
    for (; i < columns.size() && columns[i] < end; ++i) put(columns[i], values[i], group);
  }

  void put(std::size_t gene, V value, C group) {
    if (value == V{0}) return;
    Gene& bucket = genes_[gene - first_];
    const std::size_t slot = bucket.n % kChunk;
    if (slot == 0) append_chunk(bucket);
    const Key key = order_key(value);
    std::memcpy(bucket.tail + slot * sizeof(Key), &key, sizeof(Key));
    std::memcpy(bucket.tail + kChunk * sizeof(Key) + slot * sizeof(C), &group, sizeof(C));
    ++bucket.n;
  }

  void append_chunk(Gene& bucket) {
    const std::lock_guard lock(mutex_);
    const std::uint32_t chunk = free_.back();
    free_.pop_back();
    if (bucket.n == 0) {
      bucket.head = chunk;
    } else {
      next_[bucket.tail_index] = chunk;
    }
    bucket.tail_index = chunk;
    bucket.tail = place(chunk);
  }

  // So many free chunks that the block fits, whichever genes its values are of.
  void make_room(const CellBlock<V>& block) {
    while (true) {
      const std::size_t n_genes = last_ - first_;
      const std::size_t n_values = block.is_sparse && n_genes > 1
                                       ? block.values.size()
                                       : block.n_rows * std::min(n_genes, block.n_cols);
      const std::size_t needed = n_values / kChunk + n_genes;
      while (free_.size() < needed && (n_chunks_ < max_chunks_ || n_genes == 1)) add_slab();
      if (free_.size() >= needed) return;
      drop_last_gene();
    }
  }

  void add_slab() {
    const std::size_t n =
        last_ - first_ == 1 ? kChunksPerSlab : std::min(kChunksPerSlab, max_chunks_ - n_chunks_);
    const std::size_t begin = slabs_.size() * kChunksPerSlab;
    slabs_.push_back(std::make_unique_for_overwrite<std::byte[]>(n * kChunkBytes));
    detail::advise_huge_pages(slabs_.back().get(), n * kChunkBytes);
    for (std::size_t i = n; i-- > 0;) free_.push_back(static_cast<std::uint32_t>(begin + i));
    next_.resize(begin + kChunksPerSlab);
    n_chunks_ += n;
  }

  void drop_last_gene() {
    const Gene& bucket = genes_.back();
    std::uint32_t chunk = bucket.head;
    for (std::size_t at = 0; at < bucket.n; at += kChunk) {
      free_.push_back(chunk);
      chunk = next_[chunk];
    }
    genes_.pop_back();
    --last_;
  }

  std::size_t first_;
  std::size_t last_;
  std::size_t max_chunks_;
  std::size_t n_chunks_ = 0;
  std::vector<Gene> genes_;
  std::vector<std::unique_ptr<std::byte[]>> slabs_;
  std::vector<std::uint32_t> next_;  // chunk after this one in its chain
  std::vector<std::uint32_t> free_;
  std::mutex mutex_;
};

}  // namespace cupel::perturbation
