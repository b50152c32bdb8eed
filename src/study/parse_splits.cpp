#include "study/parse_splits.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "similarity/kinds.hpp"

namespace cupel::detail {
namespace {

constexpr const char* kOverlapKeys[] = {"entity", "similarity", "features", "levels",
                                        "train",  "measure",    "control",  "predictors"};
constexpr const char* kMoleculeKeys[] = {"test",     "threshold", "column",
                                         "clusters", "bins",      "tolerance"};
/// The schemes that know neither of these.
constexpr const char* kPlainSchemes[] = {
    "mixed", "cancer_blind",        "drug_blind",         "both_blind",  "tissue_blind", "file",
    "given", "unseen_perturbation", "unseen_combination", "unseen_pair", "cell_load"};
/// Their number of folds is what the data say, unless it is given.
constexpr const char* kFoldPerLevel[] = {"unseen_context"};

bool is_plain(const SplitSpec& spec) {
  return std::find(std::begin(kPlainSchemes), std::end(kPlainSchemes), spec.scheme) !=
         std::end(kPlainSchemes);
}

void read_scheme(const SectionReader& in, const std::string& source, SplitSpec& out) {
  const int n_given =
      (in.has("fold_column") ? 1 : 0) + (in.has("role_column") ? 1 : 0) + (in.has("file") ? 1 : 0);
  if (n_given > 1) {
    fail_input("a split takes its rows from one place only", in.yaml().where(source),
               "keep one of fold_column, role_column and file");
  }
  out.scheme = in.has("scheme") ? in.text("scheme") : "file";
  if (n_given == 0 && (out.scheme == "file" || out.scheme == "given")) {
    fail_input(in.has("scheme") ? "scheme `" + out.scheme + "` needs the rows' folds or roles"
                                : "a split needs a `scheme`",
               in.yaml().where(source),
               in.has("scheme") ? "add fold_column, role_column or file"
                                : "for example `{scheme: mixed, folds: 5}`");
  }
  if (n_given == 0 || out.scheme == "cell_load") return;
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

void read_folds(const SectionReader& in, const std::string& source, SplitSpec& out) {
  out.folds = in.count("folds");
  const bool by_level = std::ranges::find(kFoldPerLevel, out.scheme) != std::end(kFoldPerLevel);
  if (by_level && !in.has("folds")) out.folds = 0;
  if (out.folds == 1 || (out.folds == 0 && out.scheme != "tissue_blind" && !by_level)) {
    fail_input("a split needs at least 2 folds", in.where("folds"),
               "0 is for tissue_blind: one fold per tissue");
  }
  out.fold_column = in.text("fold_column");
  out.role_column = in.text("role_column");
  out.file = in.text("file");
  // Folds of given rows are the user's; those of molecules count assays too, known with the data.
  const bool is_numbered = is_plain(out) && (out.fold_column + out.role_column + out.file).empty();
  for (const auto& item : in.get("only_folds").items) {
    out.only_folds.push_back(static_cast<std::uint32_t>(parse_number(item.text).value_or(0.0)));
    if (is_numbered && out.folds > 0 && out.only_folds.back() >= out.folds) {
      fail_input("there is no fold " + item.text + ": folds are numbered from 0",
                 item.where(source), "the last of them is " + std::to_string(out.folds - 1));
    }
  }
}

void read_parts(const SectionReader& in, SplitSpec& out) {
  for (const char* key : kMoleculeKeys) {
    if (!is_plain(out) || !in.has(key)) continue;
    fail_input(
        std::string(key) + " has no meaning here: scheme `" + out.scheme + "` takes no such thing",
        in.where(key), std::string("remove ") + key);
  }
  out.folds_given = in.has("folds");
  out.parts = {
      .tolerance = in.number("tolerance"), .column = in.text("column"), .bins = in.count("bins")};
  if (in.has("test")) out.parts.test = in.number("test");
  if (in.has("threshold")) out.parts.threshold = in.number("threshold");
  if (in.has("clusters")) out.parts.clusters = in.count("clusters");
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
    fail_input(
        "an overlap series needs an `entity`", in.where("scheme"),
        "say whose similarity is to fall: `entity: drug`, `cell`, `ligand` or `perturbation`");
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

}  // namespace

SplitSpec read_split(const SectionReader& in, const std::vector<std::string>& names,
                     const std::string& source) {
  SplitSpec out;
  read_scheme(in, source, out);
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
  read_folds(in, source, out);
  read_parts(in, out);
  for (const char* key : kOverlapKeys) {
    if (!in.has(key)) continue;
    fail_input(std::string(key) + " has no meaning here: it belongs to scheme `overlap`",
               in.where(key), "remove it, or write `scheme: overlap`");
  }
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
