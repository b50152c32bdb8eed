#include "io/molecules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "cupel/error.hpp"
#include "io/molecule_groups.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "io/scaffolds.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string standard(const std::string& smiles, const std::string& scheme) {
  const auto made = standardise({&smiles, 1}, scheme, {});
  return made.problem[0].empty() ? made.smiles[0] : "problem: " + made.problem[0];
}

struct Case {
  const char* smiles;
  const char* largest;
  const char* neutral;
  const char* parent;
};

// none is the canonical SMILES of the whole; each scheme goes one step further.
TEST(Standardise, SchemesTakeAwayWhatTheySay) {
  const Case cases[] = {
      // salts and mixtures
      {"[Na+].CC(=O)[O-]", "CC(=O)[O-]", "CC(=O)O", "CC(=O)O"},
      {"C[NH3+].[Cl-]", "C[NH3+]", "CN", "CN"},
      {"CCO.O.O", "CCO", "CCO", "CCO"},
      {"OC.CO.Cl", "CO", "CO", "CO"},
      {"CCN.CCO", "CCN", "CCN", "CCN"},  // as large: the first canonical SMILES
      // isotopes and stereo
      {"[13CH3]C", "C[13CH3]", "C[13CH3]", "CC"},
      {"C[C@H](N)C(=O)O", "C[C@H](N)C(=O)O", "C[C@H](N)C(=O)O", "CC(N)C(=O)O"},
      {"C/C=C/C", "C/C=C/C", "C/C=C/C", "CC=CC"},
      {"[2H]OC", "[2H]OC", "[2H]OC", "[H]OC"},
      // zwitterions and charges that belong to the structure
      {"[NH3+]CC(=O)[O-]", "[NH3+]CC(=O)[O-]", "NCC(=O)O", "NCC(=O)O"},
      {"C[N+](C)(C)CC(=O)[O-]", "C[N+](C)(C)CC(=O)[O-]", "C[N+](C)(C)CC(=O)O",
       "C[N+](C)(C)CC(=O)O"},
      {"C[N+](=O)[O-]", "C[N+](=O)[O-]", "C[N+](=O)[O-]", "C[N+](=O)[O-]"},
      {"c1cc[nH+]cc1.[Cl-]", "c1cc[nH+]cc1", "c1ccncc1", "c1ccncc1"},
      {"c1nn[n-]n1.[K+]", "c1nn[n-]n1", "c1nn[nH]n1", "c1nn[nH]n1"},
      {"F[B-](F)(F)F.[Na+]", "F[B-](F)(F)F", "F[B-](F)(F)F", "F[B-](F)(F)F"},
      {"F[P-](F)(F)(F)(F)F.[K+]", "F[P-](F)(F)(F)(F)F", "F[P-](F)(F)(F)(F)F", "F[P-](F)(F)(F)(F)F"},
      // organometallics: the cyclopentadienyl anion and a carbocation keep their charge
      {"[Fe+2].c1cc[cH-]c1.c1cc[cH-]c1", "c1cc[cH-]c1", "c1cc[cH-]c1", "c1cc[cH-]c1"},
      {"C[CH+]C", "C[CH+]C", "C[CH+]C", "C[CH+]C"},
      {"C[Hg]Cl", "C[Hg]Cl", "C[Hg]Cl", "C[Hg]Cl"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(standard(one.smiles, "none"), canonical_smiles(one.smiles)) << one.smiles;
    EXPECT_EQ(standard(one.smiles, "largest"), canonical_smiles(one.largest)) << one.smiles;
    EXPECT_EQ(standard(one.smiles, "neutral"), canonical_smiles(one.neutral)) << one.smiles;
    EXPECT_EQ(standard(one.smiles, "parent"), canonical_smiles(one.parent)) << one.smiles;
    EXPECT_EQ(standard(one.parent, "parent"), standard(one.smiles, "parent")) << one.smiles;
  }
  EXPECT_NE(standard("[13CH3]C", "neutral"), standard("[13CH3]C", "parent"));
}

TEST(Standardise, NamesWhatItDoesNotKnow) {
  try {
    standard("C", "parents");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.hint(), HasSubstr("did you mean \"parent\""));
  }
}

TEST(Molecules, EveryBadSmilesHasAReason) {
  const std::string large = "C" + std::string(1200, 'C');
  const std::string rings = [] {
    std::string text = "C";
    for (int k = 0; k < 210; ++k) text += "C1C1";
    return text.substr(0, 900);
  }();
  const std::vector<std::string> smiles{"",    "C1CC", "C(C",          "CX",
                                        "C[N", "C%1",  "[Xx]",         "c1cccc1",
                                        "C))", large,  "CC(C)(C)(C)C", std::string(200'000, 'C'),
                                        rings};
  const auto made = compute_features(smiles, {.canonical = true}, {});
  const char* const reasons[] = {"no atoms",
                                 "ring 1, opened at character 2, is not closed",
                                 "the parenthesis at character 2 is not closed",
                                 "\"X\" at character 2",
                                 "the bracket at character 2 is not closed",
                                 "two digits have to follow the %",
                                 "not a valid SMILES",
                                 "kekulize",
                                 "closed that was not opened, at character 2",
                                 "too large: 1201 atoms, more than 999",
                                 "valence",
                                 "the SMILES has 200000 characters",
                                 "ring closures, more than 200"};
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    EXPECT_THAT(made.problem[i], HasSubstr(reasons[i])) << smiles[i].substr(0, 30);
    EXPECT_EQ(made.canonical[i], "");
  }
  EXPECT_EQ(problem_code(made.problem[0]), "no_molecule");
  EXPECT_EQ(problem_code(made.problem[1]), "bad_smiles");
  EXPECT_EQ(problem_code(made.problem[9]), "too_large");
  EXPECT_EQ(problem_code(made.problem[10]), "refused");
  EXPECT_EQ(problem_code(made.problem[11]), "too_large");
}

// RDKit's reader stops at such bytes without a word, and gives what stands before them.
TEST(Molecules, NothingAfterAForeignByteIsLost) {
  const std::vector<std::string> smiles{"CC\xE2\x80\x93O", "CC\xC2\xA0O", std::string("CC\0O", 4),
                                        "CC\nO",           "CC O",        "CC\xFFO"};
  for (const auto& problem : compute_features(smiles, {}, {}).problem) {
    EXPECT_THAT(problem, HasSubstr(" at character 3"));
    EXPECT_EQ(problem_code(problem), "bad_smiles");
  }
  EXPECT_EQ(canonical_smiles(" CCO\t"), "CCO");
  EXPECT_EQ(canonical_smiles("CCO |atomProp:0.a.\xC3\xA9|"), "CCO");
  EXPECT_EQ(scaffolds(smiles, ScaffoldKind::murcko, {}).problem[0],
            compute_features(smiles, {}, {}).problem[0]);
}

TEST(Molecules, MaxAtomsIsTheLargestThatIsRead) {
  const std::string smiles(50, 'C');
  EXPECT_EQ(compute_features({&smiles, 1}, {.max_atoms = 50}, {}).problem[0], "");
  EXPECT_EQ(compute_features({&smiles, 1}, {.max_atoms = 49}, {}).problem[0],
            "too large: 50 atoms, more than 49");
  // A large molecule that is read does not exhaust the stack of a thread.
  const std::vector<std::string> many(4, std::string(999, 'C'));
  const auto made = compute_features(
      many, {.fingerprints = {{}}, .canonical = true, .parent = true}, {.n_threads = 2});
  EXPECT_EQ(made.problem, std::vector<std::string>(4));
}

std::size_t n_on(const PackedBits& bits, std::size_t row) {
  std::size_t n = 0;
  for (const auto word : bits.row(row)) n += static_cast<std::size_t>(std::popcount(word));
  return n;
}

TEST(Features, OneReadingGivesWhatSingleCallsGive) {
  const std::vector<std::string> smiles{"CC(=O)Oc1ccccc1C(=O)O", "C1CC",
                                        "C[C@H](N)C(=O)[O-].[Na+]"};
  const MoleculeFingerprintOptions maccs{.kind = FingerprintKind::maccs};
  const MoleculeFingerprintOptions pairs{.kind = FingerprintKind::atom_pair, .n_bits = 512};
  const auto all = compute_features(smiles,
                                    {.fingerprints = {{}, maccs},
                                     .counts = {pairs},
                                     .descriptors = {"physchem", "size"},
                                     .canonical = true,
                                     .parent = true,
                                     .murcko = true},
                                    {});
  EXPECT_EQ(all.fingerprints[0].words, bit_fingerprints(smiles, {}, {}).bits.words);
  EXPECT_EQ(all.fingerprints[1].words, bit_fingerprints(smiles, maccs, {}).bits.words);
  EXPECT_EQ(all.fingerprints[1].n_bits, 167U);
  EXPECT_EQ(all.counts[0].values, count_fingerprints(smiles, pairs, {}).counts.values);
  EXPECT_EQ(all.descriptors[0](0, 6), 13.0F);  // heavy atoms of aspirin
  EXPECT_EQ(all.descriptors[1](0, 0), 13.0F);
  EXPECT_TRUE(std::isnan(all.descriptors[0](1, 0)));
  EXPECT_EQ(n_on(all.fingerprints[0], 1), 0U);
  EXPECT_THAT(all.parent, ElementsAre(canonical_smiles(smiles[0]), "", "CC(N)C(=O)O"));
  EXPECT_THAT(all.canonical,
              ElementsAre(canonical_smiles(smiles[0]), "", canonical_smiles(smiles[2])));
  EXPECT_THAT(all.murcko, ElementsAre("c1ccccc1", "", ""));
  EXPECT_NE(all.problem[1], "");
  EXPECT_EQ(all.problem[0] + all.problem[2], "");
}

TEST(Features, AreOfTheStandardisedMolecule) {
  const std::vector<std::string> smiles{"C[C@H](N)C(=O)[O-].[Na+]", "CC(N)C(=O)O"};
  const FeatureRequest request{
      .standardise = "parent", .fingerprints = {{.chirality = true}}, .canonical = true};
  const auto made = compute_features(smiles, request, {});
  EXPECT_EQ(made.canonical[0], made.canonical[1]);
  EXPECT_TRUE(std::ranges::equal(made.fingerprints[0].row(0), made.fingerprints[0].row(1)));
  const auto as_written = bit_fingerprints(smiles, {}, {}).bits;
  EXPECT_FALSE(std::ranges::equal(as_written.row(0), as_written.row(1)));
}

TEST(Features, DoNotDependOnThreads) {
  std::vector<std::string> smiles;
  for (int k = 1; k < 300; ++k) {
    smiles.push_back(std::string(static_cast<std::size_t>(k % 40 + 1), 'C') +
                     (k % 7 == 0 ? "(" : "O"));
  }
  const FeatureRequest request{
      .fingerprints = {{}}, .descriptors = {"physchem"}, .canonical = true};
  const auto one = compute_features(smiles, request, {.n_threads = 1});
  const auto four = compute_features(smiles, request, {.n_threads = 4});
  EXPECT_EQ(one.problem, four.problem);
  EXPECT_EQ(one.canonical, four.canonical);
  EXPECT_EQ(one.fingerprints[0].words, four.fingerprints[0].words);
}

TEST(Fingerprints, ChiralityRadiusAndFeaturesMatter) {
  const std::vector<std::string> smiles{"C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"};
  const auto differ = [&](const MoleculeFingerprintOptions& options) {
    const auto bits = bit_fingerprints(smiles, options, {}).bits;
    return !std::ranges::equal(bits.row(0), bits.row(1));
  };
  EXPECT_FALSE(differ({}));
  EXPECT_TRUE(differ({.chirality = true}));
  EXPECT_TRUE(differ({.kind = FingerprintKind::fcfp, .chirality = true}));
  EXPECT_TRUE(differ({.kind = FingerprintKind::topological_torsion, .chirality = true}));
  const std::vector<std::string> halogens{"CCF", "CCCl"};
  const auto fcfp = bit_fingerprints(halogens, {.kind = FingerprintKind::fcfp}, {}).bits;
  EXPECT_TRUE(std::ranges::equal(fcfp.row(0), fcfp.row(1)));
  const auto radius0 = bit_fingerprints(smiles, {.radius = 0}, {}).bits;
  const auto radius3 = bit_fingerprints(smiles, {.radius = 3}, {}).bits;
  EXPECT_LT(n_on(radius0, 0), n_on(radius3, 0));
}

TEST(Fingerprints, CountsAreOnWhereBitsAre) {
  const std::vector<std::string> smiles{"CCCCCCCCO", "c1ccccc1c1ccccc1"};
  const auto counts = count_fingerprints(smiles, {.n_bits = 256}, {}).counts;
  const auto bits = bit_fingerprints(smiles, {.n_bits = 256}, {}).bits;
  std::uint16_t most = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t bit = 0; bit < 256; ++bit) {
      EXPECT_EQ(counts(i, bit) > 0, bits.test(i, bit)) << i << " " << bit;
      most = std::max(most, counts(i, bit));
    }
  }
  EXPECT_GT(most, 5);
}

TEST(Fingerprints, RefuseWhatAKindDoesNotHave) {
  const std::vector<std::string> smiles{"C"};
  EXPECT_THROW(count_fingerprints(smiles, {.kind = FingerprintKind::maccs}, {}), Error);
  EXPECT_THROW(count_fingerprints(smiles, {.kind = FingerprintKind::rdkit}, {}), Error);
  EXPECT_THROW(bit_fingerprints(smiles, {.kind = FingerprintKind::maccs, .chirality = true}, {}),
               Error);
  EXPECT_THROW(bit_fingerprints(smiles, {.n_bits = 4}, {}), Error);
  EXPECT_THROW(bit_fingerprints(smiles, {.radius = 11}, {}), Error);
  EXPECT_EQ(find_fingerprint_kind("Topological-Torsion"), FingerprintKind::topological_torsion);
  try {
    find_fingerprint_kind("ecfp4");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.hint(), HasSubstr("did you mean \"ecfp\""));
  }
}

// Python: rdkit.Chem.Descriptors of Debian's RDKit 2022.09.3.
TEST(Descriptors, AreRdkits) {
  const std::vector<std::string> smiles{"CC(=O)Oc1ccccc1C(=O)O", "[Fe]"};
  const auto physchem = descriptors(smiles, "physchem", {});
  const double aspirin[] = {180.042258736, 1.3101, 1, 3, 2, 13, 13, 44.7103, 63.6, 0, 1};
  for (std::size_t k = 0; k < 11; ++k) {
    EXPECT_NEAR(physchem.values(0, k), aspirin[k], 1e-4) << physchem.names[k];
  }
  const auto all = descriptors(smiles, "rdkit2d", {});
  EXPECT_EQ(all.names.size(), all.values.cols);
  EXPECT_EQ(all.problem[1], "");  // what is undefined for iron is NaN, the rest is there
  const auto at = [&](const std::string& name) {
    const auto place = std::ranges::find(all.names, name);
    EXPECT_NE(place, all.names.end()) << name;
    return static_cast<std::size_t>(place - all.names.begin());
  };
  EXPECT_NEAR(all.values(0, at("MolWt")), 180.159, 1e-3);
  EXPECT_NEAR(all.values(0, at("TPSA")), 63.6, 1e-4);
  EXPECT_EQ(all.values(1, at("HeavyAtomCount")), 1.0F);
  EXPECT_THROW(descriptors(smiles, "physchems", {}), Error);
}

TEST(Depiction, DrawsWhatCanBeRead) {
  const int marked[] = {0, 999};
  const std::string svg = depict_svg("CCO", 200, 100, marked);
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("200px"));
  EXPECT_NE(svg, depict_svg("CCO", 200, 100));
  EXPECT_EQ(depict_svg("C1CC", 200, 100), "");
}

TEST(Groups, DuplicatesReplicatesAndConflicts) {
  const std::vector<std::string> canonical{"A", "A", "B", "", "C", ""};
  const std::vector<std::string> parent{"P", "P", "P", "", "Q", ""};
  const std::vector<double> values{5.0, std::nan(""), 7.5, 1.0, 2.0, 9.0};
  const auto groups = group_molecules(canonical, parent, values);
  constexpr auto kNone = MoleculeGroups::kNone;
  EXPECT_THAT(groups.duplicate_of, ElementsAre(kNone, 0, kNone, kNone, kNone, kNone));
  EXPECT_THAT(groups.replicate_of, ElementsAre(kNone, kNone, 0, kNone, kNone, kNone));
  EXPECT_EQ(groups.n_molecules, 3U);
  EXPECT_EQ(groups.n_compounds, 2U);
  EXPECT_EQ(groups.spread[0], 2.5);
  EXPECT_EQ(groups.spread[1], 2.5);
  EXPECT_TRUE(std::isnan(groups.spread[3]));
  EXPECT_TRUE(std::isnan(groups.spread[4]));
}

}  // namespace
}  // namespace cupel
