#pragma once
#include <string>
#include <vector>

#include "similarity/items.hpp"

namespace cupel::test {

inline Items items_of(std::vector<std::string> texts) {
  Items items{.source = "toy.fasta", .texts = std::move(texts)};
  for (std::size_t i = 0; i < items.texts.size(); ++i) items.ids.push_back("s" + std::to_string(i));
  return items;
}

}  // namespace cupel::test
