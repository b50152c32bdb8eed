#pragma once
/// Cells of one or several files as one matrix: genes reordered, rows scaled, log1p taken, with the
/// arithmetic of the tool that a preset repeats (single precision stays single), and kept in memory
/// where that fits, because a preset reads its cells several times.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "cupel/context.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

struct CellPart {
  const CellMatrix* matrix = nullptr;  ///< must outlive the view
  /// Column of the view for every column of the matrix; empty = the same. Must be a permutation.
  std::vector<std::uint32_t> gene_map;
  /// Every value of a row is divided by this; empty = by nothing. 0 leaves the row alone.
  std::vector<double> divisor;
  bool log1p = false;
};

class CellView final : public CellMatrix {
 public:
  /// Parts below each other; all have the same number of columns. A view is computed in float where
  /// no part is wide, else in double; `in_double`: in double whatever the parts are.
  explicit CellView(std::vector<CellPart> parts, bool in_double = false);
  /// Blocks take no more than a quarter of `memory_bytes` from now on. Reads everything once and
  /// keeps it if that takes no more than a quarter (a truth, a prediction and their tests fit).
  void keep_in_memory(std::size_t memory_bytes, const Context& context);
  [[nodiscard]] std::size_t kept_bytes() const noexcept { return kept_bytes_; }

  /// row_sums of the view; read at the first call.
  const std::vector<double>& sums(const Context& context) const;

  [[nodiscard]] const MatrixInfo& info() const noexcept override { return info_; }
  [[nodiscard]] bool is_wide() const noexcept override { return is_wide_; }
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<float>&)>& sink) const override;
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<double>&)>& sink) const override;

 private:
  template <typename V>
  void stream_parts(const StreamOptions& options, const Context& context,
                    const std::function<void(CellBlock<V>&)>& sink) const;
  template <typename V>
  void transform(const CellPart& part, CellBlock<V>& block) const;
  template <typename Held, typename V>
  void stream_held(const std::vector<CellBlock<Held>>& held, const StreamOptions& options,
                   const std::function<void(CellBlock<V>&)>& sink) const;

  std::vector<CellPart> parts_;
  MatrixInfo info_;
  bool is_wide_ = false;
  bool is_held_ = false;
  std::size_t kept_bytes_ = 0;
  mutable std::vector<double> sums_;
  std::size_t block_bytes_ = StreamOptions{}.memory_bytes;
  std::vector<CellBlock<float>> held_single_;
  std::vector<CellBlock<double>> held_double_;
};

/// Sums of the rows, as the tools take them: in float for float, else in double. Sums of counts are
/// exact either way up to 2^24.
std::vector<double> row_sums(const CellMatrix& matrix, const Context& context);

}  // namespace cupel::perturbation
