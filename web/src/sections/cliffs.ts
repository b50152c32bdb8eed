// Activity cliffs: errors on compounds of cliff pairs and on the others, and the order within pairs.
import * as Plot from "@observablehq/plot";
import { selector } from "../dom";
import { figure } from "../figure";
import { count_text, interval_text, number_text, percent_text, plural, words } from "../format";
import type { Estimate, PairSection } from "../report_types";
import { better_to_the_right, extent_of, lay_out, panel, shift } from "../rows";
import { distinct, published_title, type View } from "../view";
import { colour_of, pair_gallery } from "./cliff_pairs";
import { absent, bullets, prose, section, type Section } from "./section";

type Score = PairSection["scores"][number];

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
