#include <GraphMol/GraphMol.h>
#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>
#include <GraphMol/MolDraw2D/MolDraw2DUtils.h>

#include "io/rdkit_molecule.hpp"

namespace cupel {

std::string depict_svg(const std::string& smiles, int width, int height,
                       std::span<const int> highlight) {
  detail::ParsedMolecule parsed = detail::parse_smiles(smiles, kMaxMoleculeAtoms);
  if (!parsed.molecule) return "";
  const int n_atoms = static_cast<int>(parsed.molecule->getNumAtoms());
  std::vector<int> atoms;
  for (const int atom : highlight) {
    if (atom >= 0 && atom < n_atoms) atoms.push_back(atom);
  }
  try {
    RDKit::MolDraw2DSVG drawing(width, height);
    drawing.drawOptions().clearBackground = false;  // the page's own colour shows
    RDKit::MolDraw2DUtils::prepareAndDrawMolecule(drawing, *parsed.molecule, "",
                                                  atoms.empty() ? nullptr : &atoms);
    drawing.finishDrawing();
    return drawing.getDrawingText();
  } catch (const std::exception&) {
    return "";
  }
}

}  // namespace cupel
