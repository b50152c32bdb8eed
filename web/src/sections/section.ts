// What a section is to the page: a heading in the contents, or one line on why it is missing.
import { h, type Child } from "../dom";

export interface Section {
  id: string;
  title: string;
  content: HTMLElement;
  is_absent: boolean;
}

export const section = (id: string, title: string, ...content: Child[]): Section => ({
  id,
  title,
  is_absent: false,
  content: h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    content,
  ),
});

export const absent = (id: string, title: string, reason: string): Section => ({
  id,
  title,
  is_absent: true,
  content: h("p", { class: "absent", id }, h("b", {}, `No ${title.toLowerCase()}: `), reason),
});

export const prose = (...content: Child[]): HTMLElement => h("p", { class: "prose" }, content);

export const bullets = (lines: string[]): HTMLElement | null =>
  lines.length === 0
    ? null
    : h(
        "ul",
        { class: "sentences" },
        lines.map((text) => h("li", {}, text)),
      );
