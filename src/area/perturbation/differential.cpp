#include "area/perturbation/differential.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>

#include "area/perturbation/gene_buckets.hpp"
#include "area/perturbation/gene_test.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "stat/tests.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kBatch = 8;     // genes whose results are written together: one cache line
constexpr double kLargestLog = 30.0;  // log1p of 10^13 counts

/// Groups that have cells, numbered from 0.
struct Taking {
  std::vector<std::size_t> level;      // per group: its level
  std::vector<std::uint64_t> n_cells;  // per group
  std::vector<std::uint32_t> group_of_level;
  std::size_t reference = GroupSizes::kRest;
  std::vector<std::size_t> tested;  // groups that get a row
};

Taking taking(const Categories& groups, const std::string& reference, bool against_rest) {
  std::vector<std::uint64_t> n_of_level(groups.levels.size(), 0);
  for (const auto code : groups.code) {
    if (code == Categories::kMissing) continue;
    if (code >= n_of_level.size()) fail(ErrorKind::internal, "groups: a code beyond the levels");
    ++n_of_level[code];
  }
  Taking found;
  found.group_of_level.assign(n_of_level.size(), Categories::kMissing);
  for (std::size_t level = 0; level < n_of_level.size(); ++level) {
    if (n_of_level[level] == 0) continue;
    const std::size_t group = found.level.size();
    found.group_of_level[level] = static_cast<std::uint32_t>(group);
    found.level.push_back(level);
    found.n_cells.push_back(n_of_level[level]);
    if (!against_rest && groups.levels[level] == reference) {
      found.reference = group;
    } else {
      found.tested.push_back(group);
    }
  }
  if (!against_rest && found.reference == GroupSizes::kRest) {
    const std::string near = nearest_word(reference, groups.levels);
    fail_input("no cell has the reference \"" + reference + "\" in " + groups.name, {},
               near.empty() || near == reference ? "name the label of the control cells"
                                                 : "did you mean \"" + near + "\"?");
  }
  return found;
}

/// What a thread needs to test genes; large, so it is handed on from batch to batch.
template <typename V, typename C>
struct Bench {
  Bench(const DifferentialOptions& options, const Taking& groups)
      : gene_test(options, groups.n_cells, groups.reference),
        outcome(kBatch, groups.n_cells.size()) {}
  GeneTest<V, C> gene_test;
  LabelledKeys<OrderKey<V>, C> entries;
  Matrix<GeneOutcome> outcome;
};

/// One call of differential_expression, for a type of values and of groups.
template <typename V, typename C>
class Differential {
 public:
  Differential(const CellMatrix& matrix, const Taking& groups, const Categories& cells,
               const DifferentialOptions& options, const Context& context,
               DifferentialResult& result)
      : matrix_(matrix), groups_(groups), options_(options), context_(context), result_(result) {
    group_of_cell_.reserve(cells.code.size());
    for (const auto code : cells.code) {
      group_of_cell_.push_back(
          code == Categories::kMissing ? kNoGroup<C> : static_cast<C>(groups.group_of_level[code]));
    }
    if (options.transform.median_target) median_ = median_sum(matrix, context);
  }

  void run() {
    const std::size_t n_genes = matrix_.info().cols;
    for (std::size_t first = 0; first < n_genes;) {
      const std::size_t block_bytes =
          std::clamp<std::size_t>(options_.memory_bytes / 8, 1 << 20, std::size_t{256} << 20);
      GeneBuckets<V, C> buckets(
          first, n_genes, options_.memory_bytes - std::min(options_.memory_bytes, block_bytes));
      read(block_bytes, buckets);
      test(buckets);
      first = buckets.last();
      ++result_.n_passes;
      check_scale();
    }
  }

 private:
  void read(std::size_t block_bytes, GeneBuckets<V, C>& buckets) {
    const std::size_t n_cells = matrix_.info().rows;
    matrix_.stream({.memory_bytes = block_bytes}, context_,
                   std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                     apply(options_.transform, median_, block, context_);
                     buckets.add(block,
                                 std::span(group_of_cell_).subspan(block.first_row, block.n_rows),
                                 context_);
                     context_.report({"reading cells", block.first_row + block.n_rows, n_cells});
                   }));
  }

  void test(const GeneBuckets<V, C>& buckets) {
    const std::size_t n_genes = buckets.last() - buckets.first();
    std::atomic<std::size_t> n_done{buckets.first()};
    std::mutex mutex;
    std::vector<std::unique_ptr<Bench<V, C>>> idle;
    parallel_for(context_, (n_genes + kBatch - 1) / kBatch, [&](std::size_t batch) {
      const std::size_t first = buckets.first() + batch * kBatch;
      const std::size_t last = std::min(first + kBatch, buckets.last());
      std::unique_ptr<Bench<V, C>> bench;
      {
        const std::lock_guard lock(mutex);
        if (!idle.empty()) {
          bench = std::move(idle.back());
          idle.pop_back();
        }
      }
      if (bench == nullptr) bench = std::make_unique<Bench<V, C>>(options_, groups_);
      for (std::size_t gene = first; gene < last; ++gene) {
        buckets.gather(gene, bench->entries);
        bench->gene_test.run(bench->entries, bench->outcome.row(gene - first));
      }
      write(first, last, bench->outcome);
      context_.report({"testing genes", n_done += last - first, matrix_.info().cols});
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(bench));
    });
    for (const auto& bench : idle) add_values(bench->gene_test.values());
  }

  void write(std::size_t first_gene, std::size_t last_gene, const Matrix<GeneOutcome>& outcome) {
    for (std::size_t row = 0; row < groups_.tested.size(); ++row) {
      for (std::size_t gene = first_gene; gene < last_gene; ++gene) {
        const GeneOutcome& from = outcome(gene - first_gene, groups_.tested[row]);
        result_.statistic(row, gene) = from.statistic;
        result_.p_value(row, gene) = from.p_value;
        result_.log2_fold_change(row, gene) = from.log2_fold_change;
        result_.mean_group(row, gene) = from.mean_group;
        if (options_.against_rest) result_.mean_reference(row, gene) = from.mean_reference;
      }
    }
    if (options_.against_rest) return;
    for (std::size_t gene = first_gene; gene < last_gene; ++gene) {
      result_.mean_reference(0, gene) = outcome(gene - first_gene, groups_.reference).mean_group;
    }
  }

  void add_values(const TestedValues& values) {
    result_.values.min = std::min(result_.values.min, values.min);
    result_.values.max = std::max(result_.values.max, values.max);
    result_.values.all_whole = result_.values.all_whole && values.all_whole;
    result_.values.n_nan += values.n_nan;
    result_.values.n_nonzero += values.n_nonzero;
  }

  void check_scale() const {
    const TestedValues& values = result_.values;
    if (options_.scale == Scale::unknown) return;
    const std::string scale(to_string(options_.scale));
    if (values.min < 0.0) {
      fail_input("the values are said to be " + scale + ", but the smallest is " +
                     format_double(values.min),
                 {.column_name = matrix_.info().path},
                 "name a matrix of counts or of log1p values; or ask for no fold changes");
    }
    if (options_.scale == Scale::log1p && values.max > kLargestLog) {
      fail_input("the values are said to be log1p, but the largest is " +
                     format_double(values.max) + ", the logarithm of more than 10^13",
                 {.column_name = matrix_.info().path},
                 "counts have to be normalised and taken the logarithm of, or called counts");
    }
  }

  const CellMatrix& matrix_;
  const Taking& groups_;
  const DifferentialOptions& options_;
  const Context& context_;
  DifferentialResult& result_;
  std::vector<C> group_of_cell_;
  double median_ = 0.0;
};

template <typename V>
void run_as(const CellMatrix& matrix, const Taking& groups, const Categories& cells,
            const DifferentialOptions& options, const Context& context,
            DifferentialResult& result) {
  if (groups.n_cells.size() < kNoGroup<std::uint16_t>) {
    Differential<V, std::uint16_t>(matrix, groups, cells, options, context, result).run();
  } else {
    Differential<V, std::uint32_t>(matrix, groups, cells, options, context, result).run();
  }
}

}  // namespace

std::vector<double> adjust(std::span<const double> p_values, Adjustment adjustment) {
  switch (adjustment) {
    case Adjustment::benjamini_hochberg:
      return benjamini_hochberg(p_values);
    case Adjustment::benjamini_yekutieli:
      return benjamini_yekutieli(p_values);
    case Adjustment::none:
      break;
  }
  return {p_values.begin(), p_values.end()};
}

DifferentialResult differential_expression(const CellMatrix& matrix,
                                           const std::vector<std::string>& genes,
                                           const Categories& groups, const std::string& reference,
                                           const DifferentialOptions& options,
                                           const Context& context) {
  const MatrixInfo& info = matrix.info();
  if (genes.size() != info.cols || groups.code.size() != info.rows) {
    fail(ErrorKind::internal, "differential expression: names and matrix differ in size");
  }
  const Taking taken = taking(groups, reference, options.against_rest);
  DifferentialResult result;
  result.genes = genes;
  for (const std::size_t group : taken.tested) {
    result.groups.push_back(groups.levels[taken.level[group]]);
    result.n_cells.push_back(taken.n_cells[group]);
  }
  if (options.against_rest) {
    for (const auto n : taken.n_cells) result.n_reference += n;
  } else {
    result.n_reference = taken.n_cells[taken.reference];
  }
  const std::size_t n_rows = taken.tested.size();
  for (auto* matrix_of : {&result.statistic, &result.p_value, &result.log2_fold_change,
                          &result.mean_group, &result.p_adjusted}) {
    *matrix_of = Matrix<double>(n_rows, info.cols);
  }
  result.mean_reference = Matrix<double>(options.against_rest ? n_rows : 1, info.cols);
  if (matrix.is_wide()) {
    run_as<double>(matrix, taken, groups, options, context, result);
  } else {
    run_as<float>(matrix, taken, groups, options, context, result);
  }
  parallel_for(context, n_rows, [&](std::size_t row) {
    const auto adjusted = adjust(result.p_value.row(row), options.adjustment);
    std::ranges::copy(adjusted, result.p_adjusted.row(row).begin());
  });
  return result;
}

}  // namespace cupel::perturbation
