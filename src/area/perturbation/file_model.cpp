#include "area/perturbation/file_model.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "area/perturbation/labels.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "data/profiles.hpp"
#include "io/csv.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::uint32_t kNone = CellGroups::kNoGroup;
constexpr double kOtherScale = 3.0;

/// What is predicted for one (split, fold): "" = any.
struct Part {
  std::string split;
  std::string fold;
  std::map<std::uint32_t, std::size_t> row_of_sample;  ///< row of `profiles`
};

class FileModel final : public Predictor {
 public:
  FileModel(PredictorInfo info, Matrix<double> profiles, std::vector<Part> parts,
            Diagnostics diagnostics)
      : info_(std::move(info)),
        profiles_(std::move(profiles)),
        parts_(std::move(parts)),
        diagnostics_(std::move(diagnostics)) {}

  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest& request,
                                            const Context& /*context*/) const override {
    return std::make_unique<OfFold>(*this, request.split);
  }

 private:
  class OfFold final : public Fitted {
   public:
    OfFold(const FileModel& model, const Split& split) : model_(model), part_(model.find(split)) {}

    [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                     const Context& /*context*/) const override {
      const std::size_t n = data.n_outputs();
      Prediction out{.values = std::vector<double>(rows.size() * n, kUndefined),
                     .diagnostics = model_.diagnostics_};
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto found = part_ == nullptr ? std::map<std::uint32_t, std::size_t>::const_iterator{}
                                            : part_->row_of_sample.find(rows[i]);
        if (part_ == nullptr || found == part_->row_of_sample.end()) {
          const Entity& entity = data.entity("perturbation");
          out.diagnostics.add("prediction_missing", Severity::warning,
                              "test profiles without a prediction",
                              entity.ids[entity.code_of_sample[rows[i]]]);
          continue;
        }
        std::ranges::copy(model_.profiles_.row(found->second),
                          out.values.begin() + static_cast<std::ptrdiff_t>(i * n));
      }
      return out;
    }

   private:
    const FileModel& model_;
    const Part* part_;
  };

  [[nodiscard]] const Part* find(const Split& split) const {
    const std::string fold = std::to_string(split.fold);
    for (const auto& part : parts_) {
      const bool fits_split = part.split.empty() || part.split == split.name;
      if (fits_split && (part.fold.empty() || part.fold == fold)) return &part;
    }
    return nullptr;
  }

  PredictorInfo info_;
  Matrix<double> profiles_;
  std::vector<Part> parts_;
  Diagnostics diagnostics_;
};

/// Options as text, each used once.
class FileOptions {
 public:
  explicit FileOptions(const ModelSpec& spec) : model_(spec.name), given_(spec.options) {}

  std::string take(const std::string& key, const std::string& otherwise) {
    known_.push_back(key);
    const auto found = given_.find(key);
    const std::string value = found == given_.end() ? otherwise : found->second;
    canonical_ += key + "=" + value + ";";
    return value;
  }
  void finish() const {
    for (const auto& [key, value] : given_) {
      if (contains(known_, key)) continue;
      const std::string near = nearest_word(key, known_);
      fail_input("model \"" + model_ + "\" has an unknown option \"" + key + "\"", {},
                 (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                     "options of a file of predictions: " + join(known_, ", "));
    }
  }
  [[nodiscard]] const std::string& canonical() const { return canonical_; }

 private:
  std::string model_;
  std::map<std::string, std::string> given_;
  std::vector<std::string> known_;
  std::string canonical_;
};

class Reader {
 public:
  Reader(const ModelSpec& spec, const LoadedData& loaded, const CellFile& cells,
         const std::string& base_folder, const CatalogueOptions& catalogue, const Context& context)
      : spec_(spec), data_(loaded.data), cells_(cells), options_(spec), context_(context) {
    is_change_ = read_values();
    matrix_ = options_.take("matrix", "X");
    const std::string normalize = options_.take("normalize", "none");
    transform_ = parse_transform(normalize, parse_log1p());
    kind_ = parse_pseudobulk(options_.take("pseudobulk", "mean"));
    bulk_target_ = parse_number(options_.take("bulk_target", "50000"));
    rules_.control = options_.take("control", data_.profiles->control);
    rules_.separators = parse_separators(options_.take("separator", "+"));
    const std::string map = options_.take("guide_map", "");
    if (!map.empty()) {
      rules_.guide_target =
          guide_targets(read_csv(resolve_file(map, base_folder, catalogue), {}, context));
    }
    options_.finish();
  }

  std::unique_ptr<Predictor> read(PredictorInfo info) {
    group_cells();
    PseudobulkOptions options;
    options.transform = transform_;
    options.variance = false;
    const Pseudobulk bulk =
        accumulate(cells_.matrix(matrix_), {keys_.size(), code_}, options, context_);
    const Matrix<double> of_file = cupel::perturbation::profiles_of(bulk.all, kind_, bulk_target_);
    Matrix<double> profiles = by_gene(of_file);
    check_scale(profiles);
    info.parameters += options_.canonical();
    return std::make_unique<FileModel>(std::move(info), std::move(profiles), make_parts(),
                                       std::move(diagnostics_));
  }

 private:
  struct Key {
    std::string split;
    std::string fold;
    std::uint32_t sample = 0;
    auto operator<=>(const Key&) const = default;
  };

  bool read_values() {
    const std::string values = options_.take("values", "expression");
    if (values == "change" || values == "expression") return values == "change";
    fail_input("model \"" + spec_.name + "\": values is \"" + values + "\"", {},
               "write expression (profiles) or change (profiles minus the context's control)");
  }
  bool parse_log1p() {
    const std::string text = options_.take("log1p", "false");
    if (text == "true" || text == "false") return text == "true";
    fail_input("model \"" + spec_.name + "\": log1p is \"" + text + "\"", {},
               "write true or false");
  }
  double parse_number(const std::string& text) const {
    try {
      return std::stod(text);
    } catch (const std::exception&) {
      fail_input("model \"" + spec_.name + "\": \"" + text + "\" is not a number");
    }
  }

  [[nodiscard]] std::string column(const std::string& role) const {
    const auto found = spec_.columns.find(role);
    return found == spec_.columns.end() ? "" : found->second;
  }
  [[nodiscard]] bool has_column(const std::string& name) const {
    return std::ranges::any_of(cells_.obs().columns,
                               [&](const Column& c) { return c.name == name; });
  }

  /// Column of a role; "" where the file has none and need not have one.
  [[nodiscard]] std::string find_column(const std::string& role, bool is_needed) const {
    for (const auto& name : {column(role), role}) {
      if (!name.empty() && has_column(name)) return name;
    }
    if (!is_needed) return "";
    std::vector<std::string> names;
    for (const auto& known : cells_.obs().columns) names.push_back(known.name);
    fail_input("the predictions of \"" + spec_.name + "\" have no column for the " + role,
               {.file = cells_.source()},
               "name it (`columns: {" + role + ": COLUMN}`); columns: " + join(names, ", "));
  }

  /// A (split, fold, sample) for every cell.
  void group_cells() {
    const Entity& perturbations = data_.entity("perturbation");
    const Entity& contexts = data_.entity("context");
    const Categories labels = cells_.obs_categories(find_column("perturbation", true));
    const std::string context_column = find_column("context", contexts.ids.size() > 1);
    const std::string split_column =
        spec_.columns.contains("split") ? find_column("split", true) : "";
    const std::string fold_column = spec_.columns.contains("fold") ? find_column("fold", true) : "";
    const auto categories = [&](const std::string& name) {
      return name.empty() ? Categories{} : cells_.obs_categories(name);
    };
    const Categories in_context = categories(context_column);
    const Categories in_split = categories(split_column);
    const Categories in_fold = categories(fold_column);
    const auto level = [](const Categories& of, std::size_t cell) -> std::string {
      if (of.code.empty() || of.code[cell] == Categories::kMissing) return "";
      return of.levels[of.code[cell]];
    };
    std::map<std::pair<std::string, std::string>, std::uint32_t> sample_of;
    for (std::uint32_t s = 0; s < data_.n_samples(); ++s) {
      sample_of[{perturbations.ids[perturbations.code_of_sample[s]],
                 contexts.ids[contexts.code_of_sample[s]]}] = s;
    }
    std::vector<ParsedLabel> parsed;
    for (const auto& text : labels.levels) parsed.push_back(parse_label(text, rules_));
    std::map<Key, std::uint32_t> group;
    code_.assign(cells_.n_cells(), kNone);
    for (std::size_t cell = 0; cell < cells_.n_cells(); ++cell) {
      if (labels.code[cell] == Categories::kMissing) {
        count("prediction_without_label", "rows of the predictions have no perturbation", "");
        continue;
      }
      const ParsedLabel& label = parsed[labels.code[cell]];
      if (label.kind == ParsedLabel::Kind::control) {
        diagnostics_.add("control_in_predictions", Severity::note,
                         "control cells of the predictions were not used: the data's own are", "");
        continue;
      }
      const std::string where =
          context_column.empty() ? contexts.ids.front() : level(in_context, cell);
      const auto found = sample_of.find({label.id, where});
      if (found == sample_of.end()) {
        diagnostics_.add(
            "prediction_for_other_row", Severity::note,
            "predictions for perturbations that are no sample of the data were not used",
            labels.levels[labels.code[cell]] + (context_column.empty() ? "" : " @ " + where));
        continue;
      }
      const Key key{level(in_split, cell), level(in_fold, cell), found->second};
      const auto [known, is_new] = group.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
      if (is_new) keys_.push_back(key);
      code_[cell] = known->second;
    }
    if (!keys_.empty()) return;
    fail_input("no prediction of \"" + spec_.name + "\" is for a sample of the data",
               {.file = cells_.source()},
               "compare its labels with those of the data: " + first_labels(labels));
  }

  [[nodiscard]] std::string first_labels(const Categories& labels) const {
    std::vector<std::string> mine(
        labels.levels.begin(),
        labels.levels.begin() +
            static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, labels.levels.size())));
    const auto& ids = data_.entity("perturbation").ids;
    const std::vector<std::string> theirs(
        ids.begin(),
        ids.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, ids.size())));
    return join(mine, ", ") + " against " + join(theirs, ", ");
  }

  void count(const char* code, const char* message, const std::string& example) {
    diagnostics_.add(code, Severity::warning, message, example);
  }

  /// Genes of the data; those that the file lacks stay at the control's level.
  Matrix<double> by_gene(const Matrix<double>& of_file) {
    const auto& names =
        matrix_ == "raw" || matrix_ == "raw/X" ? cells_.raw_gene_ids() : cells_.gene_ids();
    std::map<std::string_view, std::size_t> place;
    for (std::size_t g = 0; g < names.size(); ++g) place.emplace(names[g], g);
    const Entity& contexts = data_.entity("context");
    Matrix<double> out(of_file.rows, data_.n_outputs());
    std::size_t n_found = 0;
    for (std::size_t g = 0; g < data_.n_outputs(); ++g) {
      const auto found = place.find(data_.output_names[g]);
      if (found == place.end()) {
        diagnostics_.add(
            "gene_without_prediction", Severity::serious,
            "genes of the data are missing in the predictions: they were taken to stay "
            "at the control's level",
            data_.output_names[g]);
      } else {
        ++n_found;
      }
      for (std::size_t r = 0; r < out.rows; ++r) {
        const double control =
            data_.profiles->controls(contexts.code_of_sample[keys_[r].sample], g);
        if (found == place.end()) {
          out(r, g) = control;
        } else {
          out(r, g) = of_file(r, found->second) + (is_change_ ? control : 0.0);
        }
      }
    }
    if (n_found == 0) {
      fail_input("no gene of the data is among those of the predictions of \"" + spec_.name + "\"",
                 {.file = cells_.source()},
                 "first ones there: " + (names.empty() ? std::string("none") : names.front()) +
                     "; in the data: " + data_.output_names.front());
    }
    return out;
  }

  /// Profiles of another scale: raw counts beside logarithms.
  void check_scale(const Matrix<double>& profiles) {
    const auto largest = [](const std::vector<double>& values) {
      double most = 0.0;
      for (const double value : values) {
        if (std::isfinite(value)) most = std::max(most, std::abs(value));
      }
      return most;
    };
    const double mine = largest(profiles.values);
    const double theirs = largest(data_.targets.values);
    if (mine <= kOtherScale * theirs) return;
    diagnostics_.add(
        "predictions_on_another_scale", Severity::serious,
        "predicted values go far beyond the measured ones: they look like another scale "
        "(give `options: {normalize: ..., log1p: true}`)",
        format_double(mine) + " against " + format_double(theirs));
  }

  [[nodiscard]] std::vector<Part> make_parts() const {
    std::vector<Part> parts;
    for (std::size_t r = 0; r < keys_.size(); ++r) {
      const Key& key = keys_[r];
      auto part = std::ranges::find_if(
          parts, [&](const Part& p) { return p.split == key.split && p.fold == key.fold; });
      if (part == parts.end()) {
        parts.push_back({.split = key.split, .fold = key.fold, .row_of_sample = {}});
        part = parts.end() - 1;
      }
      part->row_of_sample[key.sample] = r;
    }
    return parts;
  }

  const ModelSpec& spec_;
  const Dataset& data_;
  const CellFile& cells_;
  FileOptions options_;
  const Context& context_;
  bool is_change_ = false;
  std::string matrix_;
  CellTransform transform_;
  PseudobulkKind kind_ = PseudobulkKind::mean;
  double bulk_target_ = 5e4;
  LabelRules rules_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> code_;
  Diagnostics diagnostics_;
};

}  // namespace

std::unique_ptr<Predictor> make_file_model(const ModelSpec& spec, const LoadedData& loaded,
                                           const std::string& base_folder,
                                           const CatalogueOptions& catalogue,
                                           const Information& sees, std::vector<InputFile>& inputs,
                                           const Context& context) {
  const auto path = resolve_file(spec.predictions, base_folder, catalogue);
  const auto cells = open_cells(path, context);
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  const std::string sha256 = is_folder ? "" : sha256_file(path);
  if (!is_folder) {
    inputs.push_back({.role = "predictions of " + spec.name,
                      .file = spec.predictions,
                      .sha256 = sha256,
                      .bytes = std::filesystem::file_size(path, ignored)});
  }
  std::string columns;
  for (const auto& [role, name] : spec.columns) columns += role + "=" + name + ";";
  return Reader(spec, loaded, *cells, base_folder, catalogue, context)
      .read({.name = spec.name,
             .title = spec.title.empty() ? spec.name : spec.title,
             .rung = Rung::model,
             .sees = spec.sees.empty() ? sees : Information(spec.sees.begin(), spec.sees.end()),
             .is_model = true,
             .description = "Predictions read from " + spec.predictions + ".",
             .fallback = "A sample without a prediction is missing.",
             .parameters = "sha256=" + sha256 + ";" + columns});
}

}  // namespace cupel::perturbation
