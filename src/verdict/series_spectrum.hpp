#pragma once
/// The overlap series of a study as spectra, and what they say of its hypotheses.
///
/// A series over an entity tests the hypothesis whose split has to be blind to that entity: the
/// drugs' chemistry for drugs, the lines' features for cell lines. Its bar is the strongest
/// baseline by AUSPC that is blind to the hypothesis (judge.hpp: is_blind). Rows are resampled by
/// the entity, which is what is exchangeable: its test rows are not independent.
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "study/run.hpp"
#include "verdict/spectrum.hpp"

namespace cupel {

/// One spectrum per series of the run, in order. The predictions are moved out of `run.series`.
std::vector<Spectrum> summarise_series(StudyRun& run, const Context& context);

/// A finding per model and series: its AUSPC against that of the bar. `metric` is "auspc_" and the
/// metric of the curve, in the unit of which the gain is (the area is normalised by its range).
std::vector<Finding> series_findings(const StudyRun& run, const std::vector<Spectrum>& spectra);

/// Adds them behind the primary findings, in place of those that only say that nothing tests the
/// hypothesis.
void add_series_findings(std::vector<Finding> of_series, const std::string& primary_metric,
                         std::vector<Finding>& findings);

/// A series that does not fall is no spectrum: named, with what was measured.
std::vector<ProtocolNote> series_notes(const std::vector<Spectrum>& spectra);

}  // namespace cupel
