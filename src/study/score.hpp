#pragma once
/// Every metric of every predictor on every fold: overall, within each group of an entity (per
/// drug, per cell line), after removing what training means know, and on the binarised response.
///
/// Names. Plain metrics carry their registry name ("rmse"). "<metric>_minus_drug_mean" subtracts
/// from truth and prediction the training mean of the sample's drug before the metric is taken
/// (drevalpy's normalised metrics; unseen drug: the global mean); "_minus_additive" subtracts
/// drug mean + line mean - global mean. "auroc", "auprc" and "mcc" are on the response binarised by
/// a cut-off per drug that is learned from the training rows. Both need crossed entities (a drug on
/// a cell line); samples of one entity, or of folds that are tasks, are not scored within groups.
/// "within_10_fold" and "within_2_fold" come with targets in log10 units; "<metric>_<level>"
/// ("rmse_cliff") is on the rows of one level of a label of the samples.
///
/// Where targets are vectors, the area's metrics of samples take the place of all that
/// (study/sample_scores.hpp).
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/finding.hpp"
#include "study/run.hpp"

namespace cupel {

/// Registry metrics computed on the response as it is: over all rows and within every group.
std::vector<std::string> plain_metrics();

/// All scores, in the order split, predictor and seed, fold, metric, group.
std::vector<ScoreRow> score_run(const StudyRun& run, const Context& context);

/// Text of scores.csv: split,fold,seed,predictor,metric,group_kind,group,value,n. The fold is
/// numbered over repeats: repeat * folds + fold.
std::string scores_csv(const std::vector<ScoreRow>& scores);

}  // namespace cupel
