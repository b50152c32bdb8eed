// Splits of cell-load (arcinstitute) from its TOML file:
//
//   [datasets]   name = "path"
//   [training]   name = "train"
//   [zeroshot]   "name.CELL_TYPE" = "test" | "val"
//   [fewshot."name.CELL_TYPE"]   val = [..], test = [..]     (labels of perturbations)
//
// All of a zeroshot context has the role; of a fewshot context the perturbations that are listed.
// What the file does not name is trained on.
#include <toml++/toml.h>

#include <sstream>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/split_parts.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/from_spec.hpp"

namespace cupel::perturbation {
namespace {

Role role_of(std::string_view word, const std::filesystem::path& path) {
  if (word == "test") return Role::test;
  if (word == "val" || word == "validation") return Role::validation;
  if (word == "train") return Role::train;
  fail_input("a role must be test, val or train",
             {.file = path.string(), .value = std::string(word)});
}

/// "name.CELL_TYPE" or "CELL_TYPE": the context's code.
std::uint32_t find_context(const Dataset& data, const std::string& key,
                           const std::filesystem::path& path) {
  const auto& ids = data.entities[1].ids;
  const auto dot = key.find('.');
  for (const auto& name : {key, dot == std::string::npos ? key : key.substr(dot + 1)}) {
    for (std::uint32_t c = 0; c < ids.size(); ++c) {
      if (ids[c] == name) return c;
    }
  }
  fail_input("the data have no context of that name", {.file = path.string(), .value = key},
             "contexts: " + join(ids, ", "));
}

void read_fewshot(const Dataset& data, const PerturbationNames& names, std::uint32_t context,
                  const toml::table& lists, const std::filesystem::path& path, Split& split) {
  for (const auto& [word, value] : lists) {
    const Role role = role_of(word.str(), path);
    const auto* labels = value.as_array();
    if (labels == nullptr) {
      fail_input("a fewshot role must be a list of perturbations",
                 {.file = path.string(), .value = std::string(word.str())});
    }
    for (const auto& label : *labels) {
      const auto code = names.find(label.value_or(std::string{}));
      if (code == LabelBlock::kUnknown) continue;  // lists of larger data sets are common
      for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
        if (context_of(data, row) == context && perturbation_of(data, row) == code) {
          split.role[row] = role;
        }
      }
    }
  }
}

}  // namespace

Split cell_load_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                      const std::filesystem::path& path) {
  toml::table file;
  try {
    file = toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    std::ostringstream words;
    words << error.description();
    fail_input("the TOML file cannot be read: " + words.str(),
               {.file = path.string(), .row = error.source().begin.line});
  }
  Split split = empty_split(data, spec, seed);
  split.parameters = "file=" + path.filename().string();
  const PerturbationNames names(data);
  if (const auto* zeroshot = file["zeroshot"].as_table()) {
    for (const auto& [key, value] : *zeroshot) {
      const auto context = find_context(data, std::string(key.str()), path);
      const Role role = role_of(value.value_or(std::string{}), path);
      for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
        if (context_of(data, row) == context) split.role[row] = role;
      }
    }
  }
  if (const auto* fewshot = file["fewshot"].as_table()) {
    for (const auto& [key, value] : *fewshot) {
      const auto context = find_context(data, std::string(key.str()), path);
      if (const auto* lists = value.as_table()) {
        read_fewshot(data, names, context, *lists, path, split);
      }
    }
  }
  return split;
}

}  // namespace cupel::perturbation
