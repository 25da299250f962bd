// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "invigil/bank/statistics.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

using invigil::test::readAll;

ResponseTable tableOf(const std::string& csv) {
  auto table = parseResponses(csv);
  if (!table) qFatal("%s: %s", table.error().where.c_str(), table.error().detail.c_str());
  return std::move(*table);
}

void near(double value, double expected, double within, const char* what) {
  if (!(std::abs(value - expected) <= within))
    QFAIL(qPrintable(QString("%1: %2, expected %3").arg(what).arg(value, 0, 'f', 8).arg(expected, 0, 'f', 8)));
}

using Line = std::map<std::string, std::string>;

/// The corpus' tables: no cell of theirs holds a comma or a line break.
std::vector<Line> linesOf(const std::string& csv) {
  std::vector<Line> lines;
  std::vector<std::string> names;
  std::istringstream in(csv);
  for (std::string text; std::getline(in, text);) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    std::vector<std::string> cells;
    std::size_t at = 0;
    do {
      const std::size_t end = std::min(text.find(',', at), text.size());
      cells.push_back(text.substr(at, end - at));
      at = end + 1;
    } while (at <= text.size());
    if (names.empty()) { names = cells; continue; }
    Line line;
    for (std::size_t c = 0; c < std::min(cells.size(), names.size()); ++c) line[names[c]] = cells[c];
    lines.push_back(std::move(line));
  }
  return lines;
}

/// 200 sittings of six items with four options; whoever is able is right more often, item 5 has the wrong key.
std::string simulated() {
  std::string csv = "sitting,item,chosen,key,mark,max,date,seconds,options\n";
  std::uint32_t state = 12345;
  const auto draw = [&state] { return (state = state * 1664525u + 1013904223u) >> 8 & 0xffffu; };
  for (int s = 0; s < 200; ++s) {
    const std::uint32_t ability = draw();
    for (int i = 0; i < 6; ++i) {
      const bool knows = draw() < ability;
      const char right = 'B', chosen = knows ? right : static_cast<char>('A' + (draw() % 2 == 0 ? 0 : 2));
      const char key = i == 5 ? 'A' : 'B';
      csv += std::to_string(s) + ",i" + std::to_string(i) + "," + chosen + "," + key + "," + (chosen == key ? "1" : "0") + ",1," +
             (s < 100 ? "2026-10-03" : "2026-11-03") + "," + std::to_string(20 + i) + ",4\n";
    }
  }
  return csv;
}

bool has(const ItemStatistics& item, const char* flag) { return std::find(item.flags.begin(), item.flags.end(), flag) != item.flags.end(); }

}  // namespace

class TestStatistics_ : public QObject {
  Q_OBJECT
 private slots:
  void nothing_says_nothing() {
    const Statistics none = computeStatistics({});
    QCOMPARE(none.test.sittings, 0);
    QVERIFY(!none.test.alpha && none.items.empty());
    const Statistics one = computeStatistics(tableOf("sitting,q1,q2\na,1,0\n"));
    QCOMPARE(one.items[0].facility, 1.0);
    QVERIFY(!one.items[0].item_rest && !one.test.alpha && !one.test.rasch);
  }

  void all_right_is_no_division_by_zero() {
    std::string csv = "sitting,q1,q2,q3\n";
    for (int i = 0; i < 600; ++i) csv += std::to_string(i) + ",1,1," + (i % 2 == 0 ? "1" : "0") + "\n";
    const Statistics all = computeStatistics(tableOf(csv));
    QVERIFY(!all.items[0].item_rest && !all.items[0].two_pl);
    QVERIFY(has(all.items[0], "too_easy"));
    QVERIFY(!all.test.rasch);  // one item alone has no scale
  }

  void a_key_that_nobody_chose_is_told() {
    std::string csv = "sitting,item,chosen,key,mark,max,options\n";
    for (int s = 0; s < 40; ++s)
      for (const char* item : {"good", "nobody"}) {
        const bool good = std::string(item) == "good";
        const char key = good ? 'A' : 'D', chosen = good ? (s % 2 == 0 ? 'A' : 'B') : 'C';
        csv += std::to_string(s) + "," + item + "," + chosen + "," + key + "," + (chosen == key ? "1" : "0") + ",1,4\n";
      }
    const Statistics all = computeStatistics(tableOf(csv));
    QVERIFY(!has(all.items[0], "key_probably_wrong"));
    QVERIFY(has(all.items[1], "key_probably_wrong"));
  }

  void the_wrong_key_is_found() {
    const Statistics s = computeStatistics(tableOf(simulated()));
    QCOMPARE(s.test.sittings, 200);
    QVERIFY(has(s.items[5], "key_probably_wrong") && has(s.items[5], "negative_discrimination"));
    for (std::size_t i = 0; i < 5; ++i) {
      QVERIFY2(!has(s.items[i], "key_probably_wrong"), s.items[i].id.c_str());
      QVERIFY(has(s.items[i], "dead_distractor"));  // nobody took D
      QVERIFY(*s.items[i].item_rest > 0.2);
      QCOMPARE(s.items[i].options.size(), std::size_t(4));
      QCOMPARE(s.items[i].options[1].curve.size(), std::size_t(5));
      QVERIFY(s.items[i].options[1].curve.back() > s.items[i].options[1].curve.front());
      QCOMPARE(s.items[i].drift.size(), std::size_t(2));
      QCOMPARE(*s.items[i].median_seconds, 20.0 + static_cast<double>(i));
    }
    QVERIFY(*s.items[5].alpha_if_deleted > *s.test.alpha);
    QVERIFY(s.items[0].rasch && !s.items[0].two_pl);  // 200 answers are enough for the one, not for the other
  }

  void a_table_goes_out_and_comes_back_the_same() {
    ResponseTable table = tableOf(simulated());
    table.items[0].id = "bank/a,\"b\"@2";
    table.items[1].max = 0.5;
    table.sittings[0].cells[1].mark = -0.125;
    table.sittings[3].cells[2].seconds = -1;
    table.sittings[4].cells[3].chosen = 0;
    const std::string csv = writeResponses(table);
    const ResponseTable again = tableOf(csv);
    QCOMPARE(writeResponses(again), csv);
    QCOMPARE(again.sittings.size(), table.sittings.size());
    QCOMPARE(again.items[0].id, table.items[0].id);
    QCOMPARE(again.items[1].max, 0.5);
    QCOMPARE(again.sittings[0].cells[1].mark, -0.125);
    QCOMPARE(again.sittings[3].cells[2].seconds, -1.0);
    QCOMPARE(again.sittings[0].month, std::string("2026-10"));
    QCOMPARE(computeStatistics(again).test.mean, computeStatistics(table).test.mean);
  }

  void times_have_quartiles_and_who_chose_an_option_a_mean() {
    std::string csv = "sitting,item,chosen,key,mark,max,seconds,options\n";
    const char* chosen[] = {"A", "A", "B", "B", ""};
    for (int s = 0; s < 5; ++s) {
      const std::string id = std::to_string(s), right = s < 2 ? "1" : "0";
      csv += id + ",a," + chosen[s] + ",A," + right + ",1," + (s == 4 ? "" : std::to_string(10 * (s + 1))) + ",3\n";
      csv += id + ",b,A,A," + (s % 2 == 0 ? "1" : "0") + ",1,,3\n";
    }
    const Statistics out = computeStatistics(tableOf(csv));
    const ItemStatistics& a = out.items[0];
    QCOMPARE(*a.lower_seconds, 17.5);  // of 10, 20, 30, 40: an open item has no time
    QCOMPARE(*a.median_seconds, 25.0);
    QCOMPARE(*a.upper_seconds, 32.5);
    QCOMPARE(*a.options[0].mean_rest, 0.5);  // marks on b of who chose A: 1 and 0
    QCOMPARE(*a.options[1].mean_rest, 0.5);
    QVERIFY(!a.options[2].mean_rest);        // nobody
    QCOMPARE(a.left_open, 1);
    QVERIFY(!out.items[1].median_seconds);
  }

  void what_was_not_asked_is_missing_not_wrong() {
    // Two papers, and whoever sat the second was asked only hard items: their facility must not fall on the first.
    std::string csv = "sitting,e1,e2,h1,h2\n";
    for (int i = 0; i < 40; ++i) csv += std::to_string(i) + (i % 2 == 0 ? ",1,1,," : ",,,0,") + (i % 2 == 0 ? "\n" : "1\n");
    const Statistics s = computeStatistics(tableOf(csv));
    QVERIFY(!s.test.same_paper);
    QCOMPARE(s.items[0].n, 20);
    QCOMPARE(s.items[0].facility, 1.0);
    QCOMPARE(s.items[2].facility, 0.0);
    QCOMPARE(s.test.mean, 75.0);
  }

  void alpha_of_a_known_table() {
    // Variances over n-1: items 1/3, 1/3, 1/4·4/3; by hand alpha = 3/2 (1 - sum/total).
    const Statistics s = computeStatistics(tableOf("sitting,a,b,c\n1,1,1,1\n2,1,1,0\n3,0,0,0\n4,0,1,0\n"));
    const double items = 1.0 / 3 + 0.25 + 0.25, total = (9.0 + 4 + 0 + 1 - 4 * 1.5 * 1.5) / 3;
    near(*s.test.alpha, 1.5 * (1 - items / total), 1e-12, "alpha");
    near(*s.items[2].alpha_if_deleted, 2.0 * (1 - (1.0 / 3 + 0.25) / (11.0 / 12)), 1e-12, "alpha without c");
  }

  void half_marks_and_maxima() {
    const auto table = tableOf("sitting,a,b\nmax,2,4\n1,1.5,4\n2,0.5,0\n");
    QCOMPARE(table.items[1].max, 4.0);
    QCOMPARE(computeStatistics(table).items[0].facility, 0.5);
  }

  void bad_files_say_where_data() {
    QTest::addColumn<QString>("csv");
    QTest::addColumn<QString>("where");
    QTest::newRow("empty") << "" << "row 1";
    QTest::newRow("word") << "sitting,a,b\n1,1,0\n2,x,0\n" << "row 3, column 2";
    QTest::newRow("beyond any sum") << "sitting,a,b\n1,1,0\n2,1,1e308\n" << "row 3, column 3";
    QTest::newRow("beyond any share") << "sitting,item,mark\n1,a,1e-300\n" << "row 2, column 3";
    QTest::newRow("too many cells") << "sitting,a\n1,1,0\n" << "row 2, column 3";
    QTest::newRow("twice") << "sitting,item,mark\n1,a,1\n1,a,0\n" << "row 3";
    QTest::newRow("letters") << "sitting,item,mark,chosen\n1,a,1,7\n" << "row 2, column 4";
    QTest::newRow("worth nothing") << "sitting,item,mark,max\n1,a,1,1\n1,b,0,0\n" << "row 3, column 4";
    QTest::newRow("worth less than nothing") << "sitting,item,mark,max\n1,a,1,-2\n" << "row 2, column 4";
    QTest::newRow("worth a word") << "sitting,item,mark,max\n1,a,1,x\n" << "row 2, column 4";
    QTest::newRow("a column worth nothing") << "sitting,a,b\nmax,2,0\n1,1,0\n" << "row 2, column 3";
    QTest::newRow("no sitting") << "sitting,a,b\n" << "row 2";
  }
  void bad_files_say_where() {
    QFETCH(QString, csv);
    QFETCH(QString, where);
    const auto table = parseResponses(csv.toStdString());
    QVERIFY(!table);
    QCOMPARE(table.error().reason, std::string("bad_responses"));
    QCOMPARE(QString::fromStdString(table.error().where), where);
  }

  void lsat6_as_published() {
    SHARED_FILE_OR_SKIP(path, "corpora/vectors/irt-data/lsat6.csv");
    const Statistics s = computeStatistics(tableOf(readAll(path)));
    near(*s.test.alpha, 0.29499719, 1e-6, "KR-20");
    near(*s.test.kr21, 0.19644117, 1e-6, "KR-21");
    near(s.test.two_pl->log_likelihood, -2466.6534, 1e-3, "2PL log-likelihood");
    near(s.test.rasch->log_likelihood, -2466.9376, 1e-3, "Rasch log-likelihood");
    const double a[]{.8254, .7229, .8905, .6886, .6575}, b[]{-3.3597, -1.3696, -.2799, -1.8659, -3.1236}, d[]{2.73, .999, .24, 1.306, 2.099};
    const double se_a[]{.2581, .1867, .2326, .1852, .21}, se_b[]{.8669, .3073, .0997, .4341, .87};
    const double rest[]{.1128, .1532, .1728, .1444, .1216}, total[]{.362, .5668, .6184, .5344, .4354}, less[]{.2754, .2376, .2168, .2459, .2663};
    for (std::size_t j = 0; j < 5; ++j) {
      const ItemStatistics& item = s.items[j];
      near(item.two_pl->a, a[j], 0.005, "a"), near(*item.two_pl->b, b[j], 0.005, "b"), near(item.rasch->d, d[j], 0.005, "Rasch d");
      near(*item.two_pl->se_a, se_a[j], 0.005, "se a"), near(*item.two_pl->se_b, se_b[j], 0.005, "se b");
      near(*item.item_rest, rest[j], 0.00005, "rest"), near(*item.point_biserial, total[j], 0.00005, "total"), near(*item.alpha_if_deleted, less[j], 0.00005, "alpha if deleted");
      QVERIFY(item.two_pl->infit > 0.8 && item.two_pl->infit < 1.2);
    }
  }

  void lsat7_as_published() {
    SHARED_FILE_OR_SKIP(path, "corpora/vectors/irt-data/lsat7.csv");
    const Statistics s = computeStatistics(tableOf(readAll(path)));
    near(*s.test.alpha, 0.45340874, 1e-6, "KR-20");
    near(s.test.two_pl->log_likelihood, -2658.8051, 1e-3, "2PL log-likelihood");
    near(s.test.rasch->ability_sd, 1.011, 0.005, "Rasch a");
    const double a[]{.988, 1.081, 1.706, .7651, .7358}, d[]{1.8561, .808, 1.8043, .486, 1.8545}, one[]{1.868, .791, 1.461, .521, 1.993};
    for (std::size_t j = 0; j < 5; ++j)
      near(s.items[j].two_pl->a, a[j], 0.005, "a"), near(s.items[j].two_pl->d, d[j], 0.005, "d"), near(s.items[j].rasch->d, one[j], 0.005, "Rasch d");
  }

  /// Every value of Moodle's hand-computed sheet, to its printed digits. Conventions: docs/statistics.md.
  void item_analysis_agrees() {
    SHARED_FILE_OR_SKIP(expected_path, "corpora/item-analysis/qstats00.csv");
    SHARED_FILE_OR_SKIP(results_path, "corpora/item-analysis/results00.csv");
    SHARED_FILE_OR_SKIP(steps_path, "corpora/item-analysis/steps00.csv");
    const auto table = tableOf(readAll(results_path));
    const auto steps = linesOf(readAll(steps_path));
    QCOMPARE(table.sittings.size(), steps.size());
    const Statistics all = computeStatistics(table);
    std::vector<double> totals;
    for (const auto& sitting : table.sittings) {
      totals.push_back(0);
      for (const auto& cell : sitting.cells) totals.back() += cell.mark;
    }
    int compared = 0;
    for (const Line& line : linesOf(readAll(expected_path))) {
      const auto at = [&](const char* name) { return line.contains(name) ? line.at(name) : std::string(); };
      const auto slot = static_cast<std::size_t>(std::stoi(at("slot"))) - 1;
      std::vector<double> marks, others;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!at("subqname").empty() && steps[i].at("randqs.1") != at("subqname")) continue;
        if (!at("variant").empty() && steps[i].at("variants.2") != at("variant")) continue;
        const double mark = table.sittings[i].cells[slot].mark;
        marks.push_back(mark);
        others.push_back(at("subqname").empty() ? totals[i] - mark : totals[i]);  // a question of a random slot: the whole total
      }
      const Association got = associate(marks, others);
      const ItemStatistics& item = all.items[slot];
      const std::map<std::string, double> values{{"s", got.n}, {"facility", got.mean}, {"sd", std::sqrt(got.variance)}, {"effectiveweight", *item.effective_weight},
          {"covariance", got.covariance}, {"markvariance", got.variance}, {"othermarkvariance", got.other_variance}, {"discriminationindex", 100 * got.correlation.value_or(0)},
          {"covariancemax", got.covariance_max}, {"discriminativeefficiency", 100 * got.efficiency.value_or(0)}, {"maxmark", item.max}};
      for (const auto& [name, value] : values) {
        const std::string text = at(name.c_str());
        if (text.empty() || text.find('*') != std::string::npos) continue;
        const std::size_t dot = text.find('.');
        const double half = 0.5 * std::pow(10.0, dot == std::string::npos ? 0.0 : -static_cast<double>(text.size() - dot - 1));
        near(value, std::stod(text), half * 1.0001, (at("slot") + " " + at("subqname") + at("variant") + " " + name).c_str());
        ++compared;
      }
    }
    QCOMPARE(compared, 95);
  }

  /// How often each answer was given, where one answer a sitting counts (docs/statistics.md says what the other counts are).
  void given_answers_are_counted() {
    int compared = 0;
    for (const std::string set : {"00", "03"}) {
      SHARED_FILE_OR_SKIP(counts_path, ("corpora/item-analysis/responsecounts" + set + ".csv").c_str());
      SHARED_FILE_OR_SKIP(steps_path, ("corpora/item-analysis/steps" + set + ".csv").c_str());
      const auto steps = linesOf(readAll(steps_path));
      for (const Line& line : linesOf(readAll(counts_path))) {
        const auto at = [&](const char* name) { return line.contains(name) ? line.at(name) : std::string(); };
        const std::string slot = at("slot"), model = at("modelresponse");
        const bool matching = at("subpart") != "" && set == "00" && slot == "3";  // its parts are named in what would be right
        const std::string column = "responses." + slot + "." + (matching ? model.substr(0, model.find(':')) : "answer");
        ResponseTable table;
        table.items = {{"part", 1, 32, 0}};
        std::vector<std::string> given;
        for (const Line& step : steps) {
          if (!at("randq").empty() && step.at("randqs." + slot) != at("randq")) continue;
          if (step.contains("variants." + slot) && step.at("variants." + slot) != at("variant")) continue;
          const auto found = std::find(given.begin(), given.end(), step.at(column));
          const auto option = static_cast<std::size_t>(found - given.begin());
          if (found == given.end()) given.push_back(step.at(column));
          QVERIFY(option < 32);
          table.sittings.push_back({step.at("quizattempt"), "", {{0, 0, std::uint32_t{1} << option, -1}}});
        }
        const auto found = std::find(given.begin(), given.end(), at("actualresponse"));
        QVERIFY2(found != given.end(), at("actualresponse").c_str());
        const Statistics s = computeStatistics(table);
        QCOMPARE(s.items[0].options[static_cast<std::size_t>(found - given.begin())].count, std::stoi(at("totalcount")));
        ++compared;
      }
    }
    QCOMPARE(compared, 19);
  }
};

QTEST_APPLESS_MAIN(TestStatistics_)
#include "test_statistics.moc"
