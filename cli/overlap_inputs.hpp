#pragma once
/// The two sides of `cupel overlap`: from two files, or from one file and its split.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "item_inputs.hpp"
#include "similarity/similarity.hpp"
#include "split/leakage.hpp"

namespace cupel::cli {

struct SideFlags {
  std::string train;
  std::string test;
  std::string data;
  std::string split;         ///< split.csv, or a folder with train.csv and test.csv of row numbers
  std::string split_column;  ///< column of --data with roles
  std::optional<std::uint32_t> fold;
};

/// Training and test items, and the similarities between and within them.
struct Sides {
  Items train;
  Items test;
  std::size_t n_validation = 0;       ///< rows of the split that count as training
  std::size_t n_unused = 0;           ///< rows of the file on neither side
  std::size_t n_lost = 0;             ///< rows of the split that are no items
  std::vector<Items> read;            ///< what was read, for the accounting
  std::unique_ptr<Similarity> whole;  ///< of a given matrix; the others are blocks of it
  std::unique_ptr<Similarity> test_by_train;
  std::unique_ptr<Similarity> within_train;  ///< null if not wanted
  std::unique_ptr<Similarity> within_test;
};

void add_side_flags(Arguments& arguments, SideFlags& flags);
/// Throws Error{usage} unless exactly one way to say the two sides was used.
Sides read_sides(const SideFlags& flags, const ItemFlags& items, const SimilarityKind& kind,
                 const KindOptions& options, bool within, const Session& session);

}  // namespace cupel::cli
