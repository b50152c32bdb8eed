#include "area/perturbation/differential_csv.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "io/compressed.hpp"
#include "io/write.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kValuesPerWave = std::size_t{1}
                                       << 20;  // rows formatted before they are written

struct Part {
  std::string bytes;
  std::uint64_t n_rows = 0;
};

std::string header(bool with_context) {
  CsvWriter csv;
  if (with_context) csv.text("context");
  for (const auto* name : {"perturbation", "gene", "statistic", "p_value", "p_adjusted",
                           "log2_fold_change", "mean_perturbed", "mean_reference"}) {
    csv.text(name);
  }
  csv.end_row();
  return csv.take();
}

Part rows_of(const ContextResult& labelled, std::size_t group,
             const DifferentialCsvOptions& options) {
  const DifferentialResult& result = labelled.result;
  const std::size_t reference = result.mean_reference.rows == 1 ? 0 : group;
  CsvWriter csv;
  Part part;
  for (std::size_t gene = 0; gene < result.genes.size(); ++gene) {
    const double adjusted = result.p_adjusted(group, gene);
    if (options.significant <= 1.0 && !(adjusted < options.significant)) continue;
    if (options.with_context) csv.text(labelled.context);
    csv.text(result.groups[group]).text(result.genes[gene]);
    csv.number(result.statistic(group, gene)).number(result.p_value(group, gene)).number(adjusted);
    csv.number(result.log2_fold_change(group, gene)).number(result.mean_group(group, gene));
    csv.number(result.mean_reference(reference, gene));
    csv.end_row();
    ++part.n_rows;
  }
  part.bytes = csv.take();
  return part;
}

}  // namespace

std::uint64_t write_differential_csv(const std::filesystem::path& path,
                                     const std::vector<ContextResult>& results,
                                     const DifferentialCsvOptions& options,
                                     const Context& context) {
  const bool is_gzip = path.extension() == ".gz";
  // "-" is the stream: a process's own, of whatever kind it is.
  AtomicFile file(path == "-" ? std::filesystem::path("/dev/stdout") : path);
  // Members of gzip one after the other are a gzip file.
  const auto packed = [&](std::string bytes) {
    return is_gzip && !bytes.empty() ? gzip_compressed(bytes) : bytes;
  };
  file.write(packed(header(options.with_context)));
  std::uint64_t n_rows = 0;
  for (const auto& labelled : results) {
    const std::size_t n_groups = labelled.result.groups.size();
    const std::size_t n_genes = std::max<std::size_t>(labelled.result.genes.size(), 1);
    const std::size_t wave = std::max<std::size_t>(kValuesPerWave / n_genes, 1);
    for (std::size_t first = 0; first < n_groups; first += wave) {
      std::vector<Part> parts(std::min(wave, n_groups - first));
      parallel_for(context, parts.size(), [&](std::size_t i) {
        parts[i] = rows_of(labelled, first + i, options);
        parts[i].bytes = packed(std::move(parts[i].bytes));
      });
      for (const auto& part : parts) {
        file.write(part.bytes);
        n_rows += part.n_rows;
      }
      context.report({"writing groups", first + parts.size(), n_groups});
    }
  }
  file.commit(Sync::no);
  return n_rows;
}

}  // namespace cupel::perturbation
