#include "study/command_predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <sstream>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "simd/packed_bits.hpp"
#include "study/prediction_rows.hpp"
#include "study/subprocess.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownLines = 12;
constexpr std::uintmax_t kMaxHashedFile = 64ULL << 20U;

/// Letters that are safe in file names everywhere.
std::string file_name(std::string text) {
  for (char& c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    if (!good) c = '_';
  }
  return text;
}

/// A ligand is its molecule: programs get it in every row.
const LabelBlock* molecules_of(const Dataset& data) {
  const Entity* ligand = data.find_entity("ligand");
  return ligand == nullptr ? nullptr : ligand->find_label("smiles");
}

void write_rows(const fs::path& path, const Dataset& data, std::span<const std::uint32_t> rows,
                bool with_target) {
  const LabelBlock* smiles = molecules_of(data);
  CsvWriter csv;
  csv.text("row");
  for (const auto& entity : data.entities) csv.text(entity.name);
  if (smiles != nullptr) csv.text("smiles");
  if (with_target) csv.text("target");
  csv.end_row();
  for (const std::uint32_t row : rows) {
    csv.integer(static_cast<std::int64_t>(data.source_row[row]));
    for (const auto& entity : data.entities) csv.text(entity.ids[entity.code_of_sample[row]]);
    if (smiles != nullptr) {
      csv.text(smiles->levels[smiles->code[data.entities.front().code_of_sample[row]]]);
    }
    if (with_target) csv.number(data.target(row));
    csv.end_row();
  }
  csv.save(path);
}

std::size_t width_of(const FeatureBlock& block) {
  return block.bits ? block.bits->n_bits : block.values.cols;
}

double value_at(const FeatureBlock& block, std::size_t id, std::size_t feature) {
  if (block.bits) return block.bits->test(id, feature) ? 1.0 : 0.0;
  return static_cast<double>(block.values(id, feature));
}

/// Ids, labels and features of an entity; features are named BLOCK.FEATURE.
void write_entity(const fs::path& path, const Entity& entity) {
  CsvWriter csv;
  csv.text(entity.name);
  for (const auto& label : entity.labels) csv.text(label.name);
  for (const auto& block : entity.features) {
    for (std::size_t j = 0; j < width_of(block); ++j) {
      csv.text(block.name + "." +
               (j < block.feature_names.size() ? block.feature_names[j] : std::to_string(j)));
    }
  }
  csv.end_row();
  for (std::size_t i = 0; i < entity.ids.size(); ++i) {
    csv.text(entity.ids[i]);
    for (const auto& label : entity.labels) {
      label.code[i] == LabelBlock::kUnknown ? csv.missing() : csv.text(label.levels[label.code[i]]);
    }
    for (const auto& block : entity.features) {
      for (std::size_t j = 0; j < width_of(block); ++j) {
        block.present[i] == 0 ? csv.missing() : csv.number(value_at(block, i, j));
      }
    }
    csv.end_row();
  }
  csv.save(path);
}

/// What all trials of one model share.
struct Command {
  ModelSpec spec;
  fs::path base_folder;
  fs::path work;
  mutable std::mutex mutex;
  mutable bool entities_written = false;

  [[nodiscard]] bool uses(const std::string& word) const {
    return spec.command.find(word) != std::string::npos;
  }
  fs::path entity_file(const std::string& plural) const { return work / (plural + ".csv"); }
  void write_entities(const Dataset& data) const {
    const std::lock_guard lock(mutex);
    if (entities_written) return;
    for (const auto& entity : data.entities) {
      if (uses("{" + entity.name + "s}")) write_entity(entity_file(entity.name + "s"), entity);
    }
    entities_written = true;
  }
};

class FittedCommand final : public Fitted {
 public:
  FittedCommand(const Command& command, const FitRequest& request)
      : command_(command),
        train_(request.train.begin(), request.train.end()),
        validation_(request.validation.begin(), request.validation.end()),
        split_(request.split),
        seed_(request.seed) {}

  [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                   const Context& context) const override {
    const fs::path folder = prepare(data, rows);
    const std::string command = fill_template(
        command_.spec.command, {{"train", shell_quote((folder / "train.csv").string())},
                                {"validation", shell_quote((folder / "validation.csv").string())},
                                {"test", shell_quote((folder / "test.csv").string())},
                                {"out", shell_quote((folder / "out.csv").string())},
                                {"drugs", shell_quote(command_.entity_file("drugs").string())},
                                {"items", shell_quote(command_.entity_file("items").string())},
                                {"ligands", shell_quote(command_.entity_file("ligands").string())},
                                {"cells", shell_quote(command_.entity_file("cells").string())},
                                {"seed", std::to_string(seed_)},
                                {"fold", std::to_string(split_.fold)},
                                {"split", shell_quote(split_.name)}});
    write_file_atomic(folder / "command.txt", command + "\n");
    const ShellResult result = run_shell(command,
                                         {.folder = command_.base_folder,
                                          .output_file = folder / "stdout.txt",
                                          .error_file = folder / "stderr.txt",
                                          .timeout_s = command_.spec.timeout_s},
                                         context);
    check_result(result, folder);
    return read_output(data, rows, folder, context);
  }

 private:
  fs::path prepare(const Dataset& data, std::span<const std::uint32_t> rows) const {
    const fs::path folder =
        command_.work / file_name(split_.name + "-r" + std::to_string(split_.repeat) + "-f" +
                                  std::to_string(split_.fold) + "-s" + std::to_string(seed_) + "-" +
                                  split_.sha256().substr(0, 12));
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
      fail(ErrorKind::io, "cannot make the folder for a command's files: " + error.message(),
           {.file = folder.string()});
    }
    remove_partial_files(folder);
    fs::remove(folder / "out.csv", error);
    command_.write_entities(data);
    write_rows(folder / "train.csv", data, train_, true);
    if (command_.uses("{validation}")) {
      write_rows(folder / "validation.csv", data, validation_, true);
    }
    write_rows(folder / "test.csv", data, rows, false);
    return folder;
  }

  [[nodiscard]] std::string trial_text() const {
    return "model \"" + command_.spec.name + "\" (split " + split_.name + ", fold " +
           std::to_string(split_.fold) + ", seed " + std::to_string(seed_) + ")";
  }

  [[noreturn]] void stop(const std::string& what, const fs::path& folder) const {
    const std::string tail = last_lines(folder / "stderr.txt", kShownLines);
    fail_input("the command of " + trial_text() + " " + what,
               {.file = (folder / "stderr.txt").string()},
               (tail.empty() ? std::string("it wrote nothing to stderr; ")
                             : "the end of what it wrote to stderr:\n" + tail + "\n  ") +
                   "run it by hand: sh " + shell_quote((folder / "command.txt").string()) + " in " +
                   shell_quote(command_.base_folder.string()));
  }

  void check_result(const ShellResult& result, const fs::path& folder) const {
    if (result.timed_out) {
      stop("was stopped after " + format_double(command_.spec.timeout_s) +
               " s (its timeout); raise `timeout:` if it needs more",
           folder);
    }
    if (result.exit_code != 0)
      stop("ended with exit code " + std::to_string(result.exit_code), folder);
    std::error_code ignored;
    if (!fs::exists(folder / "out.csv", ignored)) {
      stop("ended well, but wrote no file {out}", folder);
    }
  }

  [[nodiscard]] Prediction read_output(const Dataset& data, std::span<const std::uint32_t> rows,
                                       const fs::path& folder, const Context& context) const {
    Prediction out;
    try {
      out = match_output(data, rows, read_csv(folder / "out.csv", {}, context));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      fail_input("the command of " + trial_text() +
                     " wrote an output that cannot be used: " + error.message(),
                 error.where(),
                 error.hint() +
                     "\n  expected: row,prediction (or the ids of test.csv and prediction), one "
                     "line per row of test.csv");
    }
    return out;
  }

  static Prediction match_output(const Dataset& data, std::span<const std::uint32_t> rows,
                                 const Table& table) {
    Prediction out;
    const PredictionColumns columns = find_prediction_columns(table, data, {}, "prediction", {});
    const SampleLookup lookup(data);
    constexpr std::uint32_t kNotTested = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> place(data.n_samples(), kNotTested);
    for (std::size_t i = 0; i < rows.size(); ++i) place[rows[i]] = static_cast<std::uint32_t>(i);
    std::vector<SamplePrediction> found;
    for (std::size_t i = 0; i < table.n_rows; ++i) {
      const double value = checked_prediction(table, columns, i, out.diagnostics);
      const auto samples = lookup.find(table, columns, i, out.diagnostics);
      bool any_tested = false;
      for (const std::uint32_t sample : samples) {
        if (place[sample] == kNotTested) continue;
        any_tested = true;
        found.push_back({sample, static_cast<std::uint32_t>(i), value});
      }
      if (!any_tested && !samples.empty()) {
        out.diagnostics.add(
            "prediction_for_other_row", Severity::serious,
            "the command predicted rows that are not in test.csv; they were ignored",
            sample_text(data, samples.front()));
      }
    }
    keep_first_per_sample(found, data, table, out.diagnostics);
    if (found.empty()) {
      fail_input("not one of its " + std::to_string(table.n_rows) + " lines is about a test row",
                 {.file = table.source});
    }
    out.values.assign(rows.size(), std::numeric_limits<double>::quiet_NaN());
    for (const auto& item : found) out.values[place[item.sample]] = item.value;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!std::isnan(out.values[i])) continue;
      out.diagnostics.add("missing_prediction", Severity::serious,
                          "the command gave no prediction for rows of test.csv; they are left out "
                          "of every comparison with this model",
                          sample_text(data, rows[i]));
    }
    return out;
  }

  const Command& command_;
  std::vector<std::uint32_t> train_;
  std::vector<std::uint32_t> validation_;
  Split split_;
  std::uint64_t seed_;
};

class CommandPredictor final : public Predictor {
 public:
  CommandPredictor(const ModelSpec& spec, const std::string& base_folder, const fs::path& work,
                   const Information& sees) {
    command_.spec = spec;
    command_.base_folder = fs::absolute(base_folder.empty() ? "." : base_folder);
    command_.work = fs::absolute(work) / file_name(spec.name);
    info_.name = spec.name;
    info_.title = spec.title.empty() ? spec.name : spec.title;
    info_.rung = Rung::model;
    info_.sees = spec.sees.empty() ? sees : Information(spec.sees.begin(), spec.sees.end());
    info_.is_model = true;
    info_.description = "Trained and run by the command: " + spec.command;
    info_.parameters = "command=" + spec.command;
    for (const auto& program : command_programs(spec, base_folder)) {
      info_.parameters += " " + program.file + "=" + program.sha256;
    }
  }
  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest& request,
                                            const Context&) const override {
    return std::make_unique<FittedCommand>(command_, request);
  }

 private:
  Command command_;
  PredictorInfo info_;
};

}  // namespace

std::vector<InputFile> command_programs(const ModelSpec& spec, const std::string& base_folder) {
  std::vector<InputFile> out;
  std::istringstream words(spec.command);
  for (std::string word; words >> word;) {
    std::erase_if(word, [](char c) { return c == '"' || c == '\''; });
    const fs::path file = fs::path(base_folder) / word;
    std::error_code error;
    if (!fs::is_regular_file(file, error)) continue;
    const auto bytes = fs::file_size(file, error);
    if (error || bytes > kMaxHashedFile) continue;
    out.push_back({.role = "program of " + spec.name,
                   .file = word,
                   .sha256 = sha256_file(file),
                   .bytes = bytes});
  }
  return out;
}

std::string fill_template(const std::string& text,
                          const std::vector<std::pair<std::string, std::string>>& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool replaced = false;
    for (const auto& [name, value] : values) {
      const std::string word = "{" + name + "}";
      if (text.compare(i, word.size(), word) != 0) continue;
      out += value;
      i += word.size();
      replaced = true;
      break;
    }
    if (!replaced) out += text[i++];
  }
  return out;
}

std::unique_ptr<Predictor> make_command_predictor(const ModelSpec& spec,
                                                  const std::string& base_folder,
                                                  const std::filesystem::path& work,
                                                  const Information& sees) {
  return std::make_unique<CommandPredictor>(spec, base_folder, work, sees);
}

}  // namespace cupel
