// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zip.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::bank::formats {

/// The files of a zip package, read from memory and never more than the limits, whatever the package claims of itself.
class Package {
 public:
  struct Limits {
    std::size_t entries;
    std::size_t file_bytes;  ///< of one unpacked file
    std::size_t bytes;       ///< of all that are read
  };

  /// `bytes` must outlive it. Errors: InvalidInput bad_package; TooLarge package_too_large.
  static Result<Package> open(std::string_view bytes, const Limits& limits);
  /// Paths of the files in the order of the package, with '/' between folders; those that lead out of it ("../x", "/x") are not listed.
  const std::vector<std::string>& names() const { return names_; }
  /// The path as it is listed, whatever the case of its letters; "" when there is none.
  std::string find(const std::string& path) const;
  /// Nothing when find() finds none. Errors: as open().
  Result<std::optional<std::string>> read(const std::string& name);

 private:
  Package(zip_t* zip, const Limits& limits) : zip_(zip, &zip_discard), limits_(limits) {}
  std::unique_ptr<zip_t, decltype(&zip_discard)> zip_;
  Limits limits_;
  std::vector<std::string> names_;
  std::map<std::string, zip_uint64_t> index_;
  std::map<std::string, std::string> by_small_;  ///< names by themselves in small letters
  std::size_t read_ = 0;
};

/// A package of (path, bytes), in memory. Errors: Internal cannot_write.
Result<std::string> packed(const std::vector<std::pair<std::string, std::string>>& files);

/// `link` as written in the file `from`, as a path of the package: "\\" as "/", "." and ".." resolved, %20 decoded; "" when it leads out.
std::string resolved(std::string_view from, std::string_view link);

}  // namespace invigil::bank::formats
