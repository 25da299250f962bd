// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <bit>
#include <cmath>

#include "formats/number_formats.hpp"
#include "formats/package.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/bank/markup.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

Collected read(const std::string& bytes) {
  auto file = readBankFile(bytes, "f", "", std::nullopt, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  const auto& counts = file->collected.counts;
  if (counts.rows != counts.imported + counts.duplicates + counts.refused) qFatal("the sum does not hold");
  return std::move(file->collected);
}

const Finding* find(const std::vector<Finding>& findings, const std::string& code, int row = 0) {
  for (const Finding& one : findings)
    if (one.code == code && (row == 0 || one.place.row == row)) return &one;
  return nullptr;
}

std::string text(const std::string& words) { return "<c t='inlineStr'><is><t>" + words + "</t></is></c>"; }

/// Cells without references, as little programs write them.
std::string row(const std::vector<std::string>& cells) {
  std::string out = "<row>";
  for (const std::string& one : cells) out += one.starts_with('<') ? one : one.empty() ? "<c/>" : text(one);
  return out + "</row>";
}

std::string workbook(const std::string& rows, const std::vector<std::string>& codes = {}, const std::string& behind = "", const std::string& properties = "", const std::string& strings = "") {
  std::string formats, styles = "<xf numFmtId='0'/>";
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i].starts_with('#') && codes[i].find_first_not_of("0123456789", 1) == std::string::npos) {
      styles += "<xf numFmtId='" + codes[i].substr(1) + "'/>";
      continue;
    }
    formats += "<numFmt numFmtId='" + std::to_string(164 + i) + "' formatCode='" + escapeHtml(codes[i]) + "'/>";
    styles += "<xf numFmtId='" + std::to_string(164 + i) + "'/>";
  }
  std::vector<std::pair<std::string, std::string>> parts{
      {"xl/workbook.xml", "<workbook xmlns:r='r'>" + properties + "<sheets><sheet name='题' sheetId='1' r:id='rId1'/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"},
      {"xl/styles.xml", "<styleSheet><numFmts>" + formats + "</numFmts><cellXfs>" + styles + "</cellXfs></styleSheet>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData>" + behind + "</worksheet>"}};
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", "<sst>" + strings + "</sst>");
  auto bytes = formats::packed(parts);
  if (!bytes) qFatal("libzip");
  return std::move(*bytes);
}

/// A number of the style: 0 is General, from 1 on the codes given to workbook().
std::string number(const std::string& value, int style) { return "<c s='" + std::to_string(style) + "'><v>" + value + "</v></c>"; }

const std::string kHead = row({"题目", "选项A", "选项B", "选项C", "答案"});

// Old workbooks, record by record.

std::string u16(unsigned value) { return {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8 & 0xFF)}; }
std::string u32(std::uint32_t value) { return u16(value & 0xFFFF) + u16(value >> 16); }
std::string f64(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return u32(static_cast<std::uint32_t>(bits)) + u32(static_cast<std::uint32_t>(bits >> 32));
}
std::string utf16(const std::string& words) {
  std::string out;
  for (const QChar unit : QString::fromStdString(words)) out += u16(unit.unicode());
  return out;
}
std::size_t units(const std::string& words) { return static_cast<std::size_t>(QString::fromStdString(words).size()); }
std::string record(unsigned kind, const std::string& data) { return u16(kind) + u16(static_cast<unsigned>(data.size())) + data; }
std::string at(unsigned row, unsigned column, unsigned style = 0) { return u16(row) + u16(column) + u16(style); }
std::string wide(const std::string& words) { return u16(static_cast<unsigned>(units(words))) + "\1" + utf16(words); }
std::string label(unsigned row, unsigned column, const std::string& words) { return record(0x0204, at(row, column) + wide(words)); }

std::string compound(const std::string& name, std::string stream) {
  stream.resize(std::max<std::size_t>(4096, (stream.size() + 511) / 512 * 512));
  const auto sectors = static_cast<std::uint32_t>(stream.size() / 512);
  std::string table = u32(0xFFFFFFFD) + u32(0xFFFFFFFE);
  for (std::uint32_t i = 0; i < sectors; ++i) table += u32(i + 1 < sectors ? i + 3 : 0xFFFFFFFE);
  while (table.size() < 512) table += u32(0xFFFFFFFF);
  std::string head = std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") + std::string(16, '\0') + u16(0x3E) + u16(3) + u16(0xFFFE) + u16(9) + u16(6) + std::string(10, '\0');
  for (std::uint32_t one : {1u, 1u, 0u, 4096u, 0xFFFFFFFEu, 0u, 0xFFFFFFFEu, 0u, 0u}) head += u32(one);
  head += std::string(108 * 4, '\xFF');
  const auto entry = [](const std::string& words, char kind, std::uint32_t start, std::uint32_t size, std::uint32_t child) {
    std::string title = utf16(words) + u16(0);
    const auto length = static_cast<unsigned>(title.size());
    title.resize(64);
    return title + u16(length) + kind + "\1" + u32(0xFFFFFFFF) + u32(0xFFFFFFFF) + u32(child) + std::string(36, '\0') + u32(start) + u32(size) + u32(0);
  };
  std::string directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 2, static_cast<std::uint32_t>(stream.size()), 0xFFFFFFFF);
  directory.resize(512);
  return head + table + directory + stream;
}

/// Of one sheet. @param extra  records of the whole workbook
std::string oldWorkbook(const std::string& cells, const std::string& extra, bool biff8 = true) {
  const unsigned version = biff8 ? 0x0600 : 0x0500;
  const std::string rest = biff8 ? std::string(8, '\0') : "";
  const auto globals = [&](std::uint32_t place) {
    return record(0x0809, u16(version) + u16(5) + u32(0) + rest) + extra + record(0x0085, u32(place) + u16(0) + (biff8 ? "\1\1" + utf16("甲") : std::string("\1a"))) + record(0x000A, "");
  };
  return compound(biff8 ? "Workbook" : "Book", globals(static_cast<std::uint32_t>(globals(0).size())) + record(0x0809, u16(version) + u16(0x10) + u32(0) + rest) + cells + record(0x000A, ""));
}

std::string oldHead() {
  std::string out;
  unsigned column = 0;
  for (const char* words : {"题目", "选项A", "选项B", "选项C", "答案"}) out += label(0, column++, words);
  return out;
}

std::string style(unsigned format) { return record(0x00E0, u16(0) + u16(format) + std::string(16, '\0')); }
std::string font(unsigned script) { return record(0x0031, u16(220) + u16(0) + u16(0x7FFF) + u16(400) + u16(script) + std::string(6, '\0')); }

}  // namespace

class CellsTest : public QObject {
  Q_OBJECT
 private slots:
  void aNumberIsWhatTheEditorSaw_data() {
    QTest::addColumn<QString>("code");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("shown");  // "" = not for sure
    const auto row = [](const char* code, double value, const char* shown) { QTest::newRow((std::string(code) + " of " + std::to_string(value)).c_str()) << code << value << shown; };
    row("General", 1.0, "1");
    row("General", 0.1 + 0.2, "0.3");
    row("@", 12, "12");
    row("General\"V\"", 1.5, "1.5V");
    row("G/通用格式\"伏\"", 36, "36伏");
    row("0", 3, "3");
    row("0", 2.5, "3");
    row("0", -2.5, "-3");
    row("0.00", 1, "1.00");
    row("0.00", 1.005, "1.01");  // of the fifteen digits that are kept
    row("0.00", 999.995, "1000.00");
    row("#,##0", 1234567, "1,234,567");
    row("#,##0.00", 1234.5, "1,234.50");
    row("#,##0.00_ ", 12, "12.00");
    row("0%", 0.5, "50%");
    row("0%", 0.285, "29%");
    row("0.00%", 0.8, "80.00%");
    row("00000", 42, "00042");
    row("#.##", 0.5, ".5");
    row("0.0#", 1.25, "1.25");
    row("0.0#", 1, "1.0");
    row("0\"V\"", 36, "36V");
    row("\"约\"0", 36, "约36");
    row("\"约\"0", -36, "-约36");
    row("0\\V", 220, "220V");
    row("0℃", 25, "25℃");
    row("0.0\"±\"\"%\"", 25, "25.0±%");
    row("[Red]0.0;[Blue]-0.0", -1.25, "-1.3");
    row("0_);(0)", -5, "(5)");
    row("0;-0;\"无\"", 0, "无");
    row("0;-0", 0, "0");
    row("[$¥-804]#,##0.00", 12, "¥12.00");
    row("_ \"￥\"* #,##0.00_ ;_ \"￥\"* \\-#,##0.00_ ;_ \"￥\"* \"-\"??_ ;_ @_ ", 1234.5, "￥1,234.50");
    row("yyyy\"年\"m\"月\"d\"日\"", 44440, "2021年9月1日");
    row("yyyy\"年\"m\"月\"d\"日\";@", 44440, "2021年9月1日");
    row("yyyy年m月d日", 44440, "2021年9月1日");
    row("yyyy\\-mm\\-dd", 44440, "2021-09-01");
    row("yyyy.mm.dd", 44440, "2021.09.01");
    row("yyyy/m/d h:mm", 44440.5, "2021/9/1 12:00");
    row("yyyy-mm-dd hh:mm:ss", 44440.999999, "2021-09-02 00:00:00");
    row("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 44440, "2021年9月1日");
    row("m\"月\"d\"日\"", 45293, "1月2日");
    row("m/d", 45293, "1/2");
    row("[$-409]d\\-mmm\\-yy;@", 44440, "1-Sep-21");
    row("[$-804]aaaa", 44440, "星期三");
    row("yyyy\"年\"", 61, "1900年");
    row("h:mm", 8.0 / 24, "8:00");
    row("hh:mm:ss", 8.0 / 24, "08:00:00");
    row("h\"时\"mm\"分\"", 0.5, "12时00分");
    row("上午/下午h\"时\"mm\"分\"", 20.5 / 24, "下午8时30分");
    row("h:mm AM/PM", 0.0, "12:00 AM");
    row("[h]:mm", 1.5, "36:00");
    row("mm:ss", 90.0 / 86400, "01:30");
    for (const char* code : {"# ?/?", "0.00E+00", "[>=100]0;0.0", "[DBNum1]0", "0,", "0.0,\"万\"", "000-0000", ";;;", "0x", "\"open", "mm:ss.0", "[$-411]ggge\"年\"", "yyyy\"年\"0", "aaa", "0%%%", "mmmmm", "[$-804]mmm"})
      row(code, 12.5, "");
    row("0.00", -0.001, "");
    row("yyyy/m/d", 0.5, "");
    row("yyyy/m/d", 1e9, "");
    row("yyyy/m/d", -1, "");
    row("0", 1e300, "");
    row("#", 0, "");
  }
  void aNumberIsWhatTheEditorSaw() {
    QFETCH(QString, code);
    QFETCH(double, value);
    QFETCH(QString, shown);
    formats::NumberFormats formats;
    formats.define(164, code.toStdString());
    formats.addStyle(164);
    const formats::ShownCell got = formats.show(value, 0);
    QCOMPARE(got.doubtful, shown.isEmpty());
    QCOMPARE(QString::fromStdString(got.text).trimmed(), shown.isEmpty() ? QString::fromStdString(formats::numberText(value)) : shown);
  }

  void formatsHaveNumbersOfTheirOwn() {
    formats::NumberFormats formats;
    for (unsigned id : {9u, 14u, 20u, 22u, 31u, 58u, 49u, 12u, 5u, 999u}) formats.addStyle(id);
    const auto shown = [&](double value, std::size_t style) { return formats.show(value, style).text; };
    QCOMPARE(shown(0.5, 0), std::string("50%"));
    QCOMPARE(shown(44440, 1), std::string("2021/9/1"));
    QCOMPARE(shown(8.0 / 24, 2), std::string("8:00"));
    QCOMPARE(shown(44440.25, 3), std::string("2021/9/1 6:00"));
    QCOMPARE(shown(44440, 4), std::string("2021年9月1日"));
    QCOMPARE(shown(44440, 5), std::string("9月1日"));
    QCOMPARE(shown(7, 6), std::string("7"));
    for (std::size_t unknown : {7u, 8u, 9u}) QVERIFY(formats.show(7.5, unknown).doubtful);
    QVERIFY(!formats.show(7.5, 100).doubtful);  // a cell of no style
    formats.countFrom1904(true);
    QCOMPARE(shown(44440 - 1462, 4), std::string("2021年9月1日"));
    QCOMPARE(shown(8.0 / 24, 2), std::string("8:00"));
  }

  void numbersOfAWorkbookComeInAsShown() {
    const std::vector<std::string> codes{"#9", "yyyy\"年\"m\"月\"d\"日\";@", "0\"V\"", "# ?/?", "#2", "#20"};
    const Collected found = read(workbook(row({"题型", "题目", "选项A", "选项B", "选项C", "答案", "难度"}) +
                                              row({"单选题", "含氧量不低于多少?", number("0.195", 0), number("0.5", 1), number("0.8", 1), "A", number("3", 5)}) +
                                              row({"单选题", "何时施行?", number("44440", 2), number("44441", 2), number("44442", 2), "B", ""}) +
                                              row({"单选题", "安全电压?", number("36", 3), number("48", 3), number("0.333333333333333", 6), "A", ""}) +
                                              row({"单选题", "几分之几?", number("0.5", 4), number("3", 0), number("1.0", 0), "A", ""}), codes));
    QCOMPARE(found.counts.imported, 4);
    QCOMPARE(found.counts.repaired, 0);
    const auto& items = found.bank.items;
    QCOMPARE(items[0].options, (std::vector<std::string>{"0.195", "50%", "80%"}));
    QCOMPARE(items[0].difficulty, 3);  // stands there as 3.00
    QCOMPARE(items[1].options, (std::vector<std::string>{"2021年9月1日", "2021年9月2日", "2021年9月3日"}));
    QCOMPARE(items[2].options, (std::vector<std::string>{"36V", "48V", "8:00"}));
    QCOMPARE(items[3].options, (std::vector<std::string>{"0.5", "3", "1"}));
    QCOMPARE(found.notes.size(), 1u);
    const Finding* raw = find(found.notes, "number_as_stored");
    QVERIFY(raw != nullptr && raw->place.sheet == "题" && raw->place.row == 5 && raw->place.column == 3 && raw->text == "0.5");
    QVERIFY2(raw->what.zh.find("C5") != std::string::npos, raw->what.zh.c_str());
    QVERIFY(parseNative(writeNative(found.bank)) == found.bank);
  }

  void daysMayCountFrom1904() {
    const Collected found = read(workbook(kHead + row({"何时施行?", number("42978", 1), "明天", "后天", "A"}), {"yyyy-mm-dd"}, "", "<workbookPr date1904='1'/>"));
    QCOMPARE(found.bank.items.at(0).options.at(0), std::string("2021-09-01"));
  }

  void typesAndAnswersThatAreNumbersKeepTheirMeaning() {
    std::string rows = row({"题型", "题目", "答案"});
    for (const char* stem : {"甲对吗", "乙对吗", "丙对吗"}) rows += row({number("1", 1), stem, number("1", 1)}) + row({number("1", 1), std::string(stem) + "?", number("2", 2)});
    const Collected found = read(workbook(rows, {"0.00", "0"}));
    QCOMPARE(found.counts.imported, 6);
    QVERIFY(found.bank.items[0].key == std::vector<int>{0} && found.bank.items[1].key == std::vector<int>{1});
  }

  void manyDoubtsAreCounted() {
    std::string rows = kHead;
    for (int i = 0; i < 120; ++i) rows += row({"第" + std::to_string(i) + "题是什么?", number(std::to_string(i) + ".5", 1), "一", "二", "B"});
    const Collected found = read(workbook(rows, {"# ?/?"}));
    QCOMPARE(found.counts.imported, 120);
    QCOMPARE(found.notes.size(), 101u);
    QVERIFY2(find(found.notes, "note")->what.zh.find("20 个") != std::string::npos, find(found.notes, "note")->what.zh.c_str());
  }

  void cellsWithoutReferencesDoNotMove() {
    const Collected found = read(workbook(kHead + row({"先做什么?", "停电", "", "送电", "C"}) + "<row/>" + row({"后做什么?", "停电", "验电", "送电", "B"}) +
                                              "<row>" + text("末了?") + "<c r='C5' t='inlineStr'><is><t>乙</t></is></c>" + text("丙") + text("A") + "</row>"));
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.bank.items[0].options, (std::vector<std::string>{"停电", "验电", "送电"}));
    QCOMPARE(found.refused.size(), 2u);
    QVERIFY2(found.refused[0].what.zh.starts_with("选项 B 没有文字"), found.refused[0].what.zh.c_str());
    QCOMPARE(found.refused[0].place.row, 2);
    QVERIFY2(found.refused[1].what.zh.starts_with("选项 A 没有文字"), found.refused[1].what.zh.c_str());
    QCOMPARE(found.refused[1].place.row, 5);
  }

  void emptyCellsFarToTheRightAreNothing() {
    const Collected found = read(workbook(kHead + "<row><c r='A2' t='inlineStr'><is><t>甲?</t></is></c><c r='B2' t='inlineStr'><is><t>一</t></is></c><c r='C2' t='inlineStr'><is><t>二</t></is></c>"
                                                  "<c r='E2' t='inlineStr'><is><t>A</t></is></c><c r='XFC2' s='0'/><c r='XFD2' s='0'/></row>"));
    QCOMPARE(found.counts.imported, 1);
  }

  void mergedCellsStandInEveryRow() {
    const std::string head = row({"低压电工题库", "", "", "", "", ""}) + row({"题型", "题目", "选项A", "选项B", "选项C", "答案"});
    const std::string rows = head + row({"多选题", "哪些对?", "子", "丑", "寅", "AB"}) + row({"", "哪些错?", "子", "丑", "寅", "BC"}) + row({"", "哪个好?", "子", "丑", "寅", "A"}) + row({"单选题", "哪个坏?", "子", "丑", "寅", "A"});
    const Collected found = read(workbook(rows, {}, "<mergeCells><mergeCell ref='A1:F1'/><mergeCell ref='A3:A5'/><mergeCell ref='C3:D4'/></mergeCells>"));
    QCOMPARE(found.counts.imported, 3);
    QVERIFY(found.bank.items[1].type == ItemType::MultipleChoice && found.bank.items[2].type == ItemType::SingleChoice);
    QCOMPARE(found.refused.at(0).place.row, 5);
    QVERIFY2(found.refused[0].what.zh.starts_with("多选题至少要有两个答案"), found.refused[0].what.zh.c_str());
    // Rows that hold nothing else stay away, and what stands under the cell stays.
    const auto sheets = readSheets(workbook(row({"甲", "子"}) + row({"", "丑"}) + "<row/>" + row({"乙", "寅"}), {}, "<mergeCells><mergeCell ref='A1:A4'/><mergeCell ref='A'/><mergeCell ref='B9:B4'/></mergeCells>"));
    QCOMPARE(sheets->at(0).lines.size(), 3u);
    QCOMPARE(sheets->at(0).lines[1].cells, (std::vector<std::string>{"甲", "丑"}));
    QCOMPARE(sheets->at(0).lines[2].cells, (std::vector<std::string>{"乙", "寅"}));
  }

  void mergedCellsOverOneAnotherHaveAnEnd() {
    std::string rows, ranges;
    for (int i = 0; i < 3000; ++i) rows += row({i == 0 ? std::string(2000, 'x') : "", "y"});
    for (int i = 0; i < 20000; ++i) ranges += "<mergeCell ref='A1:A3000'/>";
    const auto file = readSheets(workbook(rows, {}, "<mergeCells>" + ranges + "</mergeCells>"));
    QCOMPARE(file.error().reason, std::string("bad_workbook"));
  }

  void escapesOfControlCharactersAreDecoded() {
    const std::string strings = "<si><t>先停电_x000D_\n再做什么_x003F_</t></si><si><t>填 a_x005F_x000D_b_x000D_</t></si><si><t>甲_x000D_乙_xZZZZ__x00_</t></si><si><r><t>笑_xD83D__xDE00_</t></r><r><t>_xD83D_</t></r></si>";
    const auto shared = [](int index) { return "<c t='s'><v>" + std::to_string(index) + "</v></c>"; };
    const Collected found = read(workbook(kHead + row({shared(0), shared(1), shared(2), shared(3), "A"}), {}, "", "", strings));
    QCOMPARE(found.counts.imported, 1);
    const Item& item = found.bank.items[0];
    QCOMPARE(item.stem, std::string("先停电\n再做什么?"));
    QCOMPARE(item.options, (std::vector<std::string>{"填 a_x000D_b", "甲\n乙_xZZZZ__x00_", "笑😀_xD83D_"}));
    // What we wrote comes back as it was.
    const BankFile back = std::move(*readBankFile(writeBankFile(found.bank, "xlsx")->bytes, "f", "", std::nullopt, defaults()));
    QVERIFY(back.collected.bank.items == found.bank.items);
    QCOMPARE(read(workbook(row({"题目", "选项A", "选项B", "答案"}) + row({"甲_x000D_", "一", "<c t='str'><v>二_x000D_</v></c>", "A"}))).bank.items.at(0).options, (std::vector<std::string>{"一", "二"}));
  }

  void ourOwnWorkbooksEscapeWhatLooksLikeAnEscape() {
    Bank bank = defaults();
    Item item;
    item.id = "q", item.key = {1};
    item.stem = "按 _x000D_x000D_ 换行，_x005F_ 呢?";
    item.options = {"a_x000d_b", "_x00e9_ _xZZZZ_ _x00_", "__x0041__"};
    item.explanation = "_xD83D__xDE00_";
    bank.items = {item};
    const auto written = writeBankFile(bank, "xlsx");
    auto package = formats::Package::open(written->bytes, {100, 1u << 20, 1u << 20});
    const std::string sheet = **package->read("xl/worksheets/sheet1.xml");
    for (const char* there : {"按 _x005F_x000D_x005F_x000D_ 换行，_x005F_x005F_ 呢?", ">a_x005F_x000d_b<", ">_x005F_x00e9_ _xZZZZ_ _x00_<", ">__x005F_x0041__<"}) QVERIFY2(sheet.find(there) != std::string::npos, sheet.c_str());
    const Collected back = read(written->bytes);
    QCOMPARE(back.bank.items.at(0).stem, item.stem);
    QCOMPARE(back.bank.items[0].options, item.options);
    QCOMPARE(back.bank.items[0].explanation, item.explanation);
    // Under our headings escapes are read too: a spreadsheet has saved the file again.
    const std::string ours = row({"题型", "题目", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "选项G", "选项H", "答案", "解析", "来源", "难度", "标签"});
    QCOMPARE(read(workbook(ours + row({"单选题", "甲_x005F_x000D_?", "一", "二", "", "", "", "", "", "", "A"}))).bank.items.at(0).stem, std::string("甲_x000D_?"));
  }

  void anErrorInACellIsNotLost() {
    const std::string error = "<c t='e'><v>#REF!</v></c>";
    const Collected found = read(workbook(row({"题型", "题目", "选项A", "选项B", "选项C", "答案", "解析"}) + row({"单选题", "甲?", "一", "二", error, "A", ""}) + row({"单选题", "乙?", "一", "二", "三", error, ""}) +
                                              row({error, "丙?", "一", "二", "三", "A", ""}) + row({"单选题", error, "一", "二", "三", "A", ""}) + row({"单选题", "丁?", "一", "二", "三", "A", error}) + row({error})));
    QCOMPARE(found.counts.rows, 6);
    QCOMPARE(found.counts.imported, 1);
    QVERIFY2(found.refused.at(0).what.zh.starts_with("选项 C 没有文字"), found.refused[0].what.zh.c_str());
    QCOMPARE(found.refused[0].place.column, 5);
    QVERIFY2(found.refused[1].what.zh.starts_with("缺少答案"), found.refused[1].what.zh.c_str());
    QCOMPARE(found.refused[1].place.column, 6);
    QVERIFY2(found.refused[2].what.zh.starts_with("题型"), found.refused[2].what.zh.c_str());
    QVERIFY2(found.refused[3].what.zh.starts_with("题干"), found.refused[3].what.zh.c_str());
    QVERIFY2(found.refused[3].text.find("〔错误值〕") != std::string::npos, found.refused[3].text.c_str());
    QCOMPARE(found.refused[4].place.row, 7);
    QVERIFY(found.bank.items[0].explanation.empty());
    QCOMPARE(found.notes.size(), 6u);
    QCOMPARE(find(found.notes, "cell_error", 6)->place.column, 7);
    QCOMPARE(find(found.notes, "cell_error", 6)->text, std::string("G6"));
    // Options in one cell: without them the item must not turn into true/false.
    QCOMPARE(read(workbook(row({"题目", "选项", "答案"}) + row({"甲?", error, "A"}) + row({"乙?", "A、一**B、二", "A"}))).counts.refused, 1);
    // A program left the formula to be computed by Excel; another one computed nothing.
    const Collected formulas = read(workbook(kHead + row({"甲?", "一", "二", "<c><f>B9</f><v/></c>", "A"}) + row({"乙?", "一", "二", "<c t='str'><f>\"\"</f><v></v></c>", "A"}) + row({"丙?", "一", "<c><f>1+1</f><v>2</v></c>", "", "A"})));
    QCOMPARE(formulas.refused.size(), 1u);
    QCOMPARE(formulas.refused[0].place.row, 2);
    QCOMPARE(formulas.counts.imported, 2);
    // Text that only looks like one is text.
    QCOMPARE(read(workbook(kHead + row({"除数为零时显示什么?", "#DIV/0!", "#N/A", "#REF!", "A"}))).counts.imported, 1);
    // A column that nobody reads may hold what it wants.
    QVERIFY(find(read(workbook(row({"序号", "题目", "选项A", "选项B", "答案"}) + row({error, "甲?", "一", "二", "A"}))).notes, "cell_error") == nullptr);
  }

  // The same of old workbooks.

  void oldNumbersComeInAsShown() {
    const std::string extra = record(0x0022, u16(0)) + record(0x041E, u16(170) + wide("yyyy\"年\"m\"月\"d\"日\"")) + record(0x041E, u16(171) + wide("0\"V\"")) + style(0) + style(9) + style(170) + style(171) + style(12);
    const std::string cells = oldHead() + label(1, 0, "甲?") + record(0x0203, at(1, 1, 1) + f64(0.5)) + record(0x027E, at(1, 2, 2) + u32(44440u << 2 | 2)) +
                              record(0x0006, at(1, 3, 3) + f64(36) + std::string(6, '\0')) + label(1, 4, "A") + label(2, 0, "乙?") +
                              record(0x00BD, u16(2) + u16(1) + u16(0) + u32(7u << 2 | 2) + u16(1) + u32(8u << 2 | 2) + u16(4) + u32(9u << 2 | 2) + u16(3)) + label(2, 4, "B");
    const Collected found = read(oldWorkbook(cells, extra));
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(found.bank.items[0].options, (std::vector<std::string>{"50%", "2021年9月1日", "36V"}));
    QCOMPARE(found.bank.items[1].options, (std::vector<std::string>{"7", "800%", "9"}));
    const Finding* raw = find(found.notes, "number_as_stored");
    QVERIFY(raw != nullptr && raw->place.row == 3 && raw->place.column == 4);
    const auto from_1904 = readSheets(oldWorkbook(record(0x027E, at(0, 0, 0) + u32(42978u << 2 | 2)), record(0x0022, u16(1)) + style(31)));
    QCOMPARE(from_1904->at(0).lines.at(0).cells.at(0), std::string("2021年9月1日"));
  }

  void oldRaisedAndLoweredCharactersStaySo() {
    // Fonts are numbered without a fourth: 5 is the fifth that stands there.
    const std::string fonts = font(0) + font(1) + font(0) + font(0) + font(2);
    const auto rich = [](const std::string& words, const std::vector<std::pair<unsigned, unsigned>>& runs) {
      std::string out = u16(static_cast<unsigned>(units(words))) + "\x09" + u16(static_cast<unsigned>(runs.size())) + utf16(words);
      for (const auto& [unit, one] : runs) out += u16(unit) + u16(one);
      return out;
    };
    const std::string strings = record(0x00FC, u32(3) + u32(3) + rich("😀 10", {{4, 0}}) + rich("绝缘电阻 <106Ω 对吗?", {{8, 1}, {9, 0}}) + rich("U1", {{1, 5}}));
    const auto shared = [](unsigned line, unsigned column, std::uint32_t index) { return record(0x00FD, at(line, column) + u32(index)); };
    const Collected found = read(oldWorkbook(oldHead() + shared(1, 0, 1) + shared(1, 1, 2) + shared(1, 2, 0) +
                                                 record(0x00D6, at(1, 3) + wide("cm2") + u16(2) + u16(2) + u16(1) + u16(3) + u16(0)) + label(1, 4, "A"), fonts + strings));
    QCOMPARE(found.counts.imported, 1);
    const Item& item = found.bank.items[0];
    QVERIFY(item.markup == Markup::Html);
    QCOMPARE(item.stem, std::string("绝缘电阻 &lt;10<sup>6</sup>Ω 对吗?"));
    QCOMPARE(item.options, (std::vector<std::string>{"U<sub>1</sub>", "😀 10", "cm<sup>2</sup>"}));
    QVERIFY(find(found.repaired, "scripts_kept"));
    const auto fifth = readSheets(oldWorkbook(record(0x00D6, at(0, 0) + u16(5) + std::string("\xBD\xD3m2d\1\3\1", 8)), record(0x0042, u16(936)) + font(0) + font(1), false));
    QCOMPARE(fifth->at(0).lines.at(0).cells.at(0), std::string("接m2d"));
    QCOMPARE(fifth->at(0).scripts.size(), 1u);
    QCOMPARE(fifth->at(0).scripts[0].begin, 4u);  // 接 has three bytes here and two there
  }

  void oldMergedCellsStandInEveryRow() {
    const std::string cells = label(0, 0, "题型") + label(0, 1, "题目") + label(0, 2, "选项A") + label(0, 3, "选项B") + label(0, 4, "答案") + label(1, 0, "多选题") + label(1, 1, "哪些对?") + label(1, 2, "子") + label(1, 3, "丑") +
                              label(1, 4, "AB") + label(2, 1, "哪个好?") + label(2, 2, "子") + label(2, 3, "丑") + label(2, 4, "A") +
                              record(0x00E5, u16(2) + u16(0) + u16(0) + u16(0) + u16(4) + u16(1) + u16(2) + u16(0) + u16(0));
    const Collected found = read(oldWorkbook(cells, ""));
    QCOMPARE(found.counts.imported, 1);
    QVERIFY2(found.refused.at(0).what.zh.starts_with("多选题至少要有两个答案"), found.refused[0].what.zh.c_str());
  }

  void anErrorInAnOldCellIsNotLost() {
    const std::string cells = oldHead() + label(1, 0, "甲?") + label(1, 1, "一") + label(1, 2, "二") + record(0x0205, at(1, 3) + std::string("\x17\1", 2)) + label(1, 4, "A") + label(2, 0, "乙?") + label(2, 1, "一") + label(2, 2, "二") +
                              record(0x0006, at(2, 3) + std::string("\2\0\x2A\0\0\0\xFF\xFF", 8) + std::string(6, '\0')) + label(2, 4, "A");
    const Collected found = read(oldWorkbook(cells, ""));
    QCOMPARE(found.refused.size(), 2u);
    for (const Finding& one : found.refused) QVERIFY2(one.what.zh.starts_with("选项 C 没有文字") && one.place.column == 4, one.what.zh.c_str());
    QVERIFY(find(found.notes, "cell_error", 2) && find(found.notes, "cell_error", 3));
  }
};

QTEST_APPLESS_MAIN(CellsTest)
#include "test_cells.moc"
