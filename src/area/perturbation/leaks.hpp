#pragma once
/// What a split of perturbations gives away, and what is too thin to be judged. Codes:
///   shared_controls          training and test share the control cells (a convention, stated)
///   sample_on_both_sides     the same perturbation in the same context is trained on and tested
///   same_target_trained      another label with the same targeted genes is trained on
///   combination_members      how many members of tested combinations were trained on alone
///   contexts_on_both_sides   which tested contexts have training perturbations
///   near_copy_trained        a trained perturbation has nearly the same response
///   few_cells                tested samples with few cells
///   one_control_for_little   a context with fewer control cells than its test samples have
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "area/area.hpp"
#include "area/perturbation/effects.hpp"
#include "cupel/finding.hpp"

namespace cupel::perturbation {

/// Members of a combination that a fold's training samples hold as single perturbations, in any
/// context. nullopt for singles.
struct SeenMembers {
  std::size_t n_members = 0;
  std::size_t n_seen = 0;
};
std::vector<std::optional<SeenMembers>> seen_members(const Dataset& data, const Split& fold,
                                                     std::span<const std::uint32_t> rows);

/// The trained sample of the same context whose response is nearest to a tested one: the cosine of
/// the true changes, estimated without the noise (the inner product less the noise of the shared
/// control, the squared lengths less all noise). Only between samples whose effect is beyond the
/// noise.
struct NearCopy {
  std::uint32_t test = 0;
  std::uint32_t train = 0;
  double cosine = kUndefined;    ///< without noise, at most 1
  double measured = kUndefined;  ///< as measured
};
std::vector<NearCopy> near_copies(const Dataset& data, std::span<const EffectSize> effects,
                                  const Split& fold, double threshold);

/// The folds of one split.
std::vector<ProtocolNote> check_protocol(const Dataset& data, std::span<const Split> folds);

}  // namespace cupel::perturbation
