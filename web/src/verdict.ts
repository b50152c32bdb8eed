// Verdict chips: icon, word and colour say the same thing three times.
import { h, s } from "./dom";
import type { VerdictName } from "./report_types";

export const kVerdicts: VerdictName[] = ["learned", "not shown", "worse", "cannot tell"];
export const kVerdictMeaning: { [verdict in VerdictName]: string } = {
  learned: "better than every predictor blind to it, by more than the margin",
  "not shown": "no better than a blind predictor by the margin that matters",
  worse: "a blind predictor is better",
  "cannot tell": "too little data, or nothing to compare with",
};

export const verdict_class = (verdict: VerdictName): string => verdict.replace(" ", "-");
export const verdict_colour = (verdict: VerdictName): string => `var(--${verdict_class(verdict)})`;

export function verdict_icon(verdict: VerdictName): SVGSVGElement {
  const shape =
    {
      learned: [
        s("circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }),
        s("path", {
          d: "M4.5 8.2l2.4 2.5 4.6-5",
          fill: "none",
          stroke: "var(--paper)",
          "stroke-width": 1.8,
        }),
      ],
      "not shown": [
        s("circle", {
          cx: 8,
          cy: 8,
          r: 6,
          fill: "none",
          stroke: "currentColor",
          "stroke-width": 1.8,
        }),
        s("path", { d: "M4.8 8h6.4", stroke: "currentColor", "stroke-width": 1.8 }),
      ],
      worse: [s("path", { d: "M1 3h14L8 15z", fill: "currentColor" })],
      "cannot tell": [
        s("path", {
          d: "M8 .8L15.2 8 8 15.2.8 8z",
          fill: "none",
          stroke: "currentColor",
          "stroke-width": 1.5,
        }),
        s("path", {
          d: "M6 6.6a2 2 0 1 1 2.6 1.9q-.6.3-.6 1.1",
          fill: "none",
          stroke: "currentColor",
          "stroke-width": 1.3,
        }),
        s("circle", { cx: 8, cy: 11.4, r: 0.9, fill: "currentColor" }),
      ],
    }[verdict] ?? [];
  return s(
    "svg",
    { viewBox: "0 0 16 16", width: 13, height: 13, "aria-hidden": "true", class: "icon" },
    shape,
  );
}

export const chip = (verdict: VerdictName): HTMLElement =>
  h(
    "span",
    { class: `chip ${verdict_class(verdict)}`, title: kVerdictMeaning[verdict] },
    verdict_icon(verdict),
    verdict,
  );
