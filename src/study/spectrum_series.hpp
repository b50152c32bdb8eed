#pragma once
/// The items and the splits of a spectrum study: read, or made.
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/split.hpp"
#include "data/catalogue.hpp"
#include "study/item_set.hpp"
#include "study/spectrum_study.hpp"

namespace cupel {

struct SpectrumSeries {
  ItemSet set;
  std::vector<Split> splits;  ///< by level, repeat; every split before its control. `level` is the
                              ///< parameter; `overlap` is measured for all.
  std::string parameter_title;
  bool falls_with_parameter = false;
  std::vector<InputFile> inputs;
  Diagnostics diagnostics;
};

/// Throws Error{input} where items and series do not fit together, or the series has no split.
SpectrumSeries load_spectrum_series(const SpectrumStudy& study, const CatalogueOptions& catalogue,
                                    const Context& context);

}  // namespace cupel
