#pragma once
/// Scores that others printed: from a table with a line per model and task to scores per fold.
#include <vector>

#include "study/run.hpp"

namespace cupel {

/// Reads every table of the study and matches its lines with the folds of the named split by task.
/// Lines about tasks that the split does not have are counted in `diagnostics`
/// (published_unknown_task), as are repeated ones (published_repeated_line; the first counts).
/// Throws Error{input} for a column, metric or model that is not there, or if no line matches.
std::vector<PublishedScores> read_published(const Study& study,
                                            const std::vector<SplitResult>& splits,
                                            const Area& area, const Dataset& data,
                                            const CatalogueOptions& catalogue,
                                            const Context& context, std::vector<InputFile>& inputs,
                                            Diagnostics& diagnostics);

}  // namespace cupel
