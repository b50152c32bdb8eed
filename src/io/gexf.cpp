#include "io/gexf.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "cupel/error.hpp"

namespace cupel {
namespace {

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Attribute {
  std::string_view name;
  std::string value;
};

struct Tag {
  std::string_view name;  ///< without a namespace prefix
  std::vector<Attribute> attributes;
  [[nodiscard]] const std::string* find(std::string_view wanted) const noexcept {
    for (const auto& attribute : attributes) {
      if (attribute.name == wanted) return &attribute.value;
    }
    return nullptr;
  }
};

/// Start tags of an XML text, one after another.
class TagReader {
 public:
  TagReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  [[noreturn]] void refuse(const std::string& what, std::string value = {}) const {
    const auto row = static_cast<std::size_t>(
        1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
    fail_input(
        what,
        {.file = source_, .row = row, .column = 0, .column_name = {}, .value = std::move(value)},
        "write the graph again with networkx.write_gexf");
  }

  std::optional<Tag> next() {
    for (;;) {
      at_ = std::min(text_.find('<', at_), text_.size());
      if (at_ == text_.size()) return std::nullopt;
      if (skips("<!--", "-->") || skips("<?", "?>") || skips("</", ">")) continue;
      if (text_.substr(at_).starts_with("<!")) refuse("the XML has a document type or CDATA");
      ++at_;
      return tag();
    }
  }

 private:
  bool skips(std::string_view begin, std::string_view end) {
    if (!text_.substr(at_).starts_with(begin)) return false;
    const std::size_t stop = text_.find(end, at_ + begin.size());
    if (stop == std::string_view::npos) refuse("the XML is cut off");
    at_ = stop + end.size();
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) refuse("the XML is cut off");
  }
  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) &&
           std::string_view("=/><\"'").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    if (at_ == begin) refuse("the XML has an element or attribute without a name");
    const auto full = text_.substr(begin, at_ - begin);
    const std::size_t colon = full.rfind(':');
    return colon == std::string_view::npos ? full : full.substr(colon + 1);
  }
  Tag tag() {
    Tag read{.name = word(), .attributes = {}};
    for (;;) {
      skip_space();
      if (text_[at_] == '/') ++at_, skip_space();
      if (text_[at_] == '>') return read;
      const auto name = word();
      skip_space();
      if (text_[at_] != '=') refuse("an attribute has no value", std::string(name.substr(0, 40)));
      ++at_;
      skip_space();
      const char quote = text_[at_];
      const std::size_t end =
          quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : std::string_view::npos;
      if (end == std::string_view::npos) refuse("the value of an attribute has no quotes");
      read.attributes.push_back({name, unescaped(text_.substr(at_ + 1, end - at_ - 1))});
      at_ = end + 1;
    }
  }
  std::string unescaped(std::string_view raw) const {
    std::string out;
    for (std::size_t k = 0; k < raw.size(); ++k) {
      if (raw[k] != '&') {
        out += raw[k];
        continue;
      }
      const std::size_t end = raw.find(';', k);
      if (end == std::string_view::npos) refuse("an entity is cut off");
      append_entity(raw.substr(k + 1, end - k - 1), out);
      k = end;
    }
    return out;
  }
  void append_entity(std::string_view name, std::string& out) const {
    if (name == "amp")
      out += '&';
    else if (name == "lt")
      out += '<';
    else if (name == "gt")
      out += '>';
    else if (name == "quot")
      out += '"';
    else if (name == "apos")
      out += '\'';
    else if (name.starts_with("#"))
      append_character(name.substr(1), out);
    else
      refuse("an entity is not known", std::string(name.substr(0, 40)));
  }
  void append_character(std::string_view digits, std::string& out) const {
    const bool is_hex = digits.starts_with("x");
    if (is_hex) digits.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size() || code == 0 ||
        code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      refuse("a character reference is no character", std::string(digits.substr(0, 40)));
    }
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
      put(0xC0U | code >> 6U);
    } else {
      if (code < 0x10000) {
        put(0xE0U | code >> 12U);
      } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
      }
      put(0x80U | (code >> 6U & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
};

double weight_of(const Tag& tag, const TagReader& reader) {
  const std::string* text = tag.find("weight");
  if (text == nullptr || *text == "True") return 1.0;
  double value = 0.0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value)) {
    reader.refuse("the weight of an edge is not a finite number", text->substr(0, 40));
  }
  return value;
}

}  // namespace

GexfGraph parse_gexf(std::string_view text, const std::string& source) {
  GexfGraph graph;
  TagReader reader(text, source);
  std::unordered_map<std::string, std::uint32_t> place;
  bool is_gexf = false;
  const auto end_of = [&](const Tag& tag, std::string_view which) {
    const std::string* id = tag.find(which);
    if (id == nullptr) reader.refuse("an edge has no " + std::string(which));
    const auto found = place.find(*id);
    if (found == place.end())
      reader.refuse("an edge is of a node that is not there", id->substr(0, 40));
    return found->second;
  };
  while (const auto tag = reader.next()) {
    is_gexf = is_gexf || tag->name == "gexf";
    if (!is_gexf) reader.refuse("this is no GEXF file");
    if (tag->name == "graph" || tag->name == "edge") {
      const std::string* type = tag->find(tag->name == "graph" ? "defaultedgetype" : "type");
      if (type != nullptr && *type == "directed") reader.refuse("the graph is directed");
    }
    if (tag->name == "node") {
      const std::string* id = tag->find("id");
      if (id == nullptr) reader.refuse("a node has no id");
      if (!place.emplace(*id, static_cast<std::uint32_t>(graph.ids.size())).second) {
        reader.refuse("a node is there twice", id->substr(0, 40));
      }
      graph.ids.push_back(*id);
    } else if (tag->name == "edge") {
      graph.edges.push_back({.a = end_of(*tag, "source"),
                             .b = end_of(*tag, "target"),
                             .weight = weight_of(*tag, reader)});
    }
  }
  if (!is_gexf) reader.refuse("this is no GEXF file");
  return graph;
}

}  // namespace cupel
