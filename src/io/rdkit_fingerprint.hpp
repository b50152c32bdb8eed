#pragma once
/// Short forms of molecules.hpp for one kind of fingerprint and for one molecule.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "io/molecules.hpp"

namespace cupel {

struct Fingerprints {
  Matrix<float> bits;                 ///< n x n_bits, 0 or 1; rows of bad SMILES are 0
  std::vector<std::uint8_t> present;  ///< per molecule: 1 = the SMILES was read
  std::vector<std::string> problem;   ///< per molecule: why not, else ""
};

/// ECFP4: Morgan fingerprint of radius 2 (Rogers & Hahn 2010, doi:10.1021/ci100050t). An empty
/// SMILES is absent without a problem.
Fingerprints ecfp4(std::span<const std::string> smiles, std::size_t n_bits = 2048);

struct EcfpOptions {
  unsigned radius = 2;
  std::size_t n_bits = 2048;
  bool chirality = false;
};

using PackedFingerprints = BitFingerprints;

/// Morgan fingerprints on all threads; ecfp4 gives the same bits. An empty SMILES is a problem.
PackedFingerprints ecfp(std::span<const std::string> smiles, const EcfpOptions& options,
                        const Context& context);

/// The SMILES of scheme "parent"; "" if the SMILES cannot be read.
std::string parent_smiles(const std::string& smiles);

/// RDKit's canonical SMILES with stereo, of the molecule as it is; "" if it cannot be read.
std::string canonical_smiles(const std::string& smiles);

/// Empty if RDKit reads the SMILES, else the reason.
std::string smiles_problem(const std::string& smiles);

std::string rdkit_version();

}  // namespace cupel
