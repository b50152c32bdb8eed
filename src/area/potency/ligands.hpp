#pragma once
/// Everything that the area computes of a molecule, once per distinct SMILES.
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/study.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::potency {

/// One item per SMILES, in their order. Rows of unreadable ones are empty or 0.
struct Molecules {
  std::vector<std::string> problem;    ///< why it cannot be read, else ""
  std::vector<std::string> canonical;  ///< after standardising, as RDKit writes it
  std::vector<std::string> parent;     ///< largest fragment, neutral, without stereo and isotopes
  std::vector<std::string> scaffold;   ///< Murcko; "" = acyclic
  std::vector<std::string> generic_scaffold;
  PackedBits fingerprint;
  PackedBits maccs;
  Matrix<float> physchem;
  Matrix<float> size;
  std::vector<std::string> physchem_names;
  std::vector<std::string> size_names;
};

/// On all threads; the same for any number of them. Throws Error{usage} for an unknown scheme of
/// standardising.
Molecules describe_molecules(std::span<const std::string> smiles, const MoleculeSpec& spec,
                             const Context& context);

/// The labels canonical, parent, scaffold, generic_scaffold and the feature blocks of the entity;
/// `molecule_of_id`: per id, its place in `molecules`.
void add_molecules(Entity& ligand, const Molecules& molecules,
                   std::span<const std::uint32_t> molecule_of_id);

}  // namespace cupel::potency
