#include "area/area.hpp"

#include <array>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {

const Area& drug_response_area() noexcept;
const Area& perturbation_area() noexcept;
const Area& potency_area() noexcept;

std::span<const Area* const> areas() noexcept {
  static const std::array<const Area*, 3> kAreas{&drug_response_area(), &potency_area(),
                                                 &perturbation_area()};
  return kAreas;
}

std::string Area::depict(const Dataset&, std::uint32_t) const { return {}; }

Matrix<double> Area::score_samples(const Dataset&, const Split&, std::span<const std::uint32_t>,
                                   std::span<const double>) const {
  fail(ErrorKind::internal, "the area " + std::string(name()) + " has no metrics of samples");
}

std::unique_ptr<Predictor> Area::make_file_model(const ModelSpec&, const LoadedData&,
                                                 const std::string&, const CatalogueOptions&,
                                                 std::vector<InputFile>&, const Context&) const {
  return nullptr;
}

std::vector<AreaSection> Area::sections(const SectionRequest&, const Context&) const { return {}; }

const Area& find_area(std::string_view name) {
  std::vector<std::string> names;
  for (const Area* area : areas()) {
    if (area->name() == name) return *area;
    names.emplace_back(area->name());
  }
  fail(ErrorKind::usage, "there is no area \"" + std::string(name) + "\"", {},
       "areas: " + join(names, ", "));
}

}  // namespace cupel
