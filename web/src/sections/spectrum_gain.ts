// What every model gains over baselines at each level: is there a level from which on nothing is left?
import * as Plot from "@observablehq/plot";
import { compose, figure } from "../figure";
import { fit_text, interval_text, number_text, signed_text, text_width } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { Num, SpectrumSection } from "../report_types";
import { extent_of } from "../rows";
import { distinct, type Frame } from "../view";
import { lay_out, plot, to_x, type Layout } from "./spectrum_panels";
import {
  axis_words,
  last_known,
  level_text,
  make_series,
  placed,
  type Contrast,
  type Series,
} from "./spectrum_series";

interface Panel {
  title: string;
  contrasts: Contrast[];
}
interface Gain {
  x: number;
  value: number;
  low: Num;
  high: Num;
  contrast: Contrast;
  level: number;
}

const kHeight = 190;
const kTop = 30;
const kLast = 40; // room for the axis below the last panel

/// Against the best blind baseline, and against copying, where that is another one.
function panels_of(series: Series): Panel[] {
  const { contrasts } = series.spectrum;
  const known = (c: Contrast): boolean => c.levels.some((gain) => gain.value !== null);
  return [
    { title: "Over the best blind baseline", contrasts: contrasts.filter((c) => c.is_bar) },
    {
      title: "Over copying the nearest training item",
      contrasts: contrasts.filter((c) => c.is_nearest && !c.is_bar),
    },
  ]
    .map((panel) => ({ ...panel, contrasts: panel.contrasts.filter(known) }))
    .filter((panel) => panel.contrasts.length > 0);
}

function colour_of(series: Series, contrast: Contrast): string {
  const curve = series.spectrum.curves.find((c) => c.predictor === contrast.model);
  return curve ? series.colour(curve) : "var(--ink)";
}

const gains_of = (series: Series, contrast: Contrast): Gain[] =>
  series.spectrum.levels.map((level, i) => ({
    x: level.x,
    value: contrast.levels[i]?.value ?? NaN,
    low: contrast.levels[i]?.low ?? null,
    high: contrast.levels[i]?.high ?? null,
    contrast,
    level: level.parameter,
  }));

function draw_panel(
  series: Series,
  panel: Panel,
  layout: Layout,
  domain: [number, number],
  x_label: string | undefined,
): SVGSVGElement {
  const height = kHeight + (x_label ? kLast - 20 : 0);
  const gains = panel.contrasts.flatMap((c) => gains_of(series, c));
  const colour = (g: Gain): string => colour_of(series, g.contrast);
  // Models stand side by side at a level, so that their intervals can be told apart.
  const n = panel.contrasts.length;
  const shifted = (contrast: Contrast): number =>
    5 * (panel.contrasts.indexOf(contrast) - (n - 1) / 2);
  const margin = panel.contrasts[0]?.margin ?? null;
  const svg = plot(series, layout, height, {
    top: kTop,
    x_label,
    y: {
      domain,
      label: null,
      ticks: 5,
      tickFormat: (v: number) => signed_text(Number(v.toPrecision(6))).replace(/\.?0+$/, "") || "0",
    },
    marks: [
      Plot.text([panel.title], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -8,
        fontWeight: 600,
        fontSize: 11,
        fill: "var(--ink)",
      }),
      margin === null
        ? null
        : Plot.rect([0], {
            y1: () => -margin,
            y2: () => margin,
            x1: () => layout.domain[0],
            x2: () => layout.domain[1],
            fill: "var(--tint)",
          }),
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
      Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 1 }),
      panel.contrasts.map((contrast) => {
        const own = gains.filter((g) => g.contrast === contrast);
        const known = own.filter((g) => !Number.isNaN(g.value));
        const dx = n * 5 < 24 ? shifted(contrast) : 0;
        return [
          Plot.line(own, { x: "x", y: "value", stroke: colour, strokeWidth: 1.4, dx }),
          Plot.ruleX(
            known.filter((g) => g.low !== null && g.high !== null),
            { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.4, dx },
          ),
          Plot.dot(known, {
            x: "x",
            y: "value",
            r: 3.4,
            symbol: "diamond",
            fill: (g: Gain) => ((g.low ?? 0) > 0 || (g.high ?? 0) < 0 ? colour(g) : "var(--paper)"),
            stroke: colour,
            strokeWidth: 1.3,
            dx,
            title: (g: Gain) =>
              `${series.title(g.contrast.model)}, ${series.spectrum.parameter_title} ${level_text(g.level)}: ${signed_text(g.value)} ${interval_text(g.low, g.high, signed_text)}`,
          }),
        ];
      }),
    ],
  });
  if (!layout.is_narrow) label(series, svg, panel, layout, domain);
  return svg;
}

function label(
  series: Series,
  svg: SVGSVGElement,
  panel: Panel,
  layout: Layout,
  domain: [number, number],
): void {
  const bottom = kHeight - 20;
  const ends = panel.contrasts.map((c) => {
    const i = last_known(c.levels.map((gain) => gain.value));
    const share = (domain[1] - (c.levels[i]?.value ?? 0)) / (domain[1] - domain[0]);
    return { x: to_x(series, layout, i), y: kTop + share * (bottom - kTop) };
  });
  const places = spread_labels(
    ends.map((end) => end.y),
    14,
    kTop - 6,
    bottom + 8,
  );
  const start = layout.width - layout.right + 24;
  panel.contrasts.forEach((c, i) => {
    const title = series.title(c.model);
    const y = places[i] ?? 0;
    const end = ends[i] ?? { x: start, y };
    svg.append(
      svg_line(end.x + 12, end.y, start - 3, y, colour_of(series, c)),
      svg_text(
        fit_text(title, layout.right - 26, 12, "600"),
        start,
        y,
        colour_of(series, c),
        true,
        title,
      ),
    );
  });
}

/// On a narrow page the titles stand below.
function legend(series: Series, models: string[], width: number): SVGSVGElement {
  const box = compose(width, 18 * models.length + 6, []);
  box.style.fontFamily = "var(--sans)";
  models.forEach((model, i) => {
    const curve = series.spectrum.curves.find((c) => c.predictor === model);
    const colour = curve ? series.colour(curve) : "var(--ink)";
    const title = series.title(model);
    const y = 10 + 18 * i;
    box.append(
      svg_line(8, y, 30, y, colour, 3),
      svg_text(fit_text(title, width - 44, 12, "600"), 38, y, colour, true, title),
    );
  });
  return box;
}

function draw(series: Series, panels: Panel[], width: number): SVGSVGElement {
  const models = distinct(panels.flatMap((p) => p.contrasts.map((c) => c.model)));
  const widest = Math.max(...models.map((m) => text_width(series.title(m), 12, "600")));
  const layout = lay_out(series, widest, width);
  const domain = extent_of(
    [
      0,
      ...panels.flatMap((p) =>
        p.contrasts.flatMap((c) => c.levels.flatMap((gain) => [gain.value, gain.low, gain.high])),
      ),
    ],
    0.06,
  );
  const x_label = `${axis_words(series.spectrum, layout.is_narrow)} (less overlap →)`;
  const placed_panels = panels.map((panel, i) => ({
    svg: draw_panel(series, panel, layout, domain, i === panels.length - 1 ? x_label : undefined),
    x: 0,
    y: i * kHeight,
  }));
  let height = panels.length * kHeight + kLast - 20;
  if (layout.is_narrow) {
    placed_panels.push({ svg: legend(series, models, width), x: 0, y: height });
    height += 18 * models.length + 6;
  }
  return compose(width, height, placed_panels);
}

/// In words: at how many levels each model is better, worse, or not told apart.
function summary(series: Series, panels: Panel[]): string {
  return panels
    .map(
      (panel) =>
        `${panel.title}: ` +
        panel.contrasts
          .map((c) => {
            const known = c.levels.filter((gain) => gain.value !== null);
            const better = known.filter((gain) => (gain.low ?? -1) > 0).length;
            const worse = known.filter((gain) => (gain.high ?? 1) < 0).length;
            return `${series.title(c.model)} better at ${better}, worse at ${worse} of ${known.length} levels`;
          })
          .join("; ") +
        ".",
    )
    .join(" ");
}

export function gain_figure(frame: Frame, spectrum: SpectrumSection): HTMLElement | null {
  const series = make_series(placed(spectrum));
  const panels = panels_of(series);
  if (panels.length === 0) return null;
  const margin = panels[0]?.contrasts[0]?.margin ?? null;
  return figure(frame, {
    name: `gain_${spectrum.name}`,
    title: `Gain of the models at each level: ${spectrum.title}`,
    caption: [
      `Above zero the model is better in ${spectrum.metric_title}${spectrum.higher_is_better ? "" : ", an error, turned"}. Filled: the ${Math.round(100 * spectrum.confidence)} % interval leaves zero out. `,
      margin === null ? "" : `Shaded: gains below the margin of ${number_text(margin)}.`,
    ],
    draw: (width) => draw(series, panels, width),
    summary: () => summary(series, panels),
    data: () => ({
      columns: ["parameter", "x", "model", "against", "gain", "low", "high"],
      rows: panels.flatMap((panel) =>
        panel.contrasts.flatMap((c) =>
          gains_of(series, c).map((g, i) => [
            g.level,
            g.x,
            c.model,
            c.against,
            c.levels[i]?.value ?? null,
            g.low,
            g.high,
          ]),
        ),
      ),
    }),
  }).element;
}
