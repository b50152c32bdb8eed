// cupel overlap: how much of a test set is known from training, or from a pre-training corpus.
#include <fmt/format.h>

#include <memory>

#include "commands.hpp"
#include "cupel/error.hpp"
#include "overlap_corpus.hpp"
#include "overlap_inputs.hpp"
#include "overlap_out.hpp"
#include "similarity/mutation_sets.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  SideFlags sides;
  CorpusFlags corpus;
  KindFlags kind;
  ItemFlags items;
  std::optional<double> threshold;
  std::optional<double> fail_on;
  double tolerance = 0.0;
  std::string out;
  std::uint32_t worst = 20;
  bool nearest_only = false;
  bool no_null = false;
};

/// The set measure of the kinds that are about sets.
void measure_sets(LeakageReport& report, const SimilarityKind& kind, const KindOptions& options,
                  const Sides& sides) {
  if (kind.form == ItemForm::mutations) {
    const auto given = options.find("separator");
    const std::string separator = given == options.end() || given->second == "auto"
                                      ? detect_mutation_separator({&sides.train, &sides.test})
                                      : given->second;
    report.set_name = "mutations";
    report.set_jaccard = set_jaccard(mutation_tokens(sides.train, separator),
                                     mutation_tokens(sides.test, separator));
  } else if (kind.name.starts_with("kmer")) {
    const auto given = options.find("k");
    const std::size_t k = given == options.end() ? 3 : std::stoul(given->second);
    report.set_name = std::to_string(k) + "-mers";
    report.set_jaccard = set_jaccard(kmer_tokens(sides.train, k), kmer_tokens(sides.test, k));
  }
}

double search_corpus(const Flags& flags, const SimilarityKind& kind, const KindOptions& options,
                     Session& session) {
  if (flags.sides.data.empty() || !flags.sides.train.empty() || !flags.sides.test.empty() ||
      !flags.sides.split.empty() || !flags.sides.split_column.empty()) {
    fail(ErrorKind::usage, "--corpus is searched for the items of --data, without a split", {},
         "give --corpus CORPUS --data FILE");
  }
  const CorpusRequest request{.data = flags.sides.data,
                              .threshold = flags.threshold.value_or(kind.default_threshold),
                              .n_worst = flags.worst,
                              .no_null = flags.no_null,
                              .out = flags.out};
  return run_corpus(flags.corpus, request, kind, options, flags.items, session);
}

int run(const Flags& flags, Session& session) {
  const SimilarityKind& kind = find_similarity_kind(flags.kind.kind);
  const KindOptions options = kind_options(flags.kind);
  if (!flags.corpus.corpus.empty()) {
    const double share = search_corpus(flags, kind, options, session);
    return flags.fail_on && share > *flags.fail_on ? 1 : 0;
  }
  const Sides sides =
      read_sides(flags.sides, flags.items, kind, options, !flags.nearest_only, session);
  const SplitSimilarities similarities{.test_by_train = sides.test_by_train.get(),
                                       .train = sides.within_train.get(),
                                       .test = sides.within_test.get()};
  OverlapResult result{.kind = kind.name,
                       .parameters = sides.test_by_train->parameters(),
                       .instruction_set = sides.test_by_train->instruction_set()};
  result.report = leakage_report(sides.train, sides.test, kind.form, similarities,
                                 {.threshold = flags.threshold.value_or(kind.default_threshold),
                                  .n_worst = flags.worst,
                                  .label_tolerance = flags.tolerance},
                                 session.context);
  measure_sets(result.report, kind, options, sides);
  const double threshold = result.report.profile.threshold;
  if (!flags.no_null) {
    result.null = kind.form == ItemForm::matrix
                      ? null_of_random_pairs(*sides.whole, 100'000, session.context)
                      : null_model(kind, sides.test, &sides.train, options, {}, session.context);
    result.chance = chance_level(result.null, threshold, sides.train.size());
  }
  result.words = leakage_words(result.report, flags.no_null ? nullptr : &result.chance);
  if (!flags.out.empty()) write_nearest(flags.out, result, sides);
  if (flags.out != "-") {
    session.print(session.json ? overlap_json(result, sides).dump()
                               : overlap_text(result, sides, session));
  }
  return flags.fail_on && result.report.profile.share_with_neighbour > *flags.fail_on ? 1 : 0;
}

}  // namespace

Run define_overlap(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel overlap --train train.csv --test test.csv --kind ecfp-tanimoto \\\n"
      "      --threshold 0.4 --out nearest.csv");
  arguments.example(
      "cupel overlap --data proteins.csv --split split.csv --kind global-identity \\\n"
      "      --threshold 0.3 --fail-on 0.05 --json");
  arguments.example(
      "cupel overlap --corpus uniref50.fasta.gz --data proteins.csv --kind kmer-containment \\\n"
      "      --k 5 --out nearest.csv");
  arguments.description(
      "Exact: every test x training pair is compared. nearest.csv has a row per test item; its\n"
      "indices are 0-based data rows. `null` is the level that unrelated items reach by chance.");
  add_side_flags(arguments, flags->sides);
  add_corpus_flags(arguments, flags->corpus);
  add_kind_flags(arguments, flags->kind);
  arguments.option("--threshold", flags->threshold,
                   "Similarity from which an item is a neighbour (default: the kind's)",
                   {.placeholder = "T"});
  arguments.option("--out", flags->out,
                   "The nearest training item of every test item; - for stdout",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--fail-on", flags->fail_on,
                   "Exit 1 if more than this share of test items has a training neighbour",
                   {.placeholder = "SHARE"});
  arguments.option("--tolerance", flags->tolerance,
                   "Targets of copies that differ by more are in conflict", {.placeholder = "D"});
  arguments.option("--worst", flags->worst, "Leaked pairs to report", {.placeholder = "N"});
  arguments.flag("--nearest-only", flags->nearest_only,
                 "Skip what needs the similarities within training (DataSAIL's L)");
  arguments.flag("--no-null", flags->no_null, "Do not estimate the level of chance");
  add_item_flags(arguments, flags->items);
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
