// How similar the test items of each level are to training: one distribution below another.
import * as Plot from "@observablehq/plot";
import { figure } from "../figure";
import { number_text, percent_text } from "../format";
import type { Num, OverlapSection } from "../report_types";
import { lay_out, panel } from "../rows";
import type { Frame } from "../view";
import { level_text, type Level, type Series } from "./spectrum_series";

interface Step {
  x: number;
  height: number; // share of the row's height
}

const total = (counts: number[]): number => counts.reduce((sum, n) => sum + n, 0);

/// The outline of a histogram over [0, 1], as shares of the test items divided by `highest`.
function outline(counts: number[], highest: number): Step[] {
  const n = total(counts);
  if (n === 0 || highest === 0) return [];
  return counts.flatMap((count, bin) => {
    const height = count / n / highest;
    return [
      { x: bin / counts.length, height },
      { x: (bin + 1) / counts.length, height },
    ];
  });
}

/// The part of an outline between two similarities.
function between(steps: Step[], low: number, high: number): Step[] {
  const inside = steps.filter((step) => step.x > low && step.x < high);
  const height_at = (x: number, from_right: boolean): number => {
    const own = from_right
      ? steps.filter((step) => step.x <= x).at(-1)
      : steps.find((step) => step.x >= x);
    return own?.height ?? 0;
  };
  return [
    { x: low, height: height_at(low, true) },
    ...inside,
    { x: high, height: height_at(high, false) },
  ];
}

const highest_share = (overlap: OverlapSection | null): number => {
  const n = overlap ? total(overlap.nearest_histogram) : 0;
  return n > 0 ? Math.max(...(overlap?.nearest_histogram ?? [])) / n : 0;
};

interface Line {
  x: number;
  text: string;
  dash: string | undefined;
  colour: string;
}
function reference_lines(series: Series): Line[] {
  const threshold: Num = series.spectrum.levels[0]?.overlap.threshold ?? null;
  const lines: Line[] = [];
  if (threshold !== null)
    lines.push({
      x: threshold,
      text: `threshold ${threshold}`,
      dash: undefined,
      colour: "var(--ink)",
    });
  if (series.spectrum.null_p99 !== null)
    lines.push({
      x: series.spectrum.null_p99,
      text: `chance (99 %) ${Number(series.spectrum.null_p99.toPrecision(3))}`,
      dash: "3,3",
      colour: "var(--model)",
    });
  return lines.sort((a, b) => a.x - b.x);
}

function draw(series: Series, levels: Level[], width: number): SVGSVGElement {
  const row_height = levels.length > 12 ? 24 : 38;
  const layout = lay_out(
    levels.map((level) => ({ label: level_text(level.parameter), kind: "plain" as const })),
    width,
    row_height,
  );
  const reach = layout.is_narrow ? 0.58 : levels.length > 12 ? 1.05 : 0.86;
  const threshold = levels[0]?.overlap.threshold ?? null;
  const base = (row: number): number => row + 0.45;
  const ridges = levels.map((level, row) => {
    const highest = Math.max(highest_share(level.overlap), highest_share(level.control_overlap));
    const all = outline(level.overlap.nearest_histogram, highest);
    // Items of similarity 1 stand in the last bin.
    const cut = Math.min(threshold ?? 1, 1 - 1 / level.overlap.nearest_histogram.length);
    const place = (steps: Step[]): { x: number; y: number; row: number }[] =>
      steps.map((step) => ({ x: step.x, y: base(row) - reach * step.height, row }));
    return {
      row,
      below: place(threshold === null ? all : between(all, 0, cut)),
      above: place(threshold === null ? [] : between(all, cut, 1)),
      control: place(outline(level.control_overlap?.nearest_histogram ?? [], highest)),
    };
  });
  const area = (points: { x: number; y: number; row: number }[], opacity: number): Plot.Markish =>
    Plot.areaY(points, {
      x: "x",
      y1: (p: { row: number }) => base(p.row),
      y2: "y",
      fill: "var(--blind)",
      fillOpacity: opacity,
    });
  const lines = reference_lines(series);
  // Labels stand side by side, or one above the other where there is no room beside a line.
  const is_close = lines.length === 2 && (lines[1]?.x ?? 0) - (lines[0]?.x ?? 0) < 0.5;
  const is_stacked = layout.is_narrow || (lines[0]?.x ?? 1) < 0.15 || (lines.at(-1)?.x ?? 0) > 0.75;
  const place = (line: Line, i: number): Plot.TextOptions => {
    const dy = is_close && is_stacked && i === 0 ? -18 : -4;
    const is_central = line.x > 0.15 && line.x < 0.75;
    if (!is_close && is_central) return { textAnchor: "middle", dx: 0, dy };
    const to_left = is_close && !is_stacked ? i === 0 : line.x > 0.5;
    return { textAnchor: to_left ? "end" : "start", dx: to_left ? -3 : 3, dy };
  };
  return panel({
    layout,
    width,
    with_labels: true,
    title: " ",
    values: levels.map((level) =>
      level.overlap.share_with_neighbour === null
        ? null
        : percent_text(level.overlap.share_with_neighbour),
    ),
    x: {
      domain: [0, 1],
      label: `${series.spectrum.similarity ? `${series.spectrum.similarity} ` : ""}similarity to the nearest training item`,
      labelArrow: "none",
    },
    marks: [
      ridges.map((ridge) => [
        area(ridge.below, 0.35),
        area(ridge.above, 0.85),
        Plot.line(ridge.control, { x: "x", y: "y", stroke: "var(--ink)", strokeWidth: 0.9 }),
        Plot.ruleY([base(ridge.row)], { stroke: "var(--line)", strokeWidth: 0.8 }),
      ]),
      threshold === null
        ? null
        : Plot.text([`≥ ${threshold}`], {
            frameAnchor: "top-right",
            lineAnchor: "bottom",
            textAnchor: layout.is_narrow ? "end" : "start",
            dx: layout.is_narrow ? 0 : 8,
            dy: -4,
            fontSize: 11,
            fill: "var(--muted)",
          }),
      lines.map((line, i) => [
        Plot.ruleX([line.x], {
          stroke: line.colour,
          strokeDasharray: line.dash,
          strokeWidth: 1.2,
        }),
        Plot.text([line.x], {
          x: (v: number) => v,
          text: () => line.text,
          frameAnchor: "top",
          lineAnchor: "bottom",
          ...place(line, i),
          fontSize: 11,
          fill: line.colour,
        }),
      ]),
    ],
  });
}

/// null where no similarity was measured: nothing can be drawn then.
export function overlap_figure(frame: Frame, series: Series): HTMLElement | null {
  const { spectrum } = series;
  const levels = spectrum.levels.filter((level) => total(level.overlap.nearest_histogram) > 0);
  if (levels.length === 0) return null;
  const has_control = levels.some((level) => highest_share(level.control_overlap) > 0);
  const threshold = levels[0]?.overlap.threshold ?? null;
  const ends = [levels[0], levels[levels.length - 1]].map((level) => level?.overlap.nearest_mean);
  return figure(frame, {
    name: `overlap_${spectrum.name}`,
    title: `Similarity of test items to their nearest training item: ${spectrum.title}`,
    caption: [
      `One row per level (${spectrum.parameter_title}), each to its own height. `,
      threshold === null
        ? ""
        : "Strong colour: at or above the threshold; the share is printed at the right. ",
      has_control ? "Outlined: the random control of the same sizes. " : "",
      spectrum.null_p99 === null
        ? ""
        : "Dashed: what one in a hundred unrelated pairs reaches by chance.",
    ],
    draw: (width) => draw(series, levels, width),
    summary: () =>
      `The mean similarity of the nearest training item goes from ${number_text(ends[0])} to ${number_text(ends[1])} over ${levels.length} levels` +
      (spectrum.null_p99 === null ? "." : `; chance reaches ${number_text(spectrum.null_p99)}.`),
    data: () => ({
      columns: ["parameter", "series", "similarity_low", "similarity_high", "n_test"],
      rows: levels.flatMap((level) =>
        (
          [
            ["overlap", level.overlap],
            ["control", level.control_overlap],
          ] as const
        ).flatMap(([name, overlap]) =>
          (overlap?.nearest_histogram ?? []).map((n, bin, all) => [
            level.parameter,
            name,
            bin / all.length,
            (bin + 1) / all.length,
            n,
          ]),
        ),
      ),
    }),
  }).element;
}
