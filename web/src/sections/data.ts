// The data: every row accounted for, where the variance lies, noise, targets, splits, diagnostics.
import * as Plot from "@observablehq/plot";
import { h, type Child } from "../dom";
import { figure } from "../figure";
import {
  bytes_text,
  count_text,
  number,
  number_text,
  percent_text,
  plural,
  words,
} from "../format";
import type {
  DataSection,
  Diagnostic,
  ProfileSection,
  Report,
  SplitSection,
} from "../report_types";
import { lay_out, panel, shift } from "../rows";
import { table } from "../table";
import type { View } from "../view";
import { severity } from "./protocol";
import { section, type Section } from "./section";

const hash = (value: string): HTMLElement =>
  h("span", { class: "hash", title: value }, value.slice(0, 12));
const svg_style = {
  fontFamily: "var(--sans)",
  fontSize: "11px",
  color: "var(--ink)",
  background: "none",
};

function accounting(data: DataSection): Child {
  const out = data.left_out.reduce((sum, item) => sum + item.n, 0);
  const missing = data.n_source_rows - data.n_samples - out;
  return h(
    "div",
    { class: "accounting" },
    h("h3", {}, "Rows"),
    h(
      "table",
      { class: "tight" },
      h("caption", {}, "Every row of the input is used or left out with the reason"),
      h(
        "tbody",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row" }, "rows read"),
          h("td", { class: "numeric" }, count_text(data.n_source_rows)),
          h("td", {}),
        ),
        data.left_out.map((item) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, `− ${item.reason}`),
            h("td", { class: "numeric" }, count_text(item.n)),
            h(
              "td",
              { class: "muted" },
              item.examples.length
                ? `row ${item.examples.slice(0, 5).join(", ")}${item.n > Math.min(5, item.examples.length) ? ", …" : ""}`
                : "",
            ),
          ),
        ),
        h(
          "tr",
          { class: "total" },
          h("th", { scope: "row" }, "= samples used"),
          h("td", { class: "numeric" }, count_text(data.n_samples)),
          h(
            "td",
            {},
            missing === 0
              ? "the sum is exact"
              : h(
                  "b",
                  { class: "severity serious" },
                  `■ ${plural(Math.abs(missing), "row")} not accounted for`,
                ),
          ),
        ),
      ),
    ),
  );
}

function entities(data: DataSection): Child {
  if (data.entities.length === 0) return null;
  return h(
    "div",
    {},
    h("h3", {}, "Entities"),
    h(
      "dl",
      { class: "entities" },
      data.entities.map((e) =>
        h(
          "div",
          {},
          h("dt", {}, `${count_text(e.n)} ${words(e.name)}s`),
          h(
            "dd",
            {},
            [
              ...e.features.map(
                (f) =>
                  `${f.name}: ${count_text(f.n_features)} features, present for ${count_text(f.n_present)}`,
              ),
              ...e.labels.map(
                (l) =>
                  `${l.name}: ${count_text(l.n_levels)} levels, known for ${count_text(l.n_known)}`,
              ),
            ].map((text) => h("div", {}, text)),
            e.features.length + e.labels.length === 0 ? "no features or labels were given" : null,
          ),
        ),
      ),
    ),
  );
}

function replicates(data: DataSection): string {
  const r = data.replicates;
  if (r.n_pairs === 0)
    return "No replicates: the noise of the measurement, and with it the highest score that is possible, cannot be told from these data.";
  return `${plural(r.n_pairs, "pair")} with ${plural(r.n_rows, "row")} give a noise of ${number_text(r.noise_sd)} ${data.unit} (SD), and with it a ceiling of R² ${number_text(r.ceiling_r2)} and RMSE ${number_text(r.ceiling_rmse)}.`;
}

const profile_words = (p: ProfileSection): string =>
  `A profile is the ${p.pseudobulk}, over ${plural(p.n_genes, "gene")}: ${count_text(p.n_cells)} perturbed cells in profiles (${count_text(p.cells_per_profile.least)} to ${count_text(p.cells_per_profile.most)} each, median ${count_text(p.cells_per_profile.median)}; fewer than ${count_text(p.min_cells)} are left out) and ${count_text(p.n_control_cells)} control cells ("${p.control}").`;

function variance_figure(view: View, data: DataSection): HTMLElement | null {
  if (data.variance.length === 0) return null;
  const parts = data.variance.map((v, y) => ({ ...v, y }));
  return figure(view, {
    name: "variance",
    title: "Where the variance of the target lies",
    summary: () =>
      `${data.variance.map((v) => `${v.component} ${percent_text(v.share)}`).join(", ")}.`,
    data: () => ({
      columns: ["component", "share"],
      rows: data.variance.map((v) => [v.component, v.share]),
    }),
    draw: (width) => {
      const layout = lay_out(
        parts.map((p) => ({ label: p.component, kind: "plain" as const })),
        Math.min(width, 760),
        22,
      );
      return panel({
        layout,
        width: Math.min(width, 760),
        with_labels: true,
        values: parts.map((p) => percent_text(p.share)),
        x: {
          domain: [0, Math.max(1, ...parts.map((p) => p.share))],
          label: "share of the variance",
          tickFormat: (v: number) => `${Math.round(100 * v)} %`,
        },
        marks: [
          Plot.ruleY(parts, {
            y: "y",
            x1: () => 0,
            x2: "share",
            stroke: "var(--blind)",
            strokeWidth: 10,
            dy: shift(layout),
          }),
        ],
      });
    },
  }).element;
}

function histogram_figure(view: View, data: DataSection): HTMLElement | null {
  const { edges, counts } = data.histogram;
  if (counts.length === 0) return null;
  const bins = counts.map((count, i) => ({ count, low: edges[i] ?? 0, high: edges[i + 1] ?? 0 }));
  const total = counts.reduce((a, b) => a + b, 0);
  const top = bins.reduce((a, b) => (b.count > a.count ? b : a));
  return figure(view, {
    name: "targets",
    title: `Distribution of the target, ${data.target_name}`,
    summary: () =>
      `${count_text(total)} values from ${number_text(edges[0])} to ${number_text(edges.at(-1))} ${data.unit}; the fullest bin is ${number_text(top.low)} to ${number_text(top.high)} (${count_text(top.count)}).`,
    data: () => ({
      columns: ["low", "high", "count"],
      rows: bins.map((b) => [b.low, b.high, b.count]),
    }),
    draw: (width) =>
      Plot.plot({
        width: Math.min(width, 760),
        height: 244,
        marginLeft: 56,
        marginBottom: 40,
        style: svg_style,
        x: { labelAnchor: "center", label: `${data.target_name} (${data.unit})`, ticks: 8 },
        y: { label: "samples", ticks: 4, tickFormat: (v: number) => count_text(v) },
        marks: [
          Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }),
          Plot.rect(bins, {
            x1: "low",
            x2: "high",
            y1: 0,
            y2: "count",
            fill: "var(--blind)",
            fillOpacity: 0.75,
            inset: 0.5,
          }),
          Plot.ruleY([0]),
        ],
      }) as SVGSVGElement,
  }).element;
}

function split_table(split: SplitSection): HTMLElement {
  type Fold = SplitSection["folds"][number];
  return h(
    "details",
    { open: split.folds.length <= 5 },
    h(
      "summary",
      {},
      h("b", {}, words(split.name)),
      ` · ${plural(split.folds.length, "fold")}`,
      split.blind_to.length ? ` · blind to ${split.blind_to.join(", ")}` : "",
      ` · ${split.description}`,
    ),
    table<Fold>({
      caption: `Folds of the ${words(split.name)} split (scheme ${words(split.scheme)})`,
      rows: split.folds,
      columns: [
        {
          title: "Fold",
          value: (f) => f.fold,
          cell: (f) =>
            f.fold + (split.folds.some((x) => x.repeat > 0) ? `, repeat ${f.repeat}` : ""),
        },
        {
          title: "Train",
          numeric: true,
          value: (f) => f.n_train,
          cell: (f) => count_text(f.n_train),
        },
        {
          title: "Validation",
          numeric: true,
          value: (f) => f.n_validation,
          cell: (f) => count_text(f.n_validation),
        },
        { title: "Test", numeric: true, value: (f) => f.n_test, cell: (f) => count_text(f.n_test) },
        {
          title: "Left out",
          numeric: true,
          value: (f) => f.n_left_out,
          cell: (f) =>
            h(
              "span",
              { title: f.left_out.map((x) => `${x.reason}: ${x.n}`).join("; ") },
              count_text(f.n_left_out),
            ),
        },
        {
          title: "Why",
          cell: (f) =>
            h(
              "span",
              { class: "muted" },
              f.left_out.map((x) => `${x.reason} (${count_text(x.n)})`).join("; "),
            ),
        },
        ...(split.folds.some((f) => f.task)
          ? [{ title: "Task", value: (f: Fold) => f.task, cell: (f: Fold) => f.task }]
          : []),
        { title: "Seed", numeric: true, value: (f) => f.seed, cell: (f) => f.seed },
        { title: "SHA-256", cell: (f) => hash(f.sha256) },
      ],
    }),
  );
}

function diagnostics(items: Diagnostic[]): Child {
  if (items.length === 0)
    return h(
      "p",
      { class: "absent" },
      h("b", {}, "No diagnostics: "),
      "the input gave no reason for any.",
    );
  return table<Diagnostic>({
    caption: "Diagnostics of the input",
    rows: items,
    columns: [
      {
        title: "Severity",
        value: (d) => ["note", "warning", "serious"].indexOf(d.severity),
        cell: (d) => severity(d.severity),
      },
      { title: "Count", numeric: true, value: (d) => d.count, cell: (d) => count_text(d.count) },
      { title: "Message", kind: "text", value: (d) => d.message, cell: (d) => d.message },
      {
        title: "Examples",
        cell: (d) => h("span", { class: "muted" }, d.examples.slice(0, 5).join(", ")),
      },
    ],
  });
}

function inputs(report: Report): Child {
  const files = report.data.inputs;
  if (files.length === 0) return null;
  return table({
    caption: "Files that were read",
    rows: files,
    columns: [
      { title: "Role", value: (f) => f.role, cell: (f) => f.role },
      { title: "File", value: (f) => f.file, cell: (f) => h("code", {}, f.file) },
      { title: "Size", numeric: true, value: (f) => f.bytes, cell: (f) => bytes_text(f.bytes) },
      { title: "SHA-256", cell: (f) => hash(f.sha256) },
    ],
  });
}

export function data_section(view: View): Section {
  const { report } = view;
  const { data } = report;
  return section(
    "data",
    "Data and row accounting",
    h("div", { class: "two" }, accounting(data), entities(data)),
    variance_figure(view, data),
    h("p", { class: "prose" }, data.profiles ? profile_words(data.profiles) : replicates(data)),
    histogram_figure(view, data),
    h("h3", {}, "Splits"),
    report.splits.map(split_table),
    h("h3", {}, "Diagnostics"),
    diagnostics(report.diagnostics),
    inputs(report),
    h(
      "p",
      { class: "note" },
      "Data set ",
      h("b", {}, data.name),
      ", SHA-256 ",
      hash(data.sha256),
      "; target ",
      h("b", {}, data.target_name),
      data.unit ? ` in ${data.unit}` : null,
      data.profiles ? null : ["; mean noise ", number(data.replicates.noise_sd)],
      ".",
    ),
  );
}
