// FASTA files, whole and as a stream; corpora of other formats.
#include "io/fasta.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <filesystem>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "io/byte_stream.hpp"
#include "io/compressed.hpp"
#include "io/corpus.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Run>
std::string refused(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string refused_text(const std::string& text, const FastaOptions& options = {}) {
  return refused([&] { parse_fasta(text, "toy.fasta", options); });
}

TEST(Fasta, RecordsOfManyLines) {
  const Fasta fasta = parse_fasta(
      "\xEF\xBB\xBF; old comment\n>sp|P1 a protein\r\nACde\r\n\r\n  FGH \n>two\nMK*\n>three\n",
      "toy", {});
  ASSERT_EQ(fasta.records.size(), 3U);
  EXPECT_EQ(fasta.records[0].id, "sp|P1");
  EXPECT_EQ(fasta.records[0].description, "a protein");
  EXPECT_EQ(fasta.records[0].sequence, "ACDEFGH");
  EXPECT_EQ(fasta.records[0].line, 2U);
  EXPECT_EQ(fasta.records[1].sequence, "MK");
  EXPECT_EQ(fasta.records[2].sequence, "");
  ASSERT_NE(fasta.diagnostics.find("empty_sequence"), nullptr);
  EXPECT_THAT(fasta.diagnostics.find("empty_sequence")->examples, ElementsAre("three"));
}

TEST(Fasta, DuplicateIdsAreReportedAndKept) {
  const Fasta fasta = parse_fasta(">a\nMK\n>b\nMK\n>a x\nML\n", "toy", {});
  EXPECT_EQ(fasta.records.size(), 3U);
  ASSERT_NE(fasta.diagnostics.find("duplicate_id"), nullptr);
  EXPECT_EQ(fasta.diagnostics.find("duplicate_id")->count, 1U);
}

TEST(Fasta, ErrorsNameTheLine) {
  EXPECT_THAT(refused_text("MKV\n"), AllOf(HasSubstr("toy.fasta:1"), HasSubstr("no header")));
  EXPECT_THAT(refused_text(">a\nMK\nM1K\n"),
              AllOf(HasSubstr("toy.fasta:3:2"), HasSubstr("no letter")));
  EXPECT_THAT(refused_text(">a\nMK\n> \nMK\n"), AllOf(HasSubstr(":3"), HasSubstr("without an id")));
  EXPECT_THAT(refused_text(">a\nM*K\n"), HasSubstr(":2:2"));
  EXPECT_THAT(refused_text(">a\nMK*\nMK\n"), AllOf(HasSubstr(":3"), HasSubstr("stop")));
  EXPECT_THAT(refused_text(">a\nM-K\n"), HasSubstr("hamming"));
  EXPECT_EQ(refused_text(">a\nM-K.\n", {.allow_gaps = true}), "no error");
  EXPECT_THAT(refused_text(std::string(">a\nM\0K\n", 7)), HasSubstr("no letter"));
  EXPECT_EQ(refused_text(""), "no error");
}

class FastaFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("cupel_fasta_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    Rng rng(1, "fasta");
    for (int i = 0; i < 3000; ++i) {
      text_ += ">p" + std::to_string(i) + "\n";
      const std::uint32_t length = rng.below(400);
      for (std::uint32_t k = 0; k < length; ++k) {
        text_ += static_cast<char>('A' + rng.below(26));
        if (k % 60 == 59) text_ += '\n';
      }
      text_ += '\n';
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    write_file_atomic(folder_ / name, bytes);
    return folder_ / name;
  }

  static std::string zstd(const std::string& bytes) {
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3));
    return packed;
  }

  void expect_same_as_whole(const std::filesystem::path& path) const {
    const Fasta whole = parse_fasta(text_, "text", {});
    std::size_t n = 0;
    stream_fasta(path, {}, [&](FastaRecord& record) {
      EXPECT_EQ(record.id, whole.records[n].id);
      EXPECT_EQ(record.sequence, whole.records[n].sequence);
      EXPECT_EQ(record.line, whole.records[n].line);
      ++n;
      return true;
    });
    EXPECT_EQ(n, whole.records.size());
    EXPECT_EQ(read_fasta(path).records.size(), n);
  }

  std::filesystem::path folder_;
  std::string text_;
};

TEST_F(FastaFiles, StreamsGiveWhatTheWholeFileGives) {
  const std::size_t half = text_.size() / 2;
  expect_same_as_whole(write("a.fasta", text_));
  expect_same_as_whole(write("a.fasta.gz", gzip_compressed(text_)));
  expect_same_as_whole(write("members.gz", gzip_compressed(text_.substr(0, half)) +
                                               gzip_compressed("") +
                                               gzip_compressed(text_.substr(half))));
  expect_same_as_whole(write("a.zst", zstd(text_)));
  expect_same_as_whole(write("frames.zst", zstd(text_.substr(0, half)) + zstd(text_.substr(half))));
}

TEST_F(FastaFiles, OneLineLargerThanTheBuffer) {
  const std::string sequence(3 << 20, 'M');
  std::size_t n = 0;
  stream_fasta(write("long.gz", gzip_compressed(">a\n" + sequence + "\n>b\nK")), {},
               [&](FastaRecord& record) {
                 EXPECT_EQ(record.sequence, n == 0 ? sequence : "K");
                 ++n;
                 return true;
               });
  EXPECT_EQ(n, 2U);
}

TEST_F(FastaFiles, CutOffAndDamagedFilesAreNoShortFiles) {
  const auto stream = [&](const std::string& name, const std::string& bytes) {
    const auto path = write(name, bytes);
    return refused([&] {
      ByteStream file(path);
      std::string part(1000, '\0');
      while (file.read(part) > 0) continue;
    });
  };
  const std::string gz = gzip_compressed(text_);
  const std::string zst = zstd(text_);
  EXPECT_THAT(stream("cut.gz", gz.substr(0, gz.size() - 9)), HasSubstr("truncated gzip"));
  EXPECT_THAT(stream("cut.gz", gz.substr(0, 5)), HasSubstr("truncated gzip"));
  EXPECT_THAT(stream("cut.zst", zst.substr(0, zst.size() - 9)), HasSubstr("truncated zstd"));
  std::string damaged = gz;
  for (std::size_t k = gz.size() / 2; k < gz.size() / 2 + 64; ++k) damaged[k] = 'x';
  EXPECT_THAT(stream("bad.gz", damaged), HasSubstr("damaged gzip"));
  EXPECT_THAT(stream("behind.gz", gz + "rubbish"), HasSubstr("gzip"));
  EXPECT_THAT(stream("a.xz",
                     "\xFD"
                     "7zXZ...."),
              HasSubstr("unxz"));
  EXPECT_THAT(refused([&] { ByteStream(folder_ / "none"); }), HasSubstr("cannot open"));
}

TEST_F(FastaFiles, StopsWhenTheTakerHasEnough) {
  std::size_t n = 0;
  stream_fasta(write("a.fasta", text_), {}, [&](FastaRecord&) { return ++n < 5; });
  EXPECT_EQ(n, 5U);
}

TEST_F(FastaFiles, CorporaOfAllFormats) {
  const auto texts = [&](const std::filesystem::path& path, const CorpusOptions& options = {}) {
    std::vector<std::string> all;
    stream_corpus(path, options, [&](CorpusText& text) {
      all.push_back(text.id + "=" + text.text);
      return true;
    });
    return all;
  };
  EXPECT_THAT(texts(write("a.fa.gz", gzip_compressed(">p\nmk\n>q\n>r\nA\n"))),
              ElementsAre("p=MK", "r=A"));
  EXPECT_THAT(texts(write("a.smi", "CCO ethanol\n# comment\n\nc1ccccc1\n")),
              ElementsAre("ethanol=CCO", "4=c1ccccc1"));
  const auto csv = write("a.csv", "id,\"smiles\",x\r\n7,\"C(,\"\"C)\",1\r\n8,,2\n9,CC,3\n");
  EXPECT_THAT(texts(csv, {.text_column = "smiles", .id_column = "id"}),
              ElementsAre("7=C(,\"C)", "9=CC"));
  EXPECT_THAT(refused([&] { texts(csv); }), HasSubstr("columns: id, smiles, x"));
  EXPECT_THAT(refused([&] { texts(csv, {.text_column = "smile"}); }), HasSubstr("did you mean"));
  EXPECT_THAT(refused([&] { texts(write("b.csv", "a,b\n1\n"), {.text_column = "a"}); }),
              AllOf(HasSubstr("b.csv:2"), HasSubstr("1 cells")));
  EXPECT_THAT(refused([&] { texts(write("a.dat", "x")); }), HasSubstr("format"));
}

}  // namespace
}  // namespace cupel
