// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table_pictures.hpp"

#include <algorithm>

#include "formats/findings.hpp"
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

/// Text with the marks of placePictures() as HTML.
std::string htmlWithPictures(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = text.find(kPictureBegin, at), end = text.find(kPictureEnd, std::min(mark, text.size()));
    if (end == std::string_view::npos) return out + htmlOfText(text.substr(at, mark - at));
    out += htmlOfText(text.substr(at, mark - at)) + (out.empty() && mark == at ? "" : "<br>") + "<img src=\"media:" +
           std::string(text.substr(mark + kPictureBegin.size(), end - mark - kPictureBegin.size())) + "\" alt=\"\">";
    at = end + kPictureEnd.size();
  }
  return out;
}

}  // namespace

bool placePictures(const PicturesOfRow& pictures, int row, const SheetMap& map, std::vector<std::string>& cells) {
  const auto column_of = [&](std::string_view role) { return static_cast<std::size_t>(std::find(map.columns.begin(), map.columns.end(), role) - map.columns.begin()); };
  const auto [first, last] = pictures.equal_range(row);
  if (first != last)
    for (std::string& cell : cells) cell = replaced(replaced(std::move(cell), kPictureBegin, ""), kPictureEnd, "");
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

std::string withPictureWords(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = std::min(text.find(kPictureBegin, at), text.size()), end = text.find(kPictureEnd, mark);
    out += text.substr(at, mark - at);
    if (mark < text.size()) out += "〔图片〕";
    at = end == std::string::npos ? text.size() : end + kPictureEnd.size();
  }
  return out;
}

void showPictures(Item& item) {
  item.markup = Markup::Html;
  item.id.clear();  // a digest of the marks
  item.stem = htmlWithPictures(item.stem);
  item.explanation = htmlWithPictures(item.explanation);
  if (item.type != ItemType::TrueFalse)
    for (std::string& option : item.options) option = htmlWithPictures(option);
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
