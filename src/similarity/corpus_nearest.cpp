#include "similarity/corpus_nearest.hpp"

#include <memory>
#include <optional>

#include "cupel/error.hpp"
#include "similarity/ecfp_items.hpp"
#include "similarity/engine.hpp"

namespace cupel {
namespace {

class Search {
 public:
  Search(const Items& items, const SimilarityKind& kind, const KindOptions& options,
         const Context& context)
      : items_(items), kind_(&kind), options_(options), context_(context) {
    found_.similarity.assign(items.size(), -1e300);
    found_.number.assign(items.size(), CorpusNearest::kNone);
    found_.id.resize(items.size());
    found_.text.resize(items.size());
    if (kind.form != ItemForm::smiles) return;
    ecfp_ = ecfp_kind(options);
    query_bits_ = ecfp_items(items, ecfp_->fingerprint, context);
    kind_ = &find_similarity_kind("fingerprint-tanimoto");
    options_ = ecfp_->bits_options;
  }

  void add(CorpusText& text) {
    batch_.ids.push_back(std::move(text.id));
    batch_.texts.push_back(std::move(text.text));
    n_bytes_ += batch_.texts.back().size();
  }
  [[nodiscard]] bool is_full(const CorpusBatch& limit) const {
    return batch_.size() >= limit.n_texts || n_bytes_ >= limit.n_bytes;
  }

  void compare_batch() {
    if (batch_.size() == 0) return;
    if (ecfp_) {
      const Items bits = ecfp_items(batch_, ecfp_->fingerprint, context_);
      found_.n_left_out += batch_.size() - bits.size();
      found_.diagnostics.merge(bits.diagnostics);
      if (bits.size() > 0) keep_better(query_bits_, bits);
    } else {
      keep_better(items_, batch_);
    }
    found_.n_texts += batch_.size();
    context_.report({.task = "texts of the corpus", .done = found_.n_texts, .total = 0});
    batch_ = Items{};
    n_bytes_ = 0;
  }

  CorpusNearest take() { return std::move(found_); }
  [[nodiscard]] std::uint64_t n_texts() const noexcept { return found_.n_texts; }

 private:
  void keep_better(const Items& queries, const Items& texts) {
    Context silent = context_;
    silent.progress = nullptr;
    const auto similarity = kind_->make(queries, &texts, options_, silent);
    const auto best = nearest(*similarity, silent);
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (best[i].col == Nearest::kNone || !(best[i].value > found_.similarity[i])) continue;
      const auto place = static_cast<std::size_t>(texts.row_of(best[i].col));
      found_.similarity[i] = best[i].value;
      found_.number[i] = found_.n_texts + place;
      found_.id[i] = batch_.ids[place];
      found_.text[i] = batch_.texts[place];
    }
  }

  const Items& items_;
  const SimilarityKind* kind_;
  KindOptions options_;
  const Context& context_;
  std::optional<EcfpKind> ecfp_;
  Items query_bits_;
  Items batch_;
  std::size_t n_bytes_ = 0;
  CorpusNearest found_;
};

}  // namespace

CorpusNearest nearest_in_corpus(const Items& items, const SimilarityKind& kind,
                                const KindOptions& options, const std::filesystem::path& path,
                                const CorpusOptions& corpus, const CorpusBatch& limit,
                                const Context& context) {
  const bool ecfp = kind.form == ItemForm::smiles && kind.name == "ecfp-tanimoto";
  if (!ecfp && kind.form != ItemForm::sequence) {
    fail(ErrorKind::usage, "a corpus of texts is compared by a kind for SMILES or sequences",
         {.value = kind.name}, "use ecfp-tanimoto, kmer-containment, global-identity, ...");
  }
  Search search(items, kind, options, context);
  const Diagnostics problems = stream_corpus(path, corpus, [&](CorpusText& text) {
    search.add(text);
    if (!search.is_full(limit)) return true;
    context.check_cancelled();
    search.compare_batch();
    return true;
  });
  search.compare_batch();
  if (search.n_texts() == 0) {
    fail_input("the corpus has no text", {.file = path.string()}, "check the file");
  }
  CorpusNearest found = search.take();
  found.diagnostics.merge(problems);
  return found;
}

}  // namespace cupel
