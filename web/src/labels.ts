// Labels at the ends of curves, and the thin lines that lead to them.
import { s } from "./dom";

/// Label positions in pixels, pushed apart to `gap` and kept within [top, bottom].
export function spread_labels(
  wanted: number[],
  gap: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  order.forEach((item, k) => {
    item.y = Math.max(item.y, k === 0 ? top : (order[k - 1]?.y ?? 0) + gap);
  });
  for (let k = order.length - 1; k >= 0; k--) {
    const item = order[k];
    if (item)
      item.y = Math.min(item.y, k === order.length - 1 ? bottom : (order[k + 1]?.y ?? 0) - gap);
  }
  const result = new Array<number>(wanted.length);
  order.forEach((item) => {
    result[item.i] = item.y;
  });
  return result;
}

export const svg_line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width = 0.8,
  dash: string | null = null,
): SVGElement =>
  s("line", { x1, y1, x2, y2, stroke, "stroke-width": width, "stroke-dasharray": dash });

/// A text that starts at x, centred on y; its whole title shows when pointed at.
export const svg_text = (
  text: string,
  x: number,
  y: number,
  fill: string,
  is_strong: boolean,
  title: string,
  size = 12,
): SVGElement =>
  s(
    "text",
    {
      x,
      y,
      fill,
      "font-size": size,
      "text-anchor": "start",
      dy: "0.32em",
      "font-weight": is_strong ? 600 : 400,
    },
    text,
    s("title", {}, title),
  );
