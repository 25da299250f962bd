// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/static_files.hpp"

#include <zlib.h>

#include <filesystem>

#include "app.hpp"
#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

std::string typeOf(const std::string& extension) {
  static const std::map<std::string, std::string> kTypes = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"}, {".json", "application/json"},
      {".woff2", "font/woff2"}, {".woff", "font/woff"}, {".webmanifest", "application/manifest+json"}};
  auto found = kTypes.find(extension);
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return whole && out.size() < plain.size() ? out : std::string();
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  StaticFiles files;
  if (folder.empty()) return files;
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return fail(ErrorCode::NotFound, "no_such_folder", "The folder with the pages, '" + folder + "', is not there. Build them first.");
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    INVIGIL_TRY(content, readFile(entry.path().string(), 32 << 20));
    const std::string name = "/" + fs::relative(entry.path(), folder).generic_string();
    File file;
    file.content_type = typeOf(entry.path().extension().string());
    file.etag = "\"" + sha256Hex(content).substr(0, 20) + "\"";
    file.immutable = name.starts_with("/assets/");
    file.gzip = gzip(content);
    file.content = std::move(content);
    files.files_[name] = std::move(file);
  }
  return files;
}

const StaticFiles::File* StaticFiles::find(const std::string& path) const {
  for (const std::string& name : {path, path + "index.html", path + ".html", path + "/index.html"})
    if (auto found = files_.find(name); found != files_.end()) return &found->second;
  return nullptr;
}

}  // namespace invigil::server
