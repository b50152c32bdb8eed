// The predictors: what each of them sees, predicts, falls back to and where it comes from.
import { h, hidden_text } from "../dom";
import { count_text, words } from "../format";
import type { PredictorSection } from "../report_types";
import { distinct, kRungs, kRungTitles, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

function matrix(predictors: PredictorSection[]): HTMLElement {
  const kinds = distinct(predictors.flatMap((p) => p.sees));
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "What each predictor sees" }, h("table", { class: "matrix" },
    h("caption", {}, "What each predictor sees"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Predictor"), kinds.map((kind) => h("th", { scope: "col" }, h("span", {}, words(kind)))))),
    h("tbody", {}, predictors.map((p) => h("tr", { class: p.is_model ? "is-model" : "" }, h("th", { scope: "row" }, p.title || p.name),
      kinds.map((kind) => h("td", {}, p.sees.includes(kind) ? [h("span", { "aria-hidden": "true" }, "●"), hidden_text("sees it")] : hidden_text("does not see it"))))))));
}

function entry(view: View, p: PredictorSection): HTMLElement {
  const line = (name: string, text: string) => (text ? h("div", {}, h("dt", {}, name), h("dd", {}, text)) : null);
  return h("article", { class: "predictor" }, h("h4", { class: p.is_model ? "is-model" : "" }, p.title || p.name, " ", h("code", {}, p.name), p.is_oracle ? h("span", { class: "severity warning" }, " ▲ oracle: looks at test targets") : null),
    h("p", {}, p.description),
    h("dl", {}, line("unseen", p.fallback), line("source", p.source), line("parameters", p.parameters), line("twin of", p.twin_of && view.title(p.twin_of)),
      p.diagnostics.map((d) => line(`${view.split_title(d.split)}: ${words(d.code)}`, `${d.message} (${count_text(d.count)})`))));
}

export function predictor_section(view: View): Section {
  const { predictors } = view.report;
  if (predictors.length === 0) return absent("predictors", "Predictors", "none was run.");
  const ordered = kRungs.flatMap((rung) => predictors.filter((p) => p.rung === rung));
  return section("predictors", "Predictors",
    prose("All are fitted on the training rows of a fold only, unless marked as oracle."), matrix(ordered),
    kRungs.map((rung) => {
      const own = predictors.filter((p) => p.rung === rung);
      return own.length === 0 ? null : [h("h3", {}, kRungTitles[rung]), h("div", { class: "predictor-list" }, own.map((p) => entry(view, p)))];
    }));
}
