// cupel data: the catalogue of known data sets.
#include <algorithm>
#include <memory>

#include "commands.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

int list_entries(Session& session) {
  if (session.json) {
    std::vector<JsonOut> entries;
    for (const auto& entry : catalogue()) {
      JsonOut one = JsonOut::part();
      one.text("name", entry.name).text("area", entry.area).text("title", entry.title);
      one.text("description", entry.description).text("licence", entry.licence);
      one.text("terms", entry.terms).text("citation", entry.citation);
      std::vector<JsonOut> files;
      for (const auto& name : entry.files) {
        const CatalogueFile& file = find_catalogue_file(name);
        JsonOut item = JsonOut::part();
        item.text("name", file.name).text("mirror_path", file.mirror_path);
        item.text("sha256", file.sha256).number("bytes", static_cast<double>(file.bytes));
        item.text("url", file.url()).text("recipe", file.recipe);
        files.push_back(std::move(item));
      }
      entries.push_back(std::move(one.objects("files", files)));
    }
    session.print(JsonOut().objects("data", entries).dump());
    return 0;
  }
  std::string text;
  for (const auto& entry : catalogue()) {
    text += entry.name + std::string(entry.name.size() < 24 ? 24 - entry.name.size() : 1, ' ') +
            entry.title + "\n";
  }
  session.print(text);
  return 0;
}

int show_status(const std::vector<FileStatus>& files, Session& session) {
  bool all_there = true;
  std::vector<JsonOut> items;
  std::string text;
  for (const auto& file : files) {
    all_there = all_there && file.state == FileState::verified;
    JsonOut one = JsonOut::part();
    one.text("file", file.file).text("state", to_string(file.state));
    one.text("path", file.path.string()).text("note", file.note);
    items.push_back(std::move(one));
    text += std::string(to_string(file.state)) + "  " + file.file + "  " + file.path.string() +
            (file.note.empty() ? "" : "  (" + file.note + ")") + "\n";
  }
  session.print(session.json
                    ? JsonOut().boolean("complete", all_there).objects("files", items).dump()
                    : text);
  return all_there ? 0 : static_cast<int>(ErrorKind::io);
}

}  // namespace

Run define_data(Arguments& arguments) {
  struct Flags {
    std::string verb;
    std::string name;
  };
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel data list");
  arguments.example("cupel data get gdsc2_paso");
  arguments.example("CUPEL_MIRROR=folder cupel data verify gdsc2_paso");
  arguments.description(
      "get copies from the mirror folder or downloads, and checks the SHA-256 of every file.\n"
      "verify never uses the network.");
  arguments.positional("VERB", flags->verb, "list, get or verify", true, {"list", "get", "verify"});
  arguments.positional("NAME", flags->name, "Name of the data set", false);
  return [flags](Session& session) {
    if (flags->verb == "list") return list_entries(session);
    if (flags->name.empty()) {
      fail(ErrorKind::usage, "which data set?", {}, "`cupel data list` names them");
    }
    const CatalogueEntry& entry = find_entry(flags->name);
    const CatalogueOptions options = catalogue_options(session.mirror);
    return show_status(flags->verb == "get" ? get_entry(entry, options, session.context)
                                            : verify_entry(entry, options),
                       session);
  };
}

}  // namespace cupel::cli
