// Elements without markup strings: text from the report is only ever set as text.

export type Child = Node | string | number | null | undefined | false | Child[];
type Attributes = {
  [name: string]: string | number | boolean | null | undefined | ((event: Event) => void);
};

function fill(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) fill(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

function assign(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/// An HTML element: h("p", {class: "note"}, "text", other_element).
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, attributes);
  fill(element, children);
  return element;
}

/// An SVG element.
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  assign(element, attributes);
  fill(element, children);
  return element;
}

export const hidden_text = (text: string): HTMLElement => h("span", { class: "sr-only" }, text);

/// A labelled select; `change` is called with the chosen value.
export function selector(
  label: string,
  options: { value: string; title: string }[],
  value: string,
  change: (value: string) => void,
): HTMLElement {
  const list = h(
    "select",
    { onchange: () => change(list.value) },
    options.map((option) =>
      h("option", { value: option.value, selected: option.value === value }, option.title),
    ),
  );
  return h("label", { class: "selector" }, h("span", {}, label), list);
}

/// A labelled check box; `change` is called with its new state.
export function check_box(
  label: string,
  is_checked: boolean,
  change: (is_checked: boolean) => void,
): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    checked: is_checked,
    onchange: () => change(box.checked),
  });
  return h("label", { class: "selector" }, box, h("span", {}, label));
}

/// Copies text; says so on the button for a moment. From file:// the clipboard interface may be
/// missing, so a text area is the second way.
export function copy_button(label: string, text: () => string): HTMLButtonElement {
  const button = h(
    "button",
    {
      type: "button",
      class: "small",
      onclick: async () => {
        let done = false;
        try {
          await navigator.clipboard.writeText(text());
          done = true;
        } catch {
          const area = h("textarea", { class: "sr-only" });
          area.value = text();
          document.body.append(area);
          area.select();
          done = document.execCommand("copy");
          area.remove();
          button.focus();
        }
        button.textContent = done ? "Copied" : "Copy failed";
        setTimeout(() => {
          button.textContent = label;
        }, 1500);
      },
    },
    label,
  );
  return button;
}

/// Offers text as a file, without a server.
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
