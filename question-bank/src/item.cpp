// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "item.hpp"

#include <openssl/sha.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using Match = AcceptedAnswer::Match;

constexpr std::array<std::pair<Match, std::string_view>, 4> kMatches{{{Match::Exact, "exact"},
                                                                      {Match::IgnoreCase, "ignore_case"},
                                                                      {Match::Regex, "regex"},
                                                                      {Match::Range, "range"}}};

std::string pictureEnding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return ".png";
  if (bytes.starts_with("\xff\xd8\xff"sv)) return ".jpg";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return ".gif";
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP"sv) return ".webp";
  return {};
}

}  // namespace

std::string_view toText(Match match) { return kMatches[static_cast<std::size_t>(match)].second; }

std::optional<Match> matchFromText(std::string_view text) {
  for (const auto& [value, name] : kMatches)
    if (name == text) return value;
  return std::nullopt;
}

std::optional<double> decimalNumber(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string answerFault(const AcceptedAnswer& answer) {
  if (answer.match == Match::Range) {
    const auto lower = decimalNumber(answer.text), upper = decimalNumber(answer.upper);
    if (!lower || !upper) return "and 'upper' must be decimal numbers, such as -0.5 or 1.2e3";
    if (*upper < *lower) return "must not be above 'upper'";
  }
  if (answer.match == Match::Regex) {
    const RE2 pattern(answer.text, RE2::Quiet);
    if (!pattern.ok()) return "is not a regular expression: " + pattern.error();
    const RE2 narrow(narrowedPattern(answer.text), RE2::Quiet);  // what answers are held against
    if (!narrow.ok()) return "is not a regular expression once its full-width characters are narrowed: " + narrow.error();
  }
  return {};
}

std::string mediaName(std::string_view bytes) {
  const std::string ending = pictureEnding(bytes);
  if (ending.empty() || bytes.size() > kMediaBytesMax) return {};
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return toHex(digest).substr(0, 32) + ending;
}

std::vector<std::string> mediaIn(std::string_view html) {
  std::vector<std::string> names;
  constexpr std::string_view kMark = "\"media:";
  for (auto at = html.find(kMark); at != std::string_view::npos; at = html.find(kMark, at + 1)) {
    const auto start = at + kMark.size(), end = html.find('"', start);
    if (end == std::string_view::npos) break;
    names.emplace_back(html.substr(start, end - start));
  }
  return names;
}

std::vector<std::string> mediaOf(const Item& item) {
  if (item.markup != Markup::Html) return {};
  std::vector<std::string> names = mediaIn(item.stem);
  const auto add = [&](const std::string& html) {
    for (std::string& name : mediaIn(html)) names.push_back(std::move(name));
  };
  for (const std::string& option : item.options) add(option);
  for (const std::string& note : item.option_notes) add(note);
  add(item.explanation);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace invigil::bank
