// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>

#include "invigil/base/typed.hpp"
#include "station.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

/// The paper from its start to the result, also where the server or the kiosk goes away.
class KioskSittingTest final : public KioskTest {
  Q_OBJECT
 private slots:
  void aStartWithoutASealedPaperSaysSoAndCanBeRepeated() {
    Station s(*server_, clock_, dir_->path());
    server_->starts_refused = 1;
    QVERIFY(s.toInstructions());
    QVERIFY(s.press("instructions.start"));
    QVERIFY(QTest::qWaitFor([&] { return s.kiosk.errorZh().startsWith("试卷正在准备"); }));
    QCOMPARE(s.kiosk.screen(), QString("instructions"));
    QVERIFY(s.press("instructions.start"));
    QVERIFY(s.at("paper"));
    QVERIFY(s.kiosk.errorZh().isEmpty());
  }

  void theServerGoesAwayAndTheCandidateGoesOn() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    SittingModel& paper = *s.kiosk.sitting();
    server_->reachable = false;
    QVERIFY(s.press("option.A"));
    QTRY_VERIFY(!paper.online());
    QVERIFY(s.press("paper.next"));
    QVERIFY(s.press("option.B"));
    QCOMPARE(paper.saving(), QString("saved"));
    QCOMPARE(find(s.window, "paper.saving")->property("text").toString(), QString("已保存在本机，尚未送达"));
    QVERIFY(server_->saved.empty());
    server_->reachable = true;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return paper.saving() == "sent";
    }));
    QCOMPARE(server_->saved.size(), std::size_t{2});
  }

  void whatIsTypedIsSavedAMomentLaterAndComesBackAfterARestart() {
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QVERIFY(QTest::qWaitForWindowActive(&s.window));
      SittingModel& paper = *s.kiosk.sitting();
      server_->reachable = false;
      paper.goTo(92);
      QTRY_COMPARE(s.window.activeFocusItem() ? s.window.activeFocusItem()->objectName() : QString(), QString("paper.answer"));
      for (const char c : std::string("Pe@f")) QTest::keyClick(&s.window, c);
      s.key(Qt::Key_Left);
      s.key(Qt::Key_Backspace);
      QCOMPARE(paper.text(), QString("Pf"));  // @ has no key here, and a letter is no shortcut now
      QVERIFY(!paper.flagged());
      QCOMPARE(paper.saving(), QString("typing"));
      QCOMPARE(find(s.window, "paper.saving")->property("text").toString(), QString("正在保存…"));
      QTRY_COMPARE(paper.saving(), QString("saved"));
      s.key(Qt::Key_Return);
      QCOMPARE(paper.position(), 93);
      s.key(Qt::Key_B);
      QCOMPARE(paper.chosen(), QList<int>{1});
      paper.goTo(91);
      QVERIFY(s.press("key.7"));
      s.key(Qt::Key_A);
      QTest::keyClick(&s.window, '5');
      QCOMPARE(paper.text(), QString("75"));
      QCOMPARE(paper.answered(), 3);
      paper.goTo(1);  // going on writes at once
      QCOMPARE(paper.saving(), QString("saved"));
    }
    server_->reachable = true;
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTRY_COMPARE(server_->saved[92].value("text").toString(), QString("Pf"));
    s.kiosk.sitting()->goTo(91);
    QTRY_COMPARE(find(s.window, "paper.answer")->property("text").toString(), QString("75"));
    QVERIFY(s.press("key.⌧"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QVERIFY(!server_->saved[91].contains("text"));
    QVERIFY(server_->saved[91].value("chosen").toArray().isEmpty());
  }

  void everythingThatCanBeTypedHasAKeyOnTheScreen() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->goTo(92);
    QStringList keys;
    const auto gather = [&] {
      for (const QQuickItem* item : visibleItems(s.window))
        if (item->objectName().startsWith("key.")) keys += item->objectName().mid(4);
    };
    QTRY_VERIFY(find(s.window, "key.q"));
    gather();
    QVERIFY(s.press("key.#"));
    QTRY_VERIFY(find(s.window, "key.1"));
    gather();
    for (const std::string_view sign : invigil::kTypedSigns) QVERIFY2(keys.contains(QString::fromUtf8(sign.data(), static_cast<qsizetype>(sign.size()))), sign.data());
    for (char c = 'a'; c <= 'z'; ++c) QVERIFY(keys.contains(QString(QLatin1Char(c))));
    for (char c = '0'; c <= '9'; ++c) QVERIFY(keys.contains(QString(QLatin1Char(c))));
    QVERIFY(keys.contains(" "));
  }

  void aLostAcknowledgementIsRepeatedWithoutHarm() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    server_->lose_acks = true;
    QVERIFY(s.press("option.B"));
    QTRY_COMPARE(server_->saved.size(), std::size_t{1});
    QTRY_VERIFY(!s.kiosk.sitting()->online());
    QCOMPARE(s.kiosk.sitting()->saving(), QString("saved"));
    server_->lose_acks = false;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return s.kiosk.sitting()->saving() == "sent";
    }));
    QCOMPARE(server_->saved[1].value("revision").toInt(), 1);
  }

  void theTimeAnItemWasOnTheScreenGoesOutWithItsAnswer() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->goTo(1);
    clock_.at += invigil::seconds{7};
    s.kiosk.sitting()->goTo(2);
    clock_.at += invigil::seconds{30};
    s.kiosk.sitting()->goTo(1);
    clock_.at += invigil::seconds{5};
    QVERIFY(s.press("option.A"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QCOMPARE(server_->saved[1].value("shown_ms").toInt(), 12'000);
    s.kiosk.sitting()->goTo(2);
    QVERIFY(s.press("option.B"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QCOMPARE(server_->saved[2].value("shown_ms").toInt(), 30'000);
  }

  void aRestartGoesOnWithTheJournalsAnswers() {
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QVERIFY(s.press("option.A"));
      QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
      server_->reachable = false;
      QVERIFY(s.press("option.B"));
      QCOMPARE(s.kiosk.sitting()->saving(), QString("saved"));
    }
    server_->reachable = true;
    server_->active = "a1";
    Station again(*server_, clock_, dir_->path());
    QVERIFY(again.at("paper"));
    again.kiosk.sitting()->goTo(1);
    QCOMPARE(again.kiosk.sitting()->chosen(), QList<int>{1});
    QTRY_COMPARE(server_->saved[1].value("revision").toInt(), 2);
  }

  /// A link into a folder that is not there stands for a disk without room for the journal.
  void aFullDiskKeepsNobodyFromThePaper() {
    QVERIFY(QFile::link(dir_->filePath("away/journal"), dir_->filePath("sitting-s1.journal")));
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      SittingModel& paper = *s.kiosk.sitting();
      QVERIFY(s.press("option.A"));
      QTRY_COMPARE(paper.saving(), QString("sent"));  // the server has it, as the screen says
      server_->reachable = false;
      QVERIFY(s.press("option.B"));
      QCOMPARE(paper.saving(), QString("unsaved"));
      QVERIFY(s.press("paper.next"));
      QVERIFY(QDir(dir_->path()).mkdir("away"));  // room again
      QVERIFY(s.press("option.A"));
      QCOMPARE(paper.saving(), QString("saved"));
    }
    server_->reachable = true;
    server_->active = "a1";
    Station again(*server_, clock_, dir_->path());
    QVERIFY(again.at("paper"));
    QTRY_COMPARE(server_->saved[1].value("revision").toInt(), 2);  // answered when there was no room, too
    QTRY_COMPARE(server_->saved[2].value("revision").toInt(), 1);
    QTRY_COMPARE(again.kiosk.sitting()->saving(), QString("sent"));
    again.kiosk.sitting()->handIn();
    QVERIFY(again.at("result"));
  }

  void aPaperWithoutAJournalIsHandedIn() {
    QVERIFY(QFile::link(dir_->filePath("away/journal"), dir_->filePath("sitting-s1.journal")));
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QVERIFY(s.press("option.A"));
    s.kiosk.sitting()->handIn();
    QVERIFY(s.at("result"));
    QCOMPARE(server_->saved[1].value("revision").toInt(), 1);
    QCOMPARE(server_->submissions, 1);
  }

  void theDeadlineHandsInWhileTheServerIsAway() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QVERIFY(s.press("option.A"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    server_->reachable = false;
    QVERIFY(s.press("option.B"));
    clock_.at += invigil::minutes{121};
    QVERIFY(s.at("submitting"));
    QVERIFY(s.kiosk.sitting()->byDeadline());
    server_->reachable = true;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return s.kiosk.screen() == "result";
    }));
    QCOMPARE(server_->saved[1].value("revision").toInt(), 2);
    QCOMPARE(server_->submissions, 1);
  }

  void aSittingThatTheServerHasClosedStillShowsItsResult() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    server_->closed = true;
    QVERIFY(s.press("option.A"));
    QVERIFY(s.at("result"));
  }

  void nobodyHandsInBeforeTheHouseAllowsIt() {
    server_->no_leaving_minutes = 30;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.openReview();
    QTRY_VERIFY(find(s.window, "submit.confirm"));
    QVERIFY(!find(s.window, "submit.confirm")->isEnabled());
    clock_.at += invigil::minutes{31};
    QTRY_VERIFY(find(s.window, "submit.confirm")->isEnabled());
  }
};

int main(int argc, char** argv) { return runOnScreen<KioskSittingTest>(argc, argv); }
#include "kiosk_sitting_test.moc"
