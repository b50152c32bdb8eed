// Findings: every contrast with its interval, margin and the share that a blind baseline explains.
import * as Plot from "@observablehq/plot";
import { h } from "../dom";
import { compose, figure } from "../figure";
import {
  count_text,
  interval_text,
  number,
  p_text,
  percent_text,
  plural,
  signed_text,
  wrap_text,
} from "../format";
import type { FindingSection, Num } from "../report_types";
import { extent_of, lay_out, panel, panel_height, shift } from "../rows";
import { table } from "../table";
import { chip, kVerdicts, verdict_class } from "../verdict";
import { distinct, published_tag, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

interface Quantity {
  value: (f: FindingSection) => number | null;
  low: (f: FindingSection) => number | null;
  high: (f: FindingSection) => number | null;
  label: (view: View, f: FindingSection) => string;
  text: (value: Num | undefined) => string;
  reference: number;
  band: (f: FindingSection) => number | null;
}
const kDifference: Quantity = {
  value: (f) => f.estimate,
  low: (f) => f.low,
  high: (f) => f.high,
  text: signed_text,
  reference: 0,
  band: (f) => f.margin,
  label: (view, f) => `gain in ${view.metric_title(f.metric)}`,
};
const kShare: Quantity = {
  value: (f) => f.share_explained,
  low: (f) => f.share_low,
  high: (f) => f.share_high,
  text: percent_text,
  reference: 1,
  band: () => null,
  label: () => "% of the skill explained",
};
const kSymbols = {
  learned: "circle",
  "not shown": "circle",
  worse: "triangle",
  "cannot tell": "diamond",
} as const;

function one_panel(
  view: View,
  q: Quantity,
  own: FindingSection[],
  order: string[],
  layout: ReturnType<typeof lay_out>,
  width: number,
  title: string[],
  with_labels: boolean,
): SVGSVGElement {
  const dy = shift(layout);
  const first = own[0] as FindingSection;
  const y = (f: FindingSection): number => order.indexOf(f.predictor);
  const bands = own.map(q.band).filter((v): v is number => v !== null);
  const band = bands[0] ?? null;
  const around = extent_of([
    ...own.flatMap((f) => [q.value(f), q.low(f), q.high(f)]),
    q.reference,
    band,
    band === null ? null : -band,
  ]);
  const domain: [number, number] = q === kShare ? [0, Math.max(1.05, around[1])] : around;
  // Where values stand in the picture, the line of reference keeps clear of them.
  if (layout.is_narrow) domain[1] += (domain[1] - domain[0]) * kValueShare;
  const colour = (f: FindingSection): string => `var(--${verdict_class(f.verdict)})`;
  const shown = own.filter((f) => q.value(f) !== null);
  const values = order.map((predictor) => {
    const f = own.find((x) => x.predictor === predictor);
    return f ? q.text(q.value(f)) : null;
  });
  return panel({
    layout,
    width,
    with_labels,
    values,
    title,
    x: {
      domain,
      label: q.label(view, first),
      ...(q === kShare ? { tickFormat: (v: number) => String(Math.round(100 * v)) } : {}),
    },
    marks: [
      Plot.frame({ anchor: "bottom", stroke: "var(--line)" }),
      band === null
        ? null
        : Plot.rect([0], { x1: () => -band, x2: () => band, fill: "var(--tint)" }),
      q === kShare
        ? Plot.ruleY(shown, { y, x1: () => 0, x2: q.value, stroke: "var(--line)", dy })
        : null,
      Plot.ruleX([q.reference], { stroke: "var(--ink)", strokeWidth: 1 }),
      Plot.ruleY(
        shown.filter((f) => q.low(f) !== null && q.high(f) !== null),
        { y, x1: q.low, x2: q.high, stroke: colour, strokeWidth: 2, dy },
      ),
      kVerdicts.map((verdict) =>
        Plot.dot(
          shown.filter((f) => f.verdict === verdict),
          {
            x: q.value,
            y,
            r: 4.5,
            dy,
            stroke: colour,
            strokeWidth: 1.7,
            symbol: kSymbols[verdict],
            rotate: verdict === "worse" ? 180 : 0,
            fill: verdict === "not shown" || verdict === "cannot tell" ? "var(--paper)" : colour,
            title: (f: FindingSection) =>
              `${view.title(f.predictor)} against ${view.title(f.against)}: ${q.text(q.value(f))} ${interval_text(q.low(f), q.high(f), q.text)}, ${f.verdict}`,
          },
        ),
      ),
    ],
  });
}

const kValueShare = 0.16; // of a narrow panel's width
const kLeastPanel = 190; // with the values at its right
const kLeastTallPanel = 118; // two lines of tall panels do not fit on a sheet of paper
const kManyRows = 12;
const kMostPanel = 420;

function draw(view: View, q: Quantity, own: FindingSection[], width: number): SVGSVGElement {
  const order = distinct(own.map((f) => f.predictor));
  const hypotheses = distinct(own.map((f) => f.hypothesis));
  const layout = lay_out(
    order.map((name) => ({ label: view.title(name), kind: "plain" as const })),
    width,
    22,
  );
  const space = width - layout.label_width;
  const least = order.length > kManyRows ? kLeastTallPanel : kLeastPanel;
  const most = layout.is_narrow ? 1 : Math.max(1, Math.floor(space / least));
  const n_lines = Math.ceil(hypotheses.length / most); // of panels
  const per_line = Math.ceil(hypotheses.length / n_lines);
  const each = layout.is_narrow ? width : Math.min(kMostPanel, Math.floor(space / per_line));
  const titles = hypotheses.map((id) => wrap_text(view.hypothesis_title(id), each - 24, 12, "600"));
  const panels: { svg: SVGSVGElement; x: number; y: number }[] = [];
  let y = 0;
  for (let begin = 0; begin < hypotheses.length; begin += per_line) {
    const line = hypotheses.slice(begin, begin + per_line);
    const tallest = Math.max(...line.map((_, i) => titles[begin + i]?.length ?? 0));
    line.forEach((id, i) => {
      const title = [...(titles[begin + i] ?? [])];
      while (title.length < tallest) title.push(""); // the panels of a line stand level
      const own_width = i === 0 ? layout.label_width + each : each;
      panels.push({
        x: i === 0 ? 0 : layout.label_width + i * each,
        y,
        svg: one_panel(
          view,
          q,
          own.filter((f) => f.hypothesis === id),
          order,
          layout,
          own_width,
          title,
          i === 0,
        ),
      });
    });
    y += panel_height(layout, new Array<string>(tallest).fill(""));
  }
  return compose(width, y, panels);
}

function against_text(view: View, own: FindingSection[]): string {
  return (
    distinct(own.map((f) => f.hypothesis))
      .map((id) => {
        const names = distinct(
          own.filter((f) => f.hypothesis === id).map((f) => view.title(f.against)),
        );
        return `${view.hypothesis_title(id)}: against ${names.join(", ")}`;
      })
      .join("; ") + "."
  );
}

function verdict_counts(own: FindingSection[]): string {
  return kVerdicts
    .map((v) => ({ v, n: own.filter((f) => f.verdict === v).length }))
    .filter((x) => x.n > 0)
    .map((x) => `${x.n} ${x.v}`)
    .join(", ");
}

const data = (own: FindingSection[]) => ({
  columns: [
    "hypothesis",
    "predictor",
    "against",
    "split",
    "metric",
    "unit",
    "estimate",
    "low",
    "high",
    "margin",
    "p_value",
    "p_adjusted",
    "minimum_detectable",
    "share_explained",
    "share_low",
    "share_high",
    "n_rows",
    "n_units",
    "verdict",
  ],
  rows: own.map((f) => [
    f.hypothesis,
    f.predictor,
    f.against,
    f.split,
    f.metric,
    f.unit,
    f.estimate,
    f.low,
    f.high,
    f.margin,
    f.p_value,
    f.p_adjusted,
    f.minimum_detectable,
    f.share_explained,
    f.share_low,
    f.share_high,
    f.n_rows,
    f.n_units,
    f.verdict,
  ]),
});

function finding_table(view: View, own: FindingSection[], split: string): HTMLElement {
  return table<FindingSection>({
    caption: `All contrasts on the ${view.split_title(split)} split`,
    rows: own,
    detail_name: (f) => view.title(f.predictor),
    limit: 12,
    print_all: true,
    print_details: false,
    detail: (f) => [
      h("p", {}, f.sentence),
      f.recommendation ? h("p", {}, "→ ", f.recommendation) : null,
    ],
    columns: [
      {
        title: "Model",
        value: (f) => view.title(f.predictor),
        cell: (f) => [
          view.title(f.predictor),
          published_tag(view, f.predictor),
          h("div", { class: "second" }, `against ${view.title(f.against)}`),
        ],
      },
      {
        title: "Hypothesis",
        value: (f) => view.hypothesis_title(f.hypothesis),
        cell: (f) => [
          view.hypothesis_title(f.hypothesis),
          h("div", { class: "second" }, `in ${view.metric_title(f.metric)}`),
        ],
      },
      {
        title: "Gain",
        hint: "gain over the baseline and its interval; above zero the model is better, for errors too",
        numeric: true,
        value: (f) => f.estimate,
        cell: (f) => [
          number(f.estimate, signed_text),
          h("br"),
          h("span", { class: "muted" }, interval_text(f.low, f.high, signed_text)),
        ],
      },
      { title: "Margin", numeric: true, value: (f) => f.margin, cell: (f) => number(f.margin) },
      {
        title: "p\u00a0adj.",
        hint: "p, corrected for all contrasts",
        numeric: true,
        value: (f) => f.p_adjusted,
        cell: (f) => number(f.p_adjusted, p_text),
      },
      {
        title: "Detectable",
        hint: "minimum detectable difference",
        numeric: true,
        value: (f) => f.minimum_detectable,
        cell: (f) => number(f.minimum_detectable),
      },
      {
        title: "Explained",
        hint: "share of the model's skill that the best blind baseline explains",
        numeric: true,
        value: (f) => f.share_explained,
        cell: (f) => [
          number(f.share_explained, percent_text),
          h("br"),
          h("span", { class: "muted" }, interval_text(f.share_low, f.share_high, percent_text)),
        ],
      },
      {
        title: "n",
        hint: "units that were resampled, and rows",
        numeric: true,
        value: (f) => f.n_units,
        cell: (f) => [
          /^\w+$/.test(f.unit)
            ? plural(f.n_units, f.unit)
            : `${count_text(f.n_units)} by ${f.unit}`,
          f.n_rows > 0
            ? [h("br"), h("span", { class: "muted" }, `${count_text(f.n_rows)} rows`)]
            : null,
        ],
      },
      {
        title: "Verdict",
        value: (f) => kVerdicts.indexOf(f.verdict),
        cell: (f) => chip(f.verdict),
      },
    ],
  });
}

export function finding_section(view: View): Section {
  const { findings } = view.report;
  if (findings.length === 0)
    return absent("findings", "Findings", "there is no model to contrast with the baselines.");
  const tested = findings.filter((f) => f.split !== "");
  const blocks = distinct(tested.map((f) => f.split)).map((split) =>
    split_block(
      view,
      tested.filter((f) => f.split === split),
      split,
    ),
  );
  return section(
    "findings",
    "Findings",
    prose(
      "A contrast pairs a model with the strongest predictor that is blind to what the hypothesis is about, on the same test rows, and resamples the unit that is exchangeable. The minimum detectable difference says how large an effect these data could have shown.",
    ),
    blocks,
    untested(
      view,
      findings.filter((f) => f.split === ""),
    ),
  );
}

function split_block(view: View, own: FindingSection[], split: string): HTMLElement[] {
  const name = view.split_title(split);
  const metrics = distinct(own.map((f) => f.metric));
  const of_metric = (metric: string): FindingSection[] => own.filter((f) => f.metric === metric);
  const differences = metrics.map((metric) => {
    const shown = of_metric(metric);
    return figure(view, {
      name: `findings_${split}_${metric}`,
      title: `Gain in ${view.metric_title(metric)} over the best blind baseline, ${name} split`,
      caption: `Right of zero the model is better. Shaded: gains smaller than the margin. Filled circle: learned; open circle: not shown; triangle: worse; diamond: cannot tell. ${against_text(view, shown)}`,
      draw: (width) => draw(view, kDifference, shown, width),
      summary: () => `Of ${shown.length} contrasts, ${verdict_counts(shown)}.`,
      data: () => data(shown),
    }).element;
  });
  const known = of_metric(metrics[0] ?? "").filter((f) => f.share_explained !== null);
  const shares = known.map((f) => f.share_explained ?? 0);
  const share = figure_of_share(view, known, shares, split, name);
  return [h("h3", {}, `Split: ${name}`), ...differences, ...share, finding_table(view, own, split)];
}

function figure_of_share(
  view: View,
  known: FindingSection[],
  shares: number[],
  split: string,
  name: string,
): HTMLElement[] {
  if (known.length === 0) return [];
  const result = figure(view, {
    name: `share_${split}`,
    title: `Share of the skill that the best blind baseline explains, ${name} split`,
    caption:
      "At 100 % and more the blind baseline does as well as the model; what is left to the right of a point, up to 100 %, is all that the model adds.",
    draw: (width) => draw(view, kShare, known, width),
    summary: () =>
      `The blind baseline explains ${percent_text(Math.min(...shares))} to ${percent_text(Math.max(...shares))} of the skill.`,
    data: () => data(known),
  });
  return [result.element];
}

/// Hypotheses that no split of the study tests.
function untested(view: View, own: FindingSection[]): HTMLElement | null {
  if (own.length === 0) return null;
  const lines = distinct(own.map((f) => f.hypothesis)).map((id) => {
    const first = own.find((f) => f.hypothesis === id) as FindingSection;
    const models = distinct(
      own.filter((f) => f.hypothesis === id).map((f) => view.title(f.predictor)),
    );
    return h(
      "p",
      {},
      chip(first.verdict),
      " ",
      h("b", {}, view.hypothesis_title(id)),
      ` (${models.length > 3 ? `${models.length} models` : models.join(", ")}). `,
      first.recommendation || first.sentence,
    );
  });
  return h("div", { class: "untested" }, h("h3", {}, "Not tested by any split"), lines);
}
