// Names, invented qualities and texts of the sample report.
import { sha } from "./random.mjs";

const metric = (name, title, higher_is_better, description) => ({
  name,
  title,
  higher_is_better,
  description,
  source: "",
});
export const kMetrics = [
  metric(
    "r2",
    "R²",
    true,
    "1 − residual sum of squares / total sum of squares, over the rows named",
  ),
  metric("rmse", "RMSE", false, "root mean squared error, in ln µM"),
  metric("mae", "MAE", false, "mean absolute error, in ln µM"),
  metric("pearson", "Pearson r", true, "undefined when truth or prediction is constant"),
  metric("spearman", "Spearman ρ", true, "Pearson r of average ranks"),
  metric("kendall", "Kendall τ", true, "tau-b"),
  metric(
    "r2_without_means",
    "R² without means",
    true,
    "R² after the drug and the cell mean are taken off truth and prediction",
  ),
  metric("auroc", "AUROC", true, "response binarised at the median of each drug"),
  metric("auprc", "AUPRC", true, "average precision"),
  metric("mcc", "MCC", true, "Matthews correlation coefficient"),
];

export const kSplits = [
  {
    name: "mixed",
    scheme: "mixed",
    blind_to: [],
    unit: "drug",
    description:
      "Pairs are shuffled: every drug and nearly every line of the test set is known from training.",
  },
  {
    name: "cancer_blind",
    scheme: "cancer_blind",
    blind_to: ["cell_id"],
    unit: "cell",
    description: "All pairs of a line are on one side: the lines of the test set are new.",
  },
  {
    name: "drug_blind",
    scheme: "drug_blind",
    blind_to: ["drug_id"],
    unit: "drug",
    description: "All pairs of a drug are on one side: the drugs of the test set are new.",
  },
];

const b = (name, title, rung, sees, description, fallback, mixed, cancer, drug) => ({
  name,
  title,
  rung,
  sees,
  description,
  fallback,
  r2: { mixed, cancer_blind: cancer, drug_blind: drug },
  source: "cupel",
  diagnostics:
    name === "tissue_drug_mean"
      ? [
          {
            split: "mixed",
            code: "fallback_used",
            message: "tissue × drug combination not seen in training: drug mean used",
            count: 412,
          },
        ]
      : [],
});
export const kBaselines = [
  b(
    "global_mean",
    "Global mean",
    "null",
    ["targets"],
    "mean of the training targets: μ",
    "none",
    -0.0002,
    -0.001,
    -0.03,
  ),
  b(
    "cell_mean",
    "Cell-line mean",
    "means",
    ["targets", "cell_id"],
    "mean of the line's training targets",
    "μ",
    0.081,
    -0.001,
    0.085,
  ),
  b(
    "tissue_mean",
    "Tissue mean",
    "means",
    ["targets", "tissue"],
    "mean of the tissue's training targets",
    "μ",
    0.034,
    0.031,
    0.031,
  ),
  b(
    "drug_mean",
    "Drug mean",
    "means",
    ["targets", "drug_id"],
    "mean of the drug's training targets",
    "μ",
    0.7051,
    0.7043,
    -0.03,
  ),
  b(
    "tissue_drug_mean",
    "Tissue × drug mean",
    "means",
    ["targets", "drug_id", "tissue"],
    "mean of the drug's training targets in this tissue",
    "drug mean, then μ",
    0.7667,
    0.764,
    0.029,
  ),
  b(
    "additive",
    "Drug + cell mean (additive)",
    "means",
    ["targets", "drug_id", "cell_id"],
    "μ + (drug mean − μ) + (cell mean − μ)",
    "unknown effect 0",
    0.8112,
    0.704,
    0.085,
  ),
  b(
    "additive_ls",
    "Drug + cell, least squares",
    "identities",
    ["targets", "drug_id", "cell_id"],
    "min Σ (y − μ − a_d − b_c)²",
    "unknown effect 0",
    0.8124,
    0.7041,
    0.086,
  ),
  b(
    "onehot_ridge",
    "One-hot ridge",
    "identities",
    ["targets", "drug_id", "cell_id"],
    "ridge on one-hot identities; λ by inner split",
    "unknown effect 0",
    0.8121,
    0.704,
    0.086,
  ),
  b(
    "marker_boosting",
    "Marker model: boosting on native categorical identities",
    "identities",
    ["targets", "drug_id", "cell_id"],
    "XGBoost, 600 trees, two categorical columns",
    "default direction of each tree",
    0.8725,
    0.701,
    0.07,
  ),
  b(
    "marker_mlp",
    "Marker model: MLP on one-hot identities",
    "identities",
    ["targets", "drug_id", "cell_id"],
    "MLP on concat(one-hot cell, one-hot drug)",
    "untrained columns",
    0.868,
    0.699,
    null,
  ),
  b(
    "factorisation",
    "Factorisation of identities (ALS)",
    "identities",
    ["targets", "drug_id", "cell_id"],
    "μ + a_d + b_c + u_d·v_c; rank and λ by inner split",
    "a, b, u, v = 0",
    0.8982,
    0.7042,
    0.085,
  ),
  b(
    "knn_fingerprint",
    "k-NN on fingerprints",
    "constrained",
    ["targets", "cell_id", "drug.fingerprint"],
    "mean over the k most similar training drugs of the same line",
    "cell-line mean",
    0.742,
    0.703,
    0.16,
  ),
  b(
    "knn_expression",
    "k-NN on expression",
    "constrained",
    ["targets", "drug_id", "cell.expression"],
    "mean over the k most similar training lines for the same drug",
    "drug mean",
    0.79,
    0.752,
    0.03,
  ),
];

const m = (name, title, r2, flags = []) => ({
  name,
  title,
  rung: "model",
  sees: ["targets", "drug.graph", "cell.expression", "cell.mutation", "cell.copy_number"],
  description: "ready predictions, read from file",
  source: "predictions.csv.gz",
  trainable: false,
  r2: { mixed: r2, cancer_blind: null, drug_blind: null },
  flags,
});
export const kPublished = [
  m("published_paso", "PASO-like", 0.8772, ["r2_arguments_swapped", "selection_on_test"]),
  m("published_paso_triple", "PASO-like, triple omics", 0.8854, ["selection_on_test"]),
  m("published_precily", "Precily-like", 0.8453, ["r2_arguments_swapped"]),
  m("published_xgb", "XGBoost (published)", 0.828),
  m("published_lgbm", "LightGBM (published)", 0.8178),
  m("published_rf", "Random forest (published)", 0.811),
  m("published_svm", "Support vector machine (published)", 0.763),
  m(
    "published_graph",
    "GraphDRP-like attention network with transformer drug encoder and pathway-informed cell encoder",
    0.861,
  ),
  m("published_deeptta", "DeepTTA-like", 0.902),
  m("published_net", "TGSA-like", 0.93),
];
const ref = (name, title, mixed, cancer, drug) => ({
  name,
  title,
  rung: "model",
  sees: ["targets", "drug.fingerprint", "cell.expression"],
  description: "reference model of cupel on drug fingerprint and expression",
  source: "cupel",
  trainable: true,
  parameters: '{"rank": 64, "lambda": 12.5}',
  r2: { mixed, cancer_blind: cancer, drug_blind: drug },
});
export const kReference = [
  ref("ridge", "Ridge on fingerprints and expression", 0.8201, 0.752, 0.12),
  ref("xgboost", "XGBoost on fingerprints and expression", 0.859, 0.809, 0.13),
  ref("mlp", "MLP on fingerprints and expression", 0.872, 0.771, 0.0),
];

export const kHypotheses = [
  {
    id: "beyond_distribution",
    title: "More than the targets",
    question: "Does the model know more than the distribution of targets and identities?",
    explanation: "Contrast with the strongest predictor that sees only targets and identities.",
    blind: ["null", "means", "identities"],
  },
  {
    id: "cell_features",
    title: "Cell features are used",
    question: "Are the features of the cell line used?",
    explanation: "Contrast with the strongest predictor that is blind to cell features.",
    blind: ["null", "means"],
  },
  {
    id: "drug_chemistry",
    title: "Drug chemistry is used",
    question: "Is the drug's chemistry used?",
    explanation: "Contrast with the strongest predictor that knows the drug by name only.",
    blind: ["null", "means", "identities", "constrained"],
  },
];

const verb = {
  learned: "is better than",
  "not shown": "is not shown to be better than",
  worse: "is worse than",
  "cannot tell": "cannot be told from",
};
export const texts = {
  title: {
    published: "GDSC2 audit: ten published models & <friends>",
    reference: "GDSC1: three reference models on three splits",
    minimal: "A small audit",
  },
  headline: {
    published:
      "On mixed folds, eight of ten models do not beat a factorisation of drug and cell-line names that has seen no feature at all.",
    reference: "Expression helps on new cell lines; nothing is shown for chemistry on new drugs.",
    minimal: "One model, one split: too little to tell.",
  },
  sentences: {
    published: [
      "The drug mean alone reaches R² 0.705: 70.3 % of all variance lies between drugs.",
      "The strongest blind baseline, a factorisation of identities, reaches R² 0.898; only two models pass it by more than the margin of 0.02 or come near it.",
      "A mixed split cannot show whether features of the line or the drug are used; a cancer-blind and a drug-blind split can.",
    ],
    reference: [
      "On cancer-blind, XGBoost passes the tissue × drug mean by 0.045 R².",
      "On drug-blind no model passes the cell-line mean by more than the margin.",
    ],
    minimal: [],
  },
  model: (title, own) =>
    `${title}: ${own.filter((f) => f.verdict === "learned").length} of ${own.length} contrasts show what was hoped for; the best blind baseline explains ${own[0]?.share_explained == null ? "an unknown part" : Math.round(100 * own[0].share_explained) + " %"} of its skill.`,
  finding: (title, against, split, verdict, d) =>
    `On ${split}, ${title} ${verb[verdict]} ${against}${d === null ? ": no prediction for these rows." : ` (difference in R² ${d.toFixed(3)}).`}`,
  recommendation: (verdict) =>
    ({
      learned: "Confirm on a second screen.",
      "not shown":
        "Report the score per drug and on a cancer-blind split; do not claim that features are used.",
      worse: "Use the factorisation as the reference; look for a fault in training.",
      "cannot tell": "Too few units for a margin of 0.02: add drugs, or repeat the folds.",
    })[verdict],
  data: (minimal, n_drugs, n_cells, random) => {
    const edges = Array.from({ length: 41 }, (_, i) => -9 + i * 0.525);
    const counts = edges
      .slice(1)
      .map((_, i) =>
        Math.round(
          11500 * Math.exp(-(((i - 22) / 7) ** 2) / 2) * (i > 26 ? 0.75 : 1) +
            20 * random.uniform(),
        ),
      );
    return {
      name: "gdsc2-sample",
      sha256: sha("data"),
      target_name: "LN_IC50",
      unit: "ln µM",
      n_source_rows: minimal ? 12 : 141540,
      n_samples: minimal ? 12 : 141222,
      entities: [
        {
          name: "drug",
          n: n_drugs,
          features: minimal ? [] : [{ name: "fingerprint", n_features: 2048, n_present: 229 }],
          labels: minimal ? [] : [{ name: "pathway", n_levels: 24, n_known: 233 }],
        },
        {
          name: "cell",
          n: n_cells,
          features: minimal
            ? []
            : [
                { name: "expression", n_features: 17737, n_present: 684 },
                { name: "mutation", n_features: 735, n_present: 688 },
              ],
          labels: minimal ? [] : [{ name: "tissue", n_levels: 29, n_known: 688 }],
        },
      ],
      left_out: minimal
        ? []
        : [
            { reason: "cell line not in the cell table", n: 203, examples: [17, 18, 99, 1024] },
            { reason: "target is not a finite number", n: 11, examples: [5, 77] },
            { reason: "replicate merged into its pair (mean)", n: 104, examples: [31, 32] },
          ],
      variance: [
        { component: "between drugs", share: 0.703 },
        { component: "between cell lines", share: 0.082 },
        { component: "rest (interaction and noise)", share: 0.215 },
      ],
      replicates: minimal
        ? { n_pairs: 0, n_rows: 0, noise_sd: null, ceiling_r2: null, ceiling_rmse: null }
        : { n_pairs: 52, n_rows: 104, noise_sd: 0.706, ceiling_r2: 0.936, ceiling_rmse: 0.706 },
      histogram: { edges, counts },
      inputs: [
        {
          role: "responses",
          file: "data/gdsc2_response_folds.csv.gz",
          sha256: sha("r"),
          bytes: 1834221,
        },
        {
          role: "predictions",
          file: "data/published_predictions_mixed10fold.csv.gz",
          sha256: sha("p"),
          bytes: 9120044,
        },
      ],
    };
  },
  diagnostics: [
    {
      code: "id_without_features",
      severity: "warning",
      message: "cell lines without expression: their rows are kept, models that need it fall back",
      count: 4,
      examples: ["NCI-H11", "HCC18"],
    },
    {
      code: "duplicate_pair",
      severity: "note",
      message: "pairs measured more than once: averaged",
      count: 52,
      examples: ["Erlotinib / HCC827"],
    },
  ],
  protocol: (variant) => [
    {
      code: "r2_arguments_swapped",
      severity: "serious",
      model: variant === "published" ? "published_paso" : "mlp",
      title: "R² was computed with swapped arguments",
      sentence:
        "The printed R² equals r2_score(prediction, truth); with the arguments in order it is 0.882.",
      evidence: { printed: 0.877493, swapped: 0.877493, true_value: 0.88167, fold: 0 },
      recommendation: "Quote the value of this report.",
    },
    {
      code: "selection_on_test",
      severity: "serious",
      model: variant === "published" ? "published_paso_triple" : "mlp",
      title: "The epoch was chosen on the test fold",
      sentence: "The study file says that there is no validation set.",
      evidence: { epochs: 200, validation_rows: 0 },
      recommendation: "Keep a validation set drawn by the same unit as the test set.",
    },
    {
      code: "rescreened_compounds",
      severity: "warning",
      model: "",
      title: "One compound under two names",
      sentence: "Fifteen compounds are present twice; on an id split they are on both sides.",
      evidence: { compounds: 15, example: "JQ1 / JQ1 (re-screen)", similarity: null },
      recommendation: "Merge synonyms before a drug-blind split.",
    },
    {
      code: "units_plausible",
      severity: "note",
      model: "",
      title: "Targets look like ln IC50 in µM",
      sentence: "Range −8.7 to 13.4.",
      evidence: {},
      recommendation: "",
    },
  ],
  explanations: [
    {
      id: "global_r2",
      title: "Why a global R² flatters",
      text: "Drugs differ in potency by orders of magnitude. A predictor that knows only the mean of each drug explains 70.3 % of all variance, and within a drug nothing at all: its R² per drug is about 0.",
    },
    {
      id: "per_cell",
      title: "Why a score per cell line says little",
      text: "Within a line, drugs are ranked by their potency, which the drug mean already knows. Score per drug when the claim is about lines.",
    },
  ],
  methods: {
    paragraphs: [
      "Responses were taken as ln IC50 (µM). Baselines were fitted on the training rows of each fold only and scored on the same test rows as the models.",
      "Differences were judged by a paired bootstrap clustered over drugs (2,000 draws, BCa intervals, 95 %), with Holm's correction over all contrasts and a margin of 0.02 R² [1]. Ranks over folds were compared by Friedman's test [2]; the variance of fold differences was corrected after Nadeau and Bengio [3].",
    ],
    citations: [
      {
        key: "1",
        text: "Efron B (1987) Better bootstrap confidence intervals. J Am Stat Assoc 82:171–185",
        doi: "10.1080/01621459.1987.10478410",
      },
      {
        key: "2",
        text: "Demšar J (2006) Statistical comparisons of classifiers over multiple data sets. J Mach Learn Res 7:1–30",
        doi: "",
      },
      {
        key: "3",
        text: "Nadeau C, Bengio Y (2003) Inference for the generalization error. Mach Learn 52:239–281",
        doi: "10.1023/A:1024068626366",
      },
    ],
  },
};
