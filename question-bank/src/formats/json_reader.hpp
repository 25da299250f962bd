// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "invigil/bank/bank.hpp"
#include "invigil/base/result.hpp"

namespace invigil::bank::formats {

using Json = nlohmann::json;

constexpr std::size_t kBytesMax = 64u << 20;
constexpr std::size_t kDepthMax = 32;

struct Document {
  Json value;
  std::optional<Error> duplicate;  ///< the first member that stands twice in one object
};

/// Reads one JSON text. Errors: TooLarge file_too_large; InvalidInput bad_json (detail: line, column).
Result<Document> readJson(std::string_view text);
/// The same, and a member that stands twice in one object is bad_json too.
Result<Json> readStrictJson(std::string_view text);

/// One JSON object read member by member; every failure names the place.
class Members {
 public:
  /// @param reason  the error's reason, e.g. "bad_bank"
  static Result<Members> of(const Json& json, std::string where, std::string reason);
  /// Refuses members that are not in the list.
  Status only(std::initializer_list<std::string_view> names) const;
  bool has(std::string_view name) const { return json_->contains(name); }
  Result<const Json*> member(std::string_view name) const;
  Result<const Json*> array(std::string_view name) const;
  /// Text of min..max characters without control characters (line breaks and tabs are allowed).
  Result<std::string> text(std::string_view name, std::size_t min, std::size_t max) const;
  Result<std::string> textOrEmpty(std::string_view name, std::size_t max) const;
  /// Text of 1..64 characters out of `allowed`.
  Result<std::string> id(std::string_view name, std::string_view allowed) const;
  Result<int> integer(std::string_view name, int min, int max) const;
  Result<bool> boolean(std::string_view name) const;
  Result<Wording> wording(std::string_view name) const;
  /// Checks "format" and "version": 1.
  Status header(std::string_view format) const;
  std::string at(std::string_view name) const;
  tl::unexpected<Error> bad(std::string_view name, std::string detail) const;

 private:
  const Json* json_ = nullptr;
  std::string where_, reason_;
};

/// "" when `json` is text of min..max characters without control characters, else what is wrong with it.
std::string textFault(const Json& json, std::size_t min, std::size_t max);
std::string indexed(std::string_view name, std::size_t index);

constexpr std::string_view kBankIdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kItemIdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view kTopicCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

/// Whether items may have more tags and enemies than items have (kItemTagsMax, kItemEnemiesMax).
enum class LongLists { Refused, Read };

/// @param lists  Read for an import: its collect() refuses such an item alone, where a bank file in use is refused whole
/// Errors as parseNative.
Result<Bank> bankFromJson(const Json& json, LongLists lists = LongLists::Refused);

}  // namespace invigil::bank::formats
