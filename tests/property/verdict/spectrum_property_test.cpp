// The order of splits, the order of predictors, other predictors and the number of threads change
// nothing.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../../unit/verdict/spectrum_fixture.hpp"
#include "verdict/spectrum.hpp"

namespace cupel {
namespace {

void require_same(const Estimate& a, const Estimate& b) {
  const auto same = [](double x, double y) {
    return std::isnan(x) ? std::isnan(y) : std::abs(x - y) <= 1e-12 * (1.0 + std::abs(x));
  };
  RC_ASSERT(same(a.value, b.value));
  RC_ASSERT(same(a.low, b.low));
  RC_ASSERT(same(a.high, b.high));
}

test::PlantedOptions any_options() {
  return {.n_levels = *rc::gen::inRange<std::size_t>(2, 5),
          .n_repeats = *rc::gen::inRange<std::uint32_t>(1, 4),
          .n_rows = *rc::gen::inRange<std::size_t>(5, 30),
          .seed = *rc::gen::inRange<std::uint64_t>(0, 1000)};
}

SpectrumOptions any_metric() {
  return {.metric = *rc::gen::element(std::string("rmse"), std::string("spearman"),
                                      std::string("pearson"), std::string("r2")),
          .n_draws = 130};
}

RC_GTEST_PROP(Spectrum, OrderOfSplitsChangesNothing, ()) {
  SpectrumInput input = test::planted_spectrum(any_options());
  const SpectrumOptions options = any_metric();
  const Spectrum before = summarise_spectrum(input, options, {});
  std::vector<std::size_t> order(input.splits.size());
  std::iota(order.begin(), order.end(), 0U);
  Rng rng(*rc::gen::arbitrary<std::uint64_t>(), "order");
  rng.shuffle(std::span(order));
  SpectrumInput shuffled = input;
  for (std::size_t s = 0; s < order.size(); ++s) {
    shuffled.splits[s] = input.splits[order[s]];
    for (std::size_t p = 0; p < 4; ++p) {
      shuffled.predictions[p][s] = input.predictions[p][order[s]];
    }
  }
  const Spectrum after = summarise_spectrum(shuffled, options, {});
  for (std::size_t p = 0; p < 4; ++p) {
    require_same(before.curves[p].auspc, after.curves[p].auspc);
    for (std::size_t l = 0; l < before.levels.size(); ++l) {
      require_same(before.curves[p].points[l], after.curves[p].points[l]);
      require_same(before.curves[p].control[l], after.curves[p].control[l]);
    }
  }
  RC_ASSERT(before.contrasts.size() == after.contrasts.size());
  for (std::size_t c = 0; c < before.contrasts.size(); ++c) {
    require_same(before.contrasts[c].difference, after.contrasts[c].difference);
  }
}

RC_GTEST_PROP(Spectrum, ThreadsChangeNothing, ()) {
  const SpectrumInput input = test::planted_spectrum(any_options());
  const SpectrumOptions options = any_metric();
  Context three;
  three.n_threads = 3;
  const Spectrum one = summarise_spectrum(input, options, {});
  const Spectrum many = summarise_spectrum(input, options, three);
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t l = 0; l < one.levels.size(); ++l) {
      RC_ASSERT(one.curves[p].points[l].low == many.curves[p].points[l].low ||
                std::isnan(one.curves[p].points[l].low));
    }
    RC_ASSERT(one.curves[p].auspc.high == many.curves[p].auspc.high ||
              std::isnan(one.curves[p].auspc.high));
  }
}

RC_GTEST_PROP(Spectrum, DrawsArePaired, ()) {
  // A model equal to the copier but for a constant factor of its error differs from it by nearly
  // nothing in every draw: the interval of the difference is far narrower than that of either.
  SpectrumInput input = test::planted_spectrum(any_options());
  auto& model = input.predictions[test::kMemoriser];
  for (std::size_t s = 0; s < input.splits.size(); ++s) {
    for (std::size_t i = 0; i < model[s].size(); ++i) {
      const double error = input.predictions[test::kCopier][s][i] - input.splits[s].truth[i];
      model[s][i] = input.splits[s].truth[i] + 1.001 * error;
    }
  }
  const Spectrum spectrum = summarise_spectrum(input, {.metric = "rmse", .n_draws = 130}, {});
  const auto nearest = std::ranges::find_if(spectrum.contrasts, [](const auto& one) {
    return one.model == test::kMemoriser && one.is_nearest;
  });
  RC_ASSERT(nearest != spectrum.contrasts.end());
  const Estimate& own = spectrum.curves[test::kMemoriser].auspc;
  RC_ASSERT(std::abs(nearest->difference.value + 0.001 / 1.001 * own.value) < 1e-9);
  RC_ASSERT(nearest->difference.high - nearest->difference.low < 0.01 * (own.high - own.low));
}

}  // namespace
}  // namespace cupel
