// Any bytes as an SD file, a table or a list of SMILES: every record has a molecule or a problem,
// and the count does not depend on whether molecules are read.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "cupel/error.hpp"
#include "io/molecules.hpp"

namespace {

using namespace cupel;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Outcome {
  std::vector<MoleculeRecord> records;
  std::string problem;
};

Outcome read(const std::string& path, const MoleculeFileOptions& options) {
  Outcome outcome;
  try {
    stream_molecules(path, options, {}, [&](MoleculeBatch&& batch) {
      for (auto& record : batch.records) outcome.records.push_back(std::move(record));
    });
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input || error.kind() == ErrorKind::unsupported);
    outcome.problem = error.message();
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::string path = "/tmp/cupel_fuzz_sdf." + std::to_string(getpid());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data) + 1, static_cast<std::streamsize>(size - 1));
  const char* const formats[] = {"sdf", "sdf", "sdf", "csv", "tsv", "smi"};
  MoleculeFileOptions options{.format = formats[data[0] % 6],
                              .standardise = data[0] >= 128 ? "parent" : "none",
                              .max_atoms = 200};
  if (options.format == "sdf") options.extra_columns = {"value"};
  const Outcome whole = read(path, options);
  for (std::size_t i = 0; i < whole.records.size(); ++i) {
    const MoleculeRecord& record = whole.records[i];
    require(record.number == i && record.line > 0);
    require(i == 0 || record.line > whole.records[i - 1].line);
    require(!record.problem.empty() || !record.smiles.empty());
    if (record.problem.empty() && data[0] >= 128) require(!record.standardised.empty());
  }
  options.parse = false;
  options.standardise = "none";
  const Outcome unread = read(path, options);
  require(unread.records.size() == whole.records.size() && unread.problem == whole.problem);
  return 0;
}
