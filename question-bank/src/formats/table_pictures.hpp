// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "invigil/bank/tables.hpp"

/// From pictures in cells and raised or lowered characters to Html of items. While a row is read as text, marks stand for them.
namespace invigil::bank::formats {

/// By the row that they stand in.
using PicturesOfRow = std::multimap<int, const Sheet::Picture*>;

/// Puts a mark for each picture of the row at the end of the option or explanation whose cell it stands in, else of the
/// stem. False: one of them cannot be shown.
bool placePictures(const PicturesOfRow& pictures, int row, const SheetMap& map, std::vector<std::string>& cells);

/// Those of one row.
std::span<const Sheet::Script> scriptsOf(const Sheet& sheet, int row);

/// Takes marks that stand in the file itself out of the cells and puts ours around the raised and lowered characters of
/// stem, options and explanation, and kErrorMark where an error value stands. Before placePictures(), which moves the texts.
/// @param scripts  of the row
void placeScripts(std::span<const Sheet::Script> scripts, const SheetMap& map, std::vector<std::string>& cells);

/// For people: the text with a word where a picture is, and without the other marks.
std::string withPictureWords(const std::string& text);

/// True where some text holds marks of placeScripts().
bool hasScripts(const Item& item);

/// Makes the item, whose texts are plain and hold marks, Html that shows what they stand for.
void showMarks(Item& item);

/// Notes how many pictures came in and how many did not.
/// @param shown  those that stood in rows of questions
void tellPictures(const Sheet& sheet, std::size_t shown, const Place& place, Reading& reading);

}  // namespace invigil::bank::formats
