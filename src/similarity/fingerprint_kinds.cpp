#include <algorithm>
#include <array>
#include <utility>

#include "base/options.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "similarity/fingerprint.hpp"
#include "similarity/kind_groups.hpp"

namespace cupel {
namespace {

BitMeasure read_measure(Options& options) {
  const std::string name = options.choice("measure", "tanimoto", {"tanimoto", "dice", "cosine"});
  for (const auto measure : {BitMeasure::dice, BitMeasure::cosine}) {
    if (name == to_string(measure)) return measure;
  }
  return BitMeasure::tanimoto;
}

void refuse_items(const Items& items, std::string_view kind, const std::string& needed) {
  fail_input("the similarity " + std::string(kind) + " needs " + needed, {.file = items.source},
             "`cupel list similarities` shows what each kind needs");
}

/// The fingerprints of SMILES; unreadable ones end the computation or, if asked, are similar to
/// none.
PackedBits ecfp_of(const Items& items, const EcfpOptions& options, bool refuse,
                   const Context& context) {
  if (items.texts.size() != items.size()) refuse_items(items, "ecfp-tanimoto", "a SMILES per item");
  PackedFingerprints made = ecfp(items.texts, options, context);
  const auto bad = [](const std::string& problem) { return !problem.empty(); };
  const auto n_bad = std::count_if(made.problem.begin(), made.problem.end(), bad);
  if (n_bad == 0) return std::move(made.bits);
  const auto first = static_cast<std::size_t>(
      std::find_if(made.problem.begin(), made.problem.end(), bad) - made.problem.begin());
  const std::string what = std::to_string(n_bad) + " of " + std::to_string(items.size()) +
                           " SMILES cannot be read; the first is item " +
                           std::to_string(first + 1) + " (" + items.ids[first] +
                           "): " + made.problem[first];
  if (refuse) {
    fail_input(what, {.file = items.source, .value = items.texts[first]},
               "correct or remove them, or give the option unreadable=empty, which makes them "
               "similar to nothing");
  }
  context.say(LogLevel::warning, what + "; their similarity to everything is 0");
  return std::move(made.bits);
}

std::unique_ptr<Similarity> make_ecfp(const Items& rows, const Items* cols,
                                      const KindOptions& given, const Context& context) {
  Options options(given, "ecfp-tanimoto");
  const EcfpOptions ecfp_options{
      .radius = options.count("radius", 2, 0, 10),
      .n_bits = options.count("bits", 2048, 64, 65536),
      .chirality = options.choice("chirality", "no", {"no", "yes"}) == "yes"};
  const BitMeasure measure = read_measure(options);
  const bool refuse = options.choice("unreadable", "refuse", {"refuse", "empty"}) == "refuse";
  options.finish();
  PackedBits row_bits = ecfp_of(rows, ecfp_options, refuse, context);
  std::unique_ptr<PackedBits> col_bits;
  if (cols != nullptr) {
    col_bits = std::make_unique<PackedBits>(ecfp_of(*cols, ecfp_options, refuse, context));
  }
  return fingerprint_similarity(
      std::move(row_bits), std::move(col_bits),
      {.measure = measure, .kind = "ecfp-tanimoto", .parameters = options.canonical(";")});
}

PackedBits bits_of(const Items& items) {
  if (items.bits.rows != items.size()) {
    refuse_items(items, "fingerprint-tanimoto", "a fingerprint of bits per item");
  }
  return items.bits;
}

std::unique_ptr<Similarity> make_fingerprint(const Items& rows, const Items* cols,
                                             const KindOptions& given, const Context&) {
  Options options(given, "fingerprint-tanimoto");
  const BitMeasure measure = read_measure(options);
  options.finish();
  std::unique_ptr<PackedBits> col_bits;
  if (cols != nullptr) col_bits = std::make_unique<PackedBits>(bits_of(*cols));
  return fingerprint_similarity(
      bits_of(rows), std::move(col_bits),
      {.measure = measure, .kind = "fingerprint-tanimoto", .parameters = options.canonical(";")});
}

constexpr const char* kMeasures =
    "measure=tanimoto|dice|cosine: c/(a+b-c), 2c/(a+b) or c/sqrt(ab) (default tanimoto)";

}  // namespace

std::span<const SimilarityKind> fingerprint_kinds() {
  static const std::array<SimilarityKind, 2> kKinds{{
      {.name = "ecfp-tanimoto",
       .description =
           "Morgan fingerprints (ECFP) of SMILES by RDKit; c / (a + b - c) with a, b ones "
           "of the two and c ones of both",
       .options = std::string("radius=2: bonds around an atom (ECFP4 has radius 2); bits=2048: "
                              "length; chirality=no|yes; unreadable=refuse|empty: what to do about "
                              "SMILES that cannot be read; ") +
                  kMeasures,
       .source = "Rogers & Hahn 2010, doi:10.1021/ci100050t",
       .form = ItemForm::smiles,
       .default_threshold = 0.4,
       .make = make_ecfp},
      {.name = "fingerprint-tanimoto",
       .description = "given binary fingerprints; c / (a + b - c) with a, b ones of the two and c "
                      "ones of both",
       .options = kMeasures,
       .source = "Rogers & Tanimoto 1960, doi:10.1126/science.132.3434.1115",
       .form = ItemForm::bits,
       .default_threshold = 0.4,
       .make = make_fingerprint},
  }};
  return kKinds;
}

}  // namespace cupel
