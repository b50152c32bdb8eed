#pragma once
/// FASTA (Pearson & Lipman 1988, doi:10.1073/pnas.85.8.2444): records of a header line
/// ">id description" and any number of sequence lines. Plain, gzip or zstd.
///
/// Blank lines and lines that begin with ';' are left out. Letters become upper case; one '*' at
/// the end of a sequence (a stop) is left out. Everything else that is not a letter A-Z is an error
/// with its line, '-' and '.' too unless gaps are allowed.
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/diagnostics.hpp"

namespace cupel {

struct FastaRecord {
  std::string id;           ///< the header's first word
  std::string description;  ///< the rest of the header
  std::string sequence;
  std::size_t line = 0;  ///< of the header, from 1
};

struct FastaOptions {
  bool allow_gaps = false;  ///< '-' and '.' in the sequences of an alignment
};

struct Fasta {
  std::vector<FastaRecord> records;
  /// `duplicate_id` (serious) and `empty_sequence` (warning); the records are kept.
  Diagnostics diagnostics;
};

/// A whole file into memory ("-" = standard input). Throws Error{input} with the line for what is
/// no FASTA, Error{io} if it cannot be read.
Fasta read_fasta(const std::filesystem::path& path, const FastaOptions& options = {});
Fasta parse_fasta(std::string_view text, const std::string& source,
                  const FastaOptions& options = {});

/// The same record by record, in memory for one record: for files larger than memory. Duplicate ids
/// are not looked for. Stops early when `take` returns false.
Diagnostics stream_fasta(const std::filesystem::path& path, const FastaOptions& options,
                         const std::function<bool(FastaRecord&)>& take);

}  // namespace cupel
