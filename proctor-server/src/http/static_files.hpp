// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "invigil/base/result.hpp"

namespace invigil::server {

/// The built pages, read once into memory, compressed where that helps. Immutable; thread-safe.
class StaticFiles {
 public:
  struct File {
    std::string content, gzip, content_type, etag;
    bool immutable = false;  ///< name carries a content hash
  };
  /// @param folder  empty = no pages. Errors: NotFound no_such_folder.
  static Result<StaticFiles> load(const std::string& folder);
  /// "/" -> index.html, "/m" -> m.html, "/staff/" -> staff/index.html; nullptr when there is none.
  const File* find(const std::string& path) const;

 private:
  std::map<std::string, File> files_;
};

}  // namespace invigil::server
