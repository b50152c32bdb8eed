// Cliff pairs, side by side: both molecules, what was measured, and what is predicted for them.
import * as Plot from "@observablehq/plot";
import { download, h, type Child } from "../dom";
import { csv_text, type FigureData } from "../figure";
import { count_text, number_text } from "../format";
import type { PairMember, PairSection } from "../report_types";
import { extent_of, lay_out, panel, shift } from "../rows";
import type { View } from "../view";

type Shown = PairSection["shown"][number];

export const colour_of = (x: { is_model: boolean }): string =>
  x.is_model ? "var(--model)" : "var(--blind)";

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
      h("div", { class: "second" }, `${member.is_test ? "test" : "training"} · ${member.id}`),
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
export function pair_gallery(view: View, pairs: PairSection): Child {
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
