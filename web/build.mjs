// Bundles src/ into dist/report_template.html: one file, scripts and styles inside, no address in it
// that a browser would fetch. The engine replaces the marker by the text of report.json.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const kMarker = "__CUPEL_REPORT_JSON__";
const kMaximumBytes = 450 * 1024;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const bundle = async (entry) => {
  const result = await build({
    entryPoints: [path(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  const [output] = Object.values(result.metafile.outputs);
  const inputs = Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0);
  return { text: result.outputFiles[0].text.trim(), inputs: inputs.map(([name]) => name) };
};

// The licences of the packages whose code is in the page: their copyright lines, each text once.
function notices(inputs) {
  const packages = new Set(
    inputs.map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1]).filter(Boolean),
  );
  const texts = new Map();
  for (const name of [...packages].sort()) {
    const folder = path(`node_modules/${name}`);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file || !existsSync(join(folder, file))) throw new Error(`${name} has no licence file`);
    const lines = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
    const isCopyright = (line) => /^copyright (\(c\) )?\d/i.test(line.trim());
    const copyright = lines
      .filter(isCopyright)
      .map((line) => line.trim())
      .join("; ");
    const rest = lines
      .filter((line) => !isCopyright(line))
      .join("\n")
      .replace(/\s+/g, " ")
      .trim();
    texts.set(rest, [...(texts.get(rest) ?? []), `${name}: ${copyright}`]);
  }
  return [...texts]
    .map(([text, names]) => `${names.join("\n")}\n${text}`)
    .join("\n\n")
    .replaceAll("--", "- -");
}
// A script element ends at the first "</script", a style element at the first "</style".
const code = await bundle("src/main.ts");
const script = code.text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = (await bundle("src/style.css")).text;
if (style.includes("</style")) throw new Error("the style sheet holds </style");

const page = readFileSync(path("src/template.html"), "utf8")
  .replace("NOTICES", () => notices(code.inputs))
  .replace("/*STYLE*/", () => style)
  .replace("/*SCRIPT*/", () => script);
if (page.split(kMarker).length !== 2) throw new Error(`the page must hold ${kMarker} exactly once`);
const bytes = Buffer.byteLength(page);
if (bytes > kMaximumBytes)
  throw new Error(`the page has ${bytes} bytes, more than ${kMaximumBytes}`);
mkdirSync(path("dist"), { recursive: true });
writeFileSync(path("dist/report_template.html"), page);
console.log(`dist/report_template.html: ${(bytes / 1024).toFixed(0)} KiB`);
