// What an area adds in its own words: sentences first, then plots and tables, split by split.
import * as Plot from "@observablehq/plot";
import { check_box, h, type Child } from "../dom";
import { figure, type FigureData } from "../figure";
import { count_text, interval_text, number_text, text_width, words } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { AreaPlot, AreaSeries, AreaSectionReport, AreaTable, Num } from "../report_types";
import { extent_of, lay_out, panel, shift, type Row } from "../rows";
import { table } from "../table";
import { distinct, type View } from "../view";
import { bullets, section, type Section } from "./section";

const kMostCategories = 30; // more of them are shown on request
const kTableRows = 15;
const kLineHeight = 300;
const colour_of = (i: number): string => `var(--s${(i % 8) + 1})`;
const kSymbols = ["circle", "diamond", "square", "triangle", "star", "wye"] as const;
const symbol_of = (i: number): (typeof kSymbols)[number] => kSymbols[i % kSymbols.length] ?? "circle";

const svg_style = {
  fontFamily: "var(--sans)",
  fontSize: "11px",
  color: "var(--ink)",
  background: "none",
  overflow: "visible",
};

/// "circle Model, diamond Baseline": above the picture, as names take more room than a line has.
function legend(series: AreaSeries[]): HTMLElement | null {
  if (series.length < 2) return null;
  return h(
    "ul",
    { class: "legend" },
    series.map((one, i) =>
      h(
        "li",
        {},
        h("span", { class: "swatch", style: `background: ${colour_of(i)}`, "aria-hidden": "true" }),
        one.name,
      ),
    ),
  );
}

type Dot = { name: string; i: number; y: number; value: number; low: Num; high: Num };

const has_interval = (d: { low: Num; high: Num }): boolean => d.low !== null && d.high !== null;

/// Categories one below the other, the series side by side within each.
function draw_dots(plot: AreaPlot, width: number, limit: number): SVGSVGElement {
  const categories = plot.categories.slice(0, limit);
  const n = plot.series.length;
  const rows: Row[] = categories.map((label) => ({ label, kind: "plain" }));
  const layout = lay_out(rows, width, Math.max(19, 9 + 6 * n));
  const room = layout.is_narrow ? 14 : layout.row_height - 8;
  const offset = (i: number): number =>
    n < 2 ? 0 : (((i + 0.5) / n - 0.5) * room) / layout.row_height;
  const dots: Dot[] = plot.series.flatMap((one, i) =>
    categories.flatMap((_, c) => {
      const value = one.y[c];
      return typeof value === "number"
        ? [
            {
              name: one.name,
              i,
              y: c + offset(i),
              value,
              low: one.low[c] ?? null,
              high: one.high[c] ?? null,
            },
          ]
        : [];
    }),
  );
  const reference = plot.reference === null ? [] : [plot.reference];
  const first = plot.series[0];
  const values =
    n === 1 && first ? categories.map((_, c) => number_text(first.y[c])) : undefined;
  return panel({
    layout,
    width,
    with_labels: true,
    values,
    x: {
      domain: extent_of([...dots.flatMap((d) => [d.value, d.low, d.high]), ...reference], 0.04),
      label: plot.y_label || plot.x_label,
    },
    marks: [
      Plot.ruleX(reference, { stroke: "var(--muted)", strokeDasharray: "3,3" }),
      Plot.ruleY(dots.filter(has_interval), {
        y: "y",
        x1: "low",
        x2: "high",
        stroke: (d: Dot) => colour_of(d.i),
        strokeWidth: 1.5,
        dy: shift(layout),
      }),
      Plot.dot(dots, {
        x: "value",
        y: "y",
        r: 3.6,
        symbol: (d: Dot) => symbol_of(d.i),
        fill: (d: Dot) => colour_of(d.i),
        stroke: "var(--paper)",
        strokeWidth: 0.7,
        dy: shift(layout),
        title: (d: Dot) =>
          `${d.name}, ${categories[Math.round(d.y)] ?? ""}: ${number_text(d.value)} ${interval_text(d.low, d.high)}`,
      }),
    ],
  });
}

type Point = { name: string; i: number; x: number; y: number; low: Num; high: Num };

function points_of(plot: AreaPlot): Point[] {
  return plot.series.flatMap((one, i) =>
    one.x.flatMap((x, k) => {
      const y = one.y[k];
      return typeof x === "number" && typeof y === "number"
        ? [{ name: one.name, i, x, y, low: one.low[k] ?? null, high: one.high[k] ?? null }]
        : [];
    }),
  );
}

/// Lines or points over x; lines are named at their ends where there is room.
function draw_xy(plot: AreaPlot, width: number): SVGSVGElement {
  const points = points_of(plot);
  const is_lines = plot.kind === "lines";
  const names = is_lines && width > 560 ? plot.series.map((one) => one.name) : [];
  const right = names.length
    ? Math.min(width * 0.3, 18 + Math.max(...names.map((name) => text_width(name, 12))))
    : 16;
  const size = Math.min(width, is_lines ? 820 : 620);
  const y_domain = extent_of(
    [...points.flatMap((p) => [p.y, p.low, p.high]), ...(plot.reference === null ? [] : [plot.reference])],
    0.05,
  );
  const colour = (p: Point): string => colour_of(p.i);
  const svg = Plot.plot({
    width: size,
    height: kLineHeight,
    marginLeft: 58,
    marginRight: right,
    marginBottom: 42,
    style: svg_style,
    x: { label: plot.x_label, labelAnchor: "center", ticks: Math.max(3, Math.round(size / 110)) },
    y: { label: plot.y_label, labelAnchor: "center", domain: y_domain, ticks: 6 },
    marks: [
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
      plot.reference === null
        ? null
        : Plot.ruleY([plot.reference], { stroke: "var(--muted)", strokeDasharray: "3,3" }),
      is_lines
        ? [
            Plot.areaY(points.filter(has_interval), {
              x: "x",
              y1: "low",
              y2: "high",
              z: "name",
              fill: colour,
              fillOpacity: 0.14,
            }),
            Plot.line(points, { x: "x", y: "y", z: "name", stroke: colour, strokeWidth: 2 }),
          ]
        : Plot.ruleX(points.filter(has_interval), {
            x: "x",
            y1: "low",
            y2: "high",
            stroke: colour,
            strokeOpacity: 0.5,
          }),
      Plot.dot(points, {
        x: "x",
        y: "y",
        r: is_lines ? 2.6 : 3.4,
        symbol: (p: Point) => symbol_of(p.i),
        fill: colour,
        fillOpacity: is_lines ? 1 : 0.75,
        title: (p: Point) =>
          `${p.name}: ${number_text(p.x)}, ${number_text(p.y)} ${interval_text(p.low, p.high)}`,
      }),
    ],
  }) as SVGSVGElement;
  if (names.length > 0) name_ends(svg, plot, points, y_domain, size - right);
  return svg;
}

function name_ends(
  svg: SVGSVGElement,
  plot: AreaPlot,
  points: Point[],
  domain: [number, number],
  x: number,
): void {
  const top = 20;
  const bottom = kLineHeight - 42;
  const to_y = (v: number): number =>
    bottom - ((v - domain[0]) / (domain[1] - domain[0])) * (bottom - top);
  const ends = plot.series
    .map((_, i) => points.filter((p) => p.i === i).sort((a, b) => b.x - a.x)[0])
    .filter((p): p is Point => p !== undefined);
  const wanted = ends.map((p) => to_y(p.y));
  spread_labels(wanted, 15, top, bottom).forEach((y, k) => {
    const end = ends[k];
    if (!end) return;
    svg.append(
      svg_line(x + 3, wanted[k] ?? y, x + 12, y, colour_of(end.i)),
      svg_text(end.name, x + 15, y, colour_of(end.i), false, end.name),
    );
  });
}

function plot_data(plot: AreaPlot): FigureData {
  const is_dots = plot.kind === "dots";
  return {
    columns: ["series", is_dots ? "category" : "x", "value", "low", "high"],
    rows: plot.series.flatMap((one) =>
      one.y.map((y, k) => [
        one.name,
        is_dots ? (plot.categories[k] ?? "") : (one.x[k] ?? null),
        y,
        one.low[k] ?? null,
        one.high[k] ?? null,
      ]),
    ),
  };
}

function plot_words(plot: AreaPlot): string {
  const parts = plot.series.map((one) => {
    const known = one.y.filter((v): v is number => v !== null).sort((a, b) => a - b);
    if (known.length === 0) return `${one.name}: no value`;
    const median = known[Math.floor((known.length - 1) / 2)];
    return known.length === 1
      ? `${one.name} ${number_text(known[0])}`
      : `${one.name}: ${number_text(known[0])} to ${number_text(known.at(-1))}, median ${number_text(median)}`;
  });
  return `${parts.join("; ")}.`;
}

function area_plot(view: View, own: AreaSectionReport, plot: AreaPlot, k: number): HTMLElement {
  const is_dots = plot.kind === "dots";
  const is_long = is_dots && plot.categories.length > kMostCategories;
  let limit = is_long ? kMostCategories : Infinity;
  const made = figure(view, {
    name: `${own.id}_${own.split}_${k + 1}`,
    title: plot.title,
    caption: [
      is_long
        ? `The first ${kMostCategories} of ${plot.categories.length} are drawn; the CSV has all.`
        : null,
      legend(plot.series),
    ],
    controls: is_long
      ? check_box(`All ${plot.categories.length}`, false, (all) => {
          limit = all ? Infinity : kMostCategories;
          made.update();
        })
      : null,
    draw: (width) => (is_dots ? draw_dots(plot, width, limit) : draw_xy(plot, width)),
    summary: () => plot_words(plot),
    data: () => plot_data(plot),
  });
  return made.element;
}

type Line = AreaTable["rows"][number];
type AreaColumn = AreaTable["columns"][number];

/// Minus signs of numbers in texts as those of numbers: "−0.2 to 0.4".
const with_minus = (text: string): string => text.replace(/(^|[\s([])-(?=\d)/g, "$1−");

function cell_text(column: AreaColumn, cell: Line[number]): string {
  if (cell === null || cell === "") return "";
  if (typeof cell === "string") return with_minus(cell);
  return column.digits === 0 ? count_text(cell) : number_text(cell, column.digits);
}

/// What stands below a number: its interval as such, another number by its name.
function below_text(column: AreaColumn, cell: Line[number]): string {
  const text = cell_text(column, cell);
  if (text === "") return "";
  return column.is_number ? `${column.title.toLowerCase()} ${text}` : text;
}

function area_table(own: AreaTable): HTMLElement {
  const places = own.columns.map((column, c) => ({ column, c }));
  const heads = places.filter(({ column }) => !column.below);
  return table<Line>({
    caption: own.title,
    rows: own.rows,
    limit: kTableRows,
    print_all: true,
    columns: heads.map(({ column, c }, k) => {
      const below = places.slice(c + 1, heads[k + 1]?.c ?? places.length);
      return {
        title: column.title,
        hint: column.note || undefined,
        numeric: column.is_number,
        kind: column.is_number ? "wrapped" : "words",
        value: (row: Line) => row[c] ?? null,
        cell: (row: Line): Child => {
          const text = cell_text(column, row[c] ?? null);
          return [
            text === "" && column.is_number
              ? h("span", { class: "na", title: "undefined: no value could be computed" }, "n/a")
              : text,
            below.map((one) => {
              const small = below_text(one.column, row[one.c] ?? null);
              return small === "" ? null : h("div", { class: "second" }, small);
            }),
          ];
        },
      };
    }),
  });
}

function part(view: View, own: AreaSectionReport, with_split: boolean): Child {
  return [
    with_split ? h("h3", {}, `${words(own.split)} split`) : null,
    bullets(own.sentences.map(with_minus)),
    own.plots.map((plot, k) => area_plot(view, own, plot, k)),
    own.tables.map(area_table),
  ];
}

/// One section per id; several splits stand one below the other, what is explained once.
export function area_sections(view: View): Section[] {
  const all = view.report.sections ?? [];
  return distinct(all.map((one) => one.id)).map((id) => {
    const own = all.filter((one) => one.id === id);
    const explanations = distinct(own.map((one) => one.explanation).filter(Boolean));
    return section(
      id.replaceAll("_", "-"),
      own[0]?.title ?? words(id),
      own.map((one) => part(view, one, one.split !== "" && view.report.splits.length > 1)),
      explanations.length > 0
        ? h(
            "details",
            {},
            h("summary", {}, "How this was made"),
            explanations.map((text) => h("p", { class: "prose" }, text)),
          )
        : null,
    );
  });
}
