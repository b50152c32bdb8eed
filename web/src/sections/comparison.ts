// All predictors and metrics of a split: fold values with intervals, and the table of everything.
import * as Plot from "@observablehq/plot";
import { h, selector } from "../dom";
import { figure } from "../figure";
import { count_text, interval_text, number, number_text } from "../format";
import type { ScoreSummary } from "../report_types";
import {
  better_to_the_right,
  edge_arrows,
  extent_of,
  lay_out,
  shift,
  zoomed_panels,
  type Row,
} from "../rows";
import { table, type Column } from "../table";
import { distinct, entity_words, kind_title, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

interface Choice {
  split: string;
  metric: string;
  group_kind: string;
}

function chosen_scores(view: View, choice: Choice): ScoreSummary[] {
  const sign = view.higher_is_better(choice.metric) ? -1 : 1;
  return view.report.scores
    .filter(
      (s) =>
        s.split === choice.split &&
        s.metric === choice.metric &&
        s.group_kind === choice.group_kind,
    )
    .sort((a, b) => sign * ((a.mean ?? -sign * Infinity) - (b.mean ?? -sign * Infinity)));
}

const row_kind = (view: View, predictor: string): Row["kind"] =>
  view.is_model(predictor) ? "model" : "plain";
const undefined_text = (s: ScoreSummary): string =>
  s.n_undefined > 0 ? `, ${count_text(s.n_undefined)} undefined` : "";

function draw(view: View, choice: Choice, width: number): SVGSVGElement {
  const scores = chosen_scores(view, choice);
  const layout = lay_out(
    scores.map((s) => ({ label: view.title(s.predictor), kind: row_kind(view, s.predictor) })),
    width,
  );
  const dy = shift(layout);
  const folds = scores.flatMap((s, y) =>
    s.values.filter((v) => v !== null).map((value) => ({ y, value, predictor: s.predictor })),
  );
  const summary = scores.map((s, y) => ({ ...s, y })).filter((s) => s.mean !== null);
  const colour = (s: { predictor: string }): string =>
    view.is_model(s.predictor) ? "var(--model)" : "var(--blind)";
  const values = scores.map(
    (s) =>
      number_text(s.mean) +
      (layout.is_narrow ? "" : ` ${interval_text(s.low, s.high)}`) +
      undefined_text(s),
  );
  const better = summary.slice(0, Math.ceil(summary.length * 0.6));
  const reach = (items: typeof summary): [number, number] =>
    extent_of(items.flatMap((s) => [s.low, s.high, s.mean, ...s.values]));
  return zoomed_panels({
    layout,
    width,
    values,
    full: reach(summary),
    top: reach(better),
    x: better_to_the_right(
      `${view.metric_title(choice.metric)}, ${kind_title(choice.group_kind)}`,
      view.higher_is_better(choice.metric),
    ),
    marks: (domain) => [
      Plot.ruleY(
        summary.filter(
          (s) => s.low !== null && s.high !== null && s.high > domain[0] && s.low < domain[1],
        ),
        {
          y: "y",
          x1: (s: ScoreSummary) => Math.max(domain[0], s.low ?? 0),
          x2: (s: ScoreSummary) => Math.min(domain[1], s.high ?? 0),
          stroke: colour,
          strokeWidth: 5,
          strokeOpacity: 0.28,
          dy,
        },
      ),
      Plot.ruleX(
        folds.filter((f) => f.value !== null && f.value >= domain[0] && f.value <= domain[1]),
        {
          x: "value",
          y1: (f: { y: number }) => f.y - 0.2,
          y2: (f: { y: number }) => f.y + 0.2,
          stroke: colour,
          strokeWidth: 1,
          dy,
        },
      ),
      Plot.dot(
        summary.filter((s) => (s.mean ?? 0) >= domain[0] && (s.mean ?? 0) <= domain[1]),
        {
          x: "mean",
          y: "y",
          r: 4,
          fill: colour,
          stroke: "var(--paper)",
          symbol: (s: ScoreSummary) => (view.is_model(s.predictor) ? "diamond" : "circle"),
          dy,
          title: (s: ScoreSummary) =>
            `${view.title(s.predictor)}: ${number_text(s.mean)}, SD ${number_text(s.sd)}, n ${count_text(s.n)}${undefined_text(s)}`,
        },
      ),
      edge_arrows(
        summary,
        (s) => s.mean,
        domain,
        colour,
        dy,
        !view.higher_is_better(choice.metric),
      ),
    ],
  });
}

function all_metrics_table(view: View, choice: Choice): HTMLElement {
  const own = view.report.scores.filter(
    (s) => s.split === choice.split && s.group_kind === choice.group_kind,
  );
  const metrics = view.report.metrics.filter((m) => own.some((s) => s.metric === m.name));
  const index = new Map(own.map((s) => [`${s.predictor}\n${s.metric}`, s]));
  const rows = distinct(own.map((s) => s.predictor));
  const best = new Map(
    metrics.map((m) => {
      const values = rows
        .filter((p) => !view.is_oracle(p))
        .map((p) => index.get(`${p}\n${m.name}`)?.mean)
        .filter((v): v is number => typeof v === "number");
      return [
        m.name,
        values.length ? (m.higher_is_better ? Math.max(...values) : Math.min(...values)) : null,
      ];
    }),
  );
  const columns: Column<string>[] = [
    { title: "Predictor", value: (p) => view.title(p), cell: (p) => view.title(p) },
    {
      title: "n",
      hint: "test rows, or groups with a value",
      numeric: true,
      value: (p) => index.get(`${p}\n${choice.metric}`)?.n ?? null,
      cell: (p) => count_text(index.get(`${p}\n${choice.metric}`)?.n ?? null),
    },
    {
      title: "Undefined",
      hint: `groups or folds without a value of ${view.metric_title(choice.metric)}`,
      numeric: true,
      value: (p) => index.get(`${p}\n${choice.metric}`)?.n_undefined ?? null,
      cell: (p) => count_text(index.get(`${p}\n${choice.metric}`)?.n_undefined ?? null),
    },
    ...metrics.map((m): Column<string> => ({
      title: m.title,
      hint: `${m.description}; ${m.higher_is_better ? "higher" : "lower"} is better`,
      numeric: true,
      value: (p) => index.get(`${p}\n${m.name}`)?.mean ?? null,
      cell: (p) => {
        const score = index.get(`${p}\n${m.name}`);
        const text = number(score?.mean ?? null);
        const title = score
          ? `${interval_text(score.low, score.high) || "no interval"}; SD ${number_text(score.sd)}; n ${count_text(score.n)}; undefined ${count_text(score.n_undefined)}`
          : undefined;
        return h(
          score?.mean != null && score.mean === best.get(m.name) ? "b" : "span",
          { title },
          text,
          score && score.n_undefined > 0 ? h("sup", { class: "muted" }, "u") : null,
        );
      },
    })),
  ];
  const chosen = metrics.findIndex((m) => m.name === choice.metric);
  return table({
    caption: `Every metric, ${view.split_title(choice.split)} split, ${kind_title(choice.group_kind)}. Bold: best of its column${rows.some(view.is_oracle) ? ", oracles aside" : ""}. ᵘ: some groups or folds are undefined.`,
    columns,
    rows,
    row_class: (p) => (view.is_model(p) ? "is-model" : ""),
    sort:
      chosen < 0
        ? undefined
        : { column: chosen + 3, descending: metrics[chosen]?.higher_is_better ?? true },
  });
}

export function comparison_section(view: View): Section {
  const { scores, study, metrics, explanations } = view.report;
  const first =
    scores.find((s) => s.metric === study.primary_metric && s.group_kind === "all") ?? scores[0];
  if (!first) return absent("comparison", "Comparison", "no predictor was scored.");
  const choice: Choice = { split: first.split, metric: first.metric, group_kind: first.group_kind };
  const place = h("div");
  const splits = distinct(scores.map((s) => s.split));
  const kinds = distinct(scores.map((s) => s.group_kind));
  const groups = kinds.filter((kind) => kind.startsWith("macro_")).map((k) => entity_words(k.slice(6)));
  const change =
    (key: keyof Choice) =>
    (value: string): void => {
      choice[key] = value;
      result.update();
      fill();
    };
  const result = figure(view, {
    name: "comparison",
    title: "Scores of all predictors over the folds",
    caption: "Points: mean; ticks: folds; bands: interval. Models are diamonds.",
    controls: [
      splits.length > 1
        ? selector(
            "Split",
            splits.map((value) => ({ value, title: view.split_title(value) })),
            choice.split,
            change("split"),
          )
        : null,
      selector(
        "Metric",
        metrics
          .filter((m) => scores.some((s) => s.metric === m.name))
          .map((m) => ({ value: m.name, title: m.title })),
        choice.metric,
        change("metric"),
      ),
      kinds.length > 1
        ? selector(
            "Over",
            kinds.map((value) => ({ value, title: kind_title(value) })),
            choice.group_kind,
            change("group_kind"),
          )
        : null,
    ],
    draw: (width) => draw(view, choice, width),
    summary: () => {
      const own = chosen_scores(view, choice).filter(
        (s) => s.mean !== null && !view.is_oracle(s.predictor),
      );
      const top = own[0];
      return top
        ? `On ${view.split_title(choice.split)}, ${view.title(top.predictor)} has the best ${view.metric_title(choice.metric)} (${number_text(top.mean)}) of ${own.length} predictors.`
        : "No value is defined.";
    },
    data: () => ({
      columns: [
        "split",
        "predictor",
        "metric",
        "group_kind",
        "mean",
        "sd",
        "low",
        "high",
        "n",
        "n_undefined",
        "fold_values",
      ],
      rows: chosen_scores(view, choice).map((s) => [
        s.split,
        s.predictor,
        s.metric,
        s.group_kind,
        s.mean,
        s.sd,
        s.low,
        s.high,
        s.n,
        s.n_undefined,
        s.values.map((v) => v ?? "").join(" "),
      ]),
    }),
  });
  const fill = (): void => place.replaceChildren(all_metrics_table(view, choice));
  fill();
  return section(
    "comparison",
    "Comparison",
    prose(
      `Every metric is computed over all test rows${groups.length > 0 ? `, ${groups.map((name) => `within each ${name}`).join(" and ")}` : ""}. Where a predictor is constant in a group, a correlation is undefined: it is counted, not set to zero.`,
    ),
    explanations.length === 0
      ? null
      : h(
          "div",
          { class: "explanations" },
          explanations.map((e) =>
            h("aside", { class: "explanation" }, h("h3", {}, e.title), h("p", {}, e.text)),
          ),
        ),
    result.element,
    place,
  );
}
