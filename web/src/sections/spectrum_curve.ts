// The spectral performance curve, and under it on the same axis what changes along the series: the sizes
// and the overlap that was measured.
import * as Plot from "@observablehq/plot";
import { check_box, selector } from "../dom";
import { compose, figure, type FigureData } from "../figure";
import { fit_text, interval_text, number_text, percent_text, text_width } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { Num } from "../report_types";
import { extent_of } from "../rows";
import { distinct, type Frame } from "../view";
import {
  kOverlapHeight,
  kSizeHeight,
  lay_out,
  overlap_panel,
  plot,
  size_panel,
  to_x,
  type Layout,
  type Shown,
} from "./spectrum_panels";
import {
  axis_words,
  envelope,
  focused,
  last_known,
  level_text,
  type Curve,
  type Level,
  type Series,
} from "./spectrum_series";

const kMainHeight = 390;
const kMostBands = 5; // more of them hide one another

const curves_shown = (series: Series, shown: Shown): Curve[] =>
  series.spectrum.curves.filter(
    (c) => c.points.some((p) => p.value !== null) && (shown.others || series.role(c) !== "other"),
  );
const weight_of = (series: Series, curve: Curve): string =>
  series.role(curve) === "other" ? "400" : "600";
const label_of = (series: Series, curve: Curve): string =>
  series.role(curve) === "bar" ? `${curve.title} (best blind)` : curve.title;
/// The label, the title alone, or a part of it: what fits.
function fitting_label(series: Series, curve: Curve, width: number): string {
  const weight = weight_of(series, curve);
  const label = label_of(series, curve);
  return text_width(label, 12, weight) <= width ? label : fit_text(curve.title, width, 12, weight);
}
const widest_title = (series: Series, shown: Shown): number =>
  Math.max(
    ...curves_shown(series, shown).map((c) =>
      text_width(label_of(series, c), 12, weight_of(series, c)),
    ),
  );

type Point = { x: number; value: number; low: Num; high: Num; curve: Curve; level: Level };

function points_of(series: Series, curve: Curve, which: "points" | "control"): Point[] {
  return series.spectrum.levels.map((level, i) => ({
    x: level.x,
    value: curve[which][i]?.value ?? NaN,
    low: curve[which][i]?.low ?? null,
    high: curve[which][i]?.high ?? null,
    curve,
    level,
  }));
}

const hint = (series: Series, p: Point, suffix = ""): string =>
  `${p.curve.title}${suffix}, ${series.spectrum.parameter_title} ${level_text(p.level.parameter)}: ${number_text(p.value)} ${interval_text(p.low, p.high)}`;

/// All that is highlighted, and no more of the others than half as much again.
function value_domain(series: Series, shown: Shown): [number, number] {
  const drawn = curves_shown(series, shown);
  const main = drawn.filter((c) => series.role(c) !== "other");
  const inner = extent_of(
    [
      ...(main.length ? main : drawn).flatMap((c) =>
        c.points.flatMap((p) => [p.value, p.low, p.high]),
      ),
      ...envelope(series),
      ...(shown.controls ? main.flatMap((c) => c.control.map((p) => p.value)) : []),
    ],
    0.04,
  );
  const room = 0.5 * (inner[1] - inner[0]);
  const pad = 0.02 * (inner[1] - inner[0]);
  const all = extent_of([...inner, ...drawn.flatMap((c) => c.points.map((p) => p.value))], 0);
  return [Math.max(all[0] - pad, inner[0] - room), Math.min(all[1] + pad, inner[1] + room)];
}

function main_panel(series: Series, shown: Shown, layout: Layout): SVGSVGElement {
  const { spectrum } = series;
  const drawn = curves_shown(series, shown);
  const domain = value_domain(series, shown);
  const of_role = (...roles: string[]): Curve[] =>
    drawn.filter((c) => roles.includes(series.role(c)));
  const points = (curves: Curve[]): Point[] =>
    curves.flatMap((c) => points_of(series, c, "points"));
  const colour = (p: Point): string => series.colour(p.curve);
  const z = (p: Point): string => p.curve.predictor;
  const models = of_role("model");
  const strong = of_role("bar", "nearest");
  const with_band = points([
    ...(models.length > kMostBands ? [] : models),
    ...of_role("bar"),
  ]).filter((p) => p.low !== null && p.high !== null);
  const bar = envelope(series).map((value, i) => ({
    x: spectrum.levels[i]?.x ?? 0,
    value: value ?? NaN,
  }));
  const better = spectrum.higher_is_better ? domain[1] : domain[0];
  const clipped = { clip: true } as const;
  const controls = (models.length > 0 ? models : strong).flatMap((c) =>
    points_of(series, c, "control"),
  );
  const dots = (at: Point[], r: number, suffix = ""): Plot.Markish =>
    Plot.dot(
      at.filter((p) => !Number.isNaN(p.value)),
      {
        x: "x",
        y: "value",
        r,
        symbol: (p: Point) => (p.curve.is_model ? "diamond" : "circle"),
        fill: colour,
        title: (p: Point) => hint(series, p, suffix),
        ...clipped,
      },
    );
  const line = { x: "x", y: "value", z, stroke: colour, ...clipped };
  const svg = plot(series, layout, kMainHeight, {
    top: 26,
    y: {
      domain,
      reverse: !spectrum.higher_is_better,
      label: `${spectrum.metric_title} (${spectrum.higher_is_better ? "higher is better" : "lower is better: the axis runs down"}) ↑`,
      labelArrow: "none",
      labelOffset: 46,
    },
    marks: [
      Plot.areaY(bar, { x: "x", y1: "value", y2: () => better, fill: "var(--tint)", ...clipped }),
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.line(bar, {
        x: "x",
        y: "value",
        stroke: "var(--blind)",
        strokeOpacity: 0.4,
        strokeWidth: 5,
        ...clipped,
      }),
      Plot.areaY(with_band, {
        x: "x",
        y1: "low",
        y2: "high",
        z,
        fill: colour,
        fillOpacity: 0.14,
        ...clipped,
      }),
      Plot.line(points(of_role("other")), { ...line, strokeOpacity: 0.55, strokeWidth: 1 }),
      shown.controls
        ? [
            Plot.line(controls, { ...line, strokeDasharray: "5,3", strokeWidth: 1.3 }),
            dots(controls, 1.7, ", control"),
          ]
        : null,
      dots(points(of_role("other")), 1.2),
      Plot.line(points(of_role("nearest", "bar")), { ...line, strokeWidth: 1.6 }),
      Plot.line(points(of_role("model")), { ...line, strokeWidth: 2.2 }),
      dots(points(of_role("nearest", "bar")), 2.6),
      dots(points(models), 3.2),
    ],
  });
  label_curves(series, svg, drawn, domain, layout);
  return svg;
}

/// Titles at the right, each led to the last value of its curve.
function label_curves(
  series: Series,
  svg: SVGSVGElement,
  drawn: Curve[],
  domain: [number, number],
  layout: Layout,
): void {
  if (layout.is_narrow) return;
  const [top, bottom] = [26, kMainHeight - 20];
  const fits = 14 * drawn.length < bottom - top + 20;
  const labelled = fits ? drawn : drawn.filter((c) => series.role(c) !== "other");
  const { higher_is_better } = series.spectrum;
  const to_y = (value: number): number => {
    const share = (value - domain[0]) / (domain[1] - domain[0]);
    const from_top = higher_is_better ? 1 - share : share;
    return top + Math.min(1, Math.max(0, from_top)) * (bottom - top);
  };
  const ends = labelled.map((c) => {
    const i = last_known(c.points.map((p) => p.value));
    return { x: to_x(series, layout, i), y: to_y(c.points[i]?.value ?? 0) };
  });
  const places = spread_labels(
    ends.map((end) => end.y),
    14.5,
    top - 8,
    bottom + 8,
  );
  const start = layout.width - layout.right + 24;
  labelled.forEach((c, i) => {
    const y = places[i] ?? 0;
    const end = ends[i] ?? { x: start, y };
    const is_other = series.role(c) === "other";
    const colour = series.colour(c);
    const space = layout.right - 26;
    const title = label_of(series, c);
    svg.append(
      svg_line(end.x + 5, end.y, start - 3, y, is_other ? "var(--line)" : colour),
      svg_text(fitting_label(series, c, space), start, y, colour, !is_other, title),
    );
  });
}

/// On a narrow page the titles stand below the panels.
function legend(series: Series, drawn: Curve[], layout: Layout): SVGSVGElement {
  const height = 18 * drawn.length + 6;
  const box = compose(layout.width, height, []);
  box.style.fontFamily = "var(--sans)";
  drawn.forEach((c, i) => {
    const y = 10 + 18 * i;
    const is_other = series.role(c) === "other";
    const title = label_of(series, c);
    box.append(
      svg_line(8, y, 30, y, series.colour(c), is_other ? 1 : c.is_model ? 3 : 2),
      svg_text(
        fitting_label(series, c, layout.width - 44),
        38,
        y,
        series.colour(c),
        !is_other,
        title,
      ),
    );
  });
  return box;
}

function draw(series: Series, shown: Shown, width: number): SVGSVGElement {
  const layout = lay_out(series, widest_title(series, shown), width);
  const x_label = `${axis_words(series.spectrum, layout.is_narrow)} (less overlap →)`;
  const panels = [
    { svg: main_panel(series, shown, layout), height: kMainHeight },
    { svg: size_panel(series, layout), height: kSizeHeight },
    { svg: overlap_panel(series, layout, shown, x_label), height: kOverlapHeight },
  ];
  if (layout.is_narrow) {
    const drawn = curves_shown(series, shown);
    panels.push({ svg: legend(series, drawn, layout), height: 18 * drawn.length + 6 });
  }
  let y = 0;
  const placed = panels.map(({ svg, height }) => {
    const at = { svg, x: 0, y };
    y += height;
    return at;
  });
  return compose(width, y, placed);
}

function data(series: Series): FigureData {
  const { spectrum } = series;
  return {
    columns: [
      "parameter",
      "x",
      "predictor",
      "is_model",
      spectrum.metric,
      "low",
      "high",
      "control",
      "control_low",
      "control_high",
      "n_repeats",
      "n_train",
      "n_test",
      "n_left_out",
      "share_with_neighbour",
      "nearest_mean",
    ],
    rows: spectrum.levels.flatMap((level, i) =>
      spectrum.curves.map((c) => [
        level.parameter,
        level.x,
        c.predictor,
        String(c.is_model),
        c.points[i]?.value ?? null,
        c.points[i]?.low ?? null,
        c.points[i]?.high ?? null,
        c.control[i]?.value ?? null,
        c.control[i]?.low ?? null,
        c.control[i]?.high ?? null,
        level.n_repeats,
        level.n_train,
        level.n_test,
        level.n_left_out,
        level.overlap.share_with_neighbour,
        level.overlap.nearest_mean,
      ]),
    ),
  };
}

function summary(series: Series): string {
  const { levels, metric_title } = series.spectrum;
  const ends = (c: Curve): string =>
    `${c.title} ${number_text(c.points[0]?.value)} to ${number_text(c.points[last_known(c.points.map((p) => p.value))]?.value)}`;
  const shares = [levels[0], levels[levels.length - 1]].map(
    (level) => level?.overlap.share_with_neighbour ?? null,
  );
  const models = series.spectrum.curves.filter((c) => c.is_model);
  return (
    `${metric_title} from most to least overlap: ` +
    distinct([...models, series.bar, series.nearest])
      .filter((c): c is Curve => !!c)
      .map(ends)
      .join("; ") +
    "." +
    (shares.every((v) => v !== null)
      ? ` Test items with a training neighbour: ${percent_text(shares[0])} to ${percent_text(shares[1])}.`
      : "")
  );
}

export function curve_figure(frame: Frame, series: Series): HTMLElement {
  const shown: Shown = { controls: series.has_control, others: true };
  let view = series;
  const models = series.spectrum.curves.filter((c) => c.is_model);
  const has_others = series.spectrum.curves.some((c) => series.role(c) === "other");
  const percent = Math.round(100 * series.spectrum.confidence);
  const result = figure(frame, {
    name: `spectrum_${series.spectrum.name}`,
    title: `Spectral performance curve: ${series.spectrum.title}`,
    caption: [
      `Diamonds: models; bands: ${percent} % intervals over repeats and test units. `,
      models.length > kMostBands ? `Bands of models only for up to ${kMostBands} of them. ` : "",
      "Thick line: the best blind baseline at each level; the shaded side lies beyond every one of them. ",
      series.has_control
        ? `Dashed: the same ${models.length > 0 ? "models" : "predictors"} on random splits of the same sizes; what lies between a curve and its dashed line is not explained by sizes. `
        : "No size-matched control was run. ",
      "Grey: all others.",
    ],
    controls: [
      models.length < 3
        ? null
        : selector(
            "Model",
            [
              { value: "", title: "all models" },
              ...models.map((c) => ({ value: c.predictor, title: c.title })),
            ],
            "",
            (model) => {
              view = focused(series, model);
              result.update();
            },
          ),
      series.has_control
        ? check_box("Size-matched control (dashed)", shown.controls, (on) => {
            shown.controls = on;
            result.update();
          })
        : null,
      has_others
        ? check_box("Others (grey)", shown.others, (on) => {
            shown.others = on;
            result.update();
          })
        : null,
    ],
    draw: (width) => draw(view, shown, width),
    summary: () => summary(series),
    data: () => data(series),
  });
  return result.element;
}
