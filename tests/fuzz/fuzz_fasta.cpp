// Any bytes: the FASTA reader gives records of letters or an Error, the same as a stream gives.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/fasta.hpp"

namespace {

using namespace cupel;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Outcome {
  std::vector<std::string> records;
  std::string problem;
};

template <typename Run>
Outcome outcome_of(const Run& run) {
  Outcome outcome;
  try {
    run(outcome);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input || error.kind() == ErrorKind::unsupported);
    outcome.problem = error.message();
  }
  return outcome;
}

void add(Outcome& outcome, const FastaRecord& record, bool gaps) {
  for (const char c : record.sequence) {
    require((c >= 'A' && c <= 'Z') || (gaps && (c == '-' || c == '.')));
  }
  require(!record.id.empty() && record.line > 0);
  outcome.records.push_back(record.id + "\n" + record.description + "\n" + record.sequence);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const FastaOptions options{.allow_gaps = (data[0] & 1U) != 0};
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = outcome_of([&](Outcome& outcome) {
    for (const auto& record : parse_fasta(decompressed(bytes, "fuzz"), "fuzz", options).records) {
      add(outcome, record, options.allow_gaps);
    }
  });
  static const std::string path = "/tmp/cupel_fuzz_fasta." + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  const Outcome stream = outcome_of([&](Outcome& outcome) {
    stream_fasta(path, options, [&](FastaRecord& record) {
      add(outcome, record, options.allow_gaps);
      return true;
    });
  });
  // zlib and libdeflate word their refusals alike, but tell cut off from damaged differently.
  require(whole.problem.empty() == stream.problem.empty());
  if (whole.problem.empty()) require(whole.records == stream.records);
  return 0;
}
