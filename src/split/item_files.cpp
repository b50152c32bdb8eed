#include "split/item_files.hpp"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "io/write.hpp"
#include "split/least_leakage.hpp"
#include "split/overlap_profile.hpp"
#include "split/similarity_table.hpp"

namespace cupel {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTabulated = 8192;  ///< items; 8 n^2 bytes

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json profile_json(const OverlapProfile& profile) {
  return {{"n_train", profile.n_train},
          {"n_test", profile.n_test},
          {"threshold", number(profile.threshold)},
          {"share_with_neighbour", number(profile.share_with_neighbour)},
          {"nearest_mean", number(profile.nearest_mean)},
          {"nearest_median", number(profile.nearest_median)},
          {"nearest_p90", number(profile.nearest_p90)},
          {"nearest_max", number(profile.nearest_max)},
          {"mean_pair", number(profile.mean_pair)},
          {"nearest_histogram", profile.nearest_histogram}};
}

std::uint64_t count_rows(const Items& items) {
  std::uint64_t n = items.size();
  for (const auto& one : items.left_out) n += one.source_rows.size();
  return std::max(n, items.n_source_rows);
}

/// A line per source row.
struct Line {
  std::string id;
  std::int32_t part = kNoPart;
  std::int32_t group = -1;
  std::string reason;
};

std::vector<Line> lines_of(const ItemSplitRecord& record) {
  const Items& items = *record.items;
  const ItemParts& parts = *record.parts;
  std::vector<Line> lines(count_rows(items));
  for (const auto& one : items.left_out) {
    for (const auto row : one.source_rows) lines[row].reason = one.reason;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    lines[items.row_of(i)] = {.id = items.ids[i],
                              .part = parts.part[i],
                              .group = parts.group.empty() ? -1 : parts.group[i],
                              .reason = parts.reasons[parts.reason[i]]};
  }
  return lines;
}

std::string csv_of(const ItemSplitRecord& record, std::span<const Line> lines) {
  const bool has_groups = !record.parts->group.empty();
  const bool folds = record.request->are_folds;
  CsvWriter csv;
  csv.text("row").text("id").text(folds ? "fold" : "role");
  if (has_groups) csv.text("cluster");
  csv.text("reason").end_row();
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const Line& line = lines[row];
    csv.integer(static_cast<std::int64_t>(row)).text(line.id);
    if (!folds) {
      csv.text(line.part == kNoPart
                   ? "left_out"
                   : part_name(*record.request, static_cast<std::size_t>(line.part)));
    } else if (line.part == kNoPart) {
      csv.missing();
    } else {
      csv.integer(line.part);
    }
    if (has_groups) {
      if (line.group < 0)
        csv.missing();
      else
        csv.integer(line.group);
    }
    if (line.reason.empty())
      csv.missing();
    else
      csv.text(line.reason);
    csv.end_row();
  }
  return csv.take();
}

Json counts_of(const ItemSplitRecord& record, std::span<const Line> lines) {
  std::vector<std::size_t> per_part(record.request->share.size(), 0);
  std::map<std::string, std::size_t> per_reason;
  for (const auto& line : lines) {
    if (line.part == kNoPart)
      ++per_reason[line.reason];
    else
      ++per_part[static_cast<std::size_t>(line.part)];
  }
  Json counts = Json::array();
  for (std::size_t p = 0; p < per_part.size(); ++p) {
    counts.push_back({{"role", part_name(*record.request, p)}, {"count", per_part[p]}});
  }
  for (const auto& [reason, count] : per_reason) {
    counts.push_back({{"role", "left_out"}, {"count", count}, {"reason", reason}});
  }
  return counts;
}

}  // namespace

std::string part_name(const PartRequest& request, std::size_t part) {
  if (request.are_folds) return "fold " + std::to_string(part);
  if (part == 0) return "train";
  return part + 1 == request.share.size() ? "test" : "validation";
}

ItemOverlap measure_item_split(const Similarity& given, const ItemParts& parts,
                               const PartRequest& request, const ItemTraits& traits,
                               double threshold, const Context& context) {
  // Values are looked at three times: a table pays where it fits.
  std::optional<SimilarityTable> table;
  if (given.n_rows() <= kTabulated) table = tabulate_similarity(given, context);
  const Similarity& similarity = table ? static_cast<const Similarity&>(*table) : given;
  ItemOverlap overlap;
  overlap.max_across = max_across_parts(similarity, parts.part, context);
  overlap.leakage = scaled_leakage(similarity, parts.part, traits, context);
  const auto last = static_cast<std::int32_t>(request.share.size()) - 1;
  for (std::int32_t tested = request.are_folds ? 0 : last; tested <= last; ++tested) {
    std::vector<std::uint32_t> test;
    std::vector<std::uint32_t> train;
    for (std::uint32_t i = 0; i < parts.part.size(); ++i) {
      if (parts.part[i] == tested)
        test.push_back(i);
      else if (parts.part[i] != kNoPart && (request.are_folds || parts.part[i] == 0))
        train.push_back(i);
    }
    overlap.tested.push_back(measure_overlap(similarity, train, test, threshold, context));
  }
  return overlap;
}

std::string item_split_json(const ItemSplitRecord& record, const std::string& csv_sha256) {
  const auto lines = lines_of(record);
  Json json;
  json["cupel"] = version();
  json["method"] = record.method;
  json["seed"] = record.seed;
  json["parameters"] = Json::object();
  for (const auto& [key, value] : record.parameters) json["parameters"][key] = value;
  if (!record.similarity.empty()) {
    json["similarity"] = {{"kind", record.similarity},
                          {"parameters", record.similarity_parameters}};
  }
  if (!std::isnan(record.level)) {
    json["level"] = record.level;
    json["repeat"] = record.repeat;
    json["is_control"] = record.is_control;
  }
  json["n_source_rows"] = lines.size();
  json["counts"] = counts_of(record, lines);
  for (const auto& [key, value] : record.parts->facts) json["found"][key] = number(value);
  if (!record.overlap.tested.empty()) {
    Json measured{{"max_across_parts", number(record.overlap.max_across)},
                  {"leakage", number(record.overlap.leakage)},
                  {"tested", Json::array()}};
    for (const auto& profile : record.overlap.tested) {
      measured["tested"].push_back(profile_json(profile));
    }
    json["measured"] = std::move(measured);
  }
  json["inputs"] = Json::array();
  for (const auto& input : record.items->inputs) {
    json["inputs"].push_back(
        {{"file", input.file}, {"sha256", input.sha256}, {"bytes", input.bytes}});
  }
  json["file_sha256"] = csv_sha256;
  return json.dump(2) + "\n";
}

std::string write_item_split(const std::filesystem::path& path, const ItemSplitRecord& record) {
  const std::string csv = csv_of(record, lines_of(record));
  const std::string json = item_split_json(record, sha256_hex(csv));
  write_file_atomic(path, csv);
  write_file_atomic(std::filesystem::path(path).replace_extension(".json"), json);
  return json;
}

}  // namespace cupel
