// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "registration/identity.hpp"
#include "registration/rules.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// "ok:" + the normalised number, or the reason of the refusal.
QString outcome(const char* type, const char* number) {
  const auto result = normaliseIdNumber(type, number);
  return QString::fromStdString(result ? "ok:" + *result : result.error().reason);
}

}  // namespace

class IdentityTest : public QObject {
  Q_OBJECT
 private slots:
  void documentNumbers_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* type, const char* number, const char* expected) {
      QTest::addRow("%s %s", type, number) << type << number << expected;
    };
    // The first two are the examples of GB 11643-1999; the others keep its check digit (ISO 7064 MOD 11-2).
    row("resident_id", "11010519491231002X", "ok:11010519491231002X");
    row("resident_id", "440524188001010014", "ok:440524188001010014");
    row("resident_id", "440308199901101512", "ok:440308199901101512");
    row("resident_id", "810000199408230021", "ok:810000199408230021");
    row("hmt_residence", "830000199201300022", "ok:830000199201300022");
    row("resident_id", " 110105 19491231 002x ", "ok:11010519491231002X");
    row("resident_id", "１１０１０５１９４９１２３１００２ｘ", "ok:11010519491231002X");
    row("resident_id", "440308199901101513", "id_wrong_check_digit");
    row("resident_id", "440308199901101521", "id_wrong_check_digit");
    row("resident_id", "440308199902301512", "id_wrong_date");
    row("resident_id", "440308990110151", "id_wrong_length");
    row("resident_id", "4403081999O1101512", "id_wrong_characters");
    row("resident_id", "44030819990110151Y", "id_wrong_characters");
    row("hmt_residence", "440308199901101512", "id_wrong_characters");
    row("permanent_resident", "USA310012345678", "ok:USA310012345678");
    row("permanent_resident", "usa310012345678", "ok:USA310012345678");
    row("permanent_resident", "US1310012345678", "id_wrong_characters");
    row("permanent_resident", "440308199901101512", "id_wrong_characters");
    row("permanent_resident", "93108401990010100", "id_wrong_length");
    row("hm_permit", "H12345678", "ok:H12345678");
    row("hm_permit", "m1234567801", "ok:M1234567801");
    row("hm_permit", "T12345678", "id_wrong_characters");
    row("hm_permit", "H1234567", "id_wrong_length");
    row("tw_permit", "12345678", "ok:12345678");
    row("tw_permit", "1234567A", "id_wrong_characters");
    row("passport", "e 1234 5678", "ok:E12345678");
    row("passport", "E123", "id_wrong_length");
    row("passport", "E12345678;--", "id_wrong_characters");
    row("driving_licence", "1", "id_type_unknown");
    row("resident_id", "", "id_wrong_length");
  }
  void documentNumbers() {
    QFETCH(QString, type);
    QFETCH(QString, number);
    QFETCH(QString, expected);
    QCOMPARE(outcome(type.toUtf8().constData(), number.toUtf8().constData()), expected);
  }

  void everySingleWrongDigitIsFound() {
    const std::string right = "11010519491231002X";
    for (std::size_t at = 0; at < 17; ++at)
      for (char c = '0'; c <= '9'; ++c) {
        std::string wrong = right;
        wrong[at] = c;
        QCOMPARE(normaliseIdNumber("resident_id", wrong).has_value(), wrong == right);
      }
  }

  void theNewCardOfAPermanentResidentBeginsWithNine() {
    std::string number = "91108419900101001";
    static constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * weights[i];
    QVERIFY(normaliseIdNumber("permanent_resident", number + "10X98765432"[sum % 11]).has_value());
    QCOMPARE(normaliseIdNumber("permanent_resident", number + "10X98765432"[(sum + 1) % 11]).error().reason,
             std::string("id_wrong_check_digit"));
  }

  void masksShowLittle() {
    QCOMPARE(maskId("440308199901101512"), std::string("440*************12"));
    QCOMPARE(maskId("12345678"), std::string("123***78"));
    QCOMPARE(maskId("E1234"), std::string("E***4"));
    QCOMPARE(maskId("X"), std::string("*"));
    QCOMPARE(maskId(""), std::string());
    QCOMPARE(maskId("证件在家"), std::string("***"));  // never half a character
    QCOMPARE(maskPhone("13812345678"), std::string("138****5678"));
  }

  void phones() {
    QCOMPARE(*normalisePhone("138 1234 5678"), std::string("13812345678"));
    QCOMPARE(*normalisePhone("+86 138-1234-5678"), std::string("13812345678"));
    QCOMPARE(*normalisePhone("１３８１２３４５６７８"), std::string("13812345678"));
    QCOMPARE(*normalisePhone("+852 9123 4567"), std::string("+85291234567"));
    for (const char* wrong : {"", "1381234567", "138123456789", "12812345678", "abc", "+86", "+1"})
      QCOMPARE(normalisePhone(wrong).error().reason, std::string("phone_wrong"));
  }

  void names() {
    QCOMPARE(*normaliseName("  王小明\u3000"), std::string("王小明"));
    QCOMPARE(*normaliseName("阿卜杜拉•买买提"), std::string("阿卜杜拉·买买提"));
    QCOMPARE(*normaliseName("阿卜杜拉．买买提"), std::string("阿卜杜拉·买买提"));
    QCOMPARE(*normaliseName("Anna   Maria  Schmidt"), std::string("Anna Maria Schmidt"));
    QCOMPARE(*normaliseName("J. Smith"), std::string("J. Smith"));
    QCOMPARE(normaliseName("\u3000 ").error().reason, std::string("name_wrong"));
    QCOMPARE(normaliseName("a\nb").error().reason, std::string("name_wrong"));
    QCOMPARE(normaliseName("\xff\xfe").error().reason, std::string("name_wrong"));
    QCOMPARE(normaliseName(std::string(61, 'a')).error().reason, std::string("name_wrong"));
  }

  void rulesAreDataAndAreChecked() {
    QCOMPARE(eligibilityRules().attempts_max, std::int64_t{2});
    QCOMPARE(eligibilityRules().valid_months, 12);
    QCOMPARE(eligibilityRules().age_min.at("special_operations"), 18);
    QCOMPARE(parseEligibilityRules("{").error().reason, std::string("bad_rules"));
    std::string text = embeddedRule("eligibility-2010-30");
    text.replace(text.find("\"attempts_max\": 2"), 17, "\"attempts_max\": 0");
    QCOMPARE(parseEligibilityRules(text).error().where, std::string("attempts_max"));
  }

  void monthsEndWhereTheMonthEnds() {
    const auto zone = *TimeZone::create("UTC");
    QCOMPARE(formatUtc(addMonths(zone.toInstant(2026, 8, 31, 7, 30), 6)), std::string("2027-02-28T07:30:00Z"));
    QCOMPARE(formatUtc(addMonths(zone.toInstant(2024, 2, 29, 0, 0), 12)), std::string("2025-02-28T00:00:00Z"));
  }

  void whatRunsOutCountsThroughTheDayThatPeopleRead() {
    const auto zone = *TimeZone::create("Asia/Shanghai");
    const auto end = [&](int year, int month, int day, int hour) { return formatUtc(endOfDayMonthsLater(zone.toInstant(year, month, day, hour, 30), 12)); };
    QCOMPARE(end(2026, 3, 2, 9), std::string("2027-03-02T15:59:59Z"));
    QCOMPARE(end(2026, 3, 2, 23), std::string("2027-03-02T15:59:59Z"));
    QCOMPARE(end(2027, 3, 1, 1), std::string("2028-03-01T15:59:59Z"));  // in UTC still February
    QCOMPARE(end(2028, 2, 29, 1), std::string("2029-02-28T15:59:59Z"));
  }
};

QTEST_GUILESS_MAIN(IdentityTest)
#include "test_identity.moc"
