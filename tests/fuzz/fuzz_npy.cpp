// Any bytes as an .npy array, then as a file of fingerprints (.npy, .fps): every element and every
// bit can be read, and each row is an item or left out; or an Error.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "cupel/error.hpp"
#include "io/npy.hpp"
#include "similarity/items_read.hpp"

namespace {

using namespace cupel;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_kind(const Error& error) {
  require(error.kind() == ErrorKind::input || error.kind() == ErrorKind::unsupported);
}

void check_array(const std::string& bytes) {
  try {
    const NpyArray array = parse_npy(bytes, "fuzz");
    require(array.bytes.size() == array.rows() * array.cols() * array.item_size);
    double sum = 0.0;
    for (std::size_t i = 0; i < array.rows(); ++i) {
      for (std::size_t j = 0; j < array.cols(); ++j) sum += array.at(i, j);
    }
    require(sum == sum || array.kind == 'f');  // every element is read; only floats can be NaN
  } catch (const Error& error) {
    check_kind(error);
  }
}

void check_items(const std::string& bytes, const std::string& extension) {
  static const std::string path = "/tmp/cupel_fuzz_npy." + std::to_string(getpid());
  std::ofstream(path + extension, std::ios::binary) << bytes;
  try {
    const Items items = read_items(path + extension, ItemForm::bits, {}, {});
    require(items.bits.rows == items.size());
    require(items.bits.words.size() == items.bits.rows * items.bits.n_words);
    require(items.size() <= items.n_source_rows);
  } catch (const Error& error) {
    check_kind(error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_array(bytes);
  check_items(bytes, ".npy");
  check_items(bytes, ".fps");
  return 0;
}
