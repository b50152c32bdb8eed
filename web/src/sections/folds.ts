// A repeated cross-validation as one experiment: mean differences to the best with Tukey's intervals.
import * as Plot from "@observablehq/plot";
import { figure } from "../figure";
import { interval_text, number, number_text, p_text, plural, signed_text } from "../format";
import type { MeanDifference, MultipleComparison } from "../report_types";
import { extent_of, lay_out, panel, shift } from "../rows";
import { table } from "../table";
import type { View } from "../view";
import { bullets, prose, section, type Section } from "./section";

/// The best first, at zero; undefined differences are left out.
function rows_of(comparison: MultipleComparison) {
  return comparison.predictors.map((predictor, y) => ({
    ...predictor,
    y,
    ...(comparison.against_best.find((d) => d.predictor === predictor.predictor) ?? {
      difference: 0,
      low: null,
      high: null,
      p_adjusted: null,
    }),
  }));
}

const is_apart = (row: { p_adjusted: number | null }, confidence: number): boolean =>
  row.p_adjusted !== null && row.p_adjusted < 1 - confidence;

function draw(comparison: MultipleComparison, width: number): SVGSVGElement {
  const rows = rows_of(comparison);
  const layout = lay_out(
    rows.map((row) => ({ label: row.title, kind: row.is_model ? "model" : "plain" })),
    width,
  );
  const dy = shift(layout);
  const colour = (row: { is_model: boolean }): string =>
    row.is_model ? "var(--model)" : "var(--blind)";
  return panel({
    layout,
    width,
    with_labels: true,
    values: rows.map((row) => number_text(row.mean)),
    x: {
      domain: extent_of([0, ...rows.flatMap((row) => [row.low, row.high])]),
      label: "mean difference to the best; below 0 = worse",
    },
    marks: [
      Plot.ruleX([0], { stroke: "var(--ink)", strokeDasharray: "2,3" }),
      Plot.ruleY(
        rows.filter((row) => row.low !== null),
        { y: "y", x1: "low", x2: "high", stroke: colour, strokeWidth: 2, dy },
      ),
      Plot.dot(rows, {
        x: "difference",
        y: "y",
        r: 4.5,
        stroke: colour,
        strokeWidth: 1.8,
        fill: (row: (typeof rows)[number]) =>
          is_apart(row, comparison.confidence) ? colour(row) : "var(--paper)",
        symbol: (row: (typeof rows)[number]) => (row.is_model ? "diamond" : "circle"),
        dy,
        title: (row: (typeof rows)[number]) =>
          `${row.title}: mean ${number_text(row.mean)}, to the best ${signed_text(row.difference)}`,
      }),
    ],
  });
}

function difference_table(view: View, comparison: MultipleComparison): HTMLElement {
  const of_neighbour = comparison.against_neighbour.filter(
    (d) => d.predictor !== comparison.best && comparison.best !== comparison.neighbour,
  );
  return table<MeanDifference>({
    caption: `Differences of means, ${view.split_title(comparison.split)} split; positive: better`,
    rows: [...comparison.against_best, ...of_neighbour],
    limit: 12,
    columns: [
      {
        title: "Predictor",
        value: (d) => view.title(d.predictor),
        cell: (d) => view.title(d.predictor),
      },
      { title: "Against", value: (d) => view.title(d.against), cell: (d) => view.title(d.against) },
      {
        title: "Difference",
        numeric: true,
        value: (d) => d.difference,
        cell: (d) => number(d.difference, signed_text),
      },
      {
        title: "Interval",
        numeric: true,
        cell: (d) => interval_text(d.low, d.high, signed_text) || number(null),
      },
      {
        title: "p\u00a0Tukey",
        numeric: true,
        value: (d) => d.p_adjusted,
        cell: (d) => number(d.p_adjusted, p_text),
      },
      {
        title: "p\u00a0corrected",
        numeric: true,
        value: (d) => d.p_corrected,
        cell: (d) => number(d.p_corrected, p_text),
      },
      {
        title: "Effect",
        numeric: true,
        value: (d) => d.effect_size,
        cell: (d) => number(d.effect_size, signed_text),
      },
    ],
  });
}

/// Null where no split is a repeated cross-validation of one task.
export function fold_section(view: View): Section | null {
  const comparisons = view.report.multiple_comparison ?? [];
  if (comparisons.length === 0) return null;
  return section(
    "folds",
    "Repeated cross-validation",
    prose(
      "All folds of all repeats as one experiment, in the way of the Polaris guidelines (Ash et al. 2025): a repeated-measures analysis of variance with the fold as the subject, then Tukey’s honestly significant differences.",
    ),
    comparisons.flatMap((comparison) => [
      figure(view, {
        name: `folds_${comparison.split}_${comparison.metric}`,
        title: `${view.metric_title(comparison.metric)} against the best, ${view.split_title(comparison.split)} split`,
        caption: `Mean difference over ${plural(comparison.n_folds, "fold")} (${plural(comparison.n_repeats, "repeat")}) with Tukey’s simultaneous ${Math.round(100 * comparison.confidence)} % interval; open: not told from the best; at the right the mean. Analysis of variance: F ${number_text(comparison.f)}, p ${p_text(comparison.p_value)} (corrected for sphericity ${p_text(comparison.p_value_corrected)}, epsilon ${number_text(comparison.epsilon)}); ratio of variances ${number_text(comparison.variance_ratio)}.`,
        draw: (width) => draw(comparison, width),
        summary: () => comparison.sentence,
        data: () => ({
          columns: ["split", "metric", "predictor", "mean", "sd", "difference", "low", "high", "p"],
          rows: rows_of(comparison).map((row) => [
            comparison.split,
            comparison.metric,
            row.predictor,
            row.mean,
            row.sd,
            row.difference,
            row.low,
            row.high,
            row.p_adjusted,
          ]),
        }),
      }).element,
      bullets(comparison.cautions),
      difference_table(view, comparison),
    ]),
  );
}
