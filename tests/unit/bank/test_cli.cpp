// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "invigil/bank/tables.hpp"

namespace {

struct Ran {
  int code = -1;
  QByteArray out, err;
};

Ran run(const QStringList& words) {
  QProcess process;
  process.start(QStringLiteral(INVIGIL_BIN_DIR "/invigil-bank"), words);
  if (!process.waitForFinished()) return {};
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject json(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

const QString kSamples = QStringLiteral(INVIGIL_SOURCE_DIR "/question-bank/samples/");
const QString kManager = QStringLiteral(INVIGIL_SOURCE_DIR "/question-bank/blueprints/manager.json");

}  // namespace

class BankCliTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { QVERIFY(folder_.isValid()); }

  void commandLineMistakesAreUsageErrors() {
    for (const QStringList& words : {QStringList{},
                                     {"frobnicate"},
                                     {"import"},
                                     {"import", "x", "--id"},
                                     {"check", "--no"},
                                     {"draw", "--bank", "x"},
                                     {"import", "x", "--role", "boss"},
                                     {"import", "x", "--id", "Real Bank"},
                                     {"import", "x", "--category", "1.23456789012345678"},
                                     {"import", "x", "--title", ""},
                                     {"export", "x"},
                                     {"draw", "--bank", "x", "--blueprint", "y", "--seed", "12"}}) {
      const Ran ran = run(words);
      QVERIFY2(ran.code == 2, qPrintable(words.join(' ')));
      QVERIFY(!ran.err.isEmpty());
    }
    QCOMPARE(run({"--help"}).code, 0);
    QCOMPARE(run({"draw", "--help"}).code, 0);
  }

  void importsAListAndReportsEveryRow() {
    write("list.json", R"([{"category":"判断题","title":"甲","answer":"√"},{"category":"单选题","title":"乙","answer":"A"}])");
    const Ran ran = run({"import", path("list.json"), "--id", "b", "--role", "manager", "--role", "principal",
                         "--title", "样", "--out", path("out.json"), "--report", path("report.json")});
    QVERIFY2(ran.code == 0, ran.err);
    QCOMPARE(json(path("out.json"))["items"].toArray().size(), 1);
    QCOMPARE(json(path("out.json"))["roles"].toArray().size(), 2);
    const QJsonObject file = json(path("report.json"))["files"][0].toObject();
    QCOMPARE(file["rows"].toInt(), 2);
    QCOMPARE(file["imported"].toInt(), 1);
    QCOMPARE(file["refused"][0]["row"].toInt(), 2);
    QCOMPARE(file["refused"][0]["text"].toString(), QString("乙"));
    QCOMPARE(run({"import", path("list.json"), "--id", "b", "--role", "manager", "--strict"}).code, 1);
    QCOMPARE(run({"check", path("out.json")}).code, 0);
  }

  void severalFilesLoseNothingAndAddUpForEach() {
    write("first.csv", "题目,选项A,选项B,答案\n甲?,一,二,A\n乙?,一,二,B\n");
    write("second.csv", "题目,选项A,选项B,答案\n乙?,二,一,A\n丙?,一,二,A\n甲?,一,二,B\n丁?,,二,B\n");
    const Ran ran = run({"import", path("first.csv"), path("second.csv"), path("first.csv"), "--id", "b", "--role", "manager", "--bank", path("both.json"), "--report", path("both-report.json")});
    QVERIFY2(ran.code == 0, ran.err);
    QCOMPARE(json(path("both.json"))["items"].toArray().size(), 3);
    const QJsonArray files = json(path("both-report.json"))["files"].toArray();
    QCOMPARE(files.size(), 2);
    for (const QJsonValue& file : files) QCOMPARE(file["rows"].toInt(), file["imported"].toInt() + file["duplicates"].toInt() + file["refused"].toArray().size());
    QCOMPARE(files[0]["imported"].toInt(), 2);
    QCOMPARE(files[1]["rows"].toInt(), 4);
    QCOMPARE(files[1]["imported"].toInt(), 1);
    QCOMPARE(files[1]["duplicates"].toInt(), 1);
    QVERIFY2(ran.out.contains("first.csv 2"), ran.out);  // the contradiction names the other file's row
    QVERIFY(json(path("both-report.json"))["warnings"][0].toString().contains("read once"));
  }

  void theReportIsASpreadsheetWhereItsNameSaysSo() {
    write("=sum.csv", "题目,选项A,选项B,答案\n=1+1?,一,二,A\n=1+1?,二,一,B\n乙?,一,二,A\n乙?,一,三,A\n丙?,,二,B\n");
    const Ran ran = run({"import", path("=sum.csv"), path("absent.csv"), path("=sum.csv"), "--id", "b", "--role", "manager", "--report", path("R.XLSX")});
    QCOMPARE(ran.code, 1);
    QVERIFY(!QFile::exists(path("R.XLSX.part")) && !QFile::exists(path("R.XLSX.new")));
    QFile file(path("R.XLSX"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto sheets = invigil::bank::readSheets(file.readAll().toStdString());
    QVERIFY2(sheets.has_value(), sheets ? "" : sheets.error().detail.c_str());
    const auto cells = [&](std::size_t sheet, std::size_t line) { return sheets->at(sheet).lines.at(line).cells; };
    QCOMPARE(sheets->size(), std::size_t{6});
    QCOMPARE(sheets->at(0).name, std::string("汇总 Summary"));
    QCOMPARE(cells(0, 1), (std::vector<std::string>{"文件 File", path("=sum.csv").toStdString(), path("absent.csv").toStdString()}));
    const std::vector<std::pair<std::string, std::string>> counts{{"行数 Rows", "5"}, {"可导入 Imported", "3"}, {"其中已修复 Repaired", "0"}, {"重复 Duplicates", "1"}, {"题干相同 Look-alikes", "2"}, {"拒收 Refused", "1"}, {"说明 Notes", "1"}};
    for (std::size_t i = 0; i < counts.size(); ++i) QVERIFY2(cells(0, 2 + i).at(0) == counts[i].first && cells(0, 2 + i).at(1) == counts[i].second, counts[i].first.c_str());
    QCOMPARE(sheets->at(0).lines.back().cells.at(0), std::string("不能读取 Not readable"));
    QVERIFY(!sheets->at(0).lines.back().cells.at(2).empty());
    QCOMPARE(sheets->at(1).name, std::string("拒收 Refused"));
    QCOMPARE(cells(1, 1).at(2), std::string("6"));
    QVERIFY(cells(1, 1).at(5).starts_with("选项 A 没有文字"));
    QCOMPARE(sheets->at(3).name, std::string("重复 Duplicates"));
    QCOMPARE(cells(3, 1).at(4), std::string("=1+1?"));
    QCOMPARE(cells(3, 1).at(7), std::string("duplicate"));
    QCOMPARE(sheets->at(4).lines.size(), std::size_t{3});
    QCOMPARE(cells(5, 1).at(7), std::string("named_twice"));
    QCOMPARE(run({"import", path("=sum.csv"), "--id", "b", "--role", "manager", "--report", folder_.path() + "/none/R.xlsx"}).code, 1);
  }

  void whoSaysNothingOfTheBankGetsOneAndIsTold() {
    const QByteArray table = "题目,选项A,选项B,答案\n甲?,一,二,A\n";
    write("低压 电工.csv", table), write("low-voltage.csv", table);
    for (const auto& [name, id] : {std::pair{"低压 电工", "bank"}, {"low-voltage", "low-voltage"}}) {
      const Ran ran = run({"import", path(QString(name) + ".csv"), "--bank", path("B.json"), "--report", path("R.json")});
      QVERIFY2(ran.code == 0, ran.err);
      QCOMPARE(json(path("B.json"))["id"].toString(), QString(id));
      QCOMPARE(json(path("B.json"))["title"].toObject()["zh"].toString(), QString(name));
      QCOMPARE(json(path("B.json"))["roles"].toArray(), QJsonArray{"special_operations"});
      QVERIFY(json(path("R.json"))["warnings"][0].toString().contains("--id " + QString(id) + " --role special_operations"));
    }
    QVERIFY(run({"import", path("low-voltage.csv"), "--id", "b", "--role", "manager", "--report", path("R.json")}).code == 0);
    QVERIFY(json(path("R.json"))["warnings"].toArray().isEmpty());
    QVERIFY(run({"import", path("B.json"), "--report", path("R.json")}).code == 0);  // a bank says all of it itself
    QVERIFY(json(path("R.json"))["warnings"].toArray().isEmpty());
  }

  void aTableOfUnknownColumnsLeavesItsMapToBeMended() {
    write("odd.csv", "甲乙,丙丁,戊己\n一二三四五六七八九十?,√号,x\n");
    const Ran ran = run({"import", path("odd.csv"), "--map-out", path("odd-map.json")});
    QCOMPARE(ran.code, 1);
    QVERIFY2(QFile::exists(path("odd-map.json")), ran.err);
    QVERIFY(!json(path("odd-map.json"))["sheets"].toArray().isEmpty());
    write("two.csv", "题目,选项A,选项B,答案\n甲?,一,二,A\n");
    const Ran several = run({"import", path("two.csv"), path("odd.csv"), "--map-out", path("odd-map.json")});
    QCOMPARE(several.code, 2);
    QVERIFY2(several.err.contains("one table"), several.err);
  }

  void anExportWithoutAFileGoesToTheStandardOutput() {
    const Ran piped = run({"export", kSamples + "manager.json", "--format", "gift"});
    QVERIFY2(piped.code == 0, piped.err);
    QVERIFY(run({"export", kSamples + "manager.json", "--format", "gift", "--out", path("manager.gift")}).code == 0);
    QFile file(path("manager.gift"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(piped.out, file.readAll());
    QVERIFY(piped.err.contains("items written"));
  }

  void checkCountsEveryTypeAndKnowsEnemies() {
    const auto bank = [](const QByteArray& enemies) {
      return "{\"format\":\"invigil-bank\",\"version\":1,\"id\":\"b\",\"title\":{\"zh\":\"样\"},\"roles\":[\"manager\"],\"items\":["
             "{\"id\":\"n\",\"type\":\"numeric\",\"stem\":\"几伏?\",\"answers\":[{\"match\":\"range\",\"text\":\"1\",\"upper\":\"2\"}]},"
             "{\"id\":\"s\",\"type\":\"short_text\",\"stem\":\"写?\",\"answers\":[{\"match\":\"exact\",\"text\":\"RCD\"}]},"
             "{\"id\":\"a\",\"type\":\"single_choice\",\"stem\":\"甲?\",\"options\":[\"一\",\"二\"],\"key\":[\"A\"]" + enemies + "},"
             "{\"id\":\"c\",\"type\":\"single_choice\",\"stem\":\"乙?\",\"options\":[\"一\",\"二\"],\"key\":[\"A\"]}]}";
    };
    write("types.json", bank(""));
    write("enemies.json", bank(",\"enemies\":[\"c\"]"));
    const Ran counted = run({"check", path("types.json")});
    QVERIFY2(counted.out.contains("2 single_choice, 0 multiple_choice, 1 numeric, 1 short_text"), counted.out);
    write("two.json", R"({"format":"invigil-blueprint","version":1,"id":"two","title":{"zh":"两题"},"role":"manager","minutes":10,"pass_points":1,)"
                      R"("parts":[{"type":"single_choice","count":2,"points_each":1}]})");
    const Ran good = run({"check", path("types.json"), "--blueprint", path("two.json")});
    QVERIFY2(good.code == 0, good.err);
    const Ran bad = run({"check", path("enemies.json"), "--blueprint", path("two.json")});
    QCOMPARE(bad.code, 1);
    QVERIFY2(bad.err.contains("no paper can keep every rule"), bad.err);
    const Ran drawn = run({"draw", "--bank", path("enemies.json"), "--blueprint", path("two.json"), "--seed", QString(64, 'a')});
    QVERIFY2(drawn.code == 0 && drawn.err.contains("must not stand on one paper"), drawn.err);
  }

  void anUnreadableFileStillLeavesAReport() {
    const Ran ran = run({"import", path("absent.json"), "--id", "b", "--role", "manager", "--out", path("none.json"),
                         "--report", path("absent-report.json")});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains("absent.json"));
    const QJsonObject report = json(path("absent-report.json"));
    QCOMPARE(report["ok"].toBool(true), false);
    QCOMPARE(report["files"][0]["error"]["reason"].toString(), QString("no_such_file"));
    QVERIFY(!QFile::exists(path("none.json")));
  }

  void checkNamesThePlaceOfAMistake() {
    write("cut.json", "{\"format\": \"invigil-bank\",\n \"version\": 1, \"id");
    const Ran ran = run({"check", path("cut.json")});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains("Line 2, column "), ran.err);
  }

  void checkSaysWhetherAPaperCanBeDrawn() {
    const QStringList all{kSamples + "manager.json", kSamples + "common-law-emergency.json"};
    const Ran good = run(QStringList{"check"} + all + QStringList{"--blueprint", kManager});
    QVERIFY2(good.code == 0, good.err);
    QVERIFY(good.out.contains("can be drawn"));
    const Ran bad = run({"check", all[0], "--blueprint", kManager});
    QCOMPARE(bad.code, 1);
    QVERIFY2(bad.err.contains("topic 'law'"), bad.err);
  }

  void checkFindsIdsThatTwoBanksShare() {
    const Ran ran = run({"check", kSamples + "manager.json", kSamples + "manager.json"});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains("is also in"));
  }

  void drawShowsKeysOnlyWhenAsked() {
    const QStringList words{"draw", "--bank", kSamples + "manager.json", kSamples + "common-law-emergency.json",
                            "--blueprint", kManager, "--seed", QString(64, 'a'), "--json"};
    const Ran without = run(words);
    QVERIFY2(without.code == 0, without.err);
    const QJsonArray items = QJsonDocument::fromJson(without.out)["items"].toArray();
    QCOMPARE(items.size(), 100);
    QVERIFY(!without.out.contains("\"key\""));
    const Ran with = run(words + QStringList{"--with-keys"});
    QCOMPARE(with.out.count("\"key\""), 100);
    QCOMPARE(run(words).out, without.out);
  }

 private:
  QString path(const QString& name) const { return folder_.filePath(name); }
  void write(const QString& name, const QByteArray& content) {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
  }
  QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(BankCliTest)
#include "test_cli.moc"
