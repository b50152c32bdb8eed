#pragma once
/// The splits of SPECTRA (Ektefaie et al. 2024, doi:10.1038/s42256-024-00931-6), in the variants
/// that exist. All walk through the property graph: keep a node, delete its neighbours with a
/// probability that grows with the spectral parameter lambda, go on. What they share and where they
/// differ:
///
// clang-format off
/// | variant | next node | neighbours deleted | left when no edge is left | samples without any edge | before the walk | division |
/// |---|---|---|---|---|---|---|
/// | spectrae-1.0.3, binary | uniform | with probability lambda; lambda = 1: all | kept | lost | a component that is a clique becomes one unit of training; nodes linked to all others of their component are deleted | sklearn, 80/20 |
/// | spectrae-1.0.3, weighted | uniform | with probability lambda, if the weight's percentile is above 100 (1 - lambda); lambda = 1: all | kept | lost | - | sklearn, 80/20 |
/// | paper-sd | uniform | with probability lambda; lambda = 1: all | dropped | nodes as any other | - | sklearn, 80/20 |
/// | paper-msd | highest score, ties by node order | with probability lambda^2; lambda = 1: all | dropped | nodes as any other | - | best of 500 random divisions by counts of nodes and of samples |
/// | 2.0, binary | uniform over a CPython set | with probability lambda | kept | kept | lambda = 0: everything is kept | sklearn, 80/20 |
/// | 2.0, weighted | uniform over a CPython set | all above min + (1 - lambda)(max - min) | kept | kept | lambda = 0: everything is kept | sklearn, 80/20 |
// clang-format on
///
/// spectrae-1.0.3 is the package's to the bit: same lists in the same order, with Python >= 3.7,
/// networkx >= 3.3 and scikit-learn >= 1.0 (checked with 3.11, 3.6.1, 1.9.1), for graphs made in
/// the same session; after spectrae has reloaded its own gexf file ids are strings, and only the
/// order within a clique unit differs (from run to run: it follows the hash of strings). The
/// scripts of paper-sd and paper-msd set no seed, so only their distribution can be met; here they
/// are seeded, and give the same answer for the same seed. 2.0 was never released; its weights are
/// half-precision floats, here they stay as given.
///
/// A split costs O(V log V + edges of the kept nodes). Splits of a series run in parallel.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/overlap.hpp"
#include "split/spectra_graph.hpp"

namespace cupel {

enum class SpectraVariant { spectrae_1_0_3, paper_sd, paper_msd, v2 };
std::string_view to_string(SpectraVariant variant) noexcept;
/// "spectrae-1.0.3", "paper-sd", "paper-msd", "2.0".
std::vector<std::string> spectra_variant_names();
/// Throws Error{usage} with the nearest name.
SpectraVariant parse_spectra_variant(std::string_view name);

/// What the node score of paper-msd is made of; one value per sample of the graph.
/// score = (tau_number * samples / max + tau_mutation * (1 - frequency / max) + tau_degree * (1 -
/// degree / max)) / 3. The weights that the paper used are not recorded.
struct MsdScore {
  std::vector<double> n_samples;           ///< that share the barcode; empty = 1 each
  std::vector<double> mutation_frequency;  ///< mean over the barcode's mutations; empty = equal
  double tau_number = 1.0;
  double tau_mutation = 1.0;
  double tau_degree = 1.0;
};

struct SpectraSpec {
  SpectraVariant variant = SpectraVariant::spectrae_1_0_3;
  double parameter = 0.0;  ///< lambda, 0 to 1
  std::uint32_t seed = 0;
  double test_size = 0.2;
  MsdScore msd;
};

/// Why a sample is in neither part.
enum class SpectraLeftOut : std::uint8_t { none, no_edge, universal, similar, no_live_neighbour };
std::string_view to_string(SpectraLeftOut reason) noexcept;  ///< "no_edge"
std::string_view explain(SpectraLeftOut reason) noexcept;    ///< in words

struct SpectraSplit {
  SpectraSpec spec;
  std::vector<std::uint32_t> train;  ///< samples, in the variant's order
  std::vector<std::uint32_t> test;
  std::vector<SpectraLeftOut> left_out;  ///< per sample
  std::size_t n_units = 0;               ///< kept: single samples and cliques
  std::string refusal;                   ///< why there is no split; empty = there is one

  [[nodiscard]] std::size_t count(SpectraLeftOut reason) const noexcept;
};

/// Throws Error{input} where the variant's own tool stops before it splits: spectrae for a binary
/// graph that is a clique, consists of cliques, is denser than 0.4, or has the clique that kills
/// it.
void check_spectra_graph(const SpectraGraph& graph, const SpectraComponents& components,
                         SpectraVariant variant);

/// One split; one with `refusal` if too few samples are left (spectrae: <= 5 units, 2.0: <= 10).
/// Throws Error{usage} for a parameter outside [0, 1]. Run check_spectra_graph before.
SpectraSplit make_spectra_split(const SpectraGraph& graph, const SpectraComponents& components,
                                const SpectraSpec& spec);

/// All specs, in their order, on the context's threads; the result does not depend on their number.
std::vector<SpectraSplit> make_spectra_splits(const SpectraGraph& graph,
                                              const SpectraComponents& components,
                                              std::span<const SpectraSpec> specs,
                                              const Context& context);

/// Sample-level overlap over the edges of the graph. For a binary graph only the share of test
/// samples with a training neighbour and the mean over pairs (edge = 1) are measured.
OverlapProfile measure_spectra_overlap(const SpectraGraph& graph, const SpectraSplit& split);

/// lambda = 0, 0.05, ..., 1 as spectrae's tutorials write them: "0.00", "0.05", ...
std::array<std::string, 21> spectra_series();

}  // namespace cupel
