#include "base/text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

TEST(FormatDouble, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(format_double(0.1), "0.1");
  EXPECT_EQ(format_double(3.0), "3");
  EXPECT_EQ(format_double(-0.0), "-0");
  EXPECT_EQ(format_double(1e300), "1e+300");
  EXPECT_EQ(format_double(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(format_double(std::nan("")), "nan");
  EXPECT_EQ(format_double(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(format_double(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(FormatDouble, NeverLosesABit) {
  Rng rng(1, "format");
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(rng.next64());
    if (!std::isfinite(value)) continue;
    EXPECT_EQ(std::strtod(format_double(value).c_str(), nullptr), value);
  }
  for (const double edge :
       {std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::min(),
        std::numeric_limits<double>::max()}) {
    EXPECT_EQ(std::strtod(format_double(-edge).c_str(), nullptr), -edge);
  }
}

TEST(NearestWord, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> words{"drug_mean", "cell_mean", "tissue_mean", "ridge"};
  EXPECT_EQ(nearest_word("drugmean", words), "drug_mean");
  EXPECT_EQ(nearest_word("rigde", words), "ridge");
  EXPECT_EQ(nearest_word("cell_mean", words), "cell_mean");
  EXPECT_EQ(nearest_word("boosting", words), "");
  EXPECT_EQ(nearest_word("ridge", {}), "");
  EXPECT_EQ(nearest_word("b", std::vector<std::string>{"aa", "ab"}), "ab");
  EXPECT_EQ(nearest_word("ac", std::vector<std::string>{"aa", "ab"}), "aa");  // the first of equals
}

TEST(Words, AreJoinedTrimmedAndFound) {
  const std::vector<std::string> words{"a", "b", "c"};
  EXPECT_EQ(join(words, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector<std::string>{"", "a"}, ","), ",a");
  EXPECT_TRUE(contains(words, "b"));
  EXPECT_FALSE(contains(words, "bb"));
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(lower("IC50 \xC3\x84"), "ic50 \xC3\x84");
}

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256, OfKnownMessages) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, FieldsAreKeptApartAndPiecesAreNot) {
  EXPECT_NE(Sha256().field("ab").field("c").hex(), Sha256().field("a").field("bc").hex());
  EXPECT_EQ(Sha256().update("ab").update("c").hex(), sha256_hex("abc"));
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const auto path = std::filesystem::path(testing::TempDir()) / "cupel_hash_test";
  std::string bytes(3000001, 'x');
  bytes[2000000] = '\0';
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(sha256_file(path), sha256_hex(bytes));
  std::filesystem::remove(path);
  try {
    static_cast<void>(sha256_file(path));
    FAIL() << "the file is gone";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
  }
}

}  // namespace
}  // namespace cupel
