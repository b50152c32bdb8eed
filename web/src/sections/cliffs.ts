// Activity cliffs: errors on compounds of cliff pairs and on the others, the order within pairs, and the
// pairs themselves, drawn side by side.
import * as Plot from "@observablehq/plot";
import { download, h, selector, type Child } from "../dom";
import { csv_text, figure, type FigureData } from "../figure";
import { count_text, interval_text, number_text, percent_text, plural, words } from "../format";
import type { Estimate, PairMember, PairSection } from "../report_types";
import { better_to_the_right, extent_of, lay_out, panel, shift } from "../rows";
import { distinct, published_title, type View } from "../view";
import { absent, bullets, prose, section, type Section } from "./section";

type Score = PairSection["scores"][number];
type Shown = PairSection["shown"][number];

interface Errors {
  title: string;
  is_model: boolean;
  is_published: boolean;
  cliff: Estimate;
  other: Estimate;
  gap: Estimate;
  y: number;
}
const kNothing: Estimate = { value: null, low: null, high: null };

/// Published tables know the error on cliff compounds; the rest is unknown of their models.
function errors_of(view: View, pairs: PairSection, split: string): Errors[] {
  const own = pairs.scores
    .filter((x) => x.split === split)
    .map((x) => ({
      title: x.title,
      is_model: x.is_model,
      is_published: false,
      cliff: x.rmse_cliff,
      other: x.rmse_noncliff,
      gap: x.gap,
    }));
  const printed = (view.report.tasks?.tables ?? [])
    .filter((t) => t.split === split && t.metric === `rmse_${pairs.block}`)
    .flatMap((t) => t.predictors.filter((p) => p.is_published))
    .map((p) => ({
      title: published_title(p),
      is_model: true,
      is_published: true,
      cliff: p.mean,
      other: kNothing,
      gap: kNothing,
    }));
  return [...own, ...printed]
    .filter((x) => x.cliff.value !== null || x.other.value !== null)
    .sort((a, b) => (a.cliff.value ?? Infinity) - (b.cliff.value ?? Infinity))
    .map((x, y) => ({ ...x, y }));
}

const colour_of = (x: { is_model: boolean }): string =>
  x.is_model ? "var(--model)" : "var(--blind)";

function draw_errors(rows: Errors[], block: string, width: number): SVGSVGElement {
  const layout = lay_out(
    rows.map((x) => ({ label: x.title, kind: x.is_model ? ("model" as const) : ("plain" as const) })),
    width,
  );
  const dy = shift(layout);
  const both = rows.filter((x) => x.cliff.value !== null && x.other.value !== null);
  const dots = (
    of: (x: Errors) => Estimate,
    name: string,
    fill: (x: Errors) => string,
  ): Plot.Markish => [
    Plot.ruleY(
      rows.filter((x) => of(x).low !== null && of(x).high !== null),
      {
        y: "y",
        x1: (x: Errors) => of(x).low,
        x2: (x: Errors) => of(x).high,
        stroke: colour_of,
        strokeWidth: 4,
        strokeOpacity: 0.25,
        dy,
      },
    ),
    Plot.dot(
      rows.filter((x) => of(x).value !== null),
      {
        x: (x: Errors) => of(x).value,
        y: "y",
        r: 4,
        symbol: (x: Errors) => (x.is_model ? "diamond" : "circle"),
        fill,
        stroke: colour_of,
        strokeWidth: 1.5,
        dy,
        title: (x: Errors) =>
          `${x.title}, ${name}: ${number_text(of(x).value)} ${interval_text(of(x).low, of(x).high)}`,
      },
    ),
  ];
  return panel({
    layout,
    width,
    with_labels: true,
    values: rows.map((x) =>
      x.gap.value === null
        ? number_text(x.cliff.value)
        : `${number_text(x.cliff.value)} · gap ${number_text(x.gap.value)}${layout.is_narrow ? "" : ` ${interval_text(x.gap.low, x.gap.high)}`}`,
    ),
    x: {
      ...better_to_the_right("RMSE", false),
      domain: extent_of(
        rows.flatMap((x) => [x.cliff, x.other].flatMap((e) => [e.value, e.low, e.high])),
      ),
    },
    marks: [
      Plot.ruleY(both, {
        y: "y",
        x1: (x: Errors) => x.cliff.value,
        x2: (x: Errors) => x.other.value,
        stroke: colour_of,
        strokeWidth: 1.2,
        dy,
      }),
      dots((x) => x.other, `other compounds`, () => "var(--paper)"),
      dots((x) => x.cliff, `${block} compounds`, colour_of),
    ],
  });
}

interface Order {
  score: Score;
  y: number;
  value: Estimate;
  kind: "test" | "train";
}

function draw_order(scores: Score[], width: number): SVGSVGElement {
  const sorted = by_order(scores);
  const layout = lay_out(
    sorted.map((x) => ({ label: x.title, kind: x.is_model ? ("model" as const) : ("plain" as const) })),
    width,
    21,
  );
  const dy = shift(layout);
  const [above, below] = layout.is_narrow ? [-0.02, 0.22] : [-0.17, 0.17];
  const points = sorted.flatMap((score, y): Order[] => [
    { score, y: y + above, value: score.sign_accuracy, kind: "test" },
    { score, y: y + below, value: score.sign_accuracy_to_train, kind: "train" },
  ]);
  const known = points.filter((p) => p.value.value !== null);
  const of_kind = (kind: Order["kind"], symbol: "circle" | "square"): Plot.Markish =>
    Plot.dot(
      known.filter((p) => p.kind === kind),
      {
        x: (p: Order) => p.value.value,
        y: "y",
        r: kind === "test" ? 4 : 3,
        symbol,
        fill: (p: Order) => (kind === "test" ? colour_of(p.score) : "var(--paper)"),
        stroke: (p: Order) => colour_of(p.score),
        strokeWidth: 1.4,
        dy,
        title: (p: Order) =>
          `${p.score.title}, ${kind === "test" ? `${count_text(p.score.n_pairs)} pairs within the test set` : `${count_text(p.score.n_pairs_to_train)} pairs with a training compound`}: ${percent_text(p.value.value)} ${interval_text(p.value.low, p.value.high, percent_text)}`,
      },
    );
  const [low, high] = extent_of(
    known.flatMap((p) => [p.value.value, p.value.low, p.value.high, 0.5]),
  );
  return panel({
    layout,
    width,
    with_labels: true,
    values: sorted.map((x) =>
      [x.sign_accuracy.value, x.sign_accuracy_to_train.value].map(short_percent).join(" · "),
    ),
    x: {
      domain: [Math.max(0, low), Math.min(1, high)],
      label: "pairs whose order is predicted (higher is better) →",
      labelArrow: "none",
      tickFormat: (v: number) => `${Math.round(100 * v)} %`,
    },
    marks: [
      Plot.ruleX([0.5], { stroke: "var(--ink)", strokeDasharray: "3,3" }),
      Plot.ruleY(
        known.filter((p) => p.value.low !== null && p.value.high !== null),
        {
          y: "y",
          x1: (p: Order) => p.value.low,
          x2: (p: Order) => p.value.high,
          stroke: (p: Order) => colour_of(p.score),
          strokeWidth: 1.5,
          strokeOpacity: 0.7,
          dy,
        },
      ),
      of_kind("test", "circle"),
      of_kind("train", "square"),
    ],
  });
}

const by_order = (scores: Score[]): Score[] =>
  [...scores].sort(
    (a, b) =>
      (b.sign_accuracy.value ?? b.sign_accuracy_to_train.value ?? -1) -
      (a.sign_accuracy.value ?? a.sign_accuracy_to_train.value ?? -1),
  );
const short_percent = (value: number | null): string =>
  value === null ? "n/a" : `${(100 * value).toFixed(1)}\u2009%`;

// ---- the pairs -------------------------------------------------------------------------------

/// An image has ids and styles of its own: pictures cannot disturb each other or the page.
function molecule(member: PairMember, word: string, target: string): HTMLElement {
  const picture = member.svg
    ? h("img", {
        src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(member.svg)}`,
        alt: `Structure of ${member.id}: ${member.text}`,
      })
    : h("code", { class: "structure" }, member.text || member.id);
  return h(
    "div",
    { class: "molecule" },
    h("div", { class: "picture" }, picture),
    h(
      "div",
      { class: "name", title: member.text },
      h("b", {}, `${target ? `${target} ` : ""}${number_text(member.target)}`),
      `, ${word}`,
      h("div", { class: "second" }, member.id, ` · ${member.is_test ? "test" : "training"}`),
    ),
  );
}

interface Dot {
  x: number;
  y: number;
  is_first: boolean;
  is_given: boolean; // a training compound: its value was known
}

function order_words(pair: Shown, first: number | null, second: number | null): string {
  const a = first ?? (pair.first.is_test ? null : pair.first.target);
  const b = second ?? (pair.second.is_test ? null : pair.second.target);
  if (a === null || b === null) return "n/a";
  return a > b ? "order kept" : a === b ? "no difference" : "reversed";
}

function prediction_plot(view: View, pair: Shown, width: number): SVGSVGElement {
  const rows = [
    { title: "Measured", first: pair.first.target, second: pair.second.target, is_model: false },
    ...pair.predictions.map((p) => ({
      title: p.title,
      first: p.first ?? (pair.first.is_test ? null : pair.first.target),
      second: p.second ?? (pair.second.is_test ? null : pair.second.target),
      is_model: view.is_model(p.predictor),
    })),
  ];
  const layout = lay_out(
    rows.map((r) => ({
      label: r.title,
      kind: r.is_model ? ("model" as const) : ("plain" as const),
    })),
    width,
  );
  const dy = shift(layout);
  const dots = rows.flatMap((r, y): Dot[] =>
    [
      { x: r.first, y, is_first: true, is_given: y > 0 && !pair.first.is_test },
      { x: r.second, y, is_first: false, is_given: y > 0 && !pair.second.is_test },
    ].filter((d): d is Dot => d.x !== null),
  );
  const both = rows
    .map((r, y) => ({ ...r, y }))
    .filter((r) => r.first !== null && r.second !== null);
  const colour = (r: { is_model: boolean; y: number }): string =>
    r.y === 0 ? "var(--ink)" : colour_of(r);
  const dot_colour = (d: Dot): string => colour({ is_model: rows[d.y]?.is_model ?? false, y: d.y });
  return panel({
    layout,
    width,
    with_labels: true,
    values: rows.map((_, y) => {
      const p = pair.predictions[y - 1];
      return p ? order_words(pair, p.first, p.second) : "";
    }),
    x: {
      domain: extent_of(
        dots.map((d) => d.x),
        0.08,
      ),
      label: `${view.report.data.target_name} →`,
      labelArrow: "none",
    },
    marks: [
      Plot.ruleX([pair.first.target, pair.second.target], {
        stroke: "var(--line)",
        strokeDasharray: "2,3",
      }),
      Plot.ruleY(both, { y: "y", x1: "first", x2: "second", stroke: colour, dy }),
      Plot.dot(
        dots.filter((d) => !d.is_given),
        {
          x: "x",
          y: "y",
          r: 4,
          fill: (d: Dot) => (d.is_first ? dot_colour(d) : "var(--paper)"),
          stroke: dot_colour,
          strokeWidth: 1.5,
          dy,
          title: (d: Dot) =>
            `${rows[d.y]?.title}: ${number_text(d.x)} for the ${d.is_first ? "more" : "less"} potent`,
        },
      ),
      Plot.text(
        dots.filter((d) => d.is_given),
        {
          x: "x",
          y: "y",
          text: () => "|",
          fill: dot_colour,
          fontSize: 11,
          dy,
          title: () => "a training compound: its value was known",
        },
      ),
    ],
  }) as SVGSVGElement;
}

const fold_words = (difference: number): string => {
  const fold = 10 ** Math.abs(difference);
  return `${fold >= 100 ? count_text(Number(fold.toPrecision(2))) : number_text(fold, 2)}-fold`;
};
/// Only a logarithm of a concentration has folds.
const has_folds = (view: View): boolean =>
  view.report.study.area === "potency" || /^p[A-Z]/.test(view.report.data.target_name);

function pair_card(view: View, pair: Shown): { card: HTMLElement; draw: (width: number) => void } {
  const place = h("div", { class: "pair-plot" });
  const difference = pair.first.target - pair.second.target;
  const name = view.report.data.target_name;
  const target = name.length < 12 ? name : "";
  const heading: Child = [
    pair.task ? `${pair.task}: ` : null,
    `${number_text(difference)} log units`,
    has_folds(view) ? `, ${fold_words(difference)}` : null,
  ];
  const card = h(
    "article",
    { class: "pair" },
    h("h4", {}, heading),
    h(
      "div",
      { class: "molecules" },
      molecule(pair.first, "more potent", target),
      molecule(pair.second, "less potent", target),
    ),
    place,
  );
  const draw = (width: number): void => {
    const svg = prediction_plot(view, pair, width);
    svg.setAttribute("role", "img");
    svg.setAttribute(
      "aria-label",
      `Measured and predicted values of both compounds. ${pair.predictions.map((p) => `${p.title}: ${order_words(pair, p.first, p.second)}`).join("; ")}.`,
    );
    place.replaceChildren(svg);
  };
  return { card, draw };
}

const pair_data = (pairs: PairSection): FigureData => ({
  columns: [
    "split",
    "task",
    "first",
    "first_structure",
    "first_target",
    "first_is_test",
    "second",
    "second_structure",
    "second_target",
    "second_is_test",
    "predictor",
    "predicted_first",
    "predicted_second",
  ],
  rows: pairs.shown.flatMap((p) =>
    p.predictions.map((x) => [
      p.split,
      p.task,
      p.first.id,
      p.first.text,
      p.first.target,
      String(p.first.is_test),
      p.second.id,
      p.second.text,
      p.second.target,
      String(p.second.is_test),
      x.predictor,
      x.first,
      x.second,
    ]),
  ),
});

const kGap = 20;
const kPadding = 26; // of a card, both sides, with its border
function pair_gallery(view: View, pairs: PairSection): Child {
  if (pairs.shown.length === 0) return null;
  const cards = pairs.shown.map((pair) => pair_card(view, pair));
  const grid = h(
    "div",
    { class: "pairs" },
    cards.map((c) => c.card),
  );
  view.redraw.push(() => {
    const columns = view.width() >= 860 ? 2 : 1;
    grid.style.setProperty("--columns", String(columns));
    const inner = (view.width() - kGap * (columns - 1)) / columns - kPadding;
    cards.forEach((c) => c.draw(Math.max(240, Math.floor(inner))));
  });
  return [
    h("h3", {}, "Cliff pairs, side by side"),
    h(
      "p",
      { class: "note" },
      "The pairs with the largest differences, spread over the data. Filled: the more potent compound; open: the less potent one; a bar: a training compound, whose value was known. Dashed lines: measured values.",
    ),
    grid,
    h(
      "div",
      { class: "tools" },
      h(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": "Save the pairs as CSV",
          onclick: () => download("cliff_pairs.csv", "text/csv", csv_text(pair_data(pairs))),
        },
        "CSV",
      ),
    ),
  ];
}

// ---- the section -----------------------------------------------------------------------------

const estimate_cells = (e: Estimate): (number | null)[] => [e.value, e.low, e.high];

/// null where the study is not about potency; one line where it asks for no cliffs.
export function cliff_section(view: View): Section | null {
  const { pairs, study } = view.report;
  if (!pairs)
    return study.area === "potency"
      ? absent("cliffs", "Activity cliffs", "the study asks for none (data.cliffs).")
      : null;
  const splits = distinct(pairs.scores.map((x) => x.split));
  let split = splits[0] ?? "";
  const own = (): Score[] => pairs.scores.filter((x) => x.split === split);
  const counts = (): string => {
    const [x] = own();
    return x
      ? `${plural(x.n_cliff, `test row`)} of ${pairs.block} compounds, ${count_text(x.n_noncliff)} others; ${plural(x.n_pairs, "pair")} within the test set, ${count_text(x.n_pairs_to_train)} with a training compound`
      : "no row";
  };
  const errors = figure(view, {
    name: "cliffs_rmse",
    title: `Error on ${pairs.block} compounds and on the others`,
    caption:
      "Filled: compounds of cliff pairs; open: the others; bands: intervals. At the right: RMSE on cliff compounds, and the gap to the others. Published models: RMSE on cliff compounds only.",
    controls:
      splits.length < 2
        ? null
        : selector(
            "Split",
            splits.map((value) => ({ value, title: view.split_title(value) })),
            split,
            (value) => {
              split = value;
              errors.update();
              order.update();
            },
          ),
    draw: (width) => draw_errors(errors_of(view, pairs, split), pairs.block, width),
    summary: () => {
      const [best] = errors_of(view, pairs, split);
      return `${counts()}. Smallest error on ${pairs.block} compounds: ${best ? `${best.title} (${number_text(best.cliff.value)})` : "none"}.`;
    },
    data: () => ({
      columns: [
        "split",
        "predictor",
        ...["rmse_cliff", "rmse_noncliff", "gap"].flatMap((x) => [x, `${x}_low`, `${x}_high`]),
      ],
      rows: errors_of(view, pairs, split).map((x) => [
        split,
        x.title,
        ...[x.cliff, x.other, x.gap].flatMap(estimate_cells),
      ]),
    }),
  });
  const order = figure(view, {
    name: "cliffs_order",
    title: "Which of the two is more potent",
    caption:
      "Circles: pairs within the test set; squares: pairs of a test and a training compound. Equal predictions count half; the dashed line is a guess.",
    draw: (width) => draw_order(own(), width),
    summary: () => {
      const [best] = by_order(own());
      return best
        ? `${best.title} has the order of most pairs: ${percent_text(best.sign_accuracy.value)} within the test set, ${percent_text(best.sign_accuracy_to_train.value)} with a training compound.`
        : "No pair has both compounds predicted.";
    },
    data: () => ({
      columns: [
        "split",
        "predictor",
        ...["sign_accuracy", "sign_accuracy_to_train"].flatMap((x) => [x, `${x}_low`, `${x}_high`]),
        "n_pairs",
        "n_pairs_to_train",
      ],
      rows: own().map((x) => [
        x.split,
        x.predictor,
        ...[x.sign_accuracy, x.sign_accuracy_to_train].flatMap(estimate_cells),
        x.n_pairs,
        x.n_pairs_to_train,
      ]),
    }),
  });
  return section(
    "cliffs",
    pairs.block === "cliff" ? "Activity cliffs" : `Pairs: ${words(pairs.block)}`,
    prose(
      "A cliff is a pair of similar molecules with very different potency. Copying neighbours must fail there, so a model that has learned what makes the difference should gain over it on cliffs before all else.",
      pairs.rule ? ` Here: ${pairs.rule}.` : "",
    ),
    bullets(pairs.sentences),
    errors.element,
    order.element,
    pair_gallery(view, pairs),
  );
}
