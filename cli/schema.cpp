// cupel schema, cupel version, cupel completion: what the program says of itself.
#include "study/schema.hpp"

#include <memory>

#include "base/text.hpp"
#include "commands.hpp"
#include "json_out.hpp"

namespace cupel::cli {

Run define_schema(Arguments& arguments) {
  auto markdown = std::make_shared<bool>(false);
  arguments.example("cupel schema > study.schema.json");
  arguments.example("cupel schema --markdown > docs/reference/study.md");
  arguments.description(
      "For completion in an editor, begin the study file with\n"
      "  # yaml-language-server: $schema=study.schema.json");
  arguments.flag("--markdown", *markdown, "The reference page instead of JSON Schema");
  return [markdown](Session& session) {
    session.print(*markdown ? schema_as_markdown() : schema_as_json());
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
