// Fingerprints, counts, descriptors and SMILES of 56,000 molecules are those of RDKit's Python
// functions. The constants come from rdkit_bits.py beside this file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "io/csv.hpp"
#include "io/molecules.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

struct Expected {
  const char* name;
  const char* sha256;
};

constexpr Expected kExpected[] = {
//GOLDEN
};

void add_column(const fs::path& file, const std::string& column, std::set<std::string>& found) {
  const Table table =
      read_csv(file, {.columns = {column}, .types = {{column, ColumnType::text}}}, {});
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const std::string_view text = trimmed(table.columns[0].text(row));
    if (!text.empty()) found.emplace(text);
  }
}

std::vector<std::string> all_smiles(const fs::path& potency) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(potency / "moleculeace")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("CHEMBL") && name.ends_with(".csv")) {
      add_column(entry.path(), "smiles", found);
    }
  }
  add_column(potency / "janela2022/chembl_30_IC50_10_tids_1000_CPDs.csv",
             "nonstereo_aromatic_smiles", found);
  for (const char* name : {"ESOL_delaney-processed.csv", "FreeSolv_SAMPL.csv", "Lipophilicity.csv",
                           "bace.csv"}) {
    add_column(potency / "moleculenet" / name, "smiles", found);
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < name.size()) {
    const std::size_t end = std::min(name.find(' ', begin), name.size());
    words.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

/// "ecfp r2 2048 chirality"
MoleculeFingerprintOptions options_of(const std::vector<std::string>& words) {
  MoleculeFingerprintOptions options{.kind = find_fingerprint_kind(words.front())};
  for (const auto& word : words) {
    if (word.size() == 2 && word[0] == 'r') options.radius = static_cast<unsigned>(word[1] - '0');
    if (word.find_first_not_of("0123456789") == std::string::npos) options.n_bits = std::stoul(word);
    options.chirality = options.chirality || word == "chirality";
  }
  return options;
}

enum class Part { bits, counts, descriptors, canonical, murcko };
struct Wanted {
  Part part;
  std::size_t at;  ///< in its vector of MoleculeFeatures
};

/// The request of all kinds, and where each is found.
FeatureRequest request_of(std::vector<Wanted>& wanted) {
  FeatureRequest request;
  for (const auto& expected : kExpected) {
    std::vector<std::string> words = words_of(expected.name);
    if (contains(descriptor_sets(), words[0])) {
      wanted.push_back({Part::descriptors, request.descriptors.size()});
      request.descriptors.push_back(words[0]);
    } else if (words[0] == "canonical") {
      wanted.push_back({Part::canonical, 0});
      request.canonical = true;
    } else if (words[0] == "murcko") {
      wanted.push_back({Part::murcko, 0});
      request.murcko = true;
    } else if (words[0] == "counts") {
      words.erase(words.begin());
      wanted.push_back({Part::counts, request.counts.size()});
      request.counts.push_back(options_of(words));
    } else {
      wanted.push_back({Part::bits, request.fingerprints.size()});
      request.fingerprints.push_back(options_of(words));
    }
  }
  return request;
}

template <typename T>
std::string row_bytes(std::span<const T> row, std::size_t n_bytes) {
  return {reinterpret_cast<const char*>(row.data()), n_bytes};
}

std::string row_of(const MoleculeFeatures& features, const Wanted& wanted, std::size_t i) {
  switch (wanted.part) {
    case Part::bits: {
      const PackedBits& bits = features.fingerprints[wanted.at];
      return row_bytes(bits.row(i), (bits.n_bits + 7) / 8);
    }
    case Part::counts:
      return row_bytes(features.counts[wanted.at].row(i), features.counts[wanted.at].cols * 2);
    case Part::descriptors:
      return row_bytes(features.descriptors[wanted.at].row(i),
                       features.descriptors[wanted.at].cols * 4);
    case Part::canonical:
      return features.canonical[i] + "\n";
    case Part::murcko:
      return features.murcko[i] + "\n";
  }
  return "";
}

TEST(RdkitBits, EveryMoleculeOfThePotencySetsIsAsInPython) {
  const char* const mirror = std::getenv("CUPEL_MIRROR");
  if (mirror == nullptr || !fs::exists(fs::path(mirror) / "potency")) {
    GTEST_SKIP() << "CUPEL_MIRROR with potency/ is not set";
  }
  const std::vector<std::string> smiles = all_smiles(fs::path(mirror) / "potency");
  ASSERT_EQ(smiles.size(), 56000U);
  std::vector<Wanted> wanted;
  const FeatureRequest request = request_of(wanted);
  std::vector<Sha256> digests(wanted.size());
  const Context context{.n_threads = std::thread::hardware_concurrency()};
  constexpr std::size_t kAtOnce = 2000;  // all counts of all at once would be 700 MB
  for (std::size_t begin = 0; begin < smiles.size(); begin += kAtOnce) {
    const auto part = std::span(smiles).subspan(begin, std::min(kAtOnce, smiles.size() - begin));
    const MoleculeFeatures features = compute_features(part, request, context);
    for (std::size_t i = 0; i < part.size(); ++i) {
      ASSERT_EQ(features.problem[i], "") << part[i];
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        digests[k].update(row_of(features, wanted[k], i));
      }
    }
  }
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    EXPECT_EQ(digests[k].hex(), kExpected[k].sha256) << kExpected[k].name;
  }
}

}  // namespace
}  // namespace cupel
