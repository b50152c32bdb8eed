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
  Data(const PackedBits& x, std::span<const std::uint32_t> rows) {
    std::vector<std::uint64_t> begin{0};
    std::vector<std::uint32_t> bits;
    for (const std::uint32_t row : rows) {
      for (std::size_t bit = 0; bit < x.n_bits; ++bit) {
        if (x.test(row, bit)) bits.push_back(static_cast<std::uint32_t>(bit));
      }
      begin.push_back(bits.size());
    }
    const std::vector<float> ones(bits.size(), 1.0F);
    check(XGDMatrixCreateFromCSR(array(begin, "<u8").c_str(), array(bits, "<u4").c_str(),
                                 array(ones, "<f4").c_str(), x.n_bits,
                                 R"({"missing": NaN, "nthread": 1})", &handle_));
  }
  ~Data() { XGDMatrixFree(handle_); }
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;
  [[nodiscard]] DMatrixHandle handle() const noexcept { return handle_; }

 private:
  /// An array as XGBoost's interface wants it told.
  template <typename T>
  static std::string array(const std::vector<T>& values, const char* type) {
    const auto address = std::to_string(reinterpret_cast<std::uintptr_t>(values.data()));
    return R"({"data": [)" + address + R"(, true], "shape": [)" + std::to_string(values.size()) +
           R"(], "typestr": ")" + type + R"(", "version": 3})";
  }

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

void BoostedTrees::train(void* data, std::span<const float> y, const BoostedTreesOptions& options,
                         const Context& context) {
  std::vector<float> centred(y.begin(), y.end());
  for (float& value : centred) value -= base_;
  check(
      XGDMatrixSetFloatInfo(data, "label", centred.data(), static_cast<bst_ulong>(centred.size())));
  auto booster = std::make_shared<Booster>();
  const std::array<DMatrixHandle, 1> cache{data};
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
    check(XGBoosterUpdateOneIter(booster->handle, static_cast<int>(tree), data));
  }
  booster_ = std::move(booster);
}

namespace {

float mean_of(std::span<const float> y) noexcept {
  const double sum = std::accumulate(y.begin(), y.end(), 0.0);
  return static_cast<float>(sum / static_cast<double>(y.size()));
}

}  // namespace

BoostedTrees BoostedTrees::fit(const Matrix<float>& x, std::span<const float> y,
                               const BoostedTreesOptions& options, const Context& context) {
  BoostedTrees model;
  model.categorical_ = options.categorical;
  model.base_ = mean_of(y);
  if (x.cols == 0) return model;  // nothing to split on
  const Data data(x, options.categorical);
  model.train(data.handle(), y, options, context);
  return model;
}

BoostedTrees BoostedTrees::fit(const PackedBits& x, std::span<const std::uint32_t> rows,
                               std::span<const float> y, const BoostedTreesOptions& options,
                               const Context& context) {
  BoostedTrees model;
  model.base_ = mean_of(y);
  const Data data(x, rows);
  model.train(data.handle(), y, options, context);
  return model;
}

std::vector<float> BoostedTrees::predict(const Matrix<float>& x) const {
  if (x.rows == 0) return {};
  if (booster_ == nullptr) return std::vector<float>(x.rows, base_);
  const Data data(x, categorical_);
  return predict_data(data.handle(), x.rows);
}

std::vector<float> BoostedTrees::predict(const PackedBits& x,
                                         std::span<const std::uint32_t> rows) const {
  if (rows.empty()) return {};
  const Data data(x, rows);
  return predict_data(data.handle(), rows.size());
}

std::vector<float> BoostedTrees::predict_data(void* data, std::size_t n_rows) const {
  const bst_ulong* shape = nullptr;
  bst_ulong n_dimensions = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(
      booster_->handle, data,
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})",
      &shape, &n_dimensions, &values));
  std::vector<float> out(values, values + n_rows);
  for (float& value : out) value += base_;
  return out;
}

}  // namespace cupel
