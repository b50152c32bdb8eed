#include "io/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

Table parse(std::string_view text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options, {});
}

Error error_of(std::string_view text, const CsvOptions& options = {}) {
  try {
    parse(text, options);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error for: " << text;
  return {ErrorKind::internal, ""};
}

std::vector<std::string> texts(const Table& table, std::string_view name) {
  std::vector<std::string> values;
  for (std::size_t r = 0; r < table.n_rows; ++r) values.push_back(table.at(name).as_text(r));
  return values;
}

TEST(CsvTypes, GoFromIntegerToNumberToText) {
  const Table table = parse("i,n,t,id\n1,1,1,007\n-9223372036854775808,2.5,x,008\n0,-1e3,3,1\n");
  EXPECT_EQ(table.at("i").type, ColumnType::integer);
  EXPECT_EQ(table.at("i").integers[1], std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(table.at("n").type, ColumnType::number);
  EXPECT_THAT(table.at("n").numbers, testing::ElementsAre(1.0, 2.5, -1000.0));
  EXPECT_EQ(table.at("t").type, ColumnType::text);
  EXPECT_THAT(texts(table, "t"), testing::ElementsAre("1", "x", "3"));
  EXPECT_THAT(texts(table, "id"), testing::ElementsAre("007", "008", "1"));
}

TEST(CsvTypes, DecideOverAllRowsNotTheFirst) {
  std::string number = "x\n";
  std::string text = "x\n";
  for (int i = 0; i < 200'000; ++i) number += std::to_string(i) + "\n";
  text = number + "late\n";
  number += "0.5\n";
  EXPECT_EQ(parse(number).columns[0].type, ColumnType::number);
  EXPECT_EQ(parse(number).columns[0].numbers[199'999], 199'999.0);
  const Table late = parse(text);
  EXPECT_EQ(late.columns[0].type, ColumnType::text);
  EXPECT_EQ(late.columns[0].text(199'999), "199999");
  EXPECT_EQ(late.columns[0].text(200'000), "late");
}

TEST(CsvTypes, KnowWhatIsNoNumber) {
  for (const char* text : {"0x10", "1_000", "1,5", "- 1", "--1", "+-1", ".", "-", "1e", "1.2.3",
                           "12345678.1.2345", "nanx", "1d5", "99999999999999999999", "true", "٣"}) {
    const Table table = parse(std::string("x;y\n") + text + ";1\n");
    EXPECT_EQ(table.columns[0].type, ColumnType::text) << text;
    EXPECT_EQ(table.columns[0].text(0), text);
  }
}

TEST(CsvTypes, ReadEveryFormOfNumber) {
  const std::vector<std::pair<const char*, double>> cases = {
      {"0.1", 0.1},
      {"-0", -0.0},
      {".5", 0.5},
      {"5.", 5.0},
      {"+5", 5.0},
      {"1E5", 1e5},
      {"0.30000000000000004", 0.30000000000000004},
      {"1e-400", 0.0},
      {"12345678.9", 12345678.9},
      {"123456789.12345", 123456789.12345},
      {"9007199254740993.0", 9007199254740992.0},
      {"0.123456789012345", 0.123456789012345},
      {"-1234567.12345678", -1234567.12345678},
      {"99999999.9999999", 99999999.9999999},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"5e-324", 5e-324},
      {" 2.5 ", 2.5},
      {"inf", HUGE_VAL},
      {"-Infinity", -HUGE_VAL}};
  for (const auto& [text, expected] : cases) {
    const Table table = parse(std::string("x,y\n") + text + ",1\n");
    ASSERT_EQ(table.columns[0].type, ColumnType::number) << text;
    EXPECT_EQ(table.columns[0].numbers[0], expected) << text;
    EXPECT_EQ(std::signbit(table.columns[0].numbers[0]), std::signbit(expected)) << text;
  }
}

TEST(CsvTypes, MissingValuesOfEveryTypeAreMarked) {
  const Table table = parse("i,n,t,all\n1,NA,a,\n,2.5,None,NaN\n3,nan,\"\",null\n");
  EXPECT_EQ(table.at("i").type, ColumnType::integer);
  EXPECT_TRUE(table.at("i").is_missing(1));
  EXPECT_FALSE(table.at("i").is_missing(2));
  EXPECT_TRUE(std::isnan(table.at("n").numbers[0]));
  EXPECT_TRUE(table.at("t").is_missing(1));
  EXPECT_TRUE(table.at("t").is_missing(2));
  EXPECT_EQ(table.at("t").text(1), "");
  EXPECT_EQ(table.at("all").type, ColumnType::number);
  const Table other = parse("x\nNA\n-999\n", {.missing_values = {"-999"}});
  EXPECT_EQ(other.columns[0].text(0), "NA");
  EXPECT_TRUE(other.columns[0].is_missing(1));
}

TEST(CsvTypes, AreForced) {
  const Table table = parse(
      "a,b,c\n007,1,5\n",
      {.types = {{"a", ColumnType::integer}, {"b", ColumnType::number}, {"c", ColumnType::text}}});
  EXPECT_EQ(table.at("a").integers[0], 7);
  EXPECT_EQ(table.at("b").numbers[0], 1.0);
  EXPECT_EQ(table.at("c").text(0), "5");
}

TEST(CsvDialect, FindsTheDelimiter) {
  for (const char d : {',', ';', '\t', '|'}) {
    const std::string s(1, d);
    const Table table = parse("a" + s + "b\n\"x,;\t|\"" + s + "1\ny" + s + "2\n");
    ASSERT_EQ(table.columns.size(), 2U) << d;
    EXPECT_EQ(table.at("a").text(0), "x,;\t|");
  }
  EXPECT_EQ(parse("name;note\na;1,2\nb;3,4\n").columns.size(), 2U);
  EXPECT_EQ(parse("only one\na\nb\n").columns.size(), 1U);
  EXPECT_EQ(parse("a b\n1 2\n", {.delimiter = ' '}).columns.size(), 2U);
  EXPECT_EQ(error_of("a,b\n1,2\n", {.delimiter = 'x'}).kind(), ErrorKind::usage);
}

TEST(CsvDialect, ReadsQuotes) {
  const Table table =
      parse("\"a\",\" b\"\n\"say \"\"hi\"\"\",\"x,y\"\n\"\"\"\",\"two\nlines\"\nz,w\n");
  EXPECT_THAT(texts(table, "a"), testing::ElementsAre("say \"hi\"", "\"", "z"));
  EXPECT_THAT(texts(table, " b"), testing::ElementsAre("x,y", "two\nlines", "w"));
  EXPECT_THAT(table.line_of_row, testing::ElementsAre(2, 3, 5));
  EXPECT_EQ(table.line(2), 5U);
  const Table raw = parse("a\tb\n5\"\t\"x\n", {.delimiter = '\t', .quote = 0});
  EXPECT_EQ(raw.at("a").text(0), "5\"");
  EXPECT_EQ(raw.at("b").text(0), "\"x");
}

TEST(CsvDialect, ReadsLineEndsAndByteOrderMark) {
  for (const char* text :
       {"\xEF\xBB\xBF"
        "a,b\r\n1,x\r\n2,y",
        "a,b\n1,x\r\n2,y\n\n\r\n\n", "a,b\r\n1,\"x\"\r\n2,\"y\"\r\n", " a ,b\n1,x\n2,y\r\n"}) {
    const Table table = parse(text);
    ASSERT_EQ(table.n_rows, 2U) << text;
    EXPECT_THAT(table.at("a").integers, testing::ElementsAre(1, 2));
    EXPECT_THAT(texts(table, "b"), testing::ElementsAre("x", "y"));
    EXPECT_TRUE(table.line_of_row.empty());
  }
}

TEST(CsvDialect, KeepsChosenColumnsInFileOrder) {
  const Table table = parse("a,b,c\n1,2,3\n", {.columns = {"c", "a"}});
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.columns[0].name, "a");
  EXPECT_EQ(table.columns[1].integers[0], 3);
  const Error error = error_of("drug,cell\nA,B\n", {.columns = {"drugs"}});
  EXPECT_THAT(error.what(), HasSubstr("did you mean \"drug\"?"));
  EXPECT_THAT(error_of("a\n1\n", {.types = {{"b", ColumnType::text}}}).what(), HasSubstr("\"b\""));
}

TEST(CsvDialect, NamesUnnamedColumns) {
  const Table table = parse(",x\nr1,1\n");
  EXPECT_EQ(table.columns[0].name, "unnamed_1");
}

TEST(CsvErrors, NameEmptyFilesAndHeaders) {
  EXPECT_THAT(error_of("").what(), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("\n\r\n").what(), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("a,b\n").what(), HasSubstr("a header and no data"));
  const Error twice = error_of("a,b,a\n1,2,3\n");
  EXPECT_EQ(twice.where().column, 3U);
  EXPECT_EQ(twice.where().column_name, "a");
}

TEST(CsvErrors, NameRaggedRows) {
  const Error shorter = error_of("a,b,c\n1,2,3\n4,5\n");
  EXPECT_EQ(shorter.kind(), ErrorKind::input);
  EXPECT_EQ(shorter.where().file, "t.csv");
  EXPECT_EQ(shorter.where().row, 3U);
  EXPECT_THAT(shorter.what(), HasSubstr("the line has 2 cells, the header has 3"));
  const Error longer = error_of("a,b\n1,2\n\"x\ny\",5\n3,4,5\n");
  EXPECT_EQ(longer.where().row, 5U);
  EXPECT_EQ(longer.where().value, "5");
  EXPECT_THAT(error_of("a,b\nr1,1,2\nr2,3,4\n").what(), HasSubstr("write.table"));
  EXPECT_THAT(error_of("a,b\n1,2\n\n3,4\n").what(), HasSubstr("t.csv:3: an empty line"));
}

TEST(CsvErrors, NameQuotes) {
  const Error stray = error_of("a,b\n1,x\"y\n2,z\n");
  EXPECT_EQ(stray.where().row, 2U);
  EXPECT_EQ(stray.where().column, 2U);
  EXPECT_EQ(stray.where().column_name, "b");
  EXPECT_EQ(stray.where().value, "x\"y");
  EXPECT_FALSE(stray.hint().empty());
  const Error tail = error_of("a,b\n1,2\n3,\"x\"y\n");
  EXPECT_EQ(tail.where().row, 3U);
  EXPECT_THAT(tail.message(), HasSubstr("after its closing quote"));
  const Error open = error_of("a,b\n1,2\n3,\"x\n4,5\n");
  EXPECT_EQ(open.where().row, 3U);
  EXPECT_THAT(open.message(), HasSubstr("never closed"));
  EXPECT_EQ(error_of("a,b\"c\n1,2\n").where().row, 1U);
  EXPECT_THAT(error_of("a,b\r1,2\r3,4").what(), HasSubstr("carriage return"));
}

TEST(CsvErrors, NameEncodings) {
  const Error latin = error_of("a,b\n1,caf\xE9\n");
  EXPECT_EQ(latin.where().row, 2U);
  EXPECT_EQ(latin.where().column, 2U);
  EXPECT_EQ(latin.where().value, "caf\\xe9");
  EXPECT_THAT(latin.what(), HasSubstr("iconv"));
  for (const char* bad : {"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    EXPECT_THAT(error_of(std::string("a,b\n1,") + bad + "\n").what(), HasSubstr("not UTF-8"));
  }
  EXPECT_EQ(parse("a\n\xF4\x8F\xBF\xBF\xE2\x82\xAC\xC3\xA9\n").n_rows, 1U);
  EXPECT_THAT(error_of(std::string("a,b\n1,x\0y\n", 11)).what(), HasSubstr("NUL"));
  EXPECT_THAT(error_of(std::string("\xFF\xFE"
                                   "a\0,\0b\0",
                                   8))
                  .what(),
              HasSubstr("UTF-16"));
  EXPECT_THAT(error_of(std::string("PK\x03\x04\0\0", 6)).what(), HasSubstr("xlsx"));
}

TEST(CsvErrors, NameCellsOfAForcedType) {
  std::string text = "drug,y\n";
  for (int i = 0; i < 60'000; ++i) text += "some drug,0.25\n";
  text += "last,abc\n";
  const Error error = error_of(text, {.types = {{"y", ColumnType::number}}});
  EXPECT_EQ(error.where().row, 60'002U);
  EXPECT_EQ(error.where().column, 2U);
  EXPECT_EQ(error.where().column_name, "y");
  EXPECT_EQ(error.where().value, "abc");
  EXPECT_THAT(error_of("a;b\n1;2,5\n", {.types = {{"b", ColumnType::number}}}).hint(),
              HasSubstr("decimal point"));
  EXPECT_THAT(error_of("a\n1.5\n", {.types = {{"a", ColumnType::integer}}}).message(),
              HasSubstr("not an integer"));
}

TEST(CsvErrors, NameTheFirstOfSeveralForAnyNumberOfThreads) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200'000; ++i) {
    text += i % 50'000 == 49'999 ? "x,y,z\n" : "1,2\n";
  }
  for (const unsigned n_threads : {1U, 4U}) {
    try {
      parse_csv(text, "t.csv", {}, {.n_threads = n_threads});
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.where().row, 50'001U);
    }
  }
}

TEST(CsvErrors, TellAMissingFile) {
  try {
    read_csv("no/such/file.csv", {}, {});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_EQ(error.where().file, "no/such/file.csv");
  }
  EXPECT_THROW(read_csv(".", {}, {}), Error);
}

}  // namespace
}  // namespace cupel
