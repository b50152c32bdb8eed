// Alignments against Biopython's (make_seq_biopython.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "similarity/alignment.hpp"
#include "similarity/alignment_identity.hpp"

namespace cupel {
namespace {

nlohmann::json golden_rows(const char* name) {
  std::ifstream file(CUPEL_TEST_DATA "/golden/similarity/seq_biopython.json");
  auto rows = nlohmann::json::parse(file).at(name);
  EXPECT_GE(rows.size(), 150U);
  return rows;
}

AlignmentScoring blosum62(AlignmentMode mode) {
  return alignment_scoring("blosum62", 0, 0, 10, 0.5, mode, Denominator::alignment);
}

TEST(Biopython, SpectraIdentityIsThatOfTheFirstAlignment) {
  std::size_t n_asymmetric = 0;
  std::vector<std::string> texts;
  std::vector<double> values;
  const auto rows = golden_rows("spectra");
  for (const auto& row : rows) {
    const std::string a = row[0];
    const std::string b = row[1];
    EXPECT_EQ(spectra_identity(a, b), row[2].get<double>()) << a << " " << b;
    EXPECT_EQ(spectra_identity(b, a), row[3].get<double>()) << b << " " << a;
    n_asymmetric += row[2] != row[3] ? 1 : 0;
    texts.push_back(a);
    texts.push_back(b);
    values.push_back(row[2]);
  }
  EXPECT_GT(n_asymmetric, 20U) << "the golden pairs must tell the orientation apart";
  const auto similarity = make_spectra_identity(texts, nullptr);
  for (std::size_t k = 0; k < values.size(); ++k) {
    EXPECT_EQ(similarity->at(2 * k, 2 * k + 1), values[k]);
    EXPECT_EQ(similarity->at(2 * k + 1, 2 * k), values[k]) << "row < column in one set";
  }
}

TEST(Biopython, ScoresOfAffineAlignments) {
  const auto rows = golden_rows("blosum");
  for (const auto& row : rows) {
    const std::string a = row[0];
    const std::string b = row[1];
    const auto score = [&](AlignmentMode mode) {
      const auto scoring = blosum62(mode);
      return static_cast<double>(align_reference(a, b, scoring).score) / scoring.scale;
    };
    EXPECT_EQ(score(AlignmentMode::global), row[2].get<double>()) << a << " " << b;
    EXPECT_EQ(score(AlignmentMode::global_free_ends), row[3].get<double>()) << a << " " << b;
    EXPECT_EQ(score(AlignmentMode::local), row[4].get<double>()) << a << " " << b;
  }
}

TEST(Biopython, MostIdentitiesThenFewestColumnsOfAllOptimalAlignments) {
  const auto scoring =
      alignment_scoring("match", 1, -1, 2, 1, AlignmentMode::global, Denominator::alignment);
  const auto rows = golden_rows("optimal");
  for (const auto& row : rows) {
    const std::string a = row[0];
    const std::string b = row[1];
    const auto sums = align_reference(a, b, scoring);
    EXPECT_EQ(sums.identities, row[2].get<std::int64_t>()) << a << " " << b;
    EXPECT_EQ(static_cast<std::int64_t>(a.size() + b.size()) - sums.extra,
              row[3].get<std::int64_t>())
        << a << " " << b;
  }
}

}  // namespace
}  // namespace cupel
