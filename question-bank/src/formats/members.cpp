// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "formats/json_reader.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

std::string indexed(std::string_view name, std::size_t index) {
  return std::string(name) + "[" + std::to_string(index) + "]";
}

std::string textFault(const Json& json, std::size_t min, std::size_t max) {
  if (!json.is_string()) return "must be text";
  const auto& text = json.get_ref<const std::string&>();
  const std::size_t length = codePoints(text);
  if (length > max)
    return "has " + std::to_string(length) + " characters; at most " + std::to_string(max) + " are allowed";
  if (min > 0 && trim(text).empty()) return "is empty";
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
  };
  if (std::any_of(text.begin(), text.end(), control)) return "holds a control character";
  return {};
}

Result<Members> Members::of(const Json& json, std::string where, std::string reason) {
  if (!json.is_object())
    return fail(ErrorCode::InvalidInput, std::move(reason),
                (where.empty() ? "The file" : "'" + where + "'") + " must be a JSON object.", where);
  Members members;
  members.json_ = &json;
  members.where_ = std::move(where);
  members.reason_ = std::move(reason);
  return members;
}

std::string Members::at(std::string_view name) const {
  return where_.empty() ? std::string(name) : where_ + "." + std::string(name);
}

tl::unexpected<Error> Members::bad(std::string_view name, std::string detail) const {
  return fail(ErrorCode::InvalidInput, reason_, "'" + at(name) + "' " + std::move(detail) + ".", at(name));
}

Status Members::only(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : json_->items())
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      std::string known;
      for (std::string_view n : names) known += (known.empty() ? "" : ", ") + std::string(n);
      return bad(firstCharacters(name, 64), "is not a member of this format (known: " + known + ")");
    }
  return {};
}

Result<const Json*> Members::member(std::string_view name) const {
  const auto found = json_->find(name);
  if (found == json_->end()) return bad(name, "is missing");
  return &*found;
}

Result<const Json*> Members::array(std::string_view name) const {
  INVIGIL_TRY(value, member(name));
  if (!value->is_array()) return bad(name, "must be an array");
  return value;
}

Result<std::string> Members::text(std::string_view name, std::size_t min, std::size_t max) const {
  INVIGIL_TRY(value, member(name));
  if (const std::string fault = textFault(*value, min, max); !fault.empty()) return bad(name, fault);
  return value->get<std::string>();
}

Result<std::string> Members::textOrEmpty(std::string_view name, std::size_t max) const {
  if (!has(name)) return std::string();
  return text(name, 0, max);
}

Result<std::string> Members::id(std::string_view name, std::string_view allowed) const {
  INVIGIL_TRY(value, text(name, 1, 64));
  if (value.find_first_not_of(allowed) != std::string::npos)
    return bad(name, "may hold only ASCII letters, digits and - . _ as docs/formats says, not '" + value + "'");
  return value;
}

Result<int> Members::integer(std::string_view name, int min, int max) const {
  INVIGIL_TRY(value, member(name));
  const bool fits = value->is_number_unsigned() ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(max)
                                                : value->is_number_integer() && value->get<std::int64_t>() <= max;
  if (!fits || value->get<std::int64_t>() < min)
    return bad(name, "must be a whole number, " + std::to_string(min) + " to " + std::to_string(max));
  return value->get<int>();
}

Result<bool> Members::boolean(std::string_view name) const {
  INVIGIL_TRY(value, member(name));
  if (!value->is_boolean()) return bad(name, "must be true or false");
  return value->get<bool>();
}

Result<Wording> Members::wording(std::string_view name) const {
  INVIGIL_TRY(value, member(name));
  INVIGIL_TRY(members, of(*value, at(name), reason_));
  INVIGIL_CHECK(members.only({"zh", "en"}));
  INVIGIL_TRY(zh, members.text("zh", 1, 200));
  INVIGIL_TRY(en, members.textOrEmpty("en", 200));
  return Wording{std::move(zh), std::move(en)};
}

Status Members::header(std::string_view format) const {
  INVIGIL_TRY(name, text("format", 1, 64));
  if (name != format) return bad("format", "must be \"" + std::string(format) + "\"");
  INVIGIL_TRY(version, member("version"));
  if (*version != 1) return bad("version", "must be 1; a newer file needs a newer Invigil");
  return {};
}

}  // namespace invigil::bank::formats
