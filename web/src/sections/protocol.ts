// Protocol checks: what was seen in the data and predictions that a reader has to know.
import { h } from "../dom";
import { count_text, number_text, words } from "../format";
import type { ProtocolNote } from "../report_types";
import type { View } from "../view";
import { absent, section, type Section } from "./section";

const kSeverities: ProtocolNote["severity"][] = ["serious", "warning", "note"];
const kSigns = { serious: "■", warning: "▲", note: "○" };

export const severity = (level: ProtocolNote["severity"]): HTMLElement =>
  h(
    "span",
    { class: `severity ${level}` },
    h("span", { "aria-hidden": "true" }, `${kSigns[level]} `),
    level,
  );

function note(view: View, item: ProtocolNote): HTMLElement {
  const evidence = Object.entries(item.evidence);
  return h(
    "article",
    { class: "protocol-note" },
    h(
      "h3",
      {},
      severity(item.severity),
      " ",
      item.title,
      item.model ? h("span", { class: "muted" }, ` · ${view.title(item.model)}`) : null,
    ),
    h("p", {}, item.sentence),
    evidence.length === 0
      ? null
      : h(
          "dl",
          { class: "evidence" },
          evidence.map(([key, value]) =>
            h(
              "div",
              {},
              h("dt", {}, words(key)),
              h(
                "dd",
                {},
                typeof value === "number"
                  ? Number.isInteger(value)
                    ? count_text(value)
                    : number_text(value, 6)
                  : value === null
                    ? "n/a"
                    : value,
              ),
            ),
          ),
        ),
    item.recommendation ? h("p", { class: "what" }, "→ ", item.recommendation) : null,
  );
}

export function protocol_section(view: View): Section {
  const { protocol } = view.report;
  if (protocol.length === 0)
    return absent("protocol", "Protocol notes", "no check found anything to report.");
  return section(
    "protocol",
    "Protocol checks",
    kSeverities.flatMap((level) =>
      protocol.filter((item) => item.severity === level).map((item) => note(view, item)),
    ),
  );
}
