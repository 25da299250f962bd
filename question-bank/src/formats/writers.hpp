// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/question.hpp"
#include "invigil/bank/formats.hpp"

namespace invigil::bank::formats {

/// Names what of an item the format has no place for; `members` in words, e.g. "enemies".
void lose(Written& out, const Item& item, const std::string& members_zh, const std::string& members_en);

/// Members of one item that a format has no place for.
class Losses {
 public:
  void add(bool is, const char* zh, const char* en);
  /// One finding for all of them, none where there are none.
  void tell(Written& out, const Item& item) const;

 private:
  Wording names_;
};

void leaveOut(Written& out, const Item& item, const std::string& zh, const std::string& en);

/// Html of a text of an item, whatever its markup.
std::string htmlOf(const Item& item, const std::string& text);
/// Html with media:NAME replaced by prefix + NAME.
std::string withPictures(std::string html, const std::string& prefix);
bool showsPicture(const Item& item);

Written writeGift(const Bank& bank);
Written writeMoodleXml(const Bank& bank);

/// The first row names the columns.
struct Table {
  struct Picture {
    std::size_t row, column;  ///< 0-based
    std::string name;         ///< of a Media
  };
  std::vector<std::vector<std::string>> rows;
  std::vector<Picture> pictures;
  bool pictures_fit = false;  ///< the file can show pictures in cells
};
Written writeTable(const Bank& bank, Table& table);
/// An .xlsx of one sheet. Errors: Internal cannot_write.
Result<std::string> workbookOf(const Table& table, const std::vector<Media>& media);
/// @param version  21 or 30
Result<Written> writeQti(const Bank& bank, int version);

}  // namespace invigil::bank::formats
