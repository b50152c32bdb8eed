// The information ladder: what each amount of information is worth, from nothing to the models.
import * as Plot from "@observablehq/plot";
import { selector } from "../dom";
import { figure } from "../figure";
import { interval_text, number_text, plural } from "../format";
import type { Ladder } from "../report_types";
import {
  better_to_the_right,
  edge_arrows,
  extent_of,
  lay_out,
  shift,
  zoomed_panels,
  type Row,
} from "../rows";
import { distinct, kRungs, kRungTitles, published_title, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

type Step = Ladder["steps"][number] & { y: number };

function ordered(ladder: Ladder): { rows: Row[]; steps: Step[] } {
  const rows: Row[] = [];
  const steps: Step[] = [];
  const sign = ladder.higher_is_better ? 1 : -1;
  for (const rung of kRungs) {
    const own = ladder.steps
      .filter((step) => step.rung === rung)
      .sort((a, b) => sign * ((a.value ?? -sign * Infinity) - (b.value ?? -sign * Infinity)));
    if (own.length === 0) continue;
    rows.push({ label: kRungTitles[rung], kind: "header" });
    for (const step of own) {
      steps.push({ ...step, y: rows.length });
      rows.push({ label: published_title(step), kind: step.is_model ? "model" : "plain" });
    }
  }
  return { rows, steps };
}

/// Baselines that see what a model is hoped to use: on the ladder, but no bar.
const is_grey =
  (view: View) =>
  (s: Step): boolean =>
    !s.is_model && !view.is_blind(s.predictor) && s.rung !== "ceiling";

function best_blind(view: View, ladder: Ladder, steps: Step[]): Step | undefined {
  const sign = ladder.higher_is_better ? 1 : -1;
  return steps
    .filter((s) => s.value !== null && view.is_blind(s.predictor))
    .sort((a, b) => sign * ((b.value ?? 0) - (a.value ?? 0)))[0];
}

function marks(
  view: View,
  ladder: Ladder,
  steps: Step[],
  dy: number,
  domain: [number, number],
  with_notes: boolean,
): Plot.Markish[] {
  const blind = best_blind(view, ladder, steps);
  const inside = (v: number | null): boolean => v !== null && v >= domain[0] && v <= domain[1];
  const clamp = (v: number | null): number => Math.min(domain[1], Math.max(domain[0], v ?? 0));
  const shown = steps.filter((s) => inside(s.value));
  const bars = shown.filter((s) => s.low !== null && s.high !== null);
  const colour = (s: Step): string =>
    s.is_model ? "var(--model)" : view.is_blind(s.predictor) ? "var(--blind)" : "var(--muted)";
  const better = ladder.higher_is_better ? domain[1] : domain[0];
  const result: Plot.Markish[] = [];
  if (blind) {
    result.push(
      Plot.rect([0], {
        x1: () => Math.min(blind.value ?? 0, better),
        x2: () => Math.max(blind.value ?? 0, better),
        fill: "var(--tint)",
      }),
      Plot.ruleX([blind.value], { stroke: "var(--blind)", strokeWidth: 1.5 }),
    );
    if (with_notes)
      result.push(
        Plot.text([blind.value], {
          x: (d: number) => d,
          text: () => (steps.some(is_grey(view)) ? "best blind baseline" : "best baseline"),
          frameAnchor: "top",
          lineAnchor: "bottom",
          dy: -3,
          fontSize: 11,
          fill: "var(--blind)",
        }),
      );
  }
  const is_close =
    blind && Math.abs((ladder.ceiling ?? 0) - (blind.value ?? 0)) < 0.5 * (domain[1] - domain[0]);
  if (inside(ladder.ceiling)) {
    result.push(Plot.ruleX([ladder.ceiling], { stroke: "var(--ink)", strokeDasharray: "2,3" }));
    if (with_notes)
      result.push(
        Plot.text([ladder.ceiling], {
          x: (d: number) => d,
          text: () => "ceiling",
          frameAnchor: "top",
          lineAnchor: "bottom",
          dy: is_close ? -15 : -3,
          fontSize: 11,
          fill: "var(--ink)",
        }),
      );
  }
  result.push(
    Plot.ruleY(bars, {
      y: "y",
      x1: (s: Step) => clamp(s.low),
      x2: (s: Step) => clamp(s.high),
      stroke: colour,
      strokeWidth: 2,
      dy,
    }),
    Plot.dot(shown, {
      x: "value",
      y: "y",
      r: (s: Step) => (s.is_model ? 5 : s.best_of_rung ? 4.5 : 3.5),
      symbol: (s: Step) => (s.is_model ? "diamond" : "circle"),
      fill: (s: Step) => (s.is_model || s.best_of_rung ? colour(s) : "var(--paper)"),
      stroke: colour,
      strokeWidth: 1.5,
      dy,
      title: (s: Step) => `${s.title}: ${number_text(s.value)} ${interval_text(s.low, s.high)}`,
    }),
    edge_arrows(steps, (s) => s.value, domain, colour, dy, !ladder.higher_is_better),
  );
  return result;
}

function draw(view: View, ladder: Ladder, width: number): SVGSVGElement {
  const { rows, steps } = ordered(ladder);
  const layout = lay_out(rows, width);
  const dy = shift(layout);
  const values = rows.map((_, y) => {
    const step = steps.find((s) => s.y === y);
    return step
      ? number_text(step.value) + (layout.is_narrow ? "" : ` ${interval_text(step.low, step.high)}`)
      : null;
  });
  const full = extent_of([...steps.flatMap((s) => [s.value, s.low, s.high]), ladder.ceiling]);
  const top_steps = steps.filter(
    (s) => s.is_model || s.predictor === best_blind(view, ladder, steps)?.predictor,
  );
  const top = extent_of(
    [...top_steps.flatMap((s) => [s.value, s.low, s.high]), ladder.ceiling],
    0.08,
  );
  return zoomed_panels({
    layout,
    width,
    values,
    full,
    top,
    x: better_to_the_right(view.metric_title(ladder.metric), ladder.higher_is_better),
    marks: (domain, is_last) => marks(view, ladder, steps, dy, domain, is_last),
  });
}

function summary(view: View, ladder: Ladder): string {
  const { steps } = ordered(ladder);
  const sign = ladder.higher_is_better ? 1 : -1;
  const blind = best_blind(view, ladder, steps);
  const models = steps.filter((s) => s.is_model && s.value !== null);
  const metric = view.metric_title(ladder.metric);
  if (!blind) return `No baseline has a value on ${view.split_title(ladder.split)}.`;
  const above = models.filter((s) => sign * ((s.value ?? 0) - (blind.value ?? 0)) > 0);
  const best = models.sort((a, b) => sign * ((b.value ?? 0) - (a.value ?? 0)))[0];
  const kind = steps.some(is_grey(view)) ? "best blind baseline" : "best baseline";
  return (
    `The ${kind} is ${blind.title} (${metric} ${number_text(blind.value)}); ${above.length} of ${plural(models.length, "model")} ${above.length === 1 ? "is" : "are"} better` +
    (best ? `, the best model is ${best.title} (${number_text(best.value)})` : "") +
    (ladder.ceiling === null ? "." : `; the replicates allow ${number_text(ladder.ceiling)}.`)
  );
}

const kBetween: { [area: string]: string } = {
  drug_response: "names of drugs and lines, constrained features",
  potency: "constrained features (size, scaffold, neighbours)",
  perturbation: "which perturbation and context it is, sums of single effects, the perturbed gene",
};

export function ladder_section(view: View): Section {
  const { ladders } = view.report;
  if (ladders.length === 0)
    return absent(
      "ladder",
      "Information ladder",
      view.report.spectra?.length
        ? "this study has overlap series only; its predictors are compared along the overlap spectrum."
        : "no predictor was scored.",
    );
  const figures = distinct(ladders.map((l) => l.split)).map((split) => {
    const own = ladders.filter((l) => l.split === split);
    let chosen = own[0] as Ladder;
    const result = figure(view, {
      name: `ladder_${split}`,
      title: `Information ladder, ${view.split_title(split)} split`,
      caption: [
        "Filled circles: best of their rung; diamonds: models; lines: intervals. ",
        ordered(chosen).steps.some(is_grey(view))
          ? "The vertical line marks the best baseline in blue: those are blind to something that a model is hoped to use. Baselines in grey see the full input as models do; they may well stand beyond it, and then a model should be compared with them too."
          : "The shaded side lies beyond every baseline.",
        ordered(chosen).steps.some((s) => s.rung === "ceiling" && view.is_oracle(s.predictor))
          ? " Ceilings are oracles: they are made of half of the tested cells."
          : "",
        chosen.over ? ` Values are means over ${chosen.over}s, intervals over ${chosen.over}s.` : "",
      ],
      controls:
        own.length < 2
          ? null
          : selector(
              "Metric",
              own.map((l) => ({ value: l.metric, title: view.metric_title(l.metric) })),
              chosen.metric,
              (metric) => {
                chosen = own.find((l) => l.metric === metric) ?? chosen;
                result.update();
              },
            ),
      draw: (width) => draw(view, chosen, width),
      summary: () => summary(view, chosen),
      data: () => ({
        columns: [
          "split",
          "metric",
          "rung",
          "predictor",
          "title",
          "value",
          "low",
          "high",
          "is_model",
          "best_of_rung",
        ],
        rows: ordered(chosen).steps.map((s) => [
          chosen.split,
          chosen.metric,
          s.rung,
          s.predictor,
          s.title,
          s.value,
          s.low,
          s.high,
          String(s.is_model),
          String(s.best_of_rung),
        ]),
      }),
    });
    return result.element;
  });
  return section(
    "ladder",
    "Information ladder",
    prose(
      `Each predictor declares what it sees. From top to bottom they know more: nothing but the targets, means, ${kBetween[view.report.study.area] ?? "constrained features"}, and at last the full input. A model that stands no further right than a blind predictor has not been shown to use what that predictor cannot see.`,
    ),
    figures,
  );
}
