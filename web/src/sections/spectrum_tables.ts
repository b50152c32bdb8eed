// What models gain over baselines in words, the levels, and the worst leaked pairs.
import { h, type Child } from "../dom";
import {
  count_text,
  interval_text,
  number,
  number_text,
  p_text,
  percent_text,
  signed_text,
} from "../format";
import type { Num, SpectrumSection } from "../report_types";
import { table } from "../table";
import { chip } from "../verdict";
import type { Contrast, Level, Series } from "./spectrum_series";

const kContrastKinds: { key: "is_bar" | "is_pointwise" | "is_nearest"; title: string }[] = [
  { key: "is_bar", title: "Against the best blind baseline" },
  { key: "is_pointwise", title: "Against the best blind baseline at each level" },
  { key: "is_nearest", title: "Against copying the nearest training item" },
];

/// Every contrast as a sentence, grouped by what the models are compared with.
export function contrast_words(series: Series): HTMLElement | null {
  const { contrasts } = series.spectrum;
  if (contrasts.length === 0) return null;
  const groups = [
    ...kContrastKinds.map(({ key, title }) => ({
      title,
      own: contrasts.filter((c) => c[key]),
    })),
    {
      title: "Other comparisons",
      own: contrasts.filter((c) => !c.is_bar && !c.is_pointwise && !c.is_nearest),
    },
  ].filter(({ own }) => own.length > 0);
  const line = (c: Contrast): HTMLElement =>
    h(
      "li",
      {},
      chip(c.verdict),
      h(
        "span",
        {},
        c.sentence,
        " ",
        h(
          "span",
          { class: "muted" },
          `${signed_text(c.difference.value)} ${interval_text(c.difference.low, c.difference.high, signed_text)}` +
            (c.margin === null ? "" : `, margin ${number_text(c.margin)}`) +
            (c.p_adjusted === null ? "" : `, p adj. ${p_text(c.p_adjusted)}`),
        ),
      ),
    );
  return h(
    "div",
    { class: "contrasts" },
    groups.map(({ title, own }) => [
      h("h4", {}, title),
      h("ul", { class: "verdict-list" }, own.map(line)),
    ]),
  );
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
        title: parameter_title,
        numeric: true,
        value: (p) => p.parameter,
        cell: (p) => String(p.parameter),
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
    caption: "Sizes and overlap of every level, means over repeats",
    rows: levels,
    columns: [
      { title: parameter_title, value: (l) => l.parameter, cell: (l) => String(l.parameter) },
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
