#include "model/twin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "model/function_predictor.hpp"
#include "model/pair_table.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"permuted", "random", "identifiers"};
constexpr std::array<std::string_view, 6> kModes{"svrc", "svcc", "svrd", "svcd", "one", "all_but"};
constexpr std::size_t kMaxOneHot = 4096;
constexpr std::size_t kSignCode = 1024;

template <std::size_t N>
std::size_t parse_word(std::string_view text, const std::array<std::string_view, N>& known,
                       const char* what) {
  for (std::size_t i = 0; i < N; ++i) {
    if (known[i] == text) return i;
  }
  const std::vector<std::string> words(known.begin(), known.end());
  fail(ErrorKind::usage, std::string("there is no ") + what + " \"" + std::string(text) + "\"", {},
       "known: " + join(words, ", "));
}

bool randomises_one(TwinMode mode) {
  return mode == TwinMode::svrc || mode == TwinMode::svrd || mode == TwinMode::one;
}

/// The entity that a mode is about; "" = that of the view.
std::string entity_of(TwinMode mode) {
  if (mode == TwinMode::one || mode == TwinMode::all_but) return {};
  return mode == TwinMode::svrc || mode == TwinMode::svcc ? "cell" : "drug";
}

std::string entity_of(std::string_view view) { return std::string(view.substr(0, view.find('.'))); }

/// Ids with this view: those with training rows, and those that may only be asked for. Ids that a
/// fold about one task never touches are in neither.
struct Groups {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> others;
};

Groups groups(const Entity& entity, const FeatureBlock& block, const FitRequest& request) {
  enum class Part : std::uint8_t { out, other, training };
  const bool one_task = !request.split.task.empty();
  std::vector<Part> part(entity.ids.size(), one_task ? Part::out : Part::other);
  for (std::size_t row = 0; one_task && row < request.split.role.size(); ++row) {
    if (request.split.role[row] != Role::left_out) part[entity.code_of_sample[row]] = Part::other;
  }
  for (const std::uint32_t row : request.train) part[entity.code_of_sample[row]] = Part::training;
  Groups out;
  for (std::uint32_t id = 0; id < entity.ids.size(); ++id) {
    if (!block.present[id] || part[id] == Part::out) continue;
    (part[id] == Part::training ? out.training : out.others).push_back(id);
  }
  return out;
}

/// Sattolo's shuffle within a group: one cycle, so nobody keeps their own.
void permute(FeatureBlock& block, std::span<const std::uint32_t> ids, Rng& rng) {
  std::vector<std::uint32_t> from(ids.begin(), ids.end());
  for (std::size_t i = from.size(); i > 1; --i) {
    std::swap(from[i - 1], from[rng.below(static_cast<std::uint32_t>(i - 1))]);
  }
  if (block.bits) {
    auto bits = std::make_shared<PackedBits>(*block.bits);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      std::ranges::copy(block.bits->row(from[i]), bits->row(ids[i]).begin());
    }
    block.bits = std::move(bits);
    return;
  }
  const Matrix<float> original = block.values;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto row = original.row(from[i]);
    std::copy(row.begin(), row.end(), block.values.row(ids[i]).begin());
  }
}

/// Every bit is drawn with its share in training.
void randomise_bits(FeatureBlock& block, const Groups& ids, Rng& rng) {
  const PackedBits& original = *block.bits;
  const auto& fitting = ids.training.empty() ? ids.others : ids.training;
  std::vector<double> share(original.n_bits, 0.0);
  for (const std::uint32_t id : fitting) {
    for (std::size_t bit = 0; bit < original.n_bits; ++bit) {
      if (original.test(id, bit)) share[bit] += 1.0 / static_cast<double>(fitting.size());
    }
  }
  auto bits = std::make_shared<PackedBits>(original);
  for (const auto* group : {&ids.training, &ids.others}) {
    for (const std::uint32_t id : *group) {
      std::ranges::fill(bits->row(id), std::uint64_t{0});
      for (std::size_t bit = 0; bit < original.n_bits; ++bit) {
        if (rng.uniform() < share[bit]) bits->set(id, bit);
      }
    }
  }
  block.bits = std::move(bits);
}

void randomise(FeatureBlock& block, const Groups& ids, Rng& rng) {
  if (block.bits) return randomise_bits(block, ids, rng);
  const auto& fitting = ids.training.empty() ? ids.others : ids.training;
  for (std::size_t k = 0; k < block.values.cols; ++k) {
    double sum = 0.0;
    double squares = 0.0;
    for (const std::uint32_t id : fitting) sum += static_cast<double>(block.values(id, k));
    const double mean = sum / static_cast<double>(std::max<std::size_t>(fitting.size(), 1));
    for (const std::uint32_t id : fitting) {
      const double difference = static_cast<double>(block.values(id, k)) - mean;
      squares += difference * difference;
    }
    const double deviation =
        std::sqrt(squares / static_cast<double>(std::max<std::size_t>(fitting.size(), 2) - 1));
    for (const auto* group : {&ids.training, &ids.others}) {
      for (const std::uint32_t id : *group) {
        block.values(id, k) = static_cast<float>(mean + deviation * rng.normal());
      }
    }
  }
  block.binary = false;
}

/// A one-hot code, or random signs (bits, in a packed view) where ids are many.
void identify(FeatureBlock& block, std::size_t n_ids, Rng& rng) {
  const bool one_hot = n_ids <= kMaxOneHot;
  const std::size_t width = one_hot ? n_ids : kSignCode;
  const bool is_packed = block.bits != nullptr;
  auto bits = std::make_shared<PackedBits>(is_packed ? n_ids : 0, width);
  if (!is_packed) block.values = Matrix<float>(n_ids, width, 0.0F);
  for (std::size_t id = 0; id < n_ids; ++id) {
    if (!block.present[id]) continue;
    for (std::size_t k = one_hot ? id : 0; k < (one_hot ? id + 1 : width); ++k) {
      const bool is_set = one_hot || rng.below(2) != 0;
      if (is_packed && is_set) bits->set(id, k);
      if (!is_packed) block.values(id, k) = is_set ? 1.0F : -1.0F;
    }
  }
  if (is_packed) block.bits = std::move(bits);
  block.feature_names.clear();
  block.binary = is_packed || one_hot;
}

void alter(const Entity& entity, FeatureBlock& block, const TwinOptions& options,
           const FitRequest& request) {
  Rng rng(request.seed,
          "twin " + std::string(to_string(options.kind)) + " " + entity.name + "." + block.name,
          options.draw);
  const Groups ids = groups(entity, block, request);
  switch (options.kind) {
    case TwinKind::permuted:
      permute(block, ids.training, rng);
      permute(block, ids.others, rng);
      break;
    case TwinKind::random:
      randomise(block, ids, rng);
      break;
    case TwinKind::identifiers:
      identify(block, entity.ids.size(), rng);
      break;
  }
}

/// Copy of the data with the views of `options` altered.
std::shared_ptr<const Dataset> altered_copy(const FitRequest& request, const TwinOptions& options) {
  auto copy = std::make_shared<Dataset>(request.data);
  const std::string name = entity_of(options.view);
  const auto found = std::find_if(copy->entities.begin(), copy->entities.end(),
                                  [&](const Entity& entity) { return entity.name == name; });
  const std::string chosen = options.view.substr(options.view.find('.') + 1);
  if (found == copy->entities.end() || found->find_features(chosen) == nullptr) {
    fail(ErrorKind::usage, "twin: the data have no view \"" + options.view + "\"", {},
         "name a feature block as entity.block");
  }
  std::size_t n_altered = 0;
  for (auto& block : found->features) {
    const std::string full = name + "." + block.name;
    const bool in_use = options.views_in_use.empty() ||
                        std::find(options.views_in_use.begin(), options.views_in_use.end(), full) !=
                            options.views_in_use.end();
    if ((block.name == chosen) != randomises_one(options.mode) || !in_use) continue;
    alter(*found, block, options, request);
    ++n_altered;
  }
  if (n_altered == 0) {
    fail(ErrorKind::usage,
         "twin: mode " + std::string(to_string(options.mode)) + " on " + options.view +
             " leaves no view to randomise",
         {}, "the model needs another view of the " + name + "; else randomise the one view");
  }
  return copy;
}

PredictorInfo twin_info(const Predictor& model, const std::string& what, std::uint32_t draw) {
  PredictorInfo info = model.info();
  if (!info.trainable) {
    fail(ErrorKind::usage, "\"" + info.name + "\" cannot be refitted, so it has no twin", {},
         "give it as a command or a reference model");
  }
  info.twin_of = info.name;
  info.name += "~" + what + "." + std::to_string(draw);
  info.rung = Rung::constrained;
  info.is_model = false;
  info.parameters = "twin=" + what + " draw=" + std::to_string(draw) + " " + info.parameters;
  return info;
}

/// Predicts on the altered copy that it was fitted on; the rows are the same.
PredictFunction on_copy(std::shared_ptr<const Fitted> fitted, std::shared_ptr<const Dataset> copy) {
  return [fitted = std::move(fitted), copy = std::move(copy)](
             const Dataset&, std::span<const std::uint32_t> rows, const Context& context) {
    return fitted->predict(*copy, rows, context);
  };
}

bool other_views_stay(const TwinOptions& options) {
  if (!randomises_one(options.mode)) return true;
  const std::string prefix = entity_of(options.view) + ".";
  return std::any_of(
      options.views_in_use.begin(), options.views_in_use.end(),
      [&](const std::string& view) { return view.starts_with(prefix) && view != options.view; });
}

/// Within the levels of `entity`; nullptr = among all rows.
void permute_targets(Dataset& data, const Entity* entity, std::span<const std::uint32_t> rows,
                     Rng& rng) {
  std::vector<std::uint32_t> sorted(rows.begin(), rows.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> codes;
  codes.reserve(sorted.size());
  for (const std::uint32_t row : sorted) {
    codes.push_back(entity == nullptr ? 0 : entity->code_of_sample[row]);
  }
  const std::size_t n_levels = entity == nullptr ? 1 : entity->ids.size();
  const Grouping grouping = group_by(codes, n_levels);
  const std::size_t width = data.targets.cols;
  const Matrix<double> original = data.targets;
  for (std::size_t level = 0; level < n_levels; ++level) {
    const auto members = grouping.of(level);
    std::vector<std::uint32_t> from(members.begin(), members.end());
    rng.shuffle(std::span<std::uint32_t>(from));
    for (std::size_t i = 0; i < from.size(); ++i) {
      std::copy_n(original.row(sorted[from[i]]).data(), width,
                  data.targets.row(sorted[members[i]]).data());
    }
  }
}

}  // namespace

TwinKind parse_twin_kind(std::string_view text) {
  return static_cast<TwinKind>(parse_word(text, kKinds, "kind of twin"));
}
TwinMode parse_twin_mode(std::string_view text) {
  return static_cast<TwinMode>(parse_word(text, kModes, "twin mode"));
}
std::string_view to_string(TwinKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}
std::string_view to_string(TwinMode mode) noexcept {
  return kModes[static_cast<std::size_t>(mode)];
}

std::unique_ptr<Predictor> make_twin(const Predictor& model, const TwinOptions& options) {
  const std::string entity = entity_of(options.view);
  const std::string wanted = entity_of(options.mode);
  if (options.view.find('.') == std::string::npos || (!wanted.empty() && wanted != entity)) {
    fail(ErrorKind::usage,
         "twin: mode " + std::string(to_string(options.mode)) + " needs a view of the " +
             (wanted.empty() ? "data" : wanted) + ", not \"" + options.view + "\"",
         {},
         "name it as " + (wanted.empty() ? "entity" : wanted) +
             ".block, or use the mode of the other entity");
  }
  const std::string kind(to_string(options.kind));
  const std::string what =
      kind + "." + (randomises_one(options.mode) ? "" : "all_but.") + options.view;
  PredictorInfo info = twin_info(model, what, options.draw);
  if (!other_views_stay(options)) info.sees.erase(entity + "_features");
  info.sees.insert(entity + "_id");  // whatever replaces a view is still unique to the entity
  info.title = model.info().title + ", " +
               (randomises_one(options.mode) ? options.view : "all but " + options.view) + " " +
               (options.kind == TwinKind::identifiers ? "replaced by identifiers" : kind);
  info.description =
      "the same model, refitted with " + info.title.substr(model.info().title.size() + 2);
  return make_predictor(
      std::move(info),
      [&model, options](const FitRequest& request, const Context& context) -> PredictFunction {
        auto copy = altered_copy(request, options);
        const FitRequest altered{*copy, request.train, request.validation, request.split,
                                 request.seed};
        std::shared_ptr<const Fitted> fitted = model.fit(altered, context);
        return on_copy(std::move(fitted), std::move(copy));
      });
}

std::unique_ptr<Predictor> make_label_null(const Predictor& model,
                                           const LabelNullOptions& options) {
  const std::string& within = options.within;
  PredictorInfo info =
      twin_info(model, within.empty() ? "labels" : "labels." + within, options.draw);
  info.title =
      model.info().title + ", targets permuted" + (within.empty() ? "" : " within " + within);
  info.description = "the same model, refitted with training targets permuted" +
                     (within.empty() ? "" : " within each " + within);
  return make_predictor(
      std::move(info),
      [&model, options](const FitRequest& request, const Context& context) -> PredictFunction {
        auto copy = std::make_shared<Dataset>(request.data);
        const Entity* entity =
            options.within.empty() ? nullptr : &request.data.entity(options.within);
        Rng rng(request.seed, "label null " + options.within, options.draw);
        permute_targets(*copy, entity, request.train, rng);
        permute_targets(*copy, entity, request.validation, rng);
        const FitRequest altered{*copy, request.train, request.validation, request.split,
                                 request.seed};
        std::shared_ptr<const Fitted> fitted = model.fit(altered, context);
        return [fitted = std::move(fitted)](
                   const Dataset& data, std::span<const std::uint32_t> rows, const Context& where) {
          return fitted->predict(data, rows, where);
        };
      });
}

}  // namespace cupel
