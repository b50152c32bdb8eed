// The verdicts: a card per model, or one table when there are many.
import { h, type Child } from "../dom";
import { percent_text, words } from "../format";
import type { ModelSummary } from "../report_types";
import { table, type Column } from "../table";
import { chip, kVerdictMeaning, kVerdicts } from "../verdict";
import { distinct, published_tag, type View } from "../view";
import { absent, section, type Section } from "./section";

const kMostCards = 4;
const kMostPrinted = 12; // with their sentences; paper shows the verdicts of more

const flag_links = (model: ModelSummary): Child =>
  model.flags.length === 0
    ? null
    : h(
        "p",
        { class: "flags" },
        "Protocol: ",
        model.flags.map((flag) => [
          h("a", { href: "#protocol", class: "flag" }, `⚑ ${words(flag)}`),
          " ",
        ]),
      );

const recommendations = (model: ModelSummary): Child =>
  model.recommendations.length === 0
    ? null
    : h(
        "ul",
        { class: "recommendations" },
        model.recommendations.map((text) => h("li", {}, text)),
      );

function verdict_list(view: View, model: ModelSummary): HTMLElement {
  const several = distinct(model.verdicts.map((v) => v.split).filter(Boolean)).length > 1;
  return h(
    "ul",
    { class: "verdict-list" },
    model.verdicts.map((v) =>
      h(
        "li",
        {},
        chip(v.verdict),
        h(
          "div",
          {},
          h(
            "b",
            {},
            v.title || view.hypothesis_title(v.hypothesis),
            several && v.split ? `, ${view.split_title(v.split)}` : "",
          ),
          ". ",
          v.sentence,
        ),
      ),
    ),
  );
}

/// Many verdicts in a card: the chips per split, and the sentences behind a fold.
function short_verdicts(view: View, model: ModelSummary): HTMLElement {
  return h(
    "div",
    {},
    distinct(model.verdicts.map((v) => v.split)).map((split) => [
      h("h4", {}, view.split_title(split) || "not tested by any split"),
      h(
        "ul",
        { class: "verdict-short" },
        model.verdicts
          .filter((v) => v.split === split)
          .map((v) =>
            h(
              "li",
              {},
              h("span", {}, v.title || view.hypothesis_title(v.hypothesis)),
              chip(v.verdict),
            ),
          ),
      ),
    ]),
    h("details", {}, h("summary", {}, "The sentences"), verdict_list(view, model)),
  );
}

const card = (view: View, model: ModelSummary): HTMLElement =>
  h(
    "article",
    { class: "card" },
    h("h3", {}, model.title, published_tag(view, model.predictor)),
    h("p", {}, model.sentence),
    model.verdicts.length > kMostCards ? short_verdicts(view, model) : verdict_list(view, model),
    recommendations(model),
    flag_links(model),
  );

function many(view: View, models: ModelSummary[]): HTMLElement {
  const keys = distinct(
    models.flatMap((m) => m.verdicts.map((v) => `${v.split}\n${v.hypothesis}`)),
  );
  const several = distinct(keys.map((key) => key.split("\n")[0])).length > 1;
  const rank = (verdict: string | undefined): number =>
    ["learned", "cannot tell", "not shown", "worse"].indexOf(verdict ?? "");
  const columns: Column<ModelSummary>[] = [
    {
      title: "Model",
      value: (m) => m.title,
      cell: (m) => [
        h("span", {}, m.title),
        published_tag(view, m.predictor),
        m.flags.length
          ? h(
              "a",
              { href: "#protocol", class: "flag", title: m.flags.map(words).join("; ") },
              ` ⚑ ${m.flags.length}`,
            )
          : null,
      ],
    },
  ];
  for (const key of keys) {
    const [split = "", hypothesis = ""] = key.split("\n");
    const of = (m: ModelSummary) =>
      m.verdicts.find((v) => v.split === split && v.hypothesis === hypothesis);
    columns.push({
      title: view.hypothesis_title(hypothesis),
      group: several ? view.split_title(split) || "not tested" : undefined,
      hint: view.report.hypotheses.find((x) => x.id === hypothesis)?.question,
      value: (m) => rank(of(m)?.verdict),
      cell: (m) => {
        const v = of(m);
        return v ? chip(v.verdict) : "–";
      },
    });
  }
  return table({
    caption: "Verdict on each model. Open a row for its sentences and what to do.",
    columns,
    rows: models,
    print_details: models.length <= kMostPrinted,
    detail_name: (m) => m.title,
    detail: (m) => [
      h("p", {}, m.sentence),
      verdict_list(view, m),
      recommendations(m),
      flag_links(m),
    ],
  });
}

export function verdict_section(view: View): Section {
  const models = view.report.summary.models;
  if (models.length === 0)
    return absent(
      "verdicts",
      "Verdicts",
      "this study has baselines only; add a model to have it judged.",
    );
  const { hypotheses, study } = view.report;
  return section(
    "verdicts",
    "Verdicts",
    models.length <= kMostCards
      ? h(
          "div",
          { class: "cards" },
          models.map((m) => card(view, m)),
        )
      : many(view, models),
    h(
      "dl",
      { class: "key" },
      kVerdicts.map((v) => h("div", {}, h("dt", {}, chip(v)), h("dd", {}, kVerdictMeaning[v]))),
    ),
    hypotheses.length === 0
      ? null
      : h(
          "dl",
          { class: "questions" },
          hypotheses.map((x) =>
            h(
              "div",
              {},
              h("dt", {}, x.title),
              h("dd", {}, x.question, " ", h("span", { class: "muted" }, x.explanation)),
            ),
          ),
        ),
    h(
      "p",
      { class: "note" },
      `Judged against a margin of ${study.margin.relative ? `${percent_text(study.margin.value)} (relative)` : study.margin.value} in ${view.metric_title(study.margin.metric)}; intervals at ${Math.round(100 * study.confidence)} % from ${study.draws.toLocaleString("en")} draws.`,
    ),
  );
}
