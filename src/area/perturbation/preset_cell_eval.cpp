// Presets cell-eval and vcc2025: the metrics of cell-eval 0.8 under its own conventions.
#include "area/perturbation/preset_list.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

ScoreResult score_cell_eval(const ScoreRequest& request, const Context& context) {
  static_cast<void>(request);
  context.check_cancelled();
  fail(ErrorKind::unsupported, "cell-eval is not built yet");
}

}  // namespace

Preset cell_eval_preset() {
  return {.name = "cell-eval",
          .title = "cell-eval, profile full",
          .source = "cell-eval 0.8.2 (Arc Institute)",
          .summary = "All metrics of cell-eval under its own conventions",
          .metrics = {},
          .option_help = {},
          .function = score_cell_eval};
}

Preset vcc2025_preset() {
  return {.name = "vcc2025",
          .title = "Virtual Cell Challenge 2025",
          .source = "cell-eval 0.8.2 (Arc Institute)",
          .summary = "MAE, PDS and DES, and the total score against a baseline",
          .metrics = {},
          .option_help = {},
          .function = score_cell_eval};
}

}  // namespace cupel::perturbation
