#include "io/pickle.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {

using Kind = PickleValue::Kind;

/// The stack machine of the pickle protocol, for data only.
class PickleReader {
 public:
  PickleReader(std::string_view bytes, Pickle& out) : bytes_(bytes), out_(out) {}

  void run() {
    while (step()) {
    }
    if (stack_.size() != 1) refuse("it ends with " + std::to_string(stack_.size()) + " values");
    out_.root_ = stack_.back();
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    fail_input("the pickle cannot be read safely: " + why + " (byte " + std::to_string(at_) + ")",
               {.file = out_.source_},
               "write the lists of samples as CSV or JSON with the tool that made the pickle");
  }

  // ---- bytes

  std::string_view take(std::size_t n) {
    if (n > bytes_.size() - at_) refuse("it is cut off");
    const auto part = bytes_.substr(at_, n);
    at_ += n;
    return part;
  }
  std::uint64_t unsigned_of(std::size_t n) {
    std::uint64_t value = 0;
    const auto part = take(n);
    for (std::size_t k = 0; k < n; ++k) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[k])) << (8 * k);
    }
    return value;
  }
  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) refuse("it is cut off");
    const auto part = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return part;
  }

  // ---- values

  std::uint32_t put(PickleValue value) {
    out_.values_.push_back(std::move(value));
    return static_cast<std::uint32_t>(out_.values_.size() - 1);
  }
  void push(PickleValue value) { stack_.push_back(put(std::move(value))); }
  void push_integer(std::int64_t value) {
    push({.kind = Kind::integer, .integer = value, .text = {}, .items = {}});
  }
  void push_boolean(bool value) {
    push({.kind = Kind::boolean, .integer = value ? 1 : 0, .text = {}, .items = {}});
  }
  void push_number(double value) {
    push({.kind = Kind::number, .number = value, .text = {}, .items = {}});
  }
  void push_text(std::string_view value, Kind kind = Kind::text) {
    push({.kind = kind, .text = std::string(value), .items = {}});
  }
  std::uint32_t pop() {
    if (stack_.empty() || (!marks_.empty() && marks_.back() == stack_.size())) {
      refuse("its stack is empty");
    }
    const std::uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  std::uint32_t top() const {
    if (stack_.empty()) refuse("its stack is empty");
    return stack_.back();
  }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse("it has no mark");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::uint32_t> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }
  void push_group(Kind kind, std::vector<std::uint32_t> items) {
    if (kind == Kind::mapping && items.size() % 2 != 0) refuse("a key has no value");
    push({.kind = kind, .text = {}, .items = std::move(items)});
  }
  void push_tuple(std::size_t n) {
    std::vector<std::uint32_t> items(n);
    for (std::size_t k = n; k-- > 0;) items[k] = pop();
    push_group(Kind::sequence, std::move(items));
  }
  void extend(Kind kind, const std::vector<std::uint32_t>& items) {
    PickleValue& group = out_.values_[top()];
    if (group.kind != kind) refuse("it adds to what is no list, set or dict");
    if (kind == Kind::mapping && items.size() % 2 != 0) refuse("a key has no value");
    group.items.insert(group.items.end(), items.begin(), items.end());
  }

  // ---- numbers as text

  template <typename T>
  T number_of(std::string_view text) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      refuse("\"" + std::string(text.substr(0, 40)) + "\" is no number of 64 bits");
    }
    return value;
  }
  void push_long(std::size_t n_bytes) {
    const auto part = take(n_bytes);
    if (n_bytes > 8) refuse("an integer has more than 64 bits");
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < n_bytes; ++k) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[k])) << (8 * k);
    }
    const bool is_negative =
        n_bytes > 0 && (static_cast<unsigned char>(part[n_bytes - 1]) & 0x80U) != 0;
    if (is_negative && n_bytes < 8) value |= ~std::uint64_t{0} << (8 * n_bytes);
    push_integer(static_cast<std::int64_t>(value));
  }
  void push_big_endian_double() {
    std::uint64_t value = 0;
    for (const char c : take(8)) value = value << 8U | static_cast<unsigned char>(c);
    push_number(std::bit_cast<double>(value));
  }
  /// 'abc' or "abc" of protocol 0, without escapes.
  void push_quoted(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back() || (text[0] != '\'' && text[0] != '"')) {
      refuse("a string has no quotes");
    }
    text = text.substr(1, text.size() - 2);
    if (text.find('\\') != std::string_view::npos) refuse("a string has escapes");
    push_text(text);
  }
  void push_raw_unicode(std::string_view text) {
    if (text.find('\\') != std::string_view::npos) refuse("a string has escapes");
    push_text(text);
  }

  // ---- names, and the values that numpy makes of them

  void push_name(std::string module, std::string_view name) {
    if (module == "__builtin__") module = "builtins";
    if (module == "numpy._core.multiarray") module = "numpy.core.multiarray";
    const std::string full = module + "." + std::string(name);
    static const std::array<std::string_view, 7> kKnown = {
        "builtins.set",  "builtins.frozenset",           "numpy.dtype",
        "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
        "_codecs.encode"};
    for (const auto known : kKnown) {
      if (known == full) return push_text(full, Kind::name);
    }
    refuse("it wants to call \"" + full.substr(0, 80) + "\"");
  }
  const PickleValue& value(std::uint32_t place) const { return out_.values_[place]; }
  const PickleValue& item(const PickleValue& group, std::size_t k) const {
    if (k >= group.items.size()) refuse("a call lacks arguments");
    return out_.values_[group.items[k]];
  }

  void reduce() {
    const std::uint32_t arguments_at = pop();
    const std::uint32_t callee_at = pop();
    constexpr std::size_t kMostArguments = 8;
    if (value(arguments_at).items.size() > kMostArguments) refuse("a call has many arguments");
    const PickleValue arguments = value(arguments_at);
    const std::string name = value(callee_at).text;
    if (value(callee_at).kind != Kind::name || arguments.kind != Kind::sequence) {
      refuse("it wants to call a value");
    }
    if (name == "builtins.set" || name == "builtins.frozenset") {
      if (arguments.items.empty()) return push_group(Kind::sequence, {});
      const PickleValue& from = item(arguments, 0);
      if (from.kind != Kind::sequence) refuse("a set is made of no list");
      spend(from.items.size());
      return push_group(Kind::sequence, from.items);
    }
    if (name == "numpy.dtype") {
      spend(item(arguments, 0).text.size());
      return push_text(item(arguments, 0).text, Kind::name);
    }
    if (name == "numpy.core.multiarray.scalar") {
      return push(decode(item(arguments, 0).text, item(arguments, 1).text));
    }
    if (name == "numpy.core.multiarray._reconstruct") return push_group(Kind::sequence, {});
    if (name == "_codecs.encode") return push_text(latin1(item(arguments, 0).text), Kind::bytes);
    refuse("it wants to call \"" + name.substr(0, 80) + "\"");
  }

  /// State of a dtype (byte order) or of an array (version, shape, dtype, Fortran order, bytes).
  void build() {
    constexpr std::size_t kLongestState = 9;
    const std::uint32_t state_at = pop();
    if (value(state_at).items.size() > kLongestState) refuse("it sets the state of an object");
    const PickleValue state = value(state_at);
    const std::uint32_t target = top();
    if (state.kind != Kind::sequence) refuse("it sets the state of an object");
    if (value(target).kind == Kind::name) {
      if (item(state, 1).text == ">") refuse("an array is big-endian");
      return;
    }
    if (value(target).kind != Kind::sequence || !value(target).items.empty() ||
        state.items.size() != 5) {
      refuse("it sets the state of an object");
    }
    const PickleValue& shape = item(state, 1);
    spend(item(state, 2).text.size() + item(state, 4).text.size());
    const std::string type = item(state, 2).text;
    const std::string raw = item(state, 4).text;
    if (shape.kind != Kind::sequence || shape.items.size() != 1 ||
        item(state, 4).kind != Kind::bytes) {
      refuse("an array does not have one dimension of numbers");
    }
    const std::size_t width = width_of(type);
    const auto length = static_cast<std::uint64_t>(item(shape, 0).integer);
    if (raw.size() % width != 0 || length != raw.size() / width) refuse("an array is cut off");
    std::vector<std::uint32_t> items;
    for (std::size_t k = 0; k < raw.size(); k += width) {
      items.push_back(put(decode(type, std::string_view(raw).substr(k, width))));
    }
    out_.values_[target].items = std::move(items);
  }

  std::size_t width_of(const std::string& type) const {
    if (type.size() == 2 && std::string_view("iufb").find(type[0]) != std::string_view::npos &&
        std::string_view("1248").find(type[1]) != std::string_view::npos) {
      return static_cast<std::size_t>(type[1] - '0');
    }
    refuse("an array has the type \"" + type.substr(0, 20) + "\"");
  }
  PickleValue decode(const std::string& type, std::string_view raw) const {
    const std::size_t width = width_of(type);
    if (raw.size() != width) refuse("a number is cut off");
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < width; ++k) {
      bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[k])) << (8 * k);
    }
    PickleValue out{.kind = Kind::integer, .text = {}, .items = {}};
    if (type[0] == 'f') {
      out.kind = Kind::number;
      if (width == 8) {
        out.number = std::bit_cast<double>(bits);
      } else if (width == 4) {
        out.number = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
      } else {
        refuse("a number has half precision");
      }
      return out;
    }
    if (type[0] == 'b') out.kind = Kind::boolean;
    if (type[0] == 'u' && width == 8 && bits >> 63U != 0)
      refuse("an integer has more than 64 bits");
    const bool is_negative = type[0] == 'i' && (bits >> (8 * width - 1) & 1U) != 0;
    if (is_negative && width < 8) bits |= ~std::uint64_t{0} << (8 * width);
    out.integer = static_cast<std::int64_t>(bits);
    return out;
  }
  /// What an array or a set copies must not add up to more than the file: memory stays O(bytes).
  void spend(std::size_t n) {
    spent_ += n;
    if (spent_ > bytes_.size()) refuse("it unpacks to more than its own size");
  }
  /// UTF-8 of code points below 256 to one byte each.
  std::string latin1(std::string_view text) {
    spend(text.size());
    std::string out;
    for (std::size_t k = 0; k < text.size(); ++k) {
      const auto c = static_cast<unsigned char>(text[k]);
      if (c < 0x80) {
        out += text[k];
      } else if ((c == 0xC2 || c == 0xC3) && k + 1 < text.size()) {
        ++k;
        out += static_cast<char>((c << 6U & 0xC0U) | (static_cast<unsigned char>(text[k]) & 0x3FU));
      } else {
        refuse("bytes are no latin-1 text");
      }
    }
    return out;
  }

  // ---- opcodes

  void remember(std::uint64_t slot) { memo_[slot] = top(); }
  void recall(std::uint64_t slot) {
    const auto found = memo_.find(slot);
    if (found == memo_.end()) refuse("it refers to a value that it does not have");
    stack_.push_back(found->second);
  }

  bool step();
  bool step_scalar(unsigned char code);
  bool step_group(unsigned char code);

  std::string_view bytes_;
  std::size_t at_ = 0;
  Pickle& out_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, std::uint32_t> memo_;
  std::size_t spent_ = 0;
};

/// Opcodes that push one plain value. False: none of them.
bool PickleReader::step_scalar(unsigned char code) {
  switch (code) {
    case 'N':
      push({});
      return true;
    case 0x88:
      push_boolean(true);
      return true;
    case 0x89:
      push_boolean(false);
      return true;
    case 'I': {
      const auto text = line();
      if (text == "00" || text == "01") {
        push_boolean(text == "01");
      } else {
        push_integer(number_of<std::int64_t>(text));
      }
      return true;
    }
    case 'J':
      push_integer(static_cast<std::int32_t>(unsigned_of(4)));
      return true;
    case 'K':
      push_integer(static_cast<std::int64_t>(unsigned_of(1)));
      return true;
    case 'M':
      push_integer(static_cast<std::int64_t>(unsigned_of(2)));
      return true;
    case 'L': {
      auto text = line();
      if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
      push_integer(number_of<std::int64_t>(text));
      return true;
    }
    case 0x8a:
      push_long(unsigned_of(1));
      return true;
    case 0x8b:
      push_long(unsigned_of(4));
      return true;
    case 'F':
      push_number(number_of<double>(line()));
      return true;
    case 'G':
      push_big_endian_double();
      return true;
    case 'S':
      push_quoted(line());
      return true;
    case 'V':
      push_raw_unicode(line());
      return true;
    case 'X':
    case 'T':
      push_text(take(unsigned_of(4)));
      return true;
    case 'U':
    case 0x8c:
      push_text(take(unsigned_of(1)));
      return true;
    case 0x8d:
      push_text(take(unsigned_of(8)));
      return true;
    case 'B':
      push_text(take(unsigned_of(4)), Kind::bytes);
      return true;
    case 'C':
      push_text(take(unsigned_of(1)), Kind::bytes);
      return true;
    case 0x8e:
    case 0x96:
      push_text(take(unsigned_of(8)), Kind::bytes);
      return true;
    default:
      return false;
  }
}

/// Opcodes of lists, tuples, sets and dicts. False: none of them.
bool PickleReader::step_group(unsigned char code) {
  switch (code) {
    case ']':
    case ')':
    case 0x8f:
      push_group(Kind::sequence, {});
      return true;
    case '}':
      push_group(Kind::mapping, {});
      return true;
    case 'l':
    case 't':
    case 0x91:
      push_group(Kind::sequence, pop_to_mark());
      return true;
    case 'd':
      push_group(Kind::mapping, pop_to_mark());
      return true;
    case 0x85:
    case 0x86:
    case 0x87:
      push_tuple(static_cast<std::size_t>(code - 0x84));
      return true;
    case 'a':
      extend(Kind::sequence, {pop()});
      return true;
    case 'e':
    case 0x90:
      extend(Kind::sequence, pop_to_mark());
      return true;
    case 's': {
      const std::uint32_t value = pop();
      const std::uint32_t key = pop();
      extend(Kind::mapping, {key, value});
      return true;
    }
    case 'u':
      extend(Kind::mapping, pop_to_mark());
      return true;
    default:
      return false;
  }
}

/// One opcode; false after the last one.
bool PickleReader::step() {
  const auto code = static_cast<unsigned char>(take(1)[0]);
  if (step_scalar(code) || step_group(code)) return true;
  switch (code) {
    case '.':
      return false;
    case 0x80:
      if (unsigned_of(1) > 5) refuse("its protocol is newer than 5");
      break;
    case 0x95:
      take(8);
      break;
    case '(':
      marks_.push_back(stack_.size());
      break;
    case '0':
      pop();
      break;
    case '1':
      pop_to_mark();
      break;
    case '2':
      stack_.push_back(top());
      break;
    case 'p':
      remember(number_of<std::uint64_t>(line()));
      break;
    case 'q':
      remember(unsigned_of(1));
      break;
    case 'r':
      remember(unsigned_of(4));
      break;
    case 0x94:
      remember(memo_.size());
      break;
    case 'g':
      recall(number_of<std::uint64_t>(line()));
      break;
    case 'h':
      recall(unsigned_of(1));
      break;
    case 'j':
      recall(unsigned_of(4));
      break;
    case 'c': {
      const std::string module(line());
      push_name(module, line());
      break;
    }
    case 0x93: {
      const std::string name = value(pop()).text;
      push_name(value(pop()).text, name);
      break;
    }
    case 'R':
      reduce();
      break;
    case 'b':
      build();
      break;
    default:
      refuse("it holds an object (opcode " + std::to_string(code) + ")");
  }
  return true;
}

Pickle Pickle::parse(std::string_view bytes, const std::string& source) {
  Pickle pickle;
  pickle.source_ = source;
  pickle.n_bytes_ = bytes.size();
  PickleReader(bytes, pickle).run();
  return pickle;
}

std::vector<std::string> Pickle::texts(const PickleValue& value) const {
  const auto refuse = [this](const std::string& what) {
    fail_input("the pickle holds " + what + " where a list of sample ids is expected",
               {.file = source_}, "check that this is the file of a split");
  };
  if (value.kind != Kind::sequence) refuse("no list");
  std::vector<std::string> out;
  out.reserve(value.items.size());
  std::size_t n_characters = 0;  // a long text that is meant many times must not unpack
  for (const std::uint32_t place : value.items) {
    const PickleValue& id = at(place);
    switch (id.kind) {
      case Kind::integer:
        out.push_back(std::to_string(id.integer));
        break;
      case Kind::number:
        out.push_back(format_double(id.number));
        break;
      case Kind::text:
        n_characters += id.text.size();
        if (n_characters > n_bytes_) refuse("the same texts again and again");
        out.push_back(id.text);
        break;
      default:
        refuse("a list of something else than numbers and texts");
    }
  }
  return out;
}

const PickleValue* Pickle::find(const PickleValue& mapping, std::string_view key) const {
  if (mapping.kind != Kind::mapping) return nullptr;
  const PickleValue* found = nullptr;
  for (std::size_t k = 0; k + 1 < mapping.items.size(); k += 2) {
    const PickleValue& name = at(mapping.items[k]);
    if (name.kind == Kind::text && name.text == key) found = &at(mapping.items[k + 1]);
  }
  return found;
}

}  // namespace cupel
