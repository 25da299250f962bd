// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/package.hpp"

#include <algorithm>

#include "formats/table_parts.hpp"
#include "formats/texts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> damaged(const std::string& name) {
  return fail(ErrorCode::InvalidInput, "bad_package", "压缩包有误：" + name + " / The package is damaged: " + name);
}

tl::unexpected<Error> tooLarge(const std::string& what) { return fail(ErrorCode::TooLarge, "package_too_large", what); }

std::string small(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// "." and ".." resolved; "" when it leads out.
std::string withoutDots(std::string_view path) {
  if (path.starts_with('/')) return "";
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string part(path.substr(at, end - at));
    at = end + 1;
    if (part == "..") {
      if (parts.empty()) return "";
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "/") + part;
  if (path.ends_with('/')) out += '/';
  return out;
}

/// As a path: zips from Windows have "\" between folders, old ones from China names in GB 18030.
std::string nameOf(zip_t* zip, zip_uint64_t index) {
  const char* raw = zip_get_name(zip, index, ZIP_FL_ENC_RAW);
  if (raw == nullptr) return {};
  std::string name = raw;
  if (!isUtf8(name)) {
    auto chinese = converted(name, "GB18030");
    const char* guessed = zip_get_name(zip, index, 0);
    name = chinese ? std::move(*chinese) : guessed != nullptr ? guessed : "";
  }
  std::replace(name.begin(), name.end(), '\\', '/');
  return name;
}

}  // namespace

Result<Package> Package::open(std::string_view bytes, const Limits& limits) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (zip == nullptr && source != nullptr) zip_source_free(source);
  zip_error_fini(&error);
  if (zip == nullptr) return damaged("zip");
  Package package(zip, limits);
  const zip_int64_t count = zip_get_num_entries(zip, 0);
  if (static_cast<std::size_t>(std::max<zip_int64_t>(0, count)) > limits.entries) return tooLarge(std::to_string(limits.entries) + " files");
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const std::string name = nameOf(zip, index);
    if (name.empty() || withoutDots(name) != name || !package.index_.emplace(name, index).second) continue;
    package.by_small_.emplace(small(name), name);
    package.names_.push_back(name);
  }
  return package;
}

std::string Package::find(const std::string& path) const {
  if (index_.contains(path)) return path;
  const auto found = by_small_.find(small(path));
  return found == by_small_.end() ? std::string() : found->second;
}

Result<std::optional<std::string>> Package::read(const std::string& name) {
  const auto found = index_.find(find(name));
  if (found == index_.end()) return std::optional<std::string>();
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(zip_.get(), found->second, 0), &zip_fclose);
  if (!file) return damaged(name);
  std::string text, block(1u << 16, '\0');
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), block.data(), block.size());
    if (got < 0) return damaged(name);
    if (got == 0) return std::optional(std::move(text));
    text.append(block, 0, static_cast<std::size_t>(got));
    read_ += static_cast<std::size_t>(got);
    if (text.size() > limits_.file_bytes || read_ > limits_.bytes) return tooLarge(name);
  }
}

Result<std::string> packed(const std::vector<std::pair<std::string, std::string>>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* zip = memory ? zip_open_from_source(memory, ZIP_TRUNCATE, &error) : nullptr;
  zip_error_fini(&error);
  const auto gaveUp = [] { return fail(ErrorCode::Internal, "cannot_write", "libzip"); };
  if (zip == nullptr) {
    if (memory != nullptr) zip_source_free(memory);
    return gaveUp();
  }
  zip_source_keep(memory);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> kept(memory, &zip_source_free);
  bool good = true;
  for (const auto& [name, bytes] : files) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = source ? zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0 && source != nullptr) zip_source_free(source);
    // One moment for every file: the same bank gives the same package.
    good = good && index >= 0 && zip_file_set_dostime(zip, static_cast<zip_uint64_t>(index), 0, 0x21, 0) == 0;
  }
  if (!good || zip_close(zip) != 0) {
    zip_discard(zip);
    return gaveUp();
  }
  if (zip_source_open(memory) != 0 || zip_source_seek(memory, 0, SEEK_END) != 0) return gaveUp();
  std::string out(static_cast<std::size_t>(std::max<zip_int64_t>(0, zip_source_tell(memory))), '\0');
  zip_source_seek(memory, 0, SEEK_SET);
  const bool whole = zip_source_read(memory, out.data(), out.size()) == static_cast<zip_int64_t>(out.size());
  zip_source_close(memory);
  if (!whole) return gaveUp();
  return out;
}

std::string resolved(std::string_view from, std::string_view link) {
  std::string path(link);
  std::replace(path.begin(), path.end(), '\\', '/');
  if (path.starts_with('/')) return "";
  return withoutDots(percentDecoded(std::string(from.substr(0, from.size() - lastPart(from).size())) + path));
}

}  // namespace invigil::bank::formats
