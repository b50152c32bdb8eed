// The kernels of align_kernels.hpp, written once with the compiler's vector types. Included by one
// file per instruction set, which defines kVectorBytes first; everything is local to that file, so
// that no other one can be given its instructions.
#include "simd/align_kernels.hpp"

namespace cupel {
namespace {

template <typename Lane>
struct Vector {
  typedef Lane Type __attribute__((vector_size(kVectorBytes), may_alias));
  static constexpr std::size_t kLanes = kVectorBytes / sizeof(Lane);
};

enum class Ends { charged, free, local };

template <typename Lane>
inline typename Vector<Lane>::Type filled(Lane value) noexcept {
  return typename Vector<Lane>::Type{} + value;
}

template <typename V>
inline V larger(V a, V b) noexcept {
  return a > b ? a : b;
}

template <typename Lane, Ends ends>
class Aligner {
  using V = typename Vector<Lane>::Type;
  static constexpr std::size_t kLanes = Vector<Lane>::kLanes;

 public:
  explicit Aligner(const AlignTask<Lane>& task) noexcept
      : task_(task),
        lengths_(*reinterpret_cast<const V*>(task.lengths)),
        h_(reinterpret_cast<V*>(task.work)),
        e_(reinterpret_cast<V*>(task.work) + task.n_query),
        best_(filled<Lane>(0)) {}

  void run() noexcept {
    for (std::size_t i = 0; i < task_.n_query; ++i) {
      h_[i] = border(i + 1);
      e_[i] = h_[i] - filled<Lane>(ends == Ends::local ? task_.open : task_.open - task_.extend);
    }
    std::size_t column = 0;
    while (column < task_.n_columns) {
      const std::size_t room = columns_until_end(column);
      if (room >= 4) {
        pass<4>(column);
        column += 4;
      } else {
        pass<1>(column);
        column += 1;
      }
      if (ends == Ends::free) take_last_column(column);
    }
    *reinterpret_cast<V*>(task_.best) = best_;
  }

 private:
  /// H' on the first row or column: 0 for an empty alignment.
  V border(std::size_t n) const noexcept {
    if (ends == Ends::free) return filled<Lane>(static_cast<Lane>(n) * task_.extend);
    if (ends == Ends::charged) return filled<Lane>(n == 0 ? 0 : task_.extend - task_.open);
    return filled<Lane>(0);
  }

  /// With free ends a pass must stop where a target ends, because its last column counts.
  std::size_t columns_until_end(std::size_t column) const noexcept {
    std::size_t room = task_.n_columns - column;
    if (ends != Ends::free) return room;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const auto length = static_cast<std::size_t>(task_.lengths[lane]);
      if (length > column && length - column < room) room = length - column;
    }
    return room;
  }

  template <int width>
  void pass(std::size_t column) noexcept {
    const V open = filled<Lane>(ends == Ends::local ? task_.open : task_.open - task_.extend);
    const V extend = filled<Lane>(task_.extend);
    V f[width];
    V diagonal[width];
    V top[width];
    for (int c = 0; c < width; ++c) {
      diagonal[c] = border(column + static_cast<std::size_t>(c));
      f[c] = border(column + static_cast<std::size_t>(c) + 1) - open;
      top[c] = filled<Lane>(0);
    }
    const Lane* const profile = task_.profile + column * kAlignLetters * kLanes;
    for (std::size_t i = 0; i < task_.n_query; ++i) {
      const Lane* const adds = profile + task_.query[i] * kLanes;
      V e = e_[i];
      V left = h_[i];
      for (int c = 0; c < width; ++c) {
        const auto place = static_cast<std::size_t>(c) * kAlignLetters * kLanes;
        V h = diagonal[c] + *reinterpret_cast<const V*>(adds + place);
        h = larger(larger(h, e), f[c]);
        diagonal[c] = left;
        if constexpr (ends == Ends::local) {
          h = larger(h, filled<Lane>(0));
          top[c] = larger(top[c], h);
          e = larger(e - extend, h - open);
          f[c] = larger(f[c] - extend, h - open);
        } else {
          const V opened = h - open;
          e = larger(e, opened);
          f[c] = larger(f[c], opened);
        }
        left = h;
      }
      e_[i] = e;
      h_[i] = left;
    }
    for (int c = 0; c < width; ++c) {
      const V last_row = c + 1 < width ? diagonal[c + 1] : h_[task_.n_query - 1];
      take_last_row(column + static_cast<std::size_t>(c) + 1,
                    ends == Ends::local ? top[c] : last_row);
    }
  }

  /// `n` columns are done: what lanes of at least this length can end with.
  void take_last_row(std::size_t n, V value) noexcept {
    const V count = filled<Lane>(static_cast<Lane>(n));
    if (ends == Ends::local) {
      best_ = (count <= lengths_) & (value > best_) ? value : best_;
      return;
    }
    value -= filled<Lane>(static_cast<Lane>(task_.n_query + n) * task_.extend);
    if (ends == Ends::charged) {
      best_ = count == lengths_ ? value : best_;
    } else {
      best_ = (count <= lengths_) & (value > best_) ? value : best_;
    }
  }

  void take_last_column(std::size_t n) noexcept {
    bool any = false;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      any = any || static_cast<std::size_t>(task_.lengths[lane]) == n;
    }
    if (!any) return;
    V top = filled<Lane>(0);
    V tilt = filled<Lane>(static_cast<Lane>(n + 1) * task_.extend);
    for (std::size_t i = 0; i < task_.n_query; ++i) {
      top = larger(top, h_[i] - tilt);
      tilt += filled<Lane>(task_.extend);
    }
    const V count = filled<Lane>(static_cast<Lane>(n));
    best_ = (count == lengths_) & (top > best_) ? top : best_;
  }

  const AlignTask<Lane>& task_;
  const V lengths_;
  V* const h_;  ///< H' of the last column done, per query position
  V* const e_;  ///< gap in the query, for the next column
  V best_;
};

template <typename Lane, Ends ends>
void align(const AlignTask<Lane>& task) noexcept {
  Aligner<Lane, ends>(task).run();
}

template <int width>
inline void first_pass(const FirstTask& task, std::size_t column,
                       Vector<std::int32_t>::Type& best) noexcept {
  using V = Vector<std::int32_t>::Type;
  constexpr std::size_t kLanes = Vector<std::int32_t>::kLanes;
  const V left_mark = filled(task.left_mark);
  const V up_mark = filled(task.up_mark);
  const V keep = filled(task.keep);
  V* const cells = reinterpret_cast<V*>(task.work);
  V diagonal[width];
  V up[width];
  for (int c = 0; c < width; ++c) diagonal[c] = up[c] = V{};
  const std::int32_t* const profile = task.profile + column * kAlignLetters * kLanes;
  for (std::size_t i = 0; i < task.n_query; ++i) {
    const std::int32_t* const adds = profile + task.query[i] * kLanes;
    V left = cells[i];
    for (int c = 0; c < width; ++c) {
      const auto place = static_cast<std::size_t>(c) * kAlignLetters * kLanes;
      V cell = diagonal[c] + *reinterpret_cast<const V*>(adds + place);
      cell = larger(larger(cell, up[c] | up_mark), left | left_mark) & keep;
      diagonal[c] = left;
      up[c] = cell;
      left = cell;
    }
    cells[i] = left;
  }
  const V lengths = *reinterpret_cast<const V*>(task.lengths);
  for (int c = 0; c < width; ++c) {
    const V count = filled(static_cast<std::int32_t>(column) + c + 1);
    best = count == lengths ? up[c] : best;
  }
}

inline void first(const FirstTask& task) noexcept {
  using V = Vector<std::int32_t>::Type;
  V* const cells = reinterpret_cast<V*>(task.work);
  for (std::size_t i = 0; i < task.n_query; ++i) cells[i] = V{};
  V best{};
  std::size_t column = 0;
  for (; column + 4 <= task.n_columns; column += 4) first_pass<4>(task, column, best);
  for (; column < task.n_columns; ++column) first_pass<1>(task, column, best);
  *reinterpret_cast<V*>(task.best) = best;
}

/// Bit-parallel longest common subsequence (Crochemore et al. 2001,
/// doi:10.1016/S0020-0190(00)00217-2; Hyyro 2004): zeros of v are the steps of the length.
inline void common(const CommonTask& task) noexcept {
  using V = Vector<std::uint64_t>::Type;
  constexpr std::size_t kParts = CommonTask::kLanes * sizeof(std::uint64_t) / kVectorBytes;
  constexpr std::size_t kLanes = Vector<std::uint64_t>::kLanes;
  V* const words = reinterpret_cast<V*>(task.work);
  const V* const masks = reinterpret_cast<const V*>(task.masks);
  for (std::size_t w = 0; w < task.n_words * kParts; ++w) words[w] = ~V{};
  for (std::size_t i = 0; i < task.n_query; ++i) {
    const V* const mask = masks + task.query[i] * task.n_words * kParts;
    for (std::size_t part = 0; part < kParts; ++part) {
      V carry{};
      for (std::size_t w = part; w < task.n_words * kParts; w += kParts) {
        const V v = words[w];
        const V u = v & mask[w];
        const V sum = v + u;
        const V carried = sum + carry;
        carry = (sum < u) | (carried < sum) ? V{} + 1U : V{};
        words[w] = carried | (v & ~u);
      }
    }
  }
  for (std::size_t lane = 0; lane < CommonTask::kLanes; ++lane) {
    std::uint32_t n = 0;
    for (std::size_t w = 0; w < task.n_words; ++w) {
      const std::size_t at = w * CommonTask::kLanes + lane;
      n += static_cast<std::uint32_t>(__builtin_popcountll(~words[at / kLanes][at % kLanes]));
    }
    task.common[lane] = n;
  }
}

constexpr AlignKernels kernels_named(const char* name) noexcept {
  return {name,
          Vector<std::int32_t>::kLanes,
          Vector<std::int64_t>::kLanes,
          align<std::int32_t, Ends::charged>,
          align<std::int32_t, Ends::free>,
          align<std::int32_t, Ends::local>,
          align<std::int64_t, Ends::charged>,
          align<std::int64_t, Ends::free>,
          align<std::int64_t, Ends::local>,
          first,
          common};
}

}  // namespace
}  // namespace cupel
