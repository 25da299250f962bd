// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/texts.hpp"

#include <cstdio>

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

Result<std::string_view> utf8Text(std::string_view bytes, const std::string& zh, const std::string& en) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!isUtf8(bytes)) return fail(ErrorCode::InvalidInput, "not_utf8", zh + "应为 UTF-8。 / " + en + " must be UTF-8.");
  return bytes;
}

std::string percentDecoded(std::string text) {
  for (std::size_t at = text.find('%'); at != std::string::npos && at + 2 < text.size(); at = text.find('%', at + 1))
    if (auto byte = fromHex(text.substr(at + 1, 2))) text.replace(at, 3, 1, static_cast<char>(byte->front()));
  return text;
}

std::string_view lastPart(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string decimalText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

}  // namespace invigil::bank::formats
