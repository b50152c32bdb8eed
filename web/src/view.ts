// The report with its look-ups: what every section needs, passed to it.
import type { FindingSection, Report, RungName } from "./report_types";
import { h } from "./dom";
import { words } from "./format";

/// What figures need, on any page: numbers, the width, and the command that remakes them.
export interface Frame {
  command: string;
  next_figure(): number;
  redraw: (() => void)[];
  width(): number;
}

export function make_frame(command: string): Frame {
  let figures = 0;
  return { command, next_figure: () => ++figures, redraw: [], width: () => 900 };
}

export interface View extends Frame {
  report: Report;
  /// Predictors that see no features: nulls, means, identities and constrained input.
  is_blind(predictor: string): boolean;
  is_model(predictor: string): boolean;
  /// Reads what it predicts: a ceiling, no rival.
  is_oracle(predictor: string): boolean;
  title(predictor: string): string;
  rung(predictor: string): RungName;
  metric_title(metric: string): string;
  higher_is_better(metric: string): boolean;
  split_title(split: string): string;
  hypothesis_title(hypothesis: string): string;
  /// The blind baseline that most findings of a split are judged against; "" if there is none.
  strongest_blind(split: string): string;
}

export const kRungs: RungName[] = [
  "null",
  "means",
  "identities",
  "constrained",
  "full",
  "model",
  "ceiling",
];
export const kRungTitles: { [rung in RungName]: string } = {
  null: "Null",
  means: "Means",
  identities: "Identities",
  constrained: "Constrained input",
  full: "Full input",
  model: "Models",
  ceiling: "Ceiling",
};
/// An entity in words: "cell line", "drug", "ligand".
export const entity_words = (entity: string): string =>
  entity === "cell" ? "cell line" : words(entity);

/// "all rows", "mean over drugs", "drug".
export function kind_title(kind: string): string {
  if (kind === "all") return "all rows";
  const [, macro, entity = ""] = /^(macro_)?(.*)$/.exec(kind) ?? [];
  return macro ? `mean over ${entity_words(entity)}s` : entity_words(entity);
}

/// Findings may name a metric over groups: macro_drug_pearson is the mean over drugs of pearson.
const group_kind_of = (metric: string): string => /^macro_[a-z]+(?=_)/.exec(metric)?.[0] ?? "";
const base_metric = (metric: string): string =>
  metric.slice(group_kind_of(metric).length).replace(/^_/, "");

export function make_view(report: Report): View {
  const predictors = new Map(report.predictors.map((p) => [p.name, p]));
  const metrics = new Map(report.metrics.map((m) => [m.name, m]));
  const hypotheses = new Map(
    report.hypotheses.map((hypothesis) => [hypothesis.id, hypothesis.title]),
  );
  const view: View = {
    ...make_frame(report.study.command),
    report,
    is_oracle: (name) => predictors.get(name)?.is_oracle ?? false,
    is_model: (name) => predictors.get(name)?.is_model ?? false,
    is_blind: (name) => {
      const p = predictors.get(name);
      return (
        !!p &&
        !p.is_model &&
        !p.is_oracle &&
        ["null", "means", "identities", "constrained"].includes(p.rung)
      );
    },
    title: (name) => predictors.get(name)?.title || name,
    rung: (name) => predictors.get(name)?.rung ?? "model",
    metric_title: (name) => {
      const kind = group_kind_of(name);
      const title = metrics.get(base_metric(name))?.title;
      if (!title) return words(name);
      return kind ? `${title}, ${kind_title(kind)}` : title;
    },
    higher_is_better: (name) => metrics.get(base_metric(name))?.higher_is_better ?? true,
    split_title: (name) => words(name),
    hypothesis_title: (id) => hypotheses.get(id) || words(id),
    strongest_blind: (split) => strongest_blind(view, split),
  };
  return view;
}

/// By the ladder where there is one, else by the baseline that findings name most often.
function strongest_blind(view: View, split: string): string {
  const ladder = view.report.ladders.find((l) => l.split === split);
  if (ladder) {
    const sign = ladder.higher_is_better ? 1 : -1;
    const steps = ladder.steps.filter(
      (step) => step.value !== null && view.is_blind(step.predictor),
    );
    steps.sort((a, b) => sign * ((b.value ?? 0) - (a.value ?? 0)));
    if (steps[0]) return steps[0].predictor;
  }
  const counts = new Map<string, number>();
  for (const finding of view.report.findings) {
    if (finding.split === split)
      counts.set(finding.against, (counts.get(finding.against) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

/// Distinct values in the order in which they come.
export const distinct = <T>(values: T[]): T[] => [...new Set(values)];

export const finding_key = (f: FindingSection): string => `${f.split}\u0000${f.hypothesis}`;

/// The title with a mark that there are scores only.
export const published_title = (p: { title: string; is_published: boolean }): string =>
  p.is_published && !/published/i.test(p.title) ? `${p.title} (published)` : p.title;

/// Behind the name of a model that is known by scores only.
export const published_tag = (view: View, predictor: string): HTMLElement | null =>
  view.report.predictors.some((p) => p.name === predictor && p.is_published)
    ? h("span", { class: "tag", title: "scores that others printed; no predictions" }, "published")
    : null;
