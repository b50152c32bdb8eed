// Any bytes: the pickle reader gives values or an Error, and nothing that it gives is larger than
// what it was given.
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/error.hpp"
#include "io/pickle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace cupel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const Pickle pickle = Pickle::parse(bytes, "fuzz");
    static_cast<void>(pickle.find(pickle.root(), "cross_split_overlap"));
    const auto texts = pickle.texts(pickle.root());
    if (texts.size() > size) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
  return 0;
}
