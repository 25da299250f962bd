// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/texts.hpp"

#include <algorithm>
#include <re2/re2.h>

#include <cstdio>
#include <utility>

#include "formats/table_parts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

struct Encoding {
  std::string_view declared;
  const char* name;  ///< for iconv, which must not be given a name out of a file
};

/// GB 18030 holds all of GB 2312 and GBK; what calls itself Latin-1 is in practice Windows' code page.
constexpr Encoding kEncodings[]{{"GB2312", "GB18030"}, {"GBK", "GB18030"}, {"GB18030", "GB18030"}, {"GB_2312-80", "GB18030"}, {"EUC-CN", "GB18030"}, {"CP936", "GB18030"},
                                {"MS936", "GB18030"}, {"WINDOWS-936", "GB18030"}, {"X-GBK", "GB18030"}, {"BIG5", "BIG5"}, {"CP950", "CP950"}, {"BIG5-HKSCS", "BIG5-HKSCS"},
                                {"ISO-8859-1", "CP1252"}, {"LATIN1", "CP1252"}, {"WINDOWS-1252", "CP1252"}, {"CP1252", "CP1252"}, {"ISO-8859-15", "ISO-8859-15"},
                                {"SHIFT_JIS", "CP932"}, {"WINDOWS-31J", "CP932"}, {"EUC-JP", "EUC-JP"}, {"EUC-KR", "CP949"}};

/// encoding="…" of <?xml …?> in capitals; "" = none.
std::string declaredEncoding(std::string_view bytes) {
  constexpr std::size_t kDeclarationMax = 400;
  bytes = bytes.substr(0, kDeclarationMax);
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  if (!bytes.starts_with("<?xml")) return {};
  bytes = bytes.substr(0, bytes.find("?>"));
  const std::size_t at = bytes.find("encoding"), open = at == std::string_view::npos ? at : bytes.find_first_of("'\"", at);
  const std::size_t close = open == std::string_view::npos ? open : bytes.find(bytes[open], open + 1);
  if (close == std::string_view::npos) return {};
  std::string name = trim(bytes.substr(open + 1, close - open - 1));
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return name;
}

/// By a mark, or by how "<" stands there; nullptr = one byte a character at the beginning.
const char* wideEncoding(std::string_view& bytes) {
  using namespace std::string_view_literals;
  static constexpr std::pair<std::string_view, const char*> kMarks[]{{"\xFF\xFE\0\0"sv, "UTF-32LE"}, {"\0\0\xFE\xFF"sv, "UTF-32BE"}, {"\xFF\xFE"sv, "UTF-16LE"}, {"\xFE\xFF"sv, "UTF-16BE"}};
  static constexpr std::pair<std::string_view, const char*> kFirst[]{{"<\0\0\0"sv, "UTF-32LE"}, {"\0\0\0<"sv, "UTF-32BE"}, {"<\0"sv, "UTF-16LE"}, {"\0<"sv, "UTF-16BE"}};
  for (const auto& [mark, name] : kMarks)
    if (bytes.starts_with(mark)) return bytes.remove_prefix(mark.size()), name;
  for (const auto& [first, name] : kFirst)
    if (bytes.starts_with(first)) return name;
  return nullptr;
}

/// Chinese in UTF-8 takes three bytes: a few characters of GB 2312 may by chance be UTF-8 of two bytes each, then the declaration knows better.
bool onlyShortSequences(std::string_view text) {
  const auto byte = [](char c) { return static_cast<unsigned char>(c); };
  return std::any_of(text.begin(), text.end(), [&](char c) { return byte(c) >= 0x80; }) && std::none_of(text.begin(), text.end(), [&](char c) { return byte(c) >= 0xE0; });
}

}  // namespace

Result<std::string_view> utf8Text(std::string_view bytes, const std::string& zh, const std::string& en) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!isUtf8(bytes)) return fail(ErrorCode::InvalidInput, "not_utf8", zh + "应为 UTF-8。 / " + en + " must be UTF-8.");
  return bytes;
}

Result<std::string> utf8Xml(std::string_view bytes, const std::string& zh, const std::string& en) {
  const auto wrong = [&](const std::string& why_zh, const std::string& why_en) {
    return fail(ErrorCode::InvalidInput, "not_utf8", zh + why_zh + "请另存为 UTF-8。 / " + en + why_en + " Save it as UTF-8.");
  };
  if (const char* wide = wideEncoding(bytes)) {
    if (auto text = converted(bytes, wide)) return text;
    return wrong(std::string("应为 ") + wide + "，但有读不懂的字节。", std::string(" should be ") + wide + " but holds bytes that cannot be read.");
  }
  const bool marked = bytes.starts_with("\xEF\xBB\xBF");
  if (marked) bytes.remove_prefix(3);
  const std::string declared = marked ? "" : declaredEncoding(bytes);
  const auto known = std::find_if(std::begin(kEncodings), std::end(kEncodings), [&](const Encoding& one) { return one.declared == declared; });
  const bool utf8 = isUtf8(bytes);
  if (utf8 && (known == std::end(kEncodings) || !onlyShortSequences(bytes))) return std::string(bytes);
  if (known == std::end(kEncodings)) {
    const std::string shown = firstCharacters(wellFormed(declared), 40);
    if (declared.empty() || declared == "UTF-8" || declared == "UTF8") return wrong("应为 UTF-8，但有不是 UTF-8 的字节。", " should be UTF-8 but holds bytes that are not.");
    return wrong("声明的编码“" + shown + "”不认识，内容也不是 UTF-8。", " declares the encoding '" + shown + "', which is not known, and is not UTF-8.");
  }
  if (auto text = converted(bytes, known->name)) return text;
  if (utf8) return std::string(bytes);
  return wrong("声明的编码是 " + declared + "，但有读不懂的字节。", " declares the encoding " + declared + " but holds bytes that cannot be read so.");
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

bool looksLikeHtml(const std::string& text) {
  if (text.find_first_of("<&") == std::string::npos) return false;
  static const re2::RE2 kTag("(?i)</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|ul|ol|li|table|tr|td|th|img|pre|code|a|font|h[1-6])(?: [^<>]*)?/?>|&[a-z]{2,6};|&#[0-9]+;");
  return re2::RE2::PartialMatch(text, kTag);
}

std::string decimalText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

}  // namespace invigil::bank::formats
