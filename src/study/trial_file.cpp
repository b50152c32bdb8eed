// The file format of one trial.
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "study/store.hpp"

namespace cupel::detail {
namespace {

using Json = nlohmann::json;
constexpr std::string_view kMagic = "CUPELTR1";
constexpr std::size_t kChecksumSize = 64;

static_assert(std::endian::native == std::endian::little,
              "trial files hold little-endian doubles as they are in memory");

Json diagnostics_to_json(const Diagnostics& diagnostics) {
  Json out = Json::array();
  for (const auto& item : diagnostics.all()) {
    out.push_back({{"code", item.code},
                   {"severity", static_cast<int>(item.severity)},
                   {"message", item.message},
                   {"count", item.count},
                   {"examples", item.examples}});
  }
  return out;
}

Diagnostics diagnostics_from_json(const Json& items) {
  Diagnostics out;
  for (const auto& item : items) {
    const auto code = item.at("code").get<std::string>();
    const auto severity = static_cast<Severity>(item.at("severity").get<int>());
    const auto message = item.at("message").get<std::string>();
    auto left = item.at("count").get<std::size_t>();
    for (const auto& example : item.at("examples")) {
      if (left == 0) break;
      out.add(code, severity, message, example.get<std::string>());
      --left;
    }
    out.add(code, severity, message, {}, left);
  }
  return out;
}

}  // namespace

std::string encode_trial(const std::string& hash, const TrialKey& key, const TrialResult& result) {
  const Json header{{"hash", hash},
                    {"split", key.split},
                    {"fold", key.fold},
                    {"repeat", key.repeat},
                    {"predictor", key.predictor},
                    {"seed", key.seed},
                    {"seconds", result.seconds},
                    {"n_values", result.values.size()},
                    {"diagnostics", diagnostics_to_json(result.diagnostics)}};
  const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::uint64_t header_size = text.size();
  std::string bytes(kMagic);
  bytes.reserve(kMagic.size() + sizeof header_size + text.size() +
                result.values.size() * sizeof(double) + kChecksumSize);
  bytes.append(reinterpret_cast<const char*>(&header_size), sizeof header_size);
  bytes += text;
  bytes.append(reinterpret_cast<const char*>(result.values.data()),
               result.values.size() * sizeof(double));
  return bytes += sha256_hex(bytes);
}

std::optional<DecodedTrial> decode_trial(std::string_view bytes) {
  std::uint64_t header_size = 0;
  const std::size_t prefix = kMagic.size() + sizeof header_size;
  if (bytes.size() < prefix + kChecksumSize || !bytes.starts_with(kMagic)) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumSize);
  if (sha256_hex(body) != bytes.substr(body.size())) return std::nullopt;
  std::memcpy(&header_size, body.data() + kMagic.size(), sizeof header_size);
  if (header_size > body.size() - prefix) return std::nullopt;
  try {
    const Json header = Json::parse(body.substr(prefix, header_size));
    DecodedTrial out;
    out.hash = header.at("hash").get<std::string>();
    out.key = {.split = header.at("split").get<std::string>(),
               .fold = header.at("fold").get<std::uint32_t>(),
               .repeat = header.at("repeat").get<std::uint32_t>(),
               .predictor = header.at("predictor").get<std::string>(),
               .seed = header.at("seed").get<std::uint64_t>()};
    out.result.seconds = header.at("seconds").get<double>();
    out.result.diagnostics = diagnostics_from_json(header.at("diagnostics"));
    const std::string_view values = body.substr(prefix + header_size);
    const auto n_values = header.at("n_values").get<std::size_t>();
    if (values.size() / sizeof(double) != n_values || values.size() % sizeof(double) != 0) {
      return std::nullopt;
    }
    out.result.values.resize(n_values);
    if (n_values > 0) std::memcpy(out.result.values.data(), values.data(), values.size());
    return out;
  } catch (const Json::exception&) {
    return std::nullopt;  // a valid checksum over another version's header
  }
}

}  // namespace cupel::detail
