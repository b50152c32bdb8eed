// Numbers as they are printed: three significant digits, a true minus sign, n/a for undefined.
import { h } from "./dom";
import type { Num } from "./report_types";

const kThinSpace = "\u2009";

/// Three significant digits: 0.898, −0.0123, 12.3, 141 000 only for counts (see count_text).
export function number_text(value: Num | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "n/a";
  if (value === 0) return "0";
  const size = Math.abs(value);
  let text: string;
  if (size < 1e-4 || size >= 1e7) {
    const [mantissa = "", exponent = ""] = size.toExponential(digits - 1).split("e");
    text = `${mantissa}e${exponent.replace("+", "").replace("-", "−")}`;
  } else {
    text = size >= 10 ** digits ? group_digits(Math.round(size)) : size.toPrecision(digits);
  }
  return (value < 0 ? "−" : "") + text;
}

const group_digits = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

export const count_text = (value: Num | undefined): string =>
  value === null || value === undefined
    ? "n/a"
    : (value < 0 ? "−" : "") + group_digits(Math.abs(Math.round(value)));

export const signed_text = (value: Num | undefined): string =>
  (typeof value === "number" && value > 0 ? "+" : "") + number_text(value);

export const percent_text = (value: Num | undefined): string =>
  value === null || value === undefined ? "n/a" : `${number_text(100 * value)}${kThinSpace}%`;

export function p_text(value: Num | undefined): string {
  if (value === null || value === undefined) return "n/a";
  return value < 0.001 ? "< 0.001" : number_text(value);
}

export const interval_text = (
  low: Num | undefined,
  high: Num | undefined,
  text = number_text,
): string =>
  (low === null || low === undefined) && (high === null || high === undefined)
    ? ""
    : `[${text(low)}, ${text(high)}]`;

export const bytes_text = (value: number): string =>
  value < 1024
    ? `${value} B`
    : value < 1024 ** 2
      ? `${number_text(value / 1024)} KiB`
      : `${number_text(value / 1024 ** 2)} MiB`;

/// A number in running text or a table; undefined ones say so when pointed at.
export function number(
  value: Num | undefined,
  text: (value: Num | undefined) => string = number_text,
): Node {
  return value === null || value === undefined
    ? h("span", { class: "na", title: "undefined: no value could be computed" }, "n/a")
    : document.createTextNode(text(value));
}

/// A share of the pixels that a text takes; enough for margins and label spacing.
export function text_width(text: string, size = 12, weight = "400"): number {
  const canvas = (text_width.canvas ??= document.createElement("canvas"));
  const pen = canvas.getContext("2d");
  if (!pen) return text.length * size * 0.6;
  pen.font = `${weight} ${size}px ${(text_width.family ??= getComputedStyle(document.documentElement).getPropertyValue("--sans"))}`;
  return pen.measureText(text).width;
}
text_width.canvas = undefined as HTMLCanvasElement | undefined;
text_width.family = undefined as string | undefined;

/// The text, cut with an ellipsis to fit a width in pixels.
export function fit_text(text: string, width: number, size = 12, weight = "400"): string {
  if (text_width(text, size, weight) <= width) return text;
  let end = text.length;
  while (end > 1 && text_width(`${text.slice(0, end)}…`, size, weight) > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}

/// The text in lines that fit a width in pixels; a single word too long for it is cut.
export function wrap_text(text: string, width: number, size = 12, weight = "400"): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && text_width(longer, size, weight) <= width) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line) => fit_text(line, width, size, weight));
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count_text(n)} ${n === 1 ? one : many}`;

/// snake_case names as words.
export const words = (name: string): string => name.replaceAll("_", " ");
