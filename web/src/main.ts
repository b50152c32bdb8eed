// Reads the report inside the page and draws it.
import { h } from "./dom";
import { count_text } from "./format";
import type { Report } from "./report_types";
import { set_up_page } from "./page";
import { comparison_section } from "./sections/comparison";
import { data_section } from "./sections/data";
import { distribution_section } from "./sections/distributions";
import { finding_section } from "./sections/findings";
import { ladder_section } from "./sections/ladder";
import { learning_section } from "./sections/learning";
import { methods_section } from "./sections/methods";
import { predictor_section } from "./sections/predictors";
import { protocol_section } from "./sections/protocol";
import { ranking_section } from "./sections/rankings";
import type { Section } from "./sections/section";
import { twin_section } from "./sections/twins";
import { verdict_section } from "./sections/verdicts";
import { make_view, type View } from "./view";

const kSections: ((view: View) => Section)[] = [
  verdict_section,
  ladder_section,
  finding_section,
  comparison_section,
  distribution_section,
  ranking_section,
  twin_section,
  learning_section,
  protocol_section,
  data_section,
  predictor_section,
  methods_section,
];

function read_report(): Report {
  const text = document.getElementById("cupel-report")?.textContent ?? "";
  const report = JSON.parse(text) as Report;
  if (report.schema !== "cupel-report" || report.schema_version !== 1) {
    throw new Error(
      `this page reads cupel-report version 1, the data are ${report.schema} version ${report.schema_version}`,
    );
  }
  return report;
}

function header(report: Report): HTMLElement {
  const { study, summary, data, timings } = report;
  const facts = [
    words_of(study.area),
    data.name,
    `${count_text(data.n_samples)} samples`,
    `seed ${study.seed}`,
    `cupel ${report.cupel_version}`,
    timings.date.slice(0, 10),
  ];
  return h(
    "header",
    { class: "masthead" },
    h("h1", {}, study.title),
    h("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
    h("p", { class: "headline" }, summary.headline),
    summary.sentences.length === 0
      ? null
      : h(
          "ul",
          { class: "sentences" },
          summary.sentences.map((text) => h("li", {}, text)),
        ),
  );
}
const words_of = (name: string): string => name.replaceAll("_", " ");

function main(): void {
  const page = document.getElementById("page") as HTMLElement;
  try {
    const view = make_view(read_report());
    document.title = `${view.report.study.title} – cupel`;
    const sections = kSections.map((make) => make(view));
    set_up_page(view, page, header(view.report), sections);
  } catch (error) {
    page.replaceChildren(
      h(
        "p",
        { class: "failure", role: "alert" },
        `The report could not be drawn: ${error instanceof Error ? error.message : error}`,
      ),
    );
    throw error;
  }
}

main();
