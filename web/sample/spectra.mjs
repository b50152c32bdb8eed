// Overlap spectra of the sample: invented series, with everything that the page has to cope with.
import { make_random } from "./random.mjs";

const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));
const estimate = (value, half) =>
  value === null
    ? { value: null, low: null, high: null }
    : { value, low: value - half, high: value + half };
const kNoOverlap = {
  threshold: null,
  share_with_neighbour: null,
  nearest_mean: null,
  nearest_median: null,
  nearest_p90: null,
  nearest_max: null,
  mean_pair: null,
  nearest_histogram: [],
};

/// Test items around `centre`, a share of them exact copies, in equal bins over [0, 1].
function histogram(n, centre, spread, share_of_copies, random, bins = 40) {
  const counts = new Array(bins).fill(0);
  for (let i = 0; i < n; i++) {
    const s =
      random.uniform() < share_of_copies ? 1 : clamp(centre + spread * random.normal(), 0.02);
    counts[Math.min(bins - 1, Math.floor(s * bins))]++;
  }
  return counts;
}

function overlap(n_train, n_test, n_repeats, threshold, centre, copies, random) {
  const counts = histogram(n_test * n_repeats, centre, 0.02 + 0.18 * centre, copies, random);
  const total = counts.reduce((a, b) => a + b, 0);
  const middle = (i) => (i + 0.5) / counts.length;
  const quantile = (q) => {
    let seen = 0;
    return middle(counts.findIndex((c) => (seen += c) >= q * total));
  };
  return {
    n_train,
    n_test,
    threshold,
    share_with_neighbour:
      counts.reduce((sum, c, i) => sum + (middle(i) >= threshold ? c : 0), 0) / total,
    nearest_mean: counts.reduce((sum, c, i) => sum + c * middle(i), 0) / total,
    nearest_median: quantile(0.5),
    nearest_p90: quantile(0.9),
    nearest_max: middle(counts.findLastIndex((c) => c > 0)),
    mean_pair: 0.09 + 0.05 * centre,
    nearest_histogram: counts,
  };
}

/// Mean height of the points under the trapezoid rule.
function mean_height(x, points) {
  let area = 0;
  let range = 0;
  for (let i = 1; i < x.length; i++) {
    const [a, b] = [points[i - 1].value, points[i].value];
    if (a === null || b === null) continue;
    const step = Math.abs(x[i] - x[i - 1]);
    area += (step * (a + b)) / 2;
    range += step;
  }
  return range > 0 ? area / range : null;
}

/// Curves from what a predictor scores with all and with no overlap, and the shape between them.
function curve(p, levels, random, width) {
  const x = levels.map((level) => level.x);
  const share = levels.map((_, i) => i / (levels.length - 1));
  const at = (t) => p.from + (p.to - p.from) * t ** (p.shape ?? 1);
  const points = share.map((t, i) =>
    p.lacks === i
      ? estimate(null)
      : estimate(at(t) + 0.2 * width * random.normal(), width * (0.8 + 0.6 * t)),
  );
  const has_control = levels[0].control_overlap !== null;
  const control = has_control
    ? share.map((t) =>
        estimate(p.from + 0.08 * (p.to - p.from) * t + 0.15 * width * random.normal(), 0.7 * width),
      )
    : [];
  const auspc = mean_height(x, points);
  return {
    predictor: p.name,
    title: p.title,
    rung: p.rung,
    is_model: p.rung === "model",
    may_be_bar: !["model", "full"].includes(p.rung),
    copies_nearest: p.name === "nearest_neighbour",
    points,
    control,
    auspc: estimate(auspc, 0.6 * width),
    auspc_se: levels[0].n_repeats > 1 ? 0.28 * width : null,
    auspc_control: has_control ? estimate(mean_height(x, control), 0.5 * width) : estimate(null),
    is_complete: p.lacks === undefined,
  };
}

function contrasts(curves, x, higher, margin, width) {
  const sign = higher ? 1 : -1;
  const score = (c) => sign * (c.auspc.value ?? -Infinity);
  const bars = curves.filter((c) => c.may_be_bar && !c.is_model);
  const bar = bars.reduce((a, b) => (score(b) > score(a) ? b : a));
  const nearest = curves.find((c) => c.copies_nearest);
  const best = (i) =>
    bars.map((c) => c.points[i].value).reduce((a, b) => (sign * (b - a) > 0 ? b : a));
  const one = (model, against, kind) => {
    const levels = model.points.map((p, i) => {
      if (p.value === null) return estimate(null);
      const rival = kind === "is_pointwise" ? best(i) : against.points[i].value;
      return estimate(sign * (p.value - rival), 0.9 * width);
    });
    const value = mean_height(x, levels);
    const [low, high] = [value - 0.5 * width, value + 0.5 * width];
    const verdict =
      low > margin ? "learned" : high < 0 ? "worse" : high < margin ? "not shown" : "cannot tell";
    const words = {
      learned: "is better than",
      worse: "is worse than",
      "not shown": "does not exceed, by an amount that matters,",
      "cannot tell": "cannot be told from",
    }[verdict];
    const rival = {
      is_bar: `${against.title}, the best blind baseline`,
      is_pointwise: "the best blind baseline at each level",
      is_nearest: `${against.title}, which copies the nearest training example`,
    }[kind];
    return {
      model: model.predictor,
      against: kind === "is_pointwise" ? "" : against.predictor,
      is_bar: false,
      is_pointwise: false,
      is_nearest: false,
      [kind]: true,
      difference: { value, low, high },
      levels,
      p_value: Math.exp((-4 * Math.abs(value)) / width),
      p_adjusted: Math.min(1, 6 * Math.exp((-4 * Math.abs(value)) / width)),
      margin,
      verdict,
      sentence: `${model.title} ${words} ${rival} (AUSPC: difference ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], margin ${margin}).`,
    };
  };
  return curves
    .filter((c) => c.is_model)
    .flatMap((model) => [
      one(model, bar, "is_bar"),
      one(model, bar, "is_pointwise"),
      ...(nearest ? [one(model, nearest, "is_nearest")] : []),
    ]);
}

/// Loss from the first to the last level, and what the control loses of it.
function falls(curves, levels, higher, width) {
  const sign = higher ? 1 : -1;
  const at = (points, i) => points[i]?.value ?? null;
  return curves.map((c) => {
    const last = c.points.findLastIndex((p) => p.value !== null);
    const total = sign * (at(c.points, 0) - at(c.points, last));
    const by_size = c.control.length > 0 ? sign * (at(c.control, 0) - at(c.control, last)) : null;
    return {
      predictor: c.predictor,
      from: levels[0].parameter,
      to: levels[last].parameter,
      total: estimate(total, width),
      by_overlap: estimate(by_size === null ? null : total - by_size, width),
      by_size: estimate(by_size, 0.7 * width),
    };
  });
}

const kPredictors = (values) =>
  values.map(([name, title, rung, from, to, shape, lacks]) => ({
    name,
    title,
    rung,
    from,
    to,
    shape,
    lacks,
  }));

/// A series over drugs with a control at every level; one model only copies neighbours.
export function drug_spectrum(null_note = "") {
  const random = make_random(77);
  const steps = [0.95, 0.8, 0.65, 0.5, 0.35, 0.2, 0.1, 0];
  const levels = steps.map((parameter, i) => {
    const centre = 0.24 + 0.34 * parameter;
    return {
      parameter,
      x: parameter,
      n_repeats: 3,
      n_train: 150,
      n_test: 46,
      n_left_out: [0, 4, 9, 14, 20, 27, 31, 37][i],
      overlap: overlap(150, 46, 3, 0.4, parameter === 0 ? 0.22 : centre, 0.08 * parameter, random),
      control_overlap: overlap(150, 46, 3, 0.4, 0.55, 0.07, random),
    };
  });
  const predictors = kPredictors([
    ["ridge", "Ridge on fingerprints and expression", "model", 1.72, 2.56, 0.9],
    ["xgboost", "XGBoost", "model", 1.55, 2.5, 0.7],
    ["copycat", "Graph network (copies neighbours)", "model", 1.69, 2.97, 0.72],
    ["global_mean", "Global mean", "null", 2.79, 2.8],
    ["cell_mean", "Cell-line mean", "means", 2.66, 2.67],
    ["tissue_mean", "Tissue mean", "means", 2.73, 2.745],
    ["additive", "Drug + cell mean (additive)", "means", 2.63, 2.66],
    ["marker_ridge", "Ridge on identity codes", "constrained", 2.6, 2.69],
    ["nearest_neighbour", "Nearest training drug, copied", "full", 1.66, 2.98, 0.75],
  ]);
  const curves = predictors.map((p) => curve(p, levels, random, 0.11));
  return {
    name: "overlap_drug",
    title: "Overlap over drugs",
    mode: "retrain",
    entity: "drug",
    parameter_title: "overlap level",
    falls_with_parameter: false,
    similarity: "ecfp-tanimoto",
    similarity_parameters: "radius 2, 2048 bits",
    null_p99: 0.21,
    null_note,
    metric: "rmse",
    metric_title: "RMSE",
    higher_is_better: false,
    axis: "parameter",
    x_low: 0,
    x_high: 0.95,
    is_partial: false,
    confidence: 0.95,
    draws: 1000,
    levels,
    curves,
    contrasts: contrasts(
      curves,
      levels.map((l) => l.x),
      false,
      0.053,
      0.11,
    ),
    falls: falls(curves, levels, false, 0.11),
    n_rows_dropped: 0,
    monotonicity: {
      spearman: -0.98,
      low: -1,
      high: -0.93,
      is_falling: true,
      sentence:
        "The measured overlap falls along the series: Spearman −0.98 [−1, −0.93] over 24 splits.",
    },
    worst_pairs: kDrugPairs.map(([test, train, similarity], i) => ({
      parameter: steps[Math.floor(i / 2)],
      test,
      train,
      similarity,
      test_target: 2.31 - 0.4 * i,
      train_target: i === 3 ? null : 2.05 - 0.31 * i,
    })),
    sentences: [
      "XGBoost keeps 62 % of its lead over the best blind baseline (Drug + cell mean) down to no overlap; over the whole series its mean RMSE is lower by 0.56.",
      "Graph network (copies neighbours) is no better than copying the nearest training drug at any level below 0.65.",
      "Without overlap, at the same training size, the RMSE of the models grows by 0.8 to 1.4; in the random control by less than 0.1: the loss is due to overlap, not to less training data.",
    ],
  };
}

const kDrugPairs = [
  [
    "CC1=C2C=C(C=CC2=NN1)C3=CC(=CN=C3)OCC(CC4=CC=CC=C4)N",
    "CC1=C2C=C(C=CC2=NN1)C3=CC(=CN=C3)OC[C@H](CC4=CNC5=CC=CC=C54)N",
    1,
  ],
  ["CN1CCN(CC1)C2=CC=C(C=C2)NC3=NC=C(C(=N3)N)F", "CN1CCN(CC1)C2=CC=C(C=C2)NC3=NC=CC(=N3)N", 0.86],
  [
    "C[C@@H]1[C@H]2[C@@H]([C@H]3[C@@H](C(=O)C(=C([C@]3(C(=O)C2=C(C4=C1C=CC=C4O)O)O)O)C(=O)N)N(C)C)O.C[C@]12[C@@H]([C@@H](C[C@@H](O1)N3C4=CC=CC=C4C5=C6C(=C7C8=CC=CC=C8N2C7=C53)CNC6=O)NC)OC",
    "CC1C2C(C3C(C(=O)C(=C(C3(C(=O)C2=C(C4=C1C=CC=C4O)O)O)O)C(=O)N)N(C)C)O",
    0.81,
  ],
  ["Erlotinib", "Gefitinib", 0.58],
  ["CC(C)(C)c1cc(no1)NC(=O)Nc2ccc(cc2)Cl", "CC(C)(C)c1cc(no1)NC(=O)Nc2cccc(c2)Br", 0.44],
];

/// What was imported from another tool: three levels, no control, no similarity.
export function imported_spectrum() {
  const random = make_random(78);
  const levels = [0, 0.5, 1].map((parameter, i) => ({
    parameter,
    x: parameter,
    n_repeats: 1,
    n_train: [4000, 1610, 522][i],
    n_test: [1000, 402, 131][i],
    n_left_out: [0, 2988, 4347][i],
    overlap: {
      ...kNoOverlap,
      n_train: [4000, 1610, 522][i],
      n_test: [1000, 402, 131][i],
      share_with_neighbour: [0.97, 0.84, 0.86][i],
    },
    control_overlap: null,
  }));
  const curves = kPredictors([
    ["cnn", "Convolutional network", "model", 0.96, 0.72],
    ["majority", "Majority class", "null", 0.5, 0.5],
    ["mutation_count", "Number of mutations", "constrained", 0.71, 0.6],
  ]).map((p) => curve(p, levels, random, 0.03));
  return {
    name: "imported",
    title: "Imported series",
    mode: "import",
    entity: "sample",
    parameter_title: "spectral parameter λ",
    falls_with_parameter: true,
    similarity: "",
    similarity_parameters: "",
    null_p99: null,
    null_note: "",
    metric: "auroc",
    metric_title: "AUROC",
    higher_is_better: true,
    axis: "parameter",
    x_low: 0,
    x_high: 1,
    is_partial: false,
    confidence: 0.95,
    draws: 1000,
    levels,
    curves,
    contrasts: contrasts(
      curves,
      levels.map((l) => l.x),
      true,
      0.01,
      0.03,
    ),
    falls: falls(curves, levels, true, 0.03),
    n_rows_dropped: 0,
    monotonicity: {
      spearman: -0.5,
      low: null,
      high: null,
      is_falling: false,
      sentence:
        "The share of test samples with a training neighbour does not fall along the three splits (0.97, 0.84, 0.86).",
    },
    worst_pairs: [],
    sentences: [
      "Convolutional network loses 0.24 AUROC from the first to the last split, while the training set shrinks from 4,000 to 522: with no control, overlap and size cannot be told apart.",
    ],
  };
}

/// Proteins, 21 levels at uneven places of the novelty axis, a threshold inside the noise.
function protein_spectrum() {
  const random = make_random(79);
  const levels = Array.from({ length: 21 }, (_, i) => {
    const parameter = Number((0.05 * i).toFixed(2));
    const n = Math.round(9000 * (1 - parameter) ** 1.4 + 700);
    const n_test = Math.round(n / 5);
    const measured = overlap(n - n_test, n_test, 3, 0.3, 0.72 - 0.45 * parameter ** 0.6, 0, random);
    return {
      parameter,
      x: 1 - measured.nearest_mean,
      n_repeats: 3,
      n_train: n - n_test,
      n_test,
      n_left_out: 9700 - n,
      overlap: measured,
      control_overlap: overlap(n - n_test, n_test, 3, 0.3, 0.71 - 0.1 * parameter, 0, random),
    };
  });
  const curves = kPredictors([
    ["esm2", "ESM2 embedding, ridge", "model", 0.71, 0.41, 1.4],
    ["cnn", "CNN on one-hot", "model", 0.7, 0.22],
    ["random_init", "Random-init twin", "model", 0.69, 0.2],
    ["finetuned", "ESM2, fine-tuned", "model", 0.74, 0.36, 1.2, 20],
    ["composition", "Composition", "constrained", 0.31, 0.21],
    ["length", "Length", "constrained", 0.12, 0.1],
    ["one_hot", "One-hot ridge", "constrained", 0.55, 0.17],
    ["nearest_neighbour", "Nearest training sequence, copied", "full", 0.68, 0.06],
  ]).map((p) => curve(p, levels, random, 0.03));
  const residues = "ACDEFGHIKLMNPQRSTVWY";
  const sequence = (n) =>
    Array.from({ length: n }, () => residues[Math.floor(20 * random.uniform())]).join("");
  return {
    name: "protein",
    title: "Spectral series over sequences",
    mode: "retrain",
    entity: "sequence",
    parameter_title: "spectral parameter λ",
    falls_with_parameter: true,
    similarity: "global-identity",
    similarity_parameters: "BLOSUM62, gap 11/1, denominator alignment length",
    null_p99: 0.306,
    null_note:
      "The threshold 0.3 lies inside the noise: 1 % of shuffled, unrelated pairs reach 0.306.",
    metric: "spearman",
    metric_title: "Spearman ρ",
    higher_is_better: true,
    axis: "novelty",
    x_low: levels[0].x,
    x_high: levels.at(-1).x,
    is_partial: true,
    confidence: 0.95,
    draws: 1000,
    levels,
    curves,
    contrasts: contrasts(
      curves,
      levels.map((l) => l.x),
      true,
      0.01,
      0.03,
    ),
    falls: falls(curves, levels, true, 0.03),
    n_rows_dropped: 0,
    monotonicity: {
      spearman: -0.99,
      low: -1,
      high: -0.97,
      is_falling: true,
      sentence: "The measured overlap falls along the series: Spearman −0.99 over 63 splits.",
    },
    worst_pairs: Array.from({ length: 30 }, (_, i) => ({
      parameter: levels[Math.floor(i / 2)].parameter,
      test: sequence(90 + 12 * i),
      train: sequence(85 + 12 * i),
      similarity: Number((0.98 - 0.02 * i).toFixed(3)),
      test_target: random.normal(),
      train_target: random.normal(),
    })),
    sentences: [
      "ESM2 embedding, ridge keeps half of its Spearman correlation where no test sequence resembles training; One-hot ridge loses nearly all of it.",
    ],
  };
}

export const spectrum_report = () => ({
  schema: "cupel-spectrum",
  schema_version: 1,
  cupel_version: "0.1.0",
  title: "Spectra of an invented study & <others>",
  command: "cupel spectra examples/spectra.yaml --out reports/spectra --seed 1",
  data: [
    "responses.csv: 10,238 rows, 196 drugs, 61 cell lines",
    "sequences.fasta: 9,700 sequences",
  ],
  spectra: [
    protein_spectrum(),
    drug_spectrum("The threshold 0.4 lies close to chance for small molecules."),
    imported_spectrum(),
  ],
});
