// The few names that a pickle may mention, understood as data: numpy's dtypes, scalars and arrays,
// sets, and bytes written as latin-1 text. Nothing is called.
#include <array>

#include "io/pickle_reader.hpp"

namespace cupel {

void PickleReader::push_name(std::string module, std::string_view name) {
  if (module == "__builtin__") module = "builtins";
  if (module.starts_with("numpy._core.")) module.erase(6, 1);  // numpy 2's name of numpy.core
  const std::string full = module + "." + std::string(name);
  static const std::array<std::string_view, 8> kKnown = {"builtins.set",
                                                         "builtins.frozenset",
                                                         "numpy.dtype",
                                                         "numpy.ndarray",
                                                         "numpy.core.multiarray.scalar",
                                                         "numpy.core.multiarray._reconstruct",
                                                         "numpy.core.numeric._frombuffer",
                                                         "_codecs.encode"};
  for (const auto known : kKnown) {
    if (known == full) return push_text(full, Kind::name);
  }
  refuse("it wants to call \"" + full.substr(0, 80) + "\"");
}
void PickleReader::reduce() {
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
  if (name == "numpy.core.numeric._frombuffer") {
    return push_group(Kind::sequence,
                      array_of(item(arguments, 2), item(arguments, 1), item(arguments, 0)));
  }
  if (name == "_codecs.encode") return push_text(latin1(item(arguments, 0).text), Kind::bytes);
  refuse("it wants to call \"" + name.substr(0, 80) + "\"");
}

void PickleReader::build() {
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
  out_.values_[target].items = array_of(item(state, 1), item(state, 2), item(state, 4));
}

std::vector<std::uint32_t> PickleReader::array_of(const PickleValue& shape,
                                                  const PickleValue& of_type,
                                                  const PickleValue& data) {
  if (shape.kind != Kind::sequence || shape.items.size() != 1 || data.kind != Kind::bytes) {
    refuse("an array does not have one dimension of numbers");
  }
  spend(of_type.text.size() + data.text.size());
  const auto length = static_cast<std::uint64_t>(item(shape, 0).integer);
  const std::string type = of_type.text;  // the arena moves as it grows
  const std::string raw = data.text;
  const std::size_t width = width_of(type);
  if (raw.size() % width != 0 || length != raw.size() / width) refuse("an array is cut off");
  std::vector<std::uint32_t> items;
  for (std::size_t k = 0; k < raw.size(); k += width) {
    items.push_back(put(decode(type, std::string_view(raw).substr(k, width))));
  }
  return items;
}

std::size_t PickleReader::width_of(const std::string& type) const {
  if (type.size() == 2 && std::string_view("iufb").find(type[0]) != std::string_view::npos &&
      std::string_view("1248").find(type[1]) != std::string_view::npos) {
    return static_cast<std::size_t>(type[1] - '0');
  }
  refuse("an array has the type \"" + type.substr(0, 20) + "\"");
}
PickleValue PickleReader::decode(const std::string& type, std::string_view raw) const {
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
  if (type[0] == 'u' && width == 8 && bits >> 63U != 0) refuse("an integer has more than 64 bits");
  const bool is_negative = type[0] == 'i' && (bits >> (8 * width - 1) & 1U) != 0;
  if (is_negative && width < 8) bits |= ~std::uint64_t{0} << (8 * width);
  out.integer = static_cast<std::int64_t>(bits);
  return out;
}
std::string PickleReader::latin1(std::string_view text) {
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

}  // namespace cupel
