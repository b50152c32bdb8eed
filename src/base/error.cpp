#include "cupel/error.hpp"

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"

namespace cupel {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::input:
      return "input";
    case ErrorKind::io:
      return "io";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::numeric:
      return "numeric";
    case ErrorKind::internal:
      return "internal";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "internal";
}

std::string to_string(const Where& where) {
  std::string text = where.file;
  if (where.row > 0) {
    text += (text.empty() ? "line " : ":") + std::to_string(where.row);
    if (where.column > 0) text += ":" + std::to_string(where.column);
  }
  std::string detail;
  if (!where.column_name.empty()) detail += "column \"" + where.column_name + "\"";
  if (!where.value.empty()) {
    detail += (detail.empty() ? "value \"" : ", value \"") + where.value + "\"";
  }
  if (!detail.empty()) text += (text.empty() ? "(" : " (") + detail + ")";
  return text;
}

namespace {
std::string full_text(const std::string& message, const Where& where, const std::string& hint) {
  std::string text = to_string(where);
  if (!text.empty()) text += ": ";
  text += message;
  if (!hint.empty()) text += "\n  fix: " + hint;
  return text;
}
}  // namespace

Error::Error(ErrorKind kind, std::string message, Where where, std::string hint)
    : std::runtime_error(full_text(message, where, hint)),
      kind_(kind),
      message_(std::move(message)),
      where_(std::move(where)),
      hint_(std::move(hint)) {}

void fail(ErrorKind kind, std::string message, Where where, std::string hint) {
  throw Error(kind, std::move(message), std::move(where), std::move(hint));
}

void Context::check_cancelled() const {
  if (cancel != nullptr && cancel->load(std::memory_order_relaxed)) {
    fail(ErrorKind::interrupted, "stopped on request", {},
         "run the same command again: it goes on from the trials that are done");
  }
}

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::serious:
      return "serious";
  }
  return "note";
}

void Diagnostics::add(std::string_view code, Severity severity, std::string_view message,
                      std::string_view example, std::size_t count) {
  if (count == 0) return;
  Diagnostic* item = nullptr;
  for (auto& known : items_) {
    if (known.code == code) item = &known;
  }
  if (item == nullptr) {
    item = &items_.emplace_back();
    item->code = code;
    item->severity = severity;
    item->message = message;
  }
  item->count += count;
  if (!example.empty() && item->examples.size() < kMaxExamples)
    item->examples.emplace_back(example);
}

void Diagnostics::merge(const Diagnostics& other) {
  for (const auto& item : other.items_) {
    add(item.code, item.severity, item.message, {}, item.count);
    for (auto& known : items_) {
      if (known.code != item.code) continue;
      for (const auto& example : item.examples) {
        if (known.examples.size() < kMaxExamples) known.examples.push_back(example);
      }
    }
  }
}

const Diagnostic* Diagnostics::find(std::string_view code) const noexcept {
  for (const auto& item : items_) {
    if (item.code == code) return &item;
  }
  return nullptr;
}

}  // namespace cupel
