// Twins and learning curves of the sample: what needs a model that can be trained again.
export function twins_of(splits, random) {
  const kinds = [
    ["SVRC", "permuted", "cell.expression", 0.02],
    ["SVRC", "random", "cell.expression", 0.021],
    ["SVRD", "permuted", "drug.fingerprint", 0.001],
    ["SVRD", "identifiers", "drug.fingerprint", 0.0],
  ];
  const twins = [];
  for (const split of splits)
    for (const [model, base] of [
      ["ridge", 0.82],
      ["xgboost", 0.86],
    ])
      for (const [mode, kind, view, drop] of kinds) {
        const level =
          split.name === "mixed" ? base : split.name === "cancer_blind" ? base - 0.07 : 0.12;
        const factor = split.name === "cancer_blind" ? 3.5 : 1;
        const failed = model === "ridge" && kind === "identifiers";
        const draws = failed
          ? []
          : Array.from({ length: 20 }, () => level - drop * factor + 0.004 * random.normal());
        const real = level + 0.002 * random.normal();
        const p_value = failed
          ? null
          : (1 + draws.filter((d) => d >= real).length) / (draws.length + 1);
        twins.push({
          split: split.name,
          model,
          mode,
          kind,
          view,
          metric: "r2",
          real,
          draws,
          p_value,
          sentence: failed
            ? "No draw could be trained: the twin needs an identifier per drug."
            : p_value < 0.05
              ? `With ${view} ${kind}, ${model} scores less: it uses these features.`
              : `With ${view} ${kind}, ${model} scores as well: no evidence that it uses these features.`,
        });
      }
  return twins;
}

const kSizes = [1000, 2000, 5000, 10000, 20000, 50000, 112978];
function curve(predictor, title, is_model, a, b, c, random, plateau) {
  const points = kSizes.map((size) => {
    const mean = a * size ** -b + c + 0.004 * random.normal();
    const half = 0.6 / Math.sqrt(size) + 0.005;
    return { size, n_pairs: size, mean, low: mean - half, high: mean + half, n: 10 };
  });
  return {
    predictor,
    title,
    is_model,
    points,
    fit: { a, b, c, c_low: c - 0.02, c_high: c + 0.018 },
    plateau,
    sentence:
      plateau === "reached"
        ? `${title} has reached its plateau: more data of this kind will not help.`
        : `${title} still improves at the full size.`,
  };
}

function lines_point(i, is_model) {
  const size = [20, 50, 100, 200, 400, 620][i];
  const mean = (is_model ? 1.2 : 1.38) + (is_model ? 3 : 0.9) * size ** -0.65;
  return { size, mean, low: i === 2 ? null : mean - 0.03, high: i === 2 ? null : mean + 0.03 };
}

export function curves_of(random) {
  const empty = {
    predictor: "knn_expression",
    title: "k-NN on expression (k tuned)",
    is_model: false,
    points: [],
    fit: null,
    plateau: "cannot tell",
    sentence: "k-NN on expression: not run at any size.",
  };
  return [
    {
      split: "mixed",
      over: "pairs",
      metric: "rmse",
      curves: [
        curve(
          "xgboost",
          "XGBoost on fingerprints and expression",
          true,
          60,
          0.55,
          0.93,
          random,
          "not reached",
        ),
        curve(
          "ridge",
          "Ridge on fingerprints and expression",
          true,
          45,
          0.55,
          1.14,
          random,
          "reached",
        ),
        curve(
          "factorisation",
          "Factorisation of identities (ALS)",
          false,
          160,
          0.62,
          0.89,
          random,
          "not reached",
        ),
        curve("drug_mean", "Drug mean", false, 30, 0.7, 1.5, random, "reached"),
        empty,
      ],
      crossings: [
        {
          model: "xgboost",
          baseline: "drug_mean",
          size: 1450,
          low: 1100,
          high: 2100,
          sentence: "XGBoost beats the drug mean from 1,450 pairs (1,100 to 2,100).",
        },
        {
          model: "xgboost",
          baseline: "factorisation",
          size: null,
          low: null,
          high: null,
          sentence: "XGBoost does not stay above the factorisation at any size.",
        },
      ],
    },
    {
      split: "cancer_blind",
      over: "cells",
      metric: "rmse",
      curves: [
        {
          ...curve(
            "xgboost",
            "XGBoost on fingerprints and expression",
            true,
            3,
            0.65,
            1.2,
            random,
            "not reached",
          ),
        },
        {
          ...curve(
            "tissue_drug_mean",
            "Tissue × drug mean",
            false,
            2,
            0.7,
            1.36,
            random,
            "reached",
          ),
          fit: null,
        },
      ].map((c) => ({
        ...c,
        points: c.points.slice(0, 6).map((p, i) => ({ ...p, ...lines_point(i, c.is_model) })),
      })),
      crossings: [
        {
          model: "xgboost",
          baseline: "tissue_drug_mean",
          size: 44,
          low: 31,
          high: 75,
          sentence: "XGBoost beats the tissue × drug mean from 44 lines (31 to 75).",
        },
      ],
    },
    { split: "drug_blind", over: "drugs", metric: "rmse", curves: [], crossings: [] },
  ];
}
