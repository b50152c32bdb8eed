// What the figures of error against similarity share: who is highlighted in which colour, points, axes and
// labels.
import * as Plot from "@observablehq/plot";
import { compose } from "../figure";
import { fit_text, text_width } from "../format";
import { spread_labels, svg_line, svg_text } from "../labels";
import type { DistanceSection, Num } from "../report_types";

export type Curve = DistanceSection["curves"][number];
export type Role = "model" | "nearest" | "best" | "null" | "other";

export interface Profile {
  data: DistanceSection;
  role(curve: Curve): Role;
  colour(curve: Curve): string;
}
export interface Point {
  x: number;
  value: number;
  low: Num;
  high: Num;
  curve: Curve;
  n: number;
}

const kModelColours = ["s2", "s4", "s5", "s8", "s6"];
export const kMostBands = 5;

/// RMSE over all rows, from the bins: for choosing what is highlighted.
function whole_error(data: DistanceSection, curve: Curve): number {
  let sum = 0;
  let n = 0;
  data.bins.forEach((bin, i) => {
    const value = curve.rmse[i]?.value ?? null;
    if (value === null) return;
    sum += bin.n * value * value;
    n += bin.n;
  });
  return n > 0 ? Math.sqrt(sum / n) : Infinity;
}

export function make_profile(data: DistanceSection): Profile {
  const best_of = (curves: Curve[]): string | undefined =>
    [...curves].sort((a, b) => whole_error(data, a) - whole_error(data, b))[0]?.predictor;
  const baselines = data.curves.filter((c) => !c.is_model && c.predictor !== data.against);
  const blank = best_of(baselines.filter((c) => c.rung === "null"));
  const best = best_of(baselines.filter((c) => c.rung !== "null"));
  const models = data.curves.filter((c) => c.is_model).map((c) => c.predictor);
  const role = (c: Curve): Role =>
    c.is_model
      ? "model"
      : c.predictor === data.against
        ? "nearest"
        : c.predictor === best
          ? "best"
          : c.predictor === blank
            ? "null"
            : "other";
  const model_colour = (c: Curve): string =>
    `var(--${kModelColours[models.indexOf(c.predictor) % kModelColours.length]})`;
  return {
    data,
    role,
    colour: (c) =>
      c.is_model
        ? model_colour(c)
        : {
            model: "",
            nearest: "var(--s3)",
            best: "var(--blind)",
            null: "var(--s7)",
            other: "var(--muted)",
          }[role(c)],
  };
}

const middle = (bin: { low: number; high: number }): number => (bin.low + bin.high) / 2;

export const bin_points = (
  data: DistanceSection,
  curve: Curve,
  of: (c: Curve) => DistanceSection["curves"][number]["rmse"],
): Point[] =>
  data.bins
    .map((bin, i) => ({
      x: middle(bin),
      value: of(curve)[i]?.value ?? NaN,
      low: of(curve)[i]?.low ?? null,
      high: of(curve)[i]?.high ?? null,
      curve,
      n: bin.n,
    }))
    .filter((p) => !Number.isNaN(p.value));

const smooth_points = (data: DistanceSection, curve: Curve): Point[] =>
  data.grid.map((x, i) => ({
    x,
    value: curve.smooth[i]?.value ?? NaN,
    low: curve.smooth[i]?.low ?? null,
    high: curve.smooth[i]?.high ?? null,
    curve,
    n: 0,
  }));

/// A curve is drawn where its interval is no wider than its own value: elsewhere it says nothing. A
/// single such point between others is no curve.
export function sure_points(data: DistanceSection, curve: Curve): Point[] {
  const all = smooth_points(data, curve);
  const is_sure = (p: Point | undefined): boolean =>
    !!p && !(p.low !== null && p.high !== null && p.high - p.low > p.value);
  return all.map((p, i) =>
    is_sure(p) && (is_sure(all[i - 1]) || is_sure(all[i + 1]))
      ? p
      : { ...p, value: NaN, low: null, high: null },
  );
}

// ---- layout ----------------------------------------------------------------------------------

export interface Layout {
  width: number;
  left: number;
  right: number;
  is_narrow: boolean;
}
const kNarrow = 620;
const kDomain: [number, number] = [0, 1];

export function lay_out(titles: string[], width: number): Layout {
  const is_narrow = width < kNarrow;
  const widest = Math.max(100, ...titles.map((t) => text_width(t, 12, "600")));
  return {
    width,
    left: 54,
    right: is_narrow ? 12 : Math.min(Math.round(0.3 * width), widest + 28),
    is_narrow,
  };
}

export const to_x = (layout: Layout, x: number): number =>
  layout.left + (x - kDomain[0]) * (layout.width - layout.left - layout.right);

export function plot(
  layout: Layout,
  height: number,
  options: { y: Plot.ScaleOptions; marks: Plot.Markish[]; x_label?: string; top?: number },
): SVGSVGElement {
  return Plot.plot({
    width: layout.width,
    height,
    marginLeft: layout.left,
    marginRight: layout.right,
    marginTop: options.top ?? 24,
    marginBottom: options.x_label ? 40 : 20,
    style: {
      fontFamily: "var(--sans)",
      fontSize: "11px",
      color: "var(--ink)",
      background: "none",
      overflow: "visible",
    },
    x: {
      domain: kDomain,
      ticks: 10,
      label: options.x_label ?? null,
      labelAnchor: "center",
      labelOffset: 36,
      labelArrow: "none",
    },
    y: options.y,
    marks: options.marks,
  }) as SVGSVGElement;
}

const kRoleWords: { [role in Role]: string } = {
  model: "",
  nearest: " (copies neighbours)",
  best: " (best other baseline)",
  null: "",
  other: "",
};
export const label_of = (profile: Profile, c: Curve): string => c.title + kRoleWords[profile.role(c)];

/// Titles at the right, each led to the end of its curve.
export function label_ends(
  profile: Profile,
  svg: SVGSVGElement,
  curves: Curve[],
  layout: Layout,
  at: (curve: Curve) => { x: number; y: number } | null,
  bottom: number,
): void {
  if (layout.is_narrow) return;
  const ends = curves
    .map((curve) => ({ curve, end: at(curve) }))
    .filter((e): e is { curve: Curve; end: { x: number; y: number } } => e.end !== null);
  const places = spread_labels(
    ends.map((e) => e.end.y),
    15,
    24,
    bottom,
  );
  const start = layout.width - layout.right + 22;
  ends.forEach(({ curve, end }, i) => {
    const y = places[i] ?? end.y;
    const colour = profile.colour(curve);
    const full = label_of(profile, curve);
    const text =
      text_width(full, 12, "600") <= layout.right - 24
        ? full
        : fit_text(curve.title, layout.right - 24, 12, "600");
    svg.append(
      svg_line(end.x + 3, end.y, start - 3, y, colour),
      svg_text(text, start, y, colour, true, full),
    );
  });
}

export function legend(profile: Profile, curves: Curve[], layout: Layout): SVGSVGElement {
  const box = compose(layout.width, 18 * curves.length + 6, []);
  box.style.fontFamily = "var(--sans)";
  curves.forEach((c, i) => {
    const y = 10 + 18 * i;
    const full = label_of(profile, c);
    box.append(
      svg_line(8, y, 30, y, profile.colour(c), c.is_model ? 3 : 2),
      svg_text(
        fit_text(full, layout.width - 44, 12, "600"),
        38,
        y,
        profile.colour(c),
        true,
        full,
      ),
    );
  });
  return box;
}
