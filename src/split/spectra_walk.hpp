#pragma once
/// The walks of the SPECTRA variants: which nodes they keep, in which order, and why they drop the
/// others. spectra.hpp divides what they keep into training and test.
#include <vector>

#include "split/spectra.hpp"

namespace cupel::detail {

struct SpectraWalk {
  std::vector<std::uint32_t> kept;       ///< samples, in order, without those of cliques
  std::vector<std::uint32_t> in_clique;  ///< samples of clique units, unit after unit
  std::size_t n_cliques = 0;
  std::vector<SpectraLeftOut> left_out;  ///< per sample
};

SpectraWalk walk_spectrae(const SpectraGraph& graph, const SpectraComponents& components,
                          const SpectraSpec& spec);
SpectraWalk walk_paper_sd(const SpectraGraph& graph, const SpectraSpec& spec);
SpectraWalk walk_v2(const SpectraGraph& graph, const SpectraSpec& spec);

/// paper-msd: walk and division come from one random sequence.
struct MsdDivision {
  SpectraWalk walk;
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};
MsdDivision divide_paper_msd(const SpectraGraph& graph, const SpectraSpec& spec);

}  // namespace cupel::detail
