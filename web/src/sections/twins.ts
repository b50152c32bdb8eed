// Twins: the model trained again on features that were permuted, redrawn or replaced.
import * as Plot from "@observablehq/plot";
import { h } from "../dom";
import { figure } from "../figure";
import { number, number_text, p_text, plural } from "../format";
import type { TwinSection } from "../report_types";
import { extent_of, lay_out, panel, shift, type Row } from "../rows";
import { table } from "../table";
import { distinct, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

const label_of = (t: TwinSection): string => `${t.view}, ${t.kind}${t.mode ? ` (${t.mode})` : ""}`;

function draw(view: View, own: TwinSection[], width: number): SVGSVGElement {
  const rows: Row[] = [];
  const placed: (TwinSection & { y: number })[] = [];
  for (const model of distinct(own.map((t) => t.model))) {
    rows.push({ label: view.title(model), kind: "header" });
    for (const twin of own.filter((t) => t.model === model)) {
      placed.push({ ...twin, y: rows.length });
      rows.push({ label: label_of(twin), kind: "plain" });
    }
  }
  const layout = lay_out(rows, width, 22);
  const dy = shift(layout);
  const draws = placed.flatMap((t) =>
    t.draws.filter((v) => v !== null).map((value) => ({ value, y: t.y })),
  );
  const real = placed.filter((t) => t.real !== null);
  const values = rows.map((_, y) => {
    const twin = placed.find((t) => t.y === y);
    return twin
      ? (twin.p_value === null ? "p n/a" : `p ${p_text(twin.p_value)}`) +
          `, ${plural(twin.draws.length, "draw")}`
      : null;
  });
  const first = own[0] as TwinSection;
  return panel({
    layout,
    width,
    with_labels: true,
    values,
    x: {
      domain: extent_of([...draws.map((d) => d.value), ...real.map((t) => t.real)]),
      label: view.metric_title(first.metric),
    },
    marks: [
      Plot.dot(draws, { x: "value", y: "y", r: 3.5, fill: "var(--muted)", fillOpacity: 0.35, dy }),
      Plot.dot(real, {
        x: "real",
        y: "y",
        r: 5.5,
        symbol: "diamond",
        fill: "var(--model)",
        stroke: "var(--paper)",
        dy,
        title: (t: TwinSection) => `real features: ${number_text(t.real)}`,
      }),
    ],
  });
}

export function twin_section(view: View): Section {
  const { twins, predictors } = view.report;
  if (twins.length === 0) {
    return absent(
      "twins",
      "Twins",
      predictors.some((p) => p.is_model && p.trainable)
        ? "this study did not ask for any."
        : "no model in this study can be retrained by cupel.",
    );
  }
  const groups = distinct(twins.map((t) => `${t.split}\n${t.metric}`));
  const figures = groups.map((key) => {
    const [split = "", metric = ""] = key.split("\n");
    const own = twins.filter((t) => t.split === split && t.metric === metric);
    return figure(view, {
      name: `twins_${split}_${metric}`,
      title: `Real features against twins, ${view.split_title(split)} split`,
      caption:
        "Diamond: the model on its real features; grey: the same model trained on features that were permuted, redrawn or replaced by identifiers.",
      draw: (width) => draw(view, own, width),
      summary: () =>
        `In ${own.filter((t) => t.p_value !== null && t.p_value <= 1 / (1 + t.draws.length)).length} of ${own.length} comparisons the model does better on its real features than every twin; with K draws no p falls below 1/(K + 1).`,
      data: () => ({
        columns: [
          "split",
          "model",
          "mode",
          "kind",
          "view",
          "metric",
          "real",
          "p_value",
          "draw",
          "value",
        ],
        rows: own.flatMap((t) =>
          (t.draws.length ? t.draws : [null]).map((value, i) => [
            t.split,
            t.model,
            t.mode,
            t.kind,
            t.view,
            t.metric,
            t.real,
            t.p_value,
            t.draws.length ? i + 1 : null,
            value,
          ]),
        ),
      }),
    }).element;
  });
  return section(
    "twins",
    "Twins",
    prose(
      "A twin is the model trained again with one thing taken away. If the twin scores as well, the score is no evidence that the model uses what was taken. Where an entity of the test set is known from training, permuted features still tell entities apart; only a split that is blind to the entity makes this test sharp.",
    ),
    figures,
    table<TwinSection>({
      caption: "All twins",
      rows: twins,
      limit: 12,
      columns: [
        { title: "Model", value: (t) => view.title(t.model), cell: (t) => view.title(t.model) },
        { title: "Split", value: (t) => t.split, cell: (t) => view.split_title(t.split) },
        { title: "Twin", value: label_of, cell: label_of },
        { title: "Real", numeric: true, value: (t) => t.real, cell: (t) => number(t.real) },
        {
          title: "Draws",
          numeric: true,
          value: (t) => t.draws.length,
          cell: (t) => t.draws.length,
        },
        {
          title: "p",
          numeric: true,
          value: (t) => t.p_value,
          cell: (t) => number(t.p_value, p_text),
        },
        { title: "In words", kind: "text", cell: (t) => h("span", {}, t.sentence) },
      ],
    }),
  );
}
