// A table whose columns sort by buttons in their heads; rows may carry a detail that opens below.
import { h, hidden_text, type Child } from "./dom";

export interface Column<Row> {
  title: string;
  hint?: string;
  numeric?: boolean;
  kind?: string; // a class of the column's cells
  group?: string; // a head above the heads of neighbours in the same group
  /// What is sorted by; null sorts last in both directions. Without it the column does not sort.
  value?: (row: Row) => string | number | null;
  cell: (row: Row) => Child;
}

export interface TableOptions<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  row_class?: (row: Row) => string;
  detail?: (row: Row) => Child;
  detail_name?: (row: Row) => string;
  /// More rows than this are shown only on request.
  limit?: number;
  print_all?: boolean; // paper shows all rows
  print_details?: boolean; // paper shows what opens; it does by default
  sort?: { column: number; descending: boolean };
}

const class_of = <Row>(column: Column<Row>): string =>
  [column.numeric ? "numeric" : "", column.kind ?? ""].join(" ").trim();

function group_heads<Row>(columns: Column<Row>[]): HTMLElement | null {
  if (!columns.some((column) => column.group)) return null;
  const cells: HTMLTableCellElement[] = [];
  let last: string | undefined;
  for (const { group } of columns) {
    const previous = cells[cells.length - 1];
    if (previous && group === last) previous.colSpan += 1;
    else
      cells.push(
        h(group ? "th" : "td", { scope: group ? "colgroup" : null, class: "group" }, group ?? ""),
      );
    last = group;
  }
  return h("tr", {}, cells);
}

export function table<Row>(options: TableOptions<Row>): HTMLElement {
  const { columns, detail } = options;
  let sort = options.sort;
  let limit = options.limit ?? Infinity;
  const open = new Set<Row>();
  const body = h("tbody");
  const more = h("p", { class: "more" });
  const heads = columns.map((column, i) => {
    const attributes = { scope: "col", class: class_of(column), title: column.hint };
    if (!column.value) return h("th", attributes, h("span", {}, column.title));
    const button = h(
      "button",
      {
        type: "button",
        class: "sort",
        onclick: () => {
          sort = {
            column: i,
            descending: sort?.column === i ? !sort.descending : !!column.numeric,
          };
          fill();
        },
      },
      column.title,
      h("span", { class: "arrow", "aria-hidden": "true" }),
    );
    return h("th", attributes, button);
  });

  function ordered(): Row[] {
    const value = sort && columns[sort.column]?.value;
    if (!sort || !value) return options.rows;
    const sign = sort.descending ? -1 : 1;
    return options.rows
      .map((row) => ({ row, key: value(row) }))
      .sort((a, b) => {
        if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
        return (
          sign *
          (typeof a.key === "number" && typeof b.key === "number"
            ? a.key - b.key
            : String(a.key).localeCompare(String(b.key), "en", { numeric: true }))
        );
      })
      .map((item) => item.row);
  }

  function lines(row: Row): HTMLElement[] {
    const cells = columns.map((column, i) =>
      h(
        i === 0 ? "th" : "td",
        { scope: i === 0 ? "row" : null, class: class_of(column) },
        column.cell(row),
      ),
    );
    const line = h("tr", { class: options.row_class?.(row) ?? "" }, cells);
    if (!detail) return [line];
    const below = h(
      "tr",
      {
        class: options.print_details === false ? "detail screen-only" : "detail",
        hidden: !open.has(row),
      },
      h("td", { colspan: columns.length }, detail(row)),
    );
    const toggle = h(
      "button",
      {
        type: "button",
        class: "toggle",
        "aria-expanded": String(open.has(row)),
        onclick: () => {
          if (open.has(row)) open.delete(row);
          else open.add(row);
          below.hidden = !open.has(row);
          toggle.setAttribute("aria-expanded", String(open.has(row)));
        },
      },
      hidden_text(`Details of ${options.detail_name?.(row) ?? "this row"}`),
    );
    cells[0]?.prepend(toggle);
    return [line, below];
  }

  function fill(): void {
    heads.forEach((head, i) => {
      if (!columns[i]?.value) return;
      head.setAttribute(
        "aria-sort",
        sort?.column === i ? (sort.descending ? "descending" : "ascending") : "none",
      );
    });
    const rows = ordered();
    body.replaceChildren(...rows.slice(0, limit).flatMap(lines));
    more.replaceChildren();
    if (rows.length > limit) {
      more.append(
        `The first ${limit} of ${rows.length} rows. `,
        h(
          "button",
          {
            type: "button",
            class: "small",
            onclick: () => {
              limit = Infinity;
              fill();
            },
          },
          "Show all rows",
        ),
      );
    }
  }

  fill();
  if (options.print_all) {
    window.addEventListener("beforeprint", () => {
      const before = limit;
      limit = Infinity;
      fill();
      window.addEventListener(
        "afterprint",
        () => {
          limit = before;
          fill();
        },
        { once: true },
      );
    });
  }
  const wide = h("p", { class: "more wide", hidden: true }, "More columns to the right: scroll the table. →");
  const frame = h(
    "div",
    { class: "table-block" },
    wide,
    h(
      "div",
      { class: "table-scroll", tabindex: "0", role: "region", "aria-label": options.caption },
      h(
        "table",
        {},
        h("caption", {}, h("span", {}, options.caption)),
        h("thead", {}, group_heads(columns), h("tr", {}, heads)),
        body,
      ),
    ),
    more,
  );
  const scroll = frame.querySelector<HTMLElement>(".table-scroll");
  if (scroll) {
    new ResizeObserver(() => {
      wide.hidden = scroll.scrollWidth <= scroll.clientWidth + 1;
    }).observe(scroll);
  }
  return frame;
}
