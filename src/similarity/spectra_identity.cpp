/// All pairs of spectra_identity by the kernel FirstTask. With match 2, mismatch -4 and gap -5 (in
/// halves) and 5 added per letter, a match adds 12, a mismatch 6 and a gap nothing: in units of 6,
/// the score is identities + pairs. So a cell holds (identities + pairs | mark | identities), and
/// columns = both lengths - pairs.
#include <algorithm>
#include <bit>
#include <optional>

#include "similarity/alignment.hpp"
#include "similarity/alignment_identity.hpp"
#include "similarity/alignment_items.hpp"

namespace cupel {
namespace {

double identity_of(std::size_t length_a, std::size_t length_b, std::size_t identities,
                   std::size_t pairs) {
  const std::size_t columns = length_a + length_b - pairs;
  return 1.0 - static_cast<double>(columns - identities) / static_cast<double>(columns);
}

class SpectraIdentity final : public Similarity {
 public:
  SpectraIdentity(const std::vector<std::string>& rows, const std::vector<std::string>* cols,
                  const AlignKernels& kernels)
      : rows_(rows, {}), kernels_(kernels) {
    if (cols) own_cols_.emplace(*cols, AlignmentScoring{});
  }
  std::string_view kind() const noexcept override { return "spectra-identity"; }
  std::string parameters() const override { return "orientation=row,column"; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  std::string instruction_set() const override { return kernels_.name; }
  TileShape tile_shape() const noexcept override { return {.rows = 64, .cols = 1024}; }

  void values(Range rows, Range col_range, std::span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);  // of empty sequences
    run(rows, col_range, {}, [&](std::uint32_t i, std::uint32_t j, double value) {
      out[(i - rows.begin) * col_range.size() + (j - col_range.begin)] = value;
    });
  }

  void at_least(Range rows, Range col_range, double threshold,
                std::vector<Hit>& out) const override {
    if (threshold <= 0.0) {
      Similarity::at_least(rows, col_range, threshold, out);
      return;
    }
    const auto n_before = static_cast<std::ptrdiff_t>(out.size());
    run(rows, col_range, threshold, [&](std::uint32_t i, std::uint32_t j, double value) {
      if (value >= threshold) out.push_back({i, j, value});
    });
    std::sort(out.begin() + n_before, out.end(), [](const Hit& a, const Hit& b) {
      return a.row != b.row ? a.row < b.row : a.col < b.col;
    });
  }

 private:
  using List = std::span<const std::uint32_t>;
  const AlignedItems& cols() const noexcept { return own_cols_ ? *own_cols_ : rows_; }

  /// The row is the second of the two sequences.
  bool is_second(std::uint32_t row, std::uint32_t col) const noexcept {
    return is_symmetric() && col < row;
  }

  /// Calls take(row, col, value) for all pairs, or for all that may reach the threshold.
  template <typename Take>
  void run(Range rows, Range col_range, std::optional<double> threshold, const Take& take) const {
    const auto queries = by_length(rows_, rows);
    const auto targets = by_length(cols(), col_range);
    if (queries.empty()) return;
    Memory memory{.present = letters_of(rows_, queries), .screen = CommonScreen(kernels_)};
    for (std::size_t first = 0; first < targets.size(); first += kernels_.lanes32) {
      const auto group =
          List(targets).subspan(first, std::min(kernels_.lanes32, targets.size() - first));
      align_group(queries, group, threshold, memory, take);
    }
  }

  struct Memory {
    LetterSet present;
    CommonScreen screen;
    Aligned<std::int32_t> profile;
    Aligned<std::int32_t> work;
  };

  template <typename Take>
  void align_group(List queries, List group, std::optional<double> threshold, Memory& memory,
                   const Take& take) const {
    const std::size_t longest = cols().length(group.back());
    const std::size_t pairs = std::min(longest, rows_.length(queries.back()));
    const int bits = static_cast<int>(std::bit_width(pairs));  // of the identities
    if (2 * bits + 4 > 31) {
      align_plainly(queries, group, take);
      return;
    }
    std::array<std::int32_t, kLetters * kLetters> add{};
    for (std::size_t a = 0; a < kLetters; ++a) {
      for (std::size_t b = 0; b < kLetters; ++b) {
        add[a * kLetters + b] = a == b ? (2 << (bits + 2)) + 1 : 1 << (bits + 2);
      }
    }
    alignas(64) std::array<std::int32_t, 16> lengths{};
    alignas(64) std::array<std::int32_t, 16> best{};
    for (std::size_t k = 0; k < group.size(); ++k) {
      lengths[k] = static_cast<std::int32_t>(cols().length(group[k]));
    }
    FirstTask task{.profile = make_profile(cols(), group, memory.present, add, kernels_.lanes32,
                                           memory.profile),
                   .lengths = lengths.data(),
                   .n_columns = longest,
                   .keep = ~(3 << bits),
                   .best = best.data()};
    if (threshold) memory.screen.prepare(cols(), group);
    for (const auto query : queries) {
      if (threshold && is_below(query, group, *threshold, memory.screen)) continue;
      task.query = rows_.letters(query);
      task.n_query = rows_.length(query);
      task.work = memory.work.get(task.n_query * kernels_.lanes32);
      for (const bool second : {false, true}) {
        const auto counts = [&](auto col) { return is_second(query, col) == second; };
        if (std::none_of(group.begin(), group.end(), counts)) continue;
        task.left_mark = (second ? 1 : 2) << bits;
        task.up_mark = (second ? 2 : 1) << bits;
        kernels_.first32(task);
        for (std::size_t k = 0; k < group.size(); ++k) {
          if (!counts(group[k])) continue;
          const auto cell = static_cast<std::size_t>(best[k]);
          const std::size_t identities = cell & ((std::size_t{1} << bits) - 1);
          take(query, group[k],
               identity_of(task.n_query, cols().length(group[k]), identities,
                           (cell >> (bits + 2)) - identities));
        }
      }
    }
  }

  bool is_below(std::uint32_t query, List group, double threshold, CommonScreen& screen) const {
    const auto common = screen.common(rows_, query);
    for (std::size_t k = 0; k < group.size(); ++k) {
      const std::size_t a = rows_.length(query);
      const std::size_t b = cols().length(group[k]);
      if (identity_of(a, b, common[k], std::min(a, b)) >= threshold) return false;
    }
    return true;
  }

  /// Sequences too long for 32 bits.
  template <typename Take>
  void align_plainly(List queries, List group, const Take& take) const {
    for (const auto row : queries) {
      for (const auto col : group) {
        const std::string a = rows_.text(row);
        const std::string b = cols().text(col);
        take(row, col, is_second(row, col) ? spectra_identity(b, a) : spectra_identity(a, b));
      }
    }
  }

  AlignedItems rows_;
  std::optional<AlignedItems> own_cols_;
  const AlignKernels& kernels_;
};

}  // namespace

std::unique_ptr<Similarity> make_spectra_identity(const std::vector<std::string>& rows,
                                                  const std::vector<std::string>* cols,
                                                  const AlignKernels* kernels) {
  return std::make_unique<SpectraIdentity>(rows, cols, kernels ? *kernels : align_kernels());
}

}  // namespace cupel
