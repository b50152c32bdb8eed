#include "split/leakage_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"

namespace cupel {
namespace {

std::string items_text(std::size_t n, const std::string& kind) {
  return fmt::format("{} {} item{}", n, kind, n == 1 ? "" : "s");
}

std::string neighbour_sentence(const LeakageReport& report) {
  const OverlapProfile& p = report.profile;
  return fmt::format("{} of {} have a training neighbour at or above {}.",
                     percent_text(p.share_with_neighbour), items_text(p.n_test, "test"),
                     format_double(p.threshold));
}

void add_duplicates(const LeakageReport& report, LeakageWords& words) {
  const Duplicates& d = report.duplicates;
  if (!d.is_known || d.n_test == 0) return;
  std::string text = fmt::format(
      "{} ({}) {} in the training set, exactly.", items_text(d.n_test, "test"),
      percent_text(static_cast<double>(d.n_test) / static_cast<double>(report.profile.n_test)),
      d.n_test == 1 ? "is also" : "are also");
  if (d.n_conflicts > 0) {
    text += fmt::format(" {} of them {} another target there", d.n_conflicts,
                        d.n_conflicts == 1 ? "has" : "have");
    if (!std::isnan(d.largest_difference)) {
      text += fmt::format(" (largest difference {:.3g})", d.largest_difference);
    }
    text += ".";
  }
  words.seen.push_back(text);
  words.to_do.push_back(
      "Take the exact copies out of the test set (or out of training) before anything is scored" +
      std::string(d.n_conflicts > 0 ? ", and decide which of the conflicting targets is right."
                                    : "."));
}

void add_indistinguishable(const LeakageReport& report, LeakageWords& words) {
  const std::size_t copies = report.duplicates.is_known ? report.duplicates.n_test : 0;
  if (report.n_indistinguishable <= copies || report.profile.threshold >= 1.0) return;
  const std::size_t n = report.n_indistinguishable - copies;
  words.seen.push_back(fmt::format("{}{} at similarity 1 to a training item{}.",
                                   items_text(n, "test"),
                                   copies > 0 ? " more are"
                                   : n == 1   ? " is"
                                              : " are",
                                   report.duplicates.is_known ? ", though not the same" : ""));
}

void add_set_measure(const LeakageReport& report, LeakageWords& words) {
  if (std::isnan(report.set_jaccard)) return;
  words.seen.push_back(fmt::format(
      "The {} of the two sides share {:.3g} of all {} (Jaccard): a measure of the sets, not of the "
      "test items.",
      report.set_name, report.set_jaccard, report.set_name));
}

}  // namespace

std::string percent_text(double share) {
  const double value = share * 100.0;
  if (value == 0.0 || value >= 9.95) return fmt::format("{:.0f} %", value);
  return value >= 0.095 ? fmt::format("{:.1f} %", value) : fmt::format("{:.2g} %", value);
}

LeakageWords leakage_words(const LeakageReport& report, const ChanceLevel* chance) {
  LeakageWords words;
  const double share = report.profile.share_with_neighbour;
  words.seen.push_back(neighbour_sentence(report));
  add_duplicates(report, words);
  add_indistinguishable(report, words);
  if (chance != nullptr && !chance->sentence.empty()) words.seen.push_back(chance->sentence);
  add_set_measure(report, words);
  const bool is_noise = chance != nullptr && chance->is_inside_noise;
  if (is_noise && chance->noise_ends < 1.0) {
    words.to_do.push_back(fmt::format(
        "Choose a threshold above {:.3g}, where this many training items give less than 5 % of "
        "unrelated test items a neighbour by chance; below it the share says little.",
        std::ceil(chance->noise_ends * 1000.0) / 1000.0));
  } else if (is_noise) {
    words.to_do.emplace_back(
        "Chance reaches every threshold of this similarity, so a high share is no surprise; a "
        "graded similarity (mutation-jaccard, say) can tell near from far.");
  }
  if (share == 0.0 && !is_noise && report.duplicates.n_test == 0) {
    words.seen.emplace_back("By this similarity and threshold nothing leaks.");
  } else if (share > 0.0 && !is_noise) {
    words.to_do.emplace_back(
        "Show the score along the similarity to training instead of one number (--out nearest.csv, "
        "then cupel spectra --predictions ... --nearest nearest.csv), and beside it what copying "
        "the nearest training item would score.");
  }
  if (share >= 0.1 && !is_noise) {
    words.to_do.push_back(fmt::format(
        "For a claim about new items make a split whose sides have no pair at or above {}.",
        format_double(report.profile.threshold)));
  }
  return words;
}

}  // namespace cupel
