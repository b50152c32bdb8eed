// Reads the report inside the page and draws it.
import { h } from "./dom";
import { count_text } from "./format";
import type { Report, SpectrumReport } from "./report_types";
import { set_up_page } from "./page";
import { area_sections } from "./sections/area_sections";
import { task_section } from "./sections/assays";
import { cliff_section } from "./sections/cliffs";
import { comparison_section } from "./sections/comparison";
import { data_section } from "./sections/data";
import { distance_section } from "./sections/distance";
import { distribution_section } from "./sections/distributions";
import { finding_section } from "./sections/findings";
import { fold_section } from "./sections/folds";
import { ladder_section } from "./sections/ladder";
import { learning_section } from "./sections/learning";
import { methods_section } from "./sections/methods";
import { predictor_section } from "./sections/predictors";
import { protocol_section } from "./sections/protocol";
import { ranking_section } from "./sections/rankings";
import type { Section } from "./sections/section";
import { spectrum_section, spectrum_sections } from "./sections/spectrum";
import { twin_section } from "./sections/twins";
import { verdict_section } from "./sections/verdicts";
import { make_frame, make_view, type View } from "./view";

/// null: not of this kind of study, and not missed in it.
const kSections: ((view: View) => Section | Section[] | null)[] = [
  verdict_section,
  ladder_section,
  finding_section,
  area_sections,
  task_section,
  cliff_section,
  distance_section,
  spectrum_section,
  comparison_section,
  distribution_section,
  fold_section,
  ranking_section,
  twin_section,
  learning_section,
  protocol_section,
  data_section,
  predictor_section,
  methods_section,
];

const kVersion = 1;
function read_report(): Report | SpectrumReport {
  const text = document.getElementById("cupel-report")?.textContent ?? "";
  const report = JSON.parse(text) as Report | SpectrumReport;
  const is_known = report.schema === "cupel-report" || report.schema === "cupel-spectrum";
  if (!is_known || report.schema_version !== kVersion) {
    const { schema, schema_version } = report as { schema: string; schema_version: number };
    throw new Error(
      `this page reads cupel-report and cupel-spectrum version ${kVersion}, the data are ${schema} version ${schema_version}`,
    );
  }
  return report;
}

function header(report: Report): HTMLElement {
  const { study, summary, data, timings } = report;
  const facts = [
    words_of(study.area),
    data.name,
    data.profiles
      ? `${count_text(data.n_samples)} profiles of ${count_text(data.profiles.n_genes)} genes`
      : `${count_text(data.n_samples)} samples`,
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

function draw_audit(report: Report, page: HTMLElement): void {
  const view = make_view(report);
  document.title = `${report.study.title} – cupel`;
  const sections = kSections.flatMap((make) => make(view) ?? []);
  const origin = `cupel ${report.cupel_version}. Study ${report.study.hash.slice(0, 12)}`;
  set_up_page(view, page, header(report), sections, origin);
}

function draw_spectra(report: SpectrumReport, page: HTMLElement): void {
  const frame = make_frame(report.command);
  document.title = `${report.title} – cupel`;
  const masthead = h(
    "header",
    { class: "masthead" },
    h("h1", {}, report.title),
    report.data.map((line) => h("p", { class: "facts" }, line)),
    report.command ? h("p", { class: "made-by" }, h("code", {}, report.command)) : null,
    report.spectra.length === 0
      ? h("p", { class: "absent" }, "No series could be summarised.")
      : null,
  );
  const sections = spectrum_sections(frame, report.spectra);
  set_up_page(frame, page, masthead, sections, `cupel ${report.cupel_version}`);
}

function main(): void {
  const page = document.getElementById("page") as HTMLElement;
  try {
    const report = read_report();
    if (report.schema === "cupel-spectrum") draw_spectra(report, page);
    else draw_audit(report, page);
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
