#pragma once
/// Molecules from files to features, by RDKit (https://www.rdkit.org): reading (SMILES lists,
/// tables with a SMILES column, SD files; plain, .gz, .zst), standardising, fingerprints,
/// descriptors. Everything runs on all threads, and gives the same for any number of them. A
/// molecule that cannot be read is counted with its place and the reason, and has no features; it
/// is never replaced by another.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

/// What is done to a molecule before anything is computed of it.
///   none      as written (RDKit's sanitisation only)
///   largest   the fragment with the most heavy atoms; of several, the one whose result has the
///             first canonical SMILES
///   neutral   largest, with removable charges taken away: a proton is taken from N+, O+, P+ and S+
///             that have one, and given to anions, unless a neighbour has the opposite charge
///             (nitro groups, N-oxides) or the atom could not hold it (BF4-, PF6-, quaternary N+)
///   parent    neutral, without stereo and isotopes: what two salts and two stereoisomers share
std::span<const std::string> standardise_schemes() noexcept;

struct MoleculeRecord {
  std::uint64_t number = 0;  ///< record of the file, 0-based: SMILES line, table row, SD entry
  std::uint64_t line = 0;    ///< 1-based line at which it begins
  std::string id;            ///< name of the record; "" = none
  std::string smiles;        ///< as written; of SD entries RDKit's canonical SMILES
  std::string standardised;  ///< after MoleculeFileOptions::standardise, canonical; "" for none
  std::string problem;       ///< why it cannot be read, else ""
  std::vector<std::string> extra;  ///< cells of MoleculeFileOptions::extra_columns
};

/// Stable snake_case name of the kind of a problem, for counts: no_molecule, too_large, bad_smiles,
/// ragged_row, bad_entry, refused (valence, aromaticity and what else RDKit objects to).
std::string_view problem_code(std::string_view problem) noexcept;
/// What the code means, as a sentence.
std::string_view problem_sentence(std::string_view code) noexcept;

/// More atoms than this (hydrogens that are written count) are a problem, not a crash: RDKit walks
/// molecules recursively.
constexpr std::uint64_t kMaxMoleculeAtoms = 999;

struct MoleculeFileOptions {
  std::string format;         ///< smi, csv, tsv, sdf; "" = by the file's name
  std::string smiles_column;  ///< of tables; "" = "smiles" in any case, or the only fitting one
  std::string id_column;      ///< of tables, or the SD field; "" = id, name, compound_id or
                              ///< chembl_id, else the row number; the SD title
  std::vector<std::string> extra_columns;  ///< of tables, or SD fields: kept as text
  std::string standardise = "none";
  std::uint64_t max_atoms = kMaxMoleculeAtoms;
  /// False leaves SMILES unread, for callers that compute features of them at once; only what the
  /// file itself shows (no SMILES in the row) is then a problem. SD entries are always read.
  bool parse = true;
};

struct MoleculeBatch {
  std::vector<MoleculeRecord> records;
};

/// What is a record: each line of a SMILES list but comments (#) and a header (smiles ..); each
/// row of a table; each entry of an SD file up to $$$$. Empty lines are records with a problem,
/// but at the end of a table. SMILES lists: `SMILES blank NAME`.
///
/// Streams a file in batches, parsed on all threads, in the order of the file; memory is that of a
/// batch. Throws Error{io} for
/// a file that cannot be read, Error{input} for a table without the column (with those there are).
void stream_molecules(const std::filesystem::path& path, const MoleculeFileOptions& options,
                      const Context& context, const std::function<void(MoleculeBatch&&)>& consume);
/// All of them; what is wrong with which is in `diagnostics`, by reason, with places.
std::vector<MoleculeRecord> read_molecules(const std::filesystem::path& path,
                                           const MoleculeFileOptions& options,
                                           const Context& context, Diagnostics& diagnostics);

/// SMILES after `scheme`; "" with the reason in `problem` where that is impossible.
struct Standardised {
  std::vector<std::string> smiles;  ///< canonical
  std::vector<std::string> problem;
};
Standardised standardise(std::span<const std::string> smiles, const std::string& scheme,
                         const Context& context);

enum class FingerprintKind { ecfp, fcfp, maccs, atom_pair, topological_torsion, rdkit };
std::string_view to_string(FingerprintKind kind) noexcept;
/// Throws Error{usage} with the nearest name.
FingerprintKind find_fingerprint_kind(std::string_view name);

struct MoleculeFingerprintOptions {
  FingerprintKind kind = FingerprintKind::ecfp;
  unsigned radius = 2;        ///< ecfp, fcfp
  std::size_t n_bits = 2048;  ///< folded width; maccs always has 167
  bool chirality = false;
};

struct BitFingerprints {
  PackedBits bits;                   ///< rows of unreadable SMILES have no bit
  std::vector<std::string> problem;  ///< per molecule, else ""
};
/// Equal, bit for bit, to RDKit's Python functions of Debian's version (2022.09):
/// GetMorganFingerprintAsBitVect, MACCSkeys, GetHashedAtomPairFingerprintAsBitVect,
/// GetHashedTopologicalTorsionFingerprintAsBitVect, RDKFingerprint.
BitFingerprints bit_fingerprints(std::span<const std::string> smiles,
                                 const MoleculeFingerprintOptions& options, const Context& context);

struct CountFingerprints {
  Matrix<std::uint16_t> counts;  ///< n x n_bits, saturating
  std::vector<std::string> problem;
};
/// Folded counts (GetHashedMorganFingerprint and its kin); not maccs or rdkit: Error{usage}.
CountFingerprints count_fingerprints(std::span<const std::string> smiles,
                                     const MoleculeFingerprintOptions& options,
                                     const Context& context);

struct Descriptors {
  std::vector<std::string> names;
  Matrix<float> values;  ///< n x names; NaN where undefined or unreadable
  std::vector<std::string> problem;
};
/// "physchem": the eleven of MoleculeACE (van Tilborg 2022, doi:10.1021/acs.jcim.2c01073) in its
/// order: molecular weight (exact), logP, H-bond donors and acceptors, rotatable bonds, atoms,
/// heavy atoms, molar refractivity, TPSA, formal charge, rings. "size": heavy atoms, molecular
/// weight, logP, TPSA. "rdkit2d": every 2-D descriptor that RDKit has in C++.
Descriptors descriptors(std::span<const std::string> smiles, const std::string& set,
                        const Context& context);

/// The sets that `descriptors` knows, and the names of one's columns; Error{usage} if unknown.
std::span<const std::string> descriptor_sets() noexcept;
std::vector<std::string> descriptor_names(const std::string& set);

/// Everything that is wanted of molecules, computed from one reading of each.
struct FeatureRequest {
  std::string standardise = "none";  ///< done first; all else is of its result
  std::vector<MoleculeFingerprintOptions> fingerprints;
  std::vector<MoleculeFingerprintOptions> counts;
  std::vector<std::string> descriptors;  ///< sets: "physchem", "size", "rdkit2d"
  bool canonical = false;                ///< canonical SMILES, with stereo
  bool parent = false;                   ///< the SMILES of scheme "parent"
  bool murcko = false;                   ///< as ScaffoldKind::murcko: "" = acyclic
  std::uint64_t max_atoms = kMaxMoleculeAtoms;
};
struct MoleculeFeatures {
  std::vector<std::string> problem;                    ///< per molecule: why it has none, else ""
  std::vector<PackedBits> fingerprints;                ///< as requested, in that order
  std::vector<Matrix<std::uint16_t>> counts;           ///< as requested
  std::vector<Matrix<float>> descriptors;              ///< as requested; NaN where undefined
  std::vector<std::string> canonical, parent, murcko;  ///< per molecule, if requested
};
/// O(molecules); equal SMILES are computed as often as they are given. An unreadable molecule has
/// a problem, no bits, NaN descriptors and empty texts.
MoleculeFeatures compute_features(std::span<const std::string> smiles,
                                  const FeatureRequest& request, const Context& context);

/// The molecule as an SVG of the given size, with the atoms in `highlight` marked; "" if
/// unreadable.
std::string depict_svg(const std::string& smiles, int width, int height,
                       std::span<const int> highlight = {});

}  // namespace cupel
