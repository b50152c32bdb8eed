#include <xgboost/c_api.h>

#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "model/boosted_trees.hpp"

namespace cupel {
namespace {

void check(int status) {
  if (status != 0) fail(ErrorKind::internal, std::string("xgboost: ") + XGBGetLastError());
}

/// Owns a DMatrix.
class Data {
 public:
  Data(const Matrix<float>& x, bool categorical) {
    const auto address = std::to_string(reinterpret_cast<std::uintptr_t>(x.values.data()));
    const std::string interface = R"({"data": [)" + address + R"(, true], "shape": [)" +
                                  std::to_string(x.rows) + ", " + std::to_string(x.cols) +
                                  R"(], "typestr": "<f4", "version": 3})";
    check(
        XGDMatrixCreateFromDense(interface.c_str(), R"({"missing": NaN, "nthread": 1})", &handle_));
    if (!categorical) return;
    std::vector<const char*> types(x.cols, "c");
    check(XGDMatrixSetStrFeatureInfo(handle_, "feature_type", types.data(),
                                     static_cast<bst_ulong>(types.size())));
  }
  ~Data() { XGDMatrixFree(handle_); }
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;
  [[nodiscard]] DMatrixHandle handle() const noexcept { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

}  // namespace

struct BoostedTrees::Booster {
  BoosterHandle handle = nullptr;
  Booster() = default;
  ~Booster() { XGBoosterFree(handle); }
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  void set(const char* name, const std::string& value) const {
    check(XGBoosterSetParam(handle, name, value.c_str()));
  }
};

BoostedTrees BoostedTrees::fit(const Matrix<float>& x, std::span<const float> y,
                               const BoostedTreesOptions& options, const Context& context) {
  BoostedTrees model;
  model.categorical_ = options.categorical;
  const double sum = std::accumulate(y.begin(), y.end(), 0.0);
  model.base_ = static_cast<float>(sum / static_cast<double>(y.size()));
  if (x.cols == 0) return model;  // nothing to split on
  std::vector<float> centred(y.begin(), y.end());
  for (float& value : centred) value -= model.base_;

  const Data data(x, options.categorical);
  check(XGDMatrixSetFloatInfo(data.handle(), "label", centred.data(),
                              static_cast<bst_ulong>(centred.size())));
  auto booster = std::make_shared<Booster>();
  const std::array<DMatrixHandle, 1> cache{data.handle()};
  check(XGBoosterCreate(cache.data(), 1, &booster->handle));
  booster->set("verbosity", "0");
  booster->set("nthread", "1");
  booster->set("objective", "reg:squarederror");
  booster->set("base_score", "0");
  booster->set("tree_method", "hist");
  booster->set("max_cat_to_onehot", "1");
  booster->set("max_depth", std::to_string(options.depth));
  booster->set("eta", format_double(options.learning_rate));
  booster->set("lambda", format_double(options.penalty));
  booster->set("min_child_weight", format_double(options.min_child_weight));
  booster->set("subsample", format_double(options.row_share));
  booster->set("colsample_bytree", format_double(options.column_share));
  booster->set("max_bin", std::to_string(options.bins));
  booster->set("seed", std::to_string(options.seed % 2147483647ULL));
  for (std::uint32_t tree = 0; tree < options.trees; ++tree) {
    context.check_cancelled();
    check(XGBoosterUpdateOneIter(booster->handle, static_cast<int>(tree), data.handle()));
  }
  model.booster_ = std::move(booster);
  return model;
}

std::vector<float> BoostedTrees::predict(const Matrix<float>& x) const {
  if (x.rows == 0) return {};
  if (booster_ == nullptr) return std::vector<float>(x.rows, base_);
  const Data data(x, categorical_);
  const bst_ulong* shape = nullptr;
  bst_ulong n_dimensions = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(
      booster_->handle, data.handle(),
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})",
      &shape, &n_dimensions, &values));
  std::vector<float> out(values, values + x.rows);
  for (float& value : out) value += base_;
  return out;
}

}  // namespace cupel
