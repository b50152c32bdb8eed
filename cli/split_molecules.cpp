#include "split_molecules.hpp"

#include "area/area.hpp"
#include "area/potency/split_facts.hpp"

namespace cupel::cli {
namespace {

JsonOut facts_json(const potency::SplitFacts& facts) {
  JsonOut out = JsonOut::part();
  out.number("n_test_molecules", static_cast<double>(facts.n_test));
  out.number("nearest_mean", facts.nearest_mean).number("nearest_median", facts.nearest_median);
  out.number("share_near", facts.share_near).number("threshold", potency::SplitFacts::kNear);
  out.number("share_same_fingerprint", facts.share_copy);
  out.number("share_same_ligand", facts.share_ligand);
  out.number("share_same_parent", facts.share_parent);
  out.number("share_same_scaffold", facts.share_scaffold);
  return out;
}

}  // namespace

int run_split_molecules(const SplitSpec& spec, const DataFlags& data, const SplitOut& call,
                        Session& session) {
  const LoadedData loaded = load_data(data, session);
  const auto splits = find_area(data.area).make_splits(loaded, spec, ".", session.context);
  if (spec.scheme == "overlap") return write_series(call, loaded.data, splits, session);
  const auto files = write_split_files(call, loaded.data, splits);
  const auto facts = potency::measure_split(loaded.data, splits, session.context);
  const JsonOut json = facts_json(facts);
  return print_splits(call, files, splits, potency::facts_words(facts) + "\n", &json, session);
}

}  // namespace cupel::cli
