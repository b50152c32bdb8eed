#include "area/perturbation/gene_choice.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

std::vector<std::uint32_t> top_control(std::size_t n, const Matrix<double>& controls) {
  std::vector<double> mean(controls.cols, 0.0);
  for (std::size_t c = 0; c < controls.rows; ++c) {
    for (std::size_t j = 0; j < controls.cols; ++j) mean[j] += controls(c, j);
  }
  std::vector<std::uint32_t> order(controls.cols);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return mean[a] > mean[b]; });
  order.resize(std::min(n, order.size()));
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<std::uint32_t> from_file(const std::filesystem::path& path,
                                     const std::vector<std::string>& genes,
                                     Diagnostics& diagnostics) {
  std::ifstream file(path);
  if (!file) fail(ErrorKind::io, "the file of genes cannot be read", {.file = path.string()});
  std::unordered_map<std::string, std::uint32_t> column;
  for (std::uint32_t j = 0; j < genes.size(); ++j) column.emplace(genes[j], j);
  std::set<std::uint32_t> chosen;
  for (std::string line; std::getline(file, line);) {
    line.resize(std::min(line.find_first_of(",\t"), line.size()));
    std::string name(trimmed(line));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    if (name.empty()) continue;
    if (const auto found = column.find(name); found != column.end()) {
      chosen.insert(found->second);
    } else {
      diagnostics.add("unknown_gene", Severity::warning,
                      "Genes of the list of outputs that the data do not have.", name);
    }
  }
  if (chosen.empty()) {
    fail_input("none of the genes of the list is in the data", {.file = path.string()},
               "genes of the data are named like \"" + (genes.empty() ? "" : genes.front()) + "\"");
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace

std::vector<std::uint32_t> choose_genes(const std::string& wanted,
                                        const std::vector<std::string>& genes,
                                        const Matrix<double>& controls,
                                        const std::string& base_folder,
                                        const CatalogueOptions& catalogue, const Context&,
                                        Diagnostics& diagnostics) {
  constexpr std::string_view kTop = "top_control:";
  constexpr std::string_view kFile = "file:";
  if (wanted.empty() || wanted == "all") {
    std::vector<std::uint32_t> all(genes.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }
  if (wanted.starts_with(kFile)) {
    return from_file(resolve_file(wanted.substr(kFile.size()), base_folder, catalogue), genes,
                     diagnostics);
  }
  std::size_t n = 0;
  if (wanted.starts_with(kTop)) {
    const char* begin = wanted.data() + kTop.size();
    const char* end = wanted.data() + wanted.size();
    const auto read = std::from_chars(begin, end, n);
    if (read.ec != std::errc{} || read.ptr != end) n = 0;
  }
  if (n > 0) return top_control(n, controls);
  fail(ErrorKind::usage, "\"" + wanted + "\" is no choice of genes", {},
       "all, top_control:1000 or file:genes.csv");
}

}  // namespace cupel::perturbation
