// Bundles src/ into dist/report_template.html: one file, scripts and styles inside, no address in it
// that a browser would fetch. The engine replaces the marker by the text of report.json.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const kMarker = "__CUPEL_REPORT_JSON__";
const kMaximumBytes = 450 * 1024;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const bundle = async (entry) => {
  const result = await build({
    entryPoints: [path(entry)], bundle: true, minify: true, write: false, format: "iife",
    target: ["es2020"], charset: "utf8", legalComments: "none", logLevel: "warning",
  });
  return result.outputFiles[0].text.trim();
};
// A script element ends at the first "</script", a style element at the first "</style".
const script = (await bundle("src/main.ts")).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = await bundle("src/style.css");
if (style.includes("</style")) throw new Error("the style sheet holds </style");

const page = readFileSync(path("src/template.html"), "utf8")
  .replace("/*STYLE*/", () => style)
  .replace("/*SCRIPT*/", () => script);
if (page.split(kMarker).length !== 2) throw new Error(`the page must hold ${kMarker} exactly once`);
const bytes = Buffer.byteLength(page);
if (bytes > kMaximumBytes) throw new Error(`the page has ${bytes} bytes, more than ${kMaximumBytes}`);
mkdirSync(path("dist"), { recursive: true });
writeFileSync(path("dist/report_template.html"), page);
console.log(`dist/report_template.html: ${(bytes / 1024).toFixed(0)} KiB`);
