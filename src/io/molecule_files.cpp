// Molecules of files, in batches on all threads.
#include <GraphMol/GraphMol.h>

#include <algorithm>

#include "base/parallel.hpp"
#include "io/molecule_records.hpp"
#include "io/rdkit_molecule.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBatchRecords = 8192;
constexpr std::size_t kBatchBytes = std::size_t{32} << 20;
constexpr std::size_t kChunk = 64;

bool fill_batch(detail::MoleculeSource& source, std::vector<detail::RawMolecule>& batch) {
  batch.clear();
  std::size_t n_bytes = 0;
  while (batch.size() < kBatchRecords && n_bytes < kBatchBytes) {
    detail::RawMolecule raw;
    if (!source.next(raw)) break;
    n_bytes += raw.block.size() + raw.record.smiles.size();
    batch.push_back(std::move(raw));
  }
  return !batch.empty();
}

void parse_record(detail::RawMolecule& raw, detail::Scheme scheme,
                  const MoleculeFileOptions& options) {
  if (!raw.record.problem.empty()) return;
  const bool is_entry = !raw.block.empty();
  if (!is_entry && !options.parse && scheme == detail::Scheme::none) return;
  detail::ParsedMolecule parsed = is_entry
                                      ? detail::parse_mol_block(raw.block, options.max_atoms)
                                      : detail::parse_smiles(raw.record.smiles, options.max_atoms);
  raw.record.problem = std::move(parsed.problem);
  if (!parsed.molecule) return;
  try {
    if (is_entry) raw.record.smiles = detail::canonical_text(*parsed.molecule);
    if (scheme != detail::Scheme::none) {
      raw.record.standardised = detail::standard_text(*parsed.molecule, scheme);
    }
  } catch (const std::exception& error) {
    raw.record.problem = "RDKit gave up: " + detail::short_message(error.what());
  }
}

}  // namespace

void stream_molecules(const std::filesystem::path& path, const MoleculeFileOptions& options,
                      const Context& context, const std::function<void(MoleculeBatch&&)>& consume) {
  const detail::Scheme scheme = detail::find_scheme(options.standardise);
  const auto source = detail::open_molecules(path, options);
  std::vector<detail::RawMolecule> batch;
  std::size_t n_done = 0;
  while (fill_batch(*source, batch)) {
    parallel_for(context, (batch.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
      const std::size_t end = std::min((chunk + 1) * kChunk, batch.size());
      for (std::size_t i = chunk * kChunk; i < end; ++i) parse_record(batch[i], scheme, options);
    });
    MoleculeBatch out;
    for (auto& raw : batch) out.records.push_back(std::move(raw.record));
    n_done += batch.size();
    consume(std::move(out));
    context.report({.task = "reading molecules", .done = n_done, .total = 0});
  }
}

std::vector<MoleculeRecord> read_molecules(const std::filesystem::path& path,
                                           const MoleculeFileOptions& options,
                                           const Context& context, Diagnostics& diagnostics) {
  std::vector<MoleculeRecord> records;
  stream_molecules(path, options, context, [&](MoleculeBatch&& batch) {
    for (auto& record : batch.records) {
      if (!record.problem.empty()) {
        diagnostics.add(problem_code(record.problem), Severity::warning,
                        problem_sentence(problem_code(record.problem)),
                        "line " + std::to_string(record.line) +
                            (record.id.empty() ? "" : " (" + record.id + ")") + ": " +
                            record.problem);
      }
      records.push_back(std::move(record));
    }
  });
  return records;
}

std::string_view problem_code(std::string_view problem) noexcept {
  const auto has = [&](std::string_view begin) { return problem.starts_with(begin); };
  if (problem.empty()) return "";
  if (problem == "no atoms" || problem.ends_with(" is empty")) return "no_molecule";
  if (has("too large") || has("the SMILES has ")) return "too_large";
  if (has("not a valid SMILES")) return "bad_smiles";
  if (has("the row has ")) return "ragged_row";
  if (has("not a valid mol block")) return "bad_entry";
  return "refused";
}

std::string_view problem_sentence(std::string_view code) noexcept {
  if (code == "no_molecule") return "a record without a molecule";
  if (code == "too_large") return "a molecule larger than is read";
  if (code == "bad_smiles") return "the text is not a SMILES";
  if (code == "ragged_row") return "a row has another number of cells than the header";
  if (code == "bad_entry") return "an SD entry whose atoms and bonds cannot be read";
  return "RDKit refuses the molecule: valence, aromaticity or stereo";
}

}  // namespace cupel
