// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/bank/blueprint.hpp"

using namespace invigil::bank;

namespace {

Item choice() {
  Item item;
  item.type = ItemType::MultipleChoice;
  item.options = {"a", "b", "c", "d"};
  item.key = {0, 2, 3};
  return item;
}

Part part(Scoring scoring, std::int64_t each, std::int64_t costs = 0, std::int64_t per_option = 50) {
  return {ItemType::MultipleChoice, 1, Points(each), scoring, Points(per_option), Points(costs)};
}

std::string graded(const Item& item, std::vector<int> chosen, const Part& rule) {
  return gradeItem(item, {std::move(chosen), {}}, rule).text();
}

std::string gradedText(const Item& item, std::string text, const Part& rule) {
  return gradeItem(item, {{}, std::move(text)}, rule).text();
}

}  // namespace

class GradeTest : public QObject {
  Q_OBJECT
 private slots:
  void anAnswerThatTheKeysOfAKioskCannotGiveIsKnown() {
    using Match = AcceptedAnswer::Match;
    const auto typed = [](Match match, const char* text, ItemType type = ItemType::ShortText) { return answerCanBeTyped({match, text, "", 100}, type); };
    QVERIFY(typed(Match::Exact, "TN-S") && typed(Match::IgnoreCase, "５０ Ω") && typed(Match::Exact, "≥ 4 µF"));
    QVERIFY(!typed(Match::Exact, "接地") && !typed(Match::Exact, "a@b") && !typed(Match::Exact, std::string(81, 'x').c_str()));
    QVERIFY(typed(Match::Regex, "(?i)tn-[cs]{1,2}|\\d+ ?Ω") && !typed(Match::Regex, "接地(线)?") && !typed(Match::Regex, "\\p{Han}+"));
    QVERIFY(typed(Match::Exact, "-1.5e3", ItemType::Numeric) && !typed(Match::Exact, "3/4", ItemType::Numeric));
    QVERIFY(typed(Match::Range, "1", ItemType::Numeric));
    Item item;
    item.type = ItemType::ShortText;
    item.answers = {{Match::Exact, "5 μF", "", 100}};
    QCOMPARE(gradedText(item, "5 µF", part(Scoring::AllOrNothing, 100)), "1");  // the sign for micro, the letter mu
  }

  void allOrNothing() {
    const Part rule = part(Scoring::AllOrNothing, 200);
    QCOMPARE(graded(choice(), {0, 2, 3}, rule), "2");
    QCOMPARE(graded(choice(), {3, 2, 0}, rule), "2");
    QCOMPARE(graded(choice(), {2, 0, 2, 3}, rule), "2");
    QCOMPARE(graded(choice(), {0, 2}, rule), "0");
    QCOMPARE(graded(choice(), {0, 1, 2, 3}, rule), "0");
    QCOMPARE(graded(choice(), {0, 2, 9}, rule), "0");
    QCOMPARE(graded(choice(), {}, rule), "0");
  }

  void partialGivesHalfAPointForEachRightOptionAndNothingWithAWrongOne() {
    const Part rule = part(Scoring::Partial, 200);
    QCOMPARE(graded(choice(), {0}, rule), "0.5");
    QCOMPARE(graded(choice(), {3, 0}, rule), "1");
    QCOMPARE(graded(choice(), {0, 2, 3}, rule), "2");
    QCOMPARE(graded(choice(), {0, 1}, rule), "0");
    QCOMPARE(graded(choice(), {0, 2, 3, 1}, rule), "0");
    QCOMPARE(graded(choice(), {}, rule), "0");
    QCOMPARE(graded(choice(), {0, 2}, part(Scoring::Partial, 100, 0, 75)), "1");  // never above the item's points
  }

  void aWrongAnswerCostsAndAnOpenOneDoesNot() {
    QCOMPARE(graded(choice(), {1}, part(Scoring::AllOrNothing, 150, 50)), "-0.5");
    QCOMPARE(graded(choice(), {0}, part(Scoring::AllOrNothing, 150, 50)), "-0.5");
    QCOMPARE(graded(choice(), {0}, part(Scoring::Partial, 150, 50)), "0.5");
    QCOMPARE(graded(choice(), {0, 1}, part(Scoring::Partial, 150, 25)), "-0.25");
    QCOMPARE(graded(choice(), {}, part(Scoring::Partial, 150, 50)), "0");
    QCOMPARE(graded(choice(), {0, 2, 3}, part(Scoring::AllOrNothing, 150, 50)), "1.5");
  }

  void anOpenItemEarnsNothingEvenWithoutKey() { QCOMPARE(gradeItem(Item{}, {}, Part{}), Points()); }

  void numbersAreGradedByRangeAndTheBestMatchCounts() {
    Item item;
    item.type = ItemType::Numeric;
    item.answers = {{AcceptedAnswer::Match::Range, "219", "221", 50}, {AcceptedAnswer::Match::Range, "220", "220", 100}};
    Part rule = part(Scoring::AllOrNothing, 150, 25);
    rule.type = ItemType::Numeric;
    QCOMPARE(gradedText(item, " 220.0 ", rule), "1.5");
    QCOMPARE(gradedText(item, "２２０", rule), "1.5");
    QCOMPARE(gradedText(item, "219", rule), "0.75");
    QCOMPARE(gradedText(item, "221.000001", rule), "-0.25");
    QCOMPARE(gradedText(item, "220V", rule), "-0.25");
    QCOMPARE(gradedText(item, "nan", rule), "-0.25");
    QCOMPARE(gradedText(item, " \u3000 ", rule), "0");
    item.answers = {{AcceptedAnswer::Match::Range, "-1", "-0.5", 100}};
    QCOMPARE(gradedText(item, "−0.5", rule), "1.5");
  }

  void wordsAreGradedExactlyOrByPattern() {
    using Match = AcceptedAnswer::Match;
    Item item;
    item.type = ItemType::ShortText;
    Part rule = part(Scoring::AllOrNothing, 200);
    rule.type = ItemType::ShortText;
    item.answers = {{Match::Exact, "PE线", {}, 100}};
    QCOMPARE(gradedText(item, "　PE线 ", rule), "2");
    QCOMPARE(gradedText(item, "ＰＥ线", rule), "2");
    QCOMPARE(gradedText(item, "pe线", rule), "0");
    item.answers = {{Match::IgnoreCase, "PE线", {}, 100}};
    QCOMPARE(gradedText(item, "pe线", rule), "2");
    item.answers = {{Match::Regex, "(保护)?接地", {}, 100}, {Match::Regex, "接.", {}, 33}};
    QCOMPARE(gradedText(item, "接地", rule), "2");
    QCOMPARE(gradedText(item, "接零", rule), "0.66");
    QCOMPARE(gradedText(item, "不接地", rule), "0");
    // A pattern that would keep a backtracking engine busy for years.
    item.answers = {{Match::Regex, "(a*)*b", {}, 100}};
    QCOMPARE(gradedText(item, std::string(400, 'a'), rule), "0");
  }

  void blueprintsCarryTheirRules() {
    const std::string text = R"({"format":"invigil-blueprint","version":1,"id":"x","title":{"zh":"试"},"role":"manager",
      "minutes":60,"pass_points":7.5,"parts":[
      {"type":"true_false","count":4,"points_each":0.5,"wrong_costs":0.25},
      {"type":"multiple_choice","count":4,"points_each":1.5,"scoring":"partial","points_per_option":0.33},
      {"type":"numeric","count":2,"points_each":1}]})";
    const auto read = parseBlueprint(text);
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QCOMPARE(read->points().text(), "10");
    QCOMPARE(read->pass_points, Points(750));
    QCOMPARE(read->parts[0].wrong_costs, Points(25));
    QCOMPARE(read->parts[1].points_per_option, Points(33));
    QCOMPARE(*parseBlueprint(writeBlueprint(*read)), *read);
  }

  void wrongRulesAreRefusedWithTheirPlace_data() {
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("where");
    QTest::newRow("three decimals") << R"("points_each":0.125)" << "parts[0].points_each";
    QTest::newRow("nothing to earn") << R"("points_each":0)" << "parts[0].points_each";
    QTest::newRow("a word") << R"("points_each":"1")" << "parts[0].points_each";
    QTest::newRow("unknown policy") << R"("points_each":1,"scoring":"kind")" << "parts[0].scoring";
    QTest::newRow("share without partial") << R"("points_each":1,"points_per_option":0.5)" << "parts[0].points_per_option";
    QTest::newRow("share above all") << R"("points_each":1,"scoring":"partial","points_per_option":2)" << "parts[0].points_per_option";
    QTest::newRow("a reward for wrong ones") << R"("points_each":1,"wrong_costs":-1)" << "parts[0].wrong_costs";
  }
  void wrongRulesAreRefusedWithTheirPlace() {
    QFETCH(QString, part);
    QFETCH(QString, where);
    const std::string text = R"({"format":"invigil-blueprint","version":1,"id":"x","title":{"zh":"试"},"role":"manager",
      "minutes":60,"pass_points":0,"parts":[{"type":"multiple_choice","count":4,)" + part.toStdString() + "}]}";
    const auto read = parseBlueprint(text);
    QVERIFY(!read);
    QCOMPARE(QString::fromStdString(read.error().where), where);
  }
};

QTEST_APPLESS_MAIN(GradeTest)
#include "test_grade.moc"
