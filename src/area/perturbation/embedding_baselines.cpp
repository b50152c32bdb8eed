/// Models on embeddings of the perturbed genes: bilinear (Ahlmann-Eltze), ridge, nearest
/// neighbours. O(genes x perturbations^2).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/embeddings.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

constexpr const char* kUnseen =
    "own control + mean response for a perturbation without an embedding";

void note_without(Diagnostics& diagnostics) {
  diagnostics.add("no_embedding", Severity::note,
                  "rows of perturbations without an embedding were given the mean response");
}

// Bilinear --------------------------------------------------------------------------------------

struct LinearOptions {
  std::string genes;          ///< training, random, identity or a block
  std::string perturbations;  ///< genes, identity or a block
  std::size_t n_components = 10;
  double ridge = 0.1;
  bool with_control = true;
};

/// X (n x m) = (A' A + ridge I)^-1 X in place, A' A as `gram` (n x n).
void solve_ridge(Matrix<double> gram, double ridge, Matrix<double>& x) {
  const std::size_t n = gram.rows;
  for (std::size_t i = 0; i < n; ++i) gram(i, i) += ridge;
  std::vector<double> eigenvalues(n);
  Matrix<double> vectors = std::move(gram);
  if (!blas::symmetric_eigen(n, vectors.values.data(), eigenvalues.data())) {
    fail(ErrorKind::numeric, "the linear model's equations could not be solved");
  }
  Matrix<double> turned(n, x.cols, 0.0);
  blas::multiply(n, x.cols, n, 1.0, vectors.values.data(), false, x.values.data(), false, 0.0,
                 turned.values.data());
  for (std::size_t i = 0; i < n; ++i) {
    for (auto& value : turned.row(i)) value = eigenvalues[i] > 0.0 ? value / eigenvalues[i] : 0.0;
  }
  blas::multiply(n, x.cols, n, 1.0, vectors.values.data(), true, turned.values.data(), false, 0.0,
                 x.values.data());
}

Matrix<double> gram_of(const Matrix<double>& a) {
  Matrix<double> gram(a.cols, a.cols, 0.0);
  blas::multiply(a.cols, a.cols, a.rows, 1.0, a.values.data(), true, a.values.data(), false, 0.0,
                 gram.values.data());
  return gram;
}

Matrix<double> transposed(const Matrix<double>& a) {
  Matrix<double> out(a.cols, a.rows);
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < a.cols; ++j) out(j, i) = a(i, j);
  }
  return out;
}

/// Training columns of Y and P, as rows; b taken off Y.
struct Equations {
  Matrix<double> y;  ///< n x genes
  Matrix<double> p;  ///< n x d
  Vector b;          ///< genes
};

Equations equations(const Dataset& data, std::span<const std::uint32_t> train,
                    const Embedding& perturbations, bool with_control) {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> context_seen(data.profiles->controls.rows, 0);
  for (const auto row : train) {
    context_seen[context_of(data, row)] = 1;
    if (perturbations.present[perturbation_of(data, row)] != 0) rows.push_back(row);
  }
  const auto n_controls = static_cast<std::size_t>(
      with_control ? std::ranges::count(context_seen, std::uint8_t{1}) : 0);
  const std::size_t n = rows.size() + n_controls;
  const std::size_t n_genes = data.n_outputs();
  Equations out{.y = Matrix<double>(n, n_genes, 0.0),
                .p = Matrix<double>(n, perturbations.values.cols, 0.0),
                .b = Vector(n_genes, 0.0)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(data.targets.row(rows[i]), out.y.row(i).begin());
    add_to(out.y.row(i), control_of(data, rows[i]), -1.0);
    std::ranges::copy(perturbations.values.row(perturbation_of(data, rows[i])),
                      out.p.row(i).begin());
    add_to(out.b, out.y.row(i));
  }
  for (auto& value : out.b) value = n > 0 ? value / static_cast<double>(n) : 0.0;
  for (std::size_t i = 0; i < n; ++i) add_to(out.y.row(i), out.b, -1.0);
  return out;
}

/// G K (genes x d of perturbations); K = (G'G + l)^-1 G' (Y - b) P (P'P + l)^-1.
Matrix<double> weights(const Equations& equations, const std::optional<Matrix<double>>& genes,
                       double ridge) {
  const std::size_t n = equations.y.rows;
  const std::size_t d = equations.p.cols;
  const std::size_t n_genes = equations.y.cols;
  // Z = (Y - b) P (P'P + l)^-1: genes x d.
  Matrix<double> z(d, n_genes, 0.0);
  blas::multiply(d, n_genes, n, 1.0, equations.p.values.data(), true, equations.y.values.data(),
                 false, 0.0, z.values.data());
  solve_ridge(gram_of(equations.p), ridge, z);
  if (!genes) {  // G = I
    for (auto& value : z.values) value /= 1.0 + ridge;
    return transposed(z);
  }
  Matrix<double> k(genes->cols, d, 0.0);
  blas::multiply(genes->cols, d, n_genes, 1.0, genes->values.data(), true, z.values.data(), true,
                 0.0, k.values.data());
  solve_ridge(gram_of(*genes), ridge, k);
  Matrix<double> out(n_genes, d, 0.0);
  blas::multiply(n_genes, d, genes->cols, 1.0, genes->values.data(), false, k.values.data(), false,
                 0.0, out.values.data());
  return out;
}

Embedding identity_of_perturbations(const Dataset& data) {
  const std::size_t n = data.entities[0].ids.size();
  Embedding out{.values = Matrix<double>(n, n, 0.0), .present = std::vector<std::uint8_t>(n, 1)};
  for (std::size_t i = 0; i < n; ++i) out.values(i, i) = 1.0;
  return out;
}

FitFunction fit_linear(Options& options) {
  LinearOptions chosen;
  chosen.genes = options.text("genes", "training");
  chosen.perturbations = options.text("perturbations", "genes");
  chosen.n_components = options.count("dim", 10, 1, 1000);
  chosen.ridge = options.number("ridge", 0.1, 0.0, 1e9);
  chosen.with_control = options.choice("with_control", "yes", {"yes", "no"}) == "yes";
  return [chosen](const FitRequest& request, const Context&) -> PredictFunction {
    const Dataset& data = request.data;
    const auto gene_embedding = [&]() -> Embedding {
      if (chosen.genes == "training" || chosen.genes == "identity") {
        return gene_components(data, request.train, chosen.n_components, chosen.with_control);
      }
      if (chosen.genes == "random") return random_genes(data, chosen.n_components, request.seed);
      return given_genes(data, chosen.genes);
    };
    const Embedding genes = gene_embedding();
    Embedding perturbations =
        chosen.perturbations == "genes"      ? perturbations_from_genes(data, genes)
        : chosen.perturbations == "identity" ? identity_of_perturbations(data)
                                             : given_perturbations(data, chosen.perturbations);
    const Equations system = equations(data, request.train, perturbations, chosen.with_control);
    const auto shared = responses_of(data, request.train).shared;
    const bool empty = system.y.rows == 0;
    Matrix<double> weight =
        empty ? Matrix<double>(data.n_outputs(), perturbations.values.cols, 0.0)
              : weights(system,
                        chosen.genes == "identity" ? std::nullopt : std::optional(genes.values),
                        chosen.ridge);
    return [weight = std::move(weight), b = empty ? shared : system.b, shared,
            perturbations = std::move(perturbations)](
               const Dataset& known, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          known, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto code = perturbation_of(known, row);
            if (perturbations.present[code] == 0) {
              note_without(diagnostics);
              add_to(out, shared);
              return;
            }
            const auto p = perturbations.values.row(code);
            for (std::size_t j = 0; j < out.size(); ++j) {
              const auto own = weight.row(j);
              out[j] += std::inner_product(p.begin(), p.end(), own.begin(), b[j]);
            }
          });
    };
  };
}

// Ridge and neighbours --------------------------------------------------------------------------

/// Trained perturbations with an embedding, centred and scaled over them.
struct TrainedPerturbations {
  Embedding embedding;  ///< of all perturbations
  std::vector<std::uint32_t> codes;
};

struct ChosenEmbedding {
  Embedding embedding;
  bool are_components = false;  ///< weigh as they vary: scaled together, not one by one
};

/// The named block, else the first given one, else the target genes' components over the training
/// profiles ("derived").
ChosenEmbedding choose_embedding(const Dataset& data, std::span<const std::uint32_t> train,
                                 const std::string& features, std::size_t n_components) {
  const auto& blocks = data.entities[0].features;
  if (features == "derived" || (features.empty() && blocks.empty())) {
    const auto genes = gene_components(data, train, n_components, true);
    return {.embedding = perturbations_from_genes(data, genes), .are_components = true};
  }
  return {.embedding =
              given_perturbations(data, features.empty() ? blocks.front().name : features)};
}

TrainedPerturbations trained(const Dataset& data, std::span<const std::uint32_t> train,
                             ChosenEmbedding chosen) {
  TrainedPerturbations out{.embedding = std::move(chosen.embedding), .codes = {}};
  for (const auto row : train) {
    const auto code = perturbation_of(data, row);
    if (out.embedding.present[code] != 0) out.codes.push_back(code);
  }
  std::sort(out.codes.begin(), out.codes.end());
  out.codes.erase(std::unique(out.codes.begin(), out.codes.end()), out.codes.end());
  if (out.codes.empty()) return out;
  Matrix<double>& values = out.embedding.values;
  const auto n = static_cast<double>(out.codes.size());
  Vector mean(values.cols, 0.0);
  Vector variance(values.cols, 0.0);
  for (const auto code : out.codes) add_to(mean, values.row(code), 1.0 / n);
  for (std::size_t k = 0; k < values.cols; ++k) {
    for (const auto code : out.codes) {
      variance[k] += (values(code, k) - mean[k]) * (values(code, k) - mean[k]) / n;
    }
  }
  if (chosen.are_components) {
    const double largest = values.cols == 0 ? 0.0 : *std::ranges::max_element(variance);
    std::ranges::fill(variance, largest);
  }
  for (std::size_t p = 0; p < values.rows; ++p) {
    for (std::size_t k = 0; k < values.cols; ++k) {
      const bool known = out.embedding.present[p] != 0 && variance[k] > 0.0;
      values(p, k) = known ? (values(p, k) - mean[k]) / std::sqrt(variance[k]) : 0.0;
    }
  }
  return out;
}

/// Rows of the trained perturbations.
Matrix<double> rows_of(const TrainedPerturbations& trained) {
  Matrix<double> z(trained.codes.size(), trained.embedding.values.cols);
  for (std::size_t i = 0; i < z.rows; ++i) {
    std::ranges::copy(trained.embedding.values.row(trained.codes[i]), z.row(i).begin());
  }
  return z;
}

/// Ridge in the dual: kernel Z Z' = U L U'; the penalty of the smallest leave-one-out error.
struct DualRidge {
  Matrix<double> weight;  ///< features x genes
  Vector mean;
  double penalty = 0.0;
};

double leave_one_out_error(const Matrix<double>& u, std::span<const double> eigenvalues,
                           const Matrix<double>& outer, double penalty) {
  const std::size_t n = u.rows;
  // I - H in the basis of U (rows): diagonal penalty / (l + penalty); the mean takes 1/n more.
  Matrix<double> residual(n, n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double keep = penalty / (std::max(eigenvalues[k], 0.0) + penalty);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) residual(i, j) += keep * u(k, i) * u(k, j);
    }
  }
  Matrix<double> half(n, n, 0.0);
  blas::multiply(n, n, n, 1.0, residual.values.data(), false, outer.values.data(), false, 0.0,
                 half.values.data());
  double error = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double own = 0.0;
    for (std::size_t j = 0; j < n; ++j) own += half(i, j) * residual(i, j);
    const double slack = residual(i, i) - 1.0 / static_cast<double>(n);
    error += slack > 1e-12 ? own / (slack * slack) : std::numeric_limits<double>::infinity();
  }
  return error;
}

DualRidge fit_dual(const Matrix<double>& z, Matrix<double> y, std::span<const double> penalties) {
  const std::size_t n = z.rows;
  const std::size_t n_genes = y.cols;
  DualRidge out;
  MeanOf mean(n_genes);
  for (std::size_t i = 0; i < n; ++i) mean.add(y.row(i));
  out.mean = mean.mean();
  for (std::size_t i = 0; i < n; ++i) add_to(y.row(i), out.mean, -1.0);
  Matrix<double> u(n, n, 0.0);
  blas::multiply(n, n, z.cols, 1.0, z.values.data(), false, z.values.data(), true, 0.0,
                 u.values.data());
  std::vector<double> eigenvalues(n);
  if (!blas::symmetric_eigen(n, u.values.data(), eigenvalues.data())) {
    fail(ErrorKind::numeric, "the ridge's equations could not be solved");
  }
  out.penalty = penalties.front();
  if (penalties.size() > 1 && n > 2) {
    Matrix<double> outer(n, n, 0.0);
    blas::multiply(n, n, n_genes, 1.0, y.values.data(), false, y.values.data(), true, 0.0,
                   outer.values.data());
    double best = std::numeric_limits<double>::infinity();
    for (const double penalty : penalties) {
      const double error = leave_one_out_error(u, eigenvalues, outer, penalty);
      if (error < best) {
        best = error;
        out.penalty = penalty;
      }
    }
  }
  // Z' U' (L + penalty)^-1 U Y.
  Matrix<double> turned(n, n_genes, 0.0);
  blas::multiply(n, n_genes, n, 1.0, u.values.data(), false, y.values.data(), false, 0.0,
                 turned.values.data());
  for (std::size_t k = 0; k < n; ++k) {
    for (auto& value : turned.row(k)) value /= std::max(eigenvalues[k], 0.0) + out.penalty;
  }
  blas::multiply(n, n_genes, n, 1.0, u.values.data(), true, turned.values.data(), false, 0.0,
                 y.values.data());
  out.weight = Matrix<double>(z.cols, n_genes, 0.0);
  blas::multiply(z.cols, n_genes, n, 1.0, z.values.data(), true, y.values.data(), false, 0.0,
                 out.weight.values.data());
  return out;
}

FitFunction fit_ridge(Options& options) {
  const auto features = options.text("features", "");
  const auto n_components = options.count("dim", 10, 1, 1000);
  const auto penalties = options.numbers("penalties", {0.1, 1.0, 10.0, 100.0, 1000.0}, 1e-9, 1e12);
  return [=](const FitRequest& request, const Context&) -> PredictFunction {
    const Dataset& data = request.data;
    const Responses responses = responses_of(data, request.train);
    auto known =
        trained(data, request.train, choose_embedding(data, request.train, features, n_components));
    DualRidge ridge{.weight = Matrix<double>(known.embedding.values.cols, data.n_outputs(), 0.0),
                    .mean = responses.shared};
    if (!known.codes.empty()) {
      Matrix<double> y(known.codes.size(), data.n_outputs());
      for (std::size_t i = 0; i < y.rows; ++i) {
        std::ranges::copy(responses.of_perturbation.at(known.codes[i]), y.row(i).begin());
      }
      ridge = fit_dual(rows_of(known), std::move(y), penalties);
    }
    return [ridge = std::move(ridge), embedding = std::move(known.embedding),
            shared = responses.shared](const Dataset& all, std::span<const std::uint32_t> rows,
                                       const Context&) {
      return predict_from_control(
          all, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto code = perturbation_of(all, row);
            if (embedding.present[code] == 0) {
              note_without(diagnostics);
              add_to(out, shared);
              return;
            }
            add_to(out, ridge.mean);
            for (std::size_t k = 0; k < embedding.values.cols; ++k) {
              add_to(out, ridge.weight.row(k), embedding.values(code, k));
            }
          });
    };
  };
}

double distance(std::span<const double> a, std::span<const double> b, bool cosine) {
  double dot = 0.0;
  double square = 0.0;
  double norm_a = 0.0;
  double norm_b = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    dot += a[k] * b[k];
    square += (a[k] - b[k]) * (a[k] - b[k]);
    norm_a += a[k] * a[k];
    norm_b += b[k] * b[k];
  }
  if (!cosine) return square;
  return norm_a > 0.0 && norm_b > 0.0 ? 1.0 - dot / std::sqrt(norm_a * norm_b) : 1.0;
}

FitFunction fit_knn(Options& options) {
  const auto features = options.text("features", "");
  const auto n_components = options.count("dim", 10, 1, 1000);
  const auto k = options.count("k", 5, 1, 10000);
  const bool cosine = options.choice("metric", "euclidean", {"euclidean", "cosine"}) == "cosine";
  return [=](const FitRequest& request, const Context&) -> PredictFunction {
    auto known = trained(request.data, request.train,
                         choose_embedding(request.data, request.train, features, n_components));
    return [k, cosine, known = std::move(known),
            responses = responses_of(request.data, request.train)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto code = perturbation_of(data, row);
            if (known.embedding.present[code] == 0 || known.codes.empty()) {
              note_without(diagnostics);
              add_to(out, responses.shared);
              return;
            }
            std::vector<std::pair<double, std::uint32_t>> nearest;
            for (const auto other : known.codes) {
              if (other == code) continue;
              nearest.emplace_back(distance(known.embedding.values.row(code),
                                            known.embedding.values.row(other), cosine),
                                   other);
            }
            std::sort(nearest.begin(), nearest.end());
            nearest.resize(std::min<std::size_t>(k, nearest.size()));
            MeanOf mean(out.size());
            for (const auto& [far, other] : nearest) {
              mean.add(*responses.find(other, context_of(data, row)));
            }
            add_to(out, mean.empty() ? responses.shared : mean.mean());
          });
    };
  };
}

/// An embedding was given, or most target genes are outputs.
bool has_embedding(const Dataset& data) {
  return !data.entities[0].features.empty() || share_of_targets_among_outputs(data) >= 0.5;
}

}  // namespace

std::vector<BaselineEntry> embedding_baselines() {
  const Information sees{"targets",      "control", "context_id",           "perturbation_id",
                         "target_genes", "members", "perturbation_features"};
  std::vector<BaselineEntry> entries;
  entries.push_back(
      {.info = {.name = "linear",
                .title = "Linear model",
                .rung = Rung::full,
                .sees = sees,
                .description =
                    "own control + b + G K p: G principal components of the genes over the "
                    "training profiles (genes=training, random, identity or a given embedding), p "
                    "the row of G of the perturbed gene (perturbations=genes, identity or a given "
                    "embedding; a combination's is the sum), K by ridge from both sides",
                .fallback = kUnseen,
                .source = "Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6"},
       .is_default =
           [](const Dataset& data) { return share_of_targets_among_outputs(data) >= 0.5; },
       .make = fit_linear});
  entries.push_back(
      {.info = {.name = "ridge",
                .title = "Ridge on embeddings",
                .rung = Rung::full,
                .sees = sees,
                .description = "own control + ridge from the embedding of the perturbation (given, "
                               "else components of its genes over the training profiles) to its "
                               "mean response; penalty of the smallest leave-one-out error",
                .fallback = kUnseen,
                .source = "Csendes et al. 2025; PEREGGRN"},
       .is_default = has_embedding,
       .make = fit_ridge});
  entries.push_back({.info = {.name = "knn",
                              .title = "Nearest perturbations",
                              .rung = Rung::full,
                              .sees = sees,
                              .description = "own control + mean response of the k perturbations "
                                             "with the nearest embeddings, in the row's context "
                                             "where they were measured there",
                              .fallback = kUnseen,
                              .source = "Csendes et al. 2025"},
                     .is_default = has_embedding,
                     .make = fit_knn});
  return entries;
}

}  // namespace cupel::perturbation
