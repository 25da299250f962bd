// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "formats/loose_text.hpp"
#include "formats/option_marks.hpp"
#include "invigil/base/text.hpp"

// Options in one cell, parted by what stands between them or at their marks.
namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence));
}

constexpr std::string_view kWideBlank = "　", kHardBlank = "\xC2\xA0";

std::vector<std::string> splitAt(std::string_view cell, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = cell.find(separator);
    parts.push_back(trim(cell.substr(0, at)));
    if (at == std::string_view::npos) break;
    cell.remove_prefix(at + separator.size());
  }
  if (parts.front().empty()) parts.erase(parts.begin());
  if (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

bool blankBefore(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const std::string_view before = text.substr(0, at);
  return before.ends_with(' ') || before.ends_with('\t') || before.ends_with('\n') || before.ends_with(kWideBlank) || before.ends_with(kHardBlank);
}

/// What a mark cannot follow without a blank: "见图C.", "A/B.", "USB."
bool clings(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  if (before.empty()) return false;
  const char last = before.back();
  if ((last >= '0' && last <= '9') || (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') || std::string_view("/-+&_('\"").find(last) != std::string_view::npos) return true;
  for (std::string_view word : {"、", "和", "或", "与", "及", "至", "图", "表", "第", "见", "选项", "（", "“", "‘", "《", "〔", "【"})
    if (before.ends_with(word)) return true;
  return false;
}

bool endsSentence(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return before.ends_with("。") || before.ends_with("；") || before.ends_with("！") || before.ends_with("？") || before.ends_with(";");
}

/// Where a mark of an option stands within the text of the one before.
struct Cut {
  std::size_t at = 0;
  Marker marker;
};

/// @param spaced  strong marks behind a blank, in either case; else strong capital ones within a word, followed by text
std::vector<Cut> cutsAt(std::string_view text, std::size_t from, std::size_t end, char letter, bool spaced) {
  std::vector<Cut> out;
  for (std::size_t at = std::max<std::size_t>(from, 1); at < end; ++at) {
    if (blankBefore(text, at) != spaced) continue;
    const Marker marker = markerOf(text.substr(at));
    if (!marker.strong || marker.letter != letter) continue;
    const bool loose_sign = marker.sign == ")" || marker.sign == "）" || marker.sign == "，" || marker.sign == ",";
    const bool small = text[at + openBytes(text.substr(at))] == static_cast<char>(letter - 'A' + 'a');
    const bool within = !spaced && (loose_sign || small || clings(text, at) || listsLetters(text.substr(at), marker) || trim(text.substr(at + marker.bytes)).empty());
    if (!within) out.push_back({at, marker});
  }
  return out;
}

/// The first mark behind a blank of a letter that comes after `letter`: one between them was not seen.
std::size_t laterMark(std::string_view text, std::size_t from, char letter) {
  std::size_t first = text.size();
  for (char later = static_cast<char>(letter + 1); later <= 'H'; ++later)
    for (const Cut& cut : cutsAt(text, from, first, later, true))
      if (!listsLetters(text.substr(cut.at), cut.marker) && !trim(text.substr(cut.at + cut.marker.bytes)).empty() && text[cut.at] != static_cast<char>(later - 'A' + 'a')) {
        first = cut.at;
        break;
      }
  return first;
}

tl::unexpected<Error> unclear(char letter) {
  return bad(std::string("分不出选项 ") + letter + "：选项之间请用空格、换行、** 或 ## 隔开。 / Option " + letter +
             " could not be told apart: separate the options with blanks, line breaks, ** or ##.");
}

/// What a list of letters goes on behind.
constexpr std::array<std::string_view, 5> kAnd{"、", "和", "及", "与", "或"};

/// Bytes of the mark with `letter` that `part` begins with: "A", "A.", "A、"; 0 = it does not.
std::size_t markBytes(std::string_view part, char letter) {
  if (part.empty() || part[0] != letter) return 0;
  for (std::string_view sign : {"、", "．", ".", "：", ":"})
    if (part.substr(1).starts_with(sign)) return 1 + sign.size();
  return 1;
}

/// Letters made bold by hand, some with their text: "**A**CO **B**CO2 **CH2 **DH2O". One that stands alone goes to the text
/// behind it, one out of turn ("**A.30m**A**B.50m**A", "**C**A和**B**D阴极") to the text before. Where that does not come out
/// even the options cannot be told apart; without such letters everything stays as it is.
Result<std::vector<std::string>> joinLetters(const std::vector<std::string>& parts) {
  std::vector<std::string> out;
  bool joined = false, open = false;  // open: the text before goes on with the next part
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    const char letter = static_cast<char>('A' + out.size());
    const std::size_t mark = markBytes(part, letter);
    const bool single = part.size() == 1 && part[0] >= 'A' && part[0] <= 'H';
    if (mark > 0 && mark == part.size()) {
      const std::string& text = i + 1 < parts.size() ? parts[i + 1] : std::string();
      if (text.empty() || markBytes(text, static_cast<char>(letter + 1)) == text.size()) return parts;  // the letters are the options
      out.push_back(std::string(1, letter) + "." + text);
      ++i;
      joined = true;
    } else if (mark > 0) {
      out.push_back(std::string(1, letter) + "." + trim(part.substr(mark)));
    } else if (!out.empty() && (open || single)) {
      out.back() += part;
      joined = true;
      open = single && !open;  // behind the letter the text may go on
      continue;
    } else if (joined) {
      return unclear(letter);
    } else {
      return parts;
    }
    open = std::any_of(kAnd.begin(), kAnd.end(), [&](std::string_view word) { return out.back().ends_with(word); });
  }
  if (!joined) return parts;
  if (out.size() < 2) return unclear('B');
  return out;
}

/// Of several the one that is written like the first option's.
std::optional<Cut> oneOf(const std::vector<Cut>& cuts, std::string_view sign) {
  std::vector<Cut> alike;
  std::copy_if(cuts.begin(), cuts.end(), std::back_inserter(alike), [&](const Cut& cut) { return cut.marker.sign == sign; });
  const std::vector<Cut>& left = cuts.size() == 1 ? cuts : alike;
  return left.size() == 1 ? std::optional(left[0]) : std::nullopt;
}

/// "C 丙" between two blanks, once.
std::optional<Cut> bareMark(std::string_view text, std::size_t from, std::size_t end, char letter) {
  std::optional<Cut> found;
  for (std::size_t at = std::max<std::size_t>(from, 1); at + 1 < end; ++at) {
    if (text[at] != letter || !blankBefore(text, at) || !blankBefore(text, at + (text.substr(at + 1).starts_with(kWideBlank) ? 4 : 2))) continue;
    if (found) return std::nullopt;
    found = Cut{at, {letter, 1, false, {}}};
  }
  return found;
}

constexpr std::size_t kCutBytesMax = 200'000;  ///< more than eight options can have

struct Cutting {
  std::vector<std::string> parts;
  bool looked = false;  ///< some mark had to be looked for
};

/// Cuts `text`, which begins with the mark of an option, at the marks of the letters behind it. Where one had to be looked
/// for, its part gets a bare letter: stripMarkers() counts those as repaired.
/// @param until  letter of the part behind the text, 0 = it is the last
/// @param listed  the text is one of several parts already: options were parted by something else
Status cutAtMarks(std::string text, char until, bool listed, Cutting& out) {
  const std::string_view sign = markerOf(text).sign;
  bool tight = !listed;  // no blank parted any two so far
  for (char letter = markerOf(text).letter;; ++letter) {
    const char next = static_cast<char>(letter + 1);
    const std::size_t own = markerOf(text).bytes;
    if (next == until) break;
    if (letter == 'H') {
      for (std::string_view more : {" I.", " I、", " I．"})
        if (text.find(more) != std::string::npos) return bad("有 9 个选项，最多 8 个。 / There are 9 options; at most 8 are allowed.");
      break;
    }
    const std::vector<Cut> spaced = cutsAt(text, own, text.size(), next, true);
    std::optional<Cut> cut;
    bool looked = listed;
    if (!spaced.empty()) {
      const auto alike = std::find_if(spaced.begin(), spaced.end(), [&](const Cut& one) { return one.marker.sign == sign; });
      cut = alike == spaced.end() ? spaced.front() : *alike;
      if (laterMark(text, own, next) < cut->at) return unclear(next);
      if (listed && until == 0 && listsLetters(std::string_view(text).substr(cut->at), cut->marker)) return unclear(next);
      tight = false;
    } else {
      const std::size_t later = laterMark(text, own, next);
      const bool demanded = until > next || later < text.size();
      const std::vector<Cut> within = cutsAt(text, own, later, next, false);
      if (!within.empty()) {
        cut = oneOf(within, sign);
        const bool clear = cut && cut->marker.sign == sign && endsSentence(text, cut->at);
        if (!cut || (!demanded && !tight && !clear)) return unclear(next);
      } else if (demanded) {
        cut = bareMark(text, own, later, next);
        if (!cut && listed && !out.looked && later == text.size()) break;  // stripMarkers() says that the order is wrong
        if (!cut) return unclear(next);
      }
      looked = true;
    }
    if (!cut) break;
    out.parts.push_back(trim(std::string_view(text).substr(0, cut->at)));
    const std::string rest = trim(std::string_view(text).substr(cut->at + cut->marker.bytes));
    text = looked ? std::string(1, next) + " " + rest : text.substr(cut->at);
    out.looked = out.looked || looked;
  }
  out.parts.push_back(trim(text));
  return {};
}

/// Parts of one cell that hold the marks of further options.
Result<std::vector<std::string>> cutParts(std::vector<std::string> parts) {
  std::size_t bytes = 0;
  for (const std::string& part : parts) bytes += part.size();
  if (parts.empty() || parts.size() > 8 || bytes > kCutBytesMax) return parts;
  const auto marked = [](const std::string& part) { return markerOf(part).strong; };
  const bool all_marked = std::all_of(parts.begin(), parts.end(), marked), any_marked = std::any_of(parts.begin(), parts.end(), marked);
  Cutting out;
  std::size_t i = 0;
  for (; i < parts.size(); ++i) {
    const Marker marker = markerOf(parts[i]), behind = i + 1 < parts.size() ? markerOf(parts[i + 1]) : Marker{};
    const char letter = static_cast<char>('A' + out.parts.size()), next = static_cast<char>(letter + 1);
    if (marker.strong) {
      if (marker.letter != letter) break;
      INVIGIL_CHECK(cutAtMarks(parts[i], behind.strong ? behind.letter : '\0', parts.size() > 1, out));
      continue;
    }
    for (const Cut& cut : cutsAt(parts[i], 1, any_marked ? parts[i].size() : 0, next, true))
      if (!listsLetters(std::string_view(parts[i]).substr(cut.at), cut.marker)) return unclear(next);
    out.parts.push_back(parts[i]);
  }
  if (out.looked && (!all_marked || i < parts.size())) return unclear(static_cast<char>('A' + std::min<std::size_t>(out.parts.size(), 7)));
  out.parts.insert(out.parts.end(), parts.begin() + static_cast<std::ptrdiff_t>(i), parts.end());
  return std::move(out.parts);
}

bool markedInOrder(const std::vector<std::string>& parts) {
  for (const std::string& part : parts)
    if (!markerOf(part).strong) return false;
  return parts.size() > 1 && markerOf(parts.front()).letter == 'A';
}

}  // namespace

Result<std::vector<std::string>> splitOptions(std::string_view cell) {
  const std::string text = trim(cell);
  if (text.find("**") != std::string::npos) {
    auto parts = splitAt(cell, "**");
    if (text.starts_with("**")) {
      INVIGIL_TRY(joined, joinLetters(parts));
      parts = std::move(joined);
    }
    return cutParts(std::move(parts));
  }
  for (std::string_view separator : {"##", "\n"})
    if (text.find(separator) != std::string::npos) return cutParts(splitAt(cell, separator));
  constexpr std::array<std::string_view, 7> kRare{"<br>", "<br/>", "<br />", "|", "；", ";", "$"};
  for (std::string_view separator : kRare)
    if (text.find(separator) != std::string::npos)
      if (auto parts = splitAt(text, separator); markedInOrder(parts)) return cutParts(std::move(parts));
  if (const Marker first = markerOf(text); first.strong && first.letter == 'A' && text.size() <= kCutBytesMax) {
    Cutting cutting;
    INVIGIL_CHECK(cutAtMarks(text, '\0', false, cutting));
    if (cutting.parts.size() > 1) return std::move(cutting.parts);
  }
  // Without marks these part options only where nothing else can be meant: "a&lt;b", "5$".
  for (std::string_view separator : kRare) {
    if (text.find(separator) == std::string::npos || (separator == ";" && text.find('&') != std::string::npos)) continue;
    auto parts = splitAt(text, separator);
    const bool filled = std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty() || markerOf(part).strong; });
    if (filled && parts.size() > (separator == "$" ? 2u : 1u)) return parts;
  }
  return text.empty() ? std::vector<std::string>() : std::vector<std::string>{text};
}

}  // namespace invigil::bank::formats
