// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "curves.hpp"
#include "invigil/base/text.hpp"
#include "output.hpp"
#include "rates.hpp"
#include "tables.hpp"

using namespace invigil::face;

namespace {

bool near(double a, double b, double room = 1e-4) { return std::abs(a - b) < room; }

Scores scoresOf(const std::vector<double>& genuine, const std::vector<double>& impostor) {
  Scores scores;
  for (const double s : genuine) scores.add(s, true);
  for (const double s : impostor) scores.add(s, false);
  scores.sort();
  return scores;
}

}  // namespace

class RatesTest : public QObject {
  Q_OBJECT
 private slots:
  // Values of Brown, Cai, DasGupta (2001) and R's prop.test(correct = FALSE).
  void wilsonIsThePublishedInterval() {
    const Interval none = wilson95(0, 100), some = wilson95(5, 100), all = wilson95(10, 10);
    QVERIFY(none.low == 0 && near(none.high, 0.03699));
    QVERIFY(near(some.low, 0.02154) && near(some.high, 0.11175));
    QVERIFY(near(all.low, 0.72247) && all.high == 1);
    QVERIFY(wilson95(0, 0).low == 0 && wilson95(0, 0).high == 1);
  }

  void ratesAtAThreshold() {
    const Scores scores = scoresOf({0.3, 0.5, 0.7, 0.9}, {0.1, 0.2, 0.3, 0.5});
    QCOMPARE(scores.frr(0.5).events, 1L);  // the edge is accepted
    QCOMPARE(scores.far(0.5).events, 1L);
    QCOMPARE(scores.far(0.51).events, 0L);
    QVERIFY(near(scores.equalError().rate, 0.25));
    QVERIFY(near(scores.equalError().threshold, 0.5));
  }

  void frrAtFarTakesTheLowestThresholdThatKeepsIt() {
    std::vector<double> impostor;
    for (int i = 0; i < 100; ++i) impostor.push_back(i / 200.0);
    const Scores scores = scoresOf({0.40, 0.49, 0.6, 0.7}, impostor);
    QVERIFY(near(scores.frrAtFar(0.01).threshold, 0.495, 1e-9) || near(scores.frrAtFar(0.01).threshold, 0.49, 6e-3));
    QCOMPARE(scores.far(scores.frrAtFar(0.01).threshold).events, 1L);
    QVERIFY(near(scores.frrAtFar(0.01).rate, 0.5));
    QCOMPARE(scores.far(scores.frrAtFar(0.001).threshold).events, 0L);
    // Impostors above all genuine ones: nobody can be let in.
    QVERIFY(near(scoresOf({0.1}, {0.9}).frrAtFar(0.01).rate, 1));
  }

  void perfectAndHopelessSets() {
    QCOMPARE(scoresOf({0.8, 0.9}, {0.1, 0.2}).equalError().rate, 0.0);
    QCOMPARE(scoresOf({0.1}, {0.9}).equalError().rate, 1.0);
    const auto empty = figures(scoresOf({}, {0.5}), 1);
    for (const char* key : {"eer", "frr_at_far_1pct", "frr_at_far_01pct", "threshold_at_far_1pct", "threshold_at_far_01pct", "eer_interval95"})
      QVERIFY2(empty.at(key).is_null(), key);
    QCOMPARE(empty.at("impostor").get<int>(), 1);
    QVERIFY(toJson(Rate{0, 0}).at("rate").is_null());
  }

  void distancesKeepTheirSign() {
    const auto f = figures(scoresOf({-0.3, -0.4}, {-0.7, -0.8}), -1);
    QVERIFY(f.at("eer_threshold").get<double>() > 0.2);
    const auto table = thresholdTable(scoresOf({-0.3, -0.4}, {-0.7, -0.8}), {0.35, 0.75}, -1);
    QCOMPARE(table[0].at("frr").at("events").get<int>(), 1);
    QCOMPARE(table[1].at("far").at("events").get<int>(), 1);
  }

  void tablesSayWhatIsWrong() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("t.csv").toStdString();
    auto put = [&](const char* text) { return invigil::writeFileDurably(path, text).has_value(); };
    QVERIFY(put("\xEF\xBB\xBFpath,same,more\r\n\"a,b\"\"c\",1,x\r\n\r\n"));
    const auto rows = readTable(path, {"path", "same"});
    QVERIFY(rows && rows->size() == 1 && rows->front().at("path") == "a,b\"c" && rows->front().at("more") == "x");
    QVERIFY(put("path\na\n"));
    QVERIFY(readTable(path, {"same"}).error().detail.find("'same'") != std::string::npos);
    QVERIFY(put("path,same\na\n"));
    QVERIFY(readTable(path, {"path"}).error().detail.find("line 2") != std::string::npos);
    QVERIFY(put("path,same\n"));
    QCOMPARE(readTable(path, {"path"}).error().reason, "bad_table");
    QVERIFY(readTable(path, {"path"}).error().detail.find("nothing to measure") != std::string::npos);
    QVERIFY(put(""));
    QVERIFY(readTable(path, {"path"}).error().detail.find("is empty") != std::string::npos);
    QVERIFY(!readTable("/nonexistent", {"path"}));
  }

  void tablesAreReadAsOthersWriteThem() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("t.csv").toStdString();
    for (const char* text : {"Same, Path ,more\n1 , a b,x\n", "\xEF\xBB\xBFmore;path;same\r\n x;a b ;1\r\n ; ; \r\n", "path\tSAME\tmore\na b\t\"1\"\tx\n\t\n"}) {
      QVERIFY(invigil::writeFileDurably(path, text).has_value());
      const auto rows = readTable(path, {"path", "same"});
      QVERIFY2(rows && !rows->empty(), text);
      QVERIFY2(rows->front().at("path") == "a b" && rows->front().at("same") == "1" && rows->front().at("more") == "x", text);
    }
    // A comma inside a field parts nothing where semicolons part the columns.
    QCOMPARE(fieldsOf("a,b;c", ';').front(), std::string("a,b"));
  }

  void fieldsMayHoldLineBreaksAndLinesMayEndInAnyWay() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("t.csv").toStdString();
    const auto read = [&](const char* text) {
      if (!invigil::writeFileDurably(path, text)) qFatal("cannot write %s", path.c_str());
      return readTable(path, {"path", "same"});
    };
    for (const char* text : {"path,same\n\"a\nb\",1\n5\" screen,\"0\"\n", "path,same\r\n\"a\nb\",1\r\n5\" screen,\"0\"", "path,same\r\"a\nb\",1\r5\" screen,\"0\"\r"}) {
      const auto rows = read(text);
      QVERIFY2(rows && rows->size() == 2, text);
      QCOMPARE(rows->front().at("path"), std::string("a\nb"));
      QCOMPARE(rows->back().at("path"), std::string("5\" screen"));
      QCOMPARE(rows->back().at("same"), std::string("0"));
      QVERIFY(rows->front().line == 2 && rows->back().line == 4);
    }
    QVERIFY(read("path,same\n\"a\nb\",1\nc\n").error().detail.find("line 4") != std::string::npos);
    QVERIFY(read("path,same\na,1\n\"b,0\nc,1\n").error().detail.find("line 3 opens a quotation mark") != std::string::npos);
  }

  void listsAreReadHoweverTheyWereSaved() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("t.csv").toStdString();
    const auto read = [&](const QByteArray& bytes) {
      if (!invigil::writeFileDurably(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())})) qFatal("cannot write %s", path.c_str());
      return readTable(path, {"path", "same"});
    };
    QByteArray little, big;
    for (const QChar c : QString::fromUtf8("path,same\n王芳/1.jpg,1\n")) {
      little.append(static_cast<char>(c.unicode() & 0xFF)).append(static_cast<char>(c.unicode() >> 8));
      big.append(static_cast<char>(c.unicode() >> 8)).append(static_cast<char>(c.unicode() & 0xFF));
    }
    for (const QByteArray& bytes : {"\xFF\xFE" + little, "\xFE\xFF" + big, little, big, QByteArray("path,same\n\xCD\xF5\xB7\xBC/1.jpg,1\n")}) {
      const auto rows = read(bytes);
      QVERIFY2(rows, rows ? "" : rows.error().detail.c_str());
      QCOMPARE(rows->front().at("path"), std::string("王芳/1.jpg"));
    }
    // What cannot be told is not guessed: another encoding would name other files.
    for (const QByteArray& bytes : {QByteArray("path,same\na.jpg,1\nM\xFC" "ller/1.jpg,1\n"), QByteArray("path,same\ra.jpg,1\rcaf\xE9/1.jpg,1\r")}) {
      const auto rows = read(bytes);
      QVERIFY(!rows);
      QVERIFY2(rows.error().detail.find("line 3 is not UTF-8: save") != std::string::npos, rows.error().detail.c_str());
    }
    QVERIFY(read("PK\x03\x04 and so on").error().detail.find("workbook") != std::string::npos);
  }

  void whatIsWrittenGoesWhereThePathLeads() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) { return folder.filePath(name).toStdString(); };
    QVERIFY(QDir(folder.path()).mkpath("there"));
    // A link stays a link, also to what is not there yet.
    QCOMPARE(::symlink("there/real.json", at("link").c_str()), 0);
    for (const char* text : {"one", "two"}) {
      QVERIFY(checkOutput(at("link")).has_value() && writeOutput(at("link"), text).has_value());
      QVERIFY(QFileInfo(folder.filePath("link")).isSymLink());
      QCOMPARE(*invigil::readFile(at("there/real.json"), 10), std::string(text));
      if (*text == 'o') QCOMPARE(::chmod(at("there/real.json").c_str(), 0600), 0);
    }
    struct stat info {};
    QCOMPARE(::stat(at("there/real.json").c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    QCOMPARE(QDir(folder.filePath("there")).entryList(QDir::Files), QStringList{"real.json"});
    // A pipe is written to and stays one.
    QCOMPARE(::mkfifo(at("pipe").c_str(), 0600), 0);
    const int end = ::open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
    QVERIFY(checkOutput(at("pipe")).has_value() && writeOutput(at("pipe"), "three").has_value());
    char got[8] = {};
    QCOMPARE(static_cast<int>(::read(end, got, sizeof got)), 5);
    ::close(end);
    QVERIFY(QByteArray(got) == "three" && ::stat(at("pipe").c_str(), &info) == 0 && S_ISFIFO(info.st_mode));
    QCOMPARE(::symlink("circle", at("circle").c_str()), 0);
    for (const std::string& wrong : {folder.path().toStdString(), at("none/out.json"), at("circle")}) QCOMPARE(checkOutput(wrong).error().reason, std::string("wrong_path"));
    QVERIFY(isStandardOutput("-") && isStandardOutput("/dev/stdout") && !isStandardOutput(at("link")));
  }

  void sameIsSaidInManyWords() {
    for (const char* word : {"1", "true", "TRUE", "yes", "same", "Genuine", "1.0", "T"}) QVERIFY2(sameOf(word) == true, word);
    for (const char* word : {"0", "False", "no", "different", "impostor", "imposter", "0.0", "f"}) QVERIFY2(sameOf(word) == false, word);
    for (const char* word : {"", "2", "maybe"}) QVERIFY2(!sameOf(word), word);
  }

  void curvesNameEverySet() {
    const Scores scores = scoresOf({0.4, 0.8, 0.9}, {0.1, 0.2, 0.5}), none = scoresOf({0.4}, {});
    const std::string svg = drawCurves("a <b>", {{"all", &scores}, {"web", &scores}, {"lonely", &none}}, 1);
    QVERIFY(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    QVERIFY(svg.find("all: EER") != svg.npos && svg.find("web: EER") != svg.npos && svg.find("lonely") == svg.npos);
    QVERIFY(svg.find("a &lt;b>") != svg.npos && svg.find("nan") == svg.npos);
  }
};

QTEST_GUILESS_MAIN(RatesTest)
#include "test_rates.moc"
