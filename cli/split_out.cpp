#include "split_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "split/files.hpp"
#include "split/from_spec.hpp"

namespace cupel::cli {
namespace {

std::filesystem::path numbered(const std::filesystem::path& path, std::uint32_t repeat) {
  std::filesystem::path out = path.parent_path() / path.stem();
  out += "_repeat" + std::to_string(repeat) + path.extension().string();
  return out;
}

/// Left out of what the split is about: not the rows of other assays.
std::size_t count_left_out(const Split& split) {
  return static_cast<std::size_t>(std::count_if(
      split.reason.begin(), split.reason.end(),
      [&](std::uint8_t reason) { return reason != 0 && split.reasons[reason] != kOtherTask; }));
}

JsonOut split_json(const Split& split) {
  JsonOut one = JsonOut::part();
  one.number("repeat", split.repeat).number("fold", split.fold);
  if (!split.task.empty()) one.text("task", split.task);
  for (const Role role : {Role::train, Role::validation, Role::test}) {
    one.number(to_string(role), static_cast<double>(split.count(role)));
  }
  one.number(to_string(Role::left_out), static_cast<double>(count_left_out(split)));
  one.texts("blind_to", split.blind_to).text("sha256", split.sha256());
  return one;
}

bool has_one_split_per_task(std::span<const Split> splits) {
  std::set<std::string> tasks;
  return std::all_of(splits.begin(), splits.end(),
                     [&](const Split& split) { return tasks.insert(split.task).second; });
}

std::string line_of(const Split& split) {
  return fmt::format("fold {}{}: {} train, {} validation, {} test, {} left out\n", split.fold,
                     split.task.empty() ? "" : " (" + split.task + ")", split.count(Role::train),
                     split.count(Role::validation), split.count(Role::test), count_left_out(split));
}

}  // namespace

std::filesystem::path file_of_repeat(const SplitOut& call, std::uint32_t repeat) {
  return call.repeats <= 1 ? std::filesystem::path(call.out) : numbered(call.out, repeat);
}

std::vector<std::string> write_split_files(const SplitOut& call, const Dataset& data,
                                           std::span<const Split> splits) {
  std::vector<std::string> files;
  for (std::uint32_t repeat = 0; repeat < std::max(call.repeats, 1U); ++repeat) {
    std::vector<Split> group;
    for (const auto& split : splits) {
      if (split.repeat == repeat) group.push_back(split);
    }
    if (group.empty()) continue;
    const auto path = file_of_repeat(call, repeat);
    if (has_one_split_per_task(group)) {
      write_task_file(path, data, group);
    } else {
      write_fold_file(path, data, group);
    }
    files.push_back(path.string());
  }
  return files;
}

int print_splits(const SplitOut& call, const std::vector<std::string>& files,
                 std::span<const Split> splits, const std::string& more, const JsonOut* more_json,
                 Session& session) {
  if (session.json) {
    std::vector<JsonOut> folds;
    for (const auto& split : splits) folds.push_back(split_json(split));
    JsonOut out;
    out.text("scheme", call.scheme).number("seed", static_cast<double>(call.seed));
    out.texts("files", files).objects("folds", folds);
    if (more_json != nullptr) out.object("leakage", *more_json);
    session.print(out.dump());
    return 0;
  }
  std::string text;
  for (const auto& file : files) text += file + "\n";
  for (const auto& split : splits) text += line_of(split);
  session.print(text + more);
  return 0;
}

int write_series(const SplitOut& call, const Dataset& data, const std::vector<Split>& splits,
                 Session& session) {
  write_series_file(call.out, data, splits);
  std::vector<JsonOut> all;
  std::string text = call.out + "\n";
  for (const auto& split : splits) {
    JsonOut one = split_json(split);
    one.number("level", split.level).boolean("is_control", split.is_control);
    one.number("n_train", static_cast<double>(split.overlap.n_train));
    one.number("n_test", static_cast<double>(split.overlap.n_test));
    one.number("nearest_mean", split.overlap.nearest_mean);
    one.number("share_with_neighbour", split.overlap.share_with_neighbour);
    all.push_back(std::move(one));
    text += fmt::format(
        "split {}: repeat {}, level {:.3f}{}: {} {}s in training, {} in test; mean nearest "
        "similarity {:.3f}, {:.0f} % with a neighbour\n",
        split.fold, split.repeat, split.level, split.is_control ? ", control" : "",
        split.overlap.n_train, split.series_entity, split.overlap.n_test,
        split.overlap.nearest_mean, 100.0 * split.overlap.share_with_neighbour);
  }
  if (session.json) {
    JsonOut out;
    out.text("scheme", call.scheme).text("entity", splits.front().series_entity);
    out.texts("files", {call.out}).objects("splits", all);
    text = out.dump();
  }
  session.print(text);
  return 0;
}

}  // namespace cupel::cli
