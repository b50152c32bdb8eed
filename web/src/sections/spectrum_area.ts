// Areas under the curves: a picture with intervals, and the table with what models gain over the bar.
import * as Plot from "@observablehq/plot";
import { h, type Child } from "../dom";
import { figure } from "../figure";
import { interval_text, number, number_text, p_text, signed_text } from "../format";
import type { Estimate, Num } from "../report_types";
import {
  better_to_the_right,
  edge_arrows,
  extent_of,
  lay_out,
  shift,
  zoomed_panels,
} from "../rows";
import { table, type Column } from "../table";
import { chip, kVerdicts } from "../verdict";
import { kRungTitles, type Frame } from "../view";
import type { Contrast, Curve, Series } from "./spectrum_series";

type Row = Curve & { y: number };

const by_area = (series: Series): Curve[] =>
  series.spectrum.curves
    .filter((c) => c.auspc.value !== null)
    .sort((a, b) => series.sign * ((b.auspc.value ?? 0) - (a.auspc.value ?? 0)));

function marks(
  series: Series,
  rows: Row[],
  dy: number,
  domain: [number, number],
  with_notes: boolean,
): Plot.Markish[] {
  const { higher_is_better } = series.spectrum;
  const bar = series.bar?.auspc.value ?? null;
  const better = higher_is_better ? domain[1] : domain[0];
  const inside = (v: Num): boolean => v !== null && v >= domain[0] && v <= domain[1];
  const clamp = (v: Num): number => Math.min(domain[1], Math.max(domain[0], v ?? 0));
  const shown = rows.filter((row) => inside(row.auspc.value));
  const controls = rows.filter((row) => inside(row.auspc_control.value));
  const colour = (row: Row): string => (row.is_model ? "var(--model)" : series.colour(row));
  const hint = (row: Row, what: string, estimate: Estimate): string =>
    `${row.title}${what}: ${number_text(estimate.value)} ${interval_text(estimate.low, estimate.high)}`;
  return [
    bar === null
      ? null
      : [
          Plot.rect([0], {
            x1: () => Math.min(bar, better),
            x2: () => Math.max(bar, better),
            fill: "var(--tint)",
          }),
          Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1 }),
          Plot.ruleX([bar], { stroke: "var(--blind)", strokeWidth: 1.5 }),
        ],
    bar !== null && with_notes
      ? Plot.text([bar], {
          x: (v: number) => v,
          text: () => "best blind baseline",
          frameAnchor: "top",
          lineAnchor: "bottom",
          dy: -3,
          fontSize: 11,
          fill: "var(--blind)",
        })
      : null,
    Plot.ruleY(
      controls.filter((row) => inside(row.auspc.value)),
      {
        y: "y",
        x1: (row: Row) => row.auspc.value ?? 0,
        x2: (row: Row) => row.auspc_control.value ?? 0,
        stroke: "var(--line)",
        strokeDasharray: "2,2",
        dy,
      },
    ),
    Plot.ruleY(
      shown.filter((row) => row.auspc.low !== null && row.auspc.high !== null),
      {
        y: "y",
        x1: (row: Row) => clamp(row.auspc.low),
        x2: (row: Row) => clamp(row.auspc.high),
        stroke: colour,
        strokeWidth: 2,
        dy,
      },
    ),
    Plot.dot(controls, {
      x: (row: Row) => row.auspc_control.value,
      y: "y",
      symbol: "square",
      r: 3.2,
      fill: "var(--paper)",
      stroke: "var(--muted)",
      strokeWidth: 1.2,
      dy,
      title: (row: Row) => hint(row, ", control", row.auspc_control),
    }),
    Plot.dot(shown, {
      x: (row: Row) => row.auspc.value,
      y: "y",
      symbol: (row: Row) => (row.is_model ? "diamond" : "circle"),
      r: (row: Row) => (row.is_model ? 5 : 4),
      fill: (row: Row) => (row.is_complete ? colour(row) : "var(--paper)"),
      stroke: colour,
      strokeWidth: 1.5,
      dy,
      title: (row: Row) => hint(row, "", row.auspc),
    }),
    edge_arrows(rows, (row) => row.auspc.value, domain, colour, dy, !higher_is_better),
  ];
}

function draw(series: Series, curves: Curve[], width: number): SVGSVGElement {
  const rows = curves.map((c, y): Row => ({ ...c, y }));
  const layout = lay_out(
    rows.map((row) => ({ label: row.title, kind: row.is_model ? "model" : "plain" })),
    width,
  );
  const dy = shift(layout);
  const spread = (curve: Curve): Num[] => [
    curve.auspc.value,
    curve.auspc.low,
    curve.auspc.high,
    curve.auspc_control.value,
  ];
  const models = curves.filter((c) => c.is_model);
  const decided = models.length > 0 ? [...models, ...(series.bar ? [series.bar] : [])] : curves;
  return zoomed_panels({
    layout,
    width,
    values: rows.map(
      (row) =>
        number_text(row.auspc.value) +
        (layout.is_narrow ? "" : ` ${interval_text(row.auspc.low, row.auspc.high)}`),
    ),
    full: extent_of(curves.flatMap(spread)),
    top: extent_of(decided.flatMap(spread), 0.08),
    x: better_to_the_right(
      `AUSPC: mean ${series.spectrum.metric_title} over the series`,
      series.spectrum.higher_is_better,
    ),
    marks: (domain, is_last) => marks(series, rows, dy, domain, is_last),
  });
}

/// AUSPC of every predictor with its interval, best first.
export function area_figure(frame: Frame, series: Series): HTMLElement | null {
  const curves = by_area(series);
  if (curves.length === 0) return null;
  const { spectrum, sign, bar } = series;
  const models = curves.filter((c) => c.is_model);
  const above = models.filter(
    (c) => bar && sign * ((c.auspc.value ?? 0) - (bar.auspc.value ?? 0)) > 0,
  );
  return figure(frame, {
    name: `auspc_${spectrum.name}`,
    title: `Area under the spectral performance curve: ${spectrum.title}`,
    caption: [
      "Diamonds: models; circles: baselines; lines: intervals. The shaded side lies beyond the best blind baseline. ",
      series.has_control ? "Open squares: the same predictor on the size-matched control. " : "",
      curves.some((c) => !c.is_complete)
        ? "Open symbols: levels are missing, the area is over a shorter range."
        : "",
    ],
    draw: (width) => draw(series, curves, width),
    summary: () =>
      bar
        ? `The best blind baseline over the series is ${bar.title} (${number_text(bar.auspc.value)})` +
          (models.length === 0
            ? "; no model was run."
            : `; ${above.length} of ${models.length} models lie beyond it.`)
        : `There is no blind baseline to compare with; ${models.length} models are drawn.`,
    data: () => ({
      columns: [
        "predictor",
        "is_model",
        "auspc",
        "low",
        "high",
        "standard_error",
        "control",
        "control_low",
        "control_high",
        "is_complete",
      ],
      rows: curves.map((c) => [
        c.predictor,
        String(c.is_model),
        c.auspc.value,
        c.auspc.low,
        c.auspc.high,
        c.auspc_se,
        c.auspc_control.value,
        c.auspc_control.low,
        c.auspc_control.high,
        String(c.is_complete),
      ]),
    }),
  }).element;
}

const with_interval = (estimate: Estimate, text = number_text): Child => [
  number(estimate.value, text),
  h("br"),
  h("span", { class: "muted" }, interval_text(estimate.low, estimate.high, text)),
];

const bar_contrast = (series: Series, curve: Curve): Contrast | undefined =>
  series.spectrum.contrasts.find((c) => c.is_bar && c.model === curve.predictor);

const contrast_columns = (series: Series): Column<Curve>[] => {
  const to_bar = (curve: Curve): Contrast | undefined => bar_contrast(series, curve);
  return [
    {
      title: "Gain over the bar",
      hint: "difference to the best blind baseline, turned so that positive is better",
      numeric: true,
      value: (c) => to_bar(c)?.difference.value ?? null,
      cell: (c) => {
        const contrast = to_bar(c);
        if (!contrast) return "";
        const is_another = contrast.against !== series.bar?.predictor;
        return [
          with_interval(contrast.difference, signed_text),
          is_another
            ? h("div", { class: "second" }, `against ${series.title(contrast.against)}`)
            : null,
        ];
      },
    },
    {
      title: "p\u00a0adj.",
      hint: "p, corrected for all contrasts of the spectrum",
      numeric: true,
      value: (c) => to_bar(c)?.p_adjusted ?? null,
      cell: (c) => {
        const contrast = to_bar(c);
        return contrast ? number(contrast.p_adjusted, p_text) : "";
      },
    },
    {
      title: "Verdict",
      value: (c) => {
        const contrast = to_bar(c);
        return contrast ? kVerdicts.indexOf(contrast.verdict) : null;
      },
      cell: (c) => {
        const contrast = to_bar(c);
        return contrast ? chip(contrast.verdict) : "";
      },
    },
  ];
};

export function area_table(series: Series): HTMLElement {
  const rows = [
    ...by_area(series),
    ...series.spectrum.curves.filter((c) => c.auspc.value === null),
  ];
  const has_contrasts = series.spectrum.contrasts.length > 0;
  return table<Curve>({
    caption: `AUSPC: mean ${series.spectrum.metric_title} over the series`,
    rows,
    row_class: (c) => (c.is_model ? "is-model" : ""),
    columns: [
      {
        title: "Predictor",
        value: (c) => c.title,
        cell: (c) => [
          c.title,
          c.is_model
            ? null
            : h(
                "div",
                { class: "second" },
                kRungTitles[c.rung],
                c === series.bar ? ", best blind baseline" : "",
                c === series.nearest ? ", copies the nearest training item" : "",
              ),
        ],
      },
      {
        title: "AUSPC",
        numeric: true,
        value: (c) => c.auspc.value,
        cell: (c) => with_interval(c.auspc),
      },
      {
        title: "SE",
        hint: "standard error by the trapezoid's weights, from the repeats alone",
        numeric: true,
        value: (c) => c.auspc_se,
        cell: (c) => number(c.auspc_se),
      },
      ...(series.has_control
        ? [
            {
              title: "Control",
              hint: "the same area on random splits of the same sizes",
              numeric: true,
              value: (c: Curve) => c.auspc_control.value,
              cell: (c: Curve) => with_interval(c.auspc_control),
            },
          ]
        : []),
      ...(has_contrasts ? contrast_columns(series) : []),
      {
        title: "Levels",
        value: (c) => Number(c.is_complete),
        cell: (c) => (c.is_complete ? "all" : h("b", {}, "some missing")),
      },
    ],
  });
}
