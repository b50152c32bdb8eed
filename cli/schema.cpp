// cupel schema, cupel version, cupel completion: what the program says of itself.
#include "study/schema.hpp"

#include <memory>

#include "base/text.hpp"
#include "commands.hpp"
#include "json_out.hpp"
#include "study/spectrum_study.hpp"

namespace cupel::cli {

Run define_schema(Arguments& arguments) {
  auto markdown = std::make_shared<bool>(false);
  auto what = std::make_shared<std::string>("audit");
  arguments.example("cupel schema > study.schema.json");
  arguments.example("cupel schema --markdown > docs/reference/study.md");
  arguments.description(
      "For completion in an editor, begin the study file with\n"
      "  # yaml-language-server: $schema=study.schema.json");
  arguments.positional("WHAT", *what, "audit (default) or spectra: whose study file", false,
                       {"audit", "spectra"});
  arguments.flag("--markdown", *markdown, "The reference page instead of JSON Schema");
  return [markdown, what](Session& session) {
    if (*what == "spectra") {
      session.print(*markdown ? spectrum_schema_as_markdown() : spectrum_schema_as_json());
    } else {
      session.print(*markdown ? schema_as_markdown() : schema_as_json());
    }
    return 0;
  };
}

Run define_version(Arguments& arguments) {
  arguments.example("cupel version");
  return [](Session& session) {
    session.print(session.json ? JsonOut().dump() : "cupel " + std::string(version()) + "\n");
    return 0;
  };
}

}  // namespace cupel::cli
