// The map of predictors and assays: colour is the gain over the predictor that copies neighbours.
import * as Plot from "@observablehq/plot";
import { s } from "../dom";
import { compose } from "../figure";
import { count_text, number_text, plural, signed_text, text_width } from "../format";
import type { TaskSection } from "../report_types";
import { lay_out, panel, panel_height, shift, type RowLayout } from "../rows";
import { published_title } from "../view";

export type Table = TaskSection["tables"][number];
export type Predictor = Table["predictors"][number];

/// The best mean first; those without any value last.
export function ordered(data: Table): Predictor[] {
  const sign = data.higher_is_better ? -1 : 1;
  const key = (p: Predictor): number => (p.mean.value === null ? Infinity : sign * p.mean.value);
  return [...data.predictors].sort((a, b) => key(a) - key(b));
}

export const layout_of = (predictors: Predictor[], width: number, row_height?: number): RowLayout =>
  lay_out(
    predictors.map((p) => ({
      label: published_title(p),
      kind: p.is_model ? ("model" as const) : ("plain" as const),
    })),
    width,
    row_height,
  );

interface Cell {
  x: number;
  y: number;
  gain: number | null; // positive: better than the reference
  value: number | null;
  predictor: Predictor;
}

interface Map {
  rows: Predictor[];
  cells: Cell[];
  reference: string; // in words
  scale: number; // the gain that has the full colour
}

function make_map(tasks: TaskSection, data: Table): Map {
  const rows = ordered(data);
  const neighbour = data.predictors.find((p) => p.name === tasks.neighbour);
  const medians = data.tasks.map((_, t) => {
    const values = rows
      .map((p) => p.values[t] ?? null)
      .filter((v): v is number => v !== null)
      .sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)] ?? null;
  });
  const sign = data.higher_is_better ? 1 : -1;
  const cells = rows.flatMap((predictor, y) =>
    data.tasks.map((_, x): Cell => {
      const value = predictor.values[x] ?? null;
      const bar = neighbour ? (neighbour.values[x] ?? null) : (medians[x] ?? null);
      return {
        x,
        y,
        value,
        gain: value === null || bar === null ? null : sign * (value - bar),
        predictor,
      };
    }),
  );
  const sizes = cells
    .map((c) => Math.abs(c.gain ?? 0))
    .filter((v) => v > 0)
    .sort((a, b) => a - b);
  return {
    rows,
    cells,
    reference: neighbour?.title ?? "the median predictor",
    scale: sizes[Math.floor(0.9 * sizes.length)] ?? 1,
  };
}

const strength = (map: Map, gain: number): number =>
  0.06 + 0.94 * Math.min(1, Math.abs(gain) / map.scale);
const colour_of_gain = (gain: number): string => (gain > 0 ? "var(--model)" : "var(--blind)");

const kLegendHeight = 40;
const kSwatch = 26;
function legend(map: Map, left: number, width: number): SVGSVGElement {
  const box = compose(width, kLegendHeight, []);
  box.style.fontFamily = "var(--sans)";
  const shares = [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1];
  const start = Math.max(0, Math.min(left, width - kSwatch * shares.length - 8));
  const text = (words: string, x: number, y: number, anchor: string): SVGElement =>
    s("text", { x, y, "font-size": 11, "text-anchor": anchor, fill: "var(--ink)" }, words);
  shares.forEach((share, i) => {
    box.append(
      s("rect", {
        x: start + i * kSwatch,
        y: 16,
        width: kSwatch - 1,
        height: 11,
        fill: share === 0 ? "var(--paper)" : colour_of_gain(share),
        "fill-opacity": share === 0 ? 1 : strength(map, share * map.scale),
        stroke: "var(--line)",
        "stroke-width": 0.5,
      }),
    );
  });
  const end = start + kSwatch * shares.length;
  box.append(
    text("worse", start, 11, "start"),
    text("better", end, 11, "end"),
    text(signed_text(-map.scale), start, 38, "start"),
    text("0", (start + end) / 2, 38, "middle"),
    text(signed_text(map.scale), end, 38, "end"),
  );
  return box;
}

function mean_of(values: (number | null)[]): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

export function draw_map(tasks: TaskSection, data: Table, width: number): SVGSVGElement {
  const map = make_map(tasks, data);
  const layout = layout_of(map.rows, width, 17);
  const dy = shift(layout) + (layout.is_narrow ? 4 : 0);
  const n = data.tasks.length;
  const values = map.rows.map((p, y) => {
    if (p.name === tasks.neighbour) return "the reference";
    const own = map.cells.filter((c) => c.y === y && c.gain !== null);
    const wins = own.filter((c) => (c.gain ?? 0) > 0).length;
    return `${signed_text(mean_of(own.map((c) => c.gain)))} · ${wins}/${own.length}`;
  });
  const label_height = Math.max(20, ...data.tasks.map((task) => text_width(task, 11)));
  const half = layout.is_narrow ? 0.2 : 0.46;
  const known = map.cells.filter((c) => c.gain !== null);
  const inset = n > 20 && layout.is_narrow ? 0.25 : 0.5;
  const main = panel({
    layout,
    width,
    with_labels: true,
    values,
    bottom: Math.ceil(label_height) + 16,
    without_grid: true,
    x: {
      domain: [-0.5, n - 0.5],
      ticks: data.tasks.map((_, i) => i),
      tickFormat: (i: number) => data.tasks[i] ?? "",
      tickRotate: -90,
      tickSize: 3,
      label: null,
    },
    marks: [
      Plot.rect(known, {
        x1: (c: Cell) => c.x - 0.5,
        x2: (c: Cell) => c.x + 0.5,
        y1: (c: Cell) => c.y - half,
        y2: (c: Cell) => c.y + half,
        insetLeft: inset,
        insetRight: inset,
        fill: (c: Cell) => colour_of_gain(c.gain ?? 0),
        fillOpacity: (c: Cell) => (c.gain === 0 ? 0 : strength(map, c.gain ?? 0)),
        stroke: (c: Cell) => (c.gain === 0 ? "var(--line)" : "none"),
        strokeWidth: 0.6,
        dy,
        title: (c: Cell) =>
          `${published_title(c.predictor)}, ${data.tasks[c.x]}: ${number_text(c.value)}, gain ${signed_text(c.gain)}, ${count_text(data.n_test[c.x] ?? null)} test compounds`,
      }),
      Plot.text(
        map.cells.filter((c) => c.gain === null),
        {
          x: "x",
          y: "y",
          text: () => "×",
          fill: "var(--muted)",
          fontSize: 10,
          dy,
          title: (c: Cell) => `${published_title(c.predictor)}, ${data.tasks[c.x]}: no value`,
        },
      ),
    ],
  });
  const height = panel_height(layout) + Math.ceil(label_height) + 16 - 38;
  return compose(width, kLegendHeight + height, [
    { svg: legend(map, layout.is_narrow ? 14 : layout.label_width, width), x: 0, y: 0 },
    { svg: main, x: 0, y: kLegendHeight },
  ]);
}

export function map_words(tasks: TaskSection, data: Table): string {
  const map = make_map(tasks, data);
  const ahead = map.rows.filter((_, y) => {
    const own = map.cells.filter((c) => c.y === y && c.gain !== null);
    return 2 * own.filter((c) => (c.gain ?? 0) > 0).length > own.length;
  });
  const models = map.rows.filter((p) => p.is_model);
  return `${ahead.length} of ${map.rows.length} predictors are better than ${map.reference} on most ${tasks.task_title}s, ${ahead.filter((p) => p.is_model).length} of them among the ${plural(models.length, "model")}.`;
}
