#pragma once
/// Which randomised twins of a model a study runs (drevalpy's modes, without their faults): a mode
/// says which views keep their information, a kind what is put in the place of the others.
///   svrc, svrd   one view of the cell line (drug) is randomised, everything else intact
///   svcc, svcd   one view of the cell line (drug) is intact, its other views are randomised
///   one, all_but the same two of every entity of the data, whatever it is called
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/study.hpp"

namespace cupel {

struct TwinPlan {
  std::string kind;                       ///< permuted, random, identifiers, labels
  std::string mode;                       ///< svrc, svcc, svrd, svcd, one, all_but, labels
  std::string view;                       ///< "cell.expression"; of labels "drug", or "targets"
  std::vector<std::string> views_in_use;  ///< by the model; empty = all
  std::size_t n_draws = 0;
};

/// One plan per kind, mode and view that the model uses (empty `views_in_use`: all of the data);
/// identifiers need one draw only. svcc, svcd and all_but need an entity with at least two views.
/// The kind "labels" permutes the training targets instead: within each drug, or all of them where
/// the data have no drugs (y-randomisation; within the task, if folds are about one).
std::vector<TwinPlan> plan_twins(const Dataset& data, const TwinSpec& spec,
                                 const std::vector<std::string>& views_in_use);

std::unique_ptr<Predictor> make_planned_twin(const Predictor& model, const TwinPlan& plan,
                                             std::uint32_t draw);

}  // namespace cupel
