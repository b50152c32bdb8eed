#include "overlap_corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/write.hpp"
#include "overlap_out.hpp"
#include "similarity/corpus_nearest.hpp"
#include "split/leakage_words.hpp"
#include "split/overlap_profile.hpp"

namespace cupel::cli {
namespace {

struct Result {
  Items items;
  CorpusNearest found;
  OverlapProfile profile;
  NullModel null;
  ChanceLevel chance;
  std::vector<std::uint32_t> by_similarity;  ///< items, most similar first
};

void write_file(const std::string& path, const Result& result) {
  CsvWriter csv;
  const bool targets = !result.items.targets.empty();
  std::vector<std::string> header{"test_index", "test_id", "train_index", "train_id", "similarity"};
  if (targets) header.emplace_back("test_target");
  csv.row(header);
  for (std::size_t i = 0; i < result.items.size(); ++i) {
    csv.integer(static_cast<std::int64_t>(result.items.row_of(i))).text(result.items.ids[i]);
    csv.integer(static_cast<std::int64_t>(result.found.number[i])).text(result.found.id[i]);
    csv.number(result.found.similarity[i]);
    if (targets) csv.text(result.items.target_text(i));
    csv.end_row();
  }
  csv.save(path == "-" ? "/dev/stdout" : path);
}

std::string sentence(const Result& result) {
  return fmt::format(
      "{} of {} items have a neighbour at or above {} among the {} texts of the corpus.",
      percent_text(result.profile.share_with_neighbour), grouped(result.items.size()),
      format_double(result.profile.threshold), grouped(result.found.n_texts));
}

std::string as_text(const Result& result, const SimilarityKind& kind, const Session& session) {
  const OverlapProfile& p = result.profile;
  std::string text = session.styled(sentence(result), "bold") + "\n";
  if (!result.chance.sentence.empty()) text += result.chance.sentence + "\n";
  text += fmt::format(
      "\n{}: similarity of the nearest text, mean {:.3f}, median {:.3f}, 90 % {:.3f}, "
      "largest {:.3f}\n",
      kind.name, p.nearest_mean, p.nearest_median, p.nearest_p90, p.nearest_max);
  text += histogram_text(result.found.similarity);
  if (result.found.n_left_out > 0) {
    text +=
        fmt::format("{} texts of the corpus cannot be read\n", grouped(result.found.n_left_out));
  }
  return text;
}

std::string as_json(const Result& result, const SimilarityKind& kind, const std::string& corpus,
                    std::size_t n_worst) {
  const OverlapProfile& p = result.profile;
  JsonOut out;
  out.text("kind", kind.name).object("data", items_json(result.items));
  JsonOut texts = JsonOut::part();
  texts.text("file", corpus).number("texts", static_cast<double>(result.found.n_texts));
  texts.number("left_out", static_cast<double>(result.found.n_left_out));
  out.object("corpus", texts.diagnostics("diagnostics", result.found.diagnostics));
  out.number("threshold", p.threshold).number("share_with_neighbour", p.share_with_neighbour);
  JsonOut nearest = JsonOut::part();
  nearest.number("mean", p.nearest_mean).number("median", p.nearest_median);
  nearest.number("p90", p.nearest_p90).number("max", p.nearest_max);
  out.object("nearest", nearest.numbers("histogram",
                                        {p.nearest_histogram.begin(), p.nearest_histogram.end()}));
  std::vector<JsonOut> worst;
  for (std::size_t k = 0; k < std::min(n_worst, result.by_similarity.size()); ++k) {
    const std::uint32_t i = result.by_similarity[k];
    JsonOut one = JsonOut::part();
    one.number("similarity", result.found.similarity[i]).text("id", result.items.ids[i]);
    one.text("text", result.items.texts[i]).text("corpus_id", result.found.id[i]);
    worst.push_back(std::move(one.text("corpus_text", result.found.text[i])));
  }
  out.objects("worst", worst);
  if (!result.null.values.empty()) out.object("null", chance_json(result.null, result.chance));
  return out.texts("seen", {sentence(result)}).dump();
}

}  // namespace

void add_corpus_flags(Arguments& arguments, CorpusFlags& flags) {
  arguments.option("--corpus", flags.corpus,
                   "Pre-training corpus to search for the items of --data: FASTA, SMILES, CSV/TSV "
                   "(gz, zst); streamed, so it may be larger than memory",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--corpus-text-column", flags.text_column,
                   "Its column of texts, if it has columns", {.placeholder = "NAME"});
  arguments.option("--corpus-id-column", flags.id_column, "Its column of ids",
                   {.placeholder = "NAME"});
}

double run_corpus(const CorpusFlags& flags, const CorpusRequest& request,
                  const SimilarityKind& kind, const KindOptions& options, const ItemFlags& items,
                  Session& session) {
  Result result;
  result.items = load_items(request.data, kind, items, session);
  const auto path = found_file(flags.corpus, session);
  result.found = nearest_in_corpus(result.items, kind, options, path,
                                   {.text_column = flags.text_column, .id_column = flags.id_column},
                                   {}, session.context);
  show(result.found.diagnostics, session);
  TestOverlap overlap;
  overlap.nearest = result.found.similarity;
  overlap.pair_sum.assign(result.items.size(), OverlapProfile::kNone);
  const std::size_t n_texts = result.found.n_texts - result.found.n_left_out;
  result.profile = summarise_overlap(overlap, n_texts, request.threshold);
  if (!request.no_null) {
    result.null = null_model(kind, result.items, nullptr, options, {}, session.context);
    result.chance = chance_level(result.null, request.threshold, n_texts);
  }
  auto& order = result.by_similarity;
  order.resize(result.items.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return result.found.similarity[a] > result.found.similarity[b];
  });
  if (!request.out.empty()) write_file(request.out, result);
  if (request.out != "-") {
    session.print(session.json ? as_json(result, kind, flags.corpus, request.n_worst)
                               : as_text(result, kind, session));
  }
  return result.profile.share_with_neighbour;
}

}  // namespace cupel::cli
