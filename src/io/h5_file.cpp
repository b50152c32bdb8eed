#include "io/h5_file.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cupel/error.hpp"
#include "io/h5_filters.hpp"
#include "io/h5_types.hpp"

namespace cupel::h5 {

static_assert(sizeof(Id) == sizeof(hid_t));

namespace {
std::recursive_mutex first_mutex;
std::recursive_mutex* current_mutex = &first_mutex;
}  // namespace

std::recursive_mutex& library_mutex() noexcept { return *current_mutex; }
void silence_library() {
  thread_local bool is_silent = false;
  if (is_silent) return;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  is_silent = true;
}
void forget_library_mutex() { current_mutex = new std::recursive_mutex; }

Handle::~Handle() {
  if (id_ < 0) return;
  const std::lock_guard lock(library_mutex());
  close_(id_);
}

namespace {

using Lock = std::lock_guard<std::recursive_mutex>;

Handle object_handle(hid_t id) { return {id, H5Oclose}; }
Handle type_handle(hid_t id) { return {id, H5Tclose}; }
Handle space_handle(hid_t id) { return {id, H5Sclose}; }
Handle list_handle(hid_t id) { return {id, H5Pclose}; }

// A dataset whose declared size is below this may hold less (chunks that were never written).
constexpr std::uint64_t kSmallBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kFewChunks = 1024;                        // so many may be missing
constexpr std::uint64_t kMaxChunkBytes = std::uint64_t{1} << 33;  // HDF5 allows 2^32
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

// Every filter that is known here is known to libhdf5, too.
void prepare_library() {
  silence_library();
  register_filters();
}

// Path of the file without a slash at its begin; "" is the root.
std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : path + "/") {
    if (c != '/') {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::move(part));
      part.clear();
    }
  }
  return parts;
}

Handle variable_text(hid_t like) {
  Handle type = type_handle(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5Tget_cset(like));
  return type;
}

// Texts of fixed length end at the first null byte, or are padded with blanks.
std::string fixed_text(const char* begin, std::size_t size, H5T_str_t padding) {
  std::string text(begin, size);
  if (const auto end = text.find('\0'); end != std::string::npos) text.resize(end);
  if (padding == H5T_STR_SPACEPAD) text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// Elements [first, first + n) along the only dimension.
Handle slab(hid_t dataset, std::size_t first, std::size_t n, hid_t& memory) {
  Handle space = space_handle(H5Dget_space(dataset));
  const hsize_t start = first;
  const hsize_t count = n;
  if (H5Sget_simple_extent_ndims(space.get()) == 1) {
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr);
  }
  memory = H5Screate_simple(1, &count, nullptr);
  return space;
}

}  // namespace

std::string DatasetInfo::compression() const {
  std::string words;
  for (const auto& filter : filters) {
    if (filter.id == H5Z_FILTER_SHUFFLE || filter.id == H5Z_FILTER_FLETCHER32) continue;
    words += (words.empty() ? "" : "+") + filter.name;
  }
  if (words.empty()) return "none";
  for (const auto& filter : filters) {
    if (filter.id == H5Z_FILTER_SHUFFLE) words += "+shuffle";
  }
  return words;
}

std::uint64_t DatasetInfo::chunk_bytes() const noexcept {
  std::uint64_t bytes = type.size;
  for (const auto size : chunk) bytes *= size;
  return bytes;
}

std::shared_ptr<const File> File::open(const std::filesystem::path& path) {
  const Lock lock(library_mutex());
  prepare_library();
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    fail(ErrorKind::io, "there is no such file", {.file = path.string()});
  }
  const std::shared_ptr<File> file(new File);
  file->source_ = path.string();
  const Handle access = list_handle(H5Pcreate(H5P_FILE_ACCESS));
  file->file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!file->file_) {
    fail_input("the file cannot be opened as HDF5: it is cut off or damaged",
               {.file = file->source_}, "fetch or write it again");
  }
  return file;
}

std::shared_ptr<const File> File::open_image(std::string bytes, std::string source) {
  const Lock lock(library_mutex());
  prepare_library();
  const std::shared_ptr<File> file(new File);
  file->source_ = std::move(source);
  file->image_ = std::move(bytes);
  const Handle access = list_handle(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fapl_core(access.get(), std::size_t{1} << 16, 0);
  if (!file->image_.empty()) {
    H5Pset_file_image(access.get(), file->image_.data(), file->image_.size());
    file->file_ = Handle(H5Fopen(file->source_.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  }
  if (!file->file_) {
    fail_input("the file cannot be opened as HDF5: it is cut off or damaged",
               {.file = file->source_}, "fetch or write it again");
  }
  return file;
}

void File::fail_at(const std::string& path, const std::string& message,
                   const std::string& hint) const {
  fail_input(path + ": " + message, {.file = source_}, hint);
}

Handle File::open_object(const std::string& path) const {
  const Lock lock(library_mutex());
  silence_library();
  std::string walked;
  for (const auto& part : components(path)) {
    walked += (walked.empty() ? "" : "/") + part;
    if (H5Lexists(file_.get(), walked.c_str(), H5P_DEFAULT) <= 0) return {};
    H5L_info_t info{};
    if (H5Lget_info(file_.get(), walked.c_str(), &info, H5P_DEFAULT) < 0) return {};
    if (info.type != H5L_TYPE_HARD && info.type != H5L_TYPE_SOFT) {
      fail_at(path, "is a link into another file, which is not followed",
              "write the data into the file itself");
    }
    if (H5Oexists_by_name(file_.get(), walked.c_str(), H5P_DEFAULT) <= 0) return {};
  }
  return object_handle(H5Oopen(file_.get(), path.empty() ? "/" : path.c_str(), H5P_DEFAULT));
}

bool File::is_group(const std::string& path) const {
  const Lock lock(library_mutex());
  const Handle object = open_object(path);
  return object && H5Iget_type(object.get()) == H5I_GROUP;
}

bool File::is_dataset(const std::string& path) const {
  const Lock lock(library_mutex());
  const Handle object = open_object(path);
  return object && H5Iget_type(object.get()) == H5I_DATASET;
}

std::vector<std::string> File::children(const std::string& path) const {
  const Lock lock(library_mutex());
  std::vector<std::string> names;
  const Handle object = open_object(path);
  if (!object || H5Iget_type(object.get()) != H5I_GROUP) return names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* into) -> herr_t {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return 0;
  };
  hsize_t at = 0;
  if (H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_INC, &at, add, &names) < 0) {
    fail_at(path, "the group cannot be listed: the file is damaged");
  }
  return names;
}

Handle File::open_attribute(const std::string& path, const std::string& name) const {
  const Handle object = open_object(path);
  if (!object || H5Aexists(object.get(), name.c_str()) <= 0) return {};
  Handle attribute(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), H5Aclose);
  if (!attribute) fail_at(path, "the attribute \"" + name + "\" cannot be read");
  return attribute;
}

std::optional<std::string> File::text_attribute(const std::string& path,
                                                const std::string& name) const {
  auto texts = texts_attribute(path, name);
  if (!texts || texts->size() != 1) return std::nullopt;
  return std::move(texts->front());
}

std::optional<std::vector<std::string>> File::texts_attribute(const std::string& path,
                                                              const std::string& name) const {
  const Lock lock(library_mutex());
  const Handle attribute = open_attribute(path, name);
  if (!attribute) return std::nullopt;
  const Handle type = type_handle(H5Aget_type(attribute.get()));
  const Handle space = space_handle(H5Aget_space(attribute.get()));
  const hssize_t n = H5Sget_simple_extent_npoints(space.get());
  if (n <= 0) return std::vector<std::string>{};
  if (H5Tget_class(type.get()) != H5T_STRING) return std::nullopt;
  const auto count = static_cast<std::size_t>(n);
  const hsize_t stored = H5Aget_storage_size(attribute.get());
  std::vector<std::string> texts;
  if (H5Tis_variable_str(type.get()) > 0) {
    if (count > stored) fail_at(path, "the attribute \"" + name + "\" is damaged");
    const Handle memory = variable_text(type.get());
    std::vector<char*> pointers(count, nullptr);
    if (H5Aread(attribute.get(), memory.get(), static_cast<void*>(pointers.data())) < 0) {
      fail_at(path, "the attribute \"" + name + "\" cannot be read");
    }
    for (const char* text : pointers) texts.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, static_cast<void*>(pointers.data()));
    return texts;
  }
  const std::size_t size = H5Tget_size(type.get());
  if (size == 0 || size > kMaxTextBytes || count > stored / size) {
    fail_at(path, "the attribute \"" + name + "\" is damaged");
  }
  std::string bytes(count * size, '\0');
  if (H5Aread(attribute.get(), type.get(), bytes.data()) < 0) {
    fail_at(path, "the attribute \"" + name + "\" cannot be read");
  }
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back(fixed_text(bytes.data() + i * size, size, H5Tget_strpad(type.get())));
  }
  return texts;
}

std::optional<std::vector<std::int64_t>> File::integers_attribute(const std::string& path,
                                                                  const std::string& name) const {
  const Lock lock(library_mutex());
  const Handle attribute = open_attribute(path, name);
  if (!attribute) return std::nullopt;
  const Handle type = type_handle(H5Aget_type(attribute.get()));
  const Handle space = space_handle(H5Aget_space(attribute.get()));
  const hssize_t n = H5Sget_simple_extent_npoints(space.get());
  if (H5Tget_class(type.get()) != H5T_INTEGER || n < 0 || n > 64) return std::nullopt;
  std::vector<std::int64_t> values(static_cast<std::size_t>(n));
  if (H5Aread(attribute.get(), H5T_NATIVE_INT64, values.data()) < 0) {
    fail_at(path, "the attribute \"" + name + "\" cannot be read");
  }
  return values;
}

std::optional<std::string> File::referred(const std::string& path, const std::string& name) const {
  const Lock lock(library_mutex());
  const Handle attribute = open_attribute(path, name);
  if (!attribute) return std::nullopt;
  const Handle type = type_handle(H5Aget_type(attribute.get()));
  const Handle space = space_handle(H5Aget_space(attribute.get()));
  if (H5Tequal(type.get(), H5T_STD_REF_OBJ) <= 0 ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    return std::nullopt;
  }
  hobj_ref_t reference = 0;
  if (H5Aread(attribute.get(), H5T_STD_REF_OBJ, &reference) < 0) return std::nullopt;
  const Handle object =
      object_handle(H5Rdereference2(file_.get(), H5P_DEFAULT, H5R_OBJECT, &reference));
  if (!object) fail_at(path, "the attribute \"" + name + "\" refers to nothing");
  std::string found(1024, '\0');
  const ssize_t size = H5Iget_name(object.get(), found.data(), found.size());
  if (size <= 0 || static_cast<std::size_t>(size) >= found.size()) {
    fail_at(path, "the attribute \"" + name + "\" refers to an object without a name");
  }
  found.resize(static_cast<std::size_t>(size));
  return found;
}

Handle File::open_dataset(const std::string& path) const {
  const Lock lock(library_mutex());
  Handle object = open_object(path);
  if (!object || H5Iget_type(object.get()) != H5I_DATASET) {
    fail_at(path, "the dataset is missing or damaged");
  }
  return object;
}

std::uint64_t File::count_chunks(const std::string& path) const {
  const Lock lock(library_mutex());
  const Handle dataset = open_dataset(path);
  const Handle space = space_handle(H5Dget_space(dataset.get()));
  hsize_t n_chunks = 0;
  return H5Dget_num_chunks(dataset.get(), space.get(), &n_chunks) < 0 ? 0 : n_chunks;
}

DatasetInfo File::dataset(const std::string& path) const {
  const Lock lock(library_mutex());
  const Handle dataset = open_dataset(path);
  const Handle space = space_handle(H5Dget_space(dataset.get()));
  const Handle type = type_handle(H5Dget_type(dataset.get()));
  const Handle properties = list_handle(H5Dget_create_plist(dataset.get()));
  if (!space || !type || !properties) fail_at(path, "the dataset is damaged");
  DatasetInfo info;
  info.path = path;
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0) fail_at(path, "the dataset is damaged");
  std::array<hsize_t, H5S_MAX_RANK> dims{};
  H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr);
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) info.n_elements = 0;
  for (int i = 0; i < rank; ++i) {
    const hsize_t size = dims[static_cast<std::size_t>(i)];
    if (size != 0 && info.n_elements > (std::uint64_t{1} << 56) / size) {
      fail_at(path, "the dataset declares an impossible size");
    }
    info.n_elements *= size;
    info.dims.push_back(size);
  }
  info.type = type_of(type.get());
  if (info.type.size == 0) fail_at(path, "the dataset has elements of no size");
  if (info.type.kind == Kind::compound) info.fields = fields_of(type.get());
  const auto layout = H5Pget_layout(properties.get());
  if (layout == H5D_VIRTUAL || H5Pget_external_count(properties.get()) > 0) {
    fail_at(path, "the data lie in another file, which is not opened",
            "copy them into the file itself (h5repack)");
  }
  if (layout == H5D_CHUNKED) {
    if (H5Pget_chunk(properties.get(), H5S_MAX_RANK, dims.data()) != rank) {
      fail_at(path, "the dataset is damaged");
    }
    for (int i = 0; i < rank; ++i) {
      const hsize_t size = dims[static_cast<std::size_t>(i)];
      if (size == 0 || info.chunk_bytes() > kMaxChunkBytes / size) {
        fail_at(path, "the dataset has chunks of an impossible size");
      }
      info.chunk.push_back(size);
    }
  }
  info.filters = filters_of(properties.get());
  info.bytes_on_disk = H5Dget_storage_size(dataset.get());
  return info;
}

std::vector<std::string> File::texts(const DatasetInfo& info, const Field* field) const {
  const Lock lock(library_mutex());
  check_stored(*this, info);
  const Handle dataset = open_dataset(info.path);
  const Handle stored = type_handle(H5Dget_type(dataset.get()));
  Handle element;
  if (field == nullptr) {
    element = type_handle(H5Tcopy(stored.get()));
  } else {
    const int index = H5Tget_member_index(stored.get(), field->name.c_str());
    if (index < 0) fail_at(info.path, "there is no field \"" + field->name + "\"");
    element = type_handle(H5Tget_member_type(stored.get(), static_cast<unsigned>(index)));
  }
  const bool is_variable = H5Tis_variable_str(element.get()) > 0;
  const H5T_str_t padding = H5Tget_strpad(element.get());
  if (is_variable) element = variable_text(element.get());
  const std::size_t size = H5Tget_size(element.get());
  if (size == 0 || size > kMaxTextBytes) fail_at(info.path, "texts of an impossible length");
  Handle memory_type;
  if (field == nullptr) {
    memory_type = std::move(element);
  } else {
    memory_type = type_handle(H5Tcreate(H5T_COMPOUND, size));
    H5Tinsert(memory_type.get(), field->name.c_str(), 0, element.get());
  }
  std::vector<std::string> texts;
  std::vector<char> bytes;
  const std::size_t step = std::max<std::size_t>(1, (std::size_t{1} << 22) / size);
  for (std::size_t first = 0; first < info.n_elements; first += step) {
    const std::size_t n = std::min<std::size_t>(step, info.n_elements - first);
    hid_t memory_id = -1;
    const Handle space = slab(dataset.get(), first, n, memory_id);
    const Handle memory = space_handle(memory_id);
    bytes.assign(n * size, '\0');
    if (H5Dread(dataset.get(), memory_type.get(), memory.get(), space.get(), H5P_DEFAULT,
                bytes.data()) < 0) {
      fail_at(info.path, "the texts cannot be read (stored with " + info.compression() + ")",
              "the file is damaged, or written with a filter that is not known here: write it "
              "again with gzip");
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (is_variable) {
        const char* text = nullptr;
        std::copy_n(bytes.data() + i * size, sizeof text, reinterpret_cast<char*>(&text));
        texts.emplace_back(text == nullptr ? "" : text);
      } else {
        texts.push_back(fixed_text(bytes.data() + i * size, size, padding));
      }
    }
    if (is_variable) {
      H5Dvlen_reclaim(memory_type.get(), memory.get(), H5P_DEFAULT, bytes.data());
    }
  }
  return texts;
}

std::vector<double> File::field_numbers(const DatasetInfo& info, const Field& field) const {
  const Lock lock(library_mutex());
  check_stored(*this, info);
  const Handle dataset = open_dataset(info.path);
  std::size_t width = 1;
  std::array<hsize_t, H5S_MAX_RANK> dims{};
  for (std::size_t i = 0; i < field.dims.size(); ++i) {
    dims[i] = field.dims[i];
    width *= field.dims[i];
  }
  if (width == 0 || width > info.type.size) fail_at(info.path, "a field of an impossible size");
  Handle element = type_handle(H5Tcopy(H5T_NATIVE_DOUBLE));
  if (!field.dims.empty()) {
    element = type_handle(
        H5Tarray_create2(H5T_NATIVE_DOUBLE, static_cast<unsigned>(field.dims.size()), dims.data()));
  }
  const Handle memory_type = type_handle(H5Tcreate(H5T_COMPOUND, width * sizeof(double)));
  H5Tinsert(memory_type.get(), field.name.c_str(), 0, element.get());
  std::vector<double> values(info.n_elements * width);
  if (H5Dread(dataset.get(), memory_type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    fail_at(info.path, "the field \"" + field.name + "\" cannot be read");
  }
  return values;
}

void check_stored(const File& file, const DatasetInfo& info) {
  const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / 2;
  if (info.type.size != 0 && info.n_elements > limit / info.type.size) {
    file.fail_at(info.path, "the dataset declares an impossible size");
  }
  const std::uint64_t ratio = largest_ratio(info.filters);
  if (info.chunk_bytes() / ratio > info.bytes_on_disk + kSmallBytes) {
    file.fail_at(info.path, "has chunks of " + std::to_string(info.chunk_bytes()) +
                                " bytes and stores " + std::to_string(info.bytes_on_disk));
  }
  const std::uint64_t declared = info.n_elements * info.type.size;
  const std::uint64_t chunks_declared = declared / info.chunk_bytes();
  if (declared <= kSmallBytes && (info.chunk.empty() || chunks_declared <= kFewChunks)) return;
  std::uint64_t held = info.bytes_on_disk;
  if (!info.chunk.empty()) {
    const std::uint64_t n_chunks = file.count_chunks(info.path);
    if (chunks_declared > kFewChunks && n_chunks < chunks_declared - kFewChunks) {
      file.fail_at(info.path,
                   "the dataset declares " + std::to_string(chunks_declared) +
                       " chunks and stores " + std::to_string(n_chunks),
                   "the file was not written to its end");
    }
    const std::uint64_t chunk_bytes = info.chunk_bytes();
    held = n_chunks > limit / chunk_bytes ? limit : n_chunks * chunk_bytes;
  }
  if (declared > kSmallBytes && held < declared - kSmallBytes) {
    file.fail_at(info.path,
                 "the dataset declares " + std::to_string(declared) + " bytes and stores " +
                     std::to_string(held),
                 "the file was not written to its end");
  }
}

}  // namespace cupel::h5
