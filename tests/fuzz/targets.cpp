// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "targets.hpp"

#include <array>
#include <string>

#include "invigil/bank/blueprint.hpp"
#include "invigil/bank/statistics.hpp"
#include "invigil/formula/formula.hpp"
#include "invigil/base/text.hpp"
#include "promises.hpp"

namespace invigil::fuzz {
namespace {

void nativeJson(std::string_view bytes) { readAsBank(bytes, "bank.json", "native_json"); }
void looseJson(std::string_view bytes) { readAsBank(bytes, "list.json", "loose_json", "native_json"); }
void textTable(std::string_view bytes) { readAsBank(bytes, "table.csv", "csv", "csv"); }
void workbook(std::string_view bytes) { readAsBank(packageOf(bytes), "table.xlsx", "xlsx", "xlsx"); }
void oldWorkbook(std::string_view bytes) { readAsBank(bytes, "table.xls", "xls"); }
void gift(std::string_view bytes) { readAsBank(bytes, "questions.gift", "gift", "gift"); }
void aiken(std::string_view bytes) { readAsBank(bytes, "questions.txt", "aiken"); }
void moodleXml(std::string_view bytes) { readAsBank(bytes, "quiz.xml", "moodle_xml", "moodle_xml"); }
void qtiItem(std::string_view bytes) { readAsBank(bytes, "item.xml", "qti"); }
void qtiPackage(std::string_view bytes) { readAsBank(packageOf(bytes), "package.zip", "qti"); }
void hashLines(std::string_view bytes) { readAsBank(bytes, "lines.txt", "hash_lines"); }
/// The format found by the content, as where a person drops a file on the page.
void anyFile(std::string_view bytes) { readAsBank(bytes, "file", ""); }

void markup(std::string_view bytes) {
  if (!isUtf8(bytes)) return;
  const auto pictures = bank::checkMarkup(bytes, "stem");
  require(isUtf8(bank::plainText(bytes, true)) && isUtf8(bank::searchable(bytes)), "plain text stays well-formed");
  const bank::CleanedText html = bank::cleanHtml(bytes), text = bank::cleanText(bytes);
  requireSafe(html);
  requireSafe(text);
  require(isUtf8(html.html) && isUtf8(html.plain), "cleaned text is well-formed");
  if (pictures && pictures->empty()) requireSafe(bank::cleanHtml(html.html));
}

void formulae(std::string_view bytes) {
  if (auto read = formula::parse(bytes)) {
    const std::string line = formula::inOneLine(*read);
    require(isUtf8(line) && line.size() <= 10 * formula::kLatexMax, "a formula in one line is well-formed and short");
  }
  if (auto pieces = formula::pieces(bytes))
    for (const formula::Piece& piece : *pieces) require(piece.formula || piece.text.find("\\(") == std::string::npos, "no formula is left in the markup");
}

void columnMap(std::string_view bytes) {
  const auto map = bank::parseColumnMap(bytes);
  if (!map) return;
  const auto again = bank::parseColumnMap(bank::writeColumnMap(*map));
  require(again && *again == *map, "a column map that is written reads the same");
  const auto sheets = bank::readSheets("题型,题目,选项,答案\n单选题,甲,A、一**B、二,A\n");
  require(sheets.has_value(), "the table of the test is read");
  (void)bank::readTable(*sheets, *map, "table.csv");
}

void blueprint(std::string_view bytes) {
  const auto read = bank::parseBlueprint(bytes);
  if (!read) return;
  require(read->items() > 0, "a blueprint asks for items");
  const auto again = bank::parseBlueprint(bank::writeBlueprint(*read));
  require(again && *again == *read, "a blueprint that is written reads the same");
}

void responsesCsv(std::string_view bytes) {
  const auto table = bank::parseResponses(bytes);
  if (!table || table->sittings.size() > 200) return;
  bank::StatisticsOptions options;
  options.progress = [](double) { return false; };
  const auto statistics = bank::computeStatistics(*table, options);
  require(statistics.items.size() == table->items.size(), "every item of the table has its statistics");
}

constexpr std::array kTargets{Target{"native_json", nativeJson}, Target{"loose_json", looseJson},     Target{"text_table", textTable},
                              Target{"workbook", workbook},      Target{"old_workbook", oldWorkbook}, Target{"gift", gift},
                              Target{"aiken", aiken},            Target{"moodle_xml", moodleXml},     Target{"qti_item", qtiItem},
                              Target{"qti_package", qtiPackage}, Target{"hash_lines", hashLines},     Target{"any_file", anyFile},
                              Target{"markup", markup},          Target{"column_map", columnMap},     Target{"blueprint", blueprint},
                              Target{"responses_csv", responsesCsv}, Target{"formula", formulae}};

}  // namespace

std::span<const Target> targets() { return kTargets; }

}  // namespace invigil::fuzz
