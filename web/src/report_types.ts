// The contract between the engine (src/report writes report.json) and the page. Undefined numbers
// are null. Columnar where it is long. Schema version 1.

export type Num = number | null;
export type VerdictName = "learned" | "not shown" | "worse" | "cannot tell";
export type RungName = "null" | "means" | "identities" | "constrained" | "full" | "model" | "ceiling";

export interface Report {
  schema: "cupel-report";
  schema_version: 1;
  cupel_version: string;
  study: {
    title: string; area: string; hash: string; file: string; command: string; seed: number;
    primary_metric: string; confidence: number; draws: number;
    margin: { metric: string; value: number; relative: boolean };
  };
  summary: { headline: string; sentences: string[]; models: ModelSummary[] };
  data: DataSection;
  diagnostics: Diagnostic[];
  splits: SplitSection[];
  predictors: PredictorSection[];
  metrics: { name: string; title: string; higher_is_better: boolean; description: string; source: string }[];
  scores: ScoreSummary[];
  groups: GroupScores[];
  hypotheses: { id: string; title: string; question: string; explanation: string }[];
  findings: FindingSection[];
  ladders: Ladder[];
  rankings: Ranking[];
  multiple_comparison: MultipleComparison[];
  corrected_tests: CorrectedTest[];
  twins: TwinSection[];
  learning_curves: LearningCurve[];
  spectra: SpectrumSection[]; // empty without an overlap series
  tasks: TaskSection | null;          // null unless the folds of a split are tasks (assays)
  pairs: PairSection | null;          // null unless the data have pairs (activity cliffs)
  distances: DistanceSection[];       // error against similarity to training; may be empty
  sections: AreaSectionReport[];      // what the area adds in its own words; may be empty
  protocol: ProtocolNote[];
  explanations: { id: string; title: string; text: string }[];  // e.g. why global R2 flatters
  methods: { paragraphs: string[]; citations: { key: string; text: string; doi: string }[] };
  timings: { total_s: number; stages: { name: string; seconds: number }[]; n_threads: number; peak_memory_mib: number; date: string };
}

export interface ModelSummary {
  predictor: string; title: string;
  verdicts: { hypothesis: string; title: string; split: string; verdict: VerdictName; sentence: string }[];
  sentence: string;        // one sentence on the model
  recommendations: string[];
  flags: string[];         // codes of protocol notes about this model
}

export interface DataSection {
  name: string; sha256: string; target_name: string; unit: string;
  n_source_rows: number; n_samples: number;
  entities: {
    name: string; n: number;
    features: { name: string; n_features: number; n_present: number }[];
    labels: { name: string; n_levels: number; n_known: number }[];
  }[];
  left_out: { reason: string; n: number; examples: number[] }[];
  variance: { component: string; share: number }[];      // between drugs, between cells, rest
  replicates: { n_pairs: number; n_rows: number; noise_sd: Num; ceiling_r2: Num; ceiling_rmse: Num };
  histogram: { edges: number[]; counts: number[] };
  profiles: ProfileSection | null;    // where the targets are expression profiles
  inputs: { role: string; file: string; sha256: string; bytes: number }[];
}

export interface ProfileSection {
  n_genes: number; n_cells: number; n_control_cells: number;
  cells_per_profile: { least: number; median: number; most: number };
  control: string; pseudobulk: string; min_cells: number; genes: string;
}

export interface Diagnostic { code: string; severity: "note" | "warning" | "serious"; message: string; count: number; examples: string[] }

export interface SplitSection {
  name: string; scheme: string; blind_to: string[]; description: string;
  folds: { fold: number; repeat: number; task: string; seed: number; sha256: string; n_train: number; n_validation: number; n_test: number; n_left_out: number; left_out: { reason: string; n: number }[] }[];
}

export interface PredictorSection {
  name: string; title: string; rung: RungName; sees: string[]; is_model: boolean; is_oracle: boolean;
  is_published: boolean;   // known by scores that others printed: there are no predictions
  trainable: boolean; twin_of: string; description: string; fallback: string; source: string; parameters: string;
  diagnostics: { split: string; code: string; severity: string; message: string; count: number; examples: string[] }[];   // fall-backs used, missing rows
}

// One predictor, split and metric over folds and seeds. group_kind: all | macro_drug | macro_cell.
export interface ScoreSummary {
  split: string; predictor: string; metric: string; group_kind: string;
  mean: Num; sd: Num; low: Num; high: Num;      // interval: clustered bootstrap where there is one, else null
  n: number;                                     // test rows (all) or groups with a defined value, summed over folds
  n_undefined: number;                           // groups or folds without a defined value
  values: Num[];                                 // per fold x seed
}

// Per-group values, averaged over folds and seeds. group_kind: drug | cell.
export interface GroupScores {
  split: string; predictor: string; metric: string; group_kind: string;
  groups: string[]; values: Num[]; n: number[];
}

export interface FindingSection {
  hypothesis: string; predictor: string; against: string; split: string; metric: string; unit: string;
  estimate: Num; low: Num; high: Num; margin: Num; p_value: Num; p_adjusted: Num; minimum_detectable: Num;
  share_explained: Num; share_low: Num; share_high: Num;
  n_rows: number; n_units: number; verdict: VerdictName; sentence: string; recommendation: string;
  equivalent: boolean;   // the gain's 1 - 2 alpha interval lies within the margin on both sides
}

// The main picture: predictors in order of information, best of each rung marked.
export interface Ladder {
  split: string; metric: string; higher_is_better: boolean; ceiling: Num;
  over: string;   // "assay": values are means over assays, intervals too; "" = over rows
  steps: { predictor: string; title: string; rung: RungName; value: Num; low: Num; high: Num; is_model: boolean; is_published: boolean; best_of_rung: boolean }[];
}

export interface Ranking {
  split: string; metric: string; n_blocks: number; chi2: Num; p_value: Num; critical_difference: Num;
  ranks: { predictor: string; title: string; rank: number; is_model: boolean }[];
  cliques: string[][];   // groups of predictors that cannot be told apart
}

// Nadeau-Bengio corrected t-test over folds (and repeats), model against baseline.
export interface CorrectedTest {
  split: string; metric: string; predictor: string; against: string; difference: Num; low: Num; high: Num;
  p_value: Num; p_adjusted: Num; n_folds: number;
}

// A repeated cross-validation as one experiment: repeated-measures analysis of variance, Tukey's HSD.
export interface MultipleComparison {
  split: string; metric: string; higher_is_better: boolean; confidence: number; n_folds: number; n_repeats: number;
  f: Num; degrees_of_freedom: number; degrees_of_freedom_error: number; p_value: Num;
  epsilon: Num; p_value_corrected: Num;      // sphericity (Greenhouse and Geisser), and the p value corrected for it
  variance_ratio: Num; levene_p_value: Num;  // over folds, largest to smallest of the predictors
  best: string; neighbour: string | null;
  predictors: { predictor: string; title: string; is_model: boolean; mean: Num; sd: Num }[];  // best first
  against_best: MeanDifference[]; against_neighbour: MeanDifference[];
  sentence: string; cautions: string[];
}

// Positive = better than `against`. The interval is simultaneous over all pairs (Tukey).
export interface MeanDifference {
  predictor: string; against: string; difference: Num; low: Num; high: Num;
  p_adjusted: Num;   // Tukey
  p_corrected: Num;  // Nadeau-Bengio, Holm
  effect_size: Num;
}

export interface TwinSection {
  split: string; model: string; mode: string; kind: string; view: string; metric: string;
  real: Num; draws: Num[]; p_value: Num; sentence: string;
}

export interface LearningCurve {
  split: string; over: string; metric: string;   // over: pairs, cells, drugs, ligands
  curves: {
    predictor: string; title: string; is_model: boolean;
    points: { size: number; n_pairs: number; mean: Num; low: Num; high: Num; n: number }[];
    fit: { a: number; b: number; c: number; c_low: Num; c_high: Num } | null;   // value = a * size^-b + c
    plateau: "reached" | "not reached" | "cannot tell"; sentence: string;
  }[];
  crossings: { model: string; baseline: string; size: Num; low: Num; high: Num; sentence: string }[];
}

export interface ProtocolNote {
  code: string; severity: "note" | "warning" | "serious"; model: string; title: string; sentence: string;
  evidence: { [key: string]: string | number | null }; recommendation: string;
}

export interface Estimate { value: Num; low: Num; high: Num }
export interface OverlapSection {
  n_train: number; n_test: number; threshold: Num; share_with_neighbour: Num;
  nearest_mean: Num; nearest_median: Num; nearest_p90: Num; nearest_max: Num; mean_pair: Num;
  nearest_histogram: number[];   // equal bins over [0, 1], test items summed over repeats
}

// Performance along a series of splits of falling overlap. Levels go from most to least overlap.
export interface SpectrumSection {
  name: string; title: string; mode: "retrain" | "predictions" | "import"; entity: string;
  parameter_title: string; falls_with_parameter: boolean;
  similarity: string; similarity_parameters: string; null_p99: Num; null_note: string;
  metric: string; metric_title: string; higher_is_better: boolean; axis: "parameter" | "overlap" | "novelty";
  x_low: Num; x_high: Num; is_partial: boolean; confidence: number; draws: number;
  levels: {
    parameter: number; x: number; n_repeats: number; n_train: number; n_test: number; n_left_out: number;
    overlap: OverlapSection; control_overlap: OverlapSection | null;
  }[];
  curves: {
    predictor: string; title: string; rung: RungName; is_model: boolean; may_be_bar: boolean; copies_nearest: boolean;
    points: Estimate[]; control: Estimate[];      // per level; control empty = none
    auspc: Estimate; auspc_se: Num; auspc_control: Estimate; is_complete: boolean;
  }[];
  contrasts: {
    model: string; against: string; is_bar: boolean; is_pointwise: boolean; is_nearest: boolean;
    difference: Estimate; levels: Estimate[];     // positive = the model is better; of the areas, and per level
    p_value: Num; p_adjusted: Num; margin: Num; verdict: VerdictName; sentence: string;
  }[];
  // What is lost between the first and the last level with a value: total = by_overlap + by_size.
  falls: { predictor: string; from: number; to: number; total: Estimate; by_overlap: Estimate; by_size: Estimate }[];
  n_rows_dropped: number;   // test rows that some predictor did not predict
  monotonicity: { spearman: Num; low: Num; high: Num; is_falling: boolean; sentence: string };
  worst_pairs: { parameter: number; test: string; train: string; similarity: number; test_target: Num; train_target: Num }[];
  sentences: string[];
}

// Several assays: every predictor's score in every assay; published models have scores only.
export interface TaskSection {
  task_title: string;   // "assay"
  neighbour: string;    // the predictor that copies the nearest training samples; "" = none
  tables: {
    split: string; metric: string; higher_is_better: boolean; tasks: string[]; n_test: number[];
    predictors: {
      name: string; title: string; rung: RungName; is_model: boolean; is_published: boolean;
      mean: Estimate; values: Num[];   // per task
    }[];
  }[];
  contrasts: {
    split: string; metric: string; hypothesis: string; model: string; against: string; is_published: boolean;
    n_tasks: number; n_better: number; n_worse: number; difference: Estimate;   // positive = the model is better
    p_value: Num; p_adjusted: Num; margin: Num; verdict: VerdictName; sentence: string; recommendation: string;
    equivalent: boolean;   // the 1 - 2 alpha interval lies within the margin on both sides
  }[];
  sentences: string[];
}

export interface PairSection {
  block: string;     // "cliff"
  rule: string;      // the definition in words
  scores: {
    split: string; predictor: string; title: string; is_model: boolean;
    rmse_cliff: Estimate; rmse_noncliff: Estimate; gap: Estimate; sign_accuracy: Estimate; sign_accuracy_to_train: Estimate;
    n_cliff: number; n_noncliff: number; n_pairs: number; n_pairs_to_train: number;
  }[];
  shown: {
    split: string; task: string;
    first: PairMember; second: PairMember;      // first is the more potent
    predictions: { predictor: string; title: string; first: Num; second: Num }[];
  }[];
  sentences: string[];
}
export interface PairMember { id: string; text: string; svg: string; target: number; is_test: boolean }

export interface DistanceSection {
  split: string; entity: string; similarity: string; against: string; median: Num;
  bins: { low: number; high: number; n: number }[];
  grid: number[];
  curves: { predictor: string; title: string; is_model: boolean; rung: RungName; rmse: Estimate[]; smooth: Estimate[]; gain: Estimate[] }[];
  sentences: string[];
}

// Sentences, tables and plots that an area makes for one split, "" = about the data, whatever the split. Numbers of tables are numbers, null = undefined.
export interface AreaSectionReport {
  split: string; id: string; title: string; sentences: string[];
  tables: AreaTable[]; plots: AreaPlot[]; explanation: string;
}
export interface AreaTable {
  title: string;
  columns: { name: string; title: string; is_number: boolean; digits: number; note: string; below: boolean }[];   // below: in small print below the column before
  rows: (string | number | null)[][];
}
export interface AreaPlot {
  title: string; kind: "dots" | "lines" | "scatter"; x_label: string; y_label: string;
  categories: string[];   // of dots
  series: AreaSeries[];
  reference: Num;         // a line across
}
export interface AreaSeries { name: string; x: Num[]; y: Num[]; low: Num[]; high: Num[] }

// What `cupel spectra` writes: the spectra alone.
export interface SpectrumReport {
  schema: "cupel-spectrum"; schema_version: 1; cupel_version: string;
  title: string; command: string; data: string[]; spectra: SpectrumSection[];
}
