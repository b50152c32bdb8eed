// Methods text for a paper, references, the command, and what the run cost.
import { copy_button, h } from "../dom";
import { number_text } from "../format";
import type { View } from "../view";
import { section, type Section } from "./section";

export function methods_section(view: View): Section {
  const { methods, timings, study, cupel_version } = view.report;
  const text = (): string =>
    [
      ...methods.paragraphs,
      ...methods.citations.map((c) => `[${c.key}] ${c.text}${c.doi ? `. doi:${c.doi}` : ""}`),
    ].join("\n\n");
  const slowest = Math.max(1e-9, ...timings.stages.map((stage) => stage.seconds));
  return section(
    "methods",
    "Methods",
    methods.paragraphs.length === 0
      ? null
      : [
          h("div", { class: "controls" }, copy_button("Copy text and references", text)),
          h(
            "div",
            { class: "methods-text" },
            methods.paragraphs.map((paragraph) => h("p", { class: "prose" }, paragraph)),
          ),
          methods.citations.length === 0
            ? null
            : h(
                "ol",
                { class: "references" },
                methods.citations.map((c) =>
                  h(
                    "li",
                    {},
                    h("span", {}, `[${c.key}] `),
                    c.text,
                    c.doi
                      ? [
                          ". ",
                          h(
                            "a",
                            { href: `https://doi.org/${c.doi}`, rel: "noreferrer" },
                            `doi:${c.doi}`,
                          ),
                        ]
                      : null,
                  ),
                ),
              ),
        ],
    h("h3", {}, "To remake this report"),
    study.command
      ? h(
          "p",
          { class: "command" },
          h("code", {}, study.command),
          copy_button("Copy", () => study.command),
        )
      : null,
    h(
      "p",
      { class: "note" },
      `Study file ${study.file}, hash ${study.hash.slice(0, 12)}, seed ${study.seed}, cupel ${cupel_version}, ${timings.date}.`,
    ),
    h("h3", {}, "Time and memory"),
    h(
      "p",
      { class: "note" },
      `${number_text(timings.total_s)} s on ${timings.n_threads} thread${timings.n_threads === 1 ? "" : "s"}, at most ${number_text(timings.peak_memory_mib)} MiB.`,
    ),
    timings.stages.length === 0
      ? null
      : h(
          "table",
          { class: "tight timings" },
          h(
            "tbody",
            {},
            timings.stages.map((stage) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, stage.name),
                h("td", { class: "numeric" }, `${number_text(stage.seconds)} s`),
                h(
                  "td",
                  {},
                  h("span", { class: "bar", style: `width:${(100 * stage.seconds) / slowest}%` }),
                ),
              ),
            ),
          ),
        ),
  );
}
