#pragma once
/// A Predictor made of its description and one function: fitting gives the function that predicts.
#include <functional>
#include <memory>
#include <span>

#include "cupel/predictor.hpp"

namespace cupel {

using PredictFunction = std::function<Prediction(
    const Dataset& data, std::span<const std::uint32_t> rows, const Context& context)>;
using FitFunction =
    std::function<PredictFunction(const FitRequest& request, const Context& context)>;

/// The predictor checks what no learner can do without, before `fit` is called: at least one
/// training row, and finite training targets (Error{input} otherwise).
std::unique_ptr<Predictor> make_predictor(PredictorInfo info, FitFunction fit);

}  // namespace cupel
