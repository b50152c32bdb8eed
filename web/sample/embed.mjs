// Puts a report.json into the built template, as the engine does: node embed.mjs REPORT.json OUT.html
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const kMarker = "__CUPEL_REPORT_JSON__";
const template = readFileSync(
  fileURLToPath(new URL("../dist/report_template.html", import.meta.url)),
  "utf8",
);
const [input, output] = process.argv.slice(2);
if (template.split(kMarker).length !== 2)
  throw new Error(`the template must hold ${kMarker} exactly once`);
// '<' only occurs inside JSON strings, where \\u003c means the same: neither </script> nor <!-- can
// end or change the script element.
const json = readFileSync(input, "utf8").replaceAll("<", "\\u003c");
writeFileSync(
  output,
  template.replace(kMarker, () => json),
);
