#pragma once
/// Twins: the same model, refitted on data from which what it is hoped to use was taken away.
///
/// Randomised views follow drevalpy's tests (Bernett et al. 2026, Nature Communications 17:4238):
/// SVRC/SVRD randomise one view of the cell lines/drugs, SVCC/SVCD keep one and randomise the
/// others of that entity. Unlike there, draws are seeded, all other views are randomised at once,
/// training entities swap features with training entities only and the rest among themselves, and
/// every draw has its own name. In a fold about one task, the entities of other tasks keep theirs:
/// what moves stays within the task. A binary view stays binary, packed or not: "random" draws each
/// bit by its share in training. A twin still tells entities apart: in a mixed split read it
/// against a model on identities.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/predictor.hpp"

namespace cupel {

enum class TwinKind {
  permuted,     ///< features move to another entity: no entity keeps its own where two or more are
  random,       ///< normal numbers with the mean and deviation of each feature in training, or bits
  identifiers,  ///< a one-hot code of the entity (random signs if it has more than 4,096 ids)
};
/// `one`: the view is randomised, everything else is intact; `all_but`: the view is intact, the
/// others of its entity are randomised. drevalpy's words say the same of cell lines (svrc, svcc)
/// and drugs (svrd, svcd).
enum class TwinMode { svrc, svcc, svrd, svcd, one, all_but };

/// "permuted" -> TwinKind; Error{usage} that lists what there is.
TwinKind parse_twin_kind(std::string_view text);
TwinMode parse_twin_mode(std::string_view text);
std::string_view to_string(TwinKind kind) noexcept;
std::string_view to_string(TwinMode mode) noexcept;

struct TwinOptions {
  TwinKind kind = TwinKind::permuted;
  TwinMode mode = TwinMode::one;
  std::string view;  ///< "cell.expression": the one randomised, or kept
  std::uint32_t draw = 0;
  std::vector<std::string> views_in_use;  ///< views the model reads; empty = all of the data
};

/// `model` must outlive the twin. Named `model~permuted.cell.expression.0`, or
/// `model~permuted.all_but.cell.expression.0` for all_but, svcc and svcd. Error{usage} if the model
/// cannot be refitted or the view is of the other entity; fitting throws Error{usage} if the view
/// is not in the data or nothing is left to randomise.
std::unique_ptr<Predictor> make_twin(const Predictor& model, const TwinOptions& options);

struct LabelNullOptions {
  /// Targets change places among the rows of one such entity; "" = among all (y-randomisation).
  std::string within = "drug";
  std::uint32_t draw = 0;
};

/// The model refitted on training targets permuted within each drug: drug means stay, all that ties
/// a target to its cell line goes. Validation targets are permuted among themselves. Named
/// `model~labels.drug.0`, or `model~labels.0` for all rows. `model` must outlive it.
std::unique_ptr<Predictor> make_label_null(const Predictor& model, const LabelNullOptions& options);

}  // namespace cupel
