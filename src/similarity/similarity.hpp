#pragma once
/// How alike are the items of two sets, or of one set among itself: the interface between kernels
/// (fingerprints, sequences, vectors, sets) and the tile engine, which knows no kernel by name.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
};

/// A pair and its similarity.
struct Hit {
  std::uint32_t row = 0;
  std::uint32_t col = 0;
  double value = 0.0;
};

/// Rows and columns of one call of a kernel.
struct TileShape {
  std::size_t rows = 64;
  std::size_t cols = 1024;
};

/// Larger = more alike. Values are finite, do not depend on the tile or the thread, and, for a
/// symmetric one, s(i, j) == s(j, i) to the bit. Const members may be called from any thread.
class Similarity {
 public:
  virtual ~Similarity() = default;
  [[nodiscard]] virtual std::string_view kind() const noexcept = 0;  ///< "ecfp-tanimoto"
  /// Canonical text of all options that change a value: "radius=2;bits=2048".
  [[nodiscard]] virtual std::string parameters() const = 0;
  [[nodiscard]] virtual std::size_t n_rows() const noexcept = 0;
  [[nodiscard]] virtual std::size_t n_cols() const noexcept = 0;
  /// Rows and columns are the same items: the engine then visits row < col only.
  [[nodiscard]] virtual bool is_symmetric() const noexcept = 0;
  /// Instruction set that the kernel runs on ("avx512", "avx2", "portable"); "" = no choice.
  [[nodiscard]] virtual std::string instruction_set() const { return {}; }
  [[nodiscard]] virtual TileShape tile_shape() const noexcept { return {}; }
  /// Values of a tile, row-major: out[(i - rows.begin) * cols.size() + (j - cols.begin)].
  virtual void values(Range rows, Range cols, std::span<double> out) const = 0;
  /// Appends the pairs of the tile with value >= threshold, by row, then column. The default goes
  /// through `values`; kernels that can decide without dividing override it, with the same result.
  virtual void at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const;
  /// The same with a threshold for every row of the tile. The default goes through `at_least` with
  /// the lowest of them.
  virtual void at_least_each(Range rows, Range cols, std::span<const double> thresholds,
                             std::vector<Hit>& out) const;
  /// `at_least` costs less than half of `values` where few pairs reach the threshold.
  [[nodiscard]] virtual bool screens() const noexcept { return false; }
  /// One pair. The default goes through `values`.
  [[nodiscard]] virtual double at(std::size_t row, std::size_t col) const;
};

}  // namespace cupel
