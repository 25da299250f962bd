// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "curves.hpp"
#include "invigil/base/text.hpp"
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

  void sameIsSaidInManyWords() {
    for (const char* word : {"1", "true", "TRUE", "yes", "same", "Genuine"}) QVERIFY2(sameOf(word) == true, word);
    for (const char* word : {"0", "False", "no", "different", "impostor"}) QVERIFY2(sameOf(word) == false, word);
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
