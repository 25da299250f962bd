// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QtTest>
#include <set>

#include "invigil/bank/blueprint.hpp"
#include "invigil/base/text.hpp"

using namespace invigil;
using namespace invigil::bank;

class SamplesTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    const QDir folder(QStringLiteral(INVIGIL_SOURCE_DIR "/question-bank/samples"));
    for (const QString& name : folder.entryList({"*.json"}, QDir::Files, QDir::Name)) {
      const auto bank = parseNative(*readFile(folder.filePath(name).toStdString(), 64u << 20));
      QVERIFY2(bank.has_value(), qPrintable(name + ": " + QString::fromStdString(bank ? "" : bank.error().detail)));
      banks_.push_back(*bank);
    }
    QVERIFY(!banks_.empty());
  }

  void itemIdsAreUniqueOverAllBanks() {
    std::set<std::string> ids;
    for (const Bank& bank : banks_)
      for (const Item& item : bank.items) QVERIFY2(ids.insert(item.id).second, item.id.c_str());
  }

  void everyPaperCanBeDrawn_data() {
    QTest::addColumn<QString>("file");
    for (const char* name : {"manager", "principal", "special-operations-low-voltage"})
      QTest::newRow(name) << QStringLiteral(INVIGIL_SOURCE_DIR "/question-bank/blueprints/") + name + ".json";
  }
  void everyPaperCanBeDrawn() {
    QFETCH(QString, file);
    const auto blueprint = parseBlueprint(*readFile(file.toStdString(), 1 << 20));
    QVERIFY2(blueprint.has_value(), blueprint ? "" : blueprint.error().detail.c_str());
    QCOMPARE(blueprint->points().text(), std::string("100"));
    std::vector<Item> pool;
    for (const Bank& bank : banks_)
      if (std::find(bank.roles.begin(), bank.roles.end(), blueprint->role) != bank.roles.end() &&
          (bank.category.empty() || bank.category == blueprint->category))
        pool.insert(pool.end(), bank.items.begin(), bank.items.end());
    for (std::uint8_t first = 0; first < 20; ++first) {
      const auto paper = drawPaper(pool, *blueprint, Seed{first});
      QVERIFY2(paper.has_value(), paper ? "" : paper.error().detail.c_str());
      QCOMPARE(static_cast<int>(paper->items.size()), blueprint->items());
    }
  }

 private:
  std::vector<Bank> banks_;
};

QTEST_APPLESS_MAIN(SamplesTest)
#include "test_samples.moc"
