// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "registration/csv.hpp"

#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<std::vector<CsvRow>> rows() {
    std::vector<CsvRow> rows;
    for (int number = 1; at_ < text_.size(); ++number) {
      CsvRow row{number, {}};
      do {
        INVIGIL_TRY(field, oneField(number));
        row.fields.push_back(std::move(field));
      } while (take(','));
      if (!take('\r') && at_ < text_.size() && text_[at_] != '\n') return badQuotes(number);
      take('\n');
      if (row.fields.size() > 1 || !row.fields.front().empty()) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  static tl::unexpected<Error> badQuotes(int number) {
    return fail(ErrorCode::InvalidInput, "csv_quotes", {}, "row " + std::to_string(number));
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  Result<std::string> oneField(int number) {
    std::string field;
    if (!take('"')) {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      field = text_.substr(at_, end - at_);
      at_ = end;
      return field;
    }
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) return badQuotes(number);
      field += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (!take('"')) return field;
      field += '"';
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<CsvRow>> parseCsv(std::string_view text) {
  if (text.starts_with("\ufeff")) text.remove_prefix(3);
  // U+FFFD is what a page leaves behind when it reads a GBK file as UTF-8; NUL comes from UTF-16.
  const bool lost = text.find("\ufffd") != std::string_view::npos || text.find('\0') != std::string_view::npos;
  if (!isUtf8(text) || lost) return fail(ErrorCode::InvalidInput, "csv_encoding", {}, "csv");
  return Reader(text).rows();
}

}  // namespace invigil::server
