#pragma once
/// Twins: the same model, refitted on data from which what it is hoped to use was taken away.
///
/// Randomised views follow drevalpy's tests (Bernett et al. 2026, Nature Communications 17:4238):
/// SVRC/SVRD randomise one view of the cell lines/drugs, SVCC/SVCD keep one and randomise the
/// others of that entity. Unlike there, draws are seeded, all other views are randomised at once,
/// training entities swap features with training entities only and the rest among themselves, and
/// every draw has its own name. A twin still tells entities apart: in a mixed split read it against
/// a model on identities.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/predictor.hpp"

namespace cupel {

enum class TwinKind {
  permuted,     ///< features move to another entity: no entity keeps its own where two or more are
  random,       ///< normal numbers with the mean and deviation of each feature in training
  identifiers,  ///< a one-hot code of the entity (random signs if it has more than 4,096 ids)
};
enum class TwinMode { svrc, svcc, svrd, svcd };

/// "permuted" -> TwinKind; Error{usage} that lists what there is.
TwinKind parse_twin_kind(std::string_view text);
TwinMode parse_twin_mode(std::string_view text);
std::string_view to_string(TwinKind kind) noexcept;
std::string_view to_string(TwinMode mode) noexcept;

struct TwinOptions {
  TwinKind kind = TwinKind::permuted;
  TwinMode mode = TwinMode::svrc;
  std::string view;  ///< "cell.expression": the one randomised, or kept
  std::uint32_t draw = 0;
  std::vector<std::string> views_in_use;  ///< views the model reads; empty = all of the data
};

/// `model` must outlive the twin. Named `model~permuted.cell.expression.0`, or
/// `model~permuted.all_but.cell.expression.0` for svcc and svcd. Error{usage} if the model cannot
/// be refitted or the view is of the other entity; fitting throws Error{usage} if the view is not
/// in the data or nothing is left to randomise.
std::unique_ptr<Predictor> make_twin(const Predictor& model, const TwinOptions& options);

struct LabelNullOptions {
  std::string within = "drug";  ///< targets change places among the rows of one such entity
  std::uint32_t draw = 0;
};

/// The model refitted on training targets permuted within each drug: drug means stay, all that ties
/// a target to its cell line goes. Validation targets are permuted among themselves. Named
/// `model~labels.drug.0`. `model` must outlive it.
std::unique_ptr<Predictor> make_label_null(const Predictor& model, const LabelNullOptions& options);

}  // namespace cupel
