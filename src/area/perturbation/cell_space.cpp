#include "area/perturbation/cell_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "cupel/matrix.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kBlock = 256;

[[noreturn]] void fail_space(const std::string& space) {
  fail(ErrorKind::usage, "there is no space \"" + space + "\"", {},
       "one of: X, pca:N (as in pca:50), obsm:KEY (as in obsm:X_pca)");
}

std::size_t parse_components(const std::string& space) {
  std::size_t n = 0;
  const char* end = space.data() + space.size();
  const auto [rest, error] = std::from_chars(space.data() + 4, end, n);
  if (error != std::errc{} || rest != end || n == 0) fail_space(space);
  return n;
}

Points read_points(const CellMatrix& matrix, const CellTransform& transform, const CellFile* file,
                   const Context& context) {
  const double median = transform.median_target ? median_sum(matrix, context) : 0.0;
  Points points{.n_dimensions = matrix.info().cols, .begin = {0}, .columns = {}, .values = {}};
  matrix.stream(
      {}, context, std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
        apply(transform, median, block);
        for (std::size_t i = 0; i < block.n_rows; ++i) {
          const std::size_t begin = block.is_sparse ? block.row_begin[i] : i * block.n_cols;
          const std::size_t end = block.is_sparse ? block.row_begin[i + 1] : (i + 1) * block.n_cols;
          for (std::size_t k = begin; k < end; ++k) {
            if (!std::isfinite(block.values[k])) {
              const std::size_t row = block.first_row + i;
              const std::string cell =
                  file == nullptr ? "number " + std::to_string(row + 1) : file->cell_ids()[row];
              fail_input("cell " + cell + " has a value that is not finite",
                         {.file = file == nullptr ? std::string() : file->source()},
                         "distances need finite values");
            }
            if (block.is_sparse) points.columns.push_back(block.columns[k]);
            points.values.push_back(block.values[k]);
          }
          points.begin.push_back(points.values.size());
        }
      }));
  return points;
}

std::vector<double> mean_of(const Points& points) {
  std::vector<double> mean(points.n_dimensions, 0.0);
  for (std::size_t i = 0; i < points.size(); ++i) points.add_row(i, mean);
  for (double& value : mean) value /= static_cast<double>(points.size());
  return mean;
}

/// Rows [first, first + n) less the mean.
std::vector<double> centred_rows(const Points& points, std::span<const double> mean,
                                 std::size_t first, std::size_t n) {
  const std::size_t d = points.n_dimensions;
  std::vector<double> rows(n * d);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = std::span(rows).subspan(i * d, d);
    for (std::size_t g = 0; g < d; ++g) row[g] = -mean[g];
    points.add_row(first + i, row);
  }
  return rows;
}

/// Dense rows as stored values, zeros and all.
void make_sparse(Points& points) {
  if (!points.is_dense()) return;
  points.columns.reserve(points.values.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::uint32_t g = 0; g < points.n_dimensions; ++g) points.columns.push_back(g);
  }
}

}  // namespace

Points points_of(const CellMatrix& matrix, const Context& context) {
  return read_points(matrix, {}, nullptr, context);
}

void append(Points& points, const Points& more) {
  if (points.size() > 0 && more.size() > 0 && points.is_dense() != more.is_dense()) {
    make_sparse(points);
    Points sparse = more;
    make_sparse(sparse);
    append(points, sparse);
    return;
  }
  const std::uint64_t offset = points.values.size();
  for (std::size_t i = 1; i <= more.size(); ++i) points.begin.push_back(offset + more.begin[i]);
  points.columns.insert(points.columns.end(), more.columns.begin(), more.columns.end());
  points.values.insert(points.values.end(), more.values.begin(), more.values.end());
}

PrincipalAxes principal_axes(const Points& points, std::size_t n_components,
                             const Context& context) {
  const std::size_t d = points.n_dimensions;
  const std::size_t n = points.size();
  PrincipalAxes out{.mean = mean_of(points), .axes = Matrix<double>(n_components, d)};
  std::vector<double> covariance(d * d, 0.0);
  for (std::size_t first = 0; first < n; first += kBlock) {
    context.check_cancelled();
    const std::size_t rows = std::min(kBlock, n - first);
    blas::add_gram(rows, d, centred_rows(points, out.mean, first, rows).data(), covariance.data());
  }
  std::vector<double> eigenvalues(d);
  if (!blas::symmetric_eigen(d, covariance.data(), eigenvalues.data())) {
    fail(ErrorKind::numeric, "the principal components did not converge");
  }
  // Ascending: the last rows are the first components.
  for (std::size_t k = 0; k < n_components; ++k) {
    std::copy_n(covariance.begin() + static_cast<std::ptrdiff_t>((d - 1 - k) * d), d,
                out.axes.row(k).begin());
  }
  return out;
}

Points project(const PrincipalAxes& axes, const Points& points, const Context& context) {
  const std::size_t d = points.n_dimensions;
  const std::size_t n = points.size();
  const std::size_t k = axes.axes.rows;
  Points out{.n_dimensions = k, .begin = {0}, .columns = {}, .values = {}};
  out.values.resize(n * k);
  for (std::size_t i = 1; i <= n; ++i) out.begin.push_back(i * k);
  parallel_for(context, (n + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t first = block * kBlock;
    const std::size_t rows = std::min(kBlock, n - first);
    const auto centred = centred_rows(points, axes.mean, first, rows);
    blas::multiply(rows, k, d, 1.0, centred.data(), false, axes.axes.values.data(), true, 0.0,
                   out.values.data() + first * k);
  });
  return out;
}

CellSpace read_space(const CellFile& file, const SpaceOptions& options, const Context& context) {
  if (options.space.starts_with("obsm:")) {
    const std::string key = options.space.substr(5);
    const CellMatrix& matrix = file.matrix("obsm/" + key);
    return {.points = read_points(matrix, {}, &file, context),
            .text = fmt::format("obsm/{}, {} dimensions", key, matrix.info().cols)};
  }
  const bool is_pca = options.space.starts_with("pca:");
  if (!is_pca && options.space != "X") fail_space(options.space);
  const std::size_t n_components = is_pca ? parse_components(options.space) : 0;
  const CellMatrix& matrix = file.matrix(options.matrix);
  const std::size_t n_genes = matrix.info().cols;
  if (is_pca && n_genes > kMaxPcaGenes) {
    fail_input(fmt::format("principal components of {} genes take too long (at most {})", n_genes,
                           kMaxPcaGenes),
               {.file = file.source()},
               "choose highly variable genes first, or give an embedding: --space obsm:X_pca");
  }
  if (is_pca && n_components > std::min(n_genes, matrix.info().rows - 1)) {
    fail_input(fmt::format("{} cells x {} genes have no {} principal components",
                           matrix.info().rows, n_genes, n_components),
               {.file = file.source()});
  }
  const std::string values = options.transform.is_identity()
                                 ? options.matrix
                                 : options.matrix + " after " + options.transform.text();
  Points points = read_points(matrix, options.transform, &file, context);
  if (!is_pca) {
    return {.points = std::move(points), .text = fmt::format("{}, {} genes", values, n_genes)};
  }
  const PrincipalAxes axes = principal_axes(points, n_components, context);
  return {.points = project(axes, points, context),
          .text = fmt::format("{} principal components of {}, {} genes, centred, not scaled",
                              n_components, values, n_genes)};
}

}  // namespace cupel::perturbation
