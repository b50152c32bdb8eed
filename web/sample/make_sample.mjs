// Writes an invented but realistic report.json, the same bytes at every run, for work on the page.
//   node sample/make_sample.mjs VARIANT [OUT]
// VARIANT: published (ten models, one split of ten folds), reference (three splits, twins and
// learning curves, two overlap spectra), minimal (one model, nearly every section empty), spectrum
// (what `cupel spectra` writes), potency (thirty assays, published scores, activity cliffs). OUT: a
// file, default stdout.
// Every name and number is made up; none is a result.
import { writeFileSync } from "node:fs";
import { make_random, sha } from "./random.mjs";
import { curves_of, twins_of } from "./retraining.mjs";
import { potency_report } from "./potency.mjs";
import { drug_spectrum, imported_spectrum, spectrum_report } from "./spectra.mjs";
import {
  kBaselines,
  kHypotheses,
  kMetrics,
  kPublished,
  kReference,
  kSplits,
  texts,
} from "./catalogue.mjs";

const variant = process.argv[2] ?? "published";
if (!["published", "reference", "minimal", "spectrum", "potency"].includes(variant)) {
  console.error(`unknown variant '${variant}': published, reference, minimal, spectrum or potency`);
  process.exit(2);
}
function write(report) {
  writeFileSync(process.argv[3] ?? "/dev/stdout", JSON.stringify(report));
}
if (variant === "spectrum" || variant === "potency") {
  write(variant === "spectrum" ? spectrum_report() : potency_report());
  process.exit(0);
}
const random = make_random(20240611);
const is_minimal = variant === "minimal";
const models =
  variant === "published" ? kPublished : is_minimal ? kPublished.slice(0, 1) : kReference;
const baselines = is_minimal
  ? kBaselines.filter((b) => ["global_mean", "drug_mean"].includes(b.name))
  : kBaselines;
const splits = variant === "reference" ? kSplits : kSplits.slice(0, 1);
const predictors = [...baselines, ...models];
const kTargetSd = 2.79;
const n_folds = is_minimal ? 1 : 10;

const drugs = Array.from({ length: is_minimal ? 3 : 233 }, (_, i) =>
  i === 4
    ? "(5Z)-7-Oxozeaenol <b>long systematic name, <!--<script> an ingredient of Hypothemycin & co.</b>"
    : drug_name(i),
);
const cells = Array.from(
  { length: is_minimal ? 4 : 688 },
  (_, i) => `${["NCI-H", "HCC", "SNU-", "COLO-", "KYSE-"][i % 5]}${11 + i * 7}`,
);
function drug_name(i) {
  const heads = [
    "Afa",
    "Bosu",
    "Cri",
    "Dasa",
    "Erlo",
    "Fora",
    "Gefi",
    "Ibru",
    "Lapa",
    "Nilo",
    "Pona",
    "Ruca",
    "Sora",
    "Tram",
    "Vemu",
  ];
  const tails = [
    "tinib",
    "parib",
    "ciclib",
    "metinib",
    "lisib",
    "taxel",
    "rubicin",
    "zomib",
    "stat",
    "fenib",
    "degib",
    "platin",
    "trexed",
    "mycin",
    "xantrone",
    "zolamide",
  ];
  return (
    heads[i % heads.length] +
    tails[Math.floor(i / heads.length) % tails.length] +
    (i > 200 ? ` (re-screen ${i})` : "")
  );
}

const quality = (p, split) => p.r2[split.name] ?? null; // true R2; null: cannot be computed
const value_of = (metric, r2, noise) => {
  if (r2 === null) return null;
  const q = Math.max(
    -1.5,
    r2 + noise > 0.9 ? 1 - 0.1 * Math.exp(-10 * (r2 + noise - 0.9)) : r2 + noise,
  );
  const r = Math.sqrt(Math.max(0, q));
  switch (metric) {
    case "r2":
      return q;
    case "rmse":
      return kTargetSd * Math.sqrt(1 - q);
    case "mae":
      return kTargetSd * Math.sqrt(1 - q) * 0.76;
    case "pearson":
      return r;
    case "spearman":
      return 0.96 * r;
    case "kendall":
      return 0.8 * r;
    case "r2_without_means":
      return q < 0.8 ? -0.2 + 0.2 * q : (q - 0.811) * 4.8;
    case "auroc":
      return 0.5 + 0.44 * r;
    case "auprc":
      return 0.31 + 0.55 * r;
    case "mcc":
      return 0.7 * r;
    default:
      throw new Error(metric);
  }
};
const group_r2 = (r2) => (r2 === null ? null : Math.max(-0.9, (r2 - 0.72) * 3.4));
const summarise = (values) => {
  const known = values.filter((v) => v !== null);
  if (known.length === 0) return { mean: null, sd: null, low: null, high: null };
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const sd =
    known.length < 2
      ? null
      : Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / (known.length - 1));
  const half = 1.3 * (sd ?? 0.02) + 0.003 * Math.abs(mean);
  return { mean, sd, low: mean - half, high: mean + half };
};

const scores = [];
for (const split of splits) {
  for (const p of predictors) {
    const folds = Array.from({ length: n_folds }, () => 0.005 * random.normal());
    for (const metric of kMetrics) {
      for (const kind of ["all", "macro_drug", "macro_cell"]) {
        const r2 = quality(p, split);
        const base =
          kind === "macro_drug"
            ? group_r2(r2)
            : kind === "macro_cell" && r2 !== null
              ? Math.min(0.96, r2 * 0.97)
              : r2;
        const constant =
          p.name === "global_mean" || (p.name === "drug_mean" && kind === "macro_drug");
        const undefined_here = constant && ["pearson", "spearman", "kendall"].includes(metric.name);
        const values = folds.map((noise, i) =>
          undefined_here || (i === 3 && p.name === "published_svm" && metric.name === "mcc")
            ? null
            : value_of(metric.name, base, noise),
        );
        const n_groups = kind === "macro_drug" ? drugs.length : cells.length;
        const n_undefined = undefined_here
          ? kind === "all"
            ? n_folds
            : n_groups
          : kind === "macro_drug"
            ? 3
            : 0;
        scores.push({
          split: split.name,
          predictor: p.name,
          metric: metric.name,
          group_kind: kind,
          ...summarise(values),
          n: kind === "all" ? 141222 : n_groups - (kind === "all" ? 0 : n_undefined),
          n_undefined,
          values,
        });
      }
    }
  }
}

const groups = [];
if (!is_minimal)
  for (const split of splits)
    for (const p of predictors)
      for (const metric of ["r2", "rmse", "pearson"]) {
        for (const [kind, names] of [
          ["drug", drugs],
          ["cell", cells],
        ]) {
          const r2 = quality(p, split);
          const constant =
            metric === "pearson" &&
            (p.name === "global_mean" || (kind === "drug" && p.name === "drug_mean"));
          const local = make_random(names.length * 31 + metric.length); // groups are hard or easy for all
          const values = names.map((_, i) => {
            const shared = local.normal();
            if (constant || r2 === null || i === 17) return null;
            const base = kind === "drug" ? group_r2(r2) : Math.min(0.95, r2 * 0.97);
            return round(value_of(metric, base, 0.13 * shared + 0.04 * random.normal()));
          });
          groups.push({
            split: split.name,
            predictor: p.name,
            metric,
            group_kind: kind,
            groups: names,
            values,
            n: names.map((_, i) =>
              kind === "drug" ? 380 + ((i * 37) % 300) : 120 + ((i * 13) % 113),
            ),
          });
        }
      }
function round(v) {
  return v === null ? null : Number(v.toPrecision(6));
}

const blind = (split, hypothesis) => {
  const able = baselines.filter(
    (b) => hypothesis.blind.includes(b.rung) && quality(b, split) !== null,
  );
  return able.reduce((best, b) => (quality(b, split) > quality(best, split) ? b : best));
};
const findings = [];
const kMargin = 0.02;
for (const split of splits)
  for (const hypothesis of kHypotheses.filter((h) => !is_minimal || h.id === "beyond_distribution"))
    for (const p of models) {
      const against = blind(split, hypothesis);
      const known = quality(p, split) !== null;
      const difference = known
        ? quality(p, split) - quality(against, split) + 0.001 * random.normal()
        : null;
      const half = 0.006 + 0.006 * random.uniform() + (p.name === "published_svm" ? 0.03 : 0);
      const [low, high] = known ? [difference - half, difference + half] : [null, null];
      const verdict = !known
        ? "cannot tell"
        : low > kMargin
          ? "learned"
          : high < 0
            ? "worse"
            : high < kMargin
              ? "not shown"
              : "cannot tell";
      const share = known
        ? Math.max(0, Math.min(1.2, quality(against, split) / quality(p, split)))
        : null;
      findings.push({
        hypothesis: hypothesis.id,
        predictor: p.name,
        against: against.name,
        split: split.name,
        metric: "r2",
        unit: split.unit,
        estimate: difference,
        low,
        high,
        margin: kMargin,
        p_value: known ? Math.min(1, Math.exp(-Math.abs(difference / half) * 4)) : null,
        p_adjusted: known ? Math.min(1, 10 * Math.exp(-Math.abs(difference / half) * 4)) : null,
        minimum_detectable: known ? 1.43 * half : null,
        share_explained: share,
        share_low: known ? share - 0.01 : null,
        share_high: known ? share + 0.012 : null,
        n_rows: known ? 141222 : 0,
        n_units: split.unit === "drug" ? 233 : 688,
        verdict,
        sentence: texts.finding(p.title, against.title, split.name, verdict, difference),
        recommendation: texts.recommendation(verdict),
      });
    }
// What no split tests: contrasts without a split; and a second metric, over groups.
const tested = findings.filter((f) => f.hypothesis === "beyond_distribution");
if (variant === "published") {
  for (const f of findings) {
    if (f.hypothesis !== "drug_chemistry") continue;
    for (const key of ["estimate", "low", "high", "margin", "p_value", "p_adjusted"]) f[key] = null;
    for (const key of ["minimum_detectable", "share_explained", "share_low", "share_high"]) {
      f[key] = null;
    }
    Object.assign(f, { split: "", against: "", unit: "", n_rows: 0, n_units: 0 });
    f.verdict = "cannot tell";
    f.sentence = "No split of this study tests it.";
    f.recommendation = "Add a drug-blind split.";
  }
  for (const f of tested) {
    findings.push({ ...f, metric: "macro_drug_pearson", unit: "drug and cell", margin: 0.007 });
  }
}
const summaries = models.map((p) => {
  const own = findings.filter((f) => f.predictor === p.name && f.metric !== "macro_drug_pearson");
  return {
    predictor: p.name,
    title: p.title,
    verdicts: own.map((f) => ({
      hypothesis: f.hypothesis,
      title: kHypotheses.find((h) => h.id === f.hypothesis).title,
      split: f.split,
      verdict: f.verdict,
      sentence: f.sentence,
    })),
    sentence: texts.model(p.title, own),
    recommendations: [...new Set(own.map((f) => f.recommendation))].slice(0, 3),
    flags: p.flags ?? [],
  };
});

const kRungs = ["null", "means", "identities", "constrained", "full", "model", "ceiling"];
const ladder_metric = is_minimal ? "rmse" : "r2";
const ladders = splits.map((split) => {
  const steps = predictors.map((p) => {
    const s = scores.find(
      (x) =>
        x.split === split.name &&
        x.predictor === p.name &&
        x.metric === ladder_metric &&
        x.group_kind === "all",
    );
    return {
      predictor: p.name,
      title: p.title,
      rung: p.rung,
      value: s.mean,
      low: s.low,
      high: s.high,
      is_model: models.includes(p),
      best_of_rung: false,
    };
  });
  steps.sort(
    (a, b) => kRungs.indexOf(a.rung) - kRungs.indexOf(b.rung) || (a.value ?? -9) - (b.value ?? -9),
  );
  for (const rung of kRungs) {
    const own = steps.filter((s) => s.rung === rung && s.value !== null);
    const better = (a, b) => (ladder_metric === "rmse" ? b.value < a.value : b.value > a.value);
    if (own.length) own.reduce((a, b) => (better(a, b) ? b : a)).best_of_rung = true;
  }
  return {
    split: split.name,
    metric: ladder_metric,
    higher_is_better: ladder_metric === "r2",
    ceiling: split.name === "drug_blind" || is_minimal ? null : 0.936,
    steps,
  };
});

// 5 x 5 folds of the first split, five predictors; no number is a result.
function repeated_folds() {
  const chosen = [...models, ...predictors.filter((p) => !models.includes(p))].slice(0, 5);
  const of = (p, i, against, sign) => ({
    predictor: p.name,
    against: against.name,
    difference: sign * 0.03 * i,
    low: sign * 0.03 * i - 0.02,
    high: sign * 0.03 * i + 0.02,
    p_adjusted: i > 0 ? 0.2 / 10 ** (2 * (i - 1)) : 1,
    p_corrected: i > 0 ? 0.3 / 10 ** (i - 1) : 1,
    effect_size: sign * 0.8 * i,
  });
  const rest = chosen.slice(1);
  return {
    split: splits[0].name,
    metric: "rmse",
    higher_is_better: false,
    confidence: 0.95,
    n_folds: 25,
    n_repeats: 5,
    f: 63.2,
    degrees_of_freedom: 4,
    degrees_of_freedom_error: 96,
    p_value: 2e-26,
    epsilon: 0.62,
    p_value_corrected: 3e-17,
    variance_ratio: 3.7,
    levene_p_value: 0.042,
    best: chosen[0].name,
    neighbour: null,
    predictors: chosen.map((p, i) => ({
      predictor: p.name,
      title: p.title,
      is_model: models.includes(p),
      mean: 1.2 + 0.03 * i,
      sd: 0.04,
    })),
    against_best: rest.map((p, i) => of(p, i + 1, chosen[0], -1)),
    against_neighbour: [],
    sentence: `Over 25 folds (5 repeats), ${chosen[0].title} has the best mean rmse; Tukey's test does not tell ${rest[0].title} from it.`,
    cautions: ["The largest variance over folds is 3.7 times the smallest."],
  };
}

const rankings = is_minimal
  ? []
  : splits.map((split) => {
      const order = predictors
        .filter((p) => quality(p, split) !== null)
        .sort((a, b) => quality(b, split) - quality(a, split));
      const ranks = order
        .map((p, i) => ({
          predictor: p.name,
          title: p.title,
          rank: Math.max(1, Math.min(order.length, i + 1 + 0.3 * random.normal())),
          is_model: models.includes(p),
        }))
        .sort((a, b) => a.rank - b.rank);
      const cliques = [];
      for (let i = 0; i + 2 < ranks.length; i += 4)
        cliques.push(ranks.slice(i, i + 5).map((r) => r.predictor));
      return {
        split: split.name,
        metric: "rmse",
        n_blocks: n_folds,
        chi2: 197.3,
        p_value: 4e-31,
        critical_difference: 4.71,
        ranks,
        cliques,
      };
    });
const corrected_tests = is_minimal
  ? []
  : findings
      .filter((f) => f.hypothesis === "beyond_distribution")
      .map((f) => ({
        split: f.split,
        metric: "r2",
        predictor: f.predictor,
        against: f.against,
        difference: f.estimate,
        low: f.low,
        high: f.high,
        p_value: f.p_value,
        p_adjusted: f.p_adjusted,
        n_folds,
      }));

const report = {
  schema: "cupel-report",
  schema_version: 1,
  cupel_version: "0.1.0",
  study: {
    title: texts.title[variant],
    area: "drug_response",
    hash: sha("study" + variant),
    file: `examples/${variant}.yaml`,
    command: `cupel audit examples/${variant}.yaml --out reports/${variant} --seed 1`,
    seed: 1,
    primary_metric: "r2",
    confidence: 0.95,
    draws: 2000,
    margin: { metric: "r2", value: kMargin, relative: false },
  },
  summary: {
    headline: texts.headline[variant],
    sentences: texts.sentences[variant],
    models: summaries,
  },
  data: texts.data(is_minimal, drugs.length, cells.length, random),
  diagnostics: is_minimal ? [] : texts.diagnostics,
  splits: splits.map((s) => ({
    name: s.name,
    scheme: s.scheme,
    blind_to: s.blind_to,
    description: s.description,
    folds: Array.from({ length: n_folds }, (_, i) => ({
      fold: i,
      repeat: 0,
      seed: 1,
      sha256: sha(s.name + i),
      n_train: 112978 + i,
      n_validation: 14122,
      n_test: 14122 - i,
      n_left_out: s.name === "both_blind" ? 25000 : 0,
      left_out:
        s.name === "both_blind"
          ? [{ reason: "pair of a training drug and a test cell line", n: 25000 }]
          : [],
    })),
  })),
  predictors: predictors.map(({ r2, flags, curve, ...p }) => ({
    is_model: models.some((m) => m.name === p.name),
    is_oracle: false,
    trainable: true,
    twin_of: "",
    parameters: "",
    source: "",
    fallback: "",
    diagnostics: [],
    ...p,
  })),
  metrics: kMetrics,
  scores,
  groups,
  hypotheses: kHypotheses.map(({ blind: _, ...h }) => h),
  findings,
  ladders,
  rankings,
  multiple_comparison: variant === "reference" ? [repeated_folds()] : [],
  corrected_tests,
  twins: variant === "reference" ? twins_of(splits, random) : [],
  learning_curves: variant === "reference" ? curves_of(random) : [],
  spectra: variant === "reference" ? [drug_spectrum(), imported_spectrum()] : [],
  protocol: is_minimal ? [] : texts.protocol(variant),
  explanations: is_minimal ? [] : texts.explanations,
  methods: texts.methods,
  timings: {
    total_s: 87.3,
    stages: [
      ["read and join", 1.9],
      ["splits", 0.3],
      ["baselines", 38.2],
      ["metrics", 9.4],
      ["bootstrap", 31.8],
      ["report", 1.1],
    ].map(([name, seconds]) => ({ name, seconds })),
    n_threads: 2,
    peak_memory_mib: 1432,
    date: "2026-03-02T10:15:00Z",
  },
};
if (is_minimal) Object.assign(report.data, { variance: [], histogram: { edges: [], counts: [] } });
write(report);
