#include "similarity/ecfp_items.hpp"

#include <algorithm>

#include "base/options.hpp"
#include "similarity/items_columns.hpp"

namespace cupel {

EcfpKind ecfp_kind(const KindOptions& given) {
  Options options(given, "ecfp-tanimoto");
  EcfpKind kind;
  kind.fingerprint = {.radius = options.count("radius", 2, 0, 10),
                      .n_bits = options.count("bits", 2048, 64, 65536),
                      .chirality = options.choice("chirality", "no", {"no", "yes"}) == "yes"};
  kind.bits_options = {
      {"measure", options.choice("measure", "tanimoto", {"tanimoto", "dice", "cosine"})}};
  options.choice("unreadable", "refuse", {"refuse", "empty"});
  options.finish();
  return kind;
}

Items ecfp_items(const Items& smiles, const EcfpOptions& options, const Context& context) {
  PackedFingerprints made = ecfp(smiles.texts, options, context);
  Items out;
  out.source = smiles.source;
  out.n_source_rows = smiles.size();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (!made.problem[i].empty()) {
      detail::leave_out(out, "bad_smiles", "RDKit cannot read the SMILES; left out", i,
                        smiles.texts[i] + " (" + made.problem[i] + ")");
      continue;
    }
    if (kept != i) {
      std::copy_n(made.bits.row(i).begin(), made.bits.n_words, made.bits.row(kept).begin());
    }
    out.ids.push_back(smiles.ids[i]);
    out.source_row.push_back(i);
    ++kept;
  }
  made.bits.rows = kept;
  made.bits.words.resize(kept * made.bits.n_words);
  out.bits = std::move(made.bits);
  return out;
}

}  // namespace cupel
