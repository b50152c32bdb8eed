#pragma once
/// Flags that the commands about similarity share: which kind, which options, which columns.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app.hpp"
#include "json_out.hpp"
#include "similarity/items.hpp"
#include "similarity/items_read.hpp"
#include "similarity/kinds.hpp"
#include "similarity/null_model.hpp"

namespace cupel::cli {

struct KindFlags {
  std::string kind;                          ///< --kind
  std::vector<std::string> options;          ///< --option radius=3
  std::map<std::string, std::string> named;  ///< --radius 3, ... as given; "" = not given
};

struct ItemFlags {
  std::string text_column;
  std::string id_column;
  std::string target_column;
  std::string features;  ///< names with commas
  std::string delimiter;
};

void add_kind_flags(Arguments& arguments, KindFlags& flags, bool required = true);
/// `with_features`: false where the command has another --features.
void add_item_flags(Arguments& arguments, ItemFlags& flags, bool with_features = true);

/// All options of the kind, as given by --option and by their own flags. Throws Error{usage}.
KindOptions kind_options(const KindFlags& flags);
ItemsOptions items_options(const ItemFlags& flags);

/// The file behind a path, - or catalogue:NAME.
std::filesystem::path found_file(const std::string& path, const Session& session);

/// Reads the items (a path, - or catalogue:NAME) and shows what was left out.
Items load_items(const std::string& path, const SimilarityKind& kind, const ItemFlags& flags,
                 const Session& session);

/// {file, sha256, rows, items, left_out: [{reason, count}]}
JsonOut items_json(const Items& items);
/// {method, n_pairs, mean, p95, p99, p999, max, threshold, pair_share, expected_neighbours, ...}
JsonOut chance_json(const NullModel& null, const ChanceLevel& level);

std::uint64_t count_left_out(const Items& items);
/// "cosine", "kmer-jaccard (k=3)".
std::string kind_title(const std::string& kind, const std::string& parameters);
/// 12345678 -> "12,345,678"
std::string grouped(std::uint64_t n);

}  // namespace cupel::cli
