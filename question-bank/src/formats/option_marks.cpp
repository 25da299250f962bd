// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/option_marks.hpp"

#include <algorithm>

#include "formats/loose_text.hpp"
#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence));
}

}  // namespace

std::size_t openBytes(std::string_view text) { return text.starts_with('(') ? 1 : text.starts_with("（") ? std::string_view("（").size() : 0; }

Marker markerOf(std::string_view text) {
  Marker marker;
  const std::size_t open = openBytes(text);
  std::size_t at = open;
  if (text.size() >= at + 3 && static_cast<unsigned char>(text[at]) == 0xEF) {
    const std::string first = halfWidth(text.substr(at, 3));
    if (first.size() == 1) marker.letter = capitals(first)[0], at += 3;
  } else if (text.size() > at) {
    marker.letter = capitals(std::string(1, text[at]))[0], ++at;
  }
  if (marker.letter < 'A' || marker.letter > 'H') return {};
  marker.bytes = at;
  for (std::string_view mark : {")", "）", "、", ".", "．", "：", ":", "，", ","})
    if (text.substr(at).starts_with(mark)) {
      if (open > 0 && mark != ")" && mark != "）") return {};
      marker.bytes = at + mark.size();
      marker.strong = true;
      marker.sign = open > 0 ? "(" : mark;
      return marker;
    }
  return open > 0 ? Marker{} : marker;
}

bool listsLetters(std::string_view text, const Marker& marker) {
  if (marker.sign != "、" && marker.sign != "，" && marker.sign != ",") return false;
  const std::string next = halfWidth(text.substr(marker.bytes, 3));
  return !next.empty() && next[0] >= 'A' && next[0] <= 'H';
}

Result<Read<std::vector<std::string>>> stripMarkers(const std::vector<std::string>& options, bool marks) {
  if (options.size() < 2) return bad("分不出两个以上的选项，请用 ** 或 ## 隔开。 / Fewer than two options could be told apart: separate them with ** "
               "or ##.");
  if (options.size() > 8)
    return bad("有 " + std::to_string(options.size()) + " 个选项，最多 8 个。 / There are " + std::to_string(options.size()) + " options; at most 8 are allowed.");
  std::vector<Marker> markers;
  std::size_t marked = 0, strong = 0, fitting = 0;
  for (const std::string& option : options) {
    markers.push_back(marks ? markerOf(option) : Marker{});
    strong += markers.back().strong && markers.back().letter == static_cast<char>('A' + markers.size() - 1);
  }
  const bool all = strong == options.size();
  strong = 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!all && listsLetters(options[i], markers[i])) markers[i] = {};
    const bool fits = markers[i].letter == static_cast<char>('A' + i);
    marked += markers[i].strong;
    strong += fits && markers[i].strong;
    fitting += fits;
  }
  Read<std::vector<std::string>> out;
  // A bare letter is a marker only where every option has its own: "A级, B级" without any other mark stays as it is
  // because stripping would leave equal options.
  bool bare = fitting == options.size();
  if (bare && strong == 0) {
    std::vector<std::string> rests;
    for (std::size_t i = 0; i < options.size(); ++i) rests.push_back(trim(options[i].substr(markers[i].bytes)));
    std::sort(rests.begin(), rests.end());
    bare = std::adjacent_find(rests.begin(), rests.end()) == rests.end() && !rests.front().empty();
  }
  const bool enough = strong * 2 >= options.size();  // one "A、" of four is the beginning of a text
  for (std::size_t i = 0; i < options.size(); ++i) {
    const char expected = static_cast<char>('A' + i);
    const bool fits = markers[i].letter == expected;
    if (marked > 1 && markers[i].strong && !fits)
      return bad(std::string("选项 ") + expected + " 标成了 " + markers[i].letter + "：选项顺序不对，答案无法确定。 / Option " +
                 expected + " is marked " + markers[i].letter +
                 ": the options are out of order, so the answer is not certain.");
    const bool only_mark = markers[i].strong && markers[i].bytes == options[i].size();
    const bool strip = fits && ((markers[i].strong && (enough || only_mark)) || bare);
    out.repaired = out.repaired || (strip && !markers[i].strong) || (!strip && enough && strong > 0);
    const Read<std::string> text = cleaned(strip ? options[i].substr(markers[i].bytes) : options[i]);
    if (text.value.empty()) return bad(std::string("选项 ") + expected + " 没有文字（可能是图片）。 / Option " + expected +
                 " has no text (a picture perhaps).");
    if (codePoints(text.value) > textLimits(Markup::Plain).option)
      return bad(std::string("选项 ") + expected + " 超过 4000 个字。 / Option " + expected +
                   " is longer than 4000 characters.");
    const auto same = std::find(out.value.begin(), out.value.end(), text.value);
    if (same != out.value.end())
    {
      const std::string first(1, static_cast<char>('A' + (same - out.value.begin())));
      return bad("选项 " + first + " 和 " + expected + " 相同。 / Options " + first + " and " + expected + " are equal.");
    }
    out.value.push_back(text.value);
  }
  return out;
}

char letterOf(std::string_view text) { return markerOf(text).letter; }

std::optional<std::pair<int, std::string>> markedText(std::string_view text) {
  const std::string whole = trim(text);
  const Marker marker = markerOf(whole);
  if (!marker.strong) return std::nullopt;
  std::string rest = trim(std::string_view(whole).substr(marker.bytes));
  if (rest.empty()) return std::nullopt;
  return std::pair(marker.letter - 'A', std::move(rest));
}

}  // namespace invigil::bank::formats
