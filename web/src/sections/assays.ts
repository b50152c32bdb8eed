// Several assays: means with the value of every assay, every predictor in every assay, and who wins how
// often.
import * as Plot from "@observablehq/plot";
import { h, selector } from "../dom";
import { figure, type Figure } from "../figure";
import { interval_text, number, number_text, p_text, signed_text } from "../format";
import type { TaskSection } from "../report_types";
import { better_to_the_right, edge_arrows, extent_of, shift, zoomed_panels } from "../rows";
import { table, type Column } from "../table";
import { chip, kVerdicts } from "../verdict";
import { distinct, published_tag, published_title, type View } from "../view";
import { draw_map, layout_of, map_words, ordered, type Predictor, type Table } from "./assay_map";
import { bullets, prose, section, type Section } from "./section";

type Contrast = TaskSection["contrasts"][number];

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

/// The contrasts of one hypothesis, and a choice of it; at first the one that copying neighbours bars.
function contrast_block(view: View, tasks: TaskSection, data: Table): HTMLElement | null {
  const own = shown_contrasts(tasks, data);
  const hypotheses = distinct(own.map((c) => c.hypothesis));
  const first = own.find((c) => c.against === tasks.neighbour) ?? own[0];
  if (!first) return null;
  const place = h("div");
  const fill = (hypothesis: string): void =>
    place.replaceChildren(
      contrast_table(
        view,
        tasks,
        data,
        own.filter((c) => hypothesis === kAll || c.hypothesis === hypothesis),
      ),
    );
  fill(first.hypothesis);
  const title = (id: string): string => (id ? view.hypothesis_title(id) : "none: just beside");
  return h(
    "div",
    {},
    hypotheses.length < 2
      ? null
      : h(
          "div",
          { class: "controls" },
          selector(
            "Hypothesis",
            [
              ...hypotheses.map((value) => ({ value, title: title(value) })),
              { value: kAll, title: "all" },
            ],
            first.hypothesis,
            fill,
          ),
        ),
    place,
  );
}
const kAll = "*";

function shown_contrasts(tasks: TaskSection, data: Table): Contrast[] {
  const all = tasks.contrasts.filter((c) => c.split === data.split && c.metric === data.metric);
  // Just beside a baseline that is the bar of a hypothesis, the same would be said twice.
  return all.filter(
    (c) =>
      c.hypothesis ||
      !all.some((x) => x.hypothesis && x.model === c.model && x.against === c.against),
  );
}

function contrast_table(
  view: View,
  tasks: TaskSection,
  data: Table,
  own: Contrast[],
): HTMLElement {
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
  const is_single = distinct(own.map((c) => c.hypothesis)).length < 2;
  return table<Contrast>({
    caption: `Models against baselines over ${tasks.task_title}s, ${view.metric_title(data.metric)}, ${view.split_title(data.split)} split. Open a row for its sentence and what to do.`,
    columns: columns.filter((column) => !is_single || column.title !== "Hypothesis"),
    rows: own,
    limit: 30,
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
    const contrasts = chosen && contrast_block(view, tasks, chosen);
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
