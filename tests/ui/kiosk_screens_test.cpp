// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QtTest>

#include "fake_server.hpp"
#include "kiosk.hpp"
#include "screen_check.hpp"
#include "window.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

/// Walks every screen in every look and leaves a picture of each in build/ui-screens.
class KioskScreensTest : public QObject {
  Q_OBJECT
 private slots:
  void nothingIsCutOffOrOverlapsOnAnyScreen_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<int>("step");
    for (const QSize size : {QSize(1920, 1080), QSize(1280, 800)})
      for (const char* language : {"zh", "en"}) {
        const auto row = [&](const char* scheme, int step) {
          QTest::addRow("%d-%s-%s-%d", size.width(), language, scheme, step + 1) << size << QString(language) << QString(scheme) << step;
        };
        row("light", 0);
        row("dark", 1);
        row("light", 2);
        row("contrast", 3);
      }
  }

  void nothingIsCutOffOrOverlapsOnAnyScreen() {
    QFETCH(QSize, size);
    QFETCH(QString, language);
    QFETCH(QString, scheme);
    QFETCH(int, step);
    tag_ = QTest::currentDataTag();
    faults_.clear();
    QTemporaryDir dir;
    FakeServer server;
    FakeEyes eyes;
    HandClock clock;
    FakeReader reader;
    Kiosk kiosk({server, eyes, clock, dir.path(), language, 1000, &reader});
    Screen screen(kiosk);
    window_ = screen.window();
    QVERIFY(window_);
    window_->resize(size);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_));
    theme_ = window_->property("theme").value<QObject*>();
    QVERIFY(theme_);
    theme_->setProperty("stillness", true);
    dress(scheme, step);
    picture("00-connecting", "connecting");
    kiosk.start();
    QTRY_COMPARE(kiosk.screen(), QString("welcome"));
    picture("01-welcome", "welcome");

    cards(kiosk, reader, scheme, step);
    if (QTest::currentTestFailed()) return;
    admission(kiosk, server, eyes, scheme, step);
    if (QTest::currentTestFailed()) return;
    hall(kiosk, server, eyes);
    if (QTest::currentTestFailed()) return;
    paper(kiosk, server, clock);
    if (QTest::currentTestFailed()) return;
    QVERIFY2(faults_.isEmpty(), qPrintable("\n" + faults_.join("\n")));
  }

 private:
  void dress(const QString& scheme, int step) {
    theme_->setProperty("scheme", scheme);
    theme_->setProperty("textStep", step);
  }

  void picture(const QString& name, const QString& screen) {
    QTRY_COMPARE(window_->property("screen").toString(), screen);
    settle(*window_);
    const QImage shot = window_->grabWindow();
    QVERIFY(!shot.isNull());
    const QString folder = QStringLiteral(INVIGIL_SCREENS_DIR "/") + tag_;
    QVERIFY(QDir().mkpath(folder));
    QVERIFY(shot.save(folder + "/" + name + ".png"));
    for (const QString& fault : faults(*window_)) faults_ << name + ": " + fault;
  }

  void press(const char* name) {
    settle(*window_);
    QVERIFY2(click(*window_, name), name);
  }

  void back(Kiosk& kiosk, const QString& scheme, int step) {
    kiosk.leave();
    QTRY_COMPARE(kiosk.screen(), QString("welcome"));
    dress(scheme, step);
  }

  void cards(Kiosk& kiosk, FakeReader& reader, const QString& scheme, int step) {
    CardSeen old = FakeReader::aCard();
    old.until = QDate(2021, 1, 1);
    reader.lay(old);
    picture("01-card-expired", "find");
    kiosk.dismissError();
    picture("01-find-card", "find");
    emit reader.cardFailed("card_moved");  // the longest of its sentences
    picture("01-card-moved", "find");
    kiosk.dismissError();
    reader.break_("card_reader_silent");
    picture("01-card-reader-silent", "find");
    reader.break_({});
    back(kiosk, scheme, step);
  }

  void admission(Kiosk& kiosk, FakeServer& server, FakeEyes& eyes, const QString& scheme, int step) {
    press("welcome.scan");
    picture("02-find-scan", "find");
    press("find.tab.code");
    for (const char c : std::string("7KQ2")) press(qPrintable(QString("keypad.") + c));
    picture("03-find-code", "find");
    press("find.tab.id");
    for (const char c : std::string("440308199901101513")) press(qPrintable(QString("keypad.") + c));
    picture("04-find-id-wrong", "find");
    press("find.type.more");
    picture("05-find-types", "find");
    press("find.type.passport");
    picture("06-find-passport", "find");
    kiosk.setFindMode("code");
    for (const char c : std::string("23456789")) kiosk.code()->press(QString(QChar(c)));
    server.refuse_id = "too_many";
    press("find.submit");
    QTRY_VERIFY(find(*window_, "error.text"));
    picture("07-find-error", "find");
    for (const QString& outcome : {QString("early"), QString("late"), QString("wrong_seat"), QString("none")}) {
      server.outcome = outcome;
      kiosk.find();
      picture("08-directions-" + outcome, "directions");
      back(kiosk, scheme, step);
      kiosk.begin("code");
    }
    back(kiosk, scheme, step);
    press("welcome.walkin");
    kiosk.document()->press("44030819990110151");
    kiosk.document()->press("2");
    picture("09-walkin-id", "walkin");
    press("walkin.next");
    kiosk.phone()->press("8");
    picture("10-walkin-phone", "walkin");
    kiosk.phone()->press("000");
    server.outcome = "choose";
    press("walkin.next");
    picture("11-choose", "choose");
    press("choose.1");
    picture("12-consent", "consent");
    press("consent.decline");
    picture("13-waiting-declined", "waiting");
    server.reason = "照片与本人差别较大，请带身份证到服务台。";
    server.reason_en = "The photo differs a lot from you; please bring your ID card to the desk.";
    server.decide("refused");
    picture("14-refused", "refused");
    press("refused.done");
    picture("15-wipe", "wipe");
    QTRY_COMPARE(kiosk.screen(), QString("welcome"));
    dress(scheme, step);
    server.outcome = "ready";
    for (const QString& why : {QStringLiteral("closed"), QStringLiteral("nobody_came")}) {
      press("welcome.scan");
      emit eyes.codeSeen("7KQ2M9PX");
      QTRY_COMPARE(kiosk.screen(), QString("consent"));
      press("consent.decline");
      QTRY_COMPARE(kiosk.screen(), QString("waiting"));
      server.why = why;
      server.decide("refused");
      picture("14-refused-" + why, "refused");
      back(kiosk, scheme, step);
    }
    press("welcome.scan");
    emit eyes.codeSeen("7KQ2M9PX");
    QTRY_COMPARE(kiosk.screen(), QString("consent"));
    press("consent.agree");
    QTRY_COMPARE(kiosk.screen(), QString("face"));
    picture("16-face-start", "face");
    emit eyes.faceStep({"come_closer", true, false});
    picture("17-face-hint", "face");
    emit eyes.faceStep({"none", true, true, "turn_left", true, 0, 2, 0.7});
    picture("18-face-turn", "face");
    emit eyes.faceStep({"none", true, true, "blink", true, 1, 2, 0.4});
    picture("18-face-close-eyes", "face");
    // The light lies over everything for two seconds: it may cover, so only a picture is taken.
    const QStringList before = faults_;
    emit eyes.faceStep({"none", true, true, "", true, 2, 2, 1, QColor(255, 70, 70)});
    QTRY_VERIFY(find(*window_, "face.light"));
    picture("18-face-light", "face");
    faults_ = before;
    server.after_face = "face";
    emit eyes.faceDone({QString(), 0.8, 3, false, "JPEG", {{"result", "failed"}, {"why", "wrong_action"}}});
    QTRY_VERIFY(kiosk.face()->paused());
    picture("18-face-again", "face");
    QTRY_COMPARE_WITH_TIMEOUT(kiosk.face()->tries(), 2, 30000);
    server.after_face = "admitted";
    server.minutes_now = 40;  // the fuller of the two instructions
    emit eyes.faceDone({QString(), 0.8, 3, false, "JPEG"});
    picture("19-confirm", "confirm");
    press("confirm.yes");
    picture("20-instructions", "instructions");
  }

  void hall(Kiosk& kiosk, FakeServer& server, FakeEyes& eyes) {
    server.long_words = true;
    press("instructions.start");
    QTRY_COMPARE(eyes.mode, QString("guard"));
    emit eyes.concern({1, "camera_frozen", "warning", true, 10000, -1, 0, "JPEG"});
    QTRY_VERIFY(find(*window_, "proctor.acknowledge"));
    picture("21-warning", "paper");
    press("proctor.acknowledge");
    emit eyes.concern({2, "second_person", "pause", true, 20000, -1, 0.7, "JPEG"});
    picture("21-paused", "paper");
    server.hall_state = "running";
    server.order("resume");
    QTRY_VERIFY(!kiosk.proctor()->paused());
    // A notice lies over the paper for a few seconds: it may cover, so only a picture is taken.
    const QStringList before = faults_;
    emit eyes.concern({3, "looking_away", "notice", true, 6000, -1, 45, "JPEG"});
    QTRY_VERIFY(find(*window_, "proctor.notice"));
    picture("21-notice", "paper");
    faults_ = before;
    emit eyes.concern({3, "looking_away", "notice", false, 9000, 100, 45, {}});
    QTRY_VERIFY(!find(*window_, "proctor.notice"));
  }

  void paper(Kiosk& kiosk, FakeServer& server, HandClock& clock) {
    picture("21-paper-first", "paper");
    SittingModel* sitting = kiosk.sitting();
    for (int i = 1; i <= 61; ++i) {
      sitting->goTo(i);
      sitting->choose(i % 2);
      if (i == 12 || i == 29) sitting->toggleFlag();
    }
    clock.at += invigil::minutes{45};
    QTRY_COMPARE(sitting->saving(), QString("sent"));
    picture("22-paper-long", "paper");
    sitting->goTo(88);
    press("option.A");
    press("option.D");
    press("paper.flag");
    server.reachable = false;
    press("option.B");
    picture("23-paper-multiple-offline", "paper");
    sitting->goTo(90);
    QVERIFY(sitting->html());
    QTRY_VERIFY(find(*window_, "paper.case.text"));
    QTest::qWait(60);
    picture("23-paper-rich", "paper");
    large();
    if (QTest::currentTestFailed()) return;
    press("paper.case.toggle");
    picture("23-paper-case-closed", "paper");
    sitting->goTo(89);
    QTest::qWait(60);
    picture("23-paper-formulae", "paper");
    typed(*sitting);
    if (QTest::currentTestFailed()) return;
    sitting->goTo(88);
    press("paper.withdraw");
    picture("24-withdraw", "withdraw");
    press("withdraw.back");
    kiosk.openMap();
    picture("24-map", "map");
    press("map.back");
    kiosk.openReview();
    picture("25-review-open", "review");
    kiosk.backToPaper();
    clock.at += invigil::minutes{71};
    sitting->goTo(100);
    picture("26-paper-last-minutes", "paper");
    for (int i = 62; i <= 100; ++i) {
      sitting->goTo(i);
      if (sitting->chosen().isEmpty()) sitting->choose(0);
      if (sitting->options().isEmpty()) sitting->type("1");
    }
    kiosk.openReview();
    picture("27-review-all", "review");
    press("submit.confirm");
    picture("28-submitting-offline", "submitting");
    server.reachable = true;
    QVERIFY(QTest::qWaitFor([&] {
      clock.at += invigil::seconds{1};
      return kiosk.screen() == "result";
    }));
    picture("29-result-passed", "result");
    QVERIFY(find(*window_, "result.qr"));
    QVERIFY(find(*window_, "result.until")->property("text").toString().contains("2027-11-23"));  // in China
    server.passed = false;
    emit sitting->graded(QJsonObject{{"points", 64}, {"points_max", 100}, {"pass_points", 80}, {"passed", false},
                                     {"topics", QJsonArray{}}, {"attempts_left", 1}});
    picture("30-result-failed", "result");
    press("result.done");
    picture("31-wipe", "wipe");
  }

  void large() {
    press("paper.enlarge");
    QTRY_VERIFY(find(*window_, "enlarge.picture"));
    picture("23-enlarged-picture", "paper");
    press("enlarge.in");
    QQuickItem* place = find(*window_, "enlarge.place");
    QTRY_VERIFY(place->property("contentWidth").toReal() > place->width() || place->property("contentHeight").toReal() > place->height());
    press("enlarge.next");
    QTRY_VERIFY(find(*window_, "enlarge.table"));
    picture("23-enlarged-table", "paper");
    press("enlarge.close");
    QTRY_VERIFY(!find(*window_, "enlarge.close"));
  }

  void typed(SittingModel& sitting) {
    sitting.goTo(91);
    for (const char* key : {"key.1", "key..", "key.1", "key.1"}) press(key);
    QCOMPARE(sitting.text(), QString("1.11"));
    press("key.⌫");
    QVERIFY(sitting.saving() == "typing" || sitting.saving() == "saved");
    keysAreLargeEnough();
    picture("23-paper-number", "paper");
    press("key..");
    QVERIFY(find(*window_, "paper.answer.verdict"));
    press("key.⌫");
    sitting.goTo(92);
    press("key.⇧");
    for (const char* key : {"key.p", "key.e", "key.#", "key.≥"}) press(key);
    keysAreLargeEnough();
    picture("23-paper-word-signs", "paper");
    press("key.⌫");
    press("key.A");
    QCOMPARE(sitting.text(), QString("PE"));
    keysAreLargeEnough();
    picture("23-paper-word", "paper");
  }

  void keysAreLargeEnough() {
    for (const QQuickItem* item : visibleItems(*window_))
      if (item->objectName().startsWith("key.") && !item->objectName().endsWith(".text")) QVERIFY2(item->height() >= 80 && item->width() >= 40, qPrintable(item->objectName()));
  }

  QString tag_;
  QStringList faults_;
  QQuickWindow* window_ = nullptr;
  QObject* theme_ = nullptr;
};

int main(int argc, char** argv) {
  qputenv("QT_QUICK_BACKEND", "software");
  QGuiApplication app(argc, argv);
  KioskScreensTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "kiosk_screens_test.moc"
