// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/bank/blueprint.hpp"

using namespace invigil::bank;

class GradeTest : public QObject {
  Q_OBJECT
 private slots:
  void allOrNothing() {
    Item item;
    item.type = ItemType::MultipleChoice;
    item.options = {"a", "b", "c", "d"};
    item.key = {0, 2};
    const Part part{ItemType::MultipleChoice, 1, 2, Scoring::AllOrNothing};
    QCOMPARE(gradeItem(item, {0, 2}, part), 2);
    QCOMPARE(gradeItem(item, {2, 0}, part), 2);
    QCOMPARE(gradeItem(item, {2, 0, 2}, part), 2);
    QCOMPARE(gradeItem(item, {0}, part), 0);
    QCOMPARE(gradeItem(item, {0, 1, 2}, part), 0);
    QCOMPARE(gradeItem(item, {0, 2, 9}, part), 0);
    QCOMPARE(gradeItem(item, {}, part), 0);
  }

  void anOpenItemEarnsNothingEvenWithoutKey() {
    QCOMPARE(gradeItem(Item{}, {}, Part{}), 0);
  }
};

QTEST_APPLESS_MAIN(GradeTest)
#include "test_grade.moc"
