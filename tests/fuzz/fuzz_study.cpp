// libFuzzer target: whatever the bytes, parse_study gives a study or an Error{input}.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/error.hpp"
#include "study/study_parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    (void)cupel::parse_study(text, "fuzz.yaml", ".");
  } catch (const cupel::Error& error) {
    if (error.kind() != cupel::ErrorKind::input) std::abort();
  }
  return 0;
}
