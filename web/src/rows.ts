// Pictures that have one line per predictor: labels at the left, a horizontal axis, values at the right.
import * as Plot from "@observablehq/plot";
import { compose } from "./figure";
import { fit_text, text_width } from "./format";

export interface Row {
  label: string;
  kind: "header" | "model" | "plain";
}
export interface RowLayout {
  rows: Row[];
  is_narrow: boolean; // labels stand above their line instead of left of it
  label_width: number;
  row_height: number;
}
export interface PanelOptions {
  layout: RowLayout;
  width: number;
  x: Plot.ScaleOptions;
  marks: Plot.Markish[];
  with_labels: boolean;
  values?: (string | null)[]; // printed at the right end of each row
  title?: string | string[]; // lines, the first on top
  bottom?: number; // room for the axis, where its labels are long
  without_grid?: boolean;
}

const kNarrow = 620;
const kTop = 14;
const kBottom = 38;
const kTickSpace = 52;
export const kFontSize = 12;

export function lay_out(rows: Row[], width: number, row_height = 19): RowLayout {
  const is_narrow = width < kNarrow;
  const longest = Math.max(
    60,
    ...rows.map((row) => text_width(row.label, kFontSize, row.kind === "plain" ? "400" : "600")),
  );
  return {
    rows,
    is_narrow,
    row_height: is_narrow ? Math.max(34, row_height + 11) : row_height,
    label_width: is_narrow
      ? 0
      : Math.min(longest + 14, Math.round(width * (width < 800 ? 0.36 : 0.3))),
  };
}

const kTitleLine = 15;
const title_lines = (title: PanelOptions["title"]): string[] =>
  title === undefined ? [] : typeof title === "string" ? [title] : title;
const title_height = (title: PanelOptions["title"]): number => {
  const n = title_lines(title).length;
  return n === 0 ? 0 : 3 + n * kTitleLine;
};

export const panel_height = (layout: RowLayout, title?: PanelOptions["title"]): number =>
  kTop + title_height(title) + layout.rows.length * layout.row_height + kBottom;

/// Row i lies at y = i; marks are given in these coordinates.
export function panel(options: PanelOptions): SVGSVGElement {
  const { layout, width, with_labels, values } = options;
  const { rows, is_narrow } = layout;
  const right = values
    ? 12 + Math.max(0, ...values.map((value) => text_width(value ?? "", 11)))
    : 12;
  const space = is_narrow ? width - 24 - (values ? right : 0) : layout.label_width - 12;
  const labels = rows.map((row, y) => ({
    ...row,
    y,
    text: fit_text(row.label, space, kFontSize, row.kind === "plain" ? "400" : "600"),
  }));
  const raised = is_narrow ? -12 : 0; // a label stands above the line of its row
  const halo = is_narrow ? { stroke: "var(--paper)", strokeWidth: 4 } : {};
  const label = (kind: Row["kind"], fill: string, weight: number): Plot.Markish =>
    Plot.text(
      labels.filter((row) => row.kind === kind),
      {
        y: "y",
        text: "text",
        title: "label",
        frameAnchor: "left",
        fill,
        fontWeight: weight,
        fontSize: kFontSize,
        textAnchor: is_narrow ? "start" : kind === "header" ? "start" : "end",
        dx: is_narrow ? 0 : kind === "header" ? -layout.label_width : -10,
        dy: raised,
        ...halo,
      },
    );
  const left = with_labels && !is_narrow ? layout.label_width : 14;
  const end = is_narrow && values ? 14 : right;
  const svg = Plot.plot({
    width,
    height: panel_height(layout, options.title) + (options.bottom ?? kBottom) - kBottom,
    marginLeft: left,
    marginRight: end,
    marginTop: kTop + title_height(options.title),
    marginBottom: options.bottom ?? kBottom,
    style: {
      fontFamily: "var(--sans)",
      fontSize: "11px",
      color: "var(--ink)",
      background: "none",
      overflow: "visible",
    },
    x: {
      labelAnchor: "center",
      ticks: Math.max(2, Math.round((width - left - end) / kTickSpace)),
      ...options.x,
    },
    y: { domain: [rows.length - 0.5, -0.5], axis: null },
    marks: [
      options.without_grid ? null : Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.ruleY(
        labels.filter((row) => row.kind === "header" && row.y > 0),
        {
          y: (row: { y: number }) => row.y - 0.5,
          stroke: "var(--rule)",
          insetLeft: with_labels && !is_narrow ? -layout.label_width : 0,
        },
      ),
      title_lines(options.title).map((line, i, lines) =>
        Plot.text([line], {
          frameAnchor: "top-left",
          dy: -26 - (lines.length - 1 - i) * kTitleLine,
          fontWeight: 600,
          fontSize: kFontSize,
          fill: "var(--ink)",
        }),
      ),
      ...options.marks,
      with_labels
        ? [
            label("plain", "var(--ink)", 400),
            label("model", "var(--model)", 600),
            label("header", "var(--muted)", 600),
          ]
        : null,
      values
        ? Plot.text(
            labels.filter((row) => values[row.y]),
            {
              y: "y",
              text: (row: { y: number }) => values[row.y] ?? "",
              frameAnchor: "right",
              fontSize: 11,
              textAnchor: is_narrow ? "end" : "start",
              dx: is_narrow ? 0 : 8,
              dy: raised,
              fill: "var(--ink)",
              ...halo,
            },
          )
        : null,
    ],
  });
  return svg as SVGSVGElement;
}

interface Zoomable {
  layout: RowLayout;
  width: number;
  values: (string | null)[];
  x: Plot.ScaleOptions;
  full: [number, number]; // everything
  top: [number, number]; // where the comparison is decided
  marks: (domain: [number, number], is_last: boolean) => Plot.Markish[];
}

/// One panel, or two when what matters takes a small part of the whole range: all, and the zoom.
export function zoomed_panels(options: Zoomable): SVGSVGElement {
  const { layout, width, values, x, full, top, marks } = options;
  const zooms = !layout.is_narrow && width > 660 && top[1] - top[0] < 0.4 * (full[1] - full[0]);
  if (!zooms) {
    return panel({
      layout,
      width,
      with_labels: true,
      values,
      title: " ",
      x: { ...x, domain: full },
      marks: marks(full, true),
    });
  }
  const value_width = Math.max(0, ...values.map((value) => text_width(value ?? "", 11)));
  const left_width =
    layout.label_width + Math.round((width - layout.label_width - value_width) * 0.45);
  const left = panel({
    layout,
    width: left_width,
    with_labels: true,
    title: "Whole range",
    x: { ...x, domain: full, label: null },
    marks: marks(full, false),
  });
  const right = panel({
    layout,
    width: width - left_width,
    with_labels: false,
    values,
    title: "Enlarged",
    x: { ...x, domain: top },
    marks: marks(top, true),
  });
  return compose(width, panel_height(layout, " "), [
    { svg: left, x: 0, y: 0 },
    { svg: right, x: left_width, y: 0 },
  ]);
}

/// The axis of a score, turned so that better is right for errors too.
export const better_to_the_right = (label: string, higher: boolean): Plot.ScaleOptions => ({
  label: `${label} (${higher ? "higher is better" : "lower is better: the axis runs down"}) →`,
  labelArrow: "none",
  reverse: !higher,
});

/// Arrows at the edge for what lies outside of a domain.
export function edge_arrows<T extends { y: number }>(
  items: T[],
  value: (item: T) => number | null,
  domain: [number, number],
  fill: (item: T) => string,
  dy: number,
  is_reversed = false,
): Plot.Markish {
  const outside = items.filter((item) => {
    const v = value(item);
    return v !== null && (v < domain[0] || v > domain[1]);
  });
  return Plot.text(outside, {
    x: (item: T) => ((value(item) ?? 0) < domain[0] ? domain[0] : domain[1]),
    y: "y",
    fill,
    fontSize: 10,
    dy,
    text: (item: T) => ((value(item) ?? 0) < domain[0] !== is_reversed ? "◂" : "▸"),
    title: () => "outside of this range",
  });
}

/// Where marks of a row go when its label stands above: all marks take this dy.
export const shift = (layout: RowLayout): number => (layout.is_narrow ? 2 : 0);

/// A domain around values, a little wider than they are.
export function extent_of(values: (number | null | undefined)[], pad = 0.04): [number, number] {
  const known = values.filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  if (known.length === 0) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const room = (high - low || Math.abs(high) || 1) * pad;
  return [low - room, high + room];
}
