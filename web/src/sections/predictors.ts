// The predictors: what each of them sees, predicts, falls back to and where it comes from.
import { h, hidden_text } from "../dom";
import { count_text, words } from "../format";
import type { PredictorSection } from "../report_types";
import { table, type Column } from "../table";
import { distinct, kRungs, kRungTitles, type View } from "../view";
import { absent, prose, section, type Section } from "./section";

function detail(view: View, p: PredictorSection): HTMLElement {
  const line = (name: string, text: string) =>
    text ? h("div", {}, h("dt", {}, name), h("dd", {}, text)) : null;
  return h(
    "dl",
    { class: "predictor" },
    line("name", p.name),
    line("sees", p.sees.map(words).join(", ")),
    line("source", p.source),
    line("parameters", p.parameters),
    line("twin of", p.twin_of && view.title(p.twin_of)),
    line("trained again by cupel", p.is_model ? (p.trainable ? "yes" : "no") : ""),
    p.diagnostics.map((d) =>
      line(
        `${view.split_title(d.split)}: ${words(d.code)}`,
        `${d.message} (${count_text(d.count)})`,
      ),
    ),
  );
}

export function predictor_section(view: View): Section {
  const { predictors } = view.report;
  if (predictors.length === 0) return absent("predictors", "Predictors", "none was run.");
  const ordered = kRungs.flatMap((rung) => predictors.filter((p) => p.rung === rung));
  const sights = distinct(ordered.flatMap((p) => p.sees)).map((kind): Column<PredictorSection> => ({
    title: words(kind),
    kind: "dot",
    group: "Sees",
    cell: (p) =>
      p.sees.includes(kind)
        ? [h("span", { "aria-hidden": "true" }, "●"), hidden_text("yes")]
        : hidden_text("no"),
  }));
  return section(
    "predictors",
    "Predictors",
    prose(
      "All are fitted on the training rows of a fold only; an oracle, if there is one, is marked. Open a row for its source, parameters and the fall-backs that were used.",
    ),
    table<PredictorSection>({
      caption:
        "What each predictor sees, what it predicts, and what it does for a level that training did not hold",
      rows: ordered,
      row_class: (p) => (p.is_model ? "is-model" : ""),
      detail: (p) => detail(view, p),
      detail_name: (p) => p.title || p.name,
      columns: [
        {
          title: "Predictor",
          value: (p) => p.title || p.name,
          cell: (p) => [
            p.title || p.name,
            p.is_oracle ? h("span", { class: "severity warning" }, " ▲ oracle") : null,
            p.diagnostics.length
              ? h(
                  "span",
                  { class: "severity note", title: "fall-backs or missing rows: open the row" },
                  ` ○ ${p.diagnostics.length}`,
                )
              : null,
          ],
        },
        {
          title: "Rung",
          value: (p) => kRungs.indexOf(p.rung),
          cell: (p) => h("span", { class: "muted" }, kRungTitles[p.rung]),
        },
        ...sights,
        { title: "Predicts", kind: "text", cell: (p) => p.description },
        { title: "For unseen levels", kind: "short-text", cell: (p) => p.fallback },
      ],
    }),
  );
}
