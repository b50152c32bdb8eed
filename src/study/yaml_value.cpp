#include "study/yaml_value.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>
#include <utility>

namespace cupel {

const YamlValue* YamlValue::find(std::string_view key) const noexcept {
  if (kind != Kind::map) return nullptr;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxValues = 200'000;

std::size_t count_values(const YamlValue& value) {
  std::size_t n = 1;
  for (const auto& item : value.items) n += count_values(item);
  return n;
}

std::size_t depth_of(const YamlValue& value) {
  std::size_t deepest = 0;
  for (const auto& item : value.items) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

/// Builds the tree from yaml-cpp's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& source) : source_(source) {}

  YamlValue root;
  bool has_root = false;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    accept(make(YamlValue::Kind::null, mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& text) override {
    YamlValue value = make(YamlValue::Kind::scalar, mark);
    value.text = text;
    accept(std::move(value), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) stop("this alias refers to a value that contains it", mark);
    YamlValue value = known->second;
    value.line = line(mark);
    value.column = column(mark);
    n_values_ += count_values(value);
    if (n_values_ > kMaxValues) stop("the file has too many values", mark);
    if (open_.size() + depth_of(value) > kMaxDepth) stop("the file is nested too deep", mark);
    accept(std::move(value), 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlValue::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlValue::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlValue value;
    YAML::anchor_t anchor = 0;
    bool key_waits = false;  ///< map: the key is read, its value is not
  };

  static std::size_t line(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(0, mark.line)) + 1;
  }
  static std::size_t column(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(0, mark.column)) + 1;
  }
  [[noreturn]] void stop(const std::string& message, const YAML::Mark& mark,
                         const std::string& hint = {}) const {
    fail_input(message, {.file = source_, .row = line(mark), .column = column(mark)}, hint);
  }
  YamlValue make(YamlValue::Kind kind, const YAML::Mark& mark) {
    if (++n_values_ > kMaxValues) stop("the file has too many values", mark);
    YamlValue value;
    value.kind = kind;
    value.line = line(mark);
    value.column = column(mark);
    return value;
  }
  void open(YamlValue::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxDepth) stop("the file is nested too deep", mark);
    open_.push_back({make(kind, mark), anchor});
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    accept(std::move(done.value), done.anchor);
  }
  void accept(YamlValue value, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = value;
    if (open_.empty()) {
      root = std::move(value);
      has_root = true;
      return;
    }
    Open& parent = open_.back();
    if (parent.value.kind == YamlValue::Kind::map && !parent.key_waits) {
      add_key(parent, value);
      return;
    }
    parent.key_waits = false;
    parent.value.items.push_back(std::move(value));
  }
  void add_key(Open& parent, const YamlValue& key) const {
    if (key.kind != YamlValue::Kind::scalar) {
      fail_input("a key has to be a plain word", key.where(source_));
    }
    for (const auto& known : parent.value.keys) {
      if (known.text != key.text) continue;
      fail_input("the key \"" + key.text + "\" is given twice; the first is in line " +
                     std::to_string(known.line),
                 key.where(source_), "keep one of them");
    }
    parent.value.keys.push_back({key.text, key.line, key.column});
    parent.key_waits = true;
  }

  const std::string& source_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlValue> anchors_;
  std::size_t n_values_ = 0;
};

}  // namespace

YamlValue parse_yaml(std::string_view text, const std::string& source) {
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(source);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    YamlValue first = std::move(builder.root);
    const bool empty = !builder.has_root || first.kind == YamlValue::Kind::null;
    TreeBuilder rest(source);
    if (!empty && parser.HandleNextDocument(rest) && rest.has_root) {
      fail_input("the file holds more than one YAML document", rest.root.where(source),
                 "remove the line \"---\" between them, or make two files");
    }
    if (empty) fail_input("the file is empty", {.file = source});
    return first;
  } catch (const YAML::Exception& error) {
    Where where{.file = source};
    if (!error.mark.is_null()) {
      where.row = static_cast<std::size_t>(std::max(0, error.mark.line)) + 1;
      where.column = static_cast<std::size_t>(std::max(0, error.mark.column)) + 1;
    }
    const bool has_tabs = text.find("\n\t") != std::string_view::npos;
    fail_input("this is not valid YAML: " + error.msg, where,
               has_tabs ? "indent with spaces: YAML does not take tabs"
                        : "check the indentation, brackets and quotes on this line and the one "
                          "before");
  }
}

}  // namespace cupel
