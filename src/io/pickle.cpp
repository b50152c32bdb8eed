#include "io/pickle.hpp"

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/pickle_reader.hpp"

namespace cupel {

using Kind = PickleValue::Kind;

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
