// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "invigil/bank/tables.hpp"

/// From pictures that stand in cells to pictures of items. While a row is read as text, a mark stands for each.
namespace invigil::bank::formats {

/// By the row that they stand in.
using PicturesOfRow = std::multimap<int, const Sheet::Picture*>;

/// Puts a mark for each picture of the row at the end of the option or explanation whose cell it stands in, else of the
/// stem. False: one of them cannot be shown.
bool placePictures(const PicturesOfRow& pictures, int row, const SheetMap& map, std::vector<std::string>& cells);

/// For people: the text with a word where a mark is.
std::string withPictureWords(const std::string& text);

/// Makes the item, whose texts are plain and hold marks, Html that shows the pictures.
void showPictures(Item& item);

/// Notes how many pictures came in and how many did not.
/// @param shown  those that stood in rows of questions
void tellPictures(const Sheet& sheet, std::size_t shown, const Place& place, Reading& reading);

}  // namespace invigil::bank::formats
