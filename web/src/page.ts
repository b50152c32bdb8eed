// The frame of the page: contents, theme, redrawing at a new width, and printing.
import { h } from "./dom";
import type { Section } from "./sections/section";
import type { Frame } from "./view";

const kPrintWidth = 690; // A4 less its margins, in CSS pixels

export function set_up_page(
  view: Frame,
  page: HTMLElement,
  header: HTMLElement,
  sections: Section[],
  origin: string, // what made the data: "cupel 0.1.0"
): void {
  const shown = sections.filter((section) => !section.is_absent);
  const links = shown.map((section) => h("a", { href: `#${section.id}` }, section.title));
  const content = h(
    "main",
    { id: "content", tabindex: "-1" },
    header,
    sections.map((section) => section.content),
    h(
      "footer",
      {},
      `Made by ${origin}. This file holds all its data and asks no network for anything.`,
    ),
  );
  page.replaceChildren(
    h(
      "nav",
      { "aria-label": "Contents" },
      h("p", { class: "brand" }, "cupel"),
      h(
        "ol",
        {},
        links.map((link) => h("li", {}, link)),
      ),
      h(
        "div",
        { class: "page-tools" },
        theme_button(),
        h("button", { type: "button", class: "small", onclick: () => window.print() }, "Print"),
      ),
    ),
    content,
  );
  follow_scroll(
    shown.map((section) => section.content),
    links,
  );

  let width = content_width(content);
  view.width = () => width;
  const redraw = (): void => view.redraw.forEach((update) => update());
  redraw();
  let waiting = 0;
  new ResizeObserver(() => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const now = content_width(content);
      if (now === width || is_printing) return;
      width = now;
      redraw();
    }, 120);
  }).observe(content);

  let is_printing = false;
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    is_printing = true;
    opened = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    opened.forEach((element) => {
      element.open = true;
    });
    width = kPrintWidth;
    redraw();
  });
  window.addEventListener("afterprint", () => {
    is_printing = false;
    opened.forEach((element) => {
      element.open = false;
    });
    width = content_width(content);
    redraw();
  });
}

function content_width(content: HTMLElement): number {
  const style = getComputedStyle(content);
  return Math.floor(
    content.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
  );
}

function stored_theme(): string | null {
  try {
    return localStorage.getItem("cupel-theme");
  } catch {
    return null; // storage may be closed to files
  }
}

function theme_button(): HTMLButtonElement {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const button = h("button", {
    type: "button",
    class: "small",
    onclick: () => {
      const theme = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("cupel-theme", theme);
      } catch {
        /* the choice then lasts as long as the page */
      }
      show(theme);
    },
  });
  const show = (theme: string): void => {
    root.dataset.theme = theme;
    button.textContent = theme === "dark" ? "Light colours" : "Dark colours";
  };
  show(stored_theme() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", () => {
    if (!stored_theme()) show(system.matches ? "dark" : "light");
  });
  return button;
}

/// Marks the section that is being read.
function follow_scroll(sections: HTMLElement[], links: HTMLElement[]): void {
  const mark = (): void => {
    const at_end = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    let current = 0;
    sections.forEach((section, i) => {
      if (section.getBoundingClientRect().top < window.innerHeight * 0.3) current = i;
    });
    if (at_end) current = sections.length - 1;
    links.forEach((link, i) => {
      if (i === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  let asked = false;
  window.addEventListener(
    "scroll",
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
