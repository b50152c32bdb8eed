#include "model/function_predictor.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

class FunctionFitted final : public Fitted {
 public:
  explicit FunctionFitted(PredictFunction predict) : predict_(std::move(predict)) {}
  [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                   const Context& context) const override {
    context.check_cancelled();
    return predict_(data, rows, context);
  }

 private:
  PredictFunction predict_;
};

void check_rows(const FitRequest& request, const std::string& name) {
  if (request.train.empty()) {
    fail_input(
        name + " cannot be fitted: the split \"" + request.split.name + "\" has no training rows",
        {}, "give at least one row the role train");
  }
  for (const std::uint32_t row : request.train) {
    const double value = request.data.target(row);
    if (!std::isfinite(value)) {
      fail_input(name + " cannot be fitted: the target of training sample " + std::to_string(row) +
                     " is " + format_double(value),
                 {}, "leave rows without a finite target out of the split");
    }
  }
}

class FunctionPredictor final : public Predictor {
 public:
  FunctionPredictor(PredictorInfo info, FitFunction fit)
      : info_(std::move(info)), fit_(std::move(fit)) {}
  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest& request,
                                            const Context& context) const override {
    context.check_cancelled();
    check_rows(request, info_.name);
    return std::make_unique<FunctionFitted>(fit_(request, context));
  }

 private:
  PredictorInfo info_;
  FitFunction fit_;
};

}  // namespace

std::unique_ptr<Predictor> make_predictor(PredictorInfo info, FitFunction fit) {
  return std::make_unique<FunctionPredictor>(std::move(info), std::move(fit));
}

}  // namespace cupel
