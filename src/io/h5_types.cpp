#include "io/h5_types.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <string>

namespace cupel::h5 {
namespace {

Handle type_handle(hid_t id) { return {id, H5Tclose}; }

bool is_ieee(hid_t type, std::size_t size) {
  std::size_t sign = 0;
  std::size_t exponent = 0;
  std::size_t n_exponent = 0;
  std::size_t mantissa = 0;
  std::size_t n_mantissa = 0;
  if (H5Tget_fields(type, &sign, &exponent, &n_exponent, &mantissa, &n_mantissa) < 0) return false;
  if (mantissa != 0 || exponent != n_mantissa || sign != size * 8 - 1) return false;
  if (H5Tget_offset(type) != 0 || H5Tget_norm(type) != H5T_NORM_IMPLIED) return false;
  const std::size_t bias = H5Tget_ebias(type);
  return (size == 2 && n_exponent == 5 && bias == 15) ||
         (size == 4 && n_exponent == 8 && bias == 127) ||
         (size == 8 && n_exponent == 11 && bias == 1023);
}

bool is_boolean(hid_t type) {
  if (H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 1) return false;
  std::array<std::string, 2> names;
  for (unsigned i = 0; i < 2; ++i) {
    char* name = H5Tget_member_name(type, i);
    if (name == nullptr) return false;
    names[i] = name;
    H5free_memory(name);
  }
  std::int8_t value = 0;
  const Handle base = type_handle(H5Tget_super(type));
  if (H5Tget_class(base.get()) != H5T_INTEGER) return false;
  if (H5Tget_member_value(type, 0, &value) < 0) return false;
  return (names[0] == "FALSE" && names[1] == "TRUE" && value == 0);
}

std::string filter_name(int id) {
  switch (id) {
    case H5Z_FILTER_DEFLATE:
      return "gzip";
    case H5Z_FILTER_SHUFFLE:
      return "shuffle";
    case H5Z_FILTER_FLETCHER32:
      return "fletcher32";
    case H5Z_FILTER_SZIP:
      return "szip";
    case H5Z_FILTER_NBIT:
      return "nbit";
    case H5Z_FILTER_SCALEOFFSET:
      return "scaleoffset";
    case 307:
      return "bzip2";
    case 32000:
      return "lzf";
    case 32001:
      return "blosc";
    case 32004:
      return "lz4";
    case 32008:
      return "bitshuffle";
    case 32013:
      return "zfp";
    case 32015:
      return "zstd";
    case 32026:
      return "blosc2";
    default:
      return "filter " + std::to_string(id);
  }
}

}  // namespace

Type type_of(hid_t type) {
  Type result;
  result.size = H5Tget_size(type);
  result.big_endian = H5Tget_order(type) == H5T_ORDER_BE;
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) != H5T_SGN_NONE;
      const std::size_t size = result.size;
      result.kind = Kind::integer;
      result.is_signed = is_signed;
      result.is_plain = (size == 1 || size == 2 || size == 4 || size == 8) &&
                        H5Tget_precision(type) == size * 8 && H5Tget_offset(type) == 0;
      result.name = (is_signed ? "int" : "uint") + std::to_string(size * 8);
      break;
    }
    case H5T_FLOAT:
      result.kind = Kind::floating;
      result.is_plain = is_ieee(type, result.size);
      result.name = "float" + std::to_string(result.size * 8);
      break;
    case H5T_ENUM:
      if (is_boolean(type)) {
        result.kind = Kind::boolean;
        result.is_plain = true;
        result.name = "bool";
      } else {
        result.name = "enum";
      }
      break;
    case H5T_STRING:
      result.kind = Kind::text;
      result.is_variable = H5Tis_variable_str(type) > 0;
      result.name = "text";
      break;
    case H5T_COMPOUND:
      result.kind = Kind::compound;
      result.name = "compound";
      break;
    default:
      result.name = "a type without numbers or texts";
      break;
  }
  return result;
}

std::vector<Field> fields_of(hid_t type) {
  std::vector<Field> fields;
  const int n = H5Tget_nmembers(type);
  for (int i = 0; i < n; ++i) {
    char* name = H5Tget_member_name(type, static_cast<unsigned>(i));
    if (name == nullptr) continue;
    Field field{.name = name, .type = {}, .dims = {}};
    H5free_memory(name);
    const Handle member = type_handle(H5Tget_member_type(type, static_cast<unsigned>(i)));
    if (H5Tget_class(member.get()) == H5T_ARRAY) {
      std::array<hsize_t, H5S_MAX_RANK> dims{};
      const int rank = H5Tget_array_ndims(member.get());
      if (rank < 0 || H5Tget_array_dims2(member.get(), dims.data()) < 0) continue;
      field.dims.assign(dims.begin(), dims.begin() + rank);
      field.type = type_of(type_handle(H5Tget_super(member.get())).get());
    } else {
      field.type = type_of(member.get());
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

std::vector<Filter> filters_of(hid_t properties) {
  std::vector<Filter> filters;
  const int n = H5Pget_nfilters(properties);
  for (int i = 0; i < n; ++i) {
    unsigned flags = 0;
    unsigned info = 0;
    std::array<unsigned, 32> parameters{};
    std::size_t n_parameters = parameters.size();
    std::array<char, 64> name{};
    const auto id = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &n_parameters,
                                   parameters.data(), name.size(), name.data(), &info);
    Filter filter{.id = id, .name = filter_name(id), .parameters = {}};
    n_parameters = std::min(n_parameters, parameters.size());
    filter.parameters.assign(parameters.begin(),
                             parameters.begin() + static_cast<std::ptrdiff_t>(n_parameters));
    filters.push_back(std::move(filter));
  }
  return filters;
}

}  // namespace cupel::h5
