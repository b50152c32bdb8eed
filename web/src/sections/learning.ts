// Learning curves: score against size, the baselines at every size, fits and crossings.
import * as Plot from "@observablehq/plot";
import { h } from "../dom";
import { figure } from "../figure";
import { count_text, fit_text, interval_text, number, number_text, text_width } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { LearningCurve } from "../report_types";
import { extent_of } from "../rows";
import { table } from "../table";
import type { View } from "../view";
import { absent, prose, section, type Section } from "./section";

type Curve = LearningCurve["curves"][number];
type Point = Curve["points"][number] & { predictor: string };
const kOver: { [over: string]: string } = { pairs: "training pairs", cells: "training cell lines", drugs: "training drugs" };
const over_words = (over: string): string => kOver[over] ?? `training ${over}`;

const with_points = (curve: LearningCurve): Curve[] =>
  curve.curves.filter((c) => c.points.some((p) => p.mean !== null));

function colours(curves: Curve[]): Map<string, string> {
  const order = [2, 3, 5, 4, 1, 6, 7, 8];
  const models = [2, 4, 5];
  const baselines = [1, 7, 3, 8, 6];
  let model = 0;
  let baseline = 0;
  return new Map(
    curves.map((c, i) => [
      c.predictor,
      `var(--s${(c.is_model ? models[model++] : baselines[baseline++]) ?? order[i % order.length]})`,
    ]),
  );
}

/// Round sizes on a logarithmic axis, as many as there is room for.
function log_ticks(low: number, high: number, room: number): number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10) {
      ticks.push(...steps.map((step) => step * decade).filter((v) => v >= low && v <= high));
    }
    if (ticks.length <= room || steps.length === 1) return ticks;
  }
  return [];
}

function draw(view: View, curve: LearningCurve, width: number): SVGSVGElement {
  const curves = with_points(curve);
  const colour = colours(curves);
  const points = curves.flatMap((c) =>
    c.points.filter((p) => p.mean !== null).map((p): Point => ({ ...p, predictor: c.predictor })),
  );
  const of = (p: { predictor: string }): string => colour.get(p.predictor) ?? "var(--ink)";
  const is_narrow = width < 620;
  const label_space = is_narrow
    ? 0
    : Math.min(
        280,
        34 + Math.max(...curves.map((c) => text_width(c.title, 12, c.is_model ? "600" : "400"))),
      );
  const height = is_narrow ? 320 + 18 * curves.length : 400;
  const bottom = is_narrow ? 46 + 18 * curves.length : 46;
  const sizes = points.map((p) => p.size);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  // An asymptote far from all points is an extrapolation without support: in the table only.
  const reach = extent_of(
    points.flatMap((p) => [p.mean, p.low, p.high]),
    0.3,
  );
  const supported = (c: Curve): boolean =>
    c.fit !== null && c.fit.c >= reach[0] && c.fit.c <= reach[1];
  const domain = extent_of(
    [
      ...points.flatMap((p) => [p.mean, p.low, p.high]),
      ...curves.flatMap((c) => (c.fit && supported(c) ? [c.fit.c] : [])),
    ],
    0.05,
  );
  const frame = { top: 16, left: 52, right: label_space + 16 };
  const to_y = (v: number): number =>
    frame.top + ((domain[1] - v) / (domain[1] - domain[0])) * (height - frame.top - bottom);
  const fits = curves.flatMap((c) => {
    const { fit } = c;
    if (!fit) return [];
    return Array.from({ length: 50 }, (_, i) => {
      const size = low * (high / low) ** (i / 49);
      return { size, value: fit.a * size ** -fit.b + fit.c, predictor: c.predictor };
    }).filter((p) => p.value >= domain[0] && p.value <= domain[1]);
  });
  const plateaus = curves.flatMap((c) =>
    c.fit && supported(c) ? [{ predictor: c.predictor, value: c.fit.c }] : [],
  );
  const crossings = curve.crossings.filter(
    (c) => c.size !== null && c.size >= low && c.size <= high,
  );
  const at_end = is_narrow
    ? curves.map((_, i) => height - 18 * (curves.length - i) + 6)
    : spread_labels(
        curves.map((c) => to_y(c.points.filter((p) => p.mean !== null).at(-1)?.mean ?? 0)),
        16,
        frame.top,
        height - bottom,
      );
  const plot = Plot.plot({
    width,
    height,
    marginLeft: frame.left,
    marginRight: frame.right,
    marginTop: frame.top,
    marginBottom: bottom,
    style: {
      fontFamily: "var(--sans)",
      fontSize: "11px",
      color: "var(--ink)",
      background: "none",
      overflow: "visible",
    },
    x: {
      type: "log",
      labelAnchor: "center",
      labelOffset: 36,
      label: over_words(curve.over),
      tickFormat: (v: number) => count_text(v),
      ticks: log_ticks(low * 0.9, high * 1.1, (width - frame.left - frame.right) / 58),
      domain: [low * 0.9, high * 1.1],
    },
    y: { label: view.metric_title(curve.metric), domain, grid: false },
    marks: [
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.rect(
        crossings.filter((c) => c.low !== null && c.high !== null),
        {
          x1: (c) => Math.max(low * 0.9, c.low),
          x2: (c) => Math.min(high * 1.1, c.high),
          fill: "var(--tint)",
        },
      ),
      Plot.ruleX(crossings, { x: "size", stroke: "var(--muted)", strokeDasharray: "2,3" }),
      Plot.text(crossings, {
        x: "size",
        text: (c) => `crossing ${count_text(c.size)}`,
        frameAnchor: "top",
        dy: 2,
        dx: 4,
        textAnchor: "start",
        fontSize: 10.5,
        fill: "var(--muted)",
      }),
      Plot.areaY(
        points.filter((p) => p.low !== null && p.high !== null),
        { x: "size", y1: "low", y2: "high", z: "predictor", fill: of, fillOpacity: 0.15 },
      ),
      Plot.line(fits, {
        x: "size",
        y: "value",
        z: "predictor",
        stroke: of,
        strokeDasharray: "4,3",
        strokeWidth: 1,
      }),
      Plot.line(points, { x: "size", y: "mean", z: "predictor", stroke: of, strokeWidth: 1.8 }),
      Plot.dot(points, {
        x: "size",
        y: "mean",
        r: 3,
        fill: of,
        title: (p: Point) =>
          `${view.title(p.predictor)}, ${count_text(p.size)}: ${number_text(p.mean)} ${interval_text(p.low, p.high)}, n ${p.n}`,
      }),
      Plot.ruleY(plateaus, {
        y: "value",
        x1: high * 1.015,
        x2: high * 1.1,
        stroke: of,
        strokeWidth: 2.5,
      }),
    ],
  }) as SVGSVGElement;
  const start = width - frame.right;
  curves.forEach((c, i) => {
    const y = at_end[i] ?? 0;
    const last = c.points.filter((p) => p.mean !== null).at(-1)?.mean ?? 0;
    const x = is_narrow ? frame.left : start + 18;
    if (!is_narrow)
      plot.append(svg_line(start + 1, to_y(last), x - 3, y, colour.get(c.predictor) ?? ""));
    else plot.append(svg_line(x - 18, y, x - 4, y, colour.get(c.predictor) ?? "", 3));
    plot.append(
      svg_text(
        fit_text(
          c.title,
          is_narrow ? width - x - 8 : label_space - 8,
          12,
          c.is_model ? "600" : "400",
        ),
        x,
        y,
        colour.get(c.predictor) ?? "",
        c.is_model,
        c.title,
      ),
    );
  });
  return plot;
}

function curve_block(view: View, curve: LearningCurve): HTMLElement[] {
  const name = `over ${over_words(curve.over)}, ${view.split_title(curve.split)} split`;
  const shown = with_points(curve);
  const missing = curve.curves.filter((c) => !shown.includes(c));
  if (shown.length === 0)
    return [
      h(
        "p",
        { class: "absent" },
        h("b", {}, `No learning curve ${name}: `),
        "no size could be run.",
      ),
    ];
  const element = figure(view, {
    name: `learning_curve_${curve.split}_${curve.over}`,
    title: `Learning curve ${name}`,
    caption:
      "Lines: mean over repeats; bands: interval; dashed: fitted power law; ticks at the right edge: its asymptote, where it is near the points; dotted: size from which a model beats a baseline, with its interval shaded.",
    draw: (width) => draw(view, curve, width),
    summary: () =>
      `${[...shown.map((c) => c.sentence), ...curve.crossings.map((c) => c.sentence)].filter(Boolean).join(" ")}`,
    data: () => ({
      columns: [
        "split",
        "over",
        "metric",
        "predictor",
        "size",
        "n_pairs",
        "mean",
        "low",
        "high",
        "n",
      ],
      rows: curve.curves.flatMap((c) =>
        c.points.map((p) => [
          curve.split,
          curve.over,
          curve.metric,
          c.predictor,
          p.size,
          p.n_pairs,
          p.mean,
          p.low,
          p.high,
          p.n,
        ]),
      ),
    }),
  }).element;
  return [
    element,
    missing.length
      ? h(
          "p",
          { class: "note" },
          `Without a value at any size: ${missing.map((c) => c.title).join(", ")}.`,
        )
      : null,
    table<Curve>({
      caption: "Fit value = a · size^−b + c",
      rows: shown,
      row_class: (c) => (c.is_model ? "is-model" : ""),
      columns: [
        { title: "Predictor", value: (c) => c.title, cell: (c) => c.title },
        {
          title: "a",
          numeric: true,
          value: (c) => c.fit?.a ?? null,
          cell: (c) => number(c.fit?.a ?? null),
        },
        {
          title: "b",
          numeric: true,
          value: (c) => c.fit?.b ?? null,
          cell: (c) => number(c.fit?.b ?? null),
        },
        {
          title: "c (asymptote)",
          numeric: true,
          value: (c) => c.fit?.c ?? null,
          cell: (c) => [
            number(c.fit?.c ?? null),
            " ",
            h("span", { class: "muted" }, interval_text(c.fit?.c_low, c.fit?.c_high)),
          ],
        },
        {
          title: "At the full size",
          numeric: true,
          value: (c) => c.points.at(-1)?.mean ?? null,
          cell: (c) => number(c.points.at(-1)?.mean ?? null),
        },
        { title: "Plateau", value: (c) => c.plateau, cell: (c) => c.plateau },
      ],
    }),
    curve.crossings.length
      ? table({
          caption: "Sizes from which a model beats a baseline",
          rows: curve.crossings,
          columns: [
            { title: "Model", value: (c) => view.title(c.model), cell: (c) => view.title(c.model) },
            {
              title: "Baseline",
              value: (c) => view.title(c.baseline),
              cell: (c) => view.title(c.baseline),
            },
            {
              title: "Size",
              numeric: true,
              value: (c) => c.size,
              cell: (c) => [
                number(c.size, count_text),
                " ",
                h("span", { class: "muted" }, interval_text(c.low, c.high, count_text)),
              ],
            },
            { title: "In words", kind: "text", cell: (c) => c.sentence },
          ],
        })
      : null,
  ].filter((part): part is HTMLElement => part !== null);
}

export function learning_section(view: View): Section {
  const { learning_curves, predictors } = view.report;
  if (learning_curves.length === 0) {
    return absent(
      "learning",
      "Learning curves",
      predictors.some((p) => p.is_model && p.trainable)
        ? "this study did not ask for any."
        : "no model in this study can be retrained by cupel.",
    );
  }
  return section(
    "learning",
    "Learning curves",
    prose(
      "How the scores of models and baselines change with the amount of training data: baselines are trained on the same subsets as the models.",
    ),
    learning_curves.map((curve) => curve_block(view, curve)),
  );
}
