#include "area/perturbation/embeddings.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "area/perturbation/baseline_parts.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

/// Profiles as rows, each centred over the genes.
Matrix<double> centred_profiles(const Dataset& data, std::span<const std::uint32_t> rows,
                                bool with_control) {
  std::vector<std::span<const double>> profiles;
  std::set<std::uint32_t> contexts;
  for (const auto row : rows) {
    profiles.push_back(data.targets.row(row));
    contexts.insert(context_of(data, row));
  }
  for (const auto context : contexts) {
    if (with_control) profiles.push_back(profile_data(data).controls.row(context));
  }
  Matrix<double> out(profiles.size(), data.n_outputs());
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    double mean = 0.0;
    for (const double value : profiles[i]) mean += value;
    mean /= static_cast<double>(out.cols);
    for (std::size_t j = 0; j < out.cols; ++j) out(i, j) = profiles[i][j] - mean;
  }
  return out;
}

Embedding from_block(const FeatureBlock& block) {
  Embedding out{.values = Matrix<double>(block.values.rows, block.values.cols),
                .present = block.present};
  std::ranges::copy(block.values.values, out.values.values.begin());
  return out;
}

const FeatureBlock& find_block(std::span<const FeatureBlock> blocks, const std::string& name,
                               const std::string& entity) {
  std::vector<std::string> names;
  for (const auto& block : blocks) {
    if (block.name == name) return block;
    names.push_back(block.name);
  }
  fail_input("the " + entity + "s have no embedding \"" + name + "\"", {},
             names.empty() ? "add a feature table of the entity " + entity
                           : "there are: " + join(names, ", "));
}

std::unordered_map<std::string, std::uint32_t> columns_by_name(const Dataset& data) {
  std::unordered_map<std::string, std::uint32_t> columns;
  const auto& genes = profile_data(data).genes;
  for (std::uint32_t j = 0; j < genes.size(); ++j) columns.emplace(genes[j], j);
  return columns;
}

}  // namespace

Embedding gene_components(const Dataset& data, std::span<const std::uint32_t> rows, std::size_t n,
                          bool with_control) {
  const Matrix<double> profiles = centred_profiles(data, rows, with_control);
  const std::size_t m = profiles.rows;
  const std::size_t n_genes = profiles.cols;
  Matrix<double> gram(m, m, 0.0);
  blas::multiply(m, m, n_genes, 1.0, profiles.values.data(), false, profiles.values.data(), true,
                 0.0, gram.values.data());
  std::vector<double> eigenvalues(m);
  if (!blas::symmetric_eigen(m, gram.values.data(), eigenvalues.data())) {
    fail(ErrorKind::numeric, "the principal components of the profiles did not converge");
  }
  // Axes without variance are noise of the arithmetic.
  const auto n_real = static_cast<std::size_t>(std::ranges::count_if(
      eigenvalues, [&](double value) { return value > 1e-12 * eigenvalues.back(); }));
  const std::size_t n_axes = std::min({n, n_real, n_genes});
  Embedding out{.values = Matrix<double>(n_genes, n_axes, 0.0),
                .present = std::vector<std::uint8_t>(n_genes, 1)};
  // Eigenvectors are rows in ascending order; the last n_axes of them are the axes.
  blas::multiply(n_genes, n_axes, m, 1.0, profiles.values.data(), true,
                 gram.values.data() + (m - n_axes) * m, true, 0.0, out.values.values.data());
  return out;
}

Embedding random_genes(const Dataset& data, std::size_t n, std::uint64_t seed) {
  Embedding out{.values = Matrix<double>(data.n_outputs(), n),
                .present = std::vector<std::uint8_t>(data.n_outputs(), 1)};
  for (std::size_t j = 0; j < data.n_outputs(); ++j) {
    Rng rng(seed, "random gene embedding", j);
    for (auto& value : out.values.row(j)) value = rng.normal();
  }
  return out;
}

Embedding given_genes(const Dataset& data, const std::string& block) {
  return from_block(find_block(profile_data(data).gene_features, block, "gene"));
}

Embedding perturbations_from_genes(const Dataset& data, const Embedding& genes) {
  const auto columns = columns_by_name(data);
  const auto& members = profile_data(data).members;
  Embedding out{.values = Matrix<double>(members.size(), genes.values.cols, 0.0),
                .present = std::vector<std::uint8_t>(members.size(), 0)};
  for (std::size_t p = 0; p < members.size(); ++p) {
    const bool known = std::ranges::all_of(members[p], [&](const std::string& member) {
      const auto found = columns.find(member);
      return found != columns.end() && genes.present[found->second] != 0;
    });
    if (!known) continue;
    out.present[p] = 1;
    for (const auto& member : members[p]) {
      add_to(out.values.row(p), genes.values.row(columns.at(member)));
    }
  }
  return out;
}

Embedding given_perturbations(const Dataset& data, const std::string& block) {
  return from_block(find_block(data.entities[0].features, block, "perturbation"));
}

double share_of_targets_among_outputs(const Dataset& data) {
  const auto columns = columns_by_name(data);
  const auto& members = profile_data(data).members;
  const auto n = std::ranges::count_if(members, [&](const auto& own) {
    return std::ranges::all_of(own, [&](const auto& member) { return columns.contains(member); });
  });
  return members.empty() ? 0.0 : static_cast<double>(n) / static_cast<double>(members.size());
}

}  // namespace cupel::perturbation
