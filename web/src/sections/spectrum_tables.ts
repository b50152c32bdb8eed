// What models gain over baselines in words, the levels, and the worst leaked pairs.
import { h, type Child } from "../dom";
import {
  count_text,
  interval_text,
  number,
  number_text,
  p_text,
  percent_text,
  plural,
  signed_text,
} from "../format";
import type { Estimate, Num, SpectrumSection } from "../report_types";
import { table } from "../table";
import { chip } from "../verdict";
import { level_text, type Contrast, type Level, type Series } from "./spectrum_series";

/// A contrast can be of two kinds: where the best blind baseline copies, it is told once.
const kContrastKinds: { title: string; is: (c: Contrast) => boolean }[] = [
  { title: "Against the best blind baseline", is: (c) => c.is_bar },
  { title: "Against the best blind baseline at each level", is: (c) => c.is_pointwise },
  {
    title: "Against copying the nearest training item",
    is: (c) => c.is_nearest && !c.is_bar,
  },
  {
    title: "Other comparisons",
    is: (c) => !c.is_bar && !c.is_pointwise && !c.is_nearest,
  },
];
const kMostShown = 12; // more contrasts than this open on request

/// Every contrast as a sentence, grouped by what the models are compared with.
export function contrast_words(series: Series): HTMLElement | null {
  const { contrasts } = series.spectrum;
  if (contrasts.length === 0) return null;
  const line = (c: Contrast): HTMLElement =>
    h(
      "li",
      {},
      chip(c.verdict),
      h(
        "span",
        {},
        c.sentence,
        c.p_adjusted === null
          ? null
          : h("span", { class: "muted" }, ` p adj. ${p_text(c.p_adjusted)}`),
      ),
    );
  const groups = kContrastKinds
    .map(({ title, is }) => ({ title, own: contrasts.filter(is) }))
    .filter(({ own }) => own.length > 0)
    .map(({ title, own }) => [
      h("h4", {}, title),
      h("ul", { class: "verdict-list" }, own.map(line)),
    ]);
  return h(
    "details",
    { class: "contrasts", open: contrasts.length <= kMostShown },
    h("summary", {}, `All ${plural(contrasts.length, "contrast")} in words`),
    groups,
  );
}

/// What is lost from the first to the last level, and how much of it the control loses as well.
export function fall_table(series: Series): HTMLElement | null {
  const { falls, metric_title, parameter_title } = series.spectrum;
  type Fall = SpectrumSection["falls"][number];
  if (falls.length === 0) return null;
  const models = new Set(series.spectrum.curves.filter((c) => c.is_model).map((c) => c.predictor));
  const column = (title: string, hint: string, of: (fall: Fall) => Estimate) => ({
    title,
    hint,
    numeric: true,
    value: (fall: Fall): Num => of(fall).value,
    cell: (fall: Fall): Child => [
      number(of(fall).value, signed_text),
      " ",
      h("span", { class: "muted" }, interval_text(of(fall).low, of(fall).high, signed_text)),
    ],
  });
  return table<Fall>({
    caption: `What is lost in ${metric_title} from the first to the last level; positive is a loss${series.has_control ? "" : ". Without a control it cannot be split"}`,
    rows: [
      ...falls.filter((fall) => models.has(fall.predictor)),
      ...falls.filter((fall) => !models.has(fall.predictor)),
    ],
    limit: 12,
    print_all: true,
    row_class: (fall) => (models.has(fall.predictor) ? "is-model" : ""),
    columns: [
      {
        title: "Predictor",
        value: (fall) => series.title(fall.predictor),
        cell: (fall) => series.title(fall.predictor),
      },
      {
        title: "Levels",
        hint: parameter_title,
        cell: (fall) => `${level_text(fall.from)} to ${level_text(fall.to)}`,
      },
      column("Loss", "value at the first level less that at the last", (fall) => fall.total),
      ...(series.has_control
        ? [
            column(
              "beyond the control",
              "what the control of the same sizes does not lose",
              (fall) => fall.by_overlap,
            ),
            column("of the control", "what the control loses as well", (fall) => fall.by_size),
          ]
        : []),
    ],
  });
}

const kLongestId = 90;
/// Long SMILES and sequences are cut, with the whole as title.
const identifier = (text: string): HTMLElement =>
  h(
    "code",
    { title: text.length > kLongestId ? text : null },
    text.length > kLongestId
      ? `${text.slice(0, kLongestId)}… (${count_text(text.length)} characters)`
      : text,
  );

export function pair_table(series: Series): HTMLElement | null {
  const { worst_pairs, parameter_title } = series.spectrum;
  if (worst_pairs.length === 0) return null;
  type Pair = SpectrumSection["worst_pairs"][number];
  const difference = (p: Pair): Num =>
    p.test_target === null || p.train_target === null
      ? null
      : Math.abs(p.test_target - p.train_target);
  return table<Pair>({
    caption: "The most similar pairs of a test and a training item",
    rows: worst_pairs,
    limit: 10,
    columns: [
      {
        title: "Test",
        kind: "identifier",
        value: (p) => p.test,
        cell: (p) => identifier(p.test),
      },
      {
        title: "Training",
        kind: "identifier",
        value: (p) => p.train,
        cell: (p) => identifier(p.train),
      },
      {
        title: "Similarity",
        numeric: true,
        value: (p) => p.similarity,
        cell: (p) => number(p.similarity),
      },
      {
        title: "Test target",
        numeric: true,
        value: (p) => p.test_target,
        cell: (p) => number(p.test_target),
      },
      {
        title: "Training target",
        numeric: true,
        value: (p) => p.train_target,
        cell: (p) => number(p.train_target),
      },
      {
        title: "Apart",
        hint: "absolute difference of the two targets",
        numeric: true,
        value: difference,
        cell: (p) => number(difference(p)),
      },
      {
        title: "Level",
        hint: parameter_title,
        numeric: true,
        value: (p) => p.parameter,
        cell: (p) => level_text(p.parameter),
      },
    ],
  });
}

/// All that was measured at each level.
export function level_table(series: Series): HTMLElement {
  const { levels, parameter_title, axis } = series.spectrum;
  const measured = (
    title: string,
    hint: string,
    value: (level: Level) => Num,
    text: (value: Num | undefined) => string = number_text,
  ) => ({
    title,
    hint,
    numeric: true,
    value,
    cell: (level: Level): Child => number(value(level), text),
  });
  return table<Level>({
    caption: `Sizes and overlap of every level, means over repeats; level: ${parameter_title}`,
    rows: levels,
    columns: [
      { title: "Level", value: (l) => l.parameter, cell: (l) => level_text(l.parameter) },
      ...(axis === "parameter" ? [] : [measured("x", `place on the axis: ${axis}`, (l) => l.x)]),
      measured("Repeats", "splits of this level", (l) => l.n_repeats, count_text),
      measured("Training", "items", (l) => l.n_train, count_text),
      measured("Test", "items", (l) => l.n_test, count_text),
      measured("Left out", "items", (l) => l.n_left_out, count_text),
      measured(
        "With neighbour",
        "share of test items with a training item at or above the threshold",
        (l) => l.overlap.share_with_neighbour,
        percent_text,
      ),
      ...(series.has_control
        ? [
            measured(
              "same, control",
              "the same share in the size-matched random control",
              (l) => l.control_overlap?.share_with_neighbour ?? null,
              percent_text,
            ),
          ]
        : []),
      measured(
        "Nearest, mean",
        "similarity of the nearest training item, mean over test items",
        (l) => l.overlap.nearest_mean,
      ),
      measured("median", "of the same", (l) => l.overlap.nearest_median),
      measured("90 %", "90th percentile of the same", (l) => l.overlap.nearest_p90),
      measured("max", "largest of the same", (l) => l.overlap.nearest_max),
      measured(
        "All pairs",
        "mean similarity over all pairs of a test and a training item",
        (l) => l.overlap.mean_pair,
      ),
    ],
  });
}
