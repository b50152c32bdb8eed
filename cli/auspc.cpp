// cupel auspc: areas under spectral performance curves from a table of points, and their
// differences.
#include "stat/auspc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "json_out.hpp"
#include "study/schema.hpp"

namespace cupel::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Flags {
  std::string file;
  std::string x;
  std::string value;
  std::string model;
  std::string repeat;
  std::string axis = "x";
  std::string range;
  std::string baseline;
  std::string deployment;
  bool lower_is_better = false;
};

struct Points {
  std::string model;
  std::vector<double> x;
  std::vector<double> value;
  std::vector<std::string> repeat;
  std::size_t n_undefined = 0;
};

/// The range of the axis that an area is meant to cover.
struct Wanted {
  double low = kNaN;
  double high = kNaN;
};

const std::vector<std::string> kXNames{
    "x",         "parameter", "lambda",  "lambda_param", "spectral_parameter",
    "threshold", "distance",  "overlap", "novelty",      "cross_split_overlap",
    "cso"};
const std::vector<std::string> kValueNames{"value",    "performance", "score", "metric_value", "y",
                                           "auc_mean", "auroc",       "mse",   "rmse"};
const std::vector<std::string> kModelNames{"model", "predictor", "method"};
const std::vector<std::string> kRepeatNames{"repeat", "number", "replicate", "seed"};

/// The column that was named, or the first of the usual names that is there.
const Column* choose(const Table& table, const std::string& given,
                     const std::vector<std::string>& usual) {
  if (!given.empty()) return &table.at(given);
  for (const auto& name : usual) {
    if (const Column* found = table.find(name)) return found;
  }
  return nullptr;
}

const Column& choose_number(const Table& table, const std::string& given,
                            const std::vector<std::string>& usual, const std::string& flag) {
  const Column* column = choose(table, given, usual);
  if (column == nullptr) {
    std::vector<std::string> there;
    for (const auto& one : table.columns) there.push_back(one.name);
    fail_input("which column is " + flag + "?", {.file = table.source},
               "give " + flag + " COLUMN; columns: " + join(there, ", "));
  }
  if (column->type == ColumnType::text) {
    fail_input("the column does not hold numbers alone",
               {.file = table.source,
                .row = table.line(0),
                .column_name = column->name,
                .value = table.n_rows > 0 ? column->as_text(0) : ""},
               "name another column with " + flag + ", or repair the cells");
  }
  return *column;
}

std::vector<Points> read_points(const Flags& flags, const Session& session) {
  const Table table = read_csv(flags.file, {}, session.context);
  const Column& x = choose_number(table, flags.x, kXNames, "--x");
  const Column& value = choose_number(table, flags.value, kValueNames, "--value");
  const Column* model = choose(table, flags.model, kModelNames);
  const Column* repeat = choose(table, flags.repeat, kRepeatNames);
  std::vector<Points> all;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const std::string name = model == nullptr ? "" : model->as_text(row);
    auto found = std::ranges::find(all, name, &Points::model);
    if (found == all.end()) found = all.insert(all.end(), Points{.model = name});
    if (std::isnan(x.as_number(row)) || std::isnan(value.as_number(row))) {
      ++found->n_undefined;
      continue;
    }
    found->x.push_back(x.as_number(row));
    found->value.push_back(value.as_number(row));
    found->repeat.push_back(repeat == nullptr ? "" : repeat->as_text(row));
  }
  if (all.empty()) fail_input("there are no points", {.file = flags.file}, "one row per point");
  return all;
}

Wanted ends(const std::vector<Points>& all) {
  Wanted out;
  for (const auto& points : all) {
    for (const double x : points.x) {
      out.low = std::isnan(out.low) ? x : std::min(out.low, x);
      out.high = std::isnan(out.high) ? x : std::max(out.high, x);
    }
  }
  return out;
}

/// Turns x into the axis asked for.
void set_axis(std::vector<Points>& all, const std::string& axis) {
  const Wanted whole = ends(all);
  const double width = whole.high - whole.low;
  for (auto& points : all) {
    for (double& x : points.x) {
      if (axis == "minmax" || axis == "1-minmax") x = (x - whole.low) / width;
      if (axis == "1-x" || axis == "1-minmax") x = 1.0 - x;
    }
  }
}

Wanted parse_range(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto low = parse_number(text.substr(0, colon));
  const auto high =
      colon == std::string::npos ? std::nullopt : parse_number(text.substr(colon + 1));
  if (!low || !high || !(*low < *high)) {
    fail(ErrorKind::usage, "--range wants two numbers, the lower first, not \"" + text + "\"", {},
         "for example --range 0:0.7");
  }
  return {*low, *high};
}

void keep_range(std::vector<Points>& all, const Wanted& wanted) {
  for (auto& points : all) {
    Points kept{.model = points.model, .n_undefined = points.n_undefined};
    for (std::size_t i = 0; i < points.x.size(); ++i) {
      if (points.x[i] < wanted.low || points.x[i] > wanted.high) continue;
      kept.x.push_back(points.x[i]);
      kept.value.push_back(points.value[i]);
      kept.repeat.push_back(points.repeat[i]);
    }
    points = std::move(kept);
  }
}

struct Area {
  std::string model;
  std::vector<SpcPoint> points;
  Auspc area;
  bool is_partial = false;
  std::size_t n_undefined = 0;
};

Area area_of(const Points& points, const Wanted& wanted) {
  Area out{.model = points.model,
           .points = mean_points(points.x, points.value),
           .n_undefined = points.n_undefined};
  out.area = auspc(out.points);
  out.is_partial = !(out.area.x_low <= wanted.low && out.area.x_high >= wanted.high);
  return out;
}

struct Difference {
  std::string model;
  std::string against;
  bool is_paired = false;  ///< repeats of the same number share a split
  Auspc area;              ///< of the differences, positive = `model` is better
  std::size_t n_shared = 0;
};

/// The area of the differences on the places that both have. Repeats with the same label are
/// paired; where labels do not match one to one, errors of the means are added in quadrature.
Difference difference_of(const Points& model, const Points& against, double sign) {
  Difference out{.model = model.model, .against = against.model};
  std::vector<double> x;
  std::vector<double> value;
  std::size_t n_matched = 0;
  for (std::size_t i = 0; i < model.x.size(); ++i) {
    std::size_t n_same = 0;
    double other = kNaN;
    for (std::size_t j = 0; j < against.x.size(); ++j) {
      if (against.x[j] != model.x[i] || against.repeat[j] != model.repeat[i]) continue;
      ++n_same;
      other = against.value[j];
    }
    if (n_same != 1) continue;
    ++n_matched;
    x.push_back(model.x[i]);
    value.push_back(sign * (model.value[i] - other));
  }
  const auto mine = mean_points(model.x, model.value);
  const auto theirs = mean_points(against.x, against.value);
  out.is_paired = n_matched == model.x.size() && n_matched == against.x.size();
  std::vector<SpcPoint> points;
  if (out.is_paired) {
    points = mean_points(x, value);
  } else {
    for (const auto& point : mine) {
      const auto other = std::ranges::find(theirs, point.x, &SpcPoint::x);
      if (other == theirs.end()) continue;
      points.push_back({.x = point.x,
                        .value = sign * (point.value - other->value),
                        .standard_error = std::hypot(point.standard_error, other->standard_error),
                        .n_repeats = std::min(point.n_repeats, other->n_repeats)});
    }
  }
  out.n_shared = points.size();
  out.area = auspc(points);
  return out;
}

std::vector<Difference> differences(const std::vector<Points>& all, double sign) {
  std::vector<Difference> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      out.push_back(difference_of(all[i], all[j], sign));
    }
  }
  return out;
}

/// PertEval-scFM's delta-AUSPC: areas subtracted, errors in quadrature, positive = better than the
/// baseline.
struct Delta {
  std::string model;
  double value = kNaN;
  double standard_error = kNaN;
  double standard_error_perteval = kNaN;
};

std::vector<Delta> deltas(const std::vector<Area>& areas, const std::string& baseline,
                          double sign) {
  std::vector<std::string> names;
  for (const auto& area : areas) names.push_back(area.model);
  const auto bar = std::ranges::find(areas, baseline, &Area::model);
  if (bar == areas.end()) {
    fail(ErrorKind::usage, "no points of the baseline \"" + baseline + "\"", {},
         "models: " + join(names, ", "));
  }
  std::vector<Delta> out;
  for (const auto& one : areas) {
    if (&one == &*bar) continue;
    out.push_back({.model = one.model,
                   .value = sign * (one.area.area - bar->area.area),
                   .standard_error = std::hypot(one.area.standard_error, bar->area.standard_error),
                   .standard_error_perteval = std::hypot(one.area.standard_error_perteval,
                                                         bar->area.standard_error_perteval)});
  }
  return out;
}

/// AU-GOOD of one model: x are the thresholds of similarity.
AuGood au_good_of(const Area& area, std::span<const double> deployment) {
  std::vector<double> thresholds;
  std::vector<double> performance;
  for (const auto& point : area.points) {
    thresholds.push_back(point.x);
    performance.push_back(point.value);
  }
  return au_good(thresholds, performance, deployment);
}

std::vector<double> read_deployment(const std::string& file, const Session& session) {
  const Table table = read_csv(file, {}, session.context);
  const Column& column =
      choose_number(table, "", {"similarity", "nearest_similarity", "value", "x"}, "similarity");
  std::vector<double> out;
  for (std::size_t row = 0; row < table.n_rows; ++row) out.push_back(column.as_number(row));
  return out;
}

struct Answer {
  Wanted wanted;
  std::vector<Area> areas;
  std::vector<Difference> differences;
  std::vector<Delta> deltas;
  std::vector<AuGood> au_good;  ///< as areas; empty = not asked for
};

std::string as_json(const Answer& answer, const Flags& flags) {
  JsonOut out;
  out.text("axis", flags.axis).boolean("lower_is_better", flags.lower_is_better);
  out.number("range_low", answer.wanted.low).number("range_high", answer.wanted.high);
  std::vector<JsonOut> areas;
  for (std::size_t i = 0; i < answer.areas.size(); ++i) {
    const Area& one = answer.areas[i];
    JsonOut part = JsonOut::part();
    part.text("model", one.model).number("auspc", one.area.area);
    part.number("normalised", one.area.normalised);
    part.number("standard_error", one.area.standard_error);
    part.number("standard_error_perteval", one.area.standard_error_perteval);
    part.number("x_low", one.area.x_low).number("x_high", one.area.x_high);
    part.number("n_points", static_cast<double>(one.area.n_points));
    part.boolean("is_partial", one.is_partial);
    part.number("n_undefined", static_cast<double>(one.n_undefined));
    if (!answer.au_good.empty()) {
      part.number("au_good", answer.au_good[i].value);
      part.number("au_good_n_above", static_cast<double>(answer.au_good[i].n_above));
    }
    std::vector<JsonOut> points;
    for (const auto& point : one.points) {
      JsonOut place = JsonOut::part();
      place.number("x", point.x).number("value", point.value);
      place.number("standard_error", point.standard_error);
      place.number("n_repeats", static_cast<double>(point.n_repeats));
      points.push_back(std::move(place));
    }
    part.objects("points", points);
    areas.push_back(std::move(part));
  }
  if (answer.areas.size() == 1) out.number("auspc", answer.areas.front().area.area);
  out.objects("areas", areas);
  std::vector<JsonOut> differences;
  for (const auto& one : answer.differences) {
    JsonOut part = JsonOut::part();
    part.text("model", one.model).text("against", one.against).number("gain", one.area.area);
    part.number("gain_normalised", one.area.normalised);
    part.number("standard_error", one.area.standard_error).boolean("is_paired", one.is_paired);
    part.number("x_low", one.area.x_low).number("x_high", one.area.x_high);
    part.number("n_points", static_cast<double>(one.n_shared));
    differences.push_back(std::move(part));
  }
  out.objects("differences", differences);
  std::vector<JsonOut> deltas;
  for (const auto& one : answer.deltas) {
    JsonOut part = JsonOut::part();
    part.text("model", one.model).text("baseline", flags.baseline);
    part.number("delta_auspc", one.value).number("standard_error", one.standard_error);
    part.number("standard_error_perteval", one.standard_error_perteval);
    deltas.push_back(std::move(part));
  }
  if (!flags.baseline.empty()) out.objects("delta_auspc", deltas);
  return out.dump();
}

/// "-" where there is no value.
std::string cell(double value, int digits, const char* sign = "") {
  if (std::isnan(value)) return "-";
  return fmt::format(fmt::runtime(fmt::format("{{:{}.{}g}}", sign, digits)), value);
}

std::string as_text(const Answer& answer, const Flags& flags) {
  std::size_t width = 5;
  for (const auto& one : answer.areas) width = std::max(width, one.model.size());
  std::string out = fmt::format("{:<{}}  {:>10} {:>10} {:>9} {:>9}  {}\n", "model", width, "AUSPC",
                                "per unit x", "SE", "SE (d/2)", "range of x, points");
  for (const auto& one : answer.areas) {
    out += fmt::format("{:<{}}  {:>10} {:>10} {:>9} {:>9}  {} to {}, {}{}\n", one.model, width,
                       cell(one.area.area, 6), cell(one.area.normalised, 6),
                       cell(one.area.standard_error, 3), cell(one.area.standard_error_perteval, 3),
                       cell(one.area.x_low, 6), cell(one.area.x_high, 6), one.area.n_points,
                       one.is_partial ? "  PARTIAL" : "");
  }
  for (std::size_t i = 0; i < answer.au_good.size(); ++i) {
    out += fmt::format("AU-GOOD of {}: {:.6g} ({} deployment items above the last threshold)\n",
                       answer.areas[i].model, answer.au_good[i].value, answer.au_good[i].n_above);
  }
  for (const auto& one : answer.differences) {
    out += fmt::format("{} against {}: {}, SE {} ({} on {} shared points)\n", one.model,
                       one.against, cell(one.area.area, 4, "+"), cell(one.area.standard_error, 2),
                       one.is_paired ? "paired" : "not paired", one.n_shared);
  }
  for (const auto& one : answer.deltas) {
    out += fmt::format("delta-AUSPC of {} to {}: {}, SE {} (PertEval's: {})\n", one.model,
                       flags.baseline, cell(one.value, 4, "+"), cell(one.standard_error, 2),
                       cell(one.standard_error_perteval, 2));
  }
  if (std::ranges::any_of(answer.areas, &Area::is_partial)) {
    out += fmt::format(
        "PARTIAL: the points do not span {:g} to {:g}; such an area is comparable with others "
        "only per unit of x, and only as far as it goes.\n",
        answer.wanted.low, answer.wanted.high);
  }
  return out;
}

int run(const Flags& flags, Session& session) {
  std::vector<Points> all = read_points(flags, session);
  set_axis(all, flags.axis);
  Answer answer{.wanted = flags.range.empty() ? ends(all) : parse_range(flags.range)};
  if (!flags.range.empty()) keep_range(all, answer.wanted);
  const double sign = flags.lower_is_better ? -1.0 : 1.0;
  for (const auto& points : all) answer.areas.push_back(area_of(points, answer.wanted));
  answer.differences = differences(all, sign);
  if (!flags.baseline.empty()) answer.deltas = deltas(answer.areas, flags.baseline, sign);
  if (!flags.deployment.empty()) {
    const auto deployment = read_deployment(flags.deployment, session);
    for (const auto& area : answer.areas) answer.au_good.push_back(au_good_of(area, deployment));
  }
  session.print(session.json ? as_json(answer, flags) : as_text(answer, flags));
  return 0;
}

}  // namespace

Run define_auspc(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel auspc points.csv");
  arguments.example("cupel auspc results.csv --x lambda_param --value auc_mean --json");
  arguments.example(
      "cupel auspc mse.csv --x lambda --value mse --lower-is-better --baseline mean --range 0:0.7");
  arguments.description(
      "Area under the spectral performance curve (trapezoid over the means of repeats) per model,\n"
      "with its standard error, and paired differences. Differences: positive = better.");
  arguments.positional("POINTS", flags->file,
                       "Table with a row per point: model (optional), x, value, repeat (optional)");
  arguments.option("--x", flags->x, "Column of the place on the axis", {.placeholder = "COLUMN"});
  arguments.option("--value", flags->value, "Column of the performance", {.placeholder = "COLUMN"});
  arguments.option("--model", flags->model, "Column of the model", {.placeholder = "COLUMN"});
  arguments.option("--repeat", flags->repeat, "Column of the repeat; equal repeats are paired",
                   {.placeholder = "COLUMN"});
  arguments.option("--axis", flags->axis,
                   "x as given (default), 1-x, minmax (scaled to 0..1), 1-minmax (SPECTRAagent)",
                   {.allowed = {"x", "1-x", "minmax", "1-minmax"}});
  arguments.option("--range", flags->range, "Part of the axis that the area is to cover",
                   {.placeholder = "LOW:HIGH"});
  arguments.option("--baseline", flags->baseline,
                   "Model to subtract: PertEval-scFM's delta-AUSPC, errors in quadrature",
                   {.placeholder = "MODEL"});
  arguments.option("--deployment", flags->deployment,
                   "Similarities in deployment (column similarity): adds AU-GOOD",
                   {.placeholder = "FILE", .is_file = true});
  arguments.flag("--lower-is-better", flags->lower_is_better, "The value is an error");
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
