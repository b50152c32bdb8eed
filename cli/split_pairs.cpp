#include "split_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"
#include "inputs.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "item_inputs.hpp"
#include "split/item_columns.hpp"
#include "split/item_files.hpp"
#include "split/least_leakage.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::vector<std::string> sides;  ///< drug=drugs.csv
  std::vector<std::string> kinds;  ///< drug=ecfp-tanimoto
};

struct Side {
  std::string name;
  Items items;
  std::unique_ptr<Similarity> similarity;
};

std::vector<Side> load_sides(const Flags& flags, Session& session) {
  const auto files = parse_pairs(flags.sides, "--side");
  const auto kinds = parse_pairs(flags.kinds, "--side-kind");
  if (files.size() != 2) {
    fail(ErrorKind::usage, "a split of pairs needs two sides", {},
         "for example --side drug=drugs.csv --side cell=cells.csv");
  }
  std::vector<Side> sides;
  for (const auto& [name, file] : files) {
    const auto kind = kinds.find(name);
    if (kind == kinds.end()) {
      fail(ErrorKind::usage, "no similarity is named for the side \"" + name + "\"", {},
           "for example --side-kind " + name + "=ecfp-tanimoto");
    }
    const SimilarityKind& found = find_similarity_kind(kind->second);
    Side side{.name = name, .items = load_items(file, found, {}, session)};
    side.similarity = make_similarity(found.name, side.items, nullptr, {}, session.context);
    sides.push_back(std::move(side));
  }
  return sides;
}

/// The rows whose ids are items of both sides; the others are left out, with the reason.
struct Rows {
  Items known;
  std::vector<std::size_t> table_row;
  std::vector<PairSide> sides;
};

Rows match_rows(const Table& table, const std::vector<Side>& sides) {
  const Items all = plain_items(table, "", "");
  Rows rows;
  rows.known.source = all.source;
  rows.known.n_source_rows = table.n_rows;
  std::vector<std::map<std::string, std::uint32_t>> number(sides.size());
  for (std::size_t s = 0; s < sides.size(); ++s) {
    rows.sides.push_back({.similarity = sides[s].similarity.get()});
    for (std::uint32_t i = 0; i < sides[s].items.size(); ++i) {
      number[s].emplace(sides[s].items.ids[i], i);
    }
  }
  std::map<std::string, LeftOut> left_out;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    std::vector<std::uint32_t> item;
    for (std::size_t s = 0; s < sides.size(); ++s) {
      const auto found = number[s].find(table.at(sides[s].name).as_text(row));
      if (found == number[s].end()) {
        auto& reason = left_out["unknown_" + sides[s].name];
        reason.reason = "unknown_" + sides[s].name;
        reason.source_rows.push_back(row);
        break;
      }
      item.push_back(found->second);
    }
    if (item.size() < sides.size()) continue;
    for (std::size_t s = 0; s < sides.size(); ++s) rows.sides[s].item_of_row.push_back(item[s]);
    rows.known.ids.push_back(all.ids[row]);
    rows.known.source_row.push_back(row);
    rows.table_row.push_back(row);
  }
  for (auto& [reason, one] : left_out) rows.known.left_out.push_back(std::move(one));
  if (rows.known.ids.empty()) {
    fail_input("no row has ids of both sides", {.file = table.source},
               "the columns " + sides[0].name + " and " + sides[1].name +
                   " must hold the ids of the files of --side");
  }
  return rows;
}

int run(const Flags& flags, const ItemSplitCall& call, const PairSplitShared& shared,
        Session& session) {
  const auto sides = load_sides(flags, session);
  const auto path = resolve_file(call.input, ".", catalogue_options(session.mirror));
  const Table table = read_csv(path, {}, session.context);
  Rows rows = match_rows(table, sides);
  const auto bytes = read_bytes(path);
  rows.known.inputs = {
      {.role = "pairs", .file = call.input, .sha256 = sha256_hex(bytes), .bytes = bytes.size()}};
  for (const auto& side : sides) {
    rows.known.inputs.insert(rows.known.inputs.end(), side.items.inputs.begin(),
                             side.items.inputs.end());
  }
  std::vector<double> weight;
  if (!shared.weight.empty()) weight = weight_column(table, shared.weight, rows.table_row);
  PartRequest request =
      call.folds ? fold_request(*call.folds) : role_request(shared.test, call.validation);
  request.tolerance = shared.tolerance;
  LeastLeakageOptions options;
  if (shared.clusters > 0) options.n_clusters = shared.clusters;
  if (shared.starts > 0) options.starts = shared.starts;
  const PairParts made = split_pairs_least_leakage(rows.sides[0], rows.sides[1], weight, request,
                                                   options, session.context.seed, session.context);
  ItemSplitRecord record{.items = &rows.known,
                         .parts = &made.rows,
                         .request = &request,
                         .method = "pairs",
                         .seed = session.context.seed};
  for (const auto& side : sides) {
    record.parameters.emplace_back(side.name, std::string(side.similarity->kind()) + "(" +
                                                  side.similarity->parameters() + ")");
  }
  record.parameters.emplace_back("tolerance", format_double(request.tolerance));
  record.parameters.emplace_back("clusters", std::to_string(options.n_clusters));
  const std::string json = write_item_split(call.out, record);
  if (session.json) {
    session.print(json);
    return 0;
  }
  std::string text = call.out + "\n";
  for (std::size_t p = 0; p < request.share.size(); ++p) {
    text += fmt::format(
        "{}: {} rows\n", part_name(request, p),
        std::count(made.rows.part.begin(), made.rows.part.end(), static_cast<std::int32_t>(p)));
  }
  text += fmt::format("left out: {} rows whose sides fell into different parts\n",
                      std::count(made.rows.part.begin(), made.rows.part.end(), kNoPart));
  for (std::size_t s = 0; s < sides.size(); ++s) {
    text += fmt::format("leakage of {}: {:.4g}\n", sides[s].name, made.rows.facts[s].second);
  }
  session.print(text);
  return 0;
}

}  // namespace

RunPairSplit define_split_pairs(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel split pairs affinities.csv --side ligand=ligands.csv --side protein=proteins.fasta "
      "\\\n"
      "      --side-kind ligand=ecfp-tanimoto --side-kind protein=kmer-jaccard --out split.csv");
  arguments.option("--side", flags->sides, "pairs: column of ids = file of the items (twice)",
                   {.placeholder = "COLUMN=FILE"});
  arguments.option("--side-kind", flags->kinds, "pairs: column of ids = kind of similarity (twice)",
                   {.placeholder = "COLUMN=KIND"});
  return [flags](const ItemSplitCall& call, const PairSplitShared& shared, Session& session) {
    return run(*flags, call, shared, session);
  };
}

}  // namespace cupel::cli
