#include "area/drug_response/baseline_parts.hpp"

#include "cupel/error.hpp"

namespace cupel::drug_response {
namespace {

std::vector<std::uint8_t> marks(std::span<const std::uint32_t> codes, std::size_t n) {
  std::vector<std::uint8_t> seen(n, 0);
  for (const std::uint32_t code : codes) seen[code] = 1;
  return seen;
}

void count_unseen(const Entity& entity, const std::vector<std::uint8_t>& seen,
                  std::span<const std::uint32_t> rows, const std::string& fallback,
                  Diagnostics& diagnostics) {
  std::vector<std::size_t> n_rows(seen.size(), 0);
  for (const std::uint32_t row : rows) ++n_rows[entity.code_of_sample[row]];
  const std::string code = "unseen_" + entity.name;
  const std::string message = "rows whose " + entity.name +
                              " has no training row were predicted by the fall-back: " + fallback;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] || n_rows[i] == 0) continue;
    diagnostics.add(code, Severity::note, message, entity.ids[i], n_rows[i]);
  }
}

}  // namespace

SeenPairs::SeenPairs(const PairTable& pairs)
    : drug_(marks(pairs.first, pairs.n_first)), cell_(marks(pairs.second, pairs.n_second)) {}

Prediction SeenPairs::predict(
    const Dataset& data, std::span<const std::uint32_t> rows, const std::string& fallback,
    const std::function<double(std::uint32_t, std::uint32_t)>& value) const {
  const Entity& drugs = data.entity("drug");
  const Entity& cells = data.entity("cell");
  if (drugs.ids.size() != drug_.size() || cells.ids.size() != cell_.size()) {
    fail(ErrorKind::internal,
         "a model was asked to predict another data set than it was fitted on");
  }
  Prediction prediction;
  prediction.values.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    prediction.values.push_back(value(drugs.code_of_sample[row], cells.code_of_sample[row]));
  }
  count_unseen(drugs, drug_, rows, fallback, prediction.diagnostics);
  count_unseen(cells, cell_, rows, fallback, prediction.diagnostics);
  return prediction;
}

}  // namespace cupel::drug_response
