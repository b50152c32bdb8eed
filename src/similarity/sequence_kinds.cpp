#include "similarity/sequence_kinds.hpp"

#include <optional>
#include <vector>

#include "base/options.hpp"
#include "cupel/error.hpp"
#include "similarity/alignment.hpp"
#include "similarity/alignment_identity.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/kmers.hpp"
#include "similarity/mutation_sets.hpp"
#include "similarity/sequence_texts.hpp"
#include "similarity/substitution_matrices.hpp"

namespace cupel {
namespace {

using Made = std::unique_ptr<Similarity>;

/// The texts of rows and, if given, columns.
struct Texts {
  std::vector<std::string> rows;
  std::optional<std::vector<std::string>> own_cols;

  Texts(const Items& row_items, const Items* col_items, GapLetters gaps = GapLetters::refuse)
      : rows(sequence_texts(row_items, gaps)) {
    if (col_items) own_cols = sequence_texts(*col_items, gaps);
  }
  [[nodiscard]] const std::vector<std::string>* cols() const {
    return own_cols ? &*own_cols : nullptr;
  }
};

Made make_kmers(const std::string& kind, SetMeasure measure, const Items& rows, const Items* cols,
                const KindOptions& given) {
  Options options(given, kind);
  const std::uint32_t k = options.count("k", 3, 1, kLongestKmer);
  options.finish();
  const Texts texts(rows, cols);
  KmerSets sets = kmer_sets(texts.rows, texts.cols(), k);
  return make_set_similarity(
      std::move(sets.rows), std::move(sets.cols),
      {.kind = kind, .parameters = options.canonical(";"), .measure = measure});
}

Made kmer_jaccard(const Items& rows, const Items* cols, const KindOptions& options,
                  const Context&) {
  return make_kmers("kmer-jaccard", SetMeasure::jaccard, rows, cols, options);
}

Made kmer_containment(const Items& rows, const Items* cols, const KindOptions& options,
                      const Context&) {
  return make_kmers("kmer-containment", SetMeasure::containment, rows, cols, options);
}

Made minhash_jaccard(const Items& rows, const Items* cols, const KindOptions& given,
                     const Context& context) {
  Options options(given, "minhash-jaccard");
  MinHashOptions sketch;
  sketch.k = options.count("k", 3, 1, kLongestKmer);
  sketch.sketch = options.count("sketch", 256, 1, 1U << 20);
  sketch.seed =
      options.count("seed", static_cast<std::uint32_t>(context.seed & 0xFFFFFFFFU), 0, 0xFFFFFFFFU);
  options.finish();
  sketch.parameters = options.canonical(";");
  const Texts texts(rows, cols);
  return make_minhash(texts.rows, texts.cols(), sketch);
}

Made make_identity(const std::string& kind, const std::vector<std::string>& modes,
                   const std::string& denominator, const Items& rows, const Items* cols,
                   const KindOptions& given) {
  Options options(given, kind);
  std::vector<std::string> matrices = {"match"};
  for (const auto& matrix : substitution_matrices()) matrices.emplace_back(matrix.name);
  const std::string matrix = options.choice("matrix", "blosum62", matrices);
  const bool by_match = matrix == "match";
  const double match = by_match ? options.number("match", 1.0, 0.0, 1000.0) : 0.0;
  const double mismatch = by_match ? options.number("mismatch", -1.0, -1000.0, 1000.0) : 0.0;
  const double open = options.number("gap_open", 10.0, 0.0, 1000.0);
  const double extend = options.number("gap_extend", 0.5, 0.0, 1000.0);
  auto mode = AlignmentMode::local;
  if (!modes.empty()) {
    mode = options.choice("end_gaps", modes.front(), modes) == "free"
               ? AlignmentMode::global_free_ends
               : AlignmentMode::global;
  }
  const std::vector<std::string> names = {"alignment", "shortest", "longest", "mean", "aligned"};
  const std::string chosen = options.choice("denominator", denominator, names);
  options.finish();
  IdentityOptions identity{.kind = kind, .parameters = options.canonical(";")};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != chosen) continue;
    identity.scoring =
        alignment_scoring(matrix, match, mismatch, open, extend, mode, static_cast<Denominator>(i));
  }
  const Texts texts(rows, cols);
  return make_alignment_identity(texts.rows, texts.cols(), identity);
}

Made global_identity(const Items& rows, const Items* cols, const KindOptions& options,
                     const Context&) {
  return make_identity("global-identity", {"free", "charged"}, "alignment", rows, cols, options);
}

Made local_identity(const Items& rows, const Items* cols, const KindOptions& options,
                    const Context&) {
  return make_identity("local-identity", {}, "shortest", rows, cols, options);
}

Made spectra_tape_identity(const Items& rows, const Items* cols, const KindOptions& given,
                           const Context&) {
  const Options options(given, "spectra-identity");
  options.finish();
  const Texts texts(rows, cols);
  return make_spectra_identity(texts.rows, texts.cols());
}

Made hamming(const Items& rows, const Items* cols, const KindOptions& given, const Context&) {
  Options options(given, "hamming");
  const bool zero = options.choice("unequal", "error", {"error", "zero"}) == "zero";
  options.finish();
  Texts texts(rows, cols, GapLetters::allow);
  return make_hamming(std::move(texts.rows), texts.cols(),
                      zero ? UnequalLengths::zero : UnequalLengths::error, options.canonical(";"));
}

Made edit(const Items& rows, const Items* cols, const KindOptions& given, const Context&) {
  const Options options(given, "edit");
  options.finish();
  Texts texts(rows, cols);
  return make_edit(std::move(texts.rows), texts.cols(), "");
}

Made make_mutations(const std::string& kind, SetMeasure measure, double both_empty,
                    const Items& rows, const Items* cols, const KindOptions& given) {
  Options options(given, kind);
  std::vector<std::string> separators = mutation_separators();
  separators.emplace_back("auto");
  std::string separator = options.choice("separator", "auto", separators);
  options.finish();
  std::vector<const Items*> all = {&rows};
  if (cols) all.push_back(cols);
  if (separator == "auto") separator = detect_mutation_separator(all);
  MutationSets sets = mutation_sets(rows, cols, separator);
  return make_set_similarity(std::move(sets.rows), std::move(sets.cols),
                             {.kind = kind,
                              .parameters = "separator=" + separator,
                              .measure = measure,
                              .both_empty = both_empty});
}

Made mutation_jaccard(const Items& rows, const Items* cols, const KindOptions& options,
                      const Context&) {
  return make_mutations("mutation-jaccard", SetMeasure::jaccard, 1.0, rows, cols, options);
}

Made mutation_share(const Items& rows, const Items* cols, const KindOptions& options,
                    const Context&) {
  return make_mutations("mutation-share", SetMeasure::share, 0.0, rows, cols, options);
}

constexpr const char* kAlignmentOptions =
    "matrix=blosum62 (blosum45, 50, 62, 80, 90, pam30, 70, 250, or match with match=1 "
    "mismatch=-1), gap_open=10 (cost of a gap's first residue), gap_extend=0.5 (of each further "
    "one), ";

std::vector<SimilarityKind> all_kinds() {
  const std::string alignment = kAlignmentOptions;
  const std::string denominators =
      "(alignment: its columns with gaps; shortest, longest, mean: of the lengths; aligned: pairs "
      "without gaps)";
  const std::string separators =
      "separator=auto (: - , ; | / + _ space, or bracket for \"-[\"; auto decides only where "
      "nothing else is possible)";
  return {
      {.name = "kmer-jaccard",
       .description =
           "shared distinct k-mers of two sequences over all of both: |A n B| / |A u B|; "
           "0 for a sequence shorter than k",
       .options = "k=3 (letters per k-mer, 1 to 13)",
       .source = "Broder 1997, doi:10.1109/SEQUEN.1997.666900",
       .default_threshold = 0.1,
       .make = kmer_jaccard},
      {.name = "kmer-containment",
       .description = "shared distinct k-mers over those of the sequence with fewer: |A n B| / "
                      "min(|A|, |B|), which is symmetric",
       .options = "k=3 (letters per k-mer, 1 to 13)",
       .source = "Broder 1997, doi:10.1109/SEQUEN.1997.666900",
       .default_threshold = 0.2,
       .make = kmer_containment},
      {.name = "minhash-jaccard",
       .description = "an estimate of kmer-jaccard from the smallest hashes of each sequence; "
                      "standard error about sqrt(J (1 - J) / sketch)",
       .options = "k=3, sketch=256 (hashes per sequence), seed (of the hash; default: --seed)",
       .source = "Ondov et al. 2016 (Mash), doi:10.1186/s13059-016-0997-x",
       .default_threshold = 0.1,
       .make = minhash_jaccard},
      {.name = "global-identity",
       .description = "identical pairs of the best global alignment over a denominator; of the "
                      "alignments with the best score, the one with the most identities, then the "
                      "smallest denominator",
       .options = alignment + "end_gaps=free (or charged), denominator=alignment " + denominators,
       .source = "Needleman & Wunsch 1970, Gotoh 1982, doi:10.1016/0022-2836(82)90398-9; defaults "
                 "of EMBOSS needle",
       .default_threshold = 0.3,
       .make = global_identity},
      {.name = "local-identity",
       .description = "the same of the best local alignment (Smith-Waterman)",
       .options = alignment + "denominator=shortest " + denominators,
       .source = "Smith & Waterman 1981, doi:10.1016/0022-2836(81)90087-5",
       .default_threshold = 0.3,
       .make = local_identity},
      {.name = "spectra-identity",
       .description = "1 - differing columns / columns of the first co-optimal global alignment "
                      "(match 1, mismatch -2, gap position -2.5) that Biopython lists, as in "
                      "SPECTRA's scripts; it depends on the order of the pair, which is row, "
                      "column with row < column in one set",
       .options = "none",
       .source = "Ektefaie et al. 2024, doi:10.1038/s42256-024-00931-6",
       .default_threshold = 0.3,
       .make = spectra_tape_identity},
      {.name = "hamming",
       .description = "1 - mismatches / length of two sequences of equal length, gap letters count "
                      "as letters",
       .options = "unequal=error (or zero: 0 for sequences of unequal length)",
       .source = "Hamming 1950, doi:10.1002/j.1538-7305.1950.tb00463.x",
       .default_threshold = 0.9,
       .make = hamming},
      {.name = "edit",
       .description = "1 - Levenshtein distance / longer length",
       .options = "none",
       .source = "Sosic & Sikic 2017 (edlib), doi:10.1093/bioinformatics/btw753",
       .default_threshold = 0.8,
       .make = edit},
      {.name = "mutation-jaccard",
       .description = "shared mutations over all of both: |A n B| / |A u B|; a variant without "
                      "mutations is unlike all others (0) and like another one without (1)",
       .options = separators,
       .source = "Jaccard 1901",
       .form = ItemForm::mutations,
       .default_threshold = 0.5,
       .make = mutation_jaccard},
      {.name = "mutation-share",
       .description = "1 if two variants share a mutation, else 0: the graph of SPECTRA's mutation "
                      "data sets; a variant without mutations shares none",
       .options = separators,
       .source = "Ektefaie et al. 2024, doi:10.1038/s42256-024-00931-6",
       .form = ItemForm::mutations,
       .default_threshold = 1.0,
       .make = mutation_share},
  };
}

}  // namespace

std::span<const SimilarityKind> sequence_kinds() {
  static const std::vector<SimilarityKind> kKinds = all_kinds();
  return kKinds;
}

}  // namespace cupel
