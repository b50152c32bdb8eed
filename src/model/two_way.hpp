#pragma once
/// Additive two-way model y = mu + a_i + b_j: least squares, or ridge on one-hot identities.
///
///   minimise over mu, a, b:  sum (y - mu - a_i - b_j)^2 + ridge (|a|^2 + |b|^2)
///
/// mu is not penalised. Solved by conjugate gradients on the centred normal equations with their
/// diagonal as preconditioner (Hestenes & Stiefel 1952, doi:10.6028/jres.049.044), which costs two
/// passes over the pairs per step, needs no matrix, and finds a least-squares solution even where
/// it is not unique (ridge = 0, disconnected tables). Levels without a value get effect 0.
#include <cstdint>
#include <vector>

#include "model/pair_table.hpp"

namespace cupel {

struct TwoWayOptions {
  double ridge = 0.0;
  double tolerance = 1e-13;  ///< relative residual of the normal equations
  std::uint32_t max_steps = 2000;
};

struct TwoWayModel {
  double mean = 0.0;
  std::vector<double> first;   ///< a, per level
  std::vector<double> second;  ///< b
  std::uint32_t steps = 0;

  [[nodiscard]] double at(std::uint32_t i, std::uint32_t j) const noexcept {
    return mean + first[i] + second[j];
  }
};

TwoWayModel fit_two_way(const PairTable& pairs, const TwoWayOptions& options);

/// Moves the row-weighted mean of each side's effects into `mean`, so that mean + a_i is what the
/// model says of level i at the average training partner. Predictions of pairs whose two levels are
/// known stay the same.
void centre_effects(TwoWayModel& model, const PairTable& pairs);

}  // namespace cupel
