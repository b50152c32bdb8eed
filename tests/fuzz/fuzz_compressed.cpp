// Any bytes: they unpack or give an Error.
#include <string>

#include "cupel/error.hpp"
#include "io/compressed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    static_cast<void>(cupel::decompressed({reinterpret_cast<const char*>(data), size}, "fuzz"));
  } catch (const cupel::Error&) {
  }
  return 0;
}
