// What all parts of the spectrum page ask of a series: who is the bar, who copies, which colour, the axis.
import type { Num, SpectrumSection } from "../report_types";

export type Curve = SpectrumSection["curves"][number];
export type Level = SpectrumSection["levels"][number];
export type Contrast = SpectrumSection["contrasts"][number];
export type Role = "model" | "bar" | "nearest" | "other";

export interface Series {
  spectrum: SpectrumSection;
  sign: 1 | -1; // score * sign grows with quality
  bar: Curve | undefined; // the best blind baseline over the whole series
  nearest: Curve | undefined; // copies the nearest training example
  has_control: boolean;
  is_reversed: boolean; // the axis runs down, so that the most overlap is left
  role(curve: Curve): Role;
  colour(curve: Curve): string;
  title(predictor: string): string;
}

const kModelColours = ["s2", "s4", "s5", "s8", "s6"];

export function make_series(spectrum: SpectrumSection): Series {
  const sign = spectrum.higher_is_better ? 1 : -1;
  const by_name = new Map(spectrum.curves.map((c) => [c.predictor, c]));
  const best_blind = [...spectrum.curves]
    .filter((c) => !c.is_model && c.may_be_bar && c.auspc.value !== null)
    .sort((a, b) => sign * ((b.auspc.value ?? 0) - (a.auspc.value ?? 0)))[0];
  const bar = by_name.get(spectrum.contrasts.find((c) => c.is_bar)?.against ?? "") ?? best_blind;
  const nearest = spectrum.curves.find((c) => c.copies_nearest);
  const models = spectrum.curves.filter((c) => c.is_model);
  const is = (curve: Curve, other: Curve | undefined): boolean =>
    curve.predictor === other?.predictor;
  const role = (curve: Curve): Role =>
    curve.is_model ? "model" : is(curve, bar) ? "bar" : is(curve, nearest) ? "nearest" : "other";
  const first = spectrum.levels[0];
  const last = spectrum.levels[spectrum.levels.length - 1];
  return {
    spectrum,
    sign,
    bar,
    nearest,
    has_control: spectrum.curves.some((c) => c.control.some((p) => p.value !== null)),
    is_reversed: !!first && !!last && first.x > last.x,
    role,
    colour: (curve) =>
      ({
        model: `var(--${kModelColours[models.findIndex((m) => is(m, curve)) % kModelColours.length]})`,
        bar: "var(--blind)",
        nearest: "var(--s3)",
        other: "var(--muted)",
      })[role(curve)],
    title: (predictor) => by_name.get(predictor)?.title ?? predictor,
  };
}

/// One model in its colour, the others as grey as baselines; all of them for "".
export function focused(series: Series, model: string): Series {
  if (model === "") return series;
  const is_aside = (curve: Curve): boolean => curve.is_model && curve.predictor !== model;
  return {
    ...series,
    role: (curve) => (is_aside(curve) ? "other" : series.role(curve)),
    colour: (curve) => (is_aside(curve) ? "var(--muted)" : series.colour(curve)),
  };
}

/// The same without the levels that have no place on the axis, because their overlap is not known.
export function placed(spectrum: SpectrumSection): SpectrumSection {
  const keeps = spectrum.levels.map((level) => Number.isFinite(level.x));
  if (keeps.every(Boolean)) return spectrum;
  const kept = <T>(values: T[]): T[] => values.filter((_, i) => keeps[i]);
  return {
    ...spectrum,
    levels: kept(spectrum.levels),
    contrasts: spectrum.contrasts.map((c) => ({ ...c, levels: kept(c.levels) })),
    curves: spectrum.curves.map((c) => ({
      ...c,
      points: kept(c.points),
      control: kept(c.control),
    })),
  };
}

/// The best value of any blind baseline at each level; null where none has one.
export function envelope(series: Series): (number | null)[] {
  const blind = series.spectrum.curves.filter((c) => !c.is_model && c.may_be_bar);
  return series.spectrum.levels.map((_, i) =>
    blind
      .map((c) => c.points[i]?.value ?? null)
      .reduce(
        (best, v) => (v !== null && (best === null || series.sign * (v - best) > 0) ? v : best),
        null,
      ),
  );
}

/// What the axis measures; `is_short` where there is little room.
export function axis_words(spectrum: SpectrumSection, is_short = false): string {
  if (is_short && spectrum.axis !== "parameter")
    return spectrum.axis === "overlap" ? "share with a training neighbour" : "novelty";
  const threshold = spectrum.levels[0]?.overlap.threshold ?? null;
  const kind = spectrum.similarity ? `${spectrum.similarity} ` : "";
  switch (spectrum.axis) {
    case "parameter":
      return spectrum.parameter_title;
    case "overlap":
      return `share of test items with a training neighbour${threshold === null ? "" : ` (${kind}similarity ≥ ${threshold})`}`;
    case "novelty":
      return `novelty: 1 − mean ${kind}similarity of the nearest training item`;
  }
}

/// The parameter of a level, without the digits that measuring it leaves.
export const level_text = (parameter: number): string => String(Number(parameter.toPrecision(4)));

/// Index of the last value that is known; -1 if none is.
export function last_known(values: Num[]): number {
  let last = -1;
  values.forEach((value, i) => {
    if (value !== null) last = i;
  });
  return last;
}
