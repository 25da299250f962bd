// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "invigil/assembly/batch.hpp"
#include "invigil/base/text.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::assembly;

namespace {

/// 40 items in two parts, topics by turns, difficulty 1..5; one pair of enemies.
Problem smallProblem() {
  Problem problem{"small", {}, {{"length", 10, 10, false, -1, {}}, {"first", 6, 6, false, -1, {}},
                                {"topic", 2, 4, false, -1, {}}, {"enemies", 0, 1, false, -1, {3, 7}}}};
  for (int i = 0; i < 40; ++i) {
    problem.items.push_back({"q" + std::to_string(i), std::string(64, 'a'), i < 20 ? 0 : 1, 4, 1'000'000 * (1 + i % 5), 0});
    problem.rules[0].items.push_back(i);
    if (i < 20) problem.rules[1].items.push_back(i);
    if (i % 3 == 0) problem.rules[2].items.push_back(i);
  }
  return problem;
}

/// 12 cases of 3 to 6 items and 30 items of none; a paper has 2 to 3 cases.
Problem caseProblem(bool whole) {
  Problem problem{"cases", {}, {{"length", 20, 20, false, -1, {}}, {"cases", 2, 3, false, -1, {}}, {"third", 5, 9, false, -1, {}}}};
  const auto item = [&](int part, int unit) {
    const int i = static_cast<int>(problem.items.size());
    problem.items.push_back({"q" + std::to_string(i), std::string(64, 'b'), part, i % 5, 200'000 + 37'000 * (i * 7 % 19), 90'000 + 21'000 * (i * 5 % 13), unit, 0});
    problem.rules[0].items.push_back(i);
    if (i % 3 == 0) problem.rules[2].items.push_back(i);
    return i;
  };
  for (int c = 0; c < 12; ++c) {
    Rule rule{"case " + std::to_string(c), 3, 4, true, 1, {}};
    const int size = whole ? 3 + c % 2 : 3 + c % 4;
    for (int k = 0; k < size; ++k) rule.items.push_back(item(1, c));
    if (whole) rule.low = rule.high = size;
    problem.rules.push_back(rule);
  }
  for (int n = 0; n < 30; ++n) item(n % 2, -1);
  if (!whole) return problem;
  Rule points{"points", 24, 33, false, -1, problem.rules[0].items}, p{"p", 9'000'000, 12'500'000, false, -1, problem.rules[0].items, Rule::Sum::P};
  points.weights = {1, 2};
  p.shown = 1e-6;
  problem.rules.push_back(points);
  problem.rules.push_back(p);
  for (Candidate& one : problem.items) one.band = static_cast<int>(one.p / 200'000);
  return problem;
}

Files sealed(std::uint8_t first = 7) {
  Seed seed{};
  seed[0] = first;
  const auto files = assembleBatch(smallProblem(), "b1", 60, seed, "");
  return files ? *files : Files{};
}

bool names(const Audit& audit, const char* file) {
  for (const std::string& failure : audit.failures)
    if (failure.find(file) != std::string::npos) return true;
  return false;
}

void changeOne(std::string& text, const std::string& from, const std::string& to) {
  const auto found = text.find(from);
  QVERIFY(found != std::string::npos);
  text.replace(found, from.size(), to);
}

}  // namespace

class AssemblyTest : public QObject {
  Q_OBJECT
 private slots:
  void anUntouchedBatchPasses() {
    const Audit audit = auditBatch(sealed());
    QVERIFY2(audit.failures.empty(), audit.failures.empty() ? "" : audit.failures.front().c_str());
    QCOMPARE(audit.papers, 60);
    QCOMPARE(audit.violations, 0);
    QCOMPARE(audit.pool_use, 1.0);
    QVERIFY(audit.overlap <= audit.overlap_bound * 1.02);
    QVERIFY(audit.exposure_max >= audit.exposure_bound - 1e-9);
  }

  void theSameSeedGivesTheSameBatchAndAnotherSeedAnother() {
    QVERIFY(sealed() == sealed());
    QVERIFY(sealed(7).at("papers.jsonl") != sealed(8).at("papers.jsonl"));
  }

  void noContentDigestIsPublishedUnsalted() {
    for (const auto& [name, text] : sealed()) QVERIFY(text.find(std::string(64, 'a')) == std::string::npos);
  }

  void aChangedInputIsNamed() {
    Files files = sealed();
    changeOne(files["freeze.json"], "\"p\":1000000", "\"p\":1000001");
    QVERIFY(names(auditBatch(files), "freeze.json"));
    files = sealed();
    files["reveal.json"] = sealed(8).at("reveal.json");
    QVERIFY(names(auditBatch(files), "reveal.json"));
    files = sealed();
    changeOne(files["seal.json"], "\"papers_root\":\"", "\"papers_root\":\"0");
    QVERIFY(names(auditBatch(files), "seal.json"));
  }

  void oneBitChangedAnywhereIsNamed_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"freeze.json", "seal.json", "reveal.json", "papers.jsonl"}) QTest::newRow(file) << QString::fromUtf8(file);
  }
  void oneBitChangedAnywhereIsNamed() {
    QFETCH(QString, file);
    const Files good = sealed();
    const std::size_t size = good.at(file.toStdString()).size();
    for (std::size_t n = 0; n < 60; ++n) {
      Files files = good;
      std::string& text = files[file.toStdString()];
      const std::size_t place = n * (size - 1) / 59;
      text[place] = static_cast<char>(text[place] ^ (1 << (n % 7)));
      const Audit audit = auditBatch(files);
      QVERIFY2(names(audit, file.toUtf8().constData()), qPrintable(file + QStringLiteral(" byte %1").arg(place)));
    }
  }

  void aBatchSealedTwiceIsNamedInBoth() {
    Seed seed{};
    seed[0] = 7;
    const auto audited = [&](const char* batch, const Seed& with, int papers) { return auditBatch(assembleBatch(smallProblem(), batch, papers, with, "").value()); };
    Seed other = seed;
    other[5] = 1;
    std::vector<Audit> twice{audited("b1", seed, 60), audited("b1", other, 60), audited("b2", other, 60)};
    findSealedTwice(twice);
    QVERIFY(names(twice[0], "seal.json") && names(twice[1], "seal.json"));
    QVERIFY(names(twice[1], "freeze.json") && names(twice[2], "freeze.json"));
    std::vector<Audit> fine{audited("b1", seed, 60), audited("b1", seed, 60), audited("b2", other, 60)};
    findSealedTwice(fine);
    for (const Audit& audit : fine) QVERIFY(audit.failures.empty());
  }

  void aSwappedPaperIsNamed() {
    Files files = sealed();
    std::string& lines = files["papers.jsonl"];
    const auto first = lines.find('\n') + 1, second = lines.find('\n', first) + 1;
    lines = lines.substr(first, second - first) + lines.substr(0, first) + lines.substr(second);
    QVERIFY(names(auditBatch(files), "papers.jsonl"));
  }

  void rubbishFailsWithoutHarm() {
    QVERIFY(!auditBatch({}).failures.empty());
    Files files = sealed();
    changeOne(files["freeze.json"], "\"papers\":60", "\"papers\":2000000000");
    QVERIFY(!auditBatch(files).failures.empty());
    files = sealed();
    changeOne(files["freeze.json"], "\"items\":[3,7]", "\"items\":[3,99999]");
    QVERIFY(!auditBatch(files).failures.empty());
  }

  void anImpossibleRuleIsNamedWithItsAmount() {
    Problem problem = smallProblem();
    problem.rules.push_back({"five of three", 5, 6, false, -1, {1, 2, 4}});
    const auto bounds = preflight(problem);
    QVERIFY(bounds);
    QVERIFY(!bounds->feasible);
    QCOMPARE(bounds->broken.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(problem.rules[static_cast<std::size_t>(bounds->broken[0].rule)].name), QStringLiteral("five of three"));
    QVERIFY(std::abs(bounds->broken[0].missing - 2) < 1e-6);
    QCOMPARE(assembleBatch(problem, "b", 5, Seed{}, "").error().reason, std::string("infeasible_blueprint"));
  }

  void anItemForcedIntoEveryPaperIsNamed() {
    Problem problem = smallProblem();
    problem.rules.push_back({"always q5", 1, 1, false, -1, {5}});
    const auto bounds = preflight(problem);
    QVERIFY(bounds && bounds->feasible);
    QCOMPARE(bounds->forced.size(), std::size_t{1});
    QCOMPARE(bounds->forced[0].item, std::string("q5"));
    QVERIFY(bounds->forced[0].rules == std::vector<int>{4});
    QVERIFY(std::abs(bounds->exposure_bound - 1) < 1e-6);
  }

  void theSecondImplementationAgreesByteForByte_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("rules that lie across each other") << 0;
    QTest::newRow("cases of some items, and items of none") << 1;
    QTest::newRow("whole cases, weights, bands, information") << 2;
  }
  void theSecondImplementationAgreesByteForByte() {
    QFETCH(int, kind);
    const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
    if (node.isEmpty()) QSKIP("node is absent");
    const auto files = assembleBatch(kind == 0 ? smallProblem() : caseProblem(kind == 2), "b1", 60, Seed{7}, "beacon");
    QVERIFY2(files.has_value(), files ? "" : files.error().detail.c_str());
    QCOMPARE(auditBatch(*files).violations, 0);
    QTemporaryDir folder;
    for (const auto& [name, text] : *files)
      QVERIFY(writeFileDurably(folder.filePath(QString::fromStdString(name)).toStdString(), text));
    QProcess second;
    second.start(node, {QStringLiteral(INVIGIL_SOURCE_DIR "/tests/assembly-js/invigil-assembly.mjs"), folder.path()});
    QVERIFY(second.waitForFinished(300'000));
    QCOMPARE(QString::fromUtf8(second.readAllStandardOutput()).trimmed(), QStringLiteral("60 papers recomputed: byte-identical"));
  }

  void casesAreNearTheirBounds() {
    const Audit audit = auditBatch(assembleBatch(caseProblem(false), "b1", 200, Seed{3}, "").value());
    QVERIFY2(audit.failures.empty(), audit.failures.empty() ? "" : audit.failures.front().c_str());
    QCOMPARE(audit.violations, 0);
    QCOMPARE(audit.pool_use, 1.0);
  }

  void thePublishedPoolGivesThePublishedBounds() {
    const QString base = QStringLiteral("corpora/vectors/item-pools/");
    SHARED_FILE_OR_SKIP(pool, base + "itempool_science_1000.csv");
    SHARED_FILE_OR_SKIP(attributes, base + "itemattrib_science_1000.csv");
    SHARED_FILE_OR_SKIP(constraints, base + "constraints_science_1000.csv");
    const auto read = [](const QString& path) { return readFile(path.toStdString(), 1 << 24).value(); };
    const auto problem = problemFromTables(read(pool), read(attributes), read(constraints), {"C14-C20", "C33", "C34", "C36"});
    QVERIFY(problem);
    QCOMPARE(problem->rules.size(), std::size_t{24});
    const auto bounds = preflight(*problem);
    QVERIFY(bounds && bounds->feasible);
    QVERIFY(std::abs(bounds->exposure_bound - 0.1000) < 0.00005);
    QVERIFY(std::abs(bounds->overlap_bound - 0.0347) < 0.00005);
    const auto all = problemFromTables(read(pool), read(attributes), read(constraints), {"C33", "C34", "C36"});
    QVERIFY(all);
    const auto forced = preflight(*all)->forced;
    QCOMPARE(forced.size(), std::size_t{1});
    QCOMPARE(forced[0].item, std::string("SC00421"));
  }

  void aTableThatCannotBeReadIsRefused() {
    QCOMPARE(problemFromTables("", "", "", {}).error().reason, std::string("bad_table"));
    const std::string rules = "CONSTRAINT_ID,TYPE,WHAT,CONDITION,LB,UB,ONOFF\nC1,Number,Item,,1,1,\nC2,Number,Item,what is this,1,1,\n";
    QCOMPARE(problemFromTables("ID,MODEL,PAR1,PAR2,PAR3\nA,3PL,1,0,0\n", "ID,X\nA,1\n", rules, {}).error().reason,
             std::string("bad_condition"));
  }
};

QTEST_APPLESS_MAIN(AssemblyTest)
#include "test_assembly.moc"
