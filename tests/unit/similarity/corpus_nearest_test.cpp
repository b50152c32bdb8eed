// A corpus in batches gives what the whole of it gives.
#include "similarity/corpus_nearest.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "similarity/engine.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

class CorpusSearch : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_corpus_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  fs::path folder_;
};

Items proteins(std::size_t n, std::uint64_t seed) {
  Items items;
  for (std::size_t i = 0; i < n; ++i) {
    Rng rng(seed, "texts", i);
    std::string text;
    for (std::uint32_t k = 0, m = 5 + rng.below(20); k < m; ++k) text += "ACDE"[rng.below(4)];
    items.ids.push_back("p" + std::to_string(i));
    items.texts.push_back(text);
  }
  return items;
}

std::string fasta(const Items& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += ">" + items.ids[i] + "\n" + items.texts[i] + "\n";
  }
  return text;
}

TEST_F(CorpusSearch, AnyBatchSizeGivesTheNearestOfTheWhole) {
  const Items queries = proteins(25, 1);
  const Items corpus = proteins(300, 2);
  const fs::path path = put("c.fasta.gz", gzip_compressed(fasta(corpus)));
  const auto& kind = find_similarity_kind("kmer-containment");
  const auto whole = nearest(*kind.make(queries, &corpus, {{"k", "2"}}, {}), {});
  for (const std::size_t batch : {1U, 7U, 300U, 1000U}) {
    const auto found = nearest_in_corpus(queries, kind, {{"k", "2"}}, path, {}, {.n_texts = batch},
                                         {.n_threads = 2});
    EXPECT_EQ(found.n_texts, 300U);
    for (std::size_t i = 0; i < queries.size(); ++i) {
      EXPECT_EQ(found.similarity[i], whole[i].value) << i;
      EXPECT_EQ(found.number[i], whole[i].col) << i;  // the first on ties
      EXPECT_EQ(found.id[i], corpus.ids[whole[i].col]);
      EXPECT_EQ(found.text[i], corpus.texts[whole[i].col]);
    }
  }
}

TEST_F(CorpusSearch, UnreadableSmilesAreCountedAndNumbersStay) {
  Items queries;
  queries.ids = {"a", "b"};
  queries.texts = {"c1ccccc1O", "CCCCN"};
  const fs::path path = put("c.smi", "C1CC x\nCCCCN y\nnonsense z\nc1ccccc1O w\n");
  const auto found = nearest_in_corpus(queries, find_similarity_kind("ecfp-tanimoto"), {}, path, {},
                                       {.n_texts = 3}, {});
  EXPECT_EQ(found.n_texts, 4U);
  EXPECT_EQ(found.n_left_out, 2U);
  EXPECT_EQ(found.number, (std::vector<std::uint64_t>{3, 1}));
  EXPECT_EQ(found.id, (std::vector<std::string>{"w", "y"}));
  EXPECT_EQ(found.similarity, (std::vector<double>{1.0, 1.0}));
}

TEST_F(CorpusSearch, OtherFormsAndEmptyCorporaAreRefused) {
  Items queries;
  queries.ids = {"a"};
  queries.texts = {"A1G"};
  const fs::path path = put("c.smi", "CC\n");
  EXPECT_THROW(
      nearest_in_corpus(queries, find_similarity_kind("mutation-jaccard"), {}, path, {}, {}, {}),
      Error);
  const fs::path empty = put("e.smi", "# nothing\n");
  queries.texts = {"CC"};
  EXPECT_THROW(
      nearest_in_corpus(queries, find_similarity_kind("ecfp-tanimoto"), {}, empty, {}, {}, {}),
      Error);
}

}  // namespace
}  // namespace cupel
