// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/sitting/identity_number.hpp"

using invigil::sitting::checkNumber;
using invigil::sitting::NumberState;

class IdentityNumberTest : public QObject {
  Q_OBJECT
 private slots:
  void knownNumbers_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("number");
    QTest::addColumn<int>("state");
    const auto row = [](const char* type, const char* number, NumberState state) {
      QTest::addRow("%s %s", type, number) << QByteArray(type) << QByteArray(number) << static_cast<int>(state);
    };
    // Published examples of GB 11643 and made-up numbers; none belongs to a known person.
    row("resident_id", "11010519491231002X", NumberState::Good);
    row("resident_id", "440524188001010014", NumberState::Good);
    row("resident_id", "440308199901101512", NumberState::Good);
    row("resident_id", "440308199901101513", NumberState::BadCheck);
    row("resident_id", "44030819990230151X", NumberState::BadDate);
    row("resident_id", "4403081999011015", NumberState::Incomplete);
    row("resident_id", "", NumberState::Incomplete);
    row("resident_id", "1101051949X", NumberState::BadForm);
    row("hmt_residence", "810000199408230021", NumberState::Good);
    row("hmt_residence", "830000199201300022", NumberState::Good);
    row("hmt_residence", "44", NumberState::BadForm);
    row("permanent_resident", "ABC123456789012", NumberState::Good);
    row("permanent_resident", "ABC1234", NumberState::Incomplete);
    row("permanent_resident", "AB12", NumberState::BadForm);
    row("hm_permit", "H12345678", NumberState::Good);
    row("hm_permit", "H1234567", NumberState::Incomplete);
    row("hm_permit", "X1", NumberState::BadForm);
    row("tw_permit", "12345678", NumberState::Good);
    row("passport", "E1234", NumberState::Good);
    row("passport", "E12", NumberState::Incomplete);
  }
  void knownNumbers() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, number);
    QFETCH(int, state);
    QCOMPARE(static_cast<int>(checkNumber(type.toStdString(), number.toStdString())), state);
  }

  void everySingleWrongDigitIsNoticed() {
    const std::string good = "440308199901101512";
    for (std::size_t i = 0; i < 18; ++i)
      for (char c = '0'; c <= '9'; ++c) {
        std::string bad = good;
        bad[i] = c;
        QCOMPARE(checkNumber("resident_id", bad) == NumberState::Good, c == good[i]);
      }
  }
};

QTEST_GUILESS_MAIN(IdentityNumberTest)
#include "identity_number_test.moc"
