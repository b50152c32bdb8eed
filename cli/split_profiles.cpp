#include "split_profiles.hpp"

#include "area/area.hpp"
#include "area/perturbation/splits.hpp"

namespace cupel::cli {

int run_split_profiles(const SplitSpec& spec, const DataFlags& flags, const SplitOut& call,
                       Session& session) {
  DataFlags data = flags;
  data.profiles.halves = 0;  // nobody looks at them here
  const LoadedData loaded = load_data(data, session);
  const Area& area = find_area(flags.area);
  const auto splits = area.make_splits(loaded, spec, ".", session.context);
  if (spec.scheme == "overlap") return write_series(call, loaded.data, splits, session);
  std::vector<std::string> files;
  for (std::uint32_t repeat = 0; repeat < std::max(call.repeats, 1U); ++repeat) {
    std::vector<Split> group;
    for (const auto& split : splits) {
      if (split.repeat == repeat) group.push_back(split);
    }
    if (group.empty()) continue;
    const auto path = file_of_repeat(call, repeat);
    perturbation::write_split_labels(path, loaded.data, group);
    files.push_back(path.string());
  }
  for (const auto& note : area.check_protocol(loaded.data, splits)) {
    session.context.say(note.severity == Severity::note ? LogLevel::debug : LogLevel::warning,
                        note.code + ": " + note.sentence);
  }
  return print_splits(call, files, splits, "", nullptr, session);
}

}  // namespace cupel::cli
