// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "list_text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "invigil/base/text.hpp"

namespace invigil::face {
namespace {

std::optional<std::string> converted(std::string_view bytes, const char* from) {
  const iconv_t way = iconv_open("UTF-8", from);
  if (way == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(bytes.size() * 3 + 16, '\0');
  char* source = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  char* target = out.data();
  std::size_t left = bytes.size(), room = out.size();
  const bool whole = iconv(way, &source, &left, &target, &room) != static_cast<std::size_t>(-1);
  iconv_close(way);
  if (!whole) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

/// By its mark, or because every second byte of commas, digits and line ends is zero; nullptr = no UTF-16.
const char* utf16Of(std::string_view& bytes) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if (little || bytes.starts_with("\xFE\xFF")) {
    bytes.remove_prefix(2);
    return little ? "UTF-16LE" : "UTF-16BE";
  }
  std::array<std::size_t, 2> zeros{};
  const std::size_t looked = std::min<std::size_t>(bytes.size(), 4096);
  for (std::size_t i = 0; i < looked; ++i) zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
  if (zeros[1] > 3 * zeros[0]) return "UTF-16LE";
  if (zeros[0] > 3 * zeros[1]) return "UTF-16BE";
  return nullptr;
}

/// Whether three in four of the characters of two bytes are in GB 2312. In a western code page a letter with an accent stands before one without: read as
/// GB 18030 such pairs are characters that hardly anybody has seen.
bool readsAsChinese(std::string_view bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::size_t pairs = 0, common = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (byte(i) < 0x80) continue;
    ++pairs;
    common += byte(i) >= 0xA1 && byte(i) <= 0xF7 && byte(i + 1) >= 0xA1 ? 1 : 0;
    ++i;
  }
  return pairs > 0 && 4 * common >= 3 * pairs;
}

/// From 1; of lines that end with LF, CR LF or CR.
std::size_t firstLineThatIsNotUtf8(std::string_view bytes) {
  std::size_t line = 1;
  for (std::size_t begin = 0; begin < bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", begin), bytes.size());
    if (!isUtf8(bytes.substr(begin, end - begin))) return line;
    begin = end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return line;
}

}  // namespace

Result<ListText> listText(const std::string& bytes, const std::string& path) {
  const auto refuse = [&](const std::string& why) { return fail(ErrorCode::InvalidInput, "bad_table", path + " " + why, "list_text.cpp"); };
  if (bytes.starts_with("PK\x03\x04")) return refuse("is a workbook or an archive and no text: save the list as CSV in UTF-8");
  std::string_view rest = bytes;
  if (const char* wide = utf16Of(rest)) {
    if (auto text = converted(rest, wide)) return ListText{std::move(*text)};
    return refuse(std::string("looks like ") + wide + " but is broken: save the list as CSV in UTF-8");
  }
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  if (isUtf8(rest)) return ListText{std::string(rest)};
  if (readsAsChinese(rest))
    if (auto text = converted(rest, "GB18030")) return ListText{std::move(*text), true};
  return refuse("line " + std::to_string(firstLineThatIsNotUtf8(rest)) + " is not UTF-8: save the list as UTF-8 (in Excel: 'CSV UTF-8')");
}

}  // namespace invigil::face
