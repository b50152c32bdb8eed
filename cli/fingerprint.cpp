// cupel fingerprint: fingerprints and descriptors of the molecules of a file.
#include <fmt/format.h>

#include <bit>
#include <filesystem>
#include <memory>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "io/fingerprint_files.hpp"
#include "item_inputs.hpp"
#include "molecule_inputs.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  MoleculeFlags molecules;
  std::string kind = "ecfp";
  std::uint32_t radius = 2;
  std::uint32_t bits = 2048;
  bool counts = false;
  bool chirality = false;
  bool packed = false;
  std::string out;
};

/// What is written, and how.
struct Wanted {
  bool is_descriptors = false;
  MoleculeFingerprintOptions fingerprint;
  std::string extension;  ///< .npy, .fps, .csv
};

/// All rows of the output.
struct Rows {
  std::vector<std::string> ids;
  PackedBits bits;
  Matrix<std::uint16_t> counts;
  Matrix<float> values;
  MoleculeProblems problems;
};

Wanted wanted_of(const Flags& flags) {
  Wanted wanted;
  wanted.is_descriptors = contains(descriptor_sets(), lower(flags.kind));
  wanted.extension = lower(std::filesystem::path(flags.out).extension().string());
  if (wanted.extension != ".npy" && wanted.extension != ".fps" && wanted.extension != ".csv") {
    fail(ErrorKind::usage, "--out names a file that ends in .npy, .fps or .csv",
         {.value = flags.out}, "fps.npy is a row per record and a column per bit");
  }
  if (wanted.is_descriptors) {
    if (flags.counts || flags.packed || flags.chirality || wanted.extension == ".fps") {
      fail(ErrorKind::usage, "descriptors are numbers, not bits", {.value = flags.kind},
           "leave out --counts, --packed and --chirality, and write .npy or .csv");
    }
    return wanted;
  }
  wanted.fingerprint = {.kind = find_fingerprint_kind(flags.kind),
                        .radius = flags.radius,
                        .n_bits = flags.bits,
                        .chirality = flags.chirality};
  if (flags.counts && (flags.packed || wanted.extension == ".fps")) {
    fail(ErrorKind::usage, "counts are not bits", {}, "write them to .npy (uint16) or .csv");
  }
  if (flags.packed && wanted.extension != ".npy") {
    fail(ErrorKind::usage, "--packed is for .npy", {.value = flags.out});
  }
  return wanted;
}

FeatureRequest request_of(const Flags& flags, const Wanted& wanted) {
  FeatureRequest request{.standardise = flags.molecules.standardise,
                         .max_atoms = static_cast<std::uint64_t>(flags.molecules.max_atoms)};
  if (wanted.is_descriptors) {
    request.descriptors = {lower(flags.kind)};
  } else if (flags.counts) {
    request.counts = {wanted.fingerprint};
  } else {
    request.fingerprints = {wanted.fingerprint};
  }
  return request;
}

template <typename T>
void append(Matrix<T>& all, Matrix<T>&& part) {
  all.cols = part.cols;
  all.rows += part.rows;
  all.values.insert(all.values.end(), part.values.begin(), part.values.end());
}

void append(PackedBits& all, PackedBits&& part) {
  all.n_bits = part.n_bits;
  all.n_words = part.n_words;
  all.rows += part.rows;
  all.words.insert(all.words.end(), part.words.begin(), part.words.end());
}

void add_batch(std::vector<MoleculeRecord>&& records, const FeatureRequest& request, Rows& rows,
               const Context& context) {
  std::vector<std::string> smiles;
  for (const auto& record : records) {
    smiles.push_back(record.problem.empty() ? record.smiles : "");
  }
  MoleculeFeatures features = compute_features(smiles, request, context);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].problem.empty()) records[i].problem = features.problem[i];
    rows.problems.add(records[i]);
    rows.ids.push_back(std::move(records[i].id));
  }
  if (!features.fingerprints.empty()) append(rows.bits, std::move(features.fingerprints.front()));
  if (!features.counts.empty()) append(rows.counts, std::move(features.counts.front()));
  if (!features.descriptors.empty()) append(rows.values, std::move(features.descriptors.front()));
}

/// As chemfp names RDKit's fingerprints.
std::string fps_type(const MoleculeFingerprintOptions& options) {
  const std::string bits = " fpSize=" + std::to_string(options.n_bits);
  const std::string chirality = options.chirality ? " useChirality=1" : " useChirality=0";
  switch (options.kind) {
    case FingerprintKind::ecfp:
    case FingerprintKind::fcfp:
      return "RDKit-Morgan/1 radius=" + std::to_string(options.radius) + bits +
             (options.kind == FingerprintKind::fcfp ? " useFeatures=1" : " useFeatures=0") +
             chirality + " useBondTypes=1";
    case FingerprintKind::maccs:
      return "RDKit-MACCS167/1";
    case FingerprintKind::atom_pair:
      return "RDKit-AtomPair/2" + bits + " minLength=1 maxLength=30" + chirality;
    case FingerprintKind::topological_torsion:
      return "RDKit-Torsion/2" + bits + " targetSize=4" + chirality;
    case FingerprintKind::rdkit:
      break;
  }
  return "RDKit-Fingerprint/2 minPath=1 maxPath=7" + bits + " nBitsPerHash=2 useHs=1";
}

void write(const Flags& flags, const Wanted& wanted, const Rows& rows) {
  const bool csv = wanted.extension == ".csv";
  if (wanted.is_descriptors) {
    const auto names = descriptor_names(lower(flags.kind));
    return csv ? write_floats_csv(flags.out, rows.values, names, rows.ids)
               : write_floats_npy(flags.out, rows.values);
  }
  if (flags.counts) {
    return csv ? write_counts_csv(flags.out, rows.counts, rows.ids)
               : write_counts_npy(flags.out, rows.counts);
  }
  if (csv) return write_bits_csv(flags.out, rows.bits, rows.ids);
  if (wanted.extension == ".fps") {
    return write_fps(flags.out, rows.bits, rows.ids, fps_type(wanted.fingerprint),
                     flags.molecules.input);
  }
  if (flags.packed) return write_packed_npy(flags.out, rows.bits);
  write_bits_npy(flags.out, rows.bits);
}

std::size_t width(const Flags& flags, const Rows& rows) {
  if (rows.values.cols > 0) return rows.values.cols;
  if (rows.counts.cols > 0) return rows.counts.cols;
  return flags.packed ? (rows.bits.n_bits + 7) / 8 : rows.bits.n_bits;
}

double mean_bits_on(const Rows& rows) {
  std::uint64_t on = 0;
  for (const std::uint64_t word : rows.bits.words) {
    on += static_cast<std::uint64_t>(std::popcount(word));
  }
  const std::size_t n_read = rows.ids.size() - rows.problems.count();
  return n_read == 0 ? 0.0 : static_cast<double>(on) / static_cast<double>(n_read);
}

std::string kind_text(const Flags& flags, const Wanted& wanted) {
  if (wanted.is_descriptors) return lower(flags.kind);
  const auto& options = wanted.fingerprint;
  std::string text(to_string(options.kind));
  if (options.kind == FingerprintKind::ecfp || options.kind == FingerprintKind::fcfp) {
    text += ", radius " + std::to_string(options.radius);
  }
  if (options.chirality) text += ", chirality";
  return text + (flags.counts ? ", counts" : "");
}

std::string as_text(const Flags& flags, const Wanted& wanted, const Rows& rows) {
  const std::size_t n_bad = rows.problems.count();
  std::string text =
      fmt::format("records      {} from {}: {} read, {} with a problem\n", grouped(rows.ids.size()),
                  flags.molecules.input, grouped(rows.ids.size() - n_bad), grouped(n_bad));
  text += fmt::format("features     {}, {} columns", kind_text(flags, wanted), width(flags, rows));
  if (rows.bits.rows > 0) text += fmt::format(", {:.1f} bits on in the mean", mean_bits_on(rows));
  text += "\nstandardise  " + flags.molecules.standardise + "\nfile         " + flags.out + "\n";
  if (!flags.molecules.problems.empty()) text += "problems     " + flags.molecules.problems + "\n";
  return text;
}

std::string as_json(const Flags& flags, const Wanted& wanted, const Rows& rows) {
  JsonOut out;
  out.text("input", flags.molecules.input).text("kind", lower(flags.kind));
  if (!wanted.is_descriptors) {
    out.number("radius", wanted.fingerprint.radius);
    out.boolean("counts", flags.counts).boolean("chirality", flags.chirality);
    out.boolean("packed", flags.packed);
  }
  out.text("standardise", flags.molecules.standardise);
  out.number("rows", static_cast<double>(rows.ids.size()));
  out.number("columns", static_cast<double>(width(flags, rows)));
  out.number("problems", static_cast<double>(rows.problems.count()));
  out.objects("reasons", rows.problems.json());
  if (rows.bits.rows > 0) out.number("mean_bits_on", mean_bits_on(rows));
  if (wanted.is_descriptors) out.texts("names", descriptor_names(lower(flags.kind)));
  out.text("out", flags.out);
  return out.dump();
}

int run(const Flags& flags, Session& session) {
  const Wanted wanted = wanted_of(flags);
  const FeatureRequest request = request_of(flags, wanted);
  MoleculeFileOptions options = molecule_options(flags.molecules);
  options.standardise = "none";  // done with the features, of the same reading
  options.parse = false;
  Rows rows;
  add_batch({}, request, rows, session.context);  // checks the options; gives the width of no rows
  stream_molecules(found_file(flags.molecules.input, session), options, session.context,
                   [&](MoleculeBatch&& batch) {
                     add_batch(std::move(batch.records), request, rows, session.context);
                   });
  rows.problems.finish(flags.molecules, session);
  write(flags, wanted, rows);
  session.print(session.json ? as_json(flags, wanted, rows) : as_text(flags, wanted, rows));
  return 0;
}

}  // namespace

Run define_fingerprint(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel fingerprint molecules.csv --kind ecfp --radius 2 --bits 2048 --out fps.npy");
  arguments.example(
      "cupel fingerprint library.sdf.gz --kind maccs --standardise parent --out fps.fps");
  arguments.example("cupel fingerprint molecules.smi --kind ecfp --counts --out counts.npy");
  arguments.example("cupel fingerprint molecules.csv --kind physchem --out physchem.csv");
  arguments.description(
      "A row of output per record of the file, in its order; a record that cannot be read has a "
      "row\n"
      "of zeros (descriptors: NaN) and stands in --problems with the reason. Bits are RDKit's.");
  add_molecule_flags(arguments, flags->molecules);
  arguments.option("--column", flags->molecules.smiles_column,
                   "Column of the SMILES (default: smiles)", {.placeholder = "NAME"});
  arguments.option("--id-column", flags->molecules.id_column,
                   "Column, or SD field, of the ids (default: id, else row number; SD title)",
                   {.placeholder = "NAME"});
  arguments.option("--kind", flags->kind,
                   "ecfp, fcfp, maccs, atom_pair, topological_torsion, rdkit; or descriptors:\n"
                   "physchem, size, rdkit2d (default ecfp)",
                   {.placeholder = "KIND"});
  arguments.option("--radius", flags->radius, "ecfp, fcfp: bonds around an atom (default 2: ECFP4)",
                   {.placeholder = "R"});
  arguments.option("--bits", flags->bits, "Folded width (default 2048; maccs has 167)",
                   {.placeholder = "N"});
  arguments.flag("--counts", flags->counts, "How often, instead of whether (uint16)");
  arguments.flag("--chirality", flags->chirality, "Stereocentres make a difference");
  arguments.flag("--packed", flags->packed, "Eight bits a byte, as numpy.packbits");
  arguments.option("--out", flags->out, "fps.npy (a row per record), .fps (chemfp), .csv (bits on)",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
