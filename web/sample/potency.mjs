// An invented report on ligand potency: thirty assays, baselines from the median to forests, two models
// with predictions, twenty-four with published scores, cliff pairs and error against similarity.
// Every name of a molecule, model and number is made up; none is a result.
import { make_random, sha } from "./random.mjs";

const kTasks = Array.from(
  { length: 30 },
  (_, i) => `CHEMBL${[18, 204, 214, 21, 228, 233, 4616, 1862][i % 8]}${10 + i}_${i % 3 ? "Ki" : "EC50"}`,
);
const kGrid = Array.from({ length: 41 }, (_, i) => i / 40);
const kBins = [
  [0, 0.3, 121],
  [0.3, 0.4, 512],
  [0.4, 0.5, 1204],
  [0.5, 0.6, 2103],
  [0.6, 0.7, 2611],
  [0.7, 0.8, 1984],
  [0.8, 0.9, 944],
  [0.9, 1, 323],
].map(([low, high, n]) => ({ low, high, n }));

const p = (name, title, rung, sees, error, more = {}) => ({ name, title, rung, sees, error, ...more });
const kBaselines = [
  p("global_mean", "Mean", "null", ["targets"], 1.13),
  p("median", "Median", "null", ["targets"], 1.14),
  p("y_randomised_knn", "5-NN on shuffled targets", "null", ["targets"], 1.22),
  p("heavy_atoms", "Heavy atoms (OLS)", "constrained", ["targets", "size"], 1.09),
  p("molecular_weight", "Molecular weight (OLS)", "constrained", ["targets", "size"], 1.08),
  p("logp", "Crippen logP (OLS)", "constrained", ["targets", "size"], 1.1),
  p("tpsa", "TPSA (OLS)", "constrained", ["targets", "size"], 1.11),
  p("scaffold_mean", "Scaffold mean", "means", ["targets", "scaffold"], 0.93),
  p("physchem_ridge", "Ridge on physchem", "constrained", ["targets", "physchem"], 0.99),
  p("physchem_forest", "Forest on physchem", "constrained", ["targets", "physchem"], 0.81),
  p("nearest_1", "1-NN", "constrained", ["targets", "neighbours"], 0.83),
  p("knn_5", "5-NN", "constrained", ["targets", "neighbours"], 0.74),
  p("knn_weighted", "Similarity-weighted 5-NN", "constrained", ["targets", "neighbours"], 0.72),
  p("maccs_forest", "Forest on MACCS", "full", ["targets", "fingerprint"], 0.76),
  p("ecfp_ridge", "Ridge on ECFP", "full", ["targets", "fingerprint"], 0.75),
  p("ecfp_boosting", "Boosting on ECFP", "full", ["targets", "fingerprint"], 0.7),
  p("ecfp_forest", "Forest on ECFP", "full", ["targets", "fingerprint"], 0.69),
];
const kAll = ["targets", "size", "scaffold", "physchem", "neighbours", "fingerprint", "ligand_graph"];
const kModels = [
  p("mine", "My graph network", "model", kAll, 0.71),
  p("finetuned", "Fine-tuned <chemical> language model & friends", "model", kAll, 0.78),
];
const kMethods = ["SVM", "GBM", "RF", "KNN", "MLP", "AFP", "CNN", "GAT", "GCN", "LSTM", "MPNN", "TRANS"];
const kDescriptors = ["ECFP", "MACCS"];
const kPublished = kMethods.flatMap((method, i) =>
  kDescriptors.map((descriptor, k) =>
    p(`${method}_${descriptor}`, `${method} ${descriptor}`, "model", kAll, 0.68 + 0.032 * i + 0.06 * k, {
      is_published: true,
      source: "invented table",
    }),
  ),
);
const kPredictors = [...kBaselines, ...kModels, ...kPublished];
const is_model = (x) => x.rung === "model";
const estimate = (value, half) =>
  value === null ? { value: null, low: null, high: null } : { value, low: value - half, high: value + half };
const mean = (values) => {
  const known = values.filter((v) => v !== null);
  return known.reduce((a, b) => a + b, 0) / known.length;
};

function tables(random) {
  const hard = kTasks.map(() => 0.75 + 0.5 * random.uniform());
  return ["rmse", "rmse_cliff"].map((metric) => {
    const factor = metric === "rmse" ? 1 : 1.16;
    return {
      split: "given",
      metric,
      higher_is_better: false,
      tasks: kTasks,
      n_test: kTasks.map((_, i) => 120 + 23 * ((i * 7) % 30)),
      predictors: kPredictors.map((x) => {
        const values = hard.map((h, t) =>
          x.name === "TRANS_MACCS" && t > 26 ? null : factor * x.error * h * (1 + 0.06 * random.normal()),
        );
        return {
          name: x.name,
          title: x.title,
          rung: x.rung,
          is_model: is_model(x),
          is_published: !!x.is_published,
          mean: estimate(mean(values), 0.045),
          values,
        };
      }),
    };
  });
}

const verdict_of = (low, high) => (low > 0.02 ? "learned" : high < 0 ? "worse" : high < 0.02 ? "not shown" : "cannot tell");
function contrasts(all) {
  return all.flatMap((table) => {
    const one = (model, against, hypothesis) => {
      const bar = table.predictors.find((x) => x.name === against);
      const pairs = model.values
        .map((v, t) => (v === null ? null : bar.values[t] - v))
        .filter((v) => v !== null);
      const value = mean(pairs);
      const difference = estimate(value, 0.03);
      const n_better = pairs.filter((v) => v > 0).length;
      return {
        split: table.split,
        metric: table.metric,
        hypothesis,
        model: model.name,
        against,
        is_published: model.is_published,
        n_tasks: pairs.length,
        n_better,
        n_worse: pairs.length - n_better,
        difference,
        p_value: Math.exp(-40 * Math.abs(value)),
        p_adjusted: Math.min(1, 26 * Math.exp(-40 * Math.abs(value))),
        margin: 0.02,
        verdict: verdict_of(difference.low, difference.high),
        sentence: `${model.title} has the lower RMSE than ${bar.title} on ${n_better} of ${pairs.length} assays (mean gain ${value.toFixed(3)}).`,
        recommendation: "Report the gain over neighbours in every assay, not the raw score alone.",
      };
    };
    return table.predictors
      .filter((x) => x.is_model)
      .flatMap((model) => [one(model, "knn_weighted", "beyond_neighbours"), one(model, "knn_weighted", "")]);
  });
}

/// A ring with a tail, as a depiction of a molecule would write it: styles, a white ground, classes.
function picture(random) {
  const corner = (k, r = 42) => [
    (90 + r * Math.cos((Math.PI * k) / 3 + 0.5)).toFixed(1),
    (80 + r * Math.sin((Math.PI * k) / 3 + 0.5)).toFixed(1),
  ];
  const bond = (a, b) =>
    `<path class='bond-0' d='M ${a.join(",")} L ${b.join(",")}' style='fill:none;stroke:#000000;stroke-width:2.0px' />`;
  const ring = Array.from({ length: 6 }, (_, k) => bond(corner(k), corner(k + 1)));
  const tail = [];
  let at = corner(0);
  for (let k = 0; k < 2 + Math.floor(3 * random.uniform()); k++) {
    const next = [(Number(at[0]) + 26).toFixed(1), (Number(at[1]) + (k % 2 ? 18 : -18)).toFixed(1)];
    tail.push(bond(at, next));
    at = next;
  }
  const letter = ["N", "O", "F", "Cl"][Math.floor(4 * random.uniform())];
  return `<svg xmlns='http://www.w3.org/2000/svg' version='1.1' width='260px' height='190px' viewBox='0 0 260 190'>
<style>.bond-0 { stroke-linecap: round; } text { font-family: sans-serif }</style>
<rect style='opacity:1.0;fill:#FFFFFF;stroke:none' width='260' height='190' x='0' y='0' />
${ring.join("\n")}\n${tail.join("\n")}
<text id='atom-1' x='${at[0]}' y='${at[1]}' style='font-size:17px;fill:#4284F4'>${letter}</text></svg>`;
}

function pair_section(random) {
  const scored = [...kBaselines, ...kModels];
  return {
    block: "cliff",
    rule: "pairs by the rule moleculeace; compounds as flagged by the column cliff_mol",
    scores: scored.map((x) => {
      const cliff = 1.14 * x.error * (1 + 0.02 * random.normal());
      const other = 0.92 * x.error * (1 + 0.02 * random.normal());
      const right = x.rung === "null" ? 0.5 : 0.5 + 0.42 * (1.2 - x.error);
      return {
        split: "given",
        predictor: x.name,
        title: x.title,
        is_model: is_model(x),
        rmse_cliff: estimate(cliff, 0.02),
        rmse_noncliff: estimate(other, 0.016),
        gap: estimate(cliff - other, 0.022),
        sign_accuracy: estimate(right, 0.025),
        sign_accuracy_to_train: x.name === "median" ? estimate(null) : estimate(right + 0.08, 0.012),
        n_cliff: 3829,
        n_noncliff: 5973,
        n_pairs: 1621,
        n_pairs_to_train: 9120,
      };
    }),
    shown: Array.from({ length: 6 }, (_, k) => {
      const high = 8.2 + 1.2 * random.uniform();
      const low = high - 2.1 - random.uniform();
      const member = (target, which) => ({
        id: `CHEMBL${91000 + 17 * k + which}`,
        text: which ? "CC(=O)Nc1ccc(cc1)C(F)(F)F" : "CC(=O)Nc1ccc(cc1)C(F)(F)F.invented<&>",
        svg: k === 5 && which ? "" : picture(random),
        target,
        is_test: which === 0 || k % 3 !== 1,
      });
      const middle = (high + low) / 2;
      return {
        split: "given",
        task: kTasks[k],
        first: member(high, 0),
        second: member(low, 1),
        predictions: ["mine", "finetuned", "knn_weighted", "ecfp_forest"].map((name, i) => ({
          predictor: name,
          title: kPredictors.find((x) => x.name === name).title,
          first: middle + 0.35 * random.normal() + 0.3 * (i === 0),
          second: k % 3 === 1 ? null : middle + 0.35 * random.normal(),
        })),
      };
    }),
    sentences: [
      "On cliff compounds My graph network has an RMSE of 0.81 [0.79, 0.83], similarity-weighted 5-NN of 0.82 [0.80, 0.84].",
    ],
  };
}

function distance_section(random) {
  const shown = [...kBaselines, ...kModels].filter((x) => x.name !== "y_randomised_knn");
  const error = (x, near) =>
    x.rung === "null"
      ? x.error * (1 + 0.05 * Math.sin(5 * near))
      : x.error * (1.42 - 0.72 * near + (is_model(x) ? -0.1 * (0.6 - near) : 0));
  return [
    {
      split: "given",
      entity: "ligand",
      similarity: "ECFP4, 2048 bits, Tanimoto",
      against: "knn_weighted",
      median: 0.63,
      bins: kBins,
      grid: kGrid,
      curves: shown.map((x) => {
        const noise = kBins.map((b) => 1 + (0.6 / Math.sqrt(b.n)) * random.normal());
        const rmse = kBins.map((b, i) => error(x, (b.low + b.high) / 2) * noise[i]);
        const bar = kBaselines.find((y) => y.name === "knn_weighted");
        return {
          predictor: x.name,
          title: x.title,
          is_model: is_model(x),
          rung: x.rung,
          rmse: rmse.map((v, i) => estimate(v, 1.1 / Math.sqrt(kBins[i].n))),
          smooth: kGrid.map((g) => (g < 0.18 ? estimate(null) : estimate(error(x, g), 0.02 + 0.08 * Math.abs(g - 0.6)))),
          gain: kBins.map((b, i) =>
            x.name === "knn_weighted" ? estimate(null) : estimate(error(bar, (b.low + b.high) / 2) - rmse[i], 0.8 / Math.sqrt(b.n)),
          ),
        };
      }),
      sentences: [
        "My graph network is better than similarity-weighted 5-NN below a similarity of 0.5 only.",
      ],
    },
  ];
}

export function potency_report() {
  const random = make_random(20261126);
  const all = tables(random);
  const compared = contrasts(all);
  const main = compared.filter((c) => c.metric === "rmse" && c.hypothesis);
  const findings = main.map((c) => ({
    hypothesis: c.hypothesis,
    predictor: c.model,
    against: c.against,
    split: c.split,
    metric: c.metric,
    unit: c.is_published ? "assay" : "ligand",
    estimate: c.difference.value,
    low: c.difference.low,
    high: c.difference.high,
    margin: c.margin,
    p_value: c.p_value,
    p_adjusted: c.p_adjusted,
    minimum_detectable: c.is_published ? null : 0.018,
    share_explained: c.is_published ? null : 0.93,
    share_low: c.is_published ? null : 0.9,
    share_high: c.is_published ? null : 0.97,
    n_rows: c.is_published ? 0 : 9802,
    n_units: c.is_published ? c.n_tasks : 9100,
    verdict: c.verdict,
    sentence: c.sentence,
    recommendation: c.recommendation,
  }));
  const rungs = ["null", "means", "identities", "constrained", "full", "model"];
  const steps = all[0].predictors
    .map((x) => ({
      predictor: x.name,
      title: x.title,
      rung: x.rung,
      ...x.mean,
      is_model: x.is_model,
      is_published: x.is_published,
      best_of_rung: false,
    }))
    .sort((a, b) => rungs.indexOf(a.rung) - rungs.indexOf(b.rung) || b.value - a.value);
  for (const rung of rungs) {
    const own = steps.filter((x) => x.rung === rung);
    if (own.length) own[own.length - 1].best_of_rung = true;
  }
  const models = [...kModels, ...kPublished];
  const metric = (name, title) => ({ name, title, higher_is_better: name[0] === "p", description: title, source: "cupel" });
  return {
    schema: "cupel-report",
    schema_version: 1,
    cupel_version: "0.1.0",
    study: {
      title: "Invented potency audit: thirty assays & <others>",
      area: "potency",
      hash: sha("potency"),
      file: "potency.yaml",
      command: "cupel audit examples/potency.yaml --out reports/potency",
      seed: 1,
      primary_metric: "rmse",
      confidence: 0.95,
      draws: 2000,
      margin: { metric: "rmse", value: 0.02, relative: true },
    },
    summary: {
      headline: "2 of 26 models have been shown to have learned more than copying neighbours (given split).",
      sentences: ["Similarity-weighted 5-NN has the lower RMSE than 22 of 24 published models on most assays."],
      models: models.map((x) => ({
        predictor: x.name,
        title: x.title,
        verdicts: main
          .filter((c) => c.model === x.name)
          .map((c) => ({
            hypothesis: c.hypothesis,
            title: "More than neighbours",
            split: c.split,
            verdict: c.verdict,
            sentence: c.sentence,
          })),
        sentence: "Invented.",
        recommendations: [],
        flags: [],
      })),
    },
    data: {
      name: "invented",
      sha256: sha("potency data"),
      target_name: "pKi",
      unit: "p",
      n_source_rows: 48714,
      n_samples: 48707,
      entities: [
        {
          name: "ligand",
          n: 36000,
          features: [{ name: "fingerprint", n_features: 2048, n_present: 36000 }],
          labels: [{ name: "scaffold", n_levels: 13000, n_known: 36000 }],
        },
        { name: "assay", n: 30, features: [], labels: [] },
      ],
      left_out: [{ reason: "smiles_unreadable", n: 7, examples: [17, 204] }],
      variance: [
        { component: "between assays", share: 0.21 },
        { component: "within", share: 0.79 },
      ],
      replicates: { n_pairs: 0, n_rows: 0, noise_sd: null, ceiling_r2: null, ceiling_rmse: null },
      histogram: {
        edges: Array.from({ length: 21 }, (_, i) => 4 + i * 0.35),
        counts: Array.from({ length: 20 }, (_, i) => Math.round(5200 * Math.exp(-((i - 10) ** 2) / 30))),
      },
      inputs: kTasks.map((task) => ({ role: "samples", file: `${task}.csv`, sha256: sha(task), bytes: 210000 })),
    },
    diagnostics: [],
    splits: [
      {
        name: "given",
        scheme: "given",
        blind_to: ["ligand"],
        description: "Training never saw the test rows' ligand (measured on the rows).",
        folds: kTasks.map((task, i) => ({
          fold: i,
          repeat: 0,
          task,
          seed: 0,
          sha256: sha(task + "fold"),
          n_train: 4 * all[0].n_test[i],
          n_validation: 0,
          n_test: all[0].n_test[i],
          n_left_out: 48707 - 5 * all[0].n_test[i],
          left_out: [{ reason: "other_task", n: 48707 - 5 * all[0].n_test[i] }],
        })),
      },
    ],
    predictors: kPredictors.map((x) => ({
      name: x.name,
      title: x.title,
      rung: x.rung,
      sees: x.sees,
      is_model: is_model(x),
      is_published: !!x.is_published,
      is_oracle: false,
      trainable: false,
      twin_of: "",
      description: "invented",
      fallback: "",
      source: x.source ?? "cupel",
      parameters: "",
      diagnostics: [],
    })),
    metrics: [metric("rmse", "RMSE"), metric("rmse_cliff", "RMSE on cliff compounds"), metric("pearson", "Pearson r")],
    scores: ["rmse", "pearson"].flatMap((name) =>
      all[0].predictors
        .filter((x) => !x.is_published)
        .map((x) => {
          const values = x.values.map((v) => (name === "rmse" ? v : x.rung === "null" ? null : 1 - 0.4 * v));
          const value = x.rung === "null" && name === "pearson" ? null : mean(values);
          return {
            split: "given",
            predictor: x.name,
            metric: name,
            group_kind: "all",
            mean: value,
            sd: 0.11,
            low: value === null ? null : value - 0.02,
            high: value === null ? null : value + 0.02,
            n: 9802,
            n_undefined: value === null ? 30 : 0,
            values,
          };
        }),
    ),
    groups: [],
    hypotheses: [
      {
        id: "beyond_neighbours",
        title: "More than neighbours",
        question: "Is it better than looking molecules up?",
        explanation: "Invented.",
      },
    ],
    findings,
    ladders: [
      { split: "given", metric: "rmse", higher_is_better: false, over: "assay", ceiling: null, steps },
    ],
    rankings: [],
    multiple_comparison: [],
    corrected_tests: [],
    twins: [],
    learning_curves: [],
    spectra: [],
    tasks: {
      task_title: "assay",
      neighbour: "knn_weighted",
      tables: all,
      contrasts: compared,
      sentences: [
        "Mean RMSE over 30 assays: best model SVM ECFP 0.68 [0.63, 0.73], best baseline Forest on ECFP 0.69 [0.64, 0.73].",
        "Similarity-weighted 5-NN has the lower RMSE than 22 of 24 published models on most assays.",
      ],
    },
    pairs: pair_section(random),
    distances: distance_section(random),
    protocol: [],
    explanations: [{ id: "published", title: "What published scores can and cannot show", text: "Invented." }],
    methods: { paragraphs: ["Invented."], citations: [] },
    timings: { total_s: 170, stages: [], n_threads: 2, peak_memory_mib: 900, date: "2026-11-26T02:00:00Z" },
  };
}
