#include <algorithm>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "io/scaffolds.hpp"

namespace cupel {
namespace {

/// A molecule that has a core, and what else it has.
struct Member {
  std::uint32_t molecule = 0;
  const SingleCut* cut = nullptr;
};

/// The cores that at least two molecules share, the largest first, and who shares them.
struct CoreIndex {
  std::vector<Member> members;                          ///< by core, then molecule
  std::vector<std::size_t> begin{0};                    ///< of a core's members
  std::vector<std::vector<std::uint32_t>> of_molecule;  ///< its cores, ascending
};

/// One molecule has one substituent on a core: two cuts with one core give the same molecule back.
CoreIndex index_cores(const std::vector<std::vector<SingleCut>>& cuts) {
  std::vector<Member> all;
  for (std::uint32_t i = 0; i < cuts.size(); ++i) {
    for (const SingleCut& cut : cuts[i]) all.push_back({i, &cut});
  }
  std::sort(all.begin(), all.end(), [](const Member& a, const Member& b) {
    if (a.cut->core_atoms != b.cut->core_atoms) return a.cut->core_atoms > b.cut->core_atoms;
    const int order = a.cut->core.compare(b.cut->core);
    if (order != 0) return order < 0;
    if (a.molecule != b.molecule) return a.molecule < b.molecule;
    return a.cut->substituent < b.cut->substituent;
  });
  CoreIndex index;
  index.of_molecule.resize(cuts.size());
  for (std::size_t k = 0; k < all.size();) {
    std::size_t end = k;
    const std::size_t first = index.members.size();
    for (; end < all.size() && all[end].cut->core == all[k].cut->core; ++end) {
      if (end == k || all[end].molecule != all[end - 1].molecule) index.members.push_back(all[end]);
    }
    if (index.members.size() - first < 2) {
      index.members.resize(first);
    } else {
      const auto core = static_cast<std::uint32_t>(index.begin.size() - 1);
      for (std::size_t m = first; m < index.members.size(); ++m) {
        index.of_molecule[index.members[m].molecule].push_back(core);
      }
      index.begin.push_back(index.members.size());
    }
    k = end;
  }
  return index;
}

std::uint32_t difference(std::uint32_t a, std::uint32_t b) noexcept {
  return a > b ? a - b : b - a;
}

/// Appends the pairs of molecule `i` with later ones. `partner[j]` == i: j has its pair with i (its
/// cores come largest first, so the first one to fit is the one).
void pairs_of(std::uint32_t i, const CoreIndex& index, const MatchedPairOptions& options,
              const std::function<bool(std::uint32_t, std::uint32_t)>& wanted,
              std::vector<std::uint32_t>& partner, std::vector<MatchedPair>& out) {
  const std::size_t first_pair = out.size();
  for (const std::uint32_t core : index.of_molecule[i]) {
    const auto begin = index.members.begin() + static_cast<std::ptrdiff_t>(index.begin[core]);
    const auto end = index.members.begin() + static_cast<std::ptrdiff_t>(index.begin[core + 1]);
    auto member = std::lower_bound(begin, end, i, [](const Member& a, std::uint32_t molecule) {
      return a.molecule < molecule;
    });
    const SingleCut& own = *member->cut;
    for (++member; member != end; ++member) {
      const std::uint32_t j = member->molecule;
      const SingleCut& other = *member->cut;
      if (partner[j] == i ||
          difference(own.substituent_atoms, other.substituent_atoms) > options.max_difference ||
          own.substituent == other.substituent)
        continue;
      partner[j] = i;
      if (wanted && !wanted(i, j)) continue;
      out.push_back({.first = i,
                     .second = j,
                     .core = own.core,
                     .substituent_first = own.substituent,
                     .substituent_second = other.substituent,
                     .core_atoms = own.core_atoms,
                     .atoms_first = own.substituent_atoms,
                     .atoms_second = other.substituent_atoms});
    }
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(first_pair), out.end(),
            [](const MatchedPair& a, const MatchedPair& b) { return a.second < b.second; });
}

}  // namespace

std::vector<MatchedPair> matched_pairs(
    std::span<const std::string> smiles, const MatchedPairOptions& options, const Context& context,
    const std::function<bool(std::uint32_t, std::uint32_t)>& wanted) {
  constexpr std::size_t kChunk = 128;
  const auto cuts = single_cuts(smiles, options, context);
  const CoreIndex index = index_cores(cuts);
  const std::size_t n_chunks = (smiles.size() + kChunk - 1) / kChunk;
  std::vector<std::vector<MatchedPair>> of_chunk(n_chunks);
  parallel_for(context, n_chunks, [&](std::size_t chunk) {
    std::vector<std::uint32_t> partner(smiles.size(), std::numeric_limits<std::uint32_t>::max());
    const std::size_t end = std::min((chunk + 1) * kChunk, smiles.size());
    for (std::size_t i = chunk * kChunk; i < end; ++i) {
      context.check_cancelled();
      pairs_of(static_cast<std::uint32_t>(i), index, options, wanted, partner, of_chunk[chunk]);
    }
  });
  std::vector<MatchedPair> pairs;
  for (auto& part : of_chunk) {
    pairs.insert(pairs.end(), std::make_move_iterator(part.begin()),
                 std::make_move_iterator(part.end()));
    part = {};
  }
  return pairs;
}

}  // namespace cupel
