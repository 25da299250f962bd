// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "formats/package.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

std::string golden(const char* name) {
  auto bytes = readFile(std::string(INVIGIL_SOURCE_DIR "/tests/golden/") + name, 1u << 20);
  if (!bytes) qFatal("%s", name);
  return std::move(*bytes);
}

BankFile read(const std::string& bytes) {
  auto file = readBankFile(bytes, "f", "", std::nullopt, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  return std::move(*file);
}

/// Two pictures of one pixel; the second is the first with a byte behind it.
std::string png(bool other = false) {
  const auto bytes = fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=");
  return std::string(bytes->begin(), bytes->end()) + (other ? "x" : "");
}

std::string cell(const std::string& at, const std::string& text) { return "<c r='" + at + "' t='inlineStr'><is><t>" + text + "</t></is></c>"; }

std::string anchor(int row, int column, const char* id) {
  return "<xdr:twoCellAnchor><xdr:from><xdr:col>" + std::to_string(column) + "</xdr:col><xdr:row>" + std::to_string(row) +
         "</xdr:row></xdr:from><xdr:pic><xdr:blipFill><a:blip r:embed='" + id + "'/></xdr:blipFill></xdr:pic></xdr:twoCellAnchor>";
}

using Files = std::vector<std::pair<std::string, std::string>>;

/// A sheet of four questions with a drawing over it.
Files pictured(const std::string& anchors, const std::string& media_link = "<Relationship Id='rId1' Target='../media/a.png'/><Relationship Id='rId2' Target='/xl/media/b.png'/>") {
  std::string rows = "<row r='1'>";
  const char* const heads[]{"题型", "题目", "选项A", "选项B", "答案"};
  for (int c = 0; c < 5; ++c) rows += cell(std::string(1, static_cast<char>('A' + c)) + "1", heads[c]);
  rows += "</row><row r='2'>" + cell("A2", "单选题") + cell("B2", "图中是什么 &lt; 标志？") + cell("C2", "禁止") + cell("D2", "警告") + cell("E2", "B") + "</row>";
  rows += "<row r='3'>" + cell("A3", "单选题") + cell("B3", "哪一个是接地符号？") + cell("E3", "A") + "</row>";
  rows += "<row r='4'>" + cell("A4", "判断题") + "<c r='B4' t='str'><f>_xlfn.DISPIMG(\"ID_7\",1)</f><v>=DISPIMG(\"ID_7\",1)</v></c>" + cell("E4", "√") + "</row>";
  rows += "<row r='5'>" + cell("A5", "判断题") + cell("B5", "没有图。") + cell("E5", "×") + "</row>";
  return {{"xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='题' sheetId='1' r:id='rId1'/></sheets></workbook>"},
          {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"},
          {"xl/worksheets/sheet1.xml", "<worksheet xmlns:r='r'><sheetData>" + rows + "</sheetData><drawing r:id='rId1'/></worksheet>"},
          {"xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id='rId1' Target='../drawings/drawing1.xml'/></Relationships>"},
          {"xl/drawings/drawing1.xml", "<xdr:wsDr xmlns:xdr='x' xmlns:a='a' xmlns:r='r'>" + anchors + "</xdr:wsDr>"},
          {"xl/drawings/_rels/drawing1.xml.rels", "<Relationships>" + media_link + "</Relationships>"},
          {"xl/cellimages.xml", "<etc:cellImages xmlns:etc='e' xmlns:xdr='x' xmlns:a='a' xmlns:r='r'><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id='2' name='ID_7'/></xdr:nvPicPr>"
                                "<xdr:blipFill><a:blip r:embed='rId1'/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>"},
          {"xl/_rels/cellimages.xml.rels", "<Relationships><Relationship Id='rId1' Target='media/b.png'/></Relationships>"},
          {"xl/media/a.png", png()},
          {"xl/media/b.png", png(true)}};
}

std::string zipped(const Files& files) {
  auto bytes = formats::packed(files);
  if (!bytes) qFatal("libzip");
  return std::move(*bytes);
}

const Finding* noteOf(const BankFile& file, const char* code) {
  for (const Finding& one : file.collected.notes)
    if (one.code == code) return &one;
  return nullptr;
}

}  // namespace

class WorkbooksTest : public QObject {
  Q_OBJECT
 private slots:
  void oldExcelIsReadAsAnIndependentWriterMakesIt() {
    const BankFile file = read(golden("excel-97-questions.xls"));
    QCOMPARE(file.format, std::string("xls"));
    QCOMPARE(file.collected.counts.rows, 42);
    QCOMPARE(file.collected.counts.imported, 42);
    const auto& items = file.collected.bank.items;
    QCOMPARE(items[0].options, (std::vector<std::string>{"60 V 到 500 V", "1 kV 到 10 kV", "6 V 到 12 V"}));
    QCOMPARE(items[0].difficulty, 3);
    QCOMPARE(items[1].key, (std::vector<int>{0, 1}));
    QVERIFY(items[2].type == ItemType::TrueFalse && items[2].key == std::vector<int>{1});
    QVERIFY(items[41].stem.starts_with("第 39 题：安全安全"));  // a string over the edge of two records
    QCOMPARE(file.collected.places[0].sheet, std::string("题库"));
    QVERIFY(noteOf(file, "sheet_not_used") != nullptr);
  }

  void excel5InChineseIsRead() {
    const BankFile file = read(golden("excel-5-gbk.xls"));
    QCOMPARE(file.collected.bank.items.at(0).stem, std::string("验电前应先做什么？"));
    QCOMPARE(file.collected.bank.items.at(0).options, (std::vector<std::string>{"检查验电器", "戴耳塞"}));
  }

  void everyKindOfCellOfOldExcelHasItsText() {
    const auto sheets = readSheets(golden("excel-97-odd-cells.xls"));
    QVERIFY2(sheets.has_value(), sheets ? "" : sheets.error().detail.c_str());
    const auto& lines = sheets->at(0).lines;
    QCOMPARE(lines.at(0).cells, (std::vector<std::string>{"ascii 然后是汉字", "3.14", "7", "1.5"}));
    QCOMPARE(lines.at(1).cells, (std::vector<std::string>{"公式", "TRUE", "", "0.3"}));
    QCOMPARE(sheets->at(0).pictures_unread, 1);
  }

  void oldExcelThatCannotBeReadSaysWhy() {
    const auto locked = readSheets(golden("excel-97-password.xls"));
    QCOMPARE(locked.error().reason, std::string("bad_workbook"));
    QVERIFY(locked.error().detail.find("密码") != std::string::npos && locked.error().detail.find("password") != std::string::npos);
    const std::string whole = golden("excel-97-questions.xls");
    for (std::size_t bytes : {std::size_t{8}, std::size_t{512}, std::size_t{1536}, whole.size() / 2}) {
      const auto cut = readSheets(std::string_view(whole).substr(0, bytes));
      QVERIFY(!cut);
      QCOMPARE(cut.error().reason, std::string("bad_workbook"));
    }
  }

  void picturesGoWhereTheyLie() {
    const BankFile file = read(zipped(pictured(anchor(1, 1, "rId1") + anchor(2, 2, "rId1") + anchor(2, 3, "rId2") + anchor(1, 0, "rId2") + anchor(40, 1, "rId1"))));
    for (const Finding& one : file.collected.refused) qWarning("%s", one.what.en.c_str());
    QCOMPARE(file.collected.counts.imported, 4);
    const auto& items = file.collected.bank.items;
    const auto& media = file.collected.bank.media;
    QCOMPARE(media.size(), 2u);
    const auto image = [&](bool other) {
      for (const Media& one : media)
        if (one.bytes == png(other)) return "<img src=\"media:" + one.name + "\" alt=\"\">";
      return std::string();
    };
    QVERIFY(items[0].markup == Markup::Html);
    QCOMPARE(items[0].stem, "图中是什么 &lt; 标志？<br>" + image(false) + "<br>" + image(true));  // that of the type's column too
    QCOMPARE(items[0].options, (std::vector<std::string>{"禁止", "警告"}));
    QCOMPARE(items[1].options, (std::vector<std::string>{image(false), image(true)}));
    QCOMPARE(items[2].stem, image(true));
    QVERIFY(items[3].markup == Markup::Plain);
    QVERIFY(noteOf(file, "pictures_taken")->what.zh.find("5 张") != std::string::npos);
    QVERIFY(noteOf(file, "pictures_left_out")->what.zh.find("1 张") != std::string::npos);
    QVERIFY(parseNative(writeNative(file.collected.bank)) == file.collected.bank);
  }

  void picturesInCellsOfExcel365AreRead() {
    Files files = pictured("");
    const std::string in_cell = "<c r='C3' t='e' vm='2'><v>#VALUE!</v></c><c r='D3' t='e' vm='1'><v>#VALUE!</v></c><c r='E3' ";
    for (auto& [name, bytes] : files)
      if (name == "xl/worksheets/sheet1.xml") bytes.replace(bytes.find("<c r='E3' "), 10, in_cell);
    files.emplace_back("xl/metadata.xml", "<metadata xmlns:xlrd='x'><futureMetadata name='XLRICHVALUE'><bk><extLst><ext><xlrd:rvb i='0'/></ext></extLst></bk>"
                                          "<bk><extLst><ext><xlrd:rvb i='1'/></ext></extLst></bk></futureMetadata><valueMetadata><bk><rc t='1' v='0'/></bk><bk><rc t='1' v='1'/></bk></valueMetadata></metadata>");
    files.emplace_back("xl/richData/rdrichvalue.xml", "<rvData><rv s='0'><v>0</v><v>5</v></rv><rv s='0'><v>1</v><v>5</v></rv></rvData>");
    files.emplace_back("xl/richData/richValueRel.xml", "<richValueRels xmlns:r='r'><rel r:id='rId1'/><rel r:id='rId2'/></richValueRels>");
    files.emplace_back("xl/richData/_rels/richValueRel.xml.rels", "<Relationships><Relationship Id='rId1' Target='../media/a.png'/><Relationship Id='rId2' Target='../media/b.png'/></Relationships>");
    const BankFile file = read(zipped(files));
    QCOMPARE(file.collected.counts.imported, 4);
    const auto& options = file.collected.bank.items.at(1).options;
    const std::string first = file.collected.bank.media.at(0).bytes == png(true) ? file.collected.bank.media[0].name : file.collected.bank.media.at(1).name;
    QCOMPARE(options.at(0), "<img src=\"media:" + first + "\" alt=\"\">");  // vm 2 is the second picture
    QVERIFY(options.at(1) != options.at(0));
    // Without the lists nobody can tell what the cell shows.
    files.resize(files.size() - 4);
    QCOMPARE(read(zipped(files)).collected.refused.at(0).code, std::string("content_missing"));
  }

  void aPictureThatCannotBeShownRefusesItsRow() {
    Files files = pictured(anchor(1, 1, "rId1"));
    for (auto& [name, bytes] : files)
      if (name == "xl/media/a.png") bytes = "BM no picture that a page shows";
    const BankFile file = read(zipped(files));
    QCOMPARE(file.collected.refused.at(0).code, std::string("content_missing"));
    QCOMPARE(file.collected.refused.at(0).place.row, 2);
    QCOMPARE(file.collected.refused.at(0).text, std::string("图中是什么 < 标志？"));
    QCOMPARE(file.collected.bank.media.size(), 1u);
  }

  void tooManyPicturesAreTooLarge() {
    std::string anchors;
    for (int i = 0; i < 5001; ++i) anchors += anchor(1, 1, "rId1");
    const auto file = readBankFile(zipped(pictured(anchors)), "f", "", std::nullopt, defaults());
    QCOMPARE(file.error().reason, std::string("table_too_large"));
  }

  void manyCellsOfOneLongTextAreTooLarge() {
    std::string rows;
    for (int r = 1; r <= 3000; ++r) rows += "<row r='" + std::to_string(r) + "'><c t='s'><v>0</v></c></row>";
    Files files = pictured("");
    for (auto& [name, bytes] : files)
      if (name == "xl/worksheets/sheet1.xml") bytes = "<worksheet><sheetData>" + rows + "</sheetData></worksheet>";
    files.emplace_back("xl/sharedStrings.xml", "<sst><si><t>" + std::string(100'000, 'x') + "</t></si></sst>");
    const auto file = readBankFile(zipped(files), "f", "", std::nullopt, defaults());
    QCOMPARE(file.error().reason, std::string("table_too_large"));
  }

  void ourWorkbookCarriesPictures() {
    const Bank bank = read(zipped(pictured(anchor(1, 1, "rId1") + anchor(1, 1, "rId2") + anchor(2, 2, "rId1") + anchor(2, 3, "rId2")))).collected.bank;
    const auto written = writeBankFile(bank, "xlsx");
    QVERIFY(written.has_value());
    QCOMPARE(written->lost.size(), 0u);
    const BankFile back = read(written->bytes);
    QCOMPARE(back.collected.counts.imported, 4);
    QVERIFY(back.collected.bank.items == bank.items);
    QVERIFY(back.collected.bank.media == bank.media);
    const auto csv = writeBankFile(bank, "csv");
    QCOMPARE(csv->lost.size(), 3u);
    QCOMPARE(csv->lost[0].code, std::string("left_out"));
  }
};

QTEST_APPLESS_MAIN(WorkbooksTest)
#include "test_workbooks.moc"
