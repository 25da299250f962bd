// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank_file.hpp"

#include <algorithm>
#include <set>

#include "formats/compound_file.hpp"
#include "formats/hash_lines.hpp"
#include "formats/json_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/qti_item.hpp"
#include "formats/table_parts.hpp"
#include "formats/texts.hpp"
#include "formats/web_table.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

constexpr std::size_t kTextBytesMax = 64u << 20;  ///< what no reader takes is not converted either

bool endsWith(const std::string& name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  return std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

bool looksLikeTable(const std::string& name) { return endsWith(name, ".csv") || endsWith(name, ".tsv"); }

/// A brace that opens answers as GIFT writes them.
bool giftMark(std::string_view bytes) {
  for (std::size_t at = bytes.find('{'); at != std::string_view::npos; at = bytes.find('{', at + 1)) {
    const std::size_t next = bytes.find_first_not_of(" \t\r\n", at + 1);
    if (next != std::string_view::npos && std::string_view("=~#TF}").find(bytes[next]) != std::string_view::npos) return true;
  }
  return bytes.starts_with("$CATEGORY:") || bytes.find("\n$CATEGORY:") != std::string_view::npos || bytes.starts_with("::");
}

/// "12#…" with a further # or $: a question a line. Before the first such line headings may stand, such as 判断题.
bool hashLine(std::string_view text) {
  constexpr int kHeadingsMax = 5;
  bool found = false, looking = true;
  int headings = 0;
  formats::eachLine(text.substr(0, 8192), [&](std::string_view raw, int) {
    const std::string line = looking ? trim(raw) : "";
    if (line.empty()) return;
    const std::size_t hash = line.find_first_not_of("0123456789");
    found = hash != std::string::npos && hash > 0 && line[hash] == '#' && line.find_first_of("#$", hash + 1) != std::string::npos;
    looking = !found && ++headings <= kHeadingsMax && formats::headsHashLines(line);
  });
  return found;
}

/// '{' or '[' and what JSON can continue with: GIFT begins texts with [html] and answers with {=.
bool looksLikeJson(std::string_view bytes, std::size_t start, const std::string& file_name) {
  if (bytes[start] != '{' && bytes[start] != '[') return false;
  const std::size_t next = bytes.find_first_not_of(" \t\r\n", start + 1);
  if (endsWith(file_name, ".json") || next == std::string_view::npos) return true;
  return std::string_view(bytes[start] == '{' ? "\"}" : "{[\"]").find(bytes[next]) != std::string_view::npos;
}

/// The name of the root element, small and without its prefix; "" = none was found.
std::string rootOf(std::string_view xml) {
  for (std::size_t at = 0; at < xml.size();) {
    at = xml.find('<', at);
    if (at == std::string_view::npos) break;
    const std::string_view rest = xml.substr(at);
    const auto past = [&](std::string_view end) { at = xml.find(end, at + 2), at = at == std::string_view::npos ? xml.size() : at + end.size(); };
    if (rest.starts_with("<!--")) past("-->");
    else if (rest.starts_with("<?")) past("?>");
    else if (rest.starts_with("<!")) {
      if (rest.find('[') < rest.find('>')) past("]");  // what a document type declares
      past(">");
    } else {
      const std::string_view name = rest.substr(1, rest.find_first_of(" \t\r\n/>", 1) - 1);
      return formats::plainName(std::string(name.substr(0, 100)).c_str());
    }
  }
  return {};
}

std::string formatOfXml(std::string_view text) {
  static const std::set<std::string> kPage{"html", "table", "head", "meta", "body", "style", "div", "center", "font", "tbody", "tr"};
  const std::string root = rootOf(text);
  if (root == "quiz") return "moodle_xml";
  if (root == "workbook") return "xls";
  return kPage.contains(root) ? "xls" : "qti";
}

/// @param text  the same in UTF-8; as it is where it is no text
std::string formatOf(std::string_view bytes, std::string_view text, const std::string& file_name) {
  if (bytes.starts_with("PK")) {  // the names of a package's files stand in it as they are
    const bool workbook = bytes.find("xl/workbook.xml") != std::string_view::npos;
    return !workbook && (bytes.find("imsmanifest.xml") != std::string_view::npos || endsWith(file_name, ".zip")) ? "qti" : "xlsx";
  }
  if (formats::isCompoundFile(bytes)) return "xls";
  const std::size_t start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos) return "csv";
  if (looksLikeJson(text, start, file_name)) return text.find("\"invigil-bank\"") != std::string_view::npos ? "native_json" : "loose_json";
  if (text[start] == '<') return formatOfXml(text);
  if (looksLikeTable(file_name) || !isUtf8(text) || text.find('\0') != std::string_view::npos) return "csv";
  if (hashLine(text)) return "hash_lines";
  if (giftMark(text)) return "gift";
  return text.starts_with("ANSWER:") || text.find("\nANSWER:") != std::string_view::npos ? "aiken" : "csv";
}

/// UTF-8 with a few broken bytes would come out of another encoding as other words: that is for a person to mend.
bool isBrokenUtf8(std::string_view bytes) {
  std::size_t whole = 0, broken = 0;
  const auto byte = [&](std::size_t at) { return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u; };
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned char first = static_cast<unsigned char>(bytes[i]);
    const bool three = first >= 0xE0 && first < 0xF0 && (byte(i + 1) & 0xC0) == 0x80 && (byte(i + 2) & 0xC0) == 0x80;
    whole += three;
    broken += !three && first >= 0x80;
    i += three ? 3 : 1;
  }
  return broken > 0 && whole > broken;
}

/// What is text in UTF-8: UTF-16 and GB 18030 are converted as for tables. Packages, old workbooks and what cannot be converted stay as
/// they are, for the readers to name what is wrong.
std::string_view textOf(std::string_view bytes, std::string& kept) {
  const bool wide = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  const bool as_it_is = isUtf8(bytes) && bytes.substr(0, 4096).find('\0') == std::string_view::npos;
  if (as_it_is || bytes.starts_with("PK") || formats::isCompoundFile(bytes) || bytes.size() > kTextBytesMax) return bytes;
  if (!wide && isBrokenUtf8(bytes)) return bytes;
  auto text = formats::asUtf8(bytes);
  return text ? kept = std::move(*text) : bytes;
}

/// Formats of other systems; nothing for the rest. XML says itself how it is encoded.
std::optional<Result<Reading>> readForeign(const std::string& format, std::string_view bytes, std::string_view text, const std::string& file) {
  if (format == "gift") return readGift(text, file);
  if (format == "aiken") return readAiken(text, file);
  if (format == "moodle_xml") return readMoodleXml(bytes, file);
  if (format == "qti") return readQti(bytes, file);
  if (format == "hash_lines") return readHashLines(text, file);
  return std::nullopt;
}

}  // namespace

bool isBankId(std::string_view text) { return !text.empty() && text.size() <= 64 && text.find_first_not_of(formats::kBankIdCharacters) == std::string_view::npos; }

std::vector<std::string> bankFileFormats() { return {"native_json", "loose_json", "csv", "xlsx", "xls", "gift", "aiken", "moodle_xml", "qti", "hash_lines"}; }

Result<BankReading> readBankReading(std::string_view bytes, const std::string& file_name, const std::string& format,
                                    const std::optional<ColumnMap>& map, const Bank& defaults) {
  BankReading out;
  std::string kept;
  const std::string_view text = textOf(bytes, kept);
  out.format = format.empty() ? formatOf(bytes, text, file_name) : format;
  out.about = defaults;
  const auto known = bankFileFormats();
  if (std::find(known.begin(), known.end(), out.format) == known.end()) return fail(ErrorCode::InvalidInput, "format_unknown", formats::listed(known), "format");
  if (out.format == "native_json" || out.format == "loose_json") {
    INVIGIL_TRY(json, formats::readJsonFile(text, file_name, defaults));
    out.reading = std::move(json.reading);
    out.about = std::move(json.about);
    return out;
  }
  if (auto foreign = readForeign(out.format, bytes, text, file_name)) {
    INVIGIL_TRY(reading, std::move(*foreign));
    out.reading = std::move(reading);
    return out;
  }
  const bool page = out.format.starts_with("xls") && trim(text.substr(0, 4096)).starts_with('<');
  INVIGIL_TRY(sheets, page ? formats::readWebTables(text) : readSheets(bytes));
  out.map = map ? *map : guessColumns(sheets);
  out.reading = readTable(sheets, out.map, file_name);
  for (Sheet& sheet : sheets) {
    out.sheet_lines.push_back(sheet.lines.size());
    sheet.lines.resize(std::min(kShownLines, sheet.lines.size()));
    sheet.media.clear();
    out.sheets.push_back(std::move(sheet));
  }
  return out;
}

Result<BankFile> readBankFile(std::string_view bytes, const std::string& file_name, const std::string& format,
                              const std::optional<ColumnMap>& map, const Bank& defaults) {
  INVIGIL_TRY(read, readBankReading(bytes, file_name, format, map, defaults));
  std::vector<Reading> readings;
  readings.push_back(std::move(read.reading));
  return BankFile{std::move(read.format), collect(std::move(readings), read.about), std::move(read.map), std::move(read.sheets), std::move(read.sheet_lines)};
}

}  // namespace invigil::bank
