// cupel doctor: what this build and this machine can do.
#include <dlfcn.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "data/catalogue.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "json_out.hpp"
#include "report/report_page.hpp"

namespace cupel::cli {
namespace {

struct Feature {
  std::string name;
  bool is_on = false;
  std::string detail;
  std::string package;  ///< Debian package that turns it on
};

/// Text that a loaded library gives of itself, or "".
std::string library_text(const char* function) {
  using TextFunction = const char* (*)();
  void* symbol = ::dlsym(RTLD_DEFAULT, function);
  return symbol == nullptr ? "" : reinterpret_cast<TextFunction>(symbol)();
}

std::string xgboost_version() {
  using VersionFunction = void (*)(int*, int*, int*);
  void* symbol = ::dlsym(RTLD_DEFAULT, "XGBoostVersion");
  if (symbol == nullptr) return "";
  int major = 0;
  int minor = 0;
  int patch = 0;
  reinterpret_cast<VersionFunction>(symbol)(&major, &minor, &patch);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string hdf5_version() {
  using VersionFunction = int (*)(unsigned*, unsigned*, unsigned*);
  void* symbol = ::dlsym(RTLD_DEFAULT, "H5get_libversion");
  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;
  if (symbol == nullptr || reinterpret_cast<VersionFunction>(symbol)(&major, &minor, &patch) < 0) {
    return "";
  }
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::vector<Feature> features() {
  const std::string blas = library_text("openblas_get_config");
  const std::string xgboost = xgboost_version();
  return {
      {"report page", has_report_page(), "", "nodejs npm (and configure with CUPEL_WEB=ON)"},
      {"rdkit", true, rdkit_version(), "librdkit-dev"},
      {"openblas", !blas.empty(), blas, "libopenblas-pthread-dev"},
      {"xgboost", !xgboost.empty(), xgboost, "libxgboost-dev"},
      {"sqlite", true, library_text("sqlite3_libversion"), "libsqlite3-dev"},
      {"zstd", true, library_text("ZSTD_versionString"), "libzstd-dev"},
      {"hdf5", true, hdf5_version(), "libhdf5-dev"},
      {"blosc", true, library_text("blosc_get_version_string"), "libblosc-dev"},
      {"lzf", true, "", "liblzf-dev"},
      {"toml++", true, "", "libtomlplusplus-dev"},
  };
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string cpu_level() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return "avx512";
  if (__builtin_cpu_supports("avx2")) return "avx2";
  return "x86-64";
#elif defined(__aarch64__)
  return "neon";
#else
  return "generic";
#endif
}

double memory_gib() {
  return static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<double>(::sysconf(_SC_PAGE_SIZE)) / (1024.0 * 1024.0 * 1024.0);
}

std::string mirror_state(const CatalogueOptions& options) {
  if (options.mirror.empty()) return "none (set CUPEL_MIRROR or --mirror)";
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.mirror, ignored)) {
    return options.mirror.string() + " (no such folder)";
  }
  std::size_t n_there = 0;
  for (const auto& file : catalogue_files()) {
    n_there += std::filesystem::exists(options.mirror / file.mirror_path, ignored) ? 1 : 0;
  }
  return options.mirror.string() + " (" + std::to_string(n_there) + " of " +
         std::to_string(catalogue_files().size()) + " files)";
}

#ifdef __OPTIMIZE__
constexpr bool kOptimised = true;
#else
constexpr bool kOptimised = false;
#endif
#ifdef __clang__
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "g++ " __VERSION__;
#endif

int run(Session& session) {
  const CatalogueOptions options = catalogue_options(session.mirror);
  const std::string mirror = mirror_state(options);
  const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  JsonOut json;
  json.text("compiler", kCompiler).boolean("optimised", kOptimised);
  json.text("cpu", cpu_name()).text("cpu_level", cpu_level()).number("threads", threads);
  json.number("memory_gib", memory_gib());
  std::vector<JsonOut> items;
  std::string text = std::string("compiler    ") + kCompiler +
                     (kOptimised ? "" : ", not optimised") + "\ncpu         " + cpu_name() + " (" +
                     cpu_level() + ")\nthreads     " + std::to_string(threads) + "\nmemory      " +
                     std::to_string(static_cast<int>(memory_gib())) + " GiB\n\n";
  for (const auto& feature : features()) {
    JsonOut one = JsonOut::part();
    one.text("name", feature.name).boolean("on", feature.is_on).text("detail", feature.detail);
    one.text("package", feature.package);
    items.push_back(std::move(one));
    text += std::string(feature.is_on ? "on   " : "off  ") + feature.name +
            std::string(feature.name.size() < 12 ? 12 - feature.name.size() : 1, ' ') +
            feature.detail + (feature.is_on ? "" : "  (package: " + feature.package + ")") + "\n";
  }
  json.objects("features", items).text("mirror", mirror).text("cache", options.cache.string());
  text += "\nmirror      " + mirror + "\ncache       " + options.cache.string() + "\n";
  session.print(session.json ? json.dump() : text);
  return 0;
}

}  // namespace

Run define_doctor(Arguments& arguments) {
  arguments.example("cupel doctor");
  arguments.example("cupel doctor --json");
  return [](Session& session) { return run(session); };
}

}  // namespace cupel::cli
