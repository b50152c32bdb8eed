// The shared axis of a series, and the small panels on it: sizes, and the overlap that was measured.
import * as Plot from "@observablehq/plot";
import { s } from "../dom";
import { count_text, fit_text, number_text, text_width } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { Num, SpectrumSection } from "../report_types";
import { last_known, level_text, type Level, type Series } from "./spectrum_series";

export interface Shown {
  controls: boolean;
  others: boolean;
}
export interface Layout {
  width: number;
  left: number;
  right: number;
  is_narrow: boolean;
  domain: [number, number]; // of x
  bar_half: number; // half a bar, in units of x
  ticks: number[] | number;
}

const kTop = 20;
const kBottom = 20;
const kNarrow = 620;
const kSmall = 10.5;
export const kSizeHeight = 104;
export const kOverlapHeight = 148;
const kSizeBottom = 8;

/// `titles`: the width of the widest title that stands at the right.
export function lay_out(series: Series, titles: number, width: number): Layout {
  const is_narrow = width < kNarrow;
  const x = series.spectrum.levels.map((level) => level.x);
  const [low, high] = [Math.min(...x), Math.max(...x)];
  const pad = 0.045 * (high - low || 1);
  const domain: [number, number] = [low - pad, high + pad];
  const left = 58;
  const right = is_narrow
    ? 12
    : Math.min(Math.round((width < 800 ? 0.38 : 0.3) * width), 28 + Math.max(140, titles));
  const scale = (width - left - right) / (domain[1] - domain[0]);
  const sorted = [...x].sort((a, b) => a - b);
  const gaps = sorted
    .slice(1)
    .map((v, i) => v - (sorted[i] ?? 0))
    .filter((gap) => gap > 0);
  // Levels may lie so close that bars touch: thin bars would hide all others.
  const typical = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 5)] ?? Infinity;
  const bar_pixels = Math.min(26, Math.max(5, 0.7 * typical * scale));
  const widest = Math.max(...x.map((v) => text_width(level_text(v), 11)));
  return {
    width,
    left,
    right,
    is_narrow,
    domain,
    bar_half: bar_pixels / scale / 2,
    ticks:
      series.spectrum.axis === "parameter" && Math.min(...gaps) * scale > widest + 8
        ? sorted
        : Math.max(3, Math.round((width - left - right) / 80)),
  };
}

/// A panel with the axis of the series; only the lowest names it.
export function plot(
  series: Series,
  layout: Layout,
  height: number,
  options: {
    y: Plot.ScaleOptions;
    marks: Plot.Markish[];
    x_label?: string;
    top?: number;
    bottom?: number; // less than the usual: no room for numbers on the axis
  },
): SVGSVGElement {
  const { levels } = series.spectrum;
  return Plot.plot({
    width: layout.width,
    height,
    marginLeft: layout.left,
    marginRight: layout.right,
    marginTop: options.top ?? kTop,
    marginBottom: options.bottom ?? (options.x_label ? 2 * kBottom : kBottom),
    style: {
      fontFamily: "var(--sans)",
      fontSize: "11px",
      color: "var(--ink)",
      background: "none",
      overflow: "visible",
    },
    x: {
      domain: layout.domain,
      reverse: series.is_reversed,
      ticks: layout.ticks,
      ...(Array.isArray(layout.ticks) ? { tickFormat: level_text } : {}),
      ...(options.bottom === undefined ? {} : { axis: null }),
      label: options.x_label ?? null,
      labelAnchor: "center",
      labelOffset: 36,
      labelArrow: "none",
    },
    y: options.y,
    marks: [
      Plot.ruleX(levels, { x: "x", stroke: "var(--rule)", strokeWidth: 0.8 }),
      ...options.marks,
    ],
  }) as SVGSVGElement;
}

/// Where a level lies, in pixels.
export function to_x(series: Series, layout: Layout, level: number): number {
  const [low, high] = layout.domain;
  const share = ((series.spectrum.levels[level]?.x ?? low) - low) / (high - low);
  return (
    layout.left +
    (series.is_reversed ? 1 - share : share) * (layout.width - layout.left - layout.right)
  );
}

const small_title = (text: string): Plot.Markish =>
  Plot.text([text], {
    frameAnchor: "top-left",
    lineAnchor: "bottom",
    dy: -5,
    fontWeight: 600,
    fontSize: 11,
    fill: "var(--ink)",
  });

interface SmallLabel {
  text: string;
  short: string; // where there is less room
  y: number; // in pixels
  colour: string;
  swatch: "box" | "line" | "dashes";
  fill?: string; // of a box
}

function swatch(label: SmallLabel, x: number, y: number): SVGElement {
  return label.swatch === "box"
    ? s("rect", {
        x: x + 4,
        y: y - 4,
        width: 8,
        height: 8,
        fill: label.fill,
        stroke: label.fill === "none" ? "var(--line)" : label.fill,
      })
    : svg_line(x, y, x + 14, y, label.colour, 1.6, label.swatch === "dashes" ? "4,3" : null);
}

/// What a small panel shows: at its right end, or after its title where the page is narrow.
function label_small(
  svg: SVGSVGElement,
  title: string,
  labels: SmallLabel[],
  layout: Layout,
  bottom: number,
): void {
  if (layout.is_narrow) {
    let x = layout.left + text_width(title, 11, "600") + 12;
    for (const label of labels) {
      const width = text_width(label.short, kSmall);
      if (x + 18 + width > layout.width) return;
      svg.append(
        swatch(label, x, 11),
        svg_text(label.short, x + 18, 11, label.colour, false, label.text, kSmall),
      );
      x += 30 + width;
    }
    return;
  }
  const places = spread_labels(
    labels.map((label) => label.y),
    13.5,
    kTop - 4,
    bottom,
  );
  const start = layout.width - layout.right + 24;
  const space = layout.right - 44;
  labels.forEach((label, i) => {
    const y = places[i] ?? 0;
    svg.append(
      svg_line(start - 20, label.y, start - 4, y, "var(--line)"),
      swatch(label, start, y),
      svg_text(
        fit_text(label.text, space, kSmall),
        start + 18,
        y,
        label.colour,
        false,
        label.text,
        kSmall,
      ),
    );
  });
}

const kPieces = [
  { key: "n_train", title: "training", fill: "var(--line)", ink: "var(--muted)" },
  { key: "n_test", title: "test", fill: "var(--ink)", ink: "var(--ink)" },
  { key: "n_left_out", title: "left out", fill: "none", ink: "var(--muted)" },
] as const;

/// Stacked bars of what is trained on, tested, and left out.
export function size_panel(series: Series, layout: Layout): SVGSVGElement {
  const { levels } = series.spectrum;
  const pieces = levels.flatMap((level) => {
    let from = 0;
    return kPieces.map((piece) => {
      const y1 = from;
      from += level[piece.key];
      return { ...piece, level, x: level.x, y1, y2: from, n: level[piece.key] };
    });
  });
  const high = Math.max(1, ...pieces.map((p) => p.y2));
  const title = "Sizes of the splits";
  const svg = plot(series, layout, kSizeHeight, {
    bottom: kSizeBottom,
    y: { domain: [0, high], label: null, ticks: 3, tickFormat: (v: number) => count_text(v) },
    marks: [
      small_title(title),
      Plot.rect(
        pieces.filter((p) => p.n > 0),
        {
          x1: (p: { x: number }) => p.x - layout.bar_half,
          x2: (p: { x: number }) => p.x + layout.bar_half,
          y1: "y1",
          y2: "y2",
          fill: "fill",
          stroke: (p: { fill: string }) => (p.fill === "none" ? "var(--line)" : p.fill),
          strokeWidth: 0.8,
          title: (p: (typeof pieces)[number]) =>
            `${series.spectrum.parameter_title} ${level_text(p.level.parameter)}: ${p.title} ${count_text(p.n)}`,
        },
      ),
      Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 0.8 }),
    ],
  });
  const last = pieces.slice(-kPieces.length);
  const to_y = (v: number): number => kTop + (1 - v / high) * (kSizeHeight - kTop - kSizeBottom);
  label_small(
    svg,
    title,
    last.map((p) => ({
      text: `${p.title} ${count_text(p.n)}`,
      short: p.title,
      y: to_y((p.y1 + p.y2) / 2),
      colour: p.ink,
      swatch: "box",
      fill: p.fill,
    })),
    layout,
    kSizeHeight - kSizeBottom,
  );
  return svg;
}

type Measure = {
  title: string;
  colour: string;
  dash: string | null;
  values: Num[];
};
function measures(spectrum: SpectrumSection): Measure[] {
  const threshold = spectrum.levels[0]?.overlap.threshold ?? null;
  const of = (
    title: string,
    colour: string,
    which: "overlap" | "control_overlap",
    key: "share_with_neighbour" | "nearest_mean",
  ): Measure => ({
    title: which === "overlap" ? title : `${title}, control`,
    colour,
    dash: which === "overlap" ? null : "4,3",
    values: spectrum.levels.map((level) => level[which]?.[key] ?? null),
  });
  const share = threshold === null ? "share" : `share ≥ ${threshold}`;
  return (["overlap", "control_overlap"] as const)
    .flatMap((which) => [
      of(share, "var(--ink)", which, "share_with_neighbour"),
      of("nearest, mean", "var(--s6)", which, "nearest_mean"),
    ])
    .filter((m) => m.values.some((v) => v !== null));
}

/// How much of the test set is known from training, as it was measured on each split.
export function overlap_panel(
  series: Series,
  layout: Layout,
  shown: Shown,
  x_label: string,
): SVGSVGElement {
  const { levels } = series.spectrum;
  const lines = measures(series.spectrum).filter((m) => shown.controls || m.dash === null);
  const title = layout.is_narrow
    ? "Overlap"
    : "Measured overlap: share of test items with a neighbour; similarity of the nearest";
  const svg = plot(series, layout, kOverlapHeight, {
    x_label,
    y: { domain: [0, 1], label: null, ticks: 3 },
    marks: [
      small_title(title),
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 3 }),
      Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 0.8 }),
      lines.map((m) => {
        const points = levels.map((level, i) => ({ level, x: level.x, value: m.values[i] ?? NaN }));
        return [
          Plot.line(points, {
            x: "x",
            y: "value",
            stroke: m.colour,
            strokeWidth: 1.5,
            strokeDasharray: m.dash ?? undefined,
          }),
          Plot.dot(
            points.filter((p) => !Number.isNaN(p.value)),
            {
              x: "x",
              y: "value",
              r: 2.2,
              fill: m.dash === null ? m.colour : "var(--paper)",
              stroke: m.colour,
              title: (p: { level: Level; value: number }) =>
                `${m.title}, ${series.spectrum.parameter_title} ${level_text(p.level.parameter)}: ${number_text(p.value)}`,
            },
          ),
        ];
      }),
    ],
  });
  const to_y = (v: number): number => kTop + (1 - v) * (kOverlapHeight - kTop - 2 * kBottom);
  label_small(
    svg,
    title,
    lines.map((m) => ({
      text: m.title,
      short: m.title,
      y: to_y(m.values[last_known(m.values)] ?? 0),
      colour: m.colour,
      swatch: m.dash === null ? "line" : "dashes",
    })),
    layout,
    kOverlapHeight - 2 * kBottom + 4,
  );
  return svg;
}
