#include "overlap_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "io/write.hpp"

namespace cupel::cli {
namespace {

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

/// "id  text", or the id alone for items without text.
std::string shown(const Items& items, std::uint32_t i) {
  const std::string id = shortened(items.ids[i], 24);
  return items.texts.empty() ? id : id + "  " + shortened(items.texts[i], 60);
}

std::string target_of(const Items& items, std::uint32_t i) {
  const std::string text = items.target_text(i);
  return text.empty() ? "" : "  (target " + text + ")";
}

std::string pairs_text(const std::vector<LeakedPair>& pairs, std::size_t most, const Sides& sides) {
  std::string text;
  for (std::size_t k = 0; k < std::min(most, pairs.size()); ++k) {
    const LeakedPair& pair = pairs[k];
    text += fmt::format("  {:.3f}  test   {}{}\n         train  {}{}\n", pair.similarity,
                        shown(sides.test, pair.test), target_of(sides.test, pair.test),
                        shown(sides.train, pair.train), target_of(sides.train, pair.train));
  }
  return text;
}

JsonOut side_json(const Items& items, std::uint32_t i) {
  JsonOut out = JsonOut::part();
  out.number("row", static_cast<double>(items.row_of(i))).text("id", items.ids[i]);
  if (!items.texts.empty()) out.text("text", items.texts[i]);
  const std::string target = items.target_text(i);
  if (!target.empty() && items.target_levels.empty()) {
    out.number("target", items.targets[i]);
  } else if (!target.empty()) {
    out.text("target", target);
  }
  return out;
}

std::vector<JsonOut> pairs_json(const std::vector<LeakedPair>& pairs, const Sides& sides) {
  std::vector<JsonOut> out;
  for (const LeakedPair& pair : pairs) {
    out.push_back(JsonOut::part());
    out.back().number("similarity", pair.similarity);
    out.back().object("test", side_json(sides.test, pair.test));
    out.back().object("train", side_json(sides.train, pair.train));
  }
  return out;
}

JsonOut nearest_json(const OverlapProfile& p) {
  JsonOut out = JsonOut::part();
  out.number("mean", p.nearest_mean).number("median", p.nearest_median);
  out.number("p90", p.nearest_p90).number("max", p.nearest_max);
  return std::move(
      out.numbers("histogram", {p.nearest_histogram.begin(), p.nearest_histogram.end()}));
}

JsonOut duplicates_json(const Duplicates& d, const Sides& sides) {
  JsonOut out = JsonOut::part();
  out.number("test_items", static_cast<double>(d.n_test));
  out.number("with_both_targets", static_cast<double>(d.n_known));
  out.number("conflicting", static_cast<double>(d.n_conflicts));
  out.number("largest_difference", d.largest_difference);
  return std::move(out.objects("conflicts", pairs_json(d.conflicts, sides)));
}

std::string measures_text(const LeakageReport& report) {
  const OverlapProfile& p = report.profile;
  std::string text = fmt::format(
      "nearest training item   mean {:.3f}, median {:.3f}, 90 % {:.3f}, largest {:.3f}\n"
      "all test x train pairs  mean {:.4f}\n",
      p.nearest_mean, p.nearest_median, p.nearest_p90, p.nearest_max, p.mean_pair);
  if (!std::isnan(report.datasail_l)) {
    text += fmt::format(
        "DataSAIL's L            {:.4f}; {:.3f} of what a constant similarity gives at these sizes "
        "({:.4f})\n",
        report.datasail_l, report.datasail_l_normalised, report.datasail_l_random);
  }
  if (!std::isnan(report.set_jaccard)) {
    text += fmt::format("Jaccard of {:<13}{:.4f}\n", report.set_name, report.set_jaccard);
  }
  if (report.duplicates.is_known) {
    text += fmt::format("exact copies            {} test items", grouped(report.duplicates.n_test));
    if (report.duplicates.n_known > 0) {
      text += fmt::format(", {} with another target", grouped(report.duplicates.n_conflicts));
    }
    text += "\n";
  }
  return text;
}

std::string rows_text(const Sides& sides) {
  std::uint64_t n_left_out = 0;
  for (const auto& one : sides.read) n_left_out += count_left_out(one);
  std::string text = fmt::format("{} training items", grouped(sides.train.size()));
  if (sides.n_validation > 0) {
    text += fmt::format(" ({} rows of them validation)", grouped(sides.n_validation));
  }
  text += fmt::format(", {} test items", grouped(sides.test.size()));
  if (sides.n_unused > 0) text += fmt::format(", {} rows in neither", grouped(sides.n_unused));
  return text + fmt::format("; {} rows are no items\n", grouped(n_left_out));
}

}  // namespace

std::string histogram_text(const std::vector<double>& values) {
  constexpr std::size_t kBins = 10;
  constexpr double kWidth = 40.0;
  std::array<std::size_t, kBins> count{};
  for (const double value : values) {
    ++count[static_cast<std::size_t>(std::clamp(value * kBins, 0.0, kBins - 1.0))];
  }
  const auto most = static_cast<double>(*std::max_element(count.begin(), count.end()));
  std::string text;
  for (std::size_t b = 0; b < kBins; ++b) {
    const double share = most > 0.0 ? static_cast<double>(count[b]) / most : 0.0;
    auto length = static_cast<std::size_t>(std::lround(share * kWidth));
    if (count[b] > 0) length = std::max<std::size_t>(length, 1);
    text += fmt::format("  {:.1f}-{:.1f} |{:<40} {}\n", static_cast<double>(b) / kBins,
                        static_cast<double>(b + 1) / kBins, std::string(length, '#'),
                        grouped(count[b]));
  }
  return text;
}

std::string overlap_text(const OverlapResult& result, const Sides& sides, const Session& session) {
  std::string text = kind_title(result.kind, result.parameters) + "\n" + rows_text(sides) + "\n";
  for (std::size_t k = 0; k < result.words.seen.size(); ++k) {
    text += (k == 0 ? session.styled(result.words.seen[k], "bold") : result.words.seen[k]) + "\n";
  }
  text += "\nTest items by the similarity of their nearest training item\n";
  text += histogram_text(result.report.nearest) + "\n" + measures_text(result.report);
  text += "\nMost similar pairs\n" + pairs_text(result.report.worst, 5, sides);
  if (!result.report.duplicates.conflicts.empty()) {
    text +=
        "\nCopies with another target\n" + pairs_text(result.report.duplicates.conflicts, 5, sides);
  }
  if (!result.words.to_do.empty()) text += "\nWhat to do\n";
  for (const auto& sentence : result.words.to_do) text += "  * " + sentence + "\n";
  return text;
}

JsonOut overlap_json(const OverlapResult& result, const Sides& sides) {
  const LeakageReport& report = result.report;
  JsonOut out;
  out.text("kind", result.kind).text("parameters", result.parameters);
  out.text("instruction_set", result.instruction_set);
  std::vector<JsonOut> inputs;
  for (const auto& one : sides.read) inputs.push_back(items_json(one));
  out.objects("inputs", inputs);
  std::uint64_t n_left_out = 0;
  for (const auto& one : sides.read) n_left_out += count_left_out(one);
  out.number("left_out", static_cast<double>(n_left_out));
  out.number("n_train", static_cast<double>(report.profile.n_train));
  out.number("n_test", static_cast<double>(report.profile.n_test));
  out.number("validation_rows", static_cast<double>(sides.n_validation));
  out.number("unused_rows", static_cast<double>(sides.n_unused));
  out.number("split_rows_without_item", static_cast<double>(sides.n_lost));
  out.number("threshold", report.profile.threshold);
  out.number("share_with_neighbour", report.profile.share_with_neighbour);
  out.numbers("share_at", report.share_at);
  out.object("nearest", nearest_json(report.profile));
  out.number("mean_pair", report.profile.mean_pair);
  JsonOut l = JsonOut::part();
  l.number("l", report.datasail_l).number("l_constant_similarity", report.datasail_l_random);
  out.object("datasail", l.number("l_normalised", report.datasail_l_normalised));
  JsonOut sets = JsonOut::part();
  out.object("set_jaccard", sets.text("sets", report.set_name).number("value", report.set_jaccard));
  if (report.duplicates.is_known)
    out.object("duplicates", duplicates_json(report.duplicates, sides));
  out.number("n_indistinguishable", static_cast<double>(report.n_indistinguishable));
  out.objects("worst", pairs_json(report.worst, sides));
  if (!result.null.values.empty()) out.object("null", chance_json(result.null, result.chance));
  return std::move(out.texts("seen", result.words.seen).texts("to_do", result.words.to_do));
}

void write_nearest(const std::string& path, const OverlapResult& result, const Sides& sides) {
  const Items& test = sides.test;
  const Items& train = sides.train;
  const bool targets = !test.targets.empty() && !train.targets.empty();
  CsvWriter csv;
  std::vector<std::string> header{"test_index", "test_id", "train_index", "train_id", "similarity"};
  if (targets) header.insert(header.end(), {"test_target", "train_target"});
  csv.row(header);
  for (std::uint32_t i = 0; i < test.size(); ++i) {
    const std::uint32_t j = result.report.nearest_item[i];
    csv.integer(static_cast<std::int64_t>(test.row_of(i))).text(test.ids[i]);
    csv.integer(static_cast<std::int64_t>(train.row_of(j))).text(train.ids[j]);
    csv.number(result.report.nearest[i]);
    if (targets) csv.text(test.target_text(i)).text(train.target_text(j));
    csv.end_row();
  }
  csv.save(path == "-" ? "/dev/stdout" : path);
}

}  // namespace cupel::cli
