#pragma once
/// A corpus of texts (sequences or SMILES), such as the one a model was pre-trained on, streamed
/// text by text: FASTA, a list of SMILES, or a column of a delimited file; plain, gzip or zstd.
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "cupel/diagnostics.hpp"

namespace cupel {

enum class CorpusFormat {
  automatic,  ///< by the name without .gz or .zst; delimited if a column is named
  fasta,
  list,       ///< a text a line, then, after a blank, an id ("CCO ethanol"); # begins a comment
  delimited,  ///< a header line, cells divided by comma, tab or semicolon; "..." as in CSV
};

struct CorpusOptions {
  CorpusFormat format = CorpusFormat::automatic;
  std::string text_column;  ///< of a delimited file
  std::string id_column;    ///< "" = lines are named by their number
};

struct CorpusText {
  std::string id;
  std::string text;
  std::size_t line = 0;
};

/// Calls `take` for every text that is not empty, in order, until it returns false. Throws as
/// stream_fasta does, and Error{usage} for a column that is missing or not named; a delimited line
/// with another number of cells than the header is an Error{input}, line breaks within quotes too.
Diagnostics stream_corpus(const std::filesystem::path& path, const CorpusOptions& options,
                          const std::function<bool(CorpusText&)>& take);

}  // namespace cupel
