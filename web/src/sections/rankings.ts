// Mean ranks over folds with critical differences, and the corrected tests of model against baseline.
import * as Plot from "@observablehq/plot";
import { h } from "../dom";
import { figure } from "../figure";
import { interval_text, number, number_text, p_text, plural, signed_text } from "../format";
import type { CorrectedTest, Ranking } from "../report_types";
import { lay_out, panel, shift } from "../rows";
import { table } from "../table";
import { distinct, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

interface Bar {
  y1: number;
  y2: number;
  column: number;
}

/// Cliques as bars right of the ranks, each in the first column that is free.
function clique_bars(ranking: Ranking): Bar[] {
  const place = new Map(ranking.ranks.map((r, i) => [r.predictor, i]));
  const ends: number[] = [];
  return ranking.cliques
    .map((clique) =>
      clique.map((name) => place.get(name)).filter((y): y is number => y !== undefined),
    )
    .filter((ys) => ys.length > 1)
    .map((ys) => ({ y1: Math.min(...ys), y2: Math.max(...ys) }))
    .sort((a, b) => a.y1 - b.y1)
    .map(({ y1, y2 }) => {
      let column = ends.findIndex((end) => end < y1);
      if (column < 0) column = ends.length;
      ends[column] = y2;
      return { y1, y2, column };
    });
}

function draw(ranking: Ranking, width: number): SVGSVGElement {
  const layout = lay_out(
    ranking.ranks.map((r) => ({
      label: r.title,
      kind: r.is_model ? ("model" as const) : ("plain" as const),
    })),
    width,
  );
  const dy = shift(layout);
  const ranks = ranking.ranks.map((r, y) => ({ ...r, y }));
  const bars = clique_bars(ranking);
  const n = ranking.ranks.length;
  const step = n * 0.025;
  const last = n + step * (Math.max(0, ...bars.map((b) => b.column)) + 2);
  const cd = ranking.critical_difference;
  const colour = (r: { is_model: boolean }): string =>
    r.is_model ? "var(--model)" : "var(--blind)";
  return panel({
    layout,
    width,
    with_labels: true,
    values: layout.is_narrow ? undefined : ranks.map((r) => number_text(r.rank)),
    x: {
      domain: [0.4, last],
      label: "mean rank over blocks (1 is best)",
      ticks: Array.from({ length: n }, (_, i) => i + 1).filter(
        (i) => (i - 1) % Math.ceil(n / (width < 760 ? 7 : 14)) === 0,
      ),
      tickFormat: "d",
    },
    marks: [
      Plot.ruleY(ranks, { y: "y", x1: 1, x2: "rank", stroke: colour, strokeOpacity: 0.35, dy }),
      Plot.dot(ranks, {
        x: "rank",
        y: "y",
        r: 4.5,
        fill: colour,
        symbol: (r: { is_model: boolean }) => (r.is_model ? "diamond" : "circle"),
        dy,
        title: (r: { title: string; rank: number }) => `${r.title}: ${number_text(r.rank)}`,
      }),
      Plot.ruleX(bars, {
        x: (b: Bar) => n + step * (b.column + 1.2),
        y1: (b: Bar) => b.y1 - 0.3,
        y2: (b: Bar) => b.y2 + 0.3,
        stroke: "var(--ink)",
        strokeWidth: 3,
        dy,
      }),
      cd === null || layout.is_narrow
        ? null
        : [
            Plot.ruleY([0], {
              y: -0.35,
              x1: n - cd,
              x2: n,
              stroke: "var(--ink)",
              strokeWidth: 1.5,
              marker: "tick",
            }),
            Plot.text([0], {
              x: n - cd,
              y: -0.35,
              text: () => `critical difference ${number_text(cd)}`,
              textAnchor: "end",
              dx: -8,
              fontSize: 11,
              fill: "var(--ink)",
            }),
          ],
    ],
  });
}

function test_table(view: View, tests: CorrectedTest[]): HTMLElement {
  return table<CorrectedTest>({
    caption:
      "Corrected repeated cross-validation t-test (Nadeau and Bengio) of the gain over folds; above zero the model is better",
    rows: tests,
    columns: [
      {
        title: "Model",
        value: (t) => view.title(t.predictor),
        cell: (t) => view.title(t.predictor),
      },
      { title: "Against", value: (t) => view.title(t.against), cell: (t) => view.title(t.against) },
      { title: "Split", value: (t) => t.split, cell: (t) => view.split_title(t.split) },
      { title: "Metric", value: (t) => t.metric, cell: (t) => view.metric_title(t.metric) },
      {
        title: "Gain",
        numeric: true,
        value: (t) => t.difference,
        cell: (t) => number(t.difference, signed_text),
      },
      {
        title: "Interval",
        numeric: true,
        cell: (t) => interval_text(t.low, t.high, signed_text) || number(null),
      },
      {
        title: "p",
        numeric: true,
        value: (t) => t.p_value,
        cell: (t) => number(t.p_value, p_text),
      },
      {
        title: "p\u00a0adj.",
        numeric: true,
        value: (t) => t.p_adjusted,
        cell: (t) => number(t.p_adjusted, p_text),
      },
      { title: "Folds", numeric: true, value: (t) => t.n_folds, cell: (t) => t.n_folds },
    ],
  });
}

export function ranking_section(view: View): Section {
  const { corrected_tests } = view.report;
  const rankings = view.report.rankings.map((ranking) => ({
    ...ranking,
    ranks: [...ranking.ranks].sort((a, b) => a.rank - b.rank),
  }));
  if (rankings.length + corrected_tests.length === 0) {
    return absent(
      "rankings",
      "Ranks and corrected tests",
      "they need at least three predictors and several folds.",
    );
  }
  const figures = rankings.map(
    (ranking) =>
      figure(view, {
        name: `ranks_${ranking.split}_${ranking.metric}`,
        title: `Ranks by ${view.metric_title(ranking.metric)}, ${view.split_title(ranking.split)} split`,
        caption: `Predictors joined by a bar at the right cannot be told apart. Friedman's test over ${plural(ranking.n_blocks, "block")}: χ² ${number_text(ranking.chi2)}, p ${p_text(ranking.p_value)}; critical difference ${number_text(ranking.critical_difference)}.`,
        draw: (width) => draw(ranking, width),
        summary: () =>
          `${distinct(ranking.ranks.slice(0, 3).map((r) => `${r.title} (${number_text(r.rank)})`)).join(", ")} rank first of ${ranking.ranks.length}; ${plural(ranking.cliques.length, "group")} cannot be told apart.`,
        data: () => ({
          columns: [
            "split",
            "metric",
            "predictor",
            "title",
            "mean_rank",
            "is_model",
            "critical_difference",
            "cliques",
          ],
          rows: ranking.ranks.map((r) => [
            ranking.split,
            ranking.metric,
            r.predictor,
            r.title,
            r.rank,
            String(r.is_model),
            ranking.critical_difference,
            ranking.cliques.flatMap((c, i) => (c.includes(r.predictor) ? [i + 1] : [])).join(" "),
          ]),
        }),
      }).element,
  );
  const ranks_ask =
    "Ranks ask a coarser question, which predictor is usually first, and need no scale.";
  const { tasks } = view.report;
  if (tasks && corrected_tests.length === 0)
    return section(
      "rankings",
      "Ranks",
      prose(
        `${ranks_ask} A block is one ${tasks.task_title}; models with published scores take part. Tests of one model against one baseline are under “Scores per ${tasks.task_title}”.`,
      ),
      figures,
    );
  return section(
    "rankings",
    "Ranks and corrected tests",
    prose(
      `Folds share training data, so a plain t-test over them is too sure of itself: the variance is corrected for it. ${ranks_ask}`,
    ),
    figures,
    corrected_tests.length
      ? test_table(view, corrected_tests)
      : h("p", { class: "note" }, "No corrected tests: they need at least two folds and a model."),
  );
}
