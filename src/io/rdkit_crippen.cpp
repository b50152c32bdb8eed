#include "io/rdkit_crippen.hpp"

#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/QueryAtom.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace cupel::detail {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;
using Params = RDKit::Descriptors::CrippenParams;

constexpr int kElements = 119;

/// False only if the query certainly refuses every atom of the element.
bool may_match(const RDKit::QueryAtom::QUERYATOM_QUERY& query, int element) {
  if (query.getNegation()) return true;
  const std::string& name = query.getDescription();
  const auto child_may = [&](const auto& child) { return may_match(*child, element); };
  if (name == "AtomAnd") return std::all_of(query.beginChildren(), query.endChildren(), child_may);
  if (name == "AtomOr") return std::any_of(query.beginChildren(), query.endChildren(), child_may);
  const auto* equals = dynamic_cast<const RDKit::ATOM_EQUALS_QUERY*>(&query);
  if (equals == nullptr) return true;
  if (name == "AtomAtomicNum") return equals->getVal() == element;
  if (name == "AtomType") return equals->getVal() % 1000 == element;  // + 1000 if aromatic
  return true;
}

/// One further atom of a pattern: bound to an earlier one.
struct Step {
  const Atom* atom;
  const Bond* bond;
  std::size_t from;  ///< position of the earlier atom
};

/// A pattern without rings, to be matched from its first atom.
struct Pattern {
  const Params* params;
  const Atom* root;
  std::vector<Step> steps;
};

Pattern pattern_of(const Params& params) {
  const ROMol& query = *params.dp_pattern;
  Pattern pattern{&params, query.getAtomWithIdx(0), {}};
  std::vector<const Atom*> placed{pattern.root};
  for (std::size_t at = 0; at < placed.size(); ++at) {
    for (const auto* neighbour : query.atomNeighbors(placed[at])) {
      if (std::ranges::find(placed, neighbour) != placed.end()) continue;
      pattern.steps.push_back(
          {neighbour, query.getBondBetweenAtoms(placed[at]->getIdx(), neighbour->getIdx()), at});
      placed.push_back(neighbour);
    }
  }
  return pattern;
}

/// The patterns that an atom of each element asks, in RDKit's order.
struct Table {
  std::vector<Pattern> patterns;
  std::array<std::vector<const Pattern*>, kElements> of_element;

  Table() {
    for (const auto& params : *RDKit::Descriptors::CrippenParamCollection::getParams()) {
      patterns.push_back(pattern_of(params));
    }
    for (const auto& pattern : patterns) {
      for (int element = 0; element < kElements; ++element) {
        if (!pattern.root->hasQuery() || may_match(*pattern.root->getQuery(), element)) {
          of_element[static_cast<std::size_t>(element)].push_back(&pattern);
        }
      }
    }
  }
};

constexpr std::size_t kMaxPatternAtoms = 16;
using Places = std::array<const Atom*, kMaxPatternAtoms>;

bool match_from(const Pattern& pattern, const ROMol& molecule, std::size_t step, Places& places) {
  if (step == pattern.steps.size()) return true;
  const Step& next = pattern.steps[step];
  const Atom* const from = places[next.from];
  for (const auto* bond : molecule.atomBonds(from)) {
    const Atom* const atom = bond->getOtherAtom(from);
    const auto used = places.begin() + static_cast<std::ptrdiff_t>(step) + 1;
    if (std::find(places.begin(), used, atom) != used) continue;
    if (!next.bond->Match(bond) || !next.atom->Match(atom)) continue;
    places[step + 1] = atom;
    if (match_from(pattern, molecule, step + 1, places)) return true;
  }
  return false;
}

const Params* type_of(const Table& table, const ROMol& molecule, const Atom& atom) {
  Places places{&atom};
  for (const Pattern* pattern : table.of_element[static_cast<std::size_t>(atom.getAtomicNum())]) {
    if (pattern->root->Match(&atom) && match_from(*pattern, molecule, 0, places)) {
      return pattern->params;
    }
  }
  return nullptr;
}

}  // namespace

Crippen crippen(const ROMol& molecule) {
  static const Table table;
  const std::unique_ptr<ROMol> all(RDKit::MolOps::addHs(molecule, false, false));
  Crippen sum;
  for (const auto* atom : all->atoms()) {
    const Params* const type = type_of(table, *all, *atom);
    sum.logp += type == nullptr ? 0.0 : type->logp;
    sum.refractivity += type == nullptr ? 0.0 : type->mr;
  }
  return sum;
}

}  // namespace cupel::detail
