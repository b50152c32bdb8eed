// Opens the built report from a file in Chromium: nothing is fetched, nothing complains, every section
// and figure is there and can be saved, keyboard, dark colours and paper work. Pictures are kept.
//   node run.mjs [--out DIR]      exit 77: skipped, because chromium or the built page is missing
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Chromium, find_chromium } from "./chromium.mjs";

const kSkipped = 77;
const kMaximumBytes = 450 * 1024;
const web = fileURLToPath(new URL("../../web/", import.meta.url));
const template = join(web, "dist/report_template.html");
const out = process.argv.includes("--out")
  ? process.argv[process.argv.indexOf("--out") + 1]
  : mkdtempSync(join(tmpdir(), "cupel-web-"));

const program = find_chromium();
if (!program) skip("chromium was not found (set CHROMIUM to its path)");
if (!existsSync(template))
  skip("web/dist/report_template.html is not built (npm ci && npm run build in web/)");
function skip(reason) {
  console.log(`SKIPPED: ${reason}`);
  process.exit(kSkipped);
}

let failures = 0;
function check(name, holds, detail = "") {
  if (holds) return;
  failures++;
  console.log(
    `FAILED: ${name}${detail === "" ? "" : `: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`}`,
  );
}
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(holds, milliseconds = 5000) {
  for (const end = Date.now() + milliseconds; Date.now() < end; await pause(30))
    if (await holds()) return true;
  return false;
}

mkdirSync(out, { recursive: true });
const pages = {};
for (const variant of ["published", "reference", "minimal", "spectrum", "potency"]) {
  const json = join(out, `${variant}.json`);
  pages[variant] = join(out, `${variant}.html`);
  execFileSync(process.execPath, [join(web, "sample/make_sample.mjs"), variant, json]);
  execFileSync(process.execPath, [join(web, "sample/embed.mjs"), json, pages[variant]]);
}
const address = (variant) => pathToFileURL(pages[variant]).href;

// ---- the file itself --------------------------------------------------------------------------
const source = readFileSync(template, "utf8");
check(
  "the page is at most 450 KiB",
  statSync(template).size <= kMaximumBytes,
  statSync(template).size,
);
check(
  "the page names no file to load",
  !/<script[^>]+src=|<link[^>]+href="(?!data:)/i.test(source) &&
    !/@import|url\(/.test(source.slice(source.indexOf("<style>"), source.indexOf("</style>"))),
);
check(
  "the lock file holds no registry address",
  !/"resolved"/.test(readFileSync(join(web, "package-lock.json"), "utf8")),
);

const browser = new Chromium(program);
const downloads = join(out, "saved");
rmSync(downloads, { recursive: true, force: true });
mkdirSync(downloads, { recursive: true });

/// Clicks a button of the page and waits for the file that it gives. Chromium drops every eleventh
/// download of a burst, which no hand can click, so a second try is fair.
async function saved(page, click) {
  for (const file of readdirSync(downloads)) rmSync(join(downloads, file));
  let name;
  const arrived = () =>
    until(
      () =>
        (name = readdirSync(downloads).find(
          (file) => /\.(svg|csv)$/.test(file) && statSync(join(downloads, file)).size > 0,
        )) !== undefined,
      2000,
    );
  for (let tries = 0; tries < 2 && name === undefined; tries++) {
    await page.evaluate(click);
    await arrived();
  }
  return name === undefined ? null : { name, text: readFileSync(join(downloads, name), "utf8") };
}

async function opened(variant, options = {}) {
  const page = await browser.open(address(variant), { downloads, ...options });
  await until(() =>
    page.evaluate(
      "document.querySelectorAll('.canvas svg').length === document.querySelectorAll('.canvas').length",
    ),
  );
  return page;
}

function check_quiet(name, page) {
  const away = page.requests.filter(
    (url) => !url.startsWith("file:") && !url.startsWith("data:") && !url.startsWith("blob:"),
  );
  check(`${name}: no request leaves`, away.length === 0, away);
  check(
    `${name}: only the page itself is read`,
    page.requests.filter((url) => url.startsWith("file:")).length === 1,
    page.requests,
  );
  check(`${name}: the console is empty`, page.complaints.length === 0, page.complaints);
}

const kSections = {
  published: [
    "verdicts",
    "ladder",
    "findings",
    "comparison",
    "distributions",
    "rankings",
    "protocol",
    "data",
    "predictors",
    "methods",
  ],
  reference: [
    "verdicts",
    "ladder",
    "findings",
    "spectrum",
    "comparison",
    "distributions",
    "folds",
    "rankings",
    "twins",
    "learning",
    "protocol",
    "data",
    "predictors",
    "methods",
  ],
  minimal: ["verdicts", "ladder", "findings", "comparison", "data", "predictors", "methods"],
  spectrum: ["spectrum-1", "spectrum-2", "spectrum-3"],
  potency: [
    "verdicts",
    "ladder",
    "findings",
    "assays",
    "cliffs",
    "distance",
    "comparison",
    "data",
    "predictors",
    "methods",
  ],
};
const kTexts = {
  published: [
    "GDSC2 audit: ten published models & <friends>",
    "No twins: no model in this study can be retrained by cupel",
    "No learning curves: no model",
    "No overlap spectrum: this study has no overlap series",
    "best baseline",
    "Not tested by any split",
    "Gain in Pearson r, mean over drugs",
    "= samples used",
    "the sum is exact",
    "R² was computed with swapped arguments",
    "Why a global R² flatters",
    "PASO-like",
    "n/a",
    "undefined",
    "doi:10.1080",
  ],
  reference: [
    "No learning curve over training drugs, drug blind split: no size could be run",
    "Learning curve over training pairs",
    "c (asymptote)",
    "Real features against twins",
    "not reached",
    "Spectral performance curve: Overlap over drugs",
    "Dashed: the same models on random splits of the same sizes",
    "No distribution of similarities: the series came without",
    "This series is no spectrum.",
    "against",
  ],
  minimal: [
    "No scores per drug and per cell line",
    "No ranks and corrected tests",
    "No protocol notes",
    "No replicates",
    "No diagnostics",
    "the axis runs down",
  ],
  spectrum: [
    "Spectra of an invented study & <others>",
    "cupel spectra examples/spectra.yaml",
    "sequences.fasta: 9,700 sequences",
    "The range is partial.",
    "The threshold is near chance.",
    "Levels are missing.",
    "This series is no spectrum.",
    "No size-matched control was run",
    "novelty: 1 − mean global-identity similarity of the nearest training item",
    "copies the nearest training item",
    "some missing",
    "Area under the spectral performance curve",
    "Gain of the models at each level",
    "beyond the control",
    "threshold 0.3",
    "chance (99 %) 0.306",
    "The most similar pairs of a test and a training item",
    "(102 characters)",
    "by the trapezoid rule",
    "n/a",
  ],
  potency: [
    "Invented potency audit: thirty assays & <others>",
    "Scores per assay",
    "Values are means over assays, intervals over assays",
    "SVM ECFP (published)",
    "13 of 30",
    "the reference",
    "against Similarity-weighted 5-NN",
    "of 43 predictors are better than Similarity-weighted 5-NN on most assays",
    "Activity cliffs",
    "compounds as flagged by the column cliff_mol",
    "1,100-fold",
    "order kept",
    "reversed",
    "pKi 8.98, more potent",
    "training · CHEMBL91018",
    "CC(=O)Nc1ccc(cc1)C(F)(F)F",
    "Error against similarity",
    "similarity (ECFP4, 2048 bits, Tanimoto) to the nearest training ligand",
    "Similarity-weighted 5-NN (copies neighbours)",
    "Forest on ECFP (best other baseline)",
    "median 0.630",
    "beyond the interval, of 8 bins of similarity",
    "Every metric is computed over all test rows. Where",
  ],
};
// A page on drugs has nothing of the sections on assays, not even a line on why they are missing.
const kForeign = /activity cliffs|scores per assay|error against similarity/i;
const kCommands = {
  published: "cupel audit examples/published.yaml",
  reference: "cupel audit examples/reference.yaml",
  minimal: "cupel audit examples/minimal.yaml",
  spectrum: "cupel spectra examples/spectra.yaml",
  potency: "cupel audit examples/potency.yaml",
};

try {
  for (const variant of Object.keys(pages)) {
    const page = await opened(variant);
    const text = await page.evaluate(
      "document.getElementById('page').textContent.replace(/\\s+/g, ' ')",
    );
    for (const wanted of kTexts[variant])
      check(`${variant}: says “${wanted}”`, text.includes(wanted));
    check(
      `${variant}: no broken value in the text`,
      !/NaN|\[object|Infinity|\bnull\b/.test(text),
      text.match(/.{30}(NaN|\[object|Infinity|null).{30}/)?.[0],
    );
    check(
      `${variant}: sections of another area are not mentioned`,
      variant === "potency" || !kForeign.test(text),
      text.match(kForeign)?.[0],
    );
    const ids = await page.evaluate(
      "[...document.querySelectorAll('main section')].map((s) => s.id)",
    );
    check(`${variant}: sections in order`, ids.join() === kSections[variant].join(), ids);
    const links = await page.evaluate(
      "[...document.querySelectorAll('nav ol a')].map((a) => a.getAttribute('href').slice(1))",
    );
    check(
      `${variant}: contents list the sections`,
      links.join() === kSections[variant].join(),
      links,
    );
    check(
      `${variant}: the page does not scroll sideways`,
      await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
    );
    writeFileSync(join(out, `${variant}_wide.png`), await page.full_screenshot());

    // Every figure: described, drawn with numbers, and both files.
    const figures = await page.evaluate("document.querySelectorAll('figure').length");
    check(`${variant}: has figures`, figures >= 4, figures);
    for (let i = 0; i < figures; i++) {
      const at = `document.querySelectorAll('figure')[${i}]`;
      const about =
        await page.evaluate(`(() => { const f = ${at}, svg = f.querySelector('svg'); return { label: svg.getAttribute('aria-label'), role: svg.getAttribute('role'),
        summary: document.getElementById(svg.getAttribute('aria-describedby')).textContent, wide: svg.getBoundingClientRect().width, bad: /NaN|[>"]undefined[<"]/.test(svg.outerHTML) }; })()`);
      check(
        `${variant}: figure ${i + 1} is labelled and drawn`,
        about.label &&
          about.role === "img" &&
          about.summary.length > 20 &&
          about.wide > 250 &&
          !about.bad,
        about,
      );
      const svg = await saved(page, `${at}.querySelector('[data-save=svg]').click()`);
      check(
        `${variant}: figure ${i + 1} gives an SVG`,
        svg?.name.endsWith(".svg") &&
          svg.text.startsWith("<svg") &&
          svg.text.includes('xmlns="http://www.w3.org/2000/svg"'),
        svg?.name ?? "no file",
      );
      check(
        `${variant}: SVG of figure ${i + 1} needs no style sheet`,
        svg && !/var\(--(?!plot-background)|<image|href="http/.test(svg.text),
        svg?.text.match(/var\(--[a-z0-9-]+/)?.[0],
      );
      check(
        `${variant}: SVG of figure ${i + 1} is well formed`,
        svg &&
          (await page.evaluate(
            (text) =>
              !new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror"),
            svg.text,
          )),
      );
      const csv = await saved(page, `${at}.querySelector('[data-save=csv]').click()`);
      const lines = csv?.text.trimEnd().split("\r\n") ?? [];
      check(
        `${variant}: figure ${i + 1} gives a CSV`,
        csv?.name.endsWith(".csv") &&
          lines.length > 1 &&
          !/NaN|undefined/.test(lines.slice(1).join("")),
        csv?.name ?? "no file",
      );
    }
    await page.evaluate("document.querySelector('figure .tools button:last-child').click()");
    check(
      `${variant}: a figure shows the command that remakes it`,
      await page
        .evaluate("document.querySelector('figure .command').textContent")
        .then((t) => t.includes(kCommands[variant])),
    );
    check_quiet(variant, page);
  }

  // ---- molecules, maps, and reports that lack a part ------------------------------------------
  {
    const page = await opened("potency");
    const pictures = await page.evaluate(`Promise.all([...document.querySelectorAll('.picture img')].map(async (i) => {
      await i.decode(); const s = getComputedStyle(i.parentElement);
      return { wide: i.naturalWidth, alt: i.alt, ground: s.backgroundColor, own: i.src.startsWith('data:image/svg+xml') }; }))`);
    check(
      "every molecule is drawn as an image of its own on a white ground",
      pictures.length === 11 &&
        pictures.every((p) => p.wide > 0 && p.own && p.ground === "rgb(255, 255, 255)"),
      pictures,
    );
    check(
      "molecules are named for those who do not see them",
      pictures.every((p) => /^Structure of CHEMBL\d+: \S+/.test(p.alt)),
    );
    check(
      "nothing of a picture's ids and styles is in the page",
      await page.evaluate(
        "document.getElementById('atom-1') === null && ![...document.styleSheets].some((s) => [...s.cssRules].some((r) => r.cssText.includes('bond-0')))",
      ),
    );
    const map = await page.evaluate(`(() => {
      const svg = [...document.querySelectorAll('#assays figure')][1].querySelector('svg');
      const cells = [...svg.querySelectorAll('rect')].filter((r) => /gain/.test(r.textContent));
      const of = (name) => cells.filter((r) => r.textContent.startsWith(name + ', '));
      const worst = of('5-NN on shuffled targets'), fill = (r) => r.getAttribute('fill') ?? r.closest('g').getAttribute('fill');
      return { cells: cells.length, worst: worst.length, blue: worst.filter((r) => fill(r).includes('--blind')).length,
        missing: [...svg.querySelectorAll('text')].filter((t) => t.textContent.includes('no value')).length }; })()`);
    check(
      "the map has a cell for every value, blue where copying is better",
      map.cells === 43 * 30 - 3 && map.worst === 30 && map.blue === 30 && map.missing === 3,
      map,
    );
    const chosen = await page.evaluate(`(() => { const s = document.querySelector('#assays select'); s.value = s.options[1].value;
      s.dispatchEvent(new Event('change'));
      return ['#assays figure svg', '#assays caption'].map((e) => document.querySelector(e).textContent.includes('RMSE on cliff compounds')); })()`);
    check("another score can be chosen for all of the section", chosen.every(Boolean), chosen);
    const pairs = await saved(
      page,
      "document.querySelector('#cliffs [aria-label=\"Save the pairs as CSV\"]').click()",
    );
    check(
      "the pairs are given as CSV",
      pairs?.text.trimEnd().split("\r\n").length === 1 + 6 * 4,
      pairs?.name ?? "no file",
    );
    const order = await page.evaluate(`(() => { const t = [...document.querySelectorAll('.pair-plot svg')].map((s) => s.getAttribute('aria-label'));
      return { all: t.length, said: t.filter((x) => /order kept|reversed/.test(x)).length }; })()`);
    check("plots of pairs say the order in words", order.all === 6 && order.said === 6, order);
    check_quiet("potency", page);
    const narrow = await browser.open(address("potency"), { width: 420 });
    await pause(300);
    check(
      "potency: a narrow page does not scroll sideways",
      await narrow.evaluate("document.documentElement.scrollWidth <= innerWidth"),
    );
    writeFileSync(join(out, "potency_narrow.png"), await narrow.full_screenshot());

    // Reports made before there were such sections, and studies without them.
    const full = JSON.parse(readFileSync(join(out, "potency.json"), "utf8"));
    const variants = {
      old: { tasks: undefined, pairs: undefined, distances: undefined },
      empty: { tasks: null, pairs: null, distances: [] },
    };
    for (const [name, change] of Object.entries(variants)) {
      const json = join(out, `potency_${name}.json`);
      const html = join(out, `potency_${name}.html`);
      writeFileSync(json, JSON.stringify({ ...full, ...change }));
      execFileSync(process.execPath, [join(web, "sample/embed.mjs"), json, html]);
      const other = await browser.open(pathToFileURL(html).href);
      await pause(300);
      const text = await other.evaluate("document.getElementById('page').textContent");
      check(
        `a report with ${name} sections is drawn`,
        text.includes("Information ladder") &&
          text.includes("No activity cliffs: the study asks for none") &&
          text.includes("No error against similarity") &&
          !text.includes("Scores per assay"),
      );
      check_quiet(`potency ${name}`, other);
    }
  }

  // ---- titles too long for their panels -------------------------------------------------------
  {
    const full = JSON.parse(readFileSync(join(out, "published.json"), "utf8"));
    full.hypotheses.forEach((x) => {
      x.title = `More than looking up the nearest training compounds, or ${x.title}`;
    });
    const json = join(out, "published_titles.json");
    const html = join(out, "published_titles.html");
    writeFileSync(json, JSON.stringify(full));
    execFileSync(process.execPath, [join(web, "sample/embed.mjs"), json, html]);
    const page = await browser.open(pathToFileURL(html).href);
    await pause(300);
    const titles = await page.evaluate(`(() => {
      const meet = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left) + 1 && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top) + 3;
      return [...document.querySelectorAll('#findings figure .canvas')].map((canvas) => {
        const boxes = [...canvas.querySelectorAll('[font-weight="600"] text')].filter((e) => e.textContent).map((e) => e.getBoundingClientRect());
        const edge = canvas.getBoundingClientRect().right;
        return { n: boxes.length, apart: boxes.every((a, i) => a.right <= edge + 1 && boxes.every((b, k) => k <= i || !meet(a, b))) };
      }); })()`);
    check(
      "long titles of the findings' panels stand apart",
      titles.length > 0 && titles.every((x) => x.n > 1 && x.apart),
      titles,
    );
    check_quiet("long titles", page);
  }

  // ---- keyboard -------------------------------------------------------------------------------
  {
    const page = await opened("published");
    await page.press("Tab");
    check(
      "the first tab stop is the skip link",
      (await page.evaluate("document.activeElement.className")) === "skip",
    );
    check(
      "the focus is visible",
      await page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle !== 'none' && document.activeElement.getBoundingClientRect().left >= 0",
      ),
    );
    await page.press("Enter", "Enter", "\r");
    check(
      "the skip link leads to the report",
      (await page.evaluate("location.hash")) === "#content",
    );
    const column =
      "[...document.querySelectorAll('#comparison thead button')].find((b) => b.textContent.startsWith('RMSE'))";
    const read = () =>
      page.evaluate(`(() => { const b = ${column}, i = [...b.closest('tr').cells].indexOf(b.closest('th'));
      return { order: b.closest('th').getAttribute('aria-sort'), values: [...b.closest('table').tBodies[0].rows].map((r) => parseFloat(r.cells[i].textContent)) }; })()`);
    await page.evaluate(`${column}.focus()`);
    await page.press("Enter", "Enter", "\r");
    const down = await read();
    check(
      "Enter on a head sorts downwards",
      down.order === "descending" &&
        down.values.every((v, i) => i === 0 || down.values[i - 1] >= v),
      down,
    );
    await page.press(" ", "Space", " ");
    const up = await read();
    check(
      "Space sorts the other way",
      up.order === "ascending" && up.values.every((v, i) => i === 0 || up.values[i - 1] <= v),
      up,
    );
    check(
      "the focus stays on the head",
      await page.evaluate(`document.activeElement === ${column}`),
    );
    await page.evaluate("document.querySelector('#verdicts .toggle').focus()");
    await page.press("Enter", "Enter", "\r");
    check(
      "a row opens by keyboard",
      await page.evaluate(
        "document.querySelector('#verdicts .toggle').getAttribute('aria-expanded') === 'true' && !document.querySelector('#verdicts tr.detail').hidden",
      ),
    );
    check(
      "every control has a name",
      await page.evaluate(
        "[...document.querySelectorAll('button, select, input, a')].every((e) => (e.textContent || e.getAttribute('aria-label') || e.closest('label')?.textContent || '').trim())",
      ),
    );
    check(
      "ids are unique",
      await page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return new Set(ids).size === ids.length; })()",
      ),
    );

    // ---- choosing and searching ---------------------------------------------------------------
    const chosen =
      await page.evaluate(`(() => { const s = [...document.querySelectorAll('#comparison select')][0]; s.value = 'rmse'; s.dispatchEvent(new Event('change'));
      return document.querySelector('#comparison figure svg').textContent.includes('RMSE'); })()`);
    check("the metric can be chosen", chosen);
    const found =
      await page.evaluate(`(() => { const s = document.querySelector('.searchable input'); s.value = 'oxozeaenol'; s.dispatchEvent(new Event('input'));
      return [...document.querySelectorAll('.searchable tbody tr')].map((r) => r.cells[0].textContent); })()`);
    check(
      "a drug is found by a part of its name, and names stay text",
      found.length === 1 && found[0].includes("<b>long systematic name, <!--<script>"),
      found,
    );
    const all =
      await page.evaluate(`(() => { const s = document.querySelector('.searchable input'); s.value = ''; s.dispatchEvent(new Event('input'));
      document.querySelector('.searchable .more button').click(); return document.querySelectorAll('.searchable tbody tr').length; })()`);
    check("all drugs are listed on request", all === 233, all);
    check_quiet("keyboard", page);
  }

  // ---- dark, narrow, paper --------------------------------------------------------------------
  {
    const page = await opened("reference", {
      features: [{ name: "prefers-color-scheme", value: "dark" }],
    });
    const luminance = () =>
      page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)",
      );
    check("dark follows the system", (await luminance()) < 150);
    writeFileSync(join(out, "reference_dark.png"), await page.full_screenshot());
    const svg = await saved(page, "document.querySelector('[data-save=svg]').click()");
    check(
      "a figure saved from the dark page has the colours of paper",
      svg?.text.includes("#0072b2") && !svg.text.includes("#56b4e9"),
    );
    writeFileSync(join(out, "reference_dark.pdf"), await page.pdf());
    check(
      "paper is white even from the dark page",
      (await page
        .send("Emulation.setEmulatedMedia", {
          media: "print",
          features: [{ name: "prefers-color-scheme", value: "dark" }],
        })
        .then(luminance)) > 700,
    );
    check(
      "paper has no contents list and opens what is folded",
      await page.evaluate(
        "getComputedStyle(document.querySelector('nav')).display === 'none' && [...document.querySelectorAll('.tools')].every((e) => getComputedStyle(e).display === 'none')",
      ),
    );
    await page.send("Emulation.setEmulatedMedia", {
      media: "screen",
      features: [{ name: "prefers-color-scheme", value: "dark" }], // as the page was opened
    });
    await page.evaluate(
      "[...document.querySelectorAll('.page-tools button')].find((b) => b.textContent.includes('Light')).click()",
    );
    check("the toggle gives light colours", (await luminance()) > 700);
    check_quiet("dark", page);
  }
  for (const variant of ["published", "reference", "spectrum"]) {
    const page = await opened(variant, { width: 420, height: 900 });
    check(
      `${variant}: nothing sticks out at 420 pixels`,
      await page.evaluate("document.documentElement.scrollWidth <= 420"),
      await page.evaluate("document.documentElement.scrollWidth"),
    );
    writeFileSync(join(out, `${variant}_narrow.png`), await page.full_screenshot());
    check_quiet(`${variant} narrow`, page);
    const paper = await opened(variant);
    await paper.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    check(
      `${variant}: paper opens every fold`,
      await paper.evaluate("document.querySelectorAll('details:not([open])').length === 0"),
    );
    await paper.evaluate("window.dispatchEvent(new Event('afterprint'))");
    const pdf = await paper.pdf();
    writeFileSync(join(out, `${variant}.pdf`), pdf);
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    check(
      `${variant}: prints on a reasonable number of pages`,
      sheets >= 4 && sheets <= 45,
      sheets,
    );
    check_quiet(`${variant} paper`, paper);
  }

  // ---- the spectrum ---------------------------------------------------------------------------
  {
    const page = await opened("spectrum");
    const figure = "document.querySelector('#spectrum-2 figure')";
    const marks = () =>
      page.evaluate(
        `(() => { const svg = ${figure}.querySelector('svg'); return { dashed: svg.querySelectorAll('[stroke-dasharray]').length, dots: svg.querySelectorAll('[aria-label=dot] path, [aria-label=dot] circle').length, labels: [...svg.querySelectorAll('text')].map((t) => t.firstChild?.textContent ?? '') }; })()`,
      );
    const click = (label) =>
      page.evaluate(
        `[...${figure}.querySelectorAll('.controls label')].find((l) => l.textContent.includes('${label}')).querySelector('input').click()`,
      );
    const all = await marks();
    check(
      "every level is a tick of the axis",
      ["0.95", "0.8", "0.65", "0.5", "0.35", "0.2", "0.1", "0"].every((t) =>
        all.labels.includes(t),
      ),
      all.labels,
    );
    check(
      "the most overlap is at the left",
      await page.evaluate(
        `(() => { const at = (text) => [...${figure}.querySelectorAll('svg text')].find((t) => t.textContent === text).getBoundingClientRect().left; return at('0.95') < at('0.5') && at('0.5') < at('0.1'); })()`,
      ),
    );
    check(
      "curves are labelled",
      all.labels.includes("Drug + cell mean (additive) (best blind)") &&
        all.labels.includes("Nearest training drug, copied") &&
        all.labels.includes("Tissue mean"),
      all.labels,
    );
    await click("control");
    const without = await marks();
    check("the control can be hidden", without.dashed < all.dashed && without.dots < all.dots, {
      all: [all.dashed, all.dots],
      without: [without.dashed, without.dots],
    });
    await click("Others");
    check("other baselines can be hidden", !(await marks()).labels.includes("Tissue mean"));
    await click("control");
    const focused = await page.evaluate(
      `(() => { const s = ${figure}.querySelector('select'); s.value = 'xgboost'; s.dispatchEvent(new Event('change')); return [...${figure}.querySelectorAll('svg text')].map((t) => t.firstChild?.textContent ?? ''); })()`,
    );
    check(
      "one model can be looked at alone",
      focused.includes("XGBoost") && !focused.some((t) => t.startsWith("Graph network")),
      focused,
    );
    check(
      "three levels of an imported series make a page",
      await page.evaluate("document.querySelectorAll('#spectrum-3 figure').length === 3"),
      await page.evaluate("document.querySelectorAll('#spectrum-3 figure').length"),
    );
    check_quiet("spectrum controls", page);
  }

  // ---- data that the page cannot read ---------------------------------------------------------
  {
    const broken = join(out, "broken.html");
    writeFileSync(
      broken,
      source.replace("__CUPEL_REPORT_JSON__", '{"schema": "cupel-report", "schema_version": 2}'),
    );
    const page = await browser.open(pathToFileURL(broken).href);
    check(
      "another version of the data is refused in words",
      await page
        .evaluate("document.querySelector('[role=alert]')?.textContent ?? ''")
        .then((t) => t.includes("version 2")),
    );
  }
} finally {
  await browser.close();
}
console.log(
  failures === 0
    ? `all checks hold; pictures in ${out}`
    : `${failures} checks failed; pictures in ${out}`,
);
process.exit(failures === 0 ? 0 : 1);
