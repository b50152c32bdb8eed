// Fingerprints, counts, descriptors and SMILES of real molecules are those of RDKit's Python
// functions: every kind of all 55,992, and of 1,400 for a quick look. The constants come from
// rdkit_bits.py beside this file.
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

/// Of all molecules.
constexpr Expected kEcfpOfAll[] = {
    {"ecfp r0 1024", "7f2550ffa9bdfb40af39601bb66221cb8ab26b566828bbab9fc5199faaa34361"},
    {"ecfp r0 1024 chirality", "7f2550ffa9bdfb40af39601bb66221cb8ab26b566828bbab9fc5199faaa34361"},
    {"ecfp r0 2048", "45aaad3603b5ac4447a1a35ca41791d2b50d27b7e20673e41e7349d3c56e5bed"},
    {"ecfp r0 2048 chirality", "45aaad3603b5ac4447a1a35ca41791d2b50d27b7e20673e41e7349d3c56e5bed"},
    {"ecfp r1 1024", "d866b056494d407db3ce547476bfa7c48bec3fe22b15cae5bb67481eba13e4cb"},
    {"ecfp r1 1024 chirality", "874c5da90b7f2ed359dca1eabe6a17def74cf27bc6045d7419954f3c8900b1b9"},
    {"ecfp r1 2048", "fd9bcdc1d555bd7b8655385ef62da3c40290540aefa352e956c4676432973a5b"},
    {"ecfp r1 2048 chirality", "dbdf667853f1b154ddcb9cb9860c08018b2938f1e931dfabe1cedac6c6aac29d"},
    {"ecfp r2 1024", "6dff0858b5cf2d3df64822fb911f30db155ebd42c28c4ea70af54cf8928b6bad"},
    {"ecfp r2 1024 chirality", "0c96e74a5f0178996eaa277571c84e5f3e9001471f28c845f583baabdc94b1e8"},
    {"ecfp r2 2048", "0be6c14144e71695170ce0461094fe6e3b79e2d7ce5c55b80bc93f74d564b00f"},
    {"ecfp r2 2048 chirality", "528678be84b4944639c09a5e62f0338498f77465d101d6d5473523eb6cfee652"},
    {"ecfp r3 1024", "4dfc5049e43ce1b26c0ce85b31bc0720cbcb23250eb7d0c8d2ac29fa1f7b520b"},
    {"ecfp r3 1024 chirality", "c13d4f9ea61899253070435e07294a6d680ba118ded5a7cd33d7a9a621179e73"},
    {"ecfp r3 2048", "86427d6fbbaf9a5d75dd40fb05ae75c291647890c47b49e6b8577346228e2473"},
    {"ecfp r3 2048 chirality", "123197f88910c205475d5b1a4642459da48d002799860b8f7f83985f1ebc42c1"},
};

/// Of all molecules, the kinds that are not ECFP.
constexpr Expected kOthersOfAll[] = {
    {"fcfp r0 2048", "9d2b1f3f8a93d7f9609de3781608ea0de61feaf44520713b546a815a02d5f198"},
    {"fcfp r1 2048", "b1eb4f8184ebc426e12169a9b882c0e310f56d646034ccf78c5643c8d3deafce"},
    {"fcfp r2 2048", "bc871fa868e4aee9805a00a51e31f991e0f1f393335e0c0cded43e7561eec83d"},
    {"fcfp r3 2048", "0ea3100fa68aefcdc50f735f30d5bd2caf284624b4ce101e6df1e96aa8272f4c"},
    {"fcfp r2 1024 chirality", "45f3014838c4d82a375eea2a2a863c4f34cc6bee9af75d4a9968d710062774b9"},
    {"maccs", "727053794b7048587fde1dae35d79f24825e0813f861b3eb545f77540d811200"},
    {"atom_pair 2048", "b5b500d914c79e18cb1be1f68789c5fd3c5131c748c4720ee0128a691c4588aa"},
    {"topological_torsion 2048",
     "4e828f6ba95a8ceedf506b8318ee0708b417c621f051c150d13c8b13d01cafa6"},
    {"atom_pair 2048 chirality",
     "6433ddbf1d7342d2f4cf7227373b6d8c1641174a43270bc9190d39449ff13b88"},
    {"topological_torsion 2048 chirality",
     "782cc6e49c946fb34bc5c0ec2120fd2c5229ce97a8611e48e71e03af3fde4825"},
    {"rdkit 2048", "6cf95408bf355fe37ca10901160a6d21a44859b35ab916edd6de4d261ff43d9e"},
    {"counts ecfp r2 2048", "22cf364366815148045309aa539d6deb3145edc69b96b3e65ae30c33f280ccda"},
    {"counts fcfp r2 2048", "228eb94d4a884776193a59dc1a7e0b01a7facfee2a03f6ed0dd2091f9438995c"},
    {"counts atom_pair 1024", "2d975d5516d49f4480180c39c4b4bd9d9e54d169775ab378662baf41676dff37"},
    {"counts topological_torsion 1024",
     "854ce467b015892f14ff2f9ef3a6ef4aecd98d130da4404484159e989cd2d5bc"},
    {"physchem", "6aa42e3379fa1c6eefc7974d868cd859b1b51460e42d6074e217729b5953f0d8"},
    {"size", "9e41755d58a72240ad9d69f45b7f0219c8bff9a7403c1166b0f7b862f9b173fe"},
    {"canonical", "9b90775f642be1f4588957c4c240699b90b40849526c02a4f4fca41a6d29bd6b"},
    {"murcko", "52ddb0d036e5d39da9919bfcdd777a100f870384b4abaec8455265f24ab46e5f"},
};

/// Of every 40th.
constexpr Expected kExpectedOfSome[] = {
    {"ecfp r0 1024", "90e890a4705232c6505696bdd82efb755af82e6a38180e83d0a9afaf321f2f49"},
    {"ecfp r0 1024 chirality", "90e890a4705232c6505696bdd82efb755af82e6a38180e83d0a9afaf321f2f49"},
    {"ecfp r0 2048", "96f6977071be70c88841f18971de4b8da4531f167508d4d062b0c5334eee8401"},
    {"ecfp r0 2048 chirality", "96f6977071be70c88841f18971de4b8da4531f167508d4d062b0c5334eee8401"},
    {"fcfp r0 2048", "c31f8d424563afa3a63092533b163041a962c5de8d84cf6ab8b770e09f5b1729"},
    {"ecfp r1 1024", "87f78d7050ad96ee13e38165f89ad277c1deb2b96f7415b003e57b37d7db1fcf"},
    {"ecfp r1 1024 chirality", "05349bffedb4afd85cbf32fd11ead9dd87eed6d0de86c2a34e276da2016e2254"},
    {"ecfp r1 2048", "5cad42273e1139029d25409e1b1281d1fa0c3bece4fca4f13367b41c29acd460"},
    {"ecfp r1 2048 chirality", "16aac63217db5c696bfb5e0eee234056529efe8aae7ca54660dd900db2dcd94d"},
    {"fcfp r1 2048", "5461acbbcba65e481ce2841cf625482e86d75512600b4279128614731dc82689"},
    {"ecfp r2 1024", "43bd72ad5176c282bbb05c098ad440e4097d1999e7de3c4e18b1197324d049fb"},
    {"ecfp r2 1024 chirality", "9a3e9555ad62dce2b504eee6377bcf1715f8e2c758390cb7bc8b1aaf74ba0595"},
    {"ecfp r2 2048", "69547b319cc8ef4493de7199531ff80bd354ca81e16313455a040afca31e26f5"},
    {"ecfp r2 2048 chirality", "00e73a5817d00f8a7eaa60640f0bb4a7622e014416d3dc385690c85be2d1b093"},
    {"fcfp r2 2048", "ebdff47a51b5c17bda486e5d174cae15dbd0ce947b00940b3d85fe4af260b1d0"},
    {"ecfp r3 1024", "a23f366bca27e43d24dcf91c48300a1f06e87944888e98dfa46ebe10693c4a25"},
    {"ecfp r3 1024 chirality", "1a06c6b183b0fcc537257e8c3095d23a315d0921e9e1b732b763c096c95ff716"},
    {"ecfp r3 2048", "9fc2dd2e0abbc6fdb32f79c715db8058ea78a12cc79284c5f23e8b43b00cee81"},
    {"ecfp r3 2048 chirality", "6f29bdfe62b281e216b2154cd491b12ffbbf5911b85dd64dfedf65f9f09137dc"},
    {"fcfp r3 2048", "433ea168451cb0fba2201ba66f787f6bd47bbe17f47f32f6d01f38272e62e586"},
    {"fcfp r2 1024 chirality", "1cf942a9975df1954a0e876bb20084e0e8ca29783dcacbeaf8a8f3b2d66da19a"},
    {"maccs", "2ab895733e80b28d1e684d68b7c7dafbead6991fb483f9d893063358bf688817"},
    {"atom_pair 2048", "54f672c1e3ec61c5fc89fc391a5616f80eb35ae69c3a413669402e957e7c9cb5"},
    {"topological_torsion 2048",
     "ef5ecac5a848b0dedea71bd87e3b42554cd2c9053599f32bc93a67e1e98d8b28"},
    {"atom_pair 2048 chirality",
     "462193408c87317ed54f52d1c45a394057f37eb1908ee4c10bd550baf38fb3e3"},
    {"topological_torsion 2048 chirality",
     "3901cb350718defad983735f35d9ff994b68e7d9cdd395c861cc2c000cb076b1"},
    {"rdkit 2048", "2948197248ff4886fa48efae057d748a99839ce99e78001c74ba0ae0a9783eee"},
    {"counts ecfp r2 2048", "4945ef83364499490d74bc4f8e1f2127e679eaba1b298675274564de1c399ea3"},
    {"counts fcfp r2 2048", "04b4c133c536c2c2bccd3dec608b1edd9c2f55c63725622cac204a4cde4375cc"},
    {"counts atom_pair 1024", "4060ed69130eb7e21b6e9003b79c701b3a6f5814d49235f62246f93cb4814e27"},
    {"counts topological_torsion 1024",
     "58d77604143b7390c5b4d765926219f01209fd1da39d69359c020fd58b7acc47"},
    {"physchem", "66f1c1155f6387f63f91345f46476318f937225ff21672fbaf5f1c00ad1c8946"},
    {"size", "257be838def12384d1b065276f8a7e412594c1a6a91ac2f4985ecf044c4aa5df"},
    {"canonical", "2bbd094785401013dcd7fd2882a241252cfdeb63772c9da16390745d1904403c"},
    {"murcko", "04bd3390c3aac5c0f97602a31948ab04778c2c709f5508181bd2d0aed36e5660"},
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
  for (const char* name :
       {"ESOL_delaney-processed.csv", "FreeSolv_SAMPL.csv", "Lipophilicity.csv", "bace.csv"}) {
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
    if (word.find_first_not_of("0123456789") == std::string::npos)
      options.n_bits = std::stoul(word);
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
FeatureRequest request_of(std::span<const Expected> kinds, std::vector<Wanted>& wanted) {
  FeatureRequest request;
  for (const auto& expected : kinds) {
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

/// Computes the kinds for every n-th molecule and compares the digests.
void compare(std::span<const Expected> kinds, std::size_t every, std::size_t n_expected) {
  const char* const mirror = std::getenv("CUPEL_MIRROR");
  if (mirror == nullptr || !fs::exists(fs::path(mirror) / "potency")) {
    GTEST_SKIP() << "CUPEL_MIRROR with potency/ is not set";
  }
  std::vector<std::string> smiles;
  const std::vector<std::string> all = all_smiles(fs::path(mirror) / "potency");
  for (std::size_t i = 0; i < all.size(); i += every) smiles.push_back(all[i]);
  ASSERT_EQ(smiles.size(), n_expected);
  std::vector<Wanted> wanted;
  const FeatureRequest request = request_of(kinds, wanted);
  std::vector<Sha256> digests(wanted.size());
  const Context context{.n_threads = std::thread::hardware_concurrency()};
  constexpr std::size_t kAtOnce = 4000;  // bounds the memory
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
    EXPECT_EQ(digests[k].hex(), kinds[k].sha256) << kinds[k].name;
  }
}

TEST(RdkitBits, EcfpOfEveryMoleculeIsAsInPython) { compare(kEcfpOfAll, 1, 55992); }

TEST(RdkitBits, EveryOtherKindOfEveryMoleculeIsAsInPython) { compare(kOthersOfAll, 1, 55992); }

TEST(RdkitBits, EveryKindOfEvery40thMoleculeIsAsInPython) { compare(kExpectedOfSome, 40, 1400); }

}  // namespace
}  // namespace cupel
