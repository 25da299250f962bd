// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <zip.h>

#include <QtTest>

#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

BankFile read(const std::string& bytes, const std::optional<ColumnMap>& map = std::nullopt) {
  auto file = readBankFile(bytes, "f", "", map, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  const auto& counts = file->collected.counts;
  if (counts.rows != counts.imported + counts.duplicates + counts.refused) qFatal("the sum does not hold");
  return std::move(*file);
}

/// A workbook of one sheet (or what stands in `sheet`), made part by part so that it can also be a bad one.
std::string workbook(const std::string& sheet, const std::string& strings = "<sst/>") {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* zip = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
  zip_source_keep(memory);
  const std::pair<const char*, std::string> parts[]{
      {"xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='题' sheetId='1' r:id='rId1'/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"},
      {"xl/sharedStrings.xml", strings},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>"}};
  for (const auto& [name, text] : parts) zip_file_add(zip, name, zip_source_buffer(zip, text.data(), text.size(), 0), 0);
  zip_close(zip);
  zip_source_open(memory);
  zip_source_seek(memory, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(memory)), '\0');
  zip_source_seek(memory, 0, SEEK_SET);
  zip_source_read(memory, bytes.data(), bytes.size());
  zip_source_close(memory);
  zip_source_free(memory);
  return bytes;
}

std::string cell(const char* at, const std::string& text) { return std::string("<c r='") + at + "' t='inlineStr'><is><t>" + text + "</t></is></c>"; }

const std::string kTable = "题型,题目,选项A,选项B,选项C,答案\n单选题,\"甲,乙\n谁先?\",一,二,三,B\n判断题,地线可以不接。,,,,错\n多选题,哪些对,子,丑,寅,A、C\n";

void compareTable(const BankFile& file) {
  const auto& items = file.collected.bank.items;
  QCOMPARE(items.size(), 3u);
  QCOMPARE(items[0].stem, std::string("甲,乙\n谁先?"));
  QCOMPARE(items[0].options, (std::vector<std::string>{"一", "二", "三"}));
  QCOMPARE(items[0].key, std::vector<int>{1});
  QCOMPARE(items[1].type, ItemType::TrueFalse);
  QCOMPARE(items[1].key, std::vector<int>{1});
  QCOMPARE(items[2].key, (std::vector<int>{0, 2}));
}

}  // namespace

class TablesTest : public QObject {
  Q_OBJECT
 private slots:
  void everyEncodingReadsTheSame_data() {
    QTest::addColumn<QByteArray>("bytes");
    const QString text = QString::fromStdString(kTable);
    const auto utf16 = [&](QStringConverter::Encoding encoding, bool mark) {
      QStringEncoder encoder(encoding, mark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
      return QByteArray(encoder(text));
    };
    QTest::newRow("utf-8") << text.toUtf8();
    QTest::newRow("utf-8 with mark") << QByteArray("\xEF\xBB\xBF") + text.toUtf8();
    QTest::newRow("utf-16le with mark") << utf16(QStringConverter::Utf16LE, true);
    QTest::newRow("utf-16be with mark") << utf16(QStringConverter::Utf16BE, true);
    QTest::newRow("utf-16le") << utf16(QStringConverter::Utf16LE, false);
    QTest::newRow("tabs and CRLF") << text.toUtf8().replace(",\xE4\xB9\x99", "\x01").replace(',', '\t').replace("\x01", ",\xE4\xB9\x99").replace("\n\xE8\xB0\x81", "\x02").replace('\n', "\r\n").replace("\x02", "\n\xE8\xB0\x81");
  }
  void everyEncodingReadsTheSame() {
    QFETCH(QByteArray, bytes);
    compareTable(read(bytes.toStdString()));
  }

  void gb18030IsRecognised() {
    const std::string gbk = "\xCC\xE2\xC4\xBF,\xB4\xF0\xB0\xB8\n\xB5\xD8\xCF\xDF\xBF\xC9\xD2\xD4\xB2\xBB\xBD\xD3,\xB4\xED\n";  // 题目,答案 / 地线可以不接,错
    const BankFile file = read(gbk);
    QCOMPARE(file.collected.bank.items.size(), 1u);
    QCOMPARE(file.collected.bank.items[0].stem, std::string("地线可以不接"));
  }

  void withoutHeadersTheContentTells() {
    const BankFile file = read("单选题,停电检修前先做什么?,验电,送电,下班,A\n判断题,验电器不用检查。,,,,×\n单选题,安全电压是多少伏?,220,380,36,C\n");
    QCOMPARE(file.map.at(0).columns, (std::vector<std::string>{"type", "stem", "option_1", "option_2", "option_3", "key"}));
    QCOMPARE(file.collected.counts.imported, 3);
  }

  void aMapSaysWhichColumnIsWhat() {
    const std::string text = "甲列,乙列,丙列,丁列\nB,停电检修前先做什么,验电**送电,安规\n";
    auto map = parseColumnMap(R"({"sheets":[{"name":"","use":true,"header_row":1,"columns":["key","stem","options","source"]}]})");
    QVERIFY(map.has_value());
    QCOMPARE(*parseColumnMap(writeColumnMap(*map)), *map);
    const BankFile file = read(text, *map);
    QCOMPARE(file.collected.bank.items.at(0).key, std::vector<int>{1});
    QCOMPARE(file.collected.bank.items.at(0).source, std::string("安规"));
    auto wrong = parseColumnMap(R"({"sheets":[{"name":"","header_row":0,"columns":["key","key"]}]})");
    QCOMPARE(QString::fromStdString(wrong.error().where), QString("sheets[0].columns[1]"));
  }

  void everyRowIsImportedADuplicateOrRefused() {
    const BankFile file = read(
        "题目,选项,答案\n1.甲?,A、一**B、二,A\n2.甲?,A、二**B、一,B\n3.甲?,A、一**B、二,B\n4.甲?,A、一**B、三,A\n5.乙?,A、一**B、一,A\n6.丙?,A、一**B、二,D\n");
    const auto& found = file.collected;
    QCOMPARE(found.counts.rows, 6);
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(found.bank.items[0].stem, std::string("甲?"));
    QCOMPARE(found.counts.repaired, 0);  // the numbers of the rows are no part of the questions: a note, no repair
    QCOMPARE(found.notes.size(), 1u);
    QCOMPARE(found.notes[0].code, std::string("stem_numbers"));
    QCOMPARE(found.duplicates.size(), 1u);  // options in another order are the same question
    QCOMPARE(found.duplicates[0].place.row, 3);
    QCOMPARE(found.refused.size(), 3u);
    QCOMPARE(found.look_alikes.size(), 2u);
    for (const Finding& one : found.refused) {
      QVERIFY(one.what.zh != one.what.en && !one.what.zh.empty());
      if (one.place.row == 7) QCOMPARE(one.place.column, 3);
    }
  }

  void numbersOfTypesAndOptionsInJsonAreUnderstood() {
    const BankFile file = read("questionAnswer,题目,选项,题型\n1,甲对吗,,1\n2,乙对吗,,1\n\"A,C\",哪些对,\"[{\"\"o\"\":\"\"子\"\"},{\"\"o\"\":\"\"丑\"\"},{\"\"o\"\":\"\"寅\"\"}]\",3\n",
                               parseColumnMap(R"({"sheets":[{"name":"","use":true,"header_row":1,"columns":["key","stem","options","type"]}]})").value());
    const auto& items = file.collected.bank.items;
    QCOMPARE(items.size(), 3u);
    QVERIFY(items[0].type == ItemType::TrueFalse && items[0].key == std::vector<int>{0} && items[1].key == std::vector<int>{1});
    QVERIFY(items[2].type == ItemType::MultipleChoice);
    QCOMPARE(items[2].options, (std::vector<std::string>{"子", "丑", "寅"}));
  }

  void withoutTypesAndOptionsOneIsRightAndTwoIsWrong() {
    const std::string judged = "甲,1\n乙,2\n丙,1\n丁,2\n戊,1\n己,2\n";
    const BankFile file = read("questionContent,questionAnswer\r\r\n" + judged + "哪些对,\"A,C\"\n哪个对,A\n");
    QCOMPARE(file.collected.counts.imported, 6);
    QCOMPARE(file.collected.counts.repaired, 6);
    QVERIFY(file.collected.bank.items[0].key == std::vector<int>{0} && file.collected.bank.items[1].key == std::vector<int>{1});
    QCOMPARE(file.collected.notes.at(0).code, std::string("numbered_truths"));
    QCOMPARE(file.collected.refused.size(), 2u);  // letters name options, and there are none
    for (const Finding& one : file.collected.refused) QVERIFY2(one.what.zh.find("选项") != std::string::npos, one.what.zh.c_str());
    // Other numbers, or too few of them, say nothing.
    QCOMPARE(read("题目,答案\n" + judged + "庚,0\n").collected.counts.imported, 0);
    QCOMPARE(read("题目,答案\n甲,1\n乙,2\n丙,√\n").collected.counts.imported, 1);
  }

  void aWorkbookNamesSheetRowAndColumn() {
    const std::string rows = "<row r='1'>" + cell("A1", "题目内容") + cell("C1", "题目选项(用##隔开)") + cell("D1", "题目答案") + "</row><row r='4'>" +
                             cell("A4", "甲?") + cell("C4", "A.一##B.二") + cell("D4", "B") + "</row><row r='5'><c r='A5' t='s'><v>0</v></c>" +
                             cell("C5", "A.一##B.二") + cell("D5", "C") + "</row>";
    const BankFile file = read(workbook(rows, "<sst><si><r><t>乙</t></r><r><t>?</t></r><rPh><t>yi</t></rPh></si></sst>"));
    QCOMPARE(file.format, std::string("xlsx"));
    QCOMPARE(file.collected.places.at(0).row, 4);
    QCOMPARE(file.collected.places.at(0).sheet, std::string("题"));
    const Finding& refused = file.collected.refused.at(0);
    QCOMPARE(refused.text, std::string("乙?"));
    QCOMPARE(refused.place.row, 5);
    QCOMPARE(refused.place.column, 4);
  }

  void badFilesAreRefusedWhole_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no zip") << QByteArray("PK\x03\x04 nothing") << "bad_workbook";
    QTest::newRow("no xml") << QByteArray::fromStdString(workbook("<row")) << "bad_workbook";
    QTest::newRow("rows out of order") << QByteArray::fromStdString(workbook("<row r='2'/><row r='1'/>")) << "bad_workbook";
    QTest::newRow("far column") << QByteArray::fromStdString(workbook("<row r='1'>" + cell("ZZZZZ1", "x") + "</row>")) << "table_too_large";
    QTest::newRow("bomb") << QByteArray::fromStdString(workbook("<row r='1'><c><v>" + std::string(130u << 20, '1') + "</v></c></row>")) << "table_too_large";
    QTest::newRow("old xls") << QByteArray("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) << "bad_workbook";
    QTest::newRow("open quote") << QByteArray("题目,答案\n\"甲,A\n") << "bad_text";
    QTest::newRow("no text") << QByteArray("a,b\n\xFF\xFF\x80,1\n") << "bad_text";
  }
  void badFilesAreRefusedWhole() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    auto file = readBankFile(bytes.toStdString(), "f", "", std::nullopt, defaults());
    QVERIFY(!file);
    QCOMPARE(QString::fromStdString(file.error().reason), reason);
  }

  void anEntityIsNotExpanded() {
    const BankFile file = read(workbook("<row r='1'>" + cell("A1", "题目") + cell("B1", "答案") + "</row><row r='2'>" + cell("A2", "甲&x;") + cell("B2", "对") + "</row>"));
    QCOMPARE(file.collected.bank.items.at(0).stem, std::string("甲&x;"));
  }

  void theRealWorkbooks_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("multiple");
    QTest::newRow("electricians") << "省级低压电工作业.xlsx" << 734 << 64;
    QTest::newRow("managers") << "一般企业安全管理员.xlsx" << 299 << 60;
    QTest::newRow("forklift") << "省级叉车司机.xlsx" << 499 << 100;
    QTest::newRow("welders") << "省级电焊.xlsx" << 594 << -1;
    QTest::newRow("laboratory, as text") << "lab-safety.txt" << 604 << -1;  // answer and stem only: the true/false items come in
    QTest::newRow("laboratory") << "lab-safety.xlsx" << 604 << 107;  // types are the numbers 1, 2, 3; options are JSON in a cell
  }
  void theRealWorkbooks() {
    QFETCH(QString, name);
    QFETCH(int, rows);
    QFETCH(int, multiple);
    SHARED_FILE_OR_SKIP(path, QStringLiteral("corpora/safety-questions/") + name);
    auto bytes = readFile(path.toStdString(), 64u << 20);
    QVERIFY(bytes.has_value());
    const BankFile file = read(*bytes);
    QCOMPARE(file.collected.counts.rows, rows);
    for (const Finding& one : file.collected.refused) QVERIFY(one.place.row > 1 && !one.text.empty() && !one.what.zh.empty());
    if (multiple < 0) return;
    int found = 0;
    for (const Item& item : file.collected.bank.items) found += item.type == ItemType::MultipleChoice;
    const auto sheets = readSheets(*bytes);
    for (const Sheet& sheet : *sheets)
      for (const auto& line : sheet.lines)
        for (const Finding& one : file.collected.refused) found += one.place.row == line.number && line.cells.size() > 1 && line.cells[1] == "多选题";
    QCOMPARE(found, multiple);
  }
};

QTEST_APPLESS_MAIN(TablesTest)
#include "test_tables.moc"
