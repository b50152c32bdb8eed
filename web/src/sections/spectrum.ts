// The overlap spectrum: performance along splits of falling overlap between training and test.
import { h, type Child } from "../dom";
import { interval_text, number_text, plural } from "../format";
import type { SpectrumSection } from "../report_types";
import type { Frame, View } from "../view";
import { absent, bullets, prose, section, type Section } from "./section";
import { area_figure, area_table } from "./spectrum_area";
import { curve_figure } from "./spectrum_curve";
import { gain_figure } from "./spectrum_gain";
import { overlap_figure } from "./spectrum_overlap";
import { axis_words, make_series, placed, type Series } from "./spectrum_series";
import { contrast_words, fall_table, level_table, pair_table } from "./spectrum_tables";

const kModes: { [mode in SpectrumSection["mode"]]: string } = {
  retrain: "every predictor trained again on every split",
  predictions: "no retraining: the same predictions, on test subsets of falling similarity",
  import: "splits or scores imported from another tool",
};

const kIntroduction =
  "A score on one split says little when test items resemble training items. Here the same predictors are scored on a series of splits whose overlap falls from left to right. A model that has learned more than to look up neighbours loses little; one that copies falls to the baselines.";

function facts(spectrum: SpectrumSection): HTMLElement {
  const repeats = Math.max(...spectrum.levels.map((level) => level.n_repeats));
  const similarity = spectrum.similarity
    ? `similarity ${spectrum.similarity}${spectrum.similarity_parameters ? ` (${spectrum.similarity_parameters})` : ""}`
    : "similarity not known";
  return h(
    "p",
    { class: "facts" },
    [
      kModes[spectrum.mode],
      `${plural(spectrum.levels.length, "level")} of ${plural(repeats, "repeat")}`,
      `overlap between ${spectrum.entity}s`,
      similarity,
      spectrum.metric_title,
    ].join(" · "),
  );
}

/// What makes the curve say less than it seems to, before anything is drawn.
function warnings(series: Series): HTMLElement | null {
  const { spectrum } = series;
  const { monotonicity } = spectrum;
  const missing = spectrum.curves.filter((c) => !c.is_complete).map((c) => c.title);
  const lines: { title: string; text: Child }[] = [];
  if (!monotonicity.is_falling)
    lines.push({
      title: "This series is no spectrum.",
      text: monotonicity.sentence || "The measured overlap does not fall along it.",
    });
  if (spectrum.is_partial)
    lines.push({
      title: "The range is partial.",
      text: `The axis (${axis_words(spectrum)}) is covered from ${number_text(spectrum.x_low)} to ${number_text(spectrum.x_high)} only; areas are means over this range and do not compare with areas over the whole axis.`,
    });
  if (spectrum.null_note)
    lines.push({ title: "The threshold is near chance.", text: spectrum.null_note });
  if (missing.length > 0)
    lines.push({
      title: "Levels are missing.",
      text: `Some have no value for ${missing.join(", ")}; an area is then over a shorter range, and drawn open.`,
    });
  return lines.length === 0
    ? null
    : h(
        "div",
        { class: "caution", role: "note" },
        lines.map((line) => h("p", {}, h("b", {}, line.title), " ", line.text)),
      );
}

function method(series: Series): HTMLElement {
  const { spectrum } = series;
  const { monotonicity, confidence, draws } = spectrum;
  const percent = Math.round(100 * confidence);
  const sentences = [
    `The axis is ${axis_words(spectrum)}, from ${number_text(spectrum.x_low)} to ${number_text(spectrum.x_high)}, the most overlap at the left.`,
    `AUSPC is the area under the curve by the trapezoid rule, divided by that range: the mean ${spectrum.metric_title} over the series, in its own unit.`,
    "It compares only between areas over the same axis and range.",
    `Intervals (${percent} %) are from ${plural(draws, "bootstrap draw")} of test units within every split and over the repeats; all predictors and levels share the draws, so that differences are paired.`,
    "The standard error is from the spread of repeats, with the trapezoid's own weights.",
    series.has_control
      ? "The control is a random split of the same sizes at every level: it shows what the number of training items costs, and what is left of a fall comes with the overlap."
      : "Without a size-matched control, a fall may come from overlap, from fewer training items, or from other test items.",
    monotonicity.is_falling ? monotonicity.sentence : "",
    monotonicity.spearman !== null && !monotonicity.sentence
      ? `Spearman correlation of the order asked for and the overlap measured: ${number_text(monotonicity.spearman)} ${interval_text(monotonicity.low, monotonicity.high)}.`
      : "",
    "Shares of test items with a neighbour count items, not mutations or clusters: overlap of sets can be near zero while most test items have a close training item.",
  ];
  return h(
    "details",
    {},
    h("summary", {}, "How this was computed"),
    h("p", { class: "prose method" }, sentences.filter(Boolean).join(" ")),
  );
}

function curve_part(frame: Frame, spectrum: SpectrumSection): Child {
  const known = placed(spectrum);
  const n_unknown = spectrum.levels.length - known.levels.length;
  const has_values = known.curves.some((c) => c.points.some((p) => p.value !== null));
  return [
    n_unknown === 0
      ? null
      : h(
          "p",
          { class: "note" },
          `${plural(n_unknown, "level")} without a place on the axis: the overlap is not known there.`,
        ),
    has_values
      ? curve_figure(frame, make_series(known))
      : h(
          "p",
          { class: "absent" },
          h("b", {}, "No curve: "),
          "no predictor has a value at any level that lies on the axis.",
        ),
  ];
}

const kMostSentences = 8;
function block(frame: Frame, spectrum: SpectrumSection): Child[] {
  const series = make_series(spectrum);
  // What is said elsewhere in the section is not said twice.
  const elsewhere = new Set([
    spectrum.monotonicity.sentence,
    spectrum.null_note,
    ...spectrum.contrasts.map((c) => c.sentence),
  ]);
  const fresh = spectrum.sentences.filter((text) => !elsewhere.has(text));
  const [headline, ...rest] = fresh.length > 0 ? fresh : spectrum.sentences;
  const pairs = pair_table(series);
  return [
    facts(spectrum),
    headline ? h("p", { class: "headline" }, headline) : null,
    bullets(rest.slice(0, kMostSentences)),
    rest.length > kMostSentences
      ? h(
          "details",
          {},
          h("summary", {}, plural(rest.length - kMostSentences, "more sentence")),
          bullets(rest.slice(kMostSentences)),
        )
      : null,
    warnings(series),
    curve_part(frame, spectrum),
    area_figure(frame, series),
    area_table(series),
    gain_figure(frame, spectrum),
    fall_table(series),
    contrast_words(series),
    overlap_figure(frame, series) ??
      h(
        "p",
        { class: "absent" },
        h("b", {}, "No distribution of similarities: "),
        "the series came without a similarity between its items.",
      ),
    h("details", {}, h("summary", {}, "Sizes and overlap of every level"), level_table(series)),
    pairs,
    method(series),
  ];
}

/// In the report of an audit.
export function spectrum_section(view: View): Section {
  const spectra = view.report.spectra ?? []; // reports made before there were any lack the key
  if (spectra.length === 0)
    return absent("spectrum", "Overlap spectrum", "this study has no overlap series.");
  return section(
    "spectrum",
    "Overlap spectrum",
    prose(kIntroduction),
    spectra.map((spectrum) => [h("h3", {}, spectrum.title), ...block(view, spectrum)]),
  );
}

/// On the page of `cupel spectra`: a section for each series.
export const spectrum_sections = (frame: Frame, spectra: SpectrumSection[]): Section[] =>
  spectra.map((spectrum, i) =>
    section(
      `spectrum-${i + 1}`,
      spectrum.title,
      i === 0 ? prose(kIntroduction) : null,
      block(frame, spectrum),
    ),
  );
