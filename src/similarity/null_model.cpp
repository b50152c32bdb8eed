#include "similarity/null_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/ecfp_items.hpp"
#include "similarity/mutation_sets.hpp"

namespace cupel {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

void summarise(NullModel& null) {
  auto& values = null.values;
  std::sort(values.begin(), values.end());
  null.mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  null.p95 = quantile(values, 0.95);
  null.p99 = quantile(values, 0.99);
  null.p999 = quantile(values, 0.999);
  null.max = values.back();
}

/// Share of queries without relatives that may find a neighbour by chance before a threshold counts
/// as noise.
constexpr double kNoisyQueries = 0.05;

std::string method_of(ItemForm form) {
  switch (form) {
    case ItemForm::sequence:
      return "residues shuffled within each sequence (composition and length kept)";
    case ItemForm::bits:
      return "every bit drawn by its own frequency";
    case ItemForm::vector:
      return "every feature drawn from its own values";
    case ItemForm::mutations:
      return "mutations drawn by frequency (sizes of the sets kept)";
    default:
      return "random pairs of the items as they are (true relatives included)";
  }
}

std::uint32_t any_of(Rng& rng, std::size_t n) { return rng.below(static_cast<std::uint32_t>(n)); }

void shuffle_residues(std::string& text, Rng& rng) {
  rng.shuffle(std::span<char>(text.data(), text.size()));
}

/// Distinct mutations by frequency: those of random places in the list of all.
std::string drawn_mutations(const std::vector<std::string_view>& all, std::size_t size,
                            std::string_view separator, Rng& rng) {
  std::vector<std::string> chosen;
  for (std::size_t tries = 0; chosen.size() < size && tries < 1000 * (size + 1); ++tries) {
    const std::string mutation(all[any_of(rng, all.size())]);
    if (!contains(chosen, mutation)) chosen.push_back(mutation);
  }
  return join(chosen, separator);
}

double mean_length(const Items& items) {
  double sum = 0.0;
  for (const auto& text : items.texts) sum += static_cast<double>(text.size());
  return sum / static_cast<double>(items.texts.size());
}

std::string percent(double share) {
  const double value = share * 100.0;
  const double rounded = value >= 10.0  ? std::round(value)
                         : value >= 0.1 ? std::round(value * 10.0) / 10.0
                                        : std::round(value * 1000.0) / 1000.0;
  return format_double(rounded) + " %";
}

std::string short_number(double value) {
  const double scale = std::pow(10.0, 2.0 - std::ceil(std::log10(std::max(value, 1e-12))));
  return format_double(value >= 100.0 ? std::round(value) : std::round(value * scale) / scale);
}

}  // namespace

namespace {

/// At most 20,000 of the molecules: enough to know the frequencies of the bits.
Items some_molecules(const Items& items) {
  constexpr std::size_t kMost = 20'000;
  Items out;
  out.source = items.source;
  const std::size_t step = (items.size() + kMost - 1) / kMost;
  for (std::size_t i = 0; i < items.size(); i += step) {
    out.ids.push_back(items.ids[i]);
    out.texts.push_back(items.texts[i]);
  }
  return out;
}

NullModel null_of_ecfp(const Items& rows, const Items* cols, const KindOptions& options,
                       const NullOptions& null, const Context& context) {
  const EcfpKind ecfp = ecfp_kind(options);
  const auto bits_of = [&](const Items& items) {
    return ecfp_items(some_molecules(items), ecfp.fingerprint, context);
  };
  const Items row_bits = bits_of(rows);
  std::optional<Items> col_bits;
  if (cols != nullptr) col_bits = bits_of(*cols);
  return null_model(find_similarity_kind("fingerprint-tanimoto"), row_bits,
                    col_bits ? &*col_bits : nullptr, ecfp.bits_options, null, context);
}

}  // namespace

double NullModel::share_at_least(double threshold) const noexcept {
  const auto first = std::lower_bound(values.begin(), values.end(), threshold);
  return static_cast<double>(values.end() - first) / static_cast<double>(values.size());
}

Items unrelated_items(const Items& items, ItemForm form, std::size_t m, std::uint64_t seed,
                      std::string_view purpose, std::string_view separator) {
  Items out;
  out.source = items.source;
  std::vector<std::string_view> all_mutations;
  if (form == ItemForm::mutations) {
    for (const auto& text : items.texts) {
      const auto parts = split_mutations(text, separator);
      all_mutations.insert(all_mutations.end(), parts.begin(), parts.end());
    }
  }
  if (form == ItemForm::bits) out.bits = PackedBits(m, items.bits.n_bits);
  if (form == ItemForm::vector) out.vectors = Matrix<double>(m, items.vectors.cols);
  for (std::size_t i = 0; i < m; ++i) {
    Rng rng(seed, purpose, i);
    out.ids.push_back(std::to_string(i));
    const std::uint32_t like = any_of(rng, items.size());
    switch (form) {
      case ItemForm::sequence:
        out.texts.push_back(items.texts[like]);
        shuffle_residues(out.texts.back(), rng);
        break;
      case ItemForm::mutations:
        out.texts.push_back(drawn_mutations(
            all_mutations, split_mutations(items.texts[like], separator).size(), separator, rng));
        break;
      case ItemForm::bits:
        for (std::size_t b = 0; b < items.bits.n_bits; ++b) {
          if (items.bits.test(any_of(rng, items.bits.rows), b)) out.bits.set(i, b);
        }
        break;
      case ItemForm::vector:
        for (std::size_t j = 0; j < items.vectors.cols; ++j) {
          out.vectors(i, j) = items.vectors(any_of(rng, items.vectors.rows), j);
        }
        break;
      default:
        fail(ErrorKind::internal, "items of this form cannot be made unrelated");
    }
  }
  return out;
}

NullModel null_of_random_pairs(const Similarity& similarity, std::size_t n_pairs,
                               const Context& context) {
  NullModel null{.method = method_of(ItemForm::matrix), .has_relatives = true, .values = {}};
  if (similarity.n_rows() < (similarity.is_symmetric() ? 2U : 1U) || similarity.n_cols() == 0) {
    return null;
  }
  null.values.resize(n_pairs);
  constexpr std::size_t kChunk = 1024;
  parallel_for(context, (n_pairs + kChunk - 1) / kChunk, [&](std::size_t chunk) {
    Rng rng(context.seed, "null pairs", chunk);
    for (std::size_t k = chunk * kChunk; k < std::min(n_pairs, (chunk + 1) * kChunk); ++k) {
      const std::uint32_t row = any_of(rng, similarity.n_rows());
      std::uint32_t col = any_of(rng, similarity.n_cols());
      while (similarity.is_symmetric() && col == row) col = any_of(rng, similarity.n_cols());
      null.values[k] = similarity.at(row, col);
    }
  });
  summarise(null);
  return null;
}

NullModel null_model(const SimilarityKind& kind, const Items& rows, const Items* cols,
                     const KindOptions& options, const NullOptions& null, const Context& context) {
  if (kind.form == ItemForm::smiles && kind.name == "ecfp-tanimoto") {
    return null_of_ecfp(rows, cols, options, null, context);
  }
  if (kind.form == ItemForm::smiles || kind.form == ItemForm::matrix) {
    const auto similarity = kind.make(rows, cols, options, context);
    return null_of_random_pairs(*similarity, null.n_queries * null.n_queries, context);
  }
  const Items& references = cols == nullptr ? rows : *cols;
  std::size_t m = null.n_queries;
  if (kind.form == ItemForm::sequence) {
    const double cells = std::max(1.0, mean_length(rows)) * std::max(1.0, mean_length(references));
    const auto most = static_cast<std::size_t>(std::sqrt(null.max_cells / cells));
    m = std::min(m, std::max<std::size_t>(most, 48));
  }
  std::string separator;
  if (kind.form == ItemForm::mutations) {
    const auto given = options.find("separator");
    separator = given == options.end() || given->second == "auto"
                    ? detect_mutation_separator({&rows, &references})
                    : given->second;
  }
  const Items a = unrelated_items(rows, kind.form, m, context.seed, "null queries", separator);
  const Items b =
      unrelated_items(references, kind.form, m, context.seed, "null references", separator);
  KindOptions same = options;
  if (!separator.empty()) same["separator"] = separator;
  const auto similarity = kind.make(a, &b, same, context);
  NullModel out{.method = method_of(kind.form), .values = std::vector<double>(m * m)};
  parallel_for(context, m, [&](std::size_t i) {
    similarity->values({i, i + 1}, {0, m}, {out.values.data() + i * m, m});
  });
  summarise(out);
  return out;
}

ChanceLevel chance_level(const NullModel& null, double threshold, std::size_t n_references) {
  ChanceLevel level{.threshold = threshold, .sentence = {}};
  if (null.values.empty()) return level;
  const double n = static_cast<double>(n_references);
  level.pair_share = null.share_at_least(threshold);
  level.expected_neighbours = n * level.pair_share;
  level.query_share = -std::expm1(n * std::log1p(-level.pair_share));
  level.is_inside_noise =
      !null.has_relatives && (threshold <= null.p999 || level.query_share >= kNoisyQueries);
  const double allowed = -std::expm1(std::log1p(-kNoisyQueries) / std::max(n, 1.0));
  const auto above = static_cast<std::size_t>(allowed * static_cast<double>(null.values.size()));
  level.noise_ends = std::max(null.p999, null.values[null.values.size() - 1 - above]);
  const std::string pairs = null.has_relatives ? "random pairs" : "unrelated pairs";
  const std::string p999 = format_double(std::round(null.p999 * 1e4) / 1e4);
  const std::string t = format_double(threshold);
  if (level.pair_share == 0.0) {
    level.sentence = "None of " + std::to_string(null.values.size()) + " " + pairs + " reaches " +
                     t + " (their 99.9th percentile is " + p999 + ").";
    return level;
  }
  level.sentence = percent(level.pair_share) + " of " + pairs + " reach " + t +
                   " (their 99.9th percentile is " + p999 + "): among " +
                   std::to_string(n_references) + " items, ";
  if (null.has_relatives) {
    level.sentence += "about " + short_number(level.expected_neighbours) + " per query.";
  } else {
    level.sentence += "an unrelated query has about " + short_number(level.expected_neighbours) +
                      " such neighbours, and " + percent(level.query_share) +
                      " of unrelated queries have at least one.";
  }
  if (level.is_inside_noise) {
    level.sentence = "The threshold " + t + " is inside the noise. " + level.sentence;
  }
  return level;
}

}  // namespace cupel
