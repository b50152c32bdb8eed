// Scores within each drug and each cell line: spread per predictor, model against baseline, and a list.
import * as Plot from "@observablehq/plot";
import { quantileSorted } from "d3";
import { h, selector } from "../dom";
import { figure, type Figure } from "../figure";
import { count_text, number, number_text, signed_text } from "../format";
import type { GroupScores, Num } from "../report_types";
import { lay_out, panel, shift } from "../rows";
import { table } from "../table";
import { distinct, entity_words, kind_title, kRungs, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

interface Choice {
  split: string;
  metric: string;
  group_kind: string;
  model: string;
  baseline: string;
}
interface Spread {
  predictor: string;
  y: number;
  known: number[];
  n_undefined: number;
  q: number[];
}
const kQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95];
const kDensityPoints = 64;

const known_values = (values: Num[]): number[] =>
  values.filter((v): v is number => v !== null).sort((a, b) => a - b);

function chosen(view: View, c: Choice): GroupScores[] {
  return view.report.groups.filter(
    (g) => g.split === c.split && g.metric === c.metric && g.group_kind === c.group_kind,
  );
}

function spreads(view: View, c: Choice): Spread[] {
  const sign = view.higher_is_better(c.metric) ? -1 : 1;
  const all = chosen(view, c).map((g) => {
    const known = known_values(g.values);
    return {
      predictor: g.predictor,
      y: 0,
      known,
      n_undefined: g.values.length - known.length,
      q: kQuantiles.map((p) => quantileSorted(known, p) ?? NaN),
    };
  });
  all.sort(
    (a, b) =>
      kRungs.indexOf(view.rung(a.predictor)) - kRungs.indexOf(view.rung(b.predictor)) ||
      -sign * ((a.q[2] || 0) - (b.q[2] || 0)),
  );
  all.forEach((item, y) => {
    item.y = y;
  });
  return all;
}

/// Gaussian kernel density, bandwidth by Silverman's rule, scaled to its own maximum.
function density(
  item: Spread,
  domain: [number, number],
): { x: number; d: number; y: number; predictor: string }[] {
  const { known } = item;
  if (known.length < 5) return [];
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const sd = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / (known.length - 1));
  const iqr = (item.q[3] ?? 0) - (item.q[1] ?? 0);
  const bandwidth = 0.9 * Math.min(sd, iqr / 1.34 || sd) * known.length ** -0.2;
  if (!(bandwidth > 0)) return [];
  const low = Math.max(domain[0], (known[0] ?? 0) - bandwidth);
  const high = Math.min(domain[1], (known[known.length - 1] ?? 0) + bandwidth);
  const points = Array.from({ length: kDensityPoints }, (_, i) => {
    const x = low + ((high - low) * i) / (kDensityPoints - 1);
    return {
      x,
      d: known.reduce((sum, v) => sum + Math.exp(-0.5 * ((x - v) / bandwidth) ** 2), 0),
      y: item.y,
      predictor: item.predictor,
    };
  });
  const top = Math.max(...points.map((p) => p.d));
  return points.map((p) => ({ ...p, d: p.d / top }));
}

/// From the lowest 1 % to the highest 1 % of what is drawn: single wild groups do not flatten the rest.
function domain_of(items: Spread[]): [number, number] {
  const lows = items.filter((i) => i.known.length).map((i) => quantileSorted(i.known, 0.01) ?? 0);
  const highs = items.filter((i) => i.known.length).map((i) => quantileSorted(i.known, 0.99) ?? 1);
  if (lows.length === 0) return [0, 1];
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  const room = (high - low || 1) * 0.03;
  return [low - room, high + room];
}

function draw_spread(view: View, c: Choice, width: number): SVGSVGElement {
  const items = spreads(view, c);
  const layout = lay_out(
    items.map((i) => ({
      label: view.title(i.predictor),
      kind: view.is_model(i.predictor) ? ("model" as const) : ("plain" as const),
    })),
    width,
    25,
  );
  const dy = shift(layout);
  const domain = domain_of(items);
  const inside = (v: number | undefined): number =>
    Math.min(domain[1], Math.max(domain[0], v ?? domain[0]));
  const drawn = items.filter((i) => i.known.length > 0);
  const colour = (i: { predictor: string }): string =>
    view.is_model(i.predictor) ? "var(--model)" : "var(--blind)";
  const half = layout.is_narrow ? 0.28 : 0.42;
  return panel({
    layout,
    width,
    with_labels: true,
    values: items.map(
      (i) =>
        `${number_text(i.q[2] ?? null)}  n ${count_text(i.known.length)}${i.n_undefined ? ` (${count_text(i.n_undefined)} undefined)` : ""}`,
    ),
    x: { domain, label: `${view.metric_title(c.metric)} within one ${kind_title(c.group_kind)}` },
    marks: [
      Plot.areaY(
        items.flatMap((i) => density(i, domain)),
        {
          x: "x",
          y1: (p: { y: number; d: number }) => p.y - half * p.d,
          y2: (p: { y: number; d: number }) => p.y + half * p.d,
          z: "predictor",
          fill: colour,
          fillOpacity: 0.22,
          dy,
        },
      ),
      Plot.ruleY(drawn, {
        y: "y",
        x1: (i: Spread) => inside(i.q[0]),
        x2: (i: Spread) => inside(i.q[4]),
        stroke: colour,
        strokeWidth: 1,
        dy,
      }),
      Plot.ruleY(drawn, {
        y: "y",
        x1: (i: Spread) => inside(i.q[1]),
        x2: (i: Spread) => inside(i.q[3]),
        stroke: colour,
        strokeWidth: 4,
        dy,
      }),
      Plot.dot(drawn, {
        x: (i: Spread) => inside(i.q[2]),
        y: "y",
        r: 3.5,
        fill: "var(--paper)",
        stroke: colour,
        strokeWidth: 1.7,
        dy,
        title: (i: Spread) =>
          `${view.title(i.predictor)}: median ${number_text(i.q[2] ?? null)}, quartiles ${number_text(i.q[1] ?? null)} and ${number_text(i.q[3] ?? null)}`,
      }),
    ],
  });
}

interface Pair {
  name: string;
  n: number;
  baseline: Num;
  model: Num;
  difference: Num;
}

function pairs(view: View, c: Choice): Pair[] {
  const own = chosen(view, c);
  const model = own.find((g) => g.predictor === c.model);
  const baseline = own.find((g) => g.predictor === c.baseline);
  if (!model || !baseline) return [];
  const other = new Map(baseline.groups.map((name, i) => [name, baseline.values[i] ?? null]));
  return model.groups.map((name, i) => {
    const a = model.values[i] ?? null;
    const b = other.get(name) ?? null;
    return {
      name,
      n: model.n[i] ?? 0,
      model: a,
      baseline: b,
      difference: a === null || b === null ? null : a - b,
    };
  });
}

function draw_pairs(view: View, c: Choice, width: number): SVGSVGElement {
  const all = pairs(view, c).filter((p) => p.difference !== null);
  const size = Math.min(width, 560);
  const values = all.flatMap((p) => [p.model ?? 0, p.baseline ?? 0]).sort((a, b) => a - b);
  const low = quantileSorted(values, 0.005) ?? 0;
  const high = quantileSorted(values, 0.995) ?? 1;
  const room = (high - low || 1) * 0.04;
  const domain: [number, number] = [low - room, high + room];
  const sign = view.higher_is_better(c.metric) ? 1 : -1;
  const extreme = [...all].sort((a, b) => (a.difference ?? 0) - (b.difference ?? 0));
  const named = all.length < 10 ? [] : [...extreme.slice(0, 3), ...extreme.slice(-3)];
  const is_better = (p: Pair): boolean => sign * (p.difference ?? 0) > 0;
  return Plot.plot({
    width: size,
    height: size * 0.86,
    marginLeft: 52,
    marginBottom: 42,
    marginTop: 14,
    marginRight: 16,
    style: { fontFamily: "var(--sans)", fontSize: "11px", color: "var(--ink)", background: "none" },
    x: {
      domain,
      labelAnchor: "center",
      label: `${view.title(c.baseline)}, ${view.metric_title(c.metric)}`,
      clamp: true,
      ticks: 6,
    },
    y: { domain, label: `${view.title(c.model)}`, clamp: true, ticks: 6 },
    marks: [
      Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.line(
        [
          [domain[0], domain[0]],
          [domain[1], domain[1]],
        ],
        { stroke: "var(--ink)" },
      ),
      Plot.dot(all, {
        x: "baseline",
        y: "model",
        r: 2.6,
        fill: (p: Pair) => (is_better(p) ? "var(--model)" : "var(--blind)"),
        fillOpacity: 0.65,
      }),
      Plot.text(named, {
        x: "baseline",
        y: "model",
        text: (p: Pair) => (p.name.length > 22 ? `${p.name.slice(0, 21)}…` : p.name),
        dy: -8,
        fontSize: 10.5,
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 3,
      }),
      Plot.tip(
        all,
        Plot.pointer({
          x: "baseline",
          y: "model",
          fill: "var(--paper)",
          title: (p: Pair) =>
            `${p.name}\n${number_text(p.model)} against ${number_text(p.baseline)}, n ${count_text(p.n)}`,
        }),
      ),
    ],
  }) as SVGSVGElement;
}

function group_table(view: View, c: Choice): HTMLElement {
  const all = pairs(view, c);
  const place = h("div");
  const kind = kind_title(c.group_kind);
  const fill = (word: string): void => {
    const rows = all.filter((p) => p.name.toLowerCase().includes(word.toLowerCase()));
    place.replaceChildren(
      rows.length === 0
        ? h("p", { class: "note" }, `No ${kind} with “${word}” in its name.`)
        : table<Pair>({
            caption: `${count_text(rows.length)} of ${count_text(all.length)} ${kind}s: ${view.metric_title(c.metric)} of ${view.title(c.model)} and of ${view.title(c.baseline)}`,
            rows,
            limit: 15,
            sort: { column: 4, descending: view.higher_is_better(c.metric) },
            columns: [
              {
                title: kind.charAt(0).toUpperCase() + kind.slice(1),
                value: (p) => p.name,
                cell: (p) => p.name,
              },
              {
                title: "n",
                hint: "test rows",
                numeric: true,
                value: (p) => p.n,
                cell: (p) => count_text(p.n),
              },
              {
                title: "Model",
                numeric: true,
                value: (p) => p.model,
                cell: (p) => number(p.model),
              },
              {
                title: "Baseline",
                numeric: true,
                value: (p) => p.baseline,
                cell: (p) => number(p.baseline),
              },
              {
                title: "Difference",
                numeric: true,
                value: (p) => p.difference,
                cell: (p) => number(p.difference, signed_text),
              },
            ],
          }),
    );
  };
  const input = h("input", {
    type: "search",
    placeholder: "part of a name",
    oninput: () => fill(input.value),
  });
  fill("");
  return h(
    "div",
    { class: "searchable" },
    h("label", { class: "selector" }, h("span", {}, `Find a ${kind}`), input),
    place,
  );
}

/// null where scores per assay have a section of their own.
export function distribution_section(view: View): Section | null {
  const { groups, study, data } = view.report;
  const kinds = distinct(groups.map((g) => g.group_kind));
  const names = (kinds.length > 0 ? kinds : data.entities.map((e) => e.name)).map(entity_words);
  const title = `Scores per ${names.join(" and per ")}`;
  const first =
    groups.find((g) => g.metric === study.primary_metric && g.group_kind === "drug") ?? groups[0];
  if (!first && view.report.tasks) return null;
  if (!first)
    return absent(
      "distributions",
      title,
      `no metric is defined within single ${names.map((name) => `${name}s`).join(" or ")} of this study.`,
    );
  const predictors = distinct(groups.map((g) => g.predictor));
  const models = predictors.filter((p) => view.is_model(p));
  const blind = view.strongest_blind(first.split);
  const best = view.report.ladders
    .find((l) => l.split === first.split)
    ?.steps.find((s) => s.is_model && s.best_of_rung)?.predictor;
  const choice: Choice = {
    split: first.split,
    metric: first.metric,
    group_kind: first.group_kind,
    model: best ?? models[0] ?? predictors[0] ?? "",
    baseline: predictors.includes(blind) ? blind : (predictors[0] ?? ""),
  };
  const place = h("div");
  const figures: Figure[] = [];
  const fill = (): void => place.replaceChildren(group_table(view, choice));
  const change =
    (key: keyof Choice) =>
    (value: string): void => {
      choice[key] = value;
      figures.forEach((f) => f.update());
      fill();
    };
  const options = (values: string[], title: (value: string) => string) =>
    values.map((value) => ({ value, title: title(value) }));
  const splits = distinct(groups.map((g) => g.split));
  const spread = figure(view, {
    name: "distributions",
    title: `Spread of the scores over single ${names.map((name) => `${name}s`).join(" or ")}`,
    caption:
      "Point: median; thick line: quartiles; thin line: 5 to 95 %; area: density. At the right: median, number of groups with a value, and groups where it is undefined.",
    controls: [
      splits.length > 1
        ? selector("Split", options(splits, view.split_title), choice.split, change("split"))
        : null,
      selector(
        "Metric",
        options(distinct(groups.map((g) => g.metric)), view.metric_title),
        choice.metric,
        change("metric"),
      ),
      selector(
        "Within",
        options(distinct(groups.map((g) => g.group_kind)), kind_title),
        choice.group_kind,
        change("group_kind"),
      ),
    ],
    draw: (width) => draw_spread(view, choice, width),
    summary: () => {
      const items = spreads(view, choice)
        .filter((i) => i.known.length > 0)
        .sort(
          (a, b) =>
            (view.higher_is_better(choice.metric) ? 1 : -1) * ((b.q[2] ?? 0) - (a.q[2] ?? 0)),
        );
      const top = items[0];
      return top
        ? `The best median is that of ${view.title(top.predictor)} (${number_text(top.q[2] ?? null)}, quartiles ${number_text(top.q[1] ?? null)} to ${number_text(top.q[3] ?? null)}, ${count_text(top.known.length)} groups).`
        : "No value is defined.";
    },
    data: () => ({
      columns: ["split", "predictor", "metric", "group_kind", "group", "value", "n"],
      rows: chosen(view, choice).flatMap((g) =>
        g.groups.map((name, i) => [
          g.split,
          g.predictor,
          g.metric,
          g.group_kind,
          name,
          g.values[i] ?? null,
          g.n[i] ?? null,
        ]),
      ),
    }),
  });
  const scatter = figure(view, {
    name: "model_against_baseline",
    title: "Model against baseline, one point per group",
    caption:
      "Orange: the model is better; blue: the baseline is better. The three largest differences on either side are named.",
    controls: [
      selector(
        "Model",
        options(models.length ? models : predictors, view.title),
        choice.model,
        change("model"),
      ),
      selector("Against", options(predictors, view.title), choice.baseline, change("baseline")),
    ],
    draw: (width) => draw_pairs(view, choice, width),
    summary: () => {
      const known = pairs(view, choice).filter((p) => p.difference !== null);
      const sign = view.higher_is_better(choice.metric) ? 1 : -1;
      return `${view.title(choice.model)} is better than ${view.title(choice.baseline)} in ${count_text(known.filter((p) => sign * (p.difference ?? 0) > 0).length)} of ${count_text(known.length)} ${kind_title(choice.group_kind)}s.`;
    },
    data: () => ({
      columns: ["group", "n", "model", "baseline", "difference"],
      rows: pairs(view, choice).map((p) => [p.name, p.n, p.model, p.baseline, p.difference]),
    }),
  });
  figures.push(spread, scatter);
  fill();
  return section(
    "distributions",
    title,
    names.includes("drug")
      ? prose(
          "A global score mixes two questions: which drugs are potent, and which lines answer to a given drug. Within a single drug only the second is left.",
        )
      : null,
    spread.element,
    h("div", { class: "beside" }, scatter.element, place),
  );
}
