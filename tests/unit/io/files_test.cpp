// Compressed input and atomic output.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zstd.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>

#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_io_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path put(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::size_t n_files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

std::string sample_text() {
  std::string text = "drug,y\n";
  for (int i = 0; i < 30'000; ++i) {
    text += "drug" + std::to_string(i * 7919 % 265) + "," + std::to_string(std::sin(i)) + "\n";
  }
  return text;
}

std::string zstd_compressed(std::string_view bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3));
  return packed;
}

template <typename Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::internal, ""};
}

TEST_F(Files, UnpackGzipAndZstdByTheirFirstBytes) {
  const std::string text = sample_text();
  EXPECT_EQ(read_bytes(put("plain.gz", text)), text);
  EXPECT_EQ(read_bytes(put("one.txt", gzip_compressed(text))), text);
  EXPECT_EQ(read_bytes(put("one.zst", zstd_compressed(text))), text);
  EXPECT_EQ(read_bytes(put("empty.gz", gzip_compressed(""))), "");
  EXPECT_EQ(read_bytes(put("zeros.gz", gzip_compressed(std::string(5'000'000, '0')))).size(),
            5'000'000U);
  const Table table = read_csv(put("t.csv.gz", gzip_compressed(text)), {}, {});
  EXPECT_EQ(table.n_rows, 30'000U);
}

TEST_F(Files, UnpackSeveralMembersAndPadding) {
  const std::string text = sample_text();
  const std::string small = "last part\n";
  EXPECT_EQ(read_bytes(put("two.gz", gzip_compressed(text) + gzip_compressed(small))),
            text + small);
  EXPECT_EQ(read_bytes(put("pad.gz", gzip_compressed(text) + std::string(512, '\0'))), text);
  EXPECT_EQ(read_bytes(put("two.zst", zstd_compressed(text) + zstd_compressed(small))),
            text + small);
}

TEST_F(Files, TellTruncatedFromDamaged) {
  const std::string gzip = gzip_compressed(sample_text());
  for (const std::size_t n : {std::size_t{5}, gzip.size() / 2, gzip.size() - 9, gzip.size() - 1}) {
    const Error error = error_of([&] { decompressed(gzip.substr(0, n), "x.csv.gz"); });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), HasSubstr("truncated gzip file")) << n << " of " << gzip.size();
    EXPECT_THAT(error.what(), HasSubstr("x.csv.gz"));
    EXPECT_FALSE(error.hint().empty());
  }
  std::string bad_sum = gzip;
  bad_sum[gzip.size() - 6] = static_cast<char>(bad_sum[gzip.size() - 6] ^ 1);
  EXPECT_THAT(error_of([&] { decompressed(bad_sum, "x"); }).what(), HasSubstr("damaged gzip"));
  EXPECT_THAT(error_of([&] { decompressed(gzip + "rest", "x"); }).what(),
              HasSubstr("damaged gzip"));
  const std::string zstd = zstd_compressed(sample_text());
  EXPECT_THAT(error_of([&] { decompressed(zstd.substr(0, zstd.size() / 2), "x"); }).what(),
              HasSubstr("truncated zstd file"));
  std::string bad_block = zstd;
  for (std::size_t i = 0; i < 40; ++i) bad_block[zstd.size() / 2 + i] = '\x55';
  EXPECT_EQ(error_of([&] { decompressed(bad_block, "x"); }).kind(), ErrorKind::input);
  EXPECT_EQ(error_of([&] { decompressed("BZh91AY", "x"); }).kind(), ErrorKind::unsupported);
}

TEST_F(Files, AreReplacedAsAWhole) {
  const fs::path path = folder_ / "out.csv";
  write_file_atomic(path, "first");
  EXPECT_EQ(read_bytes(path), "first");
  write_file_atomic(path, "second");
  EXPECT_EQ(read_bytes(path), "second");
  EXPECT_EQ(n_files(), 1U);
}

TEST_F(Files, ThatAreLinksStayLinks) {
  const auto real = put("real.csv", "old");
  fs::create_symlink("real.csv", folder_ / "link.csv");
  write_file_atomic(folder_ / "link.csv", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(read_bytes(real), "new");
  EXPECT_EQ(n_files(), 2U);
}

TEST_F(Files, StandardOutputIsWrittenWhereItStands) {
  const auto path = put("redirected", "");
  const int kept = ::dup(STDOUT_FILENO);
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND);
  ::dup2(file, STDOUT_FILENO);
  write_file_atomic("/dev/stdout", "first\n");
  write_file_atomic("/dev/stdout", "second\n");
  ::dup2(kept, STDOUT_FILENO);
  ::close(file);
  ::close(kept);
  EXPECT_EQ(read_bytes(path), "first\nsecond\n");
  EXPECT_TRUE(fs::is_symlink("/dev/stdout"));
}

TEST_F(Files, ThatCannotBeWrittenNameTheReason) {
  const Error full = error_of([] { write_file_atomic("/dev/full", "text"); });
  EXPECT_EQ(full.kind(), ErrorKind::io);
  EXPECT_EQ(full.where().file, "/dev/full");
  EXPECT_THAT(full.what(), HasSubstr("No space left"));
  EXPECT_THAT(full.hint(), HasSubstr("make room"));
  const Error no_folder = error_of([&] { write_file_atomic(folder_ / "no" / "x", "text"); });
  EXPECT_THAT(no_folder.hint(), HasSubstr("create the folder"));
  EXPECT_THAT(error_of([&] { write_file_atomic(folder_, "text"); }).what(), HasSubstr("folder"));
}

TEST_F(Files, ThatCannotBeWrittenWholeLeaveTheOldOne) {
  const fs::path path = folder_ / "out.csv";
  write_file_atomic(path, "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Error error = error_of([&] { write_file_atomic(path, std::string(100'000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_THAT(error.what(), HasSubstr("File too large"));
  EXPECT_EQ(read_bytes(path), "old");
  EXPECT_EQ(n_files(), 1U);
}

TEST_F(Files, TakeWrittenTables) {
  const Table table = parse_csv("a,b,c\n1,0.1,\"x,\"\"y\"\n2,,NA\n", "t", {}, {});
  EXPECT_EQ(to_csv(table), "a,b,c\n1,0.1,\"x,\"\"y\"\n2,,\n");
  write_csv(folder_ / "t.csv.gz", table);
  EXPECT_EQ(read_bytes(folder_ / "t.csv.gz"), to_csv(table));
  std::ifstream raw(folder_ / "t.csv.gz", std::ios::binary);
  EXPECT_EQ(raw.get(), 0x1f);
}

TEST(Writer, WritesCells) {
  CsvWriter out('\t');
  out.row(std::vector<std::string>{"name", "x\ty", " z"});
  out.text("a\nb").number(1e21).number(std::nan("")).integer(-5).missing();
  out.number(std::numeric_limits<double>::infinity()).number(0.1 + 0.2).end_row();
  EXPECT_EQ(out.bytes(),
            "name\t\"x\ty\"\t\" z\"\n\"a\nb\"\t1e+21\t\t-5\t\tinf\t0.30000000000000004\n");
  EXPECT_FALSE(out.take().empty());
  EXPECT_TRUE(out.bytes().empty());
  out.missing().end_row();
  EXPECT_EQ(out.bytes(), "\"\"\n");
}

}  // namespace
}  // namespace cupel
