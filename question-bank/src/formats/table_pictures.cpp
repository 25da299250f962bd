// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table_pictures.hpp"

#include <algorithm>

#include "formats/findings.hpp"
#include "formats/table_cells.hpp"
#include "formats/table_parts.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

/// Stands in a text for a picture until the text is HTML: private characters around its name.
constexpr std::string_view kPictureBegin = "\uE0F0", kPictureEnd = "\uE0F1";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
  return text;
}

/// Around raised and lowered characters, in the same way.
struct ScriptMarks {
  std::string_view begin, end, tag;
};
constexpr ScriptMarks kRaised{"\uE0F2", "\uE0F3", "sup"}, kLowered{"\uE0F4", "\uE0F5", "sub"};

std::string withoutScripts(std::string text) {
  for (const ScriptMarks& marks : {kRaised, kLowered}) text = replaced(replaced(std::move(text), marks.begin, ""), marks.end, "");
  return text;
}

/// What a file says is no mark of ours.
std::string withoutMarks(std::string_view text) { return replaced(replaced(withoutScripts(std::string(text)), kPictureBegin, ""), kPictureEnd, ""); }

/// Text with the marks of placeScripts() as HTML. Where a text was cut into options within them, each piece is closed.
std::string htmlWithScripts(std::string_view text) {
  std::string out;
  std::string_view open;
  const auto close = [&] {
    if (!open.empty()) out += "</" + std::string(open) + ">";
    open = {};
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    for (const ScriptMarks& marks : {kRaised, kLowered}) {
      if (text.substr(at).starts_with(marks.begin)) {
        close();
        out += "<" + std::string(open = marks.tag) + ">";
        at += marks.begin.size();
      } else if (text.substr(at).starts_with(marks.end)) {
        close();
        at += marks.end.size();
      }
    }
    if (at != before) continue;
    const std::size_t next = std::min(text.find(kRaised.begin.substr(0, 2), at + 1), text.size());  // marks begin with the same two bytes
    out += htmlOfText(text.substr(at, next - at));
    at = next;
  }
  close();
  return out;
}

/// Text with marks of both kinds as HTML.
std::string htmlWithMarks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = text.find(kPictureBegin, at), end = text.find(kPictureEnd, std::min(mark, text.size()));
    if (end == std::string_view::npos) return out + htmlWithScripts(text.substr(at, mark - at));
    out += htmlWithScripts(text.substr(at, mark - at)) + (out.empty() && mark == at ? "" : "<br>") + "<img src=\"media:" +
           std::string(text.substr(mark + kPictureBegin.size(), end - mark - kPictureBegin.size())) + "\" alt=\"\">";
    at = end + kPictureEnd.size();
  }
  return out;
}

}  // namespace

bool placePictures(const PicturesOfRow& pictures, int row, const SheetMap& map, std::vector<std::string>& cells) {
  const auto column_of = [&](std::string_view role) { return static_cast<std::size_t>(std::find(map.columns.begin(), map.columns.end(), role) - map.columns.begin()); };
  const auto [first, last] = pictures.equal_range(row);
  for (auto at = first; at != last; ++at) {
    const Sheet::Picture& picture = *at->second;
    if (picture.name.empty()) return false;
    std::size_t column = static_cast<std::size_t>(picture.column) - 1;
    const std::string role = column < map.columns.size() ? map.columns[column] : "";
    if (!role.starts_with("option_") && role != "explanation") column = column_of("stem");
    if (cells.size() <= column) cells.resize(column + 1);
    cells[column] = trim(cells[column]) + std::string(kPictureBegin) + picture.name + std::string(kPictureEnd);
  }
  return true;
}

std::span<const Sheet::Script> scriptsOf(const Sheet& sheet, int row) {
  const auto begin = std::partition_point(sheet.scripts.begin(), sheet.scripts.end(), [&](const Sheet::Script& one) { return one.row < row; });
  const auto end = std::partition_point(begin, sheet.scripts.end(), [&](const Sheet::Script& one) { return one.row <= row; });
  return {begin, end};
}

void placeScripts(std::span<const Sheet::Script> scripts, const SheetMap& map, std::vector<std::string>& cells) {
  for (std::size_t column = 0; column < cells.size(); ++column) {
    const std::string role = column < map.columns.size() ? map.columns[column] : "";
    const bool shown = role == "stem" || role == "explanation" || role.starts_with("option");
    const std::string_view text = cells[column];
    std::string out;
    std::size_t at = 0;
    for (const Sheet::Script& one : scripts) {
      if (!shown || static_cast<std::size_t>(one.column) != column + 1 || one.begin < at || one.end > text.size()) continue;
      const std::string piece = withoutMarks(text.substr(one.begin, one.end - one.begin));
      out += withoutMarks(text.substr(at, one.begin - at));
      at = one.end;
      const ScriptMarks& marks = one.raised ? kRaised : kLowered;
      // A line break may part options, and blanks look the same anywhere.
      const bool marked = piece.find('\n') == std::string::npos && !trim(piece).empty();
      out += marked ? std::string(marks.begin) + piece + std::string(marks.end) : piece;
    }
    const bool doubt = std::any_of(scripts.begin(), scripts.end(), [&](const Sheet::Script& one) { return isDoubt(one) && static_cast<std::size_t>(one.column) == column + 1; });
    if (doubt && trim(text).empty()) out = kErrorMark;
    cells[column] = out + withoutMarks(text.substr(at));
  }
}

bool hasScripts(const Item& item) {
  const auto holds = [](const std::string& text) { return text.find(kRaised.begin) != std::string::npos || text.find(kLowered.begin) != std::string::npos; };
  return holds(item.stem) || holds(item.explanation) || std::any_of(item.options.begin(), item.options.end(), holds);
}

std::string withPictureWords(const std::string& marked) {
  const std::string text = replaced(withoutScripts(marked), kErrorMark, kErrorWord);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = std::min(text.find(kPictureBegin, at), text.size()), end = text.find(kPictureEnd, mark);
    out += text.substr(at, mark - at);
    if (mark < text.size()) out += "〔图片〕";
    at = end == std::string::npos ? text.size() : end + kPictureEnd.size();
  }
  return out;
}

void showMarks(Item& item) {
  item.markup = Markup::Html;
  item.id.clear();  // a digest of the marks
  item.stem = htmlWithMarks(item.stem);
  item.explanation = htmlWithMarks(item.explanation);
  if (item.type != ItemType::TrueFalse)
    for (std::string& option : item.options) option = htmlWithMarks(option);
}

void tellPictures(const Sheet& sheet, std::size_t shown, const Place& place, Reading& reading) {
  const std::size_t left_out = sheet.pictures.size() - shown + static_cast<std::size_t>(sheet.pictures_unread);
  const std::string in = std::to_string(shown), out = std::to_string(left_out);
  if (shown > 0)
    reading.notes.push_back(findingAt(place, "pictures_taken", sheet.name,
                                      {"这张表里有 " + in + " 张图片在题目行上，已放进题干、选项或解析", in + " pictures of this sheet stood in rows of questions and are part of stems, options and explanations"}));
  if (left_out > 0)
    reading.notes.push_back(findingAt(place, "pictures_left_out", sheet.name,
                                      {"这张表里有 " + out + " 张图片没有读入（不在题目行上，是图表或链接，或者在 .xls 里），请在题目里另行插入",
                                       out + " pictures of this sheet were not read (in no row of a question, charts or links, or in an .xls): insert them in the items"}));
}

}  // namespace invigil::bank::formats
