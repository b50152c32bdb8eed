// Several assays: every predictor in every assay, means with their spread, and who wins how often.
import * as Plot from "@observablehq/plot";
import { h, s, selector } from "../dom";
import { compose, figure, type Figure } from "../figure";
import {
  count_text,
  interval_text,
  number,
  number_text,
  p_text,
  signed_text,
  text_width,
} from "../format";
import type { TaskSection } from "../report_types";
import {
  better_to_the_right,
  edge_arrows,
  extent_of,
  lay_out,
  panel,
  panel_height,
  shift,
  zoomed_panels,
  type RowLayout,
} from "../rows";
import { table, type Column } from "../table";
import { chip, kVerdicts } from "../verdict";
import { distinct, published_tag, published_title, type View } from "../view";
import { bullets, prose, section, type Section } from "./section";

type Table = TaskSection["tables"][number];
type Predictor = Table["predictors"][number];
type Contrast = TaskSection["contrasts"][number];

/// The best mean first; those without any value last.
function ordered(data: Table): Predictor[] {
  const sign = data.higher_is_better ? -1 : 1;
  const key = (p: Predictor): number => (p.mean.value === null ? Infinity : sign * p.mean.value);
  return [...data.predictors].sort((a, b) => key(a) - key(b));
}

const layout_of = (predictors: Predictor[], width: number, row_height?: number): RowLayout =>
  lay_out(
    predictors.map((p) => ({
      label: published_title(p),
      kind: p.is_model ? ("model" as const) : ("plain" as const),
    })),
    width,
    row_height,
  );

// ---- means with the value of every assay ----------------------------------------------------

function draw_means(view: View, data: Table, width: number): SVGSVGElement {
  const predictors = ordered(data);
  const layout = layout_of(predictors, width);
  const dy = shift(layout);
  const means = predictors.map((p, y) => ({ ...p, ...p.mean, y }));
  const singles = means.flatMap((p) =>
    p.values.map((value, i) => ({ y: p.y, value, p, task: data.tasks[i] ?? "" })),
  );
  const colour = (p: { is_model: boolean }): string =>
    p.is_model ? "var(--model)" : "var(--blind)";
  const known = means.filter((p) => p.value !== null);
  const better = known.slice(0, Math.ceil(known.length * 0.6));
  return zoomed_panels({
    layout,
    width,
    values: means.map(
      (p) =>
        number_text(p.value) + (layout.is_narrow ? "" : ` ${interval_text(p.low, p.high)}`),
    ),
    full: extent_of(singles.map((single) => single.value)),
    top: extent_of(better.flatMap((p) => [p.low, p.high, p.value])),
    x: better_to_the_right(view.metric_title(data.metric), data.higher_is_better),
    marks: ([low, high]) => [
      Plot.dot(
        singles.filter((x) => x.value !== null && x.value >= low && x.value <= high),
        {
          x: "value",
          y: "y",
          r: 1.9,
          fill: (x: { p: Predictor }) => colour(x.p),
          fillOpacity: 0.3,
          dy,
          title: (x: { p: Predictor; task: string; value: number }) =>
            `${x.p.title}, ${x.task}: ${number_text(x.value)}`,
        },
      ),
      Plot.ruleY(
        known.filter((p) => p.low !== null && p.high !== null && p.high > low && p.low < high),
        {
          y: "y",
          x1: (p: { low: number }) => Math.max(low, p.low),
          x2: (p: { high: number }) => Math.min(high, p.high),
          stroke: colour,
          strokeWidth: 2,
          dy,
        },
      ),
      Plot.dot(
        known.filter((p) => (p.value ?? 0) >= low && (p.value ?? 0) <= high),
        {
          x: "value",
          y: "y",
          r: 4,
          symbol: (p: Predictor) => (p.is_model ? "diamond" : "circle"),
          fill: (p: Predictor) => (p.is_published ? "var(--paper)" : colour(p)),
          stroke: colour,
          strokeWidth: 1.5,
          dy,
          title: (p: Predictor & { value: number; low: number; high: number }) =>
            `${published_title(p)}: ${number_text(p.value)} ${interval_text(p.low, p.high)}`,
        },
      ),
      edge_arrows(known, (p) => p.value, [low, high], colour, dy, !data.higher_is_better),
    ],
  });
}

// ---- the map of predictors and assays --------------------------------------------------------

interface Cell {
  x: number;
  y: number;
  gain: number | null; // positive: better than the reference
  value: number | null;
  predictor: Predictor;
}

interface Map {
  rows: Predictor[];
  cells: Cell[];
  reference: string; // in words
  scale: number; // the gain that has the full colour
}

function make_map(tasks: TaskSection, data: Table): Map {
  const rows = ordered(data);
  const neighbour = data.predictors.find((p) => p.name === tasks.neighbour);
  const medians = data.tasks.map((_, t) => {
    const values = rows
      .map((p) => p.values[t] ?? null)
      .filter((v): v is number => v !== null)
      .sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)] ?? null;
  });
  const sign = data.higher_is_better ? 1 : -1;
  const cells = rows.flatMap((predictor, y) =>
    data.tasks.map((_, x): Cell => {
      const value = predictor.values[x] ?? null;
      const bar = neighbour ? (neighbour.values[x] ?? null) : (medians[x] ?? null);
      return {
        x,
        y,
        value,
        gain: value === null || bar === null ? null : sign * (value - bar),
        predictor,
      };
    }),
  );
  const sizes = cells
    .map((c) => Math.abs(c.gain ?? 0))
    .filter((v) => v > 0)
    .sort((a, b) => a - b);
  return {
    rows,
    cells,
    reference: neighbour?.title ?? "the median predictor",
    scale: sizes[Math.floor(0.9 * sizes.length)] ?? 1,
  };
}

const strength = (map: Map, gain: number): number =>
  0.06 + 0.94 * Math.min(1, Math.abs(gain) / map.scale);
const colour_of_gain = (gain: number): string => (gain > 0 ? "var(--model)" : "var(--blind)");

const kLegendHeight = 40;
const kSwatch = 26;
function legend(map: Map, left: number, width: number): SVGSVGElement {
  const box = compose(width, kLegendHeight, []);
  box.style.fontFamily = "var(--sans)";
  const shares = [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1];
  const start = Math.max(0, Math.min(left, width - kSwatch * shares.length - 8));
  const text = (words: string, x: number, y: number, anchor: string): SVGElement =>
    s("text", { x, y, "font-size": 11, "text-anchor": anchor, fill: "var(--ink)" }, words);
  shares.forEach((share, i) => {
    box.append(
      s("rect", {
        x: start + i * kSwatch,
        y: 16,
        width: kSwatch - 1,
        height: 11,
        fill: share === 0 ? "var(--paper)" : colour_of_gain(share),
        "fill-opacity": share === 0 ? 1 : strength(map, share * map.scale),
        stroke: "var(--line)",
        "stroke-width": 0.5,
      }),
    );
  });
  const end = start + kSwatch * shares.length;
  box.append(
    text("worse", start, 11, "start"),
    text("better", end, 11, "end"),
    text(signed_text(-map.scale), start, 38, "start"),
    text("0", (start + end) / 2, 38, "middle"),
    text(signed_text(map.scale), end, 38, "end"),
  );
  return box;
}

function mean_of(values: (number | null)[]): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

function draw_map(tasks: TaskSection, data: Table, width: number): SVGSVGElement {
  const map = make_map(tasks, data);
  const layout = layout_of(map.rows, width, 17);
  const dy = shift(layout) + (layout.is_narrow ? 4 : 0);
  const n = data.tasks.length;
  const values = map.rows.map((p, y) => {
    if (p.name === tasks.neighbour) return "the reference";
    const own = map.cells.filter((c) => c.y === y && c.gain !== null);
    const wins = own.filter((c) => (c.gain ?? 0) > 0).length;
    return `${signed_text(mean_of(own.map((c) => c.gain)))} · ${wins}/${own.length}`;
  });
  const label_height = Math.max(20, ...data.tasks.map((task) => text_width(task, 11)));
  const half = layout.is_narrow ? 0.2 : 0.46;
  const known = map.cells.filter((c) => c.gain !== null);
  const inset = n > 20 && layout.is_narrow ? 0.25 : 0.5;
  const main = panel({
    layout,
    width,
    with_labels: true,
    values,
    bottom: Math.ceil(label_height) + 16,
    without_grid: true,
    x: {
      domain: [-0.5, n - 0.5],
      ticks: data.tasks.map((_, i) => i),
      tickFormat: (i: number) => data.tasks[i] ?? "",
      tickRotate: -90,
      tickSize: 3,
      label: null,
    },
    marks: [
      Plot.rect(known, {
        x1: (c: Cell) => c.x - 0.5,
        x2: (c: Cell) => c.x + 0.5,
        y1: (c: Cell) => c.y - half,
        y2: (c: Cell) => c.y + half,
        insetLeft: inset,
        insetRight: inset,
        fill: (c: Cell) => colour_of_gain(c.gain ?? 0),
        fillOpacity: (c: Cell) => (c.gain === 0 ? 0 : strength(map, c.gain ?? 0)),
        stroke: (c: Cell) => (c.gain === 0 ? "var(--line)" : "none"),
        strokeWidth: 0.6,
        dy,
        title: (c: Cell) =>
          `${published_title(c.predictor)}, ${data.tasks[c.x]}: ${number_text(c.value)}, gain ${signed_text(c.gain)}, ${count_text(data.n_test[c.x] ?? null)} test compounds`,
      }),
      Plot.text(
        map.cells.filter((c) => c.gain === null),
        {
          x: "x",
          y: "y",
          text: () => "×",
          fill: "var(--muted)",
          fontSize: 10,
          dy,
          title: (c: Cell) => `${published_title(c.predictor)}, ${data.tasks[c.x]}: no value`,
        },
      ),
    ],
  });
  const height = panel_height(layout) + Math.ceil(label_height) + 16 - 38;
  return compose(width, kLegendHeight + height, [
    { svg: legend(map, layout.is_narrow ? 14 : layout.label_width, width), x: 0, y: 0 },
    { svg: main, x: 0, y: kLegendHeight },
  ]);
}

// ---- contrasts -------------------------------------------------------------------------------

const wins_bar = (c: Contrast): HTMLElement => {
  const part = (n: number, kind: string): HTMLElement =>
    h("i", { class: kind, style: `flex:${n} 0 0` });
  return h(
    "span",
    { class: "wins", "aria-hidden": "true" },
    part(c.n_better, "better"),
    part(c.n_tasks - c.n_better - c.n_worse, "even"),
    part(c.n_worse, "other"),
  );
};

function contrast_table(view: View, tasks: TaskSection, data: Table): HTMLElement | null {
  const all = tasks.contrasts.filter((c) => c.split === data.split && c.metric === data.metric);
  // Just beside a baseline that is the bar of a hypothesis, the same would be said twice.
  const own = all.filter(
    (c) =>
      c.hypothesis ||
      !all.some((x) => x.hypothesis && x.model === c.model && x.against === c.against),
  );
  if (own.length === 0) return null;
  const beside = `beside ${view.title(tasks.neighbour)}`;
  const columns: Column<Contrast>[] = [
    {
      title: "Model",
      value: (c) => view.title(c.model),
      cell: (c) => [
        view.title(c.model),
        published_tag(view, c.model),
        h("div", { class: "second" }, `against ${view.title(c.against)}`),
      ],
    },
    {
      title: "Hypothesis",
      value: (c) => (c.hypothesis ? view.hypothesis_title(c.hypothesis) : beside),
      cell: (c) =>
        c.hypothesis
          ? view.hypothesis_title(c.hypothesis)
          : h("span", { class: "muted" }, "none: just beside copying neighbours"),
    },
    {
      title: `Better on`,
      hint: `number of ${tasks.task_title}s on which the model is better, of those with both values`,
      numeric: true,
      value: (c) => c.n_better / Math.max(1, c.n_tasks),
      cell: (c) => [`${c.n_better} of ${c.n_tasks}`, wins_bar(c)],
    },
    {
      title: "Mean gain",
      hint: `mean over ${tasks.task_title}s and its interval; above zero the model is better`,
      numeric: true,
      value: (c) => c.difference.value,
      cell: (c) => [
        number(c.difference.value, signed_text),
        h("br"),
        h(
          "span",
          { class: "muted" },
          interval_text(c.difference.low, c.difference.high, signed_text),
        ),
      ],
    },
    { title: "Margin", numeric: true, value: (c) => c.margin, cell: (c) => number(c.margin) },
    {
      title: "p\u00a0adj.",
      hint: `Wilcoxon signed rank over ${tasks.task_title}s, corrected by Holm's method`,
      numeric: true,
      value: (c) => c.p_adjusted,
      cell: (c) => number(c.p_adjusted, p_text),
    },
    {
      title: "Verdict",
      value: (c) => kVerdicts.indexOf(c.verdict),
      cell: (c) => chip(c.verdict),
    },
  ];
  return table<Contrast>({
    caption: `Models against baselines over ${tasks.task_title}s, ${view.metric_title(data.metric)}, ${view.split_title(data.split)} split. Open a row for its sentence and what to do.`,
    columns,
    rows: own,
    limit: 16,
    print_all: true,
    print_details: false,
    row_class: (c) => (c.is_published ? "" : "is-model"),
    detail_name: (c) => view.title(c.model),
    detail: (c) => [h("p", {}, c.sentence), c.recommendation ? h("p", {}, "→ ", c.recommendation) : null],
  });
}

const csv = (data: Table) => ({
  columns: ["split", "metric", "task", "n_test", "predictor", "is_model", "is_published", "value"],
  rows: ordered(data).flatMap((p) =>
    data.tasks.map((task, t) => [
      data.split,
      data.metric,
      task,
      data.n_test[t] ?? null,
      p.name,
      String(p.is_model),
      String(p.is_published),
      p.values[t] ?? null,
    ]),
  ),
});

function best_words(view: View, data: Table, word: string): string {
  const known = ordered(data).filter((p) => p.mean.value !== null);
  const words = (p: Predictor | undefined): string =>
    p ? `${published_title(p)} (${number_text(p.mean.value)})` : "none";
  return `Best mean ${view.metric_title(data.metric)} over ${data.tasks.length} ${word}s: model ${words(known.find((p) => p.is_model))}, baseline ${words(known.find((p) => !p.is_model))}.`;
}

function map_words(tasks: TaskSection, data: Table): string {
  const map = make_map(tasks, data);
  const ahead = map.rows.filter((_, y) => {
    const own = map.cells.filter((c) => c.y === y && c.gain !== null);
    return 2 * own.filter((c) => (c.gain ?? 0) > 0).length > own.length;
  });
  const models = map.rows.filter((p) => p.is_model);
  return `${ahead.length} of ${map.rows.length} predictors are better than ${map.reference} on most ${tasks.task_title}s, ${ahead.filter((p) => p.is_model).length} of them among the ${models.length} models.`;
}

/// null where the folds of no split are tasks.
export function task_section(view: View): Section | null {
  const tasks = view.report.tasks;
  let chosen = tasks?.tables[0];
  if (!tasks || !chosen) return null;
  const place = h("div");
  const figures: Figure[] = [];
  const key = (data: Table): string => `${data.split}\n${data.metric}`;
  const several = distinct(tasks.tables.map((t) => t.split)).length > 1;
  const name = (data: Table): string =>
    `${view.metric_title(data.metric)}${several ? `, ${view.split_title(data.split)}` : ""}`;
  const fill = (): void => {
    place.replaceChildren();
    const contrasts = chosen && contrast_table(view, tasks, chosen);
    if (contrasts) place.append(contrasts);
  };
  const now = (): Table => chosen as Table;
  const word = tasks.task_title;
  const means = figure(view, {
    name: `${word}s_means`,
    title: `Mean over ${word}s, with the value of every ${word}`,
    caption: `Small dots: ${word}s; large: mean over them, with its interval over ${word}s. Diamonds: models; open ones are known by published scores only.`,
    controls:
      tasks.tables.length < 2
        ? null
        : selector(
            "Score",
            tasks.tables.map((t) => ({ value: key(t), title: name(t) })),
            key(chosen),
            (value) => {
              chosen = tasks.tables.find((t) => key(t) === value) ?? chosen;
              figures.forEach((f) => f.update());
              fill();
            },
          ),
    draw: (width) => draw_means(view, now(), width),
    summary: () => best_words(view, now(), word),
    data: () => csv(now()),
  });
  const map = figure(view, {
    name: `${word}s_map`,
    title: `Every predictor in every ${word}, against copying neighbours`,
    caption: [
      `A row per predictor, the best mean first; a column per ${word}. Orange: better than ${view.title(tasks.neighbour) || "the median predictor"}; blue: worse; the stronger, the larger the difference. At the right: mean gain, and number of ${word}s won.`,
    ],
    draw: (width) => draw_map(tasks, now(), width),
    summary: () => map_words(tasks, now()),
    data: () => csv(now()),
  });
  figures.push(means, map);
  fill();
  return section(
    `${word}s`,
    `Scores per ${word}`,
    prose(
      `Each ${word} is a data set of its own: every predictor is trained and scored within it. Over ${word}s, a model is compared ${word} by ${word}, and the ${word} is what is resampled. Models with published scores take part here only.`,
    ),
    bullets(tasks.sentences),
    means.element,
    map.element,
    place,
  );
}
