#include "study/parse_splits.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "similarity/kinds.hpp"

namespace cupel::detail {
namespace {

constexpr const char* kOverlapKeys[] = {"entity", "similarity", "features", "levels",
                                        "train",  "measure",    "control",  "predictors"};
/// Both of an overlap series and of the schemes that part molecules.
constexpr const char* kSharedKeys[] = {"test", "threshold"};
constexpr const char* kPartKeys[] = {"tolerance", "column", "clusters", "bins", "max_left_out"};

void read_scheme(const SectionReader& in, const std::string& source, SplitSpec& out) {
  const int n_given =
      (in.has("fold_column") ? 1 : 0) + (in.has("role_column") ? 1 : 0) + (in.has("file") ? 1 : 0);
  if (n_given > 1) {
    fail_input("a split takes its rows from one place only", in.yaml().where(source),
               "keep one of fold_column, role_column and file");
  }
  out.scheme = in.has("scheme") ? in.text("scheme") : "file";
  if (n_given == 0 && out.scheme == "file") {
    fail_input(in.has("scheme") ? "scheme `file` needs the rows' folds or roles"
                                : "a split needs a `scheme`",
               in.yaml().where(source),
               in.has("scheme") ? "add fold_column, role_column or file"
                                : "for example `{scheme: mixed, folds: 5}`");
  }
  if (n_given == 0) return;
  for (const char* key : {"folds", "repeats", "seed"}) {
    if (!in.has(key)) continue;
    fail_input(std::string(key) + " has no meaning here: the rows' folds are given", in.where(key),
               std::string("remove ") + key);
  }
}

void read_name(const SectionReader& in, const std::vector<std::string>& names, SplitSpec& out) {
  const Where where = in.where(in.has("name") ? "name" : "scheme");
  out.name = in.has("name") ? in.text("name") : out.scheme;
  if (out.scheme == "overlap" && !in.has("name")) out.name += "_" + in.text("entity");
  check_name(out.name, where);
  if (std::count(names.begin(), names.end(), out.name) > 0) {
    fail_input("two splits are named \"" + out.name + "\"", where, "give one of them a `name`");
  }
}

void read_folds(const SectionReader& in, const Area& area, const std::string& source,
                SplitSpec& out) {
  out.folds = in.count("folds");
  out.folds_given = in.has("folds");
  if (out.folds == 1 || (out.folds == 0 && out.scheme != "tissue_blind")) {
    fail_input("a split needs at least 2 folds", in.where("folds"),
               "0 is for tissue_blind: one fold per tissue");
  }
  out.fold_column = in.text("fold_column");
  out.role_column = in.text("role_column");
  out.file = in.text("file");
  // Folds of several assays are numbered through.
  const bool is_given =
      area.name() == "potency" || !(out.fold_column + out.role_column + out.file).empty();
  for (const auto& item : in.get("only_folds").items) {
    out.only_folds.push_back(static_cast<std::uint32_t>(parse_number(item.text).value_or(0.0)));
    if (!is_given && out.folds > 0 && out.only_folds.back() >= out.folds) {
      fail_input("there is no fold " + item.text + ": folds are numbered from 0",
                 item.where(source), "the last of them is " + std::to_string(out.folds - 1));
    }
  }
}

/// The registry's name, or Error{input} at the place with the nearest one.
std::string similarity_kind(const SectionReader& in) {
  if (!in.has("similarity")) return {};
  try {
    return find_similarity_kind(in.text("similarity")).name;
  } catch (const Error& error) {
    fail_input(error.message(), in.where("similarity"), error.hint());
  }
}

void read_overlap(const SectionReader& in, SplitSpec& out) {
  for (const char* key : {"folds", "only_folds", "fold_column", "role_column", "file"}) {
    if (!in.has(key)) continue;
    fail_input(std::string(key) + " has no meaning here: an overlap series has levels",
               in.where(key), "remove it, or use `levels` and `repeats`");
  }
  if (!in.has("entity")) {
    fail_input("an overlap series needs an `entity`", in.where("scheme"),
               "say whose similarity is to fall: `entity: drug` or `entity: cell`");
  }
  if (!in.has("repeats")) out.repeats = 2;
  out.overlap = {.entity = in.text("entity"),
                 .similarity = similarity_kind(in),
                 .features = in.text("features"),
                 .test = in.number("test"),
                 .measure = in.text("measure"),
                 .control = in.text("control") != "none",
                 .predictors = in.texts("predictors")};
  if (in.has("train")) out.overlap.train = in.number("train");
  if (in.has("threshold")) out.overlap.threshold = in.number("threshold");
  const YamlValue levels = in.get("levels");
  if (levels.kind != YamlValue::Kind::list) {
    out.overlap.levels = in.count("levels");
    return;
  }
  for (const auto& item : levels.items) {
    out.overlap.wanted.push_back(parse_number(item.text).value_or(0.0));
  }
  out.overlap.levels = static_cast<std::uint32_t>(out.overlap.wanted.size());
  if (out.overlap.levels < 2) {
    fail_input("a series has at least 2 levels", in.where("levels"),
               "give more of them, or their number");
  }
}

void read_parts(const SectionReader& in, SplitSpec& out) {
  if (in.has("test")) out.parts.test = in.number("test");
  if (in.has("threshold")) out.parts.threshold = in.number("threshold");
  out.parts.tolerance = in.number("tolerance");
  out.parts.column = in.text("column");
  out.parts.clusters = in.count("clusters");
  out.parts.bins = in.count("bins");
  out.parts.max_left_out = in.number("max_left_out");
}

void check_scheme(const SectionReader& in, const Area& area, std::size_t index,
                  const std::string& scheme) {
  auto known = area.split_schemes();
  if (!contains(known, "file")) known.emplace_back("file");
  if (contains(known, scheme)) return;
  const std::string near = nearest_word(scheme, known);
  fail_input("splits[" + std::to_string(index) + "].scheme has to be one of: " + join(known, ", "),
             in.where("scheme"), near.empty() ? "" : "did you mean \"" + near + "\"?");
}

}  // namespace

SplitSpec read_split(const SectionReader& in, const Area& area,
                     const std::vector<std::string>& names, const std::string& source) {
  SplitSpec out;
  read_scheme(in, source, out);
  check_scheme(in, area, names.size(), out.scheme);
  out.repeats = in.count("repeats");
  out.validation = in.number("validation");
  out.merge_compounds = in.flag("merge_compounds");
  if (in.has("seed")) out.seed = in.whole("seed");
  if (out.scheme == "overlap") {
    read_overlap(in, out);
    read_name(in, names, out);
    return out;
  }
  read_name(in, names, out);
  read_folds(in, area, source, out);
  const auto refuse = [&](const char* key, const std::string& of, const std::string& hint) {
    if (!in.has(key)) return;
    fail_input(std::string(key) + " has no meaning here: it belongs to " + of, in.where(key), hint);
  };
  for (const char* key : kOverlapKeys) {
    refuse(key, "scheme `overlap`", "remove it, or write `scheme: overlap`");
  }
  if (area.name() == "potency") {
    read_parts(in, out);
    return out;
  }
  for (const char* key : kSharedKeys) {
    refuse(key, "scheme `overlap`", "remove it, or write `scheme: overlap`");
  }
  for (const char* key : kPartKeys) refuse(key, "splits of area `potency`", "remove it");
  return out;
}

void check_name(const std::string& name, const Where& where) {
  const bool bad = name.empty() || name.size() > 100 || name.front() == '.' ||
                   std::any_of(name.begin(), name.end(), [](char c) {
                     return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' ||
                            c == ',' || c == '"';
                   });
  if (bad) {
    fail_input("\"" + name + "\" cannot be a name", where,
               "a name has 1 to 100 characters, without / \\ , \" and does not start with a dot");
  }
}

}  // namespace cupel::detail
