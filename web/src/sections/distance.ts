// Error against the similarity of a test item to its nearest training item, and what is gained over
// copying at each similarity.
import * as Plot from "@observablehq/plot";
import { check_box, h, selector } from "../dom";
import { compose, figure, type FigureData } from "../figure";
import { count_text, interval_text, number_text, signed_text } from "../format";
import type { DistanceSection } from "../report_types";
import { extent_of } from "../rows";
import { distinct, entity_words, type View } from "../view";
import {
  bin_points,
  kMostBands,
  label_ends,
  label_of,
  lay_out,
  legend,
  make_profile,
  plot,
  sure_points,
  to_x,
  type Curve,
  type Layout,
  type Point,
  type Profile,
} from "./distance_profile";
import { absent, bullets, prose, section, type Section } from "./section";

const kMain = 340;
const kHistogram = 104;
const kGainHeight = 260;

// ---- error against similarity ----------------------------------------------------------------

function main_panel(profile: Profile, layout: Layout, with_others: boolean): SVGSVGElement {
  const { data } = profile;
  const strong = data.curves.filter((c) => profile.role(c) !== "other");
  const others = with_others ? data.curves.filter((c) => profile.role(c) === "other") : [];
  const models = strong.filter((c) => c.is_model);
  const bins = strong.flatMap((c) => bin_points(data, c, (x) => x.rmse));
  const smooth = strong.flatMap((c) => sure_points(data, c));
  const banded = strong.filter((c) => !c.is_model || models.length <= kMostBands);
  // By what was measured in bins: where rows are few, the curve may run anywhere.
  const domain = extent_of(
    bins.flatMap((p) => [p.value, p.low, p.high]),
    0.06,
  );
  const colour = (p: Point): string => profile.colour(p.curve);
  const z = (p: Point): string => p.curve.predictor;
  const inside = { clip: true } as const;
  const svg = plot(layout, kMain, {
    y: {
      domain,
      reverse: true,
      label: "RMSE (lower is better: the axis runs down) ↑",
      labelArrow: "none",
      labelOffset: 44,
    },
    marks: [
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.ruleX(data.median === null ? [] : [data.median], {
        stroke: "var(--ink)",
        strokeDasharray: "2,3",
      }),
      Plot.text(data.median === null ? [] : [data.median], {
        x: (d: number) => d,
        text: () => `median ${number_text(data.median)}`,
        frameAnchor: "top",
        lineAnchor: "bottom",
        dy: -3,
        fontSize: 11,
        fill: "var(--ink)",
      }),
      Plot.areaY(
        smooth.filter((p) => banded.includes(p.curve) && p.low !== null && p.high !== null),
        { x: "x", y1: "low", y2: "high", z, fill: colour, fillOpacity: 0.13, ...inside },
      ),
      Plot.line(
        others.flatMap((c) => sure_points(data, c)),
        { x: "x", y: "value", z, stroke: "var(--muted)", strokeOpacity: 0.45, strokeWidth: 1, ...inside },
      ),
      Plot.line(
        smooth.filter((p) => !p.curve.is_model),
        { x: "x", y: "value", z, stroke: colour, strokeWidth: 1.7, ...inside },
      ),
      Plot.line(
        smooth.filter((p) => p.curve.is_model),
        { x: "x", y: "value", z, stroke: colour, strokeWidth: 2.3, ...inside },
      ),
      Plot.dot(bins, {
        x: "x",
        y: "value",
        r: (p: Point) => (p.curve.is_model ? 3.6 : 2.8),
        symbol: (p: Point) => (p.curve.is_model ? "diamond" : "circle"),
        fill: colour,
        stroke: "var(--paper)",
        strokeWidth: 0.7,
        title: (p: Point) =>
          `${p.curve.title}: ${number_text(p.value)} ${interval_text(p.low, p.high)}, ${count_text(p.n)} test rows`,
        ...inside,
      }),
    ],
  });
  const to_y = (value: number): number => {
    const share = (value - domain[0]) / (domain[1] - domain[0]);
    return 24 + Math.min(1, Math.max(0, share)) * (kMain - 44);
  };
  label_ends(
    profile,
    svg,
    strong,
    layout,
    (c) => {
      const last = sure_points(data, c)
        .filter((p) => !Number.isNaN(p.value))
        .at(-1);
      return last ? { x: to_x(layout, last.x), y: to_y(last.value) } : null;
    },
    kMain - 24,
  );
  return svg;
}

function histogram(profile: Profile, layout: Layout): SVGSVGElement {
  const { data } = profile;
  const total = data.bins.reduce((sum, bin) => sum + bin.n, 0);
  const entity = entity_words(data.entity);
  return plot(layout, kHistogram, {
    top: 20,
    x_label: layout.is_narrow
      ? `similarity to the nearest training ${entity} →`
      : `similarity (${data.similarity}) to the nearest training ${entity} →`,
    y: { domain: [0, Math.max(1, ...data.bins.map((b) => b.n)) * 1.08], label: null, ticks: 3 },
    marks: [
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 3 }),
      Plot.text([`test rows, ${count_text(total)} in all`], {
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -5,
        fontWeight: 600,
        fontSize: 11,
        fill: "var(--ink)",
      }),
      Plot.rect(data.bins, {
        x1: "low",
        x2: "high",
        y1: () => 0,
        y2: "n",
        fill: "var(--muted)",
        fillOpacity: 0.45,
        inset: 0.7,
        title: (b: { low: number; high: number; n: number }) =>
          `${number_text(b.low)} to ${number_text(b.high)}: ${count_text(b.n)} test rows`,
      }),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
    ],
  });
}

function stacked(
  layout: Layout,
  parts: { svg: SVGSVGElement; height: number }[],
): SVGSVGElement {
  let y = 0;
  const placed = parts.map(({ svg, height }) => {
    const at = { svg, x: 0, y };
    y += height;
    return at;
  });
  return compose(layout.width, y, placed);
}

function draw_error(profile: Profile, with_others: boolean, width: number): SVGSVGElement {
  const strong = profile.data.curves.filter((c) => profile.role(c) !== "other");
  const layout = lay_out(
    strong.map((c) => label_of(profile, c)),
    width,
  );
  const parts = [
    { svg: main_panel(profile, layout, with_others), height: kMain },
    { svg: histogram(profile, layout), height: kHistogram },
  ];
  if (layout.is_narrow)
    parts.push({ svg: legend(profile, strong, layout), height: 18 * strong.length + 6 });
  return stacked(layout, parts);
}

// ---- gain over copying -----------------------------------------------------------------------

const gainers = (profile: Profile): Curve[] =>
  profile.data.curves.filter(
    (c) =>
      ["model", "best"].includes(profile.role(c)) && c.gain.some((gain) => gain.value !== null),
  );

function draw_gain(profile: Profile, width: number): SVGSVGElement {
  const { data } = profile;
  const shown = gainers(profile);
  const layout = lay_out(
    shown.map((c) => label_of(profile, c)),
    width,
  );
  const points = shown.flatMap((c, k) =>
    bin_points(data, c, (x) => x.gain).map((p) => ({
      ...p,
      x: p.x + 0.012 * (k - (shown.length - 1) / 2), // side by side, so that intervals can be told apart
    })),
  );
  const domain = extent_of([0, ...points.flatMap((p) => [p.value, p.low, p.high])], 0.06);
  const colour = (p: Point): string => profile.colour(p.curve);
  const is_clear = (p: Point): boolean =>
    p.low !== null && p.high !== null && (p.low > 0 || p.high < 0);
  const svg = plot(layout, kGainHeight, {
    x_label: `similarity to the nearest training ${entity_words(data.entity)} →`,
    y: { domain, label: "RMSE gained (above zero: better than copying) ↑", labelArrow: "none", labelOffset: 46, ticks: 6 },
    marks: [
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 6 }),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
      Plot.ruleX(
        points.filter((p) => p.low !== null && p.high !== null),
        { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.5 },
      ),
      Plot.line(points, {
        x: "x",
        y: "value",
        z: (p: Point) => p.curve.predictor,
        stroke: colour,
        strokeOpacity: 0.5,
      }),
      Plot.dot(points, {
        x: "x",
        y: "value",
        r: 4,
        symbol: (p: Point) => (p.curve.is_model ? "diamond" : "circle"),
        fill: (p: Point) => (is_clear(p) ? colour(p) : "var(--paper)"),
        stroke: colour,
        strokeWidth: 1.5,
        title: (p: Point) =>
          `${p.curve.title}: ${signed_text(p.value)} ${interval_text(p.low, p.high, signed_text)}, ${count_text(p.n)} test rows`,
      }),
    ],
  });
  const to_y = (value: number): number =>
    24 + (1 - (value - domain[0]) / (domain[1] - domain[0])) * (kGainHeight - 64);
  label_ends(
    profile,
    svg,
    shown,
    layout,
    (c) => {
      const last = points.filter((p) => p.curve === c).at(-1);
      return last ? { x: to_x(layout, last.x) + 5, y: to_y(last.value) } : null;
    },
    kGainHeight - 44,
  );
  if (!layout.is_narrow) return stacked(layout, [{ svg, height: kGainHeight }]);
  return stacked(layout, [
    { svg, height: kGainHeight },
    { svg: legend(profile, shown, layout), height: 18 * shown.length + 6 },
  ]);
}

// ---- the section -----------------------------------------------------------------------------

const data_of = (data: DistanceSection): FigureData => ({
  columns: ["predictor", "part", "low_edge", "high_edge", "n", "rmse", "low", "high", "gain", "gain_low", "gain_high"],
  rows: data.curves.flatMap((c) => [
    ...data.bins.map((bin, i) => [
      c.predictor,
      "bin",
      bin.low,
      bin.high,
      bin.n,
      c.rmse[i]?.value ?? null,
      c.rmse[i]?.low ?? null,
      c.rmse[i]?.high ?? null,
      c.gain[i]?.value ?? null,
      c.gain[i]?.low ?? null,
      c.gain[i]?.high ?? null,
    ]),
    ...data.grid.map((x, i) => [
      c.predictor,
      "smooth",
      x,
      x,
      null,
      c.smooth[i]?.value ?? null,
      c.smooth[i]?.low ?? null,
      c.smooth[i]?.high ?? null,
      null,
      null,
      null,
    ]),
  ]),
});

function error_words(profile: Profile): string {
  const { data } = profile;
  const ends = (c: Curve): string => {
    const known = bin_points(data, c, (x) => x.rmse);
    return `${c.title} ${number_text(known[0]?.value)} to ${number_text(known.at(-1)?.value)}`;
  };
  return `RMSE from the least to the most similar bin: ${data.curves
    .filter((c) => profile.role(c) !== "other")
    .map(ends)
    .join("; ")}.`;
}

function gain_words(profile: Profile, title: string): string {
  const { bins } = profile.data;
  return gainers(profile)
    .map((c) => {
      const better = bins.filter((_, i) => (c.gain[i]?.low ?? -1) > 0).length;
      const worse = bins.filter((_, i) => (c.gain[i]?.high ?? 1) < 0).length;
      return `${c.title} is better in ${better} and worse in ${worse}`;
    })
    .join("; ")
    .concat(`, beyond the interval, of ${bins.length} bins of similarity, than ${title}.`);
}

/// null where the study is not about potency; one line where no fingerprint is known.
export function distance_section(view: View): Section | null {
  const all = view.report.distances ?? []; // reports made before there were any lack the key
  const first = all[0];
  if (!first)
    return view.report.study.area === "potency"
      ? absent("distance", "Error against similarity", "the data hold no fingerprints.")
      : null;
  let profile = make_profile(first);
  let with_others = true;
  const place = h("div");
  const tell = (): void => place.replaceChildren(...[bullets(profile.data.sentences)].filter((x) => x !== null));
  const splits = distinct(all.map((d) => d.split));
  const errors = figure(view, {
    name: "error_against_similarity",
    title: "Error against the similarity to training",
    caption:
      "Curves: smoothed RMSE with its interval, where that is no wider than the value; points: bins. Diamonds are models; green copies the nearest neighbours; blue is the best other baseline; grey the others. Below: how many test rows lie there.",
    controls: [
      splits.length < 2
        ? null
        : selector(
            "Split",
            splits.map((value) => ({ value, title: view.split_title(value) })),
            first.split,
            (value) => {
              profile = make_profile(all.find((d) => d.split === value) ?? first);
              errors.update();
              gain?.update();
              tell();
            },
          ),
      first.curves.length < 5
        ? null
        : check_box("Others (grey)", with_others, (on) => {
            with_others = on;
            errors.update();
          }),
    ],
    draw: (width) => draw_error(profile, with_others, width),
    summary: () => error_words(profile),
    data: () => data_of(profile.data),
  });
  const gain =
    gainers(profile).length === 0
      ? null
      : figure(view, {
          name: "gain_over_copying",
          title: "What is gained over copying the nearest neighbours",
          caption: `RMSE of ${view.title(first.against)} less that of the model, in each bin of similarity. A filled symbol's interval leaves zero out.`,
          draw: (width) => draw_gain(profile, width),
          summary: () => gain_words(profile, view.title(profile.data.against)),
          data: () => data_of(profile.data),
        });
  tell();
  return section(
    "distance",
    "Error against similarity",
    prose(
      `A mean error is mostly made by where the test ${entity_words(first.entity)}s lie. Here it is shown against how similar each of them is to its nearest training ${entity_words(first.entity)}: near ones can be answered by copying, far ones cannot.`,
    ),
    place,
    errors.element,
    gain?.element,
  );
}
