// A numbered figure: drawn at the width it has, with its SVG, its CSV and the command that remakes it.
import { copy_button, download, h, s, type Child } from "./dom";
import type { Frame } from "./view";

export type Cell = string | number | null;
export interface FigureData {
  columns: string[];
  rows: Cell[][];
}
export interface FigureOptions {
  name: string; // of the files that are offered
  title: string;
  caption?: Child;
  summary: () => string; // what the picture shows, in words
  draw: (width: number) => SVGSVGElement;
  data: () => FigureData;
  controls?: Child;
}
export interface Figure {
  element: HTMLElement;
  update: () => void;
}

const kMinimumWidth = 280;

export function figure(view: Frame, options: FigureOptions): Figure {
  const number = view.next_figure();
  const id = `figure-${number}`;
  const canvas = h("div", { class: "canvas" });
  const summary = h("p", { class: "summary", id: `${id}-summary` });
  const command = h(
    "div",
    { class: "command", hidden: true },
    h("code", {}, view.command),
    copy_button("Copy", () => view.command),
  );
  const show_command = h(
    "button",
    {
      type: "button",
      class: "small",
      "aria-expanded": "false",
      onclick: () => {
        command.hidden = !command.hidden;
        show_command.setAttribute("aria-expanded", String(!command.hidden));
      },
    },
    "Command",
  );
  const file = (ending: string): string => `${options.name}.${ending}`;
  const element = h(
    "figure",
    { id, class: "figure" },
    options.controls ? h("div", { class: "controls" }, options.controls) : null,
    h(
      "figcaption",
      {},
      h("b", {}, `Figure ${number}. ${options.title}.`),
      options.caption ? [" ", options.caption] : null,
    ),
    canvas,
    summary,
    h(
      "div",
      { class: "tools" },
      h(
        "button",
        {
          type: "button",
          class: "small",
          "data-save": "svg",
          "aria-label": `Save figure ${number} as SVG`,
          onclick: () => {
            download(
              file("svg"),
              "image/svg+xml",
              standalone_svg(canvas, `${options.title}. ${options.summary()}`),
            );
          },
        },
        "SVG",
      ),
      h(
        "button",
        {
          type: "button",
          class: "small",
          "data-save": "csv",
          "aria-label": `Save the data of figure ${number} as CSV`,
          onclick: () => {
            download(file("csv"), "text/csv", csv_text(options.data()));
          },
        },
        "CSV",
      ),
      view.command ? show_command : null,
    ),
    command,
  );
  const update = (): void => {
    const svg = options.draw(Math.max(kMinimumWidth, view.width()));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", options.title);
    svg.setAttribute("aria-describedby", summary.id);
    canvas.replaceChildren(svg);
    const words = options.summary();
    summary.textContent = words.replace(/^[a-z](?!-)/, (letter) => letter.toUpperCase());
  };
  view.redraw.push(update);
  return { element, update };
}

/// Panels side by side or below one another as one SVG. `place` gives the corner of each.
export function compose(
  width: number,
  height: number,
  panels: { svg: SVGSVGElement; x: number; y: number }[],
): SVGSVGElement {
  return s(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, class: "composed" },
    panels.map(({ svg, x, y }) => {
      svg.setAttribute("x", String(x));
      svg.setAttribute("y", String(y));
      return svg;
    }),
  );
}

/// The drawing with its colours resolved (those of the light page) and its fonts named.
function standalone_svg(canvas: HTMLElement, description: string): string {
  const original = canvas.querySelector("svg");
  if (!original) return "";
  const copy = original.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.prepend(
    s("title", {}, description),
    s("rect", { width: "100%", height: "100%", fill: "white" }),
  );
  const light = h("div", { "data-theme": "light", hidden: true });
  document.body.append(light);
  const colours = getComputedStyle(light);
  const text = new XMLSerializer()
    .serializeToString(copy)
    .replace(
      /var\(--([a-z0-9-]+)\)/g,
      (match, name: string) =>
        colours.getPropertyValue(`--${name}`).trim().replaceAll('"', "'") || match,
    );
  light.remove();
  return text;
}

/// RFC 4180; undefined is an empty field.
export function csv_text(data: FigureData): string {
  const field = (value: Cell): string => {
    if (value === null) return "";
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [data.columns, ...data.rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}
