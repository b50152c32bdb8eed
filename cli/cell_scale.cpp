#include "cell_scale.hpp"

#include "cupel/error.hpp"

namespace cupel::cli {

Scale scale_of_file(const std::string& given, const CellTransform& transform,
                    const MatrixFacts& facts, const std::string& source, const ScaleAdvice& advice,
                    const Session& session) {
  if (!given.empty()) {
    const Scale scale = parse_scale(given);
    if (scale != Scale::log1p || transform.is_identity()) return scale;
    if (facts.n_fractional == 0 && facts.n_negative == 0) {
      session.context.say(LogLevel::info, "--scale log1p is taken as what \"" + transform.text() +
                                              "\" makes of the whole numbers of the file");
      return Scale::counts;
    }
    fail(ErrorKind::usage, "--scale log1p: \"" + transform.text() + "\" would come on top", {},
         "--normalize and --log1p are for counts; leave them out");
  }
  if (!transform.is_identity()) return Scale::counts;
  const ScaleGuess guess = looks_like(facts);
  if (guess.scale == Scale::unknown) {
    fail_input("what the values are is not clear: " + guess.because, {.file = source},
               advice.for_unclear);
  }
  session.context.say(LogLevel::warning,
                      "values are taken as " + std::string(to_string(guess.scale)) + ": " +
                          guess.because + "; --scale says it for sure" +
                          (guess.scale == Scale::counts ? ", " + advice.for_counts : ""));
  return guess.scale;
}

}  // namespace cupel::cli
