#include "stat/ratio.hpp"

#include <limits>
#include <vector>

#include "base/random.hpp"

namespace cupel {

RatioOfSums ratio_of_sums(std::span<const double> model, std::span<const double> baseline,
                          std::size_t n_draws, std::uint64_t seed) {
  const auto n = static_cast<std::uint32_t>(model.size());
  double over = 0.0;
  double under = 0.0;
  for (std::uint32_t i = 0; i < n; ++i) {
    over += model[i];
    under += baseline[i];
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  RatioOfSums out{.value = under != 0.0 ? over / under : nan};
  std::vector<double> draws(n_draws, nan);
  for (std::size_t draw = 0; draw < n_draws && n > 0; ++draw) {
    Rng rng(seed, "ratio_of_sums", draw);
    over = under = 0.0;
    for (std::uint32_t k = 0; k < n; ++k) {
      const std::uint32_t i = rng.below(n);
      over += model[i];
      under += baseline[i];
    }
    if (under != 0.0) draws[draw] = over / under;
  }
  out.interval = percentile_interval(draws);
  return out;
}

}  // namespace cupel
